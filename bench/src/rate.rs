//! Loads a table under throttling, and looks at the rate over time: in virtual time, and all of it by a seed.

mod counters;
mod loader;
mod plot;
mod report;
mod setting;
mod table;
mod throughput;

use crate::model::{Event, Model};
use counters::Outcome;
use fastrand::Rng;
use loader::LOADERS;
use setting::Setting;
use std::{error::Error, fs, path::Path};

/// Items of 0.3 to 4 KB.
fn load(setting: &Setting) -> Vec<Event> {
    let mut random = Rng::with_seed(setting.seed);
    let event = |index| {
        let event = Event::sample(index);
        let message = event.message.chars().cycle().take(random.usize(150..3850)).collect();
        // All devices write alike, as a table needs it; a number without decimals has two forms.
        Event { pk: format!("DEVICE#{:012}", index % 997), message, value: 20.5, ..event }
    };
    (0..setting.items).map(event).collect()
}

/// Loads a table by each contender.
fn run(setting: &Setting) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let load: &'static [Event] = load(setting).leak();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for loader in LOADERS {
        eprintln!("rate: {}", loader.name);
        // The pauses of the SDK, and those of dynamap.
        fastrand::seed(setting.seed);
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
        outcomes.push(runtime.block_on(loader.run(setting, load))?);
    }
    Ok(outcomes)
}

/// Shows the outcomes of a setting; only those of [`Setting::FULL`] are written.
pub(crate) fn report(smoke: bool) -> Result<(), Box<dyn Error>> {
    let setting = if smoke { Setting::SMOKE } else { Setting::FULL };
    let outcomes = run(&setting)?;
    println!("{}\n{}", setting.about(), report::terminal(&outcomes));
    if !smoke {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("rate.svg"), plot::plot(&setting, &outcomes))?;
        fs::write(folder.join("rate.md"), report::document(&setting, &outcomes))?;
        eprintln!("bench/results/rate.md and bench/results/rate.svg are written.");
    }
    outcomes.iter().for_each(|outcome| println!("{}", outcome.line()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_again() {
        let lines = || run(&Setting::SMOKE).unwrap().iter().map(Outcome::line).collect::<Vec<_>>();
        let first = lines();
        assert_eq!(first, lines());
        // Without anything refused there would be nothing to compare.
        assert!(first.iter().all(|line| !line.contains(" refused_units=0 ")), "{first:?}");
    }

    #[test]
    fn every_contender_has_a_panel() {
        let (setting, outcomes) = (Setting::SMOKE, run(&Setting::SMOKE).unwrap());
        let plot = plot::plot(&setting, &outcomes);
        for outcome in &outcomes {
            assert!(plot.contains(outcome.title) && !plot.contains("NaN"), "{plot}");
        }
        assert!(report::document(&setting, &outcomes).contains("| sdk-loop | "));
    }
}
