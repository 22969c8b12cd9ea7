//! The rates over time in SVG: a panel for each contender, all on the same axes.

use super::{
    counters::{Counters, Outcome},
    report::neighbour,
    setting::Setting,
};
use crate::report::grouped;
use std::fmt::Write as _;

/// The style of the plot. Its own background makes it the same on light and on dark pages.
const STYLE: &str = "<style>\n\
    text { font: 13px system-ui, sans-serif; fill: #1f2328; }\n\
    .title { font-size: 17px; font-weight: 600; }\n\
    .panel { font-weight: 600; }\n\
    .note { font-size: 12px; fill: #59636e; }\n\
    .axis { stroke: #d1d9e0; }\n\
    .written { fill: none; stroke: #1769aa; stroke-width: 1.8; }\n\
    .refused { fill: #f2a65a; }\n\
    .capacity { fill: none; stroke: #1f2328; stroke-width: 1.2; stroke-dasharray: 5 3; }\n\
    </style>\n";

const WIDTH: f64 = 940.0;
const LEFT: f64 = 56.0;
const TOP: f64 = 100.0;
/// Of the plot in a panel.
const PLOT: (f64, f64) = (390.0, 190.0);
/// From a panel to the next, with its title and its numbers above the plot, and the axis below.
const PITCH: (f64, f64) = (460.0, 290.0);
const ABOVE: f64 = 50.0;
const COLUMNS: usize = 2;

/// The plot of all outcomes.
pub(super) fn plot(setting: &Setting, outcomes: &[Outcome]) -> String {
    let axes = Axes::of(outcomes);
    let rows = outcomes.len().div_ceil(COLUMNS);
    let height = TOP + rows as f64 * PITCH.1;
    let written = outcomes.first().map_or(0.0, |outcome| outcome.total().written);
    let title = format!("A load of {} write units under throttling", grouped(written));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" \
         aria-label=\"{title}\">\n\
         {STYLE}\
         <rect width=\"{WIDTH}\" height=\"{height:.0}\" fill=\"#ffffff\"/>\n\
         <text class=\"title\" x=\"14\" y=\"26\">{title}</text>\n\
         <text class=\"note\" x=\"14\" y=\"46\">{}</text>\n",
        setting.about(),
    );
    out += &legend();
    for (index, outcome) in outcomes.iter().enumerate() {
        let (column, row) = (index % COLUMNS, index / COLUMNS);
        let (x, y) = (LEFT + column as f64 * PITCH.0, TOP + row as f64 * PITCH.1);
        let _ = write!(out, "<g transform=\"translate({x} {y})\">\n{}</g>\n", panel(setting, outcome, axes));
    }
    out + "</svg>\n"
}

fn legend() -> String {
    let y = 70.0;
    let (line, text) = (y - 4.0, y);
    // Some fonts are a fifth wider than others.
    format!(
        "<line class=\"written\" x1=\"14\" y1=\"{line}\" x2=\"36\" y2=\"{line}\"/>\n\
         <text x=\"42\" y=\"{text}\">written, write units per second</text>\n\
         <rect class=\"refused\" x=\"266\" y=\"{}\" width=\"22\" height=\"11\"/>\n\
         <text x=\"294\" y=\"{text}\">refused on top of it: unprocessed items, throttled requests</text>\n\
         <line class=\"capacity\" x1=\"710\" y1=\"{line}\" x2=\"732\" y2=\"{line}\"/>\n\
         <text x=\"738\" y=\"{text}\">what the table takes</text>\n",
        y - 10.0,
    )
}

/// The ends of the axes: seconds, and units per second.
#[derive(Debug, Clone, Copy)]
struct Axes {
    seconds: f64,
    units: f64,
}

impl Axes {
    fn of(outcomes: &[Outcome]) -> Self {
        let last = outcomes.iter().map(|outcome| outcome.time.as_secs_f64()).fold(1.0, f64::max);
        // The first second is left out: it takes the units that the table has kept, and would dwarf all others.
        let later = outcomes.iter().flat_map(|outcome| outcome.seconds.iter().skip(1));
        let most = later.map(|second| second.written + second.refused).fold(1.0, f64::max);
        Self { seconds: (last / 5.0).ceil() * 5.0, units: (most / 500.0).ceil() * 500.0 }
    }

    fn x(self, seconds: f64) -> f64 {
        seconds / self.seconds * PLOT.0
    }

