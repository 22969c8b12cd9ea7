use super::Handle;
use crate::{
    direct::{AttemptMarks, random_bytes},
    error::NoRandomBytes,
    value::Lineage,
};

impl Handle {
    /// The marks of a write of an item that has this lineage.
    pub(super) fn marks(&self, base: Option<Lineage>) -> Result<AttemptMarks, NoRandomBytes> {
        AttemptMarks::of_lineage(self.random.as_ref(), base)
    }

    /// A token of a transaction: 128 random bits, in hexadecimal.
    ///
    /// The SDK would draw one from a generator whose state copies of a virtual machine share.
    pub(super) fn token(&self) -> Result<String, NoRandomBytes> {
        Ok(format!("{:032x}", u128::from_be_bytes(random_bytes(self.random.as_ref())?)))
    }
}
