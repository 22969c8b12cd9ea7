use std::time::Duration;

use dynamap_local::faults::{Fault, When};
use examples_shared::{Failure, tour::unexpected};

use super::{
    guide::Tour,
    transfers::{balances, expect_done},
};
use crate::{Done, model::Transfer, requests, transfer};

/// Longer than a transaction is tried, which is 30 s.
const OUTAGE: Duration = Duration::from_secs(40);

pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    lost_answer(tour).await?;
    outage(tour).await
}

async fn lost_answer(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Transfer, whose answer is lost",
        "transfer",
        "DynamoDB does it, and the connection breaks before the answer. The same request is sent again, with its token.",
    )?;
    tour.faults.add(When::operation("TransactWriteItems"), Fault::DropAfter);
    let order = Transfer::new("t-6", "ada", "bob", 100);
    let explained = requests::transfer(&tour.bank, &order).explain()?;
    let done = transfer(&tour.bank, &order).await;
    let tokens = tour.sent_by_token(&["=> done, and the answer lost", "=> success"])?;
    expect_done(done, Done::Now)?;
    match tokens.as_slice() {
        [(_, 2)] => tour.guide.got(format_args!("done once: {}", balances(tour).await?))?,
        _ => return Err(unexpected("a transaction that is sent twice", tokens)),
    }
    tour.capacity("Transfer, whose answer is lost", &[explained])
}

async fn outage(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Transfer, without an answer for 40 s",
        "transfer",
        "After 30 s it is Error::Unknown: no response told whether it was done. `resolve` finds out. (This clock does not wait.)",
    )?;
    tour.faults.add(When::operation("TransactWriteItems").always(), Fault::DropAfter);
    let order = Transfer::new("t-7", "ada", "bob", 50);
    let explained = requests::transfer(&tour.bank, &order).explain()?;
    let faults = tour.faults.clone();
    let over = async {
        tokio::time::sleep(OUTAGE).await;
        faults.stop();
    };
    let (done, ()) = tokio::join!(transfer(&tour.bank, &order), over);
    let tokens = tour.sent_by_token(&["=> done, and the answer lost"])?;
    expect_done(done, Done::Now)?;
    match tokens.as_slice() {
        [(_, attempts)] if *attempts > 10 => {
            tour.guide.got("sent again and again with this token, until there was an answer")?;
            tour.guide.got(format_args!("done once: {}", balances(tour).await?))?;
        }
        _ => return Err(unexpected("a transaction that is sent for 40 s", tokens)),
    }
    tour.capacity("Transfer, without an answer for 40 s", &[explained])
}
