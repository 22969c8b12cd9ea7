use crate::error::NoRandomBytes;
use std::{fmt, sync::Arc};

/// A source of random bytes that was given.
#[derive(Clone)]
pub(crate) struct Random(pub(crate) Arc<Fill>);

/// Fills the slice with random bytes.
type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

/// Random bytes, by the source that was given, or else of the operating system.
pub(crate) fn random_bytes<const N: usize>(source: Option<&Random>) -> Result<[u8; N], NoRandomBytes> {
    let mut bytes = [0; N];
    match source {
        Some(Random(fill)) => fill(&mut bytes),
        None => getrandom::fill(&mut bytes).map_err(|_| NoRandomBytes::new())?,
    }
    Ok(bytes)
}