    /// Cuts off the values beyond the plot.
    fn y(self, units: f64) -> f64 {
        PLOT.1 - (units / self.units).min(1.0) * PLOT.1
    }
}

fn panel(setting: &Setting, outcome: &Outcome, axes: Axes) -> String {
    let (total, count) = (outcome.total(), |count: u64| grouped(count as f64));
    let mut out = format!(
        "<text class=\"panel\" x=\"0\" y=\"12\">{}</text>\n\
         <text class=\"note\" x=\"0\" y=\"28\">{:.1} s; {} requests, {} of them throttled; {} items sent again</text>\n\
         <text class=\"note\" x=\"0\" y=\"43\">{} units refused; neighbour: {} requests refused</text>\n\
         <g transform=\"translate(0 {ABOVE})\">\n",
        outcome.title,
        outcome.time.as_secs_f64(),
        count(total.requests),
        count(total.throttled_requests),
        grouped(outcome.sent_again as f64),
        grouped(total.refused),
        neighbour(outcome),
    );
    out += &grid(axes);
    let written = steps(outcome, axes, |second| second.written);
    let asked = steps(outcome, axes, |second| second.written + second.refused);
    let back: Vec<String> = written.iter().rev().map(point).collect();
    let _ = write!(
        out,
        "<path class=\"refused\" d=\"M{}L{}Z\"/>\n<path class=\"written\" d=\"M{}\"/>\n",
        path(&asked),
        back.join("L"),
        path(&written),
    );
    let capacity: Vec<(f64, f64)> = capacity(setting, axes).collect();
    let _ = write!(out, "<path class=\"capacity\" d=\"M{}\"/>\n</g>\n", path(&capacity));
    out
}

/// The lines of the axes, with their numbers.
fn grid(axes: Axes) -> String {
    let mut out = String::new();
    for units in (0..=axes.units as usize).step_by(step(axes.units)) {
        let y = axes.y(units as f64);
        let _ = write!(
            out,
            "<line class=\"axis\" x1=\"0\" y1=\"{y:.1}\" x2=\"{}\" y2=\"{y:.1}\"/>\n\
             <text class=\"note\" x=\"-6\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n",
            PLOT.0,
            y + 4.0,
            grouped(units as f64),
        );
    }
    for seconds in (0..=axes.seconds as usize).step_by(step(axes.seconds)) {
        let x = axes.x(seconds as f64);
        let unit = if seconds == 0 { " s" } else { "" };
        let _ = write!(
            out,
            "<line class=\"axis\" x1=\"{x:.1}\" y1=\"{1}\" x2=\"{x:.1}\" y2=\"{2}\"/>\n\
             <text class=\"note\" x=\"{x:.1}\" y=\"{3}\" text-anchor=\"middle\">{seconds}{0}</text>\n",
            unit,
            PLOT.1,
            PLOT.1 + 5.0,
            PLOT.1 + 19.0,
        );
    }
    out
}

/// A round number of which an axis up to `most` has three to seven.
fn step(most: f64) -> usize {
    let steps = (0..).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_usize.pow(power)));
    steps.take(18).find(|step| most / *step as f64 <= 7.0).unwrap_or(1)
}

/// The rate of each second, from its begin to its end.
fn steps(outcome: &Outcome, axes: Axes, of: impl Fn(&Counters) -> f64) -> Vec<(f64, f64)> {
    let last = outcome.time.as_secs_f64();
    let seconds = outcome.seconds.iter().enumerate().flat_map(|(at, second)| {
        let (start, end) = (at as f64, last.min(at as f64 + 1.0));
        // The last one is not whole. A small part of one tells nothing.
        let y = axes.y(of(second) / (end - start));
        (end - start > 0.25).then_some([(axes.x(start), y), (axes.x(end), y)]).into_iter().flatten()
    });
    seconds.collect()
}

fn capacity(setting: &Setting, axes: Axes) -> impl Iterator<Item = (f64, f64)> {
    let (start, end) = (setting.low.start.as_secs_f64(), setting.low.end.as_secs_f64());
    let (full, low) = (setting.capacity, setting.capacity / 2.0);
    let corners = [(0.0, full), (start, full), (start, low), (end, low), (end, full), (axes.seconds, full)];
    corners.into_iter().map(move |(seconds, units)| (axes.x(seconds), axes.y(units)))
}

fn path(points: &[(f64, f64)]) -> String {
    points.iter().map(point).collect::<Vec<_>>().join("L")
}

fn point((x, y): &(f64, f64)) -> String {
    format!("{x:.1} {y:.1}")
}
