//! Compares dynamap with other ways to map DynamoDB items to structs, in one run and on the same bytes.
//!
//! `README.md` tells what is measured and how.
// A benchmark stops at the first thing that is not as expected: what it would measure then means nothing.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod case;
mod contender;
mod derive_cost;
mod document;
mod measure;
mod model;
mod rate;
mod report;
mod sdk;

use case::{BATCHES, Case, PLANS, Plan, Scale, plan_of};
use clap::{Parser, Subcommand};
use measure::{allocations, callgrind, ratio, region::Nothing, time};
use report::{CaseResult, Row, chart, markdown, table, together};
use std::{error::Error, fs, path::Path, process::ExitCode, time::Duration};

/// Compares dynamap with other ways to map DynamoDB items to structs.
#[derive(Debug, Parser)]
struct Options {
    #[command(subcommand)]
    command: Option<Command>,
    /// Run only the cases whose name contains this text
    #[arg(long, value_name = "TEXT")]
    case: Option<String>,
    /// Check that the contenders agree and measure each once, on small pages and without valgrind
    #[arg(long, global = true)]
    smoke: bool,
    /// Do not count instructions
    #[arg(long, global = true)]
    no_valgrind: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Do the work of one contender a number of times, to be counted from outside
    #[command(hide = true)]
    Once {
        case: String,
        contender: String,
        count: usize,
        /// Repetitions before, which are not counted
        #[arg(default_value_t = 1)]
        warm: usize,
    },
    /// Compare the times of the contenders of one case, in short turns side by side
    Ratio {
        case: String,
        #[arg(default_value_t = 1000)]
        rounds: usize,
        /// Milliseconds
        #[arg(long, default_value_t = 1)]
        turn: u64,
    },
    /// Compare batches of any length, item by item, with loops over the SDK's client
    Batch,
    /// Plot the rate of loads of a throttled table over time, by a virtual clock
    Rate,
    /// Measure what the derives cost to compile, beside those of serde
    DeriveCost {
        /// The numbers of entities in a crate
        #[arg(default_values_t = [1, 20, 50, 100])]
        counts: Vec<usize>,
        /// The profile, both by default
        #[arg(long, value_enum)]
        profile: Option<derive_cost::Profile>,
    },
}

fn main() -> ExitCode {
    match run(Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<(), Box<dyn Error>> {
    match options.command {
        Some(Command::Once { case, contender, count, warm }) => {
            return once(&case, &contender, (count, warm));
        }
        Some(Command::Ratio { case, rounds, turn }) => return ratio(&case, rounds, turn),
        Some(Command::DeriveCost { counts, profile }) => return derive_cost::run(profile, &counts),
        Some(Command::Rate) => return rate::report(options.smoke),
        Some(Command::Batch) | None => {}
    }
    let batches = matches!(options.command, Some(Command::Batch));
    let filter = options.case.as_deref().unwrap_or_default();
    let plans = if batches { [].iter() } else { PLANS.iter() };
    let more = if batches || options.smoke { BATCHES.iter() } else { [].iter() };
    let plans: Vec<&Plan> = plans.chain(more).filter(|plan| plan.name.contains(filter)).collect();
    if plans.is_empty() {
        return Err(format!("no case has `{filter}` in its name").into());
    }
    let count_instructions = !options.smoke && !options.no_valgrind && find_valgrind();
    if cfg!(debug_assertions) && !options.smoke {
        eprintln!("This is a debug build: run it with `cargo run --release -p bench`.");
    }

    let mut results = Vec::new();
    for (done, plan) in plans.iter().enumerate() {
        eprintln!("{} ({} of {})", plan.name, done + 1, plans.len());
        let result = measure(plan, options.smoke, count_instructions)?;
        println!("{}", table::table(&result));
        results.push(result);
    }
    if batches && plans.len() == BATCHES.len() {
        for (name, prefix) in [("batch-write-all", "batch-write"), ("batch-get-all", "batch-get")] {
            let Some(all) = together(name, prefix, &results) else { continue };
            println!("{}", table::table(&all));
            results.push(all);
        }
    }
    if !options.smoke {
        let all = if batches { BATCHES.len() } else { PLANS.len() };
        write(&results, batches, plans.len() == all && count_instructions)?;
    }
    for line in results.iter().flat_map(CaseResult::lines) {
        println!("{line}");
    }
    // All of it in short.
    if options.smoke && !batches && filter.is_empty() { rate::report(true) } else { Ok(()) }
}

fn find_valgrind() -> bool {
    let installed = callgrind::is_installed();
    if !installed {
        eprintln!(
            "Instructions are not measured: valgrind is not installed (Debian: apt-get install valgrind)."
        );
    }
    installed
}

/// Checks the contenders of a case, then measures them.
fn measure(plan: &Plan, smoke: bool, count_instructions: bool) -> Result<CaseResult, Box<dyn Error>> {
    let (scale, effort) =
        if smoke { (Scale::Smoke, time::Effort::SMOKE) } else { (Scale::Full, time::Effort::FULL) };
    let mut case = plan.make(scale);
    case.check()?;
    let times = time::medians(&mut case, effort);
    let each = case.each as f64;
    let mut rows = Vec::new();
    for (contender, nanoseconds) in case.contenders.iter_mut().zip(times) {
        let name = contender.name;
        let mut instructions = None;
        if count_instructions {
            eprintln!("  instructions of {name}");
            instructions = Some(callgrind::instructions(plan.name, name, nanoseconds)? / each);
        }
        let allocations = allocations::count(contender).each_of(each);
        rows.push(Row { contender: name, instructions, allocations, nanoseconds: nanoseconds / each });
    }
    let Case { name, about, .. } = case;
    Ok(CaseResult { name, about, rows })
}

/// Writes the tables and the chart, if everything was measured: a part would take the place of the whole.
fn write(results: &[CaseResult], batches: bool, whole: bool) -> Result<(), Box<dyn Error>> {
    if !whole {
        eprintln!("bench/results is as it was: only a run of all cases with instructions is written there.");
        return Ok(());
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    fs::create_dir_all(&folder)?;
    if batches {
        fs::write(folder.join("batch.md"), markdown::batches(results)?)?;
        eprintln!("bench/results/batch.md is written.");
        return Ok(());
    }
    fs::write(folder.join("results.md"), markdown::document(results)?)?;
    if let Some(chart) = chart::chart(results) {
        fs::write(folder.join("chart.svg"), chart)?;
    }
    eprintln!("bench/results/results.md and bench/results/chart.svg are written.");
    Ok(())
}

/// Prints the ratios of one case.
fn ratio(case: &str, rounds: usize, turn: u64) -> Result<(), Box<dyn Error>> {
    let plan = plan_of(case).ok_or("no such case")?;
    let mut case = plan.make(Scale::Full);
    for (name, time, ratio) in ratio::ratios(&mut case, rounds, Duration::from_millis(turn)) {
        println!("{name:20} {time:12.0} ns {ratio:8.3}x");
    }
    Ok(())
}

/// Runs a contender, warm, with nothing else inside the measured region.
fn once(case: &str, contender: &str, (count, warm): (usize, usize)) -> Result<(), Box<dyn Error>> {
    let plan = plan_of(case).ok_or("no such case")?;
    let mut case = plan.make(Scale::Full);
    let contender = case.contenders.iter_mut().find(|found| found.name == contender);
    let contender = contender.ok_or("no such contender")?;
    contender.run(warm, Nothing);
    contender.run(count, Nothing);
    Ok(())
}
