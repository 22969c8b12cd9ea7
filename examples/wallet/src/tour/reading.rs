use super::{Failure, entries, guide::Guide, shown};
use crate::{change_owner, find_transfer, statement, two_wallets, wallet};

pub(super) async fn visit(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    pages(guide).await?;
    wallets(guide).await?;
    one_transfer(guide).await?;
    owner(guide).await
}

async fn pages(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "Statement, page by page",
        "statement",
        "The entries are in the wallet's partition in the order of time: one query for each page, newest first.",
    )?;
    let mut after = None;
    loop {
        let page = statement(&guide.bank, "ada", 3, after).await?;
        guide.sent()?;
        guide.got(entries(&page.items))?;
        let Some(cursor) = page.cursor else { return Ok(()) };
        guide.got(format_args!("more after cursor {cursor}"))?;
        after = Some(cursor);
    }
}

async fn wallets(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop("One wallet", "wallet", "As it is now: a consistent read.")?;
    let bob = wallet(&guide.bank, "bob").await?.ok_or("no wallet `bob`")?;
    guide.sent()?;
    guide.got(shown(&bob))?;

    guide.stop("Two wallets at one time", "two_wallets", "No transfer is seen in one of them only.")?;
    let (ada, bob) = two_wallets(&guide.bank, "ada", "bob").await?;
    guide.sent()?;
    let (ada, bob) = (ada.ok_or("no wallet `ada`")?, bob.ok_or("no wallet `bob`")?);
    guide.got(format_args!("{} and {}: {} together", ada.balance, bob.balance, ada.balance + bob.balance))
}

async fn one_transfer(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop("A transfer by its id", "find_transfer", "Was it done?")?;
    for id in ["t-6", "t-2"] {
        let found = find_transfer(&guide.bank, id).await?;
        guide.sent()?;
        match found {
            Some(transfer) => guide.got(format_args!("{id}: {} to {}", transfer.amount, transfer.to))?,
            None => guide.got(format_args!("{id}: no such transfer"))?,
        }
    }
    Ok(())
}

async fn owner(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "Give a wallet to another owner",
        "change_owner",
        "It is read and saved as a whole, by its version: a transfer in between is not written over.",
    )?;
    let bob = change_owner(&guide.bank, "bob", "Berta Bull").await?;
    guide.sent()?;
    guide.got(shown(&bob))
}
