//! The tour shows what the README's table lists.

use dynamap::capacity::Units;
use examples_shared::output::{Output, Paint};
use wallet::tour::StepCapacity;

const README: &str = include_str!("../../README.md");
const LIB: &str = include_str!("../../src/lib.rs");

async fn tour() -> String {
    tour_with_capacity().await.0
}

async fn tour_with_capacity() -> (String, Vec<StepCapacity>) {
    let mut text = Vec::new();
    let steps = wallet::tour::run(&mut Output { to: &mut text, paint: Paint::OFF }).await.unwrap();
    (String::from_utf8(text).unwrap(), steps)
}

/// The access patterns of the README's first table, with their functions.
fn access_patterns() -> Vec<(&'static str, &'static str)> {
    let rows =
        README.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = rows.skip(2).map(|row| row.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    cells.map(|cells| (cells[0], cells[3].trim_matches('`'))).collect()
}

/// The steps of the README's table of costs, with their read and write units.
fn costs() -> Vec<(&'static str, f64, f64)> {
    let rows = README.lines().skip_while(|line| !line.starts_with("| step |"));
    let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
    let units = |cell: &str| if cell.is_empty() { 0.0 } else { cell.parse().unwrap() };
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    cells.map(|cells| (cells[1], units(cells[3]), units(cells[4]))).collect()
}

#[tokio::test(start_paused = true)]
async fn the_tour_stops_at_every_access_pattern() {
    let tour = tour().await;
    let patterns = access_patterns();
    assert_eq!(LIB.matches("\npub async fn ").count(), patterns.len(), "{patterns:?}");
    for (pattern, function) in patterns {
        let stop = format!(". {pattern}  {function}\n");
        assert!(tour.contains(&stop), "no stop `{stop}` in:\n{tour}");
        assert!(LIB.contains(&format!("pub async fn {function}(")), "no function {function}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_tour_shows_requests_and_outcomes() {
    let tour = tour().await;
    for shown in [
        "\"ProvisionedThroughput\": { \"ReadCapacityUnits\": 5, \"WriteCapacityUnits\": 10 }",
        "=> created, and active, by ",
        "status      ACTIVE\n     key         pk (S), sk (S)\n     throughput  5 read and 10 write units per second\n",
        "UpdateTable { \"BillingMode\": \"PAY_PER_REQUEST\", \"TableName\": \"wallets\" }\n  => changed to on demand, by ",
        "=> changed to 5 read and 10 write units per second, by ",
        "=> it was before: 5 read and 10 write units per second, by DescribeTable\n",
        "=> refused: there is a wallet `ada` already\n",
        "=> ada has 1000, bob has 0\n",
        "TransactWriteItems {",
        "\"ClientRequestToken\": \"",
        "\"ConditionExpression\": ",
        "=> ada has 700, bob has 300\n",
        "=> done before; ada has 700, bob has 300\n",
        "=> refused: wallet `ada` has only 700\n",
        "=> refused: the money would go where it comes from\n",
        "=> refused: an amount is at least 1\n",
        "=> refused: there is no wallet `eve`\n",
        "=> refused: there is another transfer `t-1`\n",
        "\" }  => done, and the answer lost\n  TransactWriteItems { ..., ",
        "\" }  => success\n  => done once: ada has 600, bob has 400\n",
        "=> sent again and again with this token, until there was an answer\n  => done once: ada has 550, bob has 450\n",
        "\"ScanIndexForward\": false",
        "\"ExclusiveStartKey\": {",
        "  (outside)   +1000\n",
        "more after cursor ",
        "=> 550 and 450: 1000 together\n",
        "=> t-6: 100 to bob\n",
        "=> t-2: no such transfer\n",
        "=> bob of Berta Bull: 450 (version 5)\n",
        "\nCapacity\n",
        "=> table: ",
        " write units\n     requests: ",
    ] {
        assert!(tour.contains(shown), "no `{shown}` in:\n{tour}");
    }
    assert!(tour.ends_with("That was all. Go on with: cargo run --release -p wallet -- stress\n"), "{tour}");
    assert!(!tour.contains('\x1b'), "colours without a terminal");
}

#[tokio::test(start_paused = true)]
async fn each_step_consumes_what_was_explained() {
    let (tour, steps) = tour_with_capacity().await;
    // Small items cost the least. A transaction of five writes costs ten units.
    let units = |read, write| Units { read, write };
    let transfer = units(0.0, 10.0);
    let expected = [
        ("Open a wallet", units(0.0, 1.0)),
        ("Open a wallet, refused", units(0.0, 1.0)),
        ("Deposit", units(0.0, 6.0)),
        ("Transfer", transfer),
        ("Transfer, sent again", transfer),
        ("Transfer, of more than there is", transfer),
        ("Transfer, refused", units(0.0, 20.0)),
        ("Transfer, whose answer is lost", transfer),
        ("Transfer, without an answer for 40 s", transfer),
        ("Statement, a page", units(0.5, 0.0)),
        ("One wallet", units(1.0, 0.0)),
        ("Two wallets at one time", units(4.0, 0.0)),
        ("A transfer by its id", units(1.0, 0.0)),
        ("A transfer that is absent", units(1.0, 0.0)),
        ("Give a wallet to another owner", units(1.0, 1.0)),
    ];
    let mut names: Vec<&str> = steps.iter().map(|step| &*step.step).collect();
    names.dedup();
    assert_eq!(names, expected.map(|(name, _)| name));
    for step in &steps {
        let (_, least) = expected.into_iter().find(|(name, _)| step.step == *name).unwrap();
        assert_eq!(step.least, least, "{step:?}");
        let consumed = step.consumed.total();
        if step.step.contains("answer") {
            // An attempt without an answer tells no units: they are estimated, or unknown. The one after it reads what was
            // written.
            let is_known = step.consumed.unanswered == 0;
            assert!(consumed.write == least.write || !is_known && consumed.write == 0.0, "{step:?}");
            assert_eq!(consumed.read, least.write, "{step:?}");
        } else {
            assert_eq!((consumed, step.consumed.unanswered), (least, 0), "{step:?}");
            assert!(consumed.read <= step.most.read && consumed.write <= step.most.write, "{step:?}");
        }
        assert!(tour.contains(&format!("\n  {step}\n")), "no `{step}` in:\n{tour}");
    }
    let told = costs();
    assert!(told.len() > 7, "{told:?}");
    for (name, read, write) in told {
        let step = steps.iter().find(|step| step.step == name).unwrap_or_else(|| panic!("no step `{name}`"));
        assert_eq!((step.least.read, step.least.write), (read, write), "{name} in the README");
    }
    // Each stop that reads or writes items has its capacity.
    let stops = tour.split("\n\n").filter(|stop| stop.contains("=>") && !stop.starts_with("Capacity"));
    let without: Vec<_> = stops.filter(|stop| !stop.contains("  capacity: ")).collect();
    assert_eq!(without.len(), 3, "the stops about the table, and no others: {without:?}");
}
