//! What the derives cost: lines expanded, time and memory to compile, machine code.
//!
//! Crates of many entities, which are thrown away, are compiled by the same commands as cargo would use. Their
//! dependencies are compiled once before and do not count. Time and memory are those of the one rustc.

mod compiler;
mod source;

use compiler::Cost;
pub(crate) use compiler::Profile;
use source::Contender;

/// What an error is does not matter to who reads the table.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Measures each contender with each number of entities, and prints a table and lines of results.
///
/// # Errors
/// Something does not compile.
pub(crate) fn run(profiles: &[Profile], counts: &[usize]) -> Result<()> {
    println!(
        "| profile | entities | contender | CPU s | wall s | peak MB | machine code | per entity | lines |"
    );
    println!("|---|--:|---|--:|--:|--:|--:|--:|--:|");
    let mut results = Vec::new();
    for &profile in profiles {
        let compilers = compiler::compilers(profile)?;
        for &count in counts {
            for (contender, compiler) in &compilers {
                let cost = compiler.compile(&contender.source(count))?;
                println!("{}", row(profile, count, *contender, &cost));
                results.push(result(profile, count, *contender, &cost));
            }
        }
    }
    println!();
    results.iter().for_each(|result| println!("{result}"));
    Ok(())
}

fn row(profile: Profile, count: usize, contender: Contender, cost: &Cost) -> String {
    let Cost { cpu_s, wall_s, peak_mb, text_bytes, expanded_lines } = cost;
    let (profile, contender, each) = (profile.name(), contender.name(), text_bytes / count as u64);
    format!(
        "| {profile} | {count} | {contender} | {cpu_s:.2} | {wall_s:.2} | {peak_mb:.0} | {text_bytes} | {each} | {expanded_lines} |"
    )
}

fn result(profile: Profile, count: usize, contender: Contender, cost: &Cost) -> String {
    let Cost { cpu_s, wall_s, peak_mb, text_bytes, expanded_lines } = cost;
    let (profile, contender) = (profile.name(), contender.name());
    format!(
        "RESULT derive-{count} contender={contender} profile={profile} cpu_s={cpu_s:.2} wall_s={wall_s:.2} \
         peak_mb={peak_mb:.0} text_bytes={text_bytes} expanded_lines={expanded_lines}"
    )
}
