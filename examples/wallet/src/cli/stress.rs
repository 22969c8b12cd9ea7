use std::time::Instant;

use examples_shared::{Failure, output::Output};
use indicatif::{ProgressBar, ProgressStyle};

use super::StressArguments;
use crate::stress::{Proof, Stress};

/// Runs the stress and prints the proof.
pub(super) async fn run(arguments: &StressArguments, out: &mut Output<'_>) -> Result<(), Failure> {
    let StressArguments { wallets, transfers, faults, seed, .. } = *arguments;
    let seed = seed.unwrap_or_else(|| fastrand::u64(..u64::from(u32::MAX)));
    let stress = Stress::new(wallets, transfers, faults, seed);
    out.line(stress)?;
    out.to.flush()?;
    let began = Instant::now();
    let bar = Progress::new(u64::from(transfers), began);
    let proof: Proof = stress.run(move |done| bar.show(u64::from(done))).await?;
    out.line(format_args!("took {:.1} s\n", began.elapsed().as_secs_f64()))?;
    out.line(&proof)?;
    match proof.holds() {
        true => Ok(()),
        false => Err(format!("{} violations", proof.violations.len()).into()),
    }
}

/// A bar on the standard error; where that is no terminal, a line for each tenth.
struct Progress {
    bar: ProgressBar,
    total: u64,
    began: Instant,
}

impl Progress {
    fn new(total: u64, began: Instant) -> Self {
        let bar = ProgressBar::new(total);
        let template = "{bar:40} {pos}/{len} transfers, {per_sec}, {elapsed}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, total, began }
    }

    fn show(&self, done: u64) {
        if !self.bar.is_hidden() {
            self.bar.set_position(done);
            if done == self.total {
                self.bar.finish_and_clear();
            }
        } else if done * 10 / self.total != (done - 1) * 10 / self.total {
            let seconds = self.began.elapsed().as_secs_f64();
            eprintln!("{done}/{} transfers, {seconds:.1} s", self.total);
        }
    }
}
