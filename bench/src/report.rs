//! The results, and the forms in which they are shown.

pub(crate) mod chart;
pub(crate) mod markdown;
pub(crate) mod table;

use crate::{contender::DYNAMAP, measure::allocations::Allocations};
use std::fmt::{self, Display, Formatter};

/// The results of a case.
pub(crate) struct CaseResult {
    pub(crate) name: &'static str,
    pub(crate) about: String,
    pub(crate) rows: Vec<Row>,
}

/// The measurements of a contender, for one repetition.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) contender: &'static str,
    pub(crate) instructions: Option<f64>,
    pub(crate) allocations: Allocations,
    pub(crate) nanoseconds: f64,
}

/// The sum over the cases whose name begins with `prefix`, one item of each; `None` if there is no such case.
pub(crate) fn together(name: &'static str, prefix: &str, results: &[CaseResult]) -> Option<CaseResult> {
    let cases: Vec<&CaseResult> = results.iter().filter(|result| result.name.starts_with(prefix)).collect();
    let (first, others) = cases.split_first()?;
    let sum = |row: &Row| {
        let others =
            others.iter().map(|case| case.rows.iter().find(|other| other.contender == row.contender));
        others.flatten().fold(row.clone(), |sum, other| sum.plus(other))
    };
    let about = format!("one item of each size above, {} items together", cases.len());
    Some(CaseResult { name, about, rows: first.rows.iter().map(sum).collect() })
}

impl Row {
    fn plus(&self, other: &Self) -> Self {
        let allocations = Allocations {
            count: self.allocations.count + other.allocations.count,
            bytes: self.allocations.bytes + other.allocations.bytes,
        };
        Self {
            contender: self.contender,
            instructions: self.instructions.zip(other.instructions).map(|(one, other)| one + other),
            allocations,
            nanoseconds: self.nanoseconds + other.nanoseconds,
        }
    }
}

impl CaseResult {
    fn dynamap(&self) -> Option<&Row> {
        self.rows.iter().find(|row| row.contender == DYNAMAP)
    }

    /// The instructions of `row`, as a multiple of those of dynamap.
    pub(crate) fn ratio_of_instructions(&self, row: &Row) -> Option<f64> {
        Some(row.instructions? / self.dynamap()?.instructions?)
    }

    /// The time of `row`, as a multiple of that of dynamap.
    pub(crate) fn ratio_of_time(&self, row: &Row) -> Option<f64> {
        Some(row.nanoseconds / self.dynamap()?.nanoseconds)
    }

    /// One line for each contender, for programs.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        self.rows.iter().map(|row| {
            format!(
                "RESULT {} contender={} instructions={} allocs={:.0} bytes={:.0} time_ns={:.0} \
                 ratio_instructions={} ratio_time={}",
                self.name,
                row.contender,
                Or(row.instructions, 0, "na"),
                row.allocations.count,
                row.allocations.bytes,
                row.nanoseconds,
                Or(self.ratio_of_instructions(row), 2, "na"),
                Or(self.ratio_of_time(row), 2, "na"),
            )
        })
    }

    /// One line of cells for each contender, for people; see [`HEADINGS`].
    fn cells(&self) -> impl Iterator<Item = [String; 7]> {
        let times = |ratio: Option<f64>| match ratio {
            Some(ratio) => format!("{ratio:.2}x"),
            None => String::from("-"),
        };
        self.rows.iter().map(move |row| {
            [
                row.contender.to_owned(),
                row.instructions.map_or_else(|| "-".into(), grouped),
                times(self.ratio_of_instructions(row)),
                time(row.nanoseconds),
                times(self.ratio_of_time(row)),
                grouped(row.allocations.count),
                grouped(row.allocations.bytes),
            ]
        })
    }
}

/// The headings of the columns. `x` is how many times as much as dynamap.
const HEADINGS: [&str; 7] = ["contender", "instructions", "x", "time", "x", "allocations", "bytes"];

/// A number with decimals, or a word where there is none.
struct Or(Option<f64>, usize, &'static str);

impl Display for Or {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => write!(f, "{number:.*}", self.1),
            None => f.write_str(self.2),
        }
    }
}

/// An integer with a comma before every three digits.
pub(crate) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => format!("{nanoseconds:.0} ns"),
        ..1e6 => format!("{:.2} µs", nanoseconds / 1e3),
        _ => format!("{:.2} ms", nanoseconds / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn result() -> CaseResult {
        let row = |contender, instructions, nanoseconds| Row {
            contender,
            instructions,
            allocations: Allocations { count: 2.0, bytes: 12_345.0 },
            nanoseconds,
        };
        CaseResult {
            name: "decode-order",
            about: "an order".into(),
            rows: vec![
                row("dynamap", Some(1000.0), 100.0),
                row("hand", Some(2500.0), 1250.0),
                row("skip", None, 50.0),
            ],
        }
    }

    #[test]
    fn one_item_of_each_case() {
        let all = together("all", "decode", &[result(), result(), CaseResult { name: "other", ..result() }]);
        let all = all.unwrap();
        let hand = &all.rows[1];
        assert_eq!((hand.instructions, hand.nanoseconds), (Some(5000.0), 2500.0));
        assert_eq!((hand.allocations.count, all.ratio_of_time(hand)), (4.0, Some(12.5)));
        assert_eq!(all.rows[2].instructions, None);
        assert!(together("all", "encode", &[result()]).is_none());
    }

    #[test]
    fn lines_have_ratios_to_dynamap() {
        let lines: Vec<_> = result().lines().collect();
        assert_eq!(
            lines[1],
            "RESULT decode-order contender=hand instructions=2500 allocs=2 bytes=12345 time_ns=1250 \
             ratio_instructions=2.50 ratio_time=12.50"
        );
        assert!(
            lines[2].contains("instructions=na")
                && lines[2].ends_with("ratio_instructions=na ratio_time=0.50")
        );
    }

    #[test]
    fn numbers_for_people() {
        assert_eq!([999.0, 1000.0, 1_234_567.0].map(grouped), ["999", "1,000", "1,234,567"]);
        assert_eq!([999.0, 1500.0, 2_500_000.0].map(time), ["999 ns", "1.50 µs", "2.50 ms"]);
    }
}
