//! A load of many clients at once on the shop's own server, over an embedded DynamoDB.
//!
//! Each client signs in and logs in, and then goes through product groups, pages and products, and checks
//! what it gets.

mod browse;
mod catalogue;
mod client;
mod report;

pub use client::{Client, ClientError, Reply};
pub use report::{Report, Times};

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use dynamap::{
    Table,
    cursor::{CursorKey, CursorSealer},
};
use dynamap_local::Local;
use examples_shared::Failure;
use tokio::{sync::oneshot, task::JoinSet};

use crate::{
    http::{App, Limits, Rate, Server},
    passwords::Passwords,
};
use browse::Browser;

/// The size of a load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// The clients at once, each with a connection.
    pub clients: u32,
    /// The time in which they go through the shop, each at least once.
    pub time: Duration,
}

/// Puts a load on a server of its own.
///
/// # Errors
/// The server does not start. What a client meets is in the report.
pub async fn run(load: Load, passwords: Passwords) -> Result<Report, Failure> {
    let shop = Table::new(Local::memory()?.client(), "webshop");
    catalogue::fill(&shop).await?;
    let sealer = CursorSealer::new(CursorKey::random()?);
    let server = Server::bind(("127.0.0.1", 0), App::new(shop, passwords, limits(load), sealer)).await?;
    let address = server.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));

    let mut report = Report::default();
    let browsers = log_in(load, address, &mut report).await?;
    let began = Instant::now();
    let mut browsing = JoinSet::new();
    for browser in browsers {
        browsing.spawn(browser.browse(began + load.time));
    }
    while let Some(browsed) = browsing.join_next().await {
        report.add(browsed?);
    }
    report.took = began.elapsed();
    drop(stop);
    serving.await?;
    Ok(report)
}

/// The clients that are logged in. What the others met is in the report.
async fn log_in(load: Load, address: SocketAddr, report: &mut Report) -> Result<Vec<Browser>, Failure> {
    let mut logins = JoinSet::new();
    for client in 0..load.clients {
        logins.spawn(Browser::log_in(address, client));
    }
    let mut browsers = Vec::new();
    while let Some(login) = logins.join_next().await {
        let (browser, times) = login?;
        browsers.extend(browser);
        report.add(times);
    }
    Ok(browsers)
}

/// Limits that let all clients in, though they have one network address.
fn limits(load: Load) -> Limits {
    let clients = load.clients.saturating_add(16);
    Limits {
        connections: clients as usize,
        logins_from_address: Rate { burst: clients, interval: Duration::from_secs(1) },
        request_time: Duration::from_secs(120),
        ..Limits::default()
    }
}
