//! What dynamap costs, measured.

mod derive_cost;

/// `dynamap-bench [release] [dev] [number of entities]..`, all of them by default.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let counts: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let profiles = derive_cost::Profile::ALL.into_iter();
    let profiles: Vec<_> =
        profiles.filter(|profile| arguments.iter().any(|name| name == profile.name())).collect();
    derive_cost::run(
        if profiles.is_empty() { &derive_cost::Profile::ALL } else { &profiles },
        if counts.is_empty() { &[1, 20, 50, 100] } else { &counts },
    )
}
