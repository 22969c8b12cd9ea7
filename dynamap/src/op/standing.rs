use crate::{
    entity::{Entity, Item, Key, entity_type},
    schema::{IndexProjection, IndexSchema, Primary, Source, TableSchema},
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
    /// The standing of an item read from the table.
    pub(crate) fn of<E: Entity>(item: &Item, now: i64) -> Self {
        Self::read_from::<E, Primary>(item, now)
    }

    /// The standing of an item read from the source `I`.
    pub(crate) fn read_from<E: Entity, I: Source>(item: &Item, now: i64) -> Self {
        if !is_of::<E, I>(item) {
            Self::OtherEntity
        } else if expires_at::<E::Table>(item).is_some_and(|at| at <= now) {
            Self::Expired
        } else {
            Self::Present
        }
    }
}

fn is_of<E: Entity, I: Source>(item: &Item) -> bool {
    match E::Table::ENTITY_TYPE {
        Some(attribute) if !holds::<I>(attribute) => has_key_of::<E>(item),
        // An item without the attribute was written by something else than dynamap: its key has to do.
        Some(_) => entity_type::<E::Table>(item).is_none_or(|name| name == E::NAME),
        None => has_key_of::<E>(item),
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
