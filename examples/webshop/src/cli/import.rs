use std::time::Instant;

use dynamap::Table;
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    import::{self, Catalogue, Files, Interrupted, Written},
    model::Shop,
    output::Output,
    profile::{Profile, Purpose},
    tour::Failure,
};

/// Imports files and prints what was written, also if not all was.
pub(super) async fn run(
    profile: &Profile,
    table: &str,
    files: &Files,
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
    let shop = Table::<Shop>::new(profile.connect(Purpose::Fill).await?.client, table);
    if let Err(error) = shop.create_table_if_absent().send().await {
        out.line("0 written")?;
        return Err(error.into());
    }
    match write(&shop, &catalogue).await {
        Ok(written) => {
            let seconds = began.elapsed().as_secs_f64();
            out.line(format_args!("{written} written in {seconds:.2} s"))?;
            if *profile == Profile::Memory {
                out.line("(in memory, so they are gone now; --db FILE keeps them)")?;
            }
            Ok(())
        }
        Err(interrupted) => {
            out.line(format_args!("{} written", interrupted.written))?;
            Err(interrupted.into())
        }
    }
}

/// Writes with a progress bar on the standard error, if that is a terminal.
async fn write(shop: &Table<Shop>, catalogue: &Catalogue) -> Result<Written, Interrupted> {
    let bar = ProgressBar::new(catalogue.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} items, {per_sec}, {elapsed}") {
        bar.set_style(style);
    }
    let outcome = import::write(shop, catalogue, |written| bar.set_position(written as u64)).await;
    bar.finish_and_clear();
    outcome
}
