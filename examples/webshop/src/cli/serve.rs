use std::{net::IpAddr, time::Duration};

use clap::Args;
use dynamap::{
    Table,
    cursor::{CursorKey, CursorSealer},
};
use dynamap_local::Local;
use examples_shared::{Failure, output::Output, stop_signal};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, info, level_filters::LevelFilter};

use super::telemetry::Telemetry;
use crate::{
    PROGRAM,
    http::{App, Limits, Server, Stopped},
    model::Shop,
    passwords::Passwords,
    product_groups,
};

/// The time between two sweeps of an embedded DynamoDB.
const SWEEP: Duration = Duration::from_secs(60);

/// The options of the shop over HTTP.
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,
    /// The port; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 3045)]
    port: u16,
    /// The least level of what is logged: error, warn, info, debug, trace, or off
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log: LevelFilter,
}

/// Serves the shop until Ctrl-C or SIGTERM, and logs to the standard error.
pub(super) async fn run(
    arguments: ServeArguments,
    shop: Table<Shop>,
    local: Option<Local>,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    // Dropped at the end, it sends the spans that are left.
    let _telemetry = Telemetry::begin(&format!("off,{}={}", PROGRAM.package, arguments.log));
    // A table that is absent is better found now than by the first request.
    product_groups(&shop).await?;
    let app = App::new(shop, Passwords::default(), Limits::default(), sealer()?);
    let server = Server::bind((arguments.host, arguments.port), app).await?;
    // Before anything is said, so that a signal from then on ends it gracefully.
    let stop = stop_signal()?;
    out.line(format_args!("Web shop at http://{}; Ctrl-C ends it", server.local_addr()?))?;
    out.to.flush()?;
    let sweeping = local.map(|local| tokio::spawn(sweep(local)));
    let stopped = server.run(stop).await;
    if let Some(sweeping) = sweeping {
        sweeping.abort();
    }
    match stopped {
        Stopped::Drained => Ok(out.line("stopped")?),
        Stopped::Cut => Err("stopped before all requests were answered".into()),
    }
}

/// Seals cursors with the key in `WEBSHOP_CURSOR_KEY`, and opens those of the one before, in `WEBSHOP_OLD_CURSOR_KEY`. A server
/// that has no key takes one of its own.
fn sealer() -> Result<CursorSealer, Failure> {
    let key = |name| match std::env::var(name) {
        Ok(key) => key.parse::<CursorKey>().map(Some).map_err(|error| format!("{name}: {error}")),
        Err(_) => Ok(None),
    };
    let sealer = CursorSealer::new(match key("WEBSHOP_CURSOR_KEY")? {
        Some(key) => key,
        None => CursorKey::random()?,
    });
    Ok(match key("WEBSHOP_OLD_CURSOR_KEY")? {
        Some(key) => sealer.accept(key),
        None => sealer,
    })
}

/// Deletes expired sessions of an embedded DynamoDB, as AWS does by itself.
async fn sweep(local: Local) {
    let mut interval = interval(SWEEP);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        let local = local.clone();
        match tokio::task::spawn_blocking(move || local.sweep_ttl()).await {
            Ok(Ok(0)) | Err(_) => {}
            Ok(Ok(deleted)) => info!(deleted, "expired sessions deleted"),
            Ok(Err(error)) => error!(%error, "expired sessions not deleted"),
        }
    }
}
