use std::time::Duration;

use clap::Args;
use examples_shared::{Failure, output::Output};

use crate::{
    load::{self, Load},
    passwords::Passwords,
};

/// The size of a load.
#[derive(Debug, Args)]
pub struct LoadArguments {
    /// The clients at once
    #[arg(long, value_name = "COUNT", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    clients: u32,
    /// The time in which they go through the shop, each at least once
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(..=3600))]
    seconds: u32,
}

/// Puts a load on a server in this program, and prints its times.
pub(super) async fn run(arguments: LoadArguments, out: &mut Output<'_>) -> Result<(), Failure> {
    let LoadArguments { clients, seconds } = arguments;
    let load = Load { clients, time: Duration::from_secs(seconds.into()) };
    let report = load::run(load, Passwords::default()).await?;
    out.line(&report)?;
    match report.times.failures {
        0 => Ok(()),
        failures => Err(format!("{failures} of {clients} clients met a failure").into()),
    }
}
