//! The Lambda function: it handles the events of the shop's stream.
//!
//! `VIEWS_TABLE` names the table of views. `DYNAMODB_ENDPOINT` is for tests: another DynamoDB than that of AWS.

use std::{env, time::Duration};

use dynamap::Table;
use stream_processor::{cli::function_client, stream_handler};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let client = function_client(env::var("DYNAMODB_ENDPOINT").ok()).await?;
    let views = Table::new(client, env::var("VIEWS_TABLE")?);
    let handler = stream_handler(&views).concurrency(20).time_reserve(Duration::from_secs(5));
    lambda_runtime::run(handler).await
}
