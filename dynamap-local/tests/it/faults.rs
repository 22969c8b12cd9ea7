//! Faults under the real SDK client: what the SDK makes of each, and what DynamoDB has in the end.

mod answers;
mod batches;
mod lost;
mod plans;
mod random;
mod transactions;
mod zombies;

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap_local::faults::{Effect, Fault, Faults, Plan, When};
use dynamap_local::{Local, Requests};

use crate::shop::{self, Item, TABLE, get, n, product};

/// A shop behind faults, with what the client sent.
struct Faulty {
    /// Without faults.
    local: Local,
    client: Client,
    /// Gives up after the first attempt.
    once: Client,
    faults: Faults,
    sent: Requests,
}

async fn shop(plan: Plan) -> Faulty {
    let local = Local::memory().unwrap();
    shop::create(&local.client()).await;
    let (faulty, faults) = local.with_faults(plan);
    let (faulty, sent) = faulty.recording();
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(2)).build();
    let config = || faulty.config().timeout_config(timeouts.clone());
    let once = Client::from_conf(config().retry_config(RetryConfig::disabled()).build());
    Faulty { client: Client::from_conf(config().build()), once, local, faults, sent }
}

/// The first request has the fault.
async fn first(fault: Fault) -> Faulty {
    shop(Plan::script([(When::request(1), fault)])).await
}

impl Faulty {
    fn effects(&self) -> Vec<Effect> {
        self.faults.log().iter().map(|request| request.effect).collect()
    }

    async fn stock(&self, id: &str) -> Option<i64> {
        let item = get(&self.local.client(), product(id)).await?;
        Some(item["stock"].as_n().unwrap().parse().unwrap())
    }
}

fn stocked(id: &str, stock: i64) -> Item {
    let mut item = product(id);
    item.insert("stock".to_owned(), n(stock));
    item
}

fn one() -> AttributeValue {
    n(1)
}

/// What `PutItem` without conditions comes to.
async fn put(client: &Client, id: &str, stock: i64) -> bool {
    client.put_item().table_name(TABLE).set_item(Some(stocked(id, stock))).send().await.is_ok()
}
