use std::slice;

use dynamap::value::Version;
use examples_shared::{Failure, tour::unexpected};

use super::guide::{Tour, shown};
use crate::{
    Done, Result, WalletError, deposit,
    model::{Transfer, Wallet},
    open, requests, transfer, wallet,
};

pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> std::result::Result<(), Failure> {
    open_wallets(tour).await?;
    deposits(tour).await?;
    transfers(tour).await?;
    refused(tour).await
}

async fn open_wallets(tour: &mut Tour<'_, '_>) -> std::result::Result<(), Failure> {
    tour.guide.stop("Open a wallet", "open", "It may not be there yet. The second time it is.")?;
    let explained = || {
        let mut wallet =
            Wallet { id: "ada".into(), owner: "Ada Aalto".into(), balance: 0, version: Version::NEW };
        requests::open(&tour.aside, &mut wallet).explain()
    };
    let (first, second) = (explained()?, explained()?);
    let ada = open(&tour.bank, "ada", "Ada Aalto").await?;
    tour.guide.sent()?;
    tour.guide.got(shown(&ada))?;
    tour.capacity("Open a wallet", &[first])?;
    match open(&tour.bank, "ada", "Somebody else").await {
        Err(error @ WalletError::WalletExists(_)) => tour.guide.got(format_args!("refused: {error}"))?,
        outcome => return Err(unexpected("a second wallet with one id", outcome)),
    }
    tour.capacity("Open a wallet, refused", &[second])?;
    open(&tour.aside, "bob", "Bob Bull").await?;
    Ok(())
}

async fn deposits(tour: &mut Tour<'_, '_>) -> std::result::Result<(), Failure> {
    tour.guide.stop(
        "Deposit",
        "deposit",
        "The deposit, the balance and an entry of the ledger, in one transaction.",
    )?;
    let explained = requests::transfer(&tour.bank, &Transfer::deposit("d-1", "ada", 1000)).explain()?;
    let done = deposit(&tour.bank, "d-1", "ada", 1000).await;
    tour.guide.sent()?;
    expect_done(done, Done::Now)?;
    tour.guide.got(balances(tour).await?)?;
    tour.capacity("Deposit", &[explained])
}

async fn transfers(tour: &mut Tour<'_, '_>) -> std::result::Result<(), Failure> {
    tour.guide.stop(
        "Transfer",
        "transfer",
        "The transfer, both balances and both entries, or nothing of it. Nothing is read beforehand.",
    )?;
    let rent = Transfer::new("t-1", "ada", "bob", 300);
    let explained = requests::transfer(&tour.bank, &rent).explain()?;
    let done = transfer(&tour.bank, &rent).await;
    tour.guide.sent()?;
    expect_done(done, Done::Now)?;
    tour.guide.got(balances(tour).await?)?;
    tour.capacity("Transfer", slice::from_ref(&explained))?;

    tour.guide.stop(
        "Transfer, sent again",
        "transfer",
        "A caller that was told nothing sends it again, be it a day later: its id is taken, by the same transfer.",
    )?;
    expect_done(transfer(&tour.bank, &rent).await, Done::Before)?;
    tour.guide.got(format_args!("done before; {}", balances(tour).await?))?;
    tour.capacity("Transfer, sent again", &[explained])
}

async fn refused(tour: &mut Tour<'_, '_>) -> std::result::Result<(), Failure> {
    tour.guide.stop(
        "Transfer, of more than there is",
        "transfer",
        "The condition on the payer's balance fails, and the answer brings the wallet as it is.",
    )?;
    let order = Transfer::new("t-2", "ada", "bob", 701);
    let explained = requests::transfer(&tour.bank, &order).explain()?;
    match transfer(&tour.bank, &order).await {
        Err(error @ WalletError::Overdrawn { balance: 700, .. }) => {
            tour.guide.got(format_args!("refused: {error}"))?;
        }
        outcome => return Err(unexpected("an overdraft", outcome)),
    }
    tour.capacity("Transfer, of more than there is", &[explained])?;
    tour.guide.stop("Transfer, refused", "transfer", "The first two were not even sent.")?;
    let orders = [
        Transfer::new("t-3", "ada", "ada", 5),
        Transfer::new("t-4", "ada", "bob", 0),
        Transfer::new("t-5", "ada", "eve", 5),
        Transfer::new("t-1", "bob", "ada", 5),
    ];
    for order in &orders {
        match transfer(&tour.bank, order).await {
            Err(error) => tour.guide.got(format_args!("refused: {error}"))?,
            outcome => return Err(unexpected("a transfer that must be refused", outcome)),
        }
    }
    let sent = orders[2..].iter().map(|order| requests::transfer(&tour.bank, order).explain());
    let explained = sent.collect::<dynamap::Result<Vec<_>>>()?;
    tour.capacity("Transfer, refused", &explained)
}

pub(super) fn expect_done(outcome: Result<Done>, expected: Done) -> std::result::Result<(), Failure> {
    match outcome {
        Ok(done) if done == expected => Ok(()),
        Ok(done) => Err(unexpected("a transfer", done)),
        Err(error) => Err(error.into()),
    }
}

/// Both balances, without a word about how they were read.
pub(super) async fn balances(tour: &Tour<'_, '_>) -> std::result::Result<String, Failure> {
    let mut balances = Vec::new();
    for id in ["ada", "bob"] {
        let balance = wallet(&tour.aside, id).await?.map_or(0, |Wallet { balance, .. }| balance);
        balances.push(format!("{id} has {balance}"));
    }
    Ok(balances.join(", "))
}
