use crate::{
    entity::{Entity, Item, Key, entity_type},
    schema::{IndexProjection, IndexSchema, Source, TableSchema},
};

/// Whether a stored item counts as an item of the entity that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It does.
    Present,
    /// Its time to live is over, though DynamoDB has not deleted it yet.
    Expired,
    /// It is an item of another entity.
    OtherEntity,
}

impl Standing {
    /// The standing of an item that was read by a key of `E`.
    pub(crate) fn of_key<E: Entity>(item: &Item, now: i64) -> Self {
        Self::new::<E>(item, now, || true)
    }

    /// The standing of an item that a key condition selected: where it does not say what it is, its key does.
    pub(crate) fn of_selected<E: Entity>(item: &Item, now: i64) -> Self {
        Self::new::<E>(item, now, || has_key_of::<E>(item))
    }

    fn new<E: Entity>(item: &Item, now: i64, unnamed: impl FnOnce() -> bool) -> Self {
        if !entity_type::<E::Table>(item).map_or_else(unnamed, |name| name == E::NAME) {
            Self::OtherEntity
        } else if expires_at::<E::Table>(item).is_some_and(|at| at <= now) {
            Self::Expired
        } else {
            Self::Present
        }
    }
}

/// True if the item's key follows the entity's templates.
fn has_key_of<E: Entity>(item: &Item) -> bool {
    let sort_key = E::Table::SORT_KEY.and_then(|attribute| item.get(attribute.name).cloned());
    E::Key::from_attributes(item.get(E::Table::PARTITION_KEY.name).cloned(), sort_key).is_ok()
}

/// When the item's time to live is over, in seconds since 1970.
///
/// DynamoDB: an attribute that is no number is no time to live.
fn expires_at<S: TableSchema>(item: &Item) -> Option<i64> {
    let seconds = item.get(S::TTL?)?.as_n().ok()?;
    seconds.parse().ok().or_else(|| seconds.parse::<f64>().ok().map(|seconds| seconds as i64))
}

/// True if the source holds the attribute, which is no key.
pub(crate) fn holds<I: Source>(attribute: &str) -> bool {
    match I::INDEX {
        None | Some(IndexSchema { projection: IndexProjection::All, .. }) => true,
        Some(IndexSchema { projection: IndexProjection::KeysOnly, .. }) => false,
        Some(IndexSchema { projection: IndexProjection::Include(names), .. }) => names.contains(&attribute),
    }
}
