//! Instructions: this program runs itself under valgrind, which counts them inside the measured region only.

use super::region;
use std::{
    env, fs,
    io::{Error, Result},
    process::{Command, Stdio},
};

/// Returns true if valgrind is installed.
pub(crate) fn is_installed() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// The instructions of one repetition, which takes about `nanoseconds`: the difference between two runs that
/// repeat the work more and less often.
pub(crate) fn instructions(case: &str, contender: &str, nanoseconds: f64) -> Result<f64> {
    // A table goes on with a prepared client after six calls; what takes long is warm after one.
    let (warm, few, many) = match nanoseconds {
        ..10_000.0 => (8, 20, 220),
        ..1_000_000.0 => (8, 2, 12),
        _ => (1, 1, 2),
    };
    let total = |count| total(case, contender, count, warm);
    let difference = total(many)?.saturating_sub(total(few)?);
    Ok(difference as f64 / f64::from(many - few))
}

fn total(case: &str, contender: &str, count: u32, warm: u32) -> Result<u64> {
    let out = env::temp_dir().join(format!("dynamap-bench-{}.callgrind", std::process::id()));
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", &format!("--toggle-collect=*{}*", region::NAME)])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(env::current_exe()?)
        .args(["once", case, contender, &count.to_string(), &warm.to_string()])
        .stdout(Stdio::null())
        .output()?;
    if !output.status.success() {
        return Err(Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let text = fs::read_to_string(&out)?;
    fs::remove_file(&out)?;
    parse(&text).ok_or_else(|| Error::other("callgrind did not write a total"))
}

/// The total that a file of callgrind ends with.
fn parse(text: &str) -> Option<u64> {
    let total = |line: &str| line.strip_prefix("totals:")?.trim().parse().ok();
    text.lines().rev().find_map(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_found() {
        assert_eq!(parse("events: Ir\nfn=(1)\n1 5\ntotals: 1234\n"), Some(1234));
        assert_eq!(parse("events: Ir\n"), None);
    }
}
