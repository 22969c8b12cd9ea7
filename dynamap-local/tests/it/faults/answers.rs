//! Answers in the place of a result, and damaged ones.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::ThrottlingReason;
use dynamap_local::Request;
use dynamap_local::faults::Throttling;
use serde_json::{Value, json};

use super::*;
use crate::shop::{INDEX, s};

#[tokio::test(start_paused = true)]
async fn throttled_requests_are_sent_again_after_a_back_off() {
    use Throttling::*;
    for throttling in [ProvisionedThroughput, KeyRange, MaxOnDemandThroughput, AccountLimit] {
        let shop = first(Fault::Throttle(throttling)).await;
        assert!(put(&shop.client, "p-1", 1).await);
        assert_eq!(shop.effects(), [Effect::Untouched, Effect::Applied]);
        assert!(shop.faults.log()[1].at > Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn each_throttling_has_its_exception_and_reason() {
    for (throttling, code, expected) in [
        (
            Throttling::ProvisionedThroughput,
            "ProvisionedThroughputExceededException",
            "TableWriteProvisionedThroughputExceeded",
        ),
        (Throttling::KeyRange, "ThrottlingException", "TableWriteKeyRangeThroughputExceeded"),
        (Throttling::MaxOnDemandThroughput, "ThrottlingException", "TableWriteMaxOnDemandThroughputExceeded"),
        (Throttling::AccountLimit, "RequestLimitExceeded", "TableWriteAccountLimitExceeded"),
    ] {
        let shop = first(Fault::Throttle(throttling)).await;
        let put = shop.once.put_item().table_name(TABLE).set_item(Some(stocked("p-1", 1)));
        let error = put.send().await.unwrap_err().into_service_error();
        assert_eq!(error.code(), Some(code));
        use aws_sdk_dynamodb::operation::put_item::PutItemError::*;
        let reasons: &[ThrottlingReason] = match &error {
            ProvisionedThroughputExceededException(error) => error.throttling_reasons(),
            ThrottlingException(error) => error.throttling_reasons(),
            RequestLimitExceeded(error) => error.throttling_reasons(),
            other => panic!("{other:?}"),
        };
        assert_eq!(reasons[0].reason(), Some(expected));
        assert!(reasons[0].resource().unwrap().ends_with("table/Shop"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_read_of_an_index_names_the_index() {
    let shop = first(Fault::Throttle(Throttling::KeyRange)).await;
    let scan = shop.once.scan().table_name(TABLE).index_name(INDEX).send().await.unwrap_err();
    let aws_sdk_dynamodb::operation::scan::ScanError::ThrottlingException(error) = scan.into_service_error()
    else {
        panic!("no throttling")
    };
    let reason = &error.throttling_reasons()[0];
    assert_eq!(reason.reason(), Some("IndexReadKeyRangeThroughputExceeded"));
    assert!(reason.resource().unwrap().ends_with("table/Shop/index/by_group"));
}

#[tokio::test(start_paused = true)]
async fn a_truncated_answer_is_an_error_of_an_applied_write_and_not_retried() {
    for kept in [0, 1, usize::MAX] {
        let shop = first(Fault::Truncated(kept)).await;
        let put = shop.client.put_item().table_name(TABLE).set_item(Some(stocked("p-1", 1)));
        let put = put.return_consumed_capacity(aws_sdk_dynamodb::types::ReturnConsumedCapacity::Total);
        match put.send().await {
            // The SDK takes an empty body for an empty answer.
            Ok(answer) => assert_eq!((kept, answer.consumed_capacity), (0, None)),
            Err(error) => {
                let SdkError::ServiceError(answer) = &error else { panic!("{error:?}") };
                assert_eq!(answer.raw().status().as_u16(), 200);
            }
        }
        assert_eq!((shop.effects(), shop.sent.take().len()), (vec![Effect::Applied], 1));
        assert_eq!(shop.stock("p-1").await, Some(1));
    }
}

/// The body of the answer, and the sum that its header gives.
async fn raw_get(shop: &Faulty, fault: Fault) -> (Vec<u8>, u32) {
    let (faulty, _) = shop.local.with_faults(Plan::script([(When::any(), fault)]));
    let key = json!({"pk": {"S": "PRODUCT#p-1"}, "sk": {"S": "p-1"}});
    let body = json!({"TableName": TABLE, "Key": key}).to_string();
    let response = faulty.transport().call(Request::new("GetItem", body)).await.unwrap();
    let sum = response.headers.get("x-amz-crc32").unwrap().parse().unwrap();
    (response.body, sum)
}

/// Bit by bit, so that it shares nothing with the code under test.
fn crc32(body: &[u8]) -> u32 {
    !body.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[tokio::test(start_paused = true)]
async fn a_damaged_body_keeps_the_sum_of_the_whole() {
    let shop = shop(Plan::none()).await;
    put(&shop.client, "p-1", 4).await;
    let (damaged, sum) = raw_get(&shop, Fault::Corrupted(0)).await;
    assert_eq!(damaged[0], b'{' ^ 1);
    let whole = [b"{", &damaged[1..]].concat();
    serde_json::from_slice::<Value>(&whole).unwrap();
    assert_eq!(sum, crc32(&whole));
    for fault in [Fault::Corrupted(7), Fault::Corrupted(7 + whole.len())] {
        let (damaged, same) = raw_get(&shop, fault).await;
        let differing: Vec<_> = (0..whole.len()).filter(|at| damaged[*at] != whole[*at]).collect();
        assert_eq!((differing, same), (vec![7], sum));
    }
    assert_eq!(raw_get(&shop, Fault::Truncated(5)).await, (whole[..5].to_vec(), sum));
    assert_eq!(raw_get(&shop, Fault::Truncated(99_999)).await.0, whole[..whole.len() - 1]);
}

#[tokio::test(start_paused = true)]
async fn an_emptied_answer_is_of_an_applied_write_and_keeps_the_sum_of_the_whole() {
    let shop = first(Fault::Emptied).await;
    put(&shop.client, "p-1", 4).await;
    assert_eq!((shop.effects(), shop.stock("p-1").await), (vec![Effect::Applied], Some(4)));
    let (body, sum) = raw_get(&shop, Fault::Emptied).await;
    assert_eq!(body, b"");
    assert_ne!(sum, crc32(b""));
}

#[tokio::test(start_paused = true)]
async fn a_garbled_throttling_has_no_code_and_keeps_the_sum_of_the_whole() {
    let shop = first(Fault::Garbled(Throttling::KeyRange)).await;
    let put = shop.client.put_item().table_name(TABLE).set_item(Some(stocked("p-1", 1)));
    let error = put.send().await.unwrap_err();
    assert_eq!((error.code(), error.raw_response().unwrap().status().as_u16()), (None, 400));
    assert_eq!((shop.effects(), shop.stock("p-1").await), (vec![Effect::Untouched], None));
    let (garbled, sum) = raw_get(&shop, Fault::Garbled(Throttling::KeyRange)).await;
    assert_eq!(crc32(&[b"{", &garbled[1..]].concat()), sum);
}

#[tokio::test(start_paused = true)]
async fn a_proxy_answers_with_a_page_before_or_after_the_write() {
    for status in [403, 404, 408, 413, 429, 499, 502, 503] {
        let attempts = if status > 500 { 2 } else { 1 };
        for (fault, stock) in [(Fault::ProxyBefore(status), None), (Fault::ProxyAfter(status), Some(1))] {
            let shop = first(fault.clone()).await;
            let put = shop.client.put_item().table_name(TABLE).set_item(Some(stocked("p-1", 1)));
            let sent = put.send().await;
            assert_eq!(shop.sent.take().len(), attempts, "{fault:?}");
            if let Err(error) = sent {
                assert_eq!((error.code(), attempts), (None, 1), "{fault:?}");
                assert_eq!(error.raw_response().unwrap().headers().get("x-amz-crc32"), None);
                assert_eq!(shop.stock("p-1").await, stock, "{fault:?}");
            } else {
                assert_eq!((attempts, shop.stock("p-1").await), (2, Some(1)), "{fault:?}");
            }
        }
    }
}

/// A flipped bit in a number: the SDK hands out wrong data as if nothing had happened.
#[tokio::test(start_paused = true)]
async fn the_sdk_does_not_see_a_flipped_bit() {
    let shop = shop(Plan::none()).await;
    put(&shop.client, "p-1", 4).await;
    let (body, _) = raw_get(&shop, Fault::Truncated(99_999)).await;
    let text = String::from_utf8(body).unwrap();
    let at = text.find("\"4\"").unwrap() + 1;
    shop.faults.add(When::operation("GetItem"), Fault::Corrupted(at));
    let item = get(&shop.client, product("p-1")).await.unwrap();
    assert_eq!(item["stock"], n(5));
}

#[tokio::test(start_paused = true)]
async fn the_sdk_corrects_its_clock_where_it_is_minutes_off() {
    let hour = Duration::from_secs(3600);
    let local = Local::memory().unwrap();
    shop::create(&local.client()).await;
    let dates = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let noted = dates.clone();
    let signed = When::matching(move |request| {
        noted.lock().unwrap().push(request.headers.get("x-amz-date").unwrap().to_owned());
        false
    });
    let plan = Plan::script([(signed, Fault::DropBefore), (When::request(1), Fault::ClockSkew(hour))]);
    let (faulty, faults) = local.with_faults(plan);
    assert!(put(&faulty.client(), "p-1", 1).await);
    assert_eq!(faults.log()[0].effect, Effect::Untouched);
    assert!(faults.log()[1].is_applied());
    let dates = dates.lock().unwrap();
    let hours: Vec<u32> = dates.iter().map(|date| date[9..11].parse().unwrap()).collect();
    assert_eq!((hours[0] + 1) % 24, hours[1], "{dates:?}");
}

#[tokio::test(start_paused = true)]
async fn the_sdk_gives_up_where_the_clock_is_hardly_off() {
    let shop = first(Fault::ClockSkew(Duration::from_secs(60))).await;
    let error = shop.client.list_tables().send().await.unwrap_err();
    assert_eq!(error.into_service_error().code(), Some("InvalidSignatureException"));
    assert_eq!(shop.sent.take().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn any_error_at_all() {
    let shop = first(Fault::Error(400, "AccessDeniedException".into())).await;
    let put = shop.client.put_item().table_name(TABLE).item("pk", s("a")).item("sk", s("b"));
    let error = put.send().await.unwrap_err();
    assert_eq!(error.into_service_error().code(), Some("AccessDeniedException"));
    assert_eq!(shop.effects(), [Effect::Untouched]);
}
