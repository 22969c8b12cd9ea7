//! Answers that are malformed: whatever arrives in the place of DynamoDB's answer, nothing is lost without a word.
//!
//! The engine answers, and a layer between it and the SDK's client malforms the answer: once, or again and again. Of every
//! operation, a rule says what it may tell then. `DYNAMAP_SEED` is the seed, `DYNAMAP_CASES` how many answers each operation
//! gets by each mapping.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod layer;
mod malformation;
mod model;
mod named;
mod operation;
mod proxies;
mod reads;
mod rule;
mod tables;
mod vector_indexes;
mod writes;

use dynamap::Mapping;
use dynamap::known_fault::KnownFault;
use malformation::Malformation;
use model::World;
use operation::Operation;
use rule::Case;

/// How many answers each operation gets by each mapping if nothing is said.
const CASES: u64 = 400;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

fn seed() -> u64 {
    let seed = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..u64::MAX / 2));
    eprintln!("DYNAMAP_SEED={seed}");
    seed
}

/// Says which case it was, should it panic.
struct Told<'a>(&'a Case);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("panicked in {:?}", self.0);
        }
    }
}

/// Gives each of these operations so many malformed answers: how many were not believed, and what was not as the rule says.
async fn run(operations: &[Operation], mapping: Mapping, (seed, cases): (u64, u64)) -> (usize, Vec<String>) {
    let (mut unbelieved, mut wrong) = (0, Vec::new());
    for operation in operations {
        let world = World::new().await;
        let mut rng = fastrand::Rng::with_seed(seed);
        fastrand::seed(seed);
        for number in 0..cases {
            let malformation = Malformation::draw(number, &mut rng);
            let (first, always) = (usize::from(rng.u8(..4) == 0), rng.bool());
            let case = Case { operation: *operation, malformation, first, always, mapping, number };
            let told = Told(&case);
            match case.run(&world).await {
                Ok(believed) => unbelieved += usize::from(!believed),
                Err(violation) => wrong.push(format!("{violation}: {case:?}")),
            }
            drop(told);
        }
    }
    (unbelieved, wrong)
}

async fn all(mapping: Mapping) {
    let (seed, cases) = (seed(), number("DYNAMAP_CASES").unwrap_or(CASES));
    let (unbelieved, wrong) = run(&Operation::ALL, mapping, (seed, cases)).await;
    let answers = cases * Operation::ALL.len() as u64;
    eprintln!(
        "{answers} malformed answers by {mapping:?}, {unbelieved} never to be believed, {} wrong",
        wrong.len()
    );
    assert!(
        wrong.is_empty(),
        "{} of {answers}, the first are {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(20)]
    );
}

#[tokio::test(start_paused = true)]
async fn no_malformed_answer_is_believed_by_the_direct_mapping() {
    all(Mapping::Direct).await;
}

#[tokio::test(start_paused = true)]
async fn no_malformed_answer_is_believed_by_attribute_values() {
    all(Mapping::AttributeValue).await;
}

/// A rule that no fault breaks would show nothing.
#[tokio::test(start_paused = true)]
async fn the_gate_that_dynamap_once_had_is_caught() {
    KnownFault::put_back(Some(KnownFault::UncheckedBody));
    for mapping in [Mapping::Direct, Mapping::AttributeValue] {
        let operations = [Operation::Put, Operation::BatchWrite, Operation::Load, Operation::Get];
        let (_, wrong) = run(&operations, mapping, (seed(), 100)).await;
        for operation in operations {
            let caught =
                wrong.iter().filter(|case| case.contains(&format!("operation: {operation:?},"))).count();
            eprintln!("{caught} of 100 answers to {operation:?} by {mapping:?}");
            assert!(caught > 0, "{operation:?} by {mapping:?}");
        }
    }
    KnownFault::put_back(None);
}
