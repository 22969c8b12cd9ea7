use examples_shared::Failure;

use super::guide::{Tour, entries, shown};
use crate::{change_owner, find_transfer, requests, statement, two_wallets, wallet};

pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    pages(tour).await?;
    wallets(tour).await?;
    one_transfer(tour).await?;
    owner(tour).await
}

async fn pages(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Statement, page by page",
        "statement",
        "The entries are in the wallet's partition in the order of time: one query for each page, newest first.",
    )?;
    let mut after = None;
    loop {
        let explained = requests::statement(&tour.bank, "ada", 3, after.clone()).explain()?;
        let page = statement(&tour.bank, "ada", 3, after).await?;
        tour.guide.sent()?;
        tour.guide.got(entries(&page.items))?;
        tour.capacity("Statement, a page", &[explained])?;
        let Some(cursor) = page.cursor else { return Ok(()) };
        tour.guide.got(format_args!("more after cursor {cursor}"))?;
        after = Some(cursor);
    }
}

async fn wallets(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop("One wallet", "wallet", "As it is now: a consistent read.")?;
    let bob = wallet(&tour.bank, "bob").await?.ok_or("no wallet `bob`")?;
    tour.guide.sent()?;
    tour.guide.got(shown(&bob))?;
    let explained = requests::wallet(&tour.bank, "bob").explain()?;
    tour.capacity("One wallet", &[explained])?;

    tour.guide.stop("Two wallets at one time", "two_wallets", "No transfer is seen in one of them only.")?;
    let explained = requests::two_wallets(&tour.bank, "ada", "bob").explain()?;
    let (ada, bob) = two_wallets(&tour.bank, "ada", "bob").await?;
    tour.guide.sent()?;
    let (ada, bob) = (ada.ok_or("no wallet `ada`")?, bob.ok_or("no wallet `bob`")?);
    tour.guide.got(format_args!(
        "{} and {}: {} together",
        ada.balance,
        bob.balance,
        ada.balance + bob.balance
    ))?;
    tour.capacity("Two wallets at one time", &[explained])
}

async fn one_transfer(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop("A transfer by its id", "find_transfer", "Was it done?")?;
    for id in ["t-6", "t-2"] {
        let found = find_transfer(&tour.bank, id).await?;
        tour.guide.sent()?;
        match found {
            Some(transfer) => tour.guide.got(format_args!("{id}: {} to {}", transfer.amount, transfer.to))?,
            None => tour.guide.got(format_args!("{id}: no such transfer"))?,
        }
        let explained = requests::find_transfer(&tour.bank, id).explain()?;
        tour.capacity(
            if id == "t-6" { "A transfer by its id" } else { "A transfer that is absent" },
            &[explained],
        )?;
    }
    Ok(())
}

async fn owner(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Give a wallet to another owner",
        "change_owner",
        "It is read and saved as a whole, by its version: a transfer in between is not written over.",
    )?;
    let mut bob = wallet(&tour.aside, "bob").await?.ok_or("no wallet `bob`")?;
    drop(tour.guide.take_requests());
    // `explain` of the whole tells of the read only: what is saved is not known before.
    let explained = [
        requests::change_owner(&tour.bank, "bob", "Berta Bull").explain()?,
        tour.bank.save(&mut bob).explain()?,
    ];
    let bob = change_owner(&tour.bank, "bob", "Berta Bull").await?;
    tour.guide.sent()?;
    tour.guide.got(shown(&bob))?;
    tour.capacity("Give a wallet to another owner", &explained)
}
