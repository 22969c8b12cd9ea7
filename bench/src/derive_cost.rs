//! The cost of the derives: expanded lines, compile time, compiler memory and machine code.
//!
//! Crates of many entities, which are thrown away, are compiled by the same commands as cargo would use. Their
//! dependencies are compiled once before and do not count. Time and memory are those of the one rustc.

mod compiler;
mod source;

pub(crate) use compiler::Profile;
use compiler::{Cost, Result};
use source::Mapper;
use std::{fs, path::Path};

/// Measures each contender with each number of entities, in one profile or in both, and prints a table and lines
/// of results. The table is written to `results` as well, if it is of everything.
///
/// # Errors
/// Something does not compile.
pub(crate) fn run(profile: Option<Profile>, counts: &[usize]) -> Result<()> {
    let mut table = HEADER.to_owned();
    print!("{HEADER}");
    let mut results = Vec::new();
    for profile in profile.map_or(Profile::ALL.to_vec(), |profile| vec![profile]) {
        let compilers = compiler::compilers(profile)?;
        for &count in counts {
            for (contender, compiler) in &compilers {
                let cost = compiler.compile(&contender.source(count))?;
                let row = row(profile, count, *contender, &cost);
                println!("{row}");
                table = table + &row + "\n";
                results.push(result(profile, count, *contender, &cost));
            }
        }
    }
    if profile.is_none() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("results/derive_cost.md");
        fs::write(file, format!("{ABOUT}{table}"))?;
        eprintln!("bench/results/derive_cost.md is written.");
    }
    println!();
    results.iter().for_each(|result| println!("{result}"));
    Ok(())
}

const ABOUT: &str = "# What the derives cost\n
Written by `cargo run --release -p bench -- derive-cost`: crates of entities of 14 attributes, with two nested \
structs and an enum; `dynamap` in all four directions (to and from DynamoDB-JSON, to and from `AttributeValue`s), \
the others in two. One sample each; the machine code is that of the crate alone.\n
";

const HEADER: &str =
    "| profile | entities | contender | CPU s | wall s | peak MB | machine code | per entity | lines |
|---|--:|---|--:|--:|--:|--:|--:|--:|
";

fn row(profile: Profile, count: usize, contender: Mapper, cost: &Cost) -> String {
    let Cost { cpu_s, wall_s, peak_mb, text_bytes, expanded_lines } = cost;
    let (profile, contender, each) = (profile.name(), contender.name(), text_bytes / count as u64);
    format!(
        "| {profile} | {count} | {contender} | {cpu_s:.2} | {wall_s:.2} | {peak_mb:.0} | {text_bytes} | {each} | {expanded_lines} |"
    )
}

fn result(profile: Profile, count: usize, contender: Mapper, cost: &Cost) -> String {
    let Cost { cpu_s, wall_s, peak_mb, text_bytes, expanded_lines } = cost;
    let (profile, contender) = (profile.name(), contender.name());
    format!(
        "RESULT derive-{count} contender={contender} profile={profile} cpu_s={cpu_s:.2} wall_s={wall_s:.2} \
         peak_mb={peak_mb:.0} text_bytes={text_bytes} expanded_lines={expanded_lines}"
    )
}
