use dynamap::{Cursor, Table};
use examples_shared::{
    Failure,
    output::Output,
    profile::{Profile, Purpose},
};

use super::{Cli, Command};
use crate::{
    Described, Done, PROGRAM, Throughput, WalletError, change_throughput, create_table, deposit, describe,
    model::{Bank, Transfer},
    open, statement, tour, transfer, wallet,
};

/// Runs a command on a table that is kept.
pub(super) async fn run(command: &Command, cli: &Cli, out: &mut Output<'_>) -> Result<(), Failure> {
    let profile = cli.profile.profile();
    let is_about_table = matches!(command, Command::Describe | Command::Throughput(_));
    if profile == Profile::Memory && !is_about_table {
        return Err("nothing is kept in memory; say where the table is, such as --db wallets.db".into());
    }
    let purpose = match command {
        Command::CreateTable(_) => Purpose::Fill,
        _ => Purpose::Use,
    };
    let connection = profile.connect(purpose, PROGRAM).await?;
    let bank = Table::new(connection.client, &*cli.table);
    if profile == Profile::Memory {
        create_table(&bank, tour::THROUGHPUT).await?;
        out.line("a table in memory, created for this command; --db wallets.db keeps one")?;
    }
    let outcome = match command {
        Command::CreateTable(arguments) => {
            let created = create_table(&bank, arguments.throughput()).await?;
            Ok(out.line(if created { "created" } else { "it was there already" })?)
        }
        Command::Describe => description(&bank, out).await,
        Command::Throughput(arguments) => change(&bank, arguments.units.throughput(), out).await,
        Command::Open { wallet, owner } => {
            let wallet = open(&bank, wallet, owner).await;
            wallet.map_err(Failure::from).and_then(|wallet| Ok(out.line(tour::shown(&wallet))?))
        }
        Command::Deposit { id, to, amount } => told(deposit(&bank, id, to, *amount).await, out),
        Command::Transfer { id, from, to, amount } => {
            told(transfer(&bank, &Transfer::new(id, from, to, *amount)).await, out)
        }
        Command::Show { wallet: id } => match wallet(&bank, id).await {
            Ok(Some(wallet)) => Ok(out.line(tour::shown(&wallet))?),
            Ok(None) => Err(WalletError::NoSuchWallet(id.clone()).into()),
            Err(error) => Err(error.into()),
        },
        Command::Statement { wallet, limit, after } => page(&bank, wallet, *limit, after.clone(), out).await,
        Command::Stress(_) => unreachable!("`cli::run` has a function for it"),
    };
    outcome.map_err(|failure| explained(failure, &cli.table))
}

async fn description(bank: &Table<Bank>, out: &mut Output<'_>) -> Result<(), Failure> {
    let table = describe(bank).await?;
    let table = table.ok_or_else(|| PROGRAM.no_table(bank.name()))?;
    Ok(write!(out.to, "{}", Described(&table))?)
}

async fn change(bank: &Table<Bank>, to: Throughput, out: &mut Output<'_>) -> Result<(), Failure> {
    let is_changed = change_throughput(bank, to).await?;
    Ok(out.line(format_args!("{} {to}", if is_changed { "changed to" } else { "it was before:" }))?)
}

fn told(outcome: crate::Result<Done>, out: &mut Output<'_>) -> Result<(), Failure> {
    Ok(out.line(match outcome? {
        Done::Now => "done",
        Done::Before => "it was done before",
    })?)
}

async fn page(
    bank: &Table<Bank>,
    wallet: &str,
    limit: usize,
    after: Option<Cursor>,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    let page = statement(bank, wallet, limit, after).await?;
    write!(out.to, "{}", tour::entries(&page.items))?;
    if let Some(cursor) = page.cursor {
        out.line(format_args!("more: --after {cursor}"))?;
    }
    Ok(())
}

/// Says what to do if the table is absent.
fn explained(failure: Failure, table: &str) -> Failure {
    let explained = match failure.downcast_ref() {
        Some(WalletError::Table(error)) => PROGRAM.absent_table(error, table),
        _ => None,
    };
    explained.unwrap_or(failure)
}
