//! Which request has which fault.

use super::*;

const ERROR: Fault = Fault::ErrorBefore;

/// Which of these puts fail.
async fn failing(plan: Plan, ids: &[&str]) -> Vec<usize> {
    let shop = shop(plan).await;
    let mut failing = Vec::new();
    for (number, id) in ids.iter().enumerate() {
        if !put(&shop.once, id, 1).await {
            failing.push(number + 1);
        }
    }
    failing
}

#[tokio::test(start_paused = true)]
async fn an_entry_says_which_requests_it_is_for() {
    let ids = ["a", "b", "a", "c", "a", "b"];
    for (when, expected) in [
        (When::any(), vec![1]),
        (When::request(3), vec![3]),
        (When::request(7), vec![]),
        (When::operation("GetItem"), vec![]),
        (When::operation("PutItem").after(4), vec![5]),
        (When::operation("PutItem").after(4).always(), vec![5, 6]),
        (When::any().about("b"), vec![2]),
        (When::any().about("PRODUCT#a").times(2), vec![1, 3]),
        (When::any().about("a").after(1).times(5), vec![3, 5]),
        (When::any().about("1").always(), vec![1, 2, 3, 4, 5, 6]),
        (When::request(2).about("c"), vec![]),
        (When::matching(|request| request.body.ends_with(b"}")).times(3), vec![1, 2, 3]),
    ] {
        let shown = format!("{when:?}");
        assert_eq!(failing(Plan::script([(when, ERROR)]), &ids).await, expected, "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn entries_take_turns_in_their_order() {
    let plan = Plan::script([
        (When::any(), Fault::DropBefore),
        (When::any().about("a"), ERROR),
        (When::any(), ERROR),
    ]);
    let shop = shop(plan).await;
    for id in ["a", "b", "c", "a", "d"] {
        put(&shop.once, id, 1).await;
    }
    let faults: Vec<_> = shop.faults.log().into_iter().map(|request| request.fault).collect();
    assert_eq!(faults, [Some(Fault::DropBefore), Some(ERROR), None, Some(ERROR), None]);
}

#[tokio::test(start_paused = true)]
async fn faults_stop_and_go_on_and_can_be_added() {
    let shop = shop(Plan::script([(When::any().times(2), ERROR)])).await;
    assert!(!put(&shop.once, "a", 1).await);
    shop.faults.stop();
    assert!(put(&shop.once, "a", 1).await);
    shop.faults.resume();
    assert!(!put(&shop.once, "a", 1).await);
    assert!(put(&shop.once, "a", 1).await);
    shop.faults.add(When::any(), ERROR);
    assert!(!put(&shop.once, "a", 1).await);
}

#[tokio::test(start_paused = true)]
async fn illegal_requests_are_refused_before_any_fault() {
    let shop = shop(Plan::script([(When::any(), Fault::DropAfter)])).await;
    let scan = shop.once.scan().table_name(TABLE).filter_expression("attribute_exists(#missing)");
    let error = scan.send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
    let found = shop.faults.illegal().take();
    assert_eq!(
        (found[0].operation.as_str(), found[0].rule),
        ("Scan", dynamap_local::Rule::UndefinedPlaceholder)
    );
    assert!(!put(&shop.once, "a", 1).await, "the fault waits for a legal request");
    assert_eq!(shop.effects(), [Effect::Refused, Effect::Applied]);

    // One that the engine refuses by itself.
    let reserved = shop.once.scan().table_name(TABLE).filter_expression("attribute_exists(name)");
    reserved.send().await.unwrap_err();
    assert_eq!(shop.faults.illegal().take()[0].rule, dynamap_local::Rule::Engine);

    let (unchecked, faults) = shop.local.with_faults(Plan::none().unchecked());
    let scan = unchecked.client().scan().table_name(TABLE).filter_expression("a IN (:v, :v)");
    scan.expression_attribute_values(":v", one())
        .expression_attribute_values(":w", one())
        .send()
        .await
        .unwrap_err();
    assert!(faults.illegal().is_empty());
}

#[tokio::test(start_paused = true)]
async fn latency_is_tokio_time_and_lets_requests_overtake_one_another() {
    let latency = Duration::from_millis(10)..=Duration::from_millis(50);
    let shop = shop(Plan::none().latency(latency)).await;
    let before = tokio::time::Instant::now();
    let puts = (0..20).map(|stock| {
        let client = shop.once.clone();
        tokio::spawn(async move { put(&client, "p-1", stock).await })
    });
    for put in puts.collect::<Vec<_>>() {
        assert!(put.await.unwrap());
    }
    let took = before.elapsed();
    assert!((20..=110).contains(&took.as_millis()), "{took:?}");
    let order: Vec<_> = shop.faults.log().iter().map(|request| request.answered_as.unwrap()).collect();
    assert!(!order.is_sorted(), "{order:?}");
}
