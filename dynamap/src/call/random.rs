use super::Handle;
use crate::{
    direct::{AttemptMarks, random_bytes},
    entity::{Entity, StampKind, Stamping},
    error::NoRandomBytes,
    value::{Lineage, VersionValue},
};

impl Handle {
    /// The marks of a write of an item that has this lineage.
    pub(crate) fn marks(&self, base: Option<Lineage>) -> Result<AttemptMarks, NoRandomBytes> {
        match &self.redelivery {
            Some(redelivery) => Ok(AttemptMarks::of_redelivery(redelivery.draw(&self.table), base)),
            None => AttemptMarks::of_lineage(self.random.as_ref(), base),
        }
    }

    /// The values that an update of an entity is stamped with.
    pub(crate) fn stamping<E: Entity>(&self) -> Stamping {
        let is_random = E::STAMPS.iter().any(|stamp| stamp.kind == StampKind::VersionUnique);
        let random = self.redelivery.as_ref().filter(|_| is_random).map(|of| of.draw(&self.table));
        Stamping { now: self.time_of_write(), random }
    }

    /// The version of an item that is created, or the one after another: one that is random comes from the message that
    /// is answered.
    pub(crate) fn version<V: VersionValue>(&self, drawn: Option<V>) -> Option<V> {
        let of_message = || V::from_random(self.redelivery.as_ref()?.draw(&self.table));
        if V::COUNTS { drawn } else { of_message().or(drawn) }
    }

    /// A token of a transaction: 128 random bits, in hexadecimal.
    ///
    /// The SDK would draw one from a generator whose state copies of a virtual machine share.
    pub(crate) fn token(&self) -> Result<String, NoRandomBytes> {
        Ok(format!("{:032x}", u128::from_be_bytes(random_bytes(self.random.as_ref())?)))
    }
}
