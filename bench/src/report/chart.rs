//! A bar chart in SVG: how many times the instructions of dynamap the others take.

use super::CaseResult;
use crate::contender::{HAND, MODYNE, SERDE_DYNAMO, SONIC_RS};

/// The cases of the chart.
const CASES: [(&str, &str); 10] = [
    ("decode-page-300b", "read 1 MB of 300 B items"),
    ("decode-page-1500b", "read 1 MB of 1.5 KB items"),
    ("mixed-1000", "read 1000 mixed items"),
    ("decode-order", "read one 1.5 KB item"),
    ("encode-order", "write one 1.5 KB item"),
    ("call-query-300b", "whole Query, 300 B items"),
    ("call-query-1500b", "whole Query, 1.5 KB items"),
    ("call-batch-get-100", "whole BatchGetItem, 100 items"),
    ("call-batch-write-25", "whole BatchWriteItem, 25 items"),
    ("call-get-order", "whole GetItem, 1.5 KB"),
];

/// The contenders of the chart, with colours that are readable on white and on black.
const CONTENDERS: [(&str, &str, &str); 4] = [
    (SERDE_DYNAMO, "SDK + serde_dynamo", "#d9822b"),
    (MODYNE, "SDK + modyne", "#a371d8"),
    (HAND, "SDK + hand-written", "#3f8fd6"),
    (SONIC_RS, "sonic-rs, typed", "#2ea478"),
];

const WIDTH: f64 = 860.0;
const LEFT: f64 = 210.0;
const RIGHT: f64 = 60.0;
const TOP: f64 = 92.0;
const BAR: f64 = 14.0;
const GAP: f64 = 16.0;

/// The chart of all cases that have instructions; `None` if there are none.
pub(crate) fn chart(results: &[CaseResult]) -> Option<String> {
    let groups: Vec<(&str, Vec<Bar>)> = CASES
        .iter()
        .filter_map(|(name, label)| {
            let result = results.iter().find(|result| result.name == *name)?;
            let bars = bars(result);
            (!bars.is_empty()).then_some((*label, bars))
        })
        .collect();
    let longest = groups.iter().flat_map(|(_, bars)| bars).map(|bar| bar.ratio).reduce(f64::max)?;
    let scale = (WIDTH - LEFT - RIGHT) / longest;

    let mut body = String::new();
    let mut y = TOP;
    for (label, bars) in &groups {
        let middle = y + bars.len() as f64 * BAR / 2.0 + 4.0;
        body +=
            &format!("<text x=\"{}\" y=\"{middle:.1}\" text-anchor=\"end\">{label}</text>\n", LEFT - 10.0);
        for bar in bars {
            let (width, height) = (bar.ratio * scale, BAR - 2.0);
            body += &format!(
                "<rect x=\"{LEFT}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height}\" fill=\"{}\"/>\n\
                 <text class=\"number\" x=\"{:.1}\" y=\"{:.1}\">{:.1}x</text>\n",
                bar.colour,
                LEFT + width + 5.0,
                y + BAR - 4.0,
                bar.ratio,
            );
            y += BAR;
        }
        y += GAP;
    }
    let one = LEFT + scale;
    body += &format!(
        "<line x1=\"{one:.1}\" y1=\"{:.1}\" x2=\"{one:.1}\" y2=\"{:.1}\"/>\n\
         <text class=\"note\" x=\"{one:.1}\" y=\"{:.1}\" text-anchor=\"middle\">dynamap = 1</text>\n",
        TOP - 6.0,
        y - GAP + 6.0,
        y + 6.0,
    );
    Some(page(y + 18.0, &(legend() + &body)))
}

struct Bar {
    ratio: f64,
    colour: &'static str,
}

fn bars(result: &CaseResult) -> Vec<Bar> {
    let bar = |(name, _, colour): &(&str, &str, &'static str)| {
        let row = result.rows.iter().find(|row| row.contender == *name)?;
        Some(Bar { ratio: result.ratio_of_instructions(row)?, colour })
    };
    CONTENDERS.iter().filter_map(bar).collect()
}

fn legend() -> String {
    let mut x = LEFT;
    let mut legend = String::new();
    for (_, label, colour) in CONTENDERS {
        legend += &format!(
            "<rect x=\"{x}\" y=\"56\" width=\"12\" height=\"12\" fill=\"{colour}\"/>\n\
             <text x=\"{}\" y=\"66\">{label}</text>\n",
            x + 17.0,
        );
        x += 40.0 + 7.0 * label.len() as f64;
    }
    legend
}

/// The text takes the colour scheme of the reader; the bars stand on the page's own background.
fn page(height: f64, body: &str) -> String {
    let title = "How many times as many instructions as dynamap";
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" \
         aria-label=\"{title}\">\n\
         <style>\n\
         text {{ font: 13px system-ui, sans-serif; fill: #1f2328; }}\n\
         .title {{ font-size: 17px; font-weight: 600; }}\n\
         .note {{ font-size: 12px; fill: #59636e; }}\n\
         .number {{ font-size: 11px; }}\n\
         line {{ stroke: #59636e; stroke-dasharray: 3 3; }}\n\
         @media (prefers-color-scheme: dark) {{\n\
         text {{ fill: #f0f6fc; }}\n\
         .note {{ fill: #9198a1; }}\n\
         line {{ stroke: #9198a1; }}\n\
         }}\n\
         </style>\n\
         <text class=\"title\" x=\"10\" y=\"24\">{title}</text>\n\
         <text class=\"note\" x=\"10\" y=\"43\">instructions under callgrind, the same bytes for all; shorter is \
         better</text>\n\
         {body}</svg>\n",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_labelled() {
        let chart = chart(&[super::super::tests::result()]).unwrap();
        assert!(chart.contains(">2.5x</text>") && chart.contains("read one 1.5 KB item"), "{chart}");
        assert_eq!(super::chart(&[]), None);
    }
}
