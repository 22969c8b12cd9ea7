//! The progress of long runs.

use std::{
    io::{self, IsTerminal, Write},
    sync::Mutex,
    time::{Duration, Instant},
};

/// Shows now and then how many of `all` are done, and how many violations were found. `of` is their name, such as
/// `schedules`.
pub fn progress(of: &'static str, all: u64) -> impl Fn(u64, usize) + Sync {
    let begun = Instant::now();
    let last = Mutex::new(begun);
    let pause = if io::stderr().is_terminal() { Duration::from_millis(200) } else { Duration::from_secs(20) };
    move |done, violations| {
        let Ok(mut last) = last.lock() else { return };
        if last.elapsed() < pause {
            return;
        }
        *last = Instant::now();
        let rate = done as f64 / begun.elapsed().as_secs_f64();
        let end = if io::stderr().is_terminal() { '\r' } else { '\n' };
        let line = format!("{done} of {all} {of}, {rate:.0}/s, {violations} violations{end}");
        let _ = io::stderr().write_all(line.as_bytes());
    }
}
