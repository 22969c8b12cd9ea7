//! Tries what dynamap needs of DynamoDB on an implementation of it.
//!
//! `cargo run -p dynamap-tests --bin matrix -- --endpoint http://127.0.0.1:8000 --name dynamodb-local`

use clap::Parser;
use dynamap_local::Local;
use dynamap_tests::matrix::{
    self, Capability, Target,
    engine::Engine,
    page::{self, Section},
};
use examples_shared::{Failure, exit_code};
use std::{fs, process::ExitCode, time::Instant};

/// The page that shows the last run on each engine.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// The cases of dynamap and of its examples on any DynamoDB, in tables that are made for them and deleted afterwards.
///
/// Without an endpoint, on the embedded engine.
#[derive(Debug, Parser)]
struct Arguments {
    /// The DynamoDB, such as `http://127.0.0.1:8000`.
    #[arg(long, requires = "name")]
    endpoint: Option<String>,
    /// AWS itself, as the environment and `~/.aws` say; it costs money. Needs the feature `aws`.
    #[arg(long, conflicts_with = "endpoint")]
    aws: bool,
    /// The embedded engine on a port of this machine.
    #[arg(long, conflicts_with_all = ["endpoint", "aws"])]
    over_http: bool,
    /// The name of the engine. What is known of one of this name counts: what it lacks and gets wrong.
    #[arg(long)]
    name: Option<String>,
    /// Its version, for the page.
    #[arg(long, default_value = "")]
    engine_version: String,
    /// A capability that it lacks; it can be given several times.
    #[arg(long)]
    lacks: Vec<Capability>,
    /// Runs the cases whose names contain this text only.
    #[arg(long, conflicts_with = "write")]
    only: Option<String>,
    /// Writes the tables into the page `tests/README.md`.
    #[arg(long)]
    write: bool,
    /// Prints the cases that do not pass only.
    #[arg(long)]
    quiet: bool,
}

/// The seconds of a case that is printed in any case.
const SLOW: f64 = 3.0;

/// The version of the embedded engine, which its manifest pins.
const EMBEDDED_VERSION: &str = "dynoxide-rs 3.2.0";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => exit_code(Err(failure)),
    }
}

/// Runs the cases; false if one has failed.
async fn run(arguments: Arguments) -> Result<bool, Failure> {
    let Arguments { endpoint, aws, over_http, name, engine_version, lacks, only, write, quiet } = arguments;
    let local = Local::memory()?;
    let server = if over_http { Some(local.serve("127.0.0.1:0").await?) } else { None };
    let (target, own_name) = match (&endpoint, aws, &server) {
        (Some(url), ..) => (Target::endpoint(url).await?, ""),
        (None, true, _) => (Target::aws().await?, "aws"),
        (None, false, Some(server)) => (Target::endpoint(&server.url()).await?, "embedded-http"),
        (None, false, None) => (Target::local(&local), "embedded"),
    };
    let name = name.unwrap_or_else(|| own_name.to_owned());
    let engine = Engine::named(&name);
    let target = target.lacking(lacks).lacking(engine.lacks.iter().copied());
    let begun = Instant::now();
    let mut last = begun;
    let rows = matrix::run(&target, engine, only.as_deref(), |row| {
        let seconds = last.elapsed().as_secs_f64();
        last = Instant::now();
        if !quiet || row.outcome != matrix::Outcome::Passed || seconds > SLOW {
            println!("{seconds:6.1} s  {row}");
        }
    });
    let rows = rows.await?;
    let is_embedded = engine_version.is_empty() && endpoint.is_none() && !aws;
    let version = if is_embedded { EMBEDDED_VERSION } else { &engine_version };
    let date = jiff::Timestamp::now().to_string().chars().take(10).collect::<String>();
    let section = Section { name: &name, version, date: &date, rows: &rows };
    println!("\n{}", section.tables());
    let sums = rows.sums();
    println!("RESULT engine={name} {sums}, {:.1} s", begun.elapsed().as_secs_f64());
    if write {
        fs::write(PAGE, page::updated(&fs::read_to_string(PAGE)?, &section)?)?;
    }
    if let Some(server) = server {
        server.shutdown().await?;
    }
    Ok(rows.is_passed())
}
