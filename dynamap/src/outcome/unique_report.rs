use crate::entity::Entity;
use std::fmt;

/// The report of a repair of unique fields.
pub struct UniqueReport<E: Entity> {
    pub(crate) entities: u64,
    pub(crate) sentinels: u64,
    pub(crate) missing: u64,
    pub(crate) orphans: u64,
    pub(crate) skipped: u64,
    pub(crate) duplicates: Vec<UniqueDuplicate<E>>,
}

/// Two entities that have the same values in unique fields.
pub struct UniqueDuplicate<E: Entity> {
    pub(crate) constraint: &'static str,
    pub(crate) key: E::Key,
    pub(crate) owner: E::Key,
}

impl<E: Entity> UniqueReport<E> {
    /// The number of entities that were looked at, without those that have expired.
    pub fn entities(&self) -> u64 {
        self.entities
    }

    /// The number of sentinel items that were looked at, without those that have expired.
    pub fn sentinels(&self) -> u64 {
        self.sentinels
    }

    /// The number of values without a sentinel item, or with one of another time to live. It was written, unless the repair
    /// [only checks](crate::op::RepairUnique::only_check).
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// The number of sentinel items that no entity has the value of. They were deleted, unless the repair only checks.
    pub fn orphans(&self) -> u64 {
        self.orphans
    }

    /// The number of repairs that were left undone, as other writers have changed the items meanwhile: the next run looks at them
    /// again.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Entities with values that another one has: the sentinel item stays with its owner.
    pub fn duplicates(&self) -> &[UniqueDuplicate<E>] {
        &self.duplicates
    }

    /// True if nothing was found that is not as it should be.
    pub fn is_clean(&self) -> bool {
        self.missing == 0 && self.orphans == 0 && self.skipped == 0 && self.duplicates.is_empty()
    }
}

impl<E: Entity> UniqueDuplicate<E> {
    /// The name of the constraint.
    pub fn constraint(&self) -> &'static str {
        self.constraint
    }

    /// The key of the entity whose values are held by another one.
    pub fn key(&self) -> &E::Key {
        &self.key
    }

    /// The key of the entity that holds them.
    pub fn owner(&self) -> &E::Key {
        &self.owner
    }
}

/// Shows numbers only.
impl<E: Entity> fmt::Debug for UniqueReport<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UniqueReport")
            .field("entities", &self.entities)
            .field("sentinels", &self.sentinels)
            .field("missing", &self.missing)
            .field("orphans", &self.orphans)
            .field("skipped", &self.skipped)
            .field("duplicates", &self.duplicates.len())
            .finish()
    }
}

/// Shows no key.
impl<E: Entity> fmt::Debug for UniqueDuplicate<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UniqueDuplicate").field("constraint", &self.constraint).finish_non_exhaustive()
    }
}
