use std::time::Duration;

use dynamap_local::faults::{Effect, Fault, When};

use super::{
    Failure,
    guide::Guide,
    transfers::{balances, expect_done},
};
use crate::{Done, model::Transfer, transfer};

/// Longer than a transaction is tried, which is 30 s.
const OUTAGE: Duration = Duration::from_secs(40);

pub(super) async fn visit(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    lost_answer(guide).await?;
    outage(guide).await
}

async fn lost_answer(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "Transfer, whose answer is lost",
        "transfer",
        "DynamoDB does it, and the connection breaks before the answer. The same request is sent again, with its token.",
    )?;
    guide.faults.add(When::operation("TransactWriteItems"), Fault::DropAfter);
    let begun = guide.faults.log().len();
    let done = transfer(&guide.bank, &Transfer::new("t-6", "ada", "bob", 100)).await;
    let attempts = guide.sent_again()?;
    expect_done(done, Done::Now)?;
    let seen = attempts_of(guide, begun);
    guide.got(format_args!("sent {attempts} times: {seen}"))?;
    guide.got(format_args!("done once: {}", balances(guide).await?))
}

async fn outage(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "Transfer, without an answer for 40 s",
        "transfer",
        "After 30 s it is Error::Unknown: nobody knows whether it was done. `resolve` finds out. (This clock does not wait.)",
    )?;
    guide.faults.add(When::operation("TransactWriteItems").always(), Fault::DropAfter);
    let order = Transfer::new("t-7", "ada", "bob", 50);
    let faults = guide.faults.clone();
    let over = async {
        tokio::time::sleep(OUTAGE).await;
        faults.stop();
    };
    let (done, ()) = tokio::join!(transfer(&guide.bank, &order), over);
    let attempts = guide.sent_again()?;
    expect_done(done, Done::Now)?;
    let many = if attempts > 10 { "more than ten".to_owned() } else { attempts.to_string() };
    guide.got(format_args!("sent {many} times, with one token"))?;
    guide.got(format_args!("done once: {}", balances(guide).await?))
}

/// What the fault layer did with each attempt.
fn attempts_of(guide: &Guide<'_, '_>, begun: usize) -> String {
    let log = guide.faults.log();
    let attempts = log.iter().skip(begun).map(|request| match (&request.fault, request.effect) {
        (Some(Fault::DropAfter), Effect::Applied) => "applied, and the answer lost",
        (None, Effect::Applied) => "answered with success",
        _ => "something else",
    });
    attempts.collect::<Vec<_>>().join("; ")
}
