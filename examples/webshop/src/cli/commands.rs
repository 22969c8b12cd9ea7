use dynamap::{Cursor, Table};
use dynamap_local::Local;
use examples_shared::{
    Failure,
    output::{Align, Columns, Output},
    profile::{Connection, Profile, Program, Purpose},
    stop_signal,
};

use super::{arguments::Command, serve, stock};
use crate::{
    PROGRAM, ProductHit, ShopError, catalogue, import, index_products, log_in,
    model::{Email, Finder, GroupId, ProductId, Shop},
    passwords::Passwords,
    product, product_group, product_groups, products, products_page, search, similar, tour,
};

/// The command that makes products searchable.
const SEARCH: Program = Program { creates_table: "index", ..PROGRAM };

/// Runs a command on a table that is there.
pub(super) async fn run(
    command: Command,
    profile: &Profile,
    table: &str,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    let connection = profile.connect(Purpose::Use, PROGRAM).await?;
    let shop = Table::new(connection.client.clone(), table);
    let finder = Table::new(connection.client.clone(), format!("{table}-search"));
    if *profile == Profile::Memory {
        fill(&shop).await?;
    }
    if *profile == Profile::Memory && matches!(command, Command::Search { .. } | Command::Similar { .. }) {
        index_products(&shop, &finder).await?;
    }
    match command {
        Command::Groups => groups(&shop, out).await,
        Command::Products { group, limit: None, after: None } => list(&shop, group, out).await,
        Command::Products { group, limit, after } => page(&shop, group, limit, after, out).await,
        Command::Product { group, id } => details(&shop, group, id, out).await,
        Command::Restock(arguments) => stock::restock(&shop, arguments, profile, out).await,
        Command::Sell(arguments) => stock::sell(&shop, arguments, out).await,
        Command::Index => index(&shop, &finder, out).await,
        Command::Search { words, group, count } => {
            found(search(&finder, &words.join(" "), group, count).await, &finder, out)
        }
        Command::Similar { id, count } => found(similar(&finder, id, count).await, &finder, out),
        Command::Login { email, password } => login(&shop, &email, &password, out).await,
        Command::Serve(arguments) => serve::run(arguments, shop, connection.local, out).await,
        Command::ServeDatabase { address } => serve_database(connection, &address, out).await,
        Command::Import { .. } | Command::Load(_) | Command::Schema(_) => {
            unreachable!("`cli::run` has a function for it")
        }
    }
    .map_err(|failure| explained(failure, table))
}

/// In memory there is nothing yet: the built-in catalogue stands in.
async fn fill(shop: &Table<Shop>) -> Result<(), Failure> {
    shop.create_table_if_absent().send().await?;
    import::write(shop, &catalogue::built_in()?, |_| {}).await?;
    Ok(())
}

async fn groups(shop: &Table<Shop>, out: &mut Output<'_>) -> Result<(), Failure> {
    let groups = product_groups(shop).await?;
    let headings = [("id", Align::Right), ("name", Align::Left)];
    let table = Columns::new(headings).rows(&groups, |group| [group.id.to_string(), group.name.clone()]);
    write!(out.to, "{table}")?;
    Ok(out.line(counted(groups.len(), "product group"))?)
}

async fn list(shop: &Table<Shop>, group: GroupId, out: &mut Output<'_>) -> Result<(), Failure> {
    let products = products(shop, group).await?;
    if products.is_empty() && product_group(shop, group).await?.is_none() {
        return Err(format!("there is no product group {group}").into());
    }
    write!(out.to, "{}", tour::summaries(&products))?;
    Ok(out.line(counted(products.len(), "product"))?)
}

async fn page(
    shop: &Table<Shop>,
    group: GroupId,
    limit: Option<usize>,
    after: Option<Cursor>,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    let page = products_page(shop, group, limit.unwrap_or(usize::MAX), after).await?;
    write!(out.to, "{}", tour::summaries(&page.items))?;
    out.line(counted(page.items.len(), "product"))?;
    if let Some(cursor) = page.cursor {
        out.line(format_args!("more: --after {cursor}"))?;
    }
    Ok(())
}

async fn details(
    shop: &Table<Shop>,
    group: GroupId,
    id: ProductId,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    match product(shop, group, id).await? {
        Some(product) => Ok(out.line(tour::description(&product))?),
        None => Err(format!("there is no product {id} in group {group}").into()),
    }
}

async fn index(shop: &Table<Shop>, finder: &Table<Finder>, out: &mut Output<'_>) -> Result<(), Failure> {
    let indexed = index_products(shop, finder).await?;
    Ok(out.line(format_args!(
        "{} searchable, in the table {}",
        counted(indexed, "product"),
        finder.name()
    ))?)
}

/// Prints the products that a search has found.
fn found(
    found: crate::Result<Vec<ProductHit>>,
    finder: &Table<Finder>,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    let found = match found {
        Err(ShopError::Table(error)) => {
            return Err(SEARCH.absent_table(&error, finder.name()).unwrap_or_else(|| error.into()));
        }
        found => found?,
    };
    write!(out.to, "{}", tour::found(&found))?;
    Ok(out.line(counted(found.len(), "product"))?)
}

async fn login(
    shop: &Table<Shop>,
    email: &Email,
    password: &str,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    let session = log_in(shop, &Passwords::default(), email, password).await?;
    out.line(format_args!("Email     {}", session.email))?;
    out.line(format_args!("Token     {}", session.token))?;
    Ok(out.line(format_args!("Expires   {} (seconds since 1970)", session.expires_at.as_seconds()))?)
}

async fn serve_database(connection: Connection, address: &str, out: &mut Output<'_>) -> Result<(), Failure> {
    let local: Local =
        connection.local.ok_or("only an embedded DynamoDB can be served itself: use --db FILE")?;
    let server = local.serve(address).await?;
    let stop = stop_signal()?;
    out.line(format_args!("DynamoDB at {} (any region and credentials); Ctrl-C ends it", server.url()))?;
    out.to.flush()?;
    stop.await;
    Ok(server.shutdown().await?)
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Says what to do if the table is absent.
fn explained(failure: Failure, table: &str) -> Failure {
    let explained = match failure.downcast_ref() {
        Some(ShopError::Table(error)) => PROGRAM.absent_table(error, table),
        _ => None,
    };
    explained.unwrap_or(failure)
}
