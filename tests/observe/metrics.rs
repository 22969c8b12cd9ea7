//! The observer of the feature `metrics`: names, labels and numbers.

use crate::model::{Order, Shop, Stage, order};
use dynamap::Table;
use dynamap::observe::MetricsObserver;
use dynamap_local::faults::{Fault, Throttling, When};
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// The numbers of each metric, by its name and labels.
#[derive(Clone, Default)]
struct Numbers(Arc<Mutex<BTreeMap<String, Vec<f64>>>>);

struct Series(Numbers, String);

impl Series {
    fn push(&self, number: f64) {
        self.0.0.lock().unwrap().entry(self.1.clone()).or_default().push(number);
    }
}

impl CounterFn for Series {
    fn increment(&self, value: u64) {
        self.push(value as f64);
    }

    fn absolute(&self, _: u64) {
        panic!("no counter is set");
    }
}

impl HistogramFn for Series {
    fn record(&self, value: f64) {
        self.push(value);
    }
}

impl Numbers {
    fn series(&self, key: &Key) -> Arc<Series> {
        let mut labels: Vec<String> =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        labels.sort();
        Arc::new(Series(self.clone(), format!("{} {}", key.name(), labels.join(" "))))
    }

    fn of(&self, name: &str) -> BTreeMap<String, Vec<f64>> {
        let all = self.0.lock().unwrap();
        all.iter()
            .filter(|(key, _)| key.starts_with(&format!("{name} ")))
            .map(|(key, of)| (key.clone(), of.clone()))
            .collect()
    }
}

impl Recorder for Numbers {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.series(key))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.series(key))
    }
}

#[test]
fn operations_are_recorded_with_the_names_of_opentelemetry() {
    let numbers = Numbers::default();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    metrics::with_local_recorder(&numbers, || {
        runtime.block_on(async {
            let stage = Stage::new().await;
            let shop: Table<Shop> = stage.shop.clone().with_observer(Arc::new(MetricsObserver::new()));
            stage.faults.add(When::operation("GetItem"), Fault::Throttle(Throttling::KeyRange));
            shop.get(Order::key("c-1", 1)).consistent_read().await.unwrap();
            shop.query(Order::by_status("open")).limit(3).await.unwrap();
            drop(shop.create(&order(1)).await);
            assert!(stage.listener.take().is_empty(), "an observer replaces another");
        });
    });
    let common = |operation: &str, outcome: &str| {
        format!(
            "db.collection.name=shop db.operation.name={operation} db.system.name=aws.dynamodb dynamap.outcome={outcome}"
        )
    };
    let durations = numbers.of("db.client.operation.duration");
    let keys: Vec<&str> = durations.keys().map(String::as_str).collect();
    let name = "db.client.operation.duration";
    assert_eq!(
        keys,
        [
            &*format!("{name} aws.dynamodb.index_name=gsi1 {}", common("Query", "ok")),
            &*format!("{name} {}", common("GetItem", "ok")),
            &*format!("{name} {} error.type=ConditionalCheckFailedException", common("PutItem", "conflict")),
        ]
    );
    let of = |name: &str, operation: &str| {
        let all = numbers.of(name);
        let found = all.into_iter().find(|(key, _)| key.contains(&format!("db.operation.name={operation} ")));
        found.map(|(_, numbers)| numbers)
    };
    // By the clock that stands still, but for the pause before the retry.
    assert!(of(name, "GetItem").unwrap()[0] >= 0.0);
    assert_eq!(of(name, "Query").unwrap(), [0.0]);
    assert_eq!(of("db.client.response.returned_rows", "Query").unwrap(), [3.0]);
    assert_eq!(of("db.client.response.returned_rows", "PutItem"), None);
    assert_eq!(of("dynamap.client.retries", "GetItem").unwrap(), [1.0]);
    assert_eq!(of("dynamap.client.retries", "Query"), None);
    assert_eq!(of("dynamap.client.throttled", "GetItem").unwrap(), [1.0]);
    assert_eq!(of("dynamap.client.read_units", "GetItem").unwrap(), [1000.0]);
    assert!(of("dynamap.client.write_units", "PutItem").unwrap()[0] >= 1000.0);
}
