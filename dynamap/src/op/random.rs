use super::Handle;
use crate::{error::NoRandomBytes, value::OperationId};
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

impl Handle {
    /// Random bytes, by the source of the table, or else of the operating system.
    pub(super) fn random_bytes<const N: usize>(&self) -> Result<[u8; N], NoRandomBytes> {
        let mut bytes = [0; N];
        match &self.random {
            Some(Random(fill)) => fill(&mut bytes),
            None => getrandom::fill(&mut bytes).map_err(|_| NoRandomBytes::new())?,
        }
        Ok(bytes)
    }

    /// The id of a write, by which it knows itself in the lineage of an item.
    pub(super) fn operation_id(&self) -> Result<OperationId, NoRandomBytes> {
        self.random_bytes().map(OperationId::new)
    }

    /// A token of a transaction: 128 random bits, in hexadecimal.
    ///
    /// The SDK would draw one from a generator whose state copies of a virtual machine share.
    pub(super) fn token(&self) -> Result<String, NoRandomBytes> {
        Ok(format!("{:032x}", u128::from_be_bytes(self.random_bytes()?)))
    }
}
