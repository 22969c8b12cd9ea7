//! Requests and answers that are lost.

use aws_sdk_dynamodb::error::SdkError;

use super::*;

const BEFORE: [Fault; 4] = [Fault::NeverConnected, Fault::DropBefore, Fault::ErrorBefore, Fault::HangBefore];
const AFTER: [Fault; 3] = [Fault::DropAfter, Fault::ErrorAfter, Fault::HangAfter];

async fn add(client: &Client) {
    let add = client.update_item().table_name(TABLE).set_key(Some(product("p-1")));
    add.update_expression("ADD stock :one").expression_attribute_values(":one", one()).send().await.unwrap();
}

/// Whether DynamoDB took it for new.
async fn create(client: &Client) -> bool {
    let put = client.put_item().table_name(TABLE).set_item(Some(stocked("p-1", 1)));
    match put.condition_expression("attribute_not_exists(pk)").send().await {
        Ok(_) => true,
        Err(error) => {
            assert!(error.into_service_error().is_conditional_check_failed_exception());
            false
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_never_arrived_is_sent_again_and_applied_once() {
    for fault in BEFORE {
        let shop = first(fault.clone()).await;
        add(&shop.client).await;
        assert_eq!(shop.effects(), [Effect::Untouched, Effect::Applied], "{fault:?}");
        assert_eq!((shop.stock("p-1").await, shop.sent.take().len()), (Some(1), 2), "{fault:?}");

        let shop = first(fault.clone()).await;
        assert!(create(&shop.client).await, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_applied_unheard_is_sent_again_and_applied_twice() {
    for fault in AFTER {
        let shop = first(fault.clone()).await;
        add(&shop.client).await;
        assert_eq!(shop.effects(), [Effect::Applied, Effect::Applied], "{fault:?}");
        assert_eq!((shop.stock("p-1").await, shop.sent.take().len()), (Some(2), 2), "{fault:?}");

        // Its own item is in the way.
        let shop = first(fault.clone()).await;
        assert!(!create(&shop.client).await, "{fault:?}");
        assert_eq!(shop.effects(), [Effect::Applied, Effect::Refused]);
        assert_eq!(shop.stock("p-1").await, Some(1));
    }
}

#[tokio::test(start_paused = true)]
async fn without_retries_the_caller_sees_how_it_was_lost() {
    for (fault, stored) in BEFORE.map(|fault| (fault, None)).into_iter().chain(AFTER.map(|f| (f, Some(7)))) {
        let shop = first(fault.clone()).await;
        let put = shop.once.put_item().table_name(TABLE).set_item(Some(stocked("p-1", 7)));
        let error = put.send().await.unwrap_err();
        let seen = match &error {
            SdkError::DispatchFailure(failure) => failure.is_io(),
            SdkError::TimeoutError(_) => matches!(fault, Fault::HangBefore | Fault::HangAfter),
            SdkError::ServiceError(answer) => {
                answer.err().is_internal_server_error() && answer.raw().status().as_u16() == 500
            }
            _ => false,
        };
        assert!(seen, "{fault:?}: {error:?}");
        assert_eq!(format!("{error:?}").contains("NeverConnected"), fault == Fault::NeverConnected);
        assert_eq!((shop.stock("p-1").await, shop.sent.take().len()), (stored, 1), "{fault:?}");
        assert_eq!(shop.faults.log()[0].is_applied(), stored.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn without_timeouts_a_hanging_call_waits_for_ever() {
    let local = Local::memory().unwrap();
    let (faulty, faults) = local.with_faults(Plan::script([(When::any(), Fault::HangBefore)]));
    let client = faulty.client();
    let hanging = client.list_tables().send();
    assert!(tokio::time::timeout(Duration::from_secs(86_400), hanging).await.is_err());
    assert_eq!(faults.log()[0].effect, Effect::Untouched);
    client.list_tables().send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_log_tells_what_was_applied_and_when() {
    let plan = Plan::script([(When::request(1), Fault::HangAfter), (When::request(2), Fault::DropBefore)]);
    let shop = shop(plan).await;
    assert!(put(&shop.client, "p-1", 3).await);
    let log = shop.faults.log();
    assert_eq!(log.iter().map(|request| request.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(log.iter().all(|request| request.operation == "PutItem"));
    assert_eq!(log[0].fault, Some(Fault::HangAfter));
    assert_eq!((log[0].answered_at, log[1].answered_at), (Some(Duration::ZERO), None));
    // The attempt timeout and a back-off lie between.
    assert!(log[1].at >= Duration::from_secs(2), "{:?}", log[1].at);
    assert_eq!((log[0].answered_as, log[2].answered_as, &log[2].fault), (Some(1), Some(2), &None));
}

/// Hands the requests on and answers late, or never.
#[derive(Debug)]
struct Below(dynamap_local::SharedTransport, bool);

impl dynamap_local::Transport for Below {
    fn call(&self, request: dynamap_local::Request) -> dynamap_local::TransportFuture<'_> {
        Box::pin(async move {
            if self.1 {
                return Err(dynamap_local::ConnectorError::io("broken".into()));
            }
            let answer = self.0.call(request).await;
            tokio::time::sleep(Duration::from_secs(60)).await;
            answer
        })
    }
}

#[tokio::test(start_paused = true)]
async fn what_breaks_below_is_unknown() {
    for broken in [false, true] {
        let below = Local::memory().unwrap().wrap(|inner| Below(inner, broken));
        let (faulty, faults) = below.with_faults(Plan::none());
        let client = faulty.client();
        let call = client.list_tables().send();
        let ended = tokio::time::timeout(Duration::from_secs(20), call).await;
        assert_eq!(ended.is_ok(), broken);
        assert!(
            faults
                .log()
                .iter()
                .all(|request| request.effect == Effect::Unknown && request.answered_at.is_none())
        );
    }
}
