use std::{fmt, time::Instant};

use dynamap::{Budget, Index, Table, capacity::Meter};
use examples_shared::{
    Failure,
    output::Output,
    profile::{Profile, Purpose},
    stop_signal, with_sources,
};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use crate::{
    PROGRAM,
    import::{self, Catalogue, Files, Interrupted, Written},
    model::{ByGroup, Shop},
};

/// Imports files and prints the number of written items, also if the import ended early.
pub(super) async fn run(
    profile: &Profile,
    table: &str,
    files: &Files,
    wcu: Option<u32>,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    let began = Instant::now();
    let catalogue = match import::read(files) {
        Ok(catalogue) => catalogue,
        Err(mistakes) => {
            out.line("0 written")?;
            return Err(format!("the files have mistakes\n{mistakes}").into());
        }
    };
    let shop = Table::<Shop>::new(profile.connect(Purpose::Fill, PROGRAM).await?.client, table);
    if let Err(error) = shop.create_table_if_absent().send().await {
        out.line("0 written")?;
        return Err(error.into());
    }
    let meter = Meter::new();
    let shop = match wcu {
        Some(wcu) => shop.with_budget(&budget(wcu)?).with_meter(&meter),
        None => shop,
    };
    let outcome = write(&shop, &catalogue, stop_signal()?).await;
    match &outcome {
        Ok(written) => {
            out.line(format_args!("{written} written in {:.2} s", began.elapsed().as_secs_f64()))?;
        }
        Err(Unfinished::Failed(interrupted)) => out.line(format_args!("{} written", interrupted.written))?,
        Err(Unfinished::Stopped { written }) => out.line(format_args!("{written} items written"))?,
    }
    if wcu.is_some() {
        let (table, all) = (meter.consumed().table, meter.consumed().total());
        out.line(format_args!("{} write units, and {} of the index", table.write, (all - table).write))?;
    }
    match outcome {
        Ok(_) if *profile == Profile::Memory => {
            Ok(out.line("(in memory, so they are gone now; --db FILE keeps them)")?)
        }
        Ok(_) => Ok(()),
        Err(Unfinished::Failed(interrupted)) => {
            Err(format!("{}\n{}", with_sources(&interrupted), interrupted.remaining).into())
        }
        Err(Unfinished::Stopped { .. }) => {
            Err("stopped; what was on its way may be written as well, and the same import writes the rest"
                .into())
        }
    }
}

/// An import that ended early.
enum Unfinished {
    Failed(Interrupted),
    /// By a signal, when so many items were written.
    Stopped {
        written: u64,
    },
}

/// So many write units each second, of the table and of the index.
fn budget(wcu: u32) -> Result<Budget, Failure> {
    let wcu = f64::from(wcu);
    Ok(Budget::builder().writes(wcu).index_writes(ByGroup::SCHEMA.name, wcu).build()?)
}

/// Writes with a progress bar on the standard error, if that is a terminal, until `stop` is ready.
async fn write(
    shop: &Table<Shop>,
    catalogue: &Catalogue,
    stop: impl Future<Output = ()>,
) -> Result<Written, Unfinished> {
    let bar = ProgressBar::new(catalogue.len() as u64);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:40} {pos}/{len} items, {rate}, {elapsed}, {eta} left")
    {
        bar.set_style(style.with_key("rate", |now: &ProgressState, to: &mut dyn fmt::Write| {
            // A progress bar that cannot be shown is no reason to end the import.
            let _ = write!(to, "{:.0}/s", now.per_sec());
        }));
    }
    let writing = import::write(shop, catalogue, |written| bar.set_position(written as u64));
    let outcome = tokio::select! {
        // In this order a signal counts before the first request is sent.
        biased;
        () = stop => Err(Unfinished::Stopped { written: bar.position() }),
        outcome = writing => outcome.map_err(Unfinished::Failed),
    };
    bar.finish_and_clear();
    outcome
}
