//! The loaders of the table, and the neighbour that uses the table at the same time.

use super::{
    counters::{Outcome, Sender},
    setting::Setting,
    table::{Connection, Table},
};
use crate::{
    contender::{IN_FLIGHT, Item, serde_dynamo},
    document,
    model::{Bench, Event, Model, TABLE},
    sdk,
};
use aws_sdk_dynamodb::{
    Client,
    config::{
        StalledStreamProtectionConfig,
        retry::{RetryConfig, RetryPartition},
    },
    operation::batch_write_item::BatchWriteItemError,
    types::{AttributeValue, PutRequest, WriteRequest},
};
use dynamap::{Budget, direct};
use std::{error::Error, time::Duration};
use tokio::{task::JoinSet, time::Instant};

/// A contender that loads the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Loader {
    pub(super) name: &'static str,
    title: &'static str,
    method: LoadMethod,
}

#[derive(Debug, Clone, Copy)]
enum LoadMethod {
    /// dynamap, with a budget of so many times the capacity, if any.
    Dynamap(Option<f64>),
    /// A loop over the SDK's client.
    Loop,
}

pub(super) const LOADERS: [Loader; 4] = [
    Loader {
        name: "dynamap-budget",
        title: "dynamap, a budget of 85 % of the capacity",
        method: LoadMethod::Dynamap(Some(0.85)),
    },
    Loader {
        name: "dynamap-budget-too-high",
        title: "dynamap, a budget of twice the capacity",
        method: LoadMethod::Dynamap(Some(2.0)),
    },
    Loader {
        name: "dynamap-no-budget",
        title: "dynamap without a budget",
        method: LoadMethod::Dynamap(None),
    },
    Loader { name: "sdk-loop", title: "SDK + serde_dynamo, a loop", method: LoadMethod::Loop },
];

/// The part of the capacity that the neighbour uses.
const NEIGHBOUR: f64 = 0.1;

impl Loader {
    /// Loads an own table, beside a neighbour.
    pub(super) async fn run(
        self,
        setting: &Setting,
        load: &'static [Event],
    ) -> Result<Outcome, Box<dyn Error>> {
        let (start, table) = (Instant::now(), Table::new(setting.clone()));
        let client = self.client(table.connection(Sender::Loader), RetryConfig::standard());
        // Without retries each refused request of the neighbour counts once.
        let other = self.client(table.connection(Sender::Neighbour), RetryConfig::disabled());
        let neighbour = tokio::spawn(neighbour(other, setting.capacity * NEIGHBOUR));
        match self.method {
            LoadMethod::Dynamap(budget) => {
                by_dynamap(client, budget.map(|part| part * setting.capacity), load).await?
            }
            LoadMethod::Loop => by_loop(client, load).await?,
        }
        let time = start.elapsed();
        neighbour.abort();

        let is_missing =
            |event: &&Event| table.size(event.key_values().1) != Some(document::item_size(*event));
        let missing = load.iter().filter(is_missing).count();
        if missing > 0 {
            return Err(format!("{}: {missing} items are not in the table", self.name).into());
        }
        let Self { name, title, .. } = self;
        Ok(Outcome { name, title, time, seconds: table.seconds(), sent_again: table.sent_again() })
    }

    fn client(self, connection: Connection, retries: RetryConfig) -> Client {
        let config = sdk::config(connection)
            .retry_config(retries)
            // Otherwise all clients of the process have one bucket of retries.
            .retry_partition(RetryPartition::custom(self.name).build())
            // It reads the real clock, which does not follow the paused one.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        Client::from_conf(config.build())
    }
}

async fn by_dynamap(client: Client, budget: Option<f64>, load: &[Event]) -> Result<(), Box<dyn Error>> {
    let client = Client::from_conf(direct::prepare(client.config().to_builder()).build());
    let events = dynamap::Table::<Bench>::new(client, TABLE).repository::<Event>();
    let mut batch = events.batch_write().put_all(load).concurrency(IN_FLIGHT);
    if let Some(units) = budget {
        batch = batch.budget(&Budget::builder().writes(units).build()?);
    }
    batch.send().await?;
    Ok(())
}

/// Loads the table as a hand-written loop does: it sends unprocessed items again with exponential backoff.
async fn by_loop(client: Client, load: &'static [Event]) -> Result<(), Box<dyn Error>> {
    let mut requests = JoinSet::new();
    for chunk in load.chunks(25) {
        if requests.len() == IN_FLIGHT
            && let Some(written) = requests.join_next().await
        {
            written??;
        }
        let put = |event| {
            let put = PutRequest::builder().set_item(Some(serde_dynamo::to_item(event))).build()?;
            Ok(WriteRequest::builder().put_request(put).build())
        };
        let writes: Result<_, aws_sdk_dynamodb::error::BuildError> = chunk.iter().map(put).collect();
        requests.spawn(write(client.clone(), writes?));
    }
    while let Some(written) = requests.join_next().await {
        written??;
    }
    Ok(())
}

async fn write(client: Client, mut writes: Vec<WriteRequest>) -> Result<(), Box<BatchWriteItemError>> {
    let mut pause = Duration::from_millis(50);
    loop {
        // The SDK has tried three times before it gives a request up.
        match client.batch_write_item().request_items(TABLE, writes.clone()).send().await {
            Ok(output) => {
                writes = output.unprocessed_items.and_then(|mut left| left.remove(TABLE)).unwrap_or_default();
            }
            Err(error) => {
                let error = error.into_service_error();
                if !error.is_provisioned_throughput_exceeded_exception() {
                    return Err(Box::new(error));
                }
            }
        }
        if writes.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
}

/// A small web application: it writes one item at a time, at a steady rate, each of one unit.
async fn neighbour(client: Client, per_second: f64) {
    let mut ticks = tokio::time::interval(Duration::from_secs_f64(1.0 / per_second));
    for visit in 0_u64.. {
        ticks.tick().await;
        let attribute = |name: &str, value: String| (name.to_owned(), AttributeValue::S(value));
        let item = Item::from([attribute("pk", format!("VISIT#{visit}")), attribute("sk", "VISIT".into())]);
        let put = client.put_item().table_name(TABLE).set_item(Some(item));
        // The table counts the outcome: the response is not needed.
        tokio::spawn(async move { drop(put.send().await) });
    }
}
