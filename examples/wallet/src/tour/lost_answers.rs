use std::time::Duration;

use dynamap_local::faults::{Fault, When};

use super::{
    Failure,
    guide::Guide,
    transfers::{balances, expect_done},
    unexpected,
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
    let done = transfer(&guide.bank, &Transfer::new("t-6", "ada", "bob", 100)).await;
    let tokens = guide.sent_by_token(&["=> done, and the answer lost", "=> success"])?;
    expect_done(done, Done::Now)?;
    match tokens.as_slice() {
        [(_, 2)] => guide.got(format_args!("done once: {}", balances(guide).await?)),
        _ => Err(unexpected("a transaction that is sent twice", tokens)),
    }
}

async fn outage(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "Transfer, without an answer for 40 s",
        "transfer",
        "After 30 s it is Error::Unknown: no response told whether it was done. `resolve` finds out. (This clock does not wait.)",
    )?;
    guide.faults.add(When::operation("TransactWriteItems").always(), Fault::DropAfter);
    let order = Transfer::new("t-7", "ada", "bob", 50);
    let faults = guide.faults.clone();
    let over = async {
        tokio::time::sleep(OUTAGE).await;
        faults.stop();
    };
    let (done, ()) = tokio::join!(transfer(&guide.bank, &order), over);
    let tokens = guide.sent_by_token(&["=> done, and the answer lost"])?;
    expect_done(done, Done::Now)?;
    match tokens.as_slice() {
        [(_, attempts)] if *attempts > 10 => {
            guide.got("sent again and again with this token, until there was an answer")?;
            guide.got(format_args!("done once: {}", balances(guide).await?))
        }
        _ => Err(unexpected("a transaction that is sent for 40 s", tokens)),
    }
}
