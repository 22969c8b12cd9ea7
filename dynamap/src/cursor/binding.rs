//! The hash of all that a sealed cursor is bound to.

use super::absorb::Absorb;
use crate::{
    expr::ConditionExpression,
    key::{KeyConditionParts, RangeForm},
};
use sha2::{Digest, Sha256};

/// A hash of a request and its principal, which no two requests share, also where a client chooses what they ask for.
///
/// It is a part of the encrypted text and no associated data of the cipher, so that a cursor of another request can be told
/// from one that was changed: both are refused, and the server's log has the reason.
#[derive(Clone)]
pub(crate) struct Binding(Sha256);

/// Half of the hash: finding a request that has the hash of another cursor takes 2^128 attempts.
const DIGEST: usize = 16;

impl Binding {
    pub(crate) fn new(principal: Option<&[u8]>, table: &str, index: Option<&str>) -> Self {
        let mut binding = Self(Sha256::new());
        binding.add(b"dynamap cursor");
        binding.add(&[u8::from(principal.is_some())]);
        binding.add(principal.unwrap_or_default());
        binding.add_source(table, index);
        binding
    }

    /// Binds to a query. Where `open_range` is given, the range may have other bounds next time.
    pub(crate) fn with_query(
        mut self,
        condition: &KeyConditionParts,
        descending: bool,
        open_range: Option<&RangeForm>,
    ) -> Self {
        self.add(&[u8::from(open_range.is_some())]);
        self.add_query(condition, descending, open_range);
        self
    }

    pub(crate) fn with_scan(mut self) -> Self {
        self.add_scan();
        self
    }

    pub(crate) fn with_filter(mut self, filter: Option<ConditionExpression>) -> Self {
        self.add(b"filter");
        if let Some(filter) = filter {
            self.add_expression(filter);
        }
        self
    }

    pub(super) fn digest(&self) -> [u8; DIGEST] {
        let hash: [u8; 32] = self.0.clone().finalize().into();
        let mut digest = [0; DIGEST];
        digest.iter_mut().zip(hash).for_each(|(byte, of_hash)| *byte = of_hash);
        digest
    }
}

impl Absorb for Binding {
    fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
        self.0.update((bytes.len() as u64).to_be_bytes());
    }
}
