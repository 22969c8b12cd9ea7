//! The seed of random plans.

/// Returns the seed in the environment variable `DYNAMAP_SEED`, or else a new one, and prints it to standard error. A
/// value that is not a number is a seed as well.
pub(crate) fn seed_from_env() -> u64 {
    let seed = match std::env::var("DYNAMAP_SEED") {
        Ok(seed) => seed.parse().unwrap_or_else(|_| crc32fast::hash(seed.as_bytes()).into()),
        Err(_) => fastrand::u64(..),
    };
    eprintln!("DYNAMAP_SEED={seed}");
    seed
}
