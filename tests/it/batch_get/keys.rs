//! Keys that are no texts of a template: fields of every type that a key may have.

use super::found;
use crate::MAPPING;
use crate::batch_write::Written;
use dynamap::error::KeyErrorKind;
use dynamap::value::Bytes;
use dynamap::{Entity, Error, Table, TableSchema};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = binary("device"), sort_key = number("at"))]
struct Readings;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Readings, pk = device, sk = at)]
struct Reading {
    device: Bytes,
    at: Written,
    value: i32,
}

fn reading(device: u8, at: &str, value: i32) -> Reading {
    Reading { device: vec![device, 0xFF, 0].into(), at: Written(at.into()), value }
}

fn key(device: u8, at: &str) -> ReadingKey {
    Reading::key(Bytes::from(vec![device, 0xFF, 0]), Written(at.into()))
}

#[tokio::test]
async fn bytes_and_numbers_are_keys() {
    let (local, requests) = Local::memory().unwrap().checked().0.recording();
    let readings = Table::<Readings>::new(local.client(), "readings").with_mapping(MAPPING);
    readings.create_table_if_absent().send().await.unwrap();
    let readings = readings.repository::<Reading>();
    let all = [reading(1, "1", 10), reading(1, "-2.50", 20), reading(2, "1", 30), reading(3, "1", 40)];
    let batch = readings.batch_write().put_all(&all).delete(key(3, "1.0"));
    assert_eq!(batch.send().await.unwrap().replaced(), 1);

    requests.clear();
    let keys = [key(2, "1.0"), key(1, "-2.5"), key(2, "10e-1"), key(3, "1"), key(1, "1"), key(2, "01")];
    let fetched = readings.batch_get(keys).send().await.unwrap();
    assert!(fetched[3].is_absent());
    assert_eq!(found(fetched).iter().map(|reading| reading.value).collect::<Vec<_>>(), [30, 20, 30, 10, 30]);
    let asked = requests.take()[0].body["RequestItems"]["readings"]["Keys"].as_array().unwrap().len();
    assert_eq!(asked, 4);
}

#[tokio::test]
async fn what_is_no_key_is_refused_before_a_request() {
    let (local, requests) = Local::memory().unwrap().checked().0.recording();
    let readings = Table::<Readings>::new(local.client(), "readings").with_mapping(MAPPING);
    let readings = readings.repository::<Reading>();
    let kind = |error| match error {
        Error::Key(error) => (error.attribute(), error.kind().clone()),
        other => panic!("{other}"),
    };
    let too_long = || Reading::key(Bytes::from(vec![0; 2049]), Written("1".into()));
    let error = readings.batch_get([key(1, "1"), too_long()]).send().await.unwrap_err();
    assert_eq!(kind(error), (Some("device"), KeyErrorKind::TooLong { size: 2049, limit: 2048 }));
    let error = readings.batch_get([key(1, "one")]).send().await.unwrap_err();
    assert_eq!(kind(error).0, Some("at"));
    let report = readings.batch_write().delete(too_long()).put(&reading(1, "one", 1)).report().await;
    assert_eq!((report.not_written().len(), report.written()), (2, 0));
    assert!(requests.take().is_empty());
}
