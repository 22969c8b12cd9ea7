//! dynamap under another name.

mod hidden {
    pub(crate) use ::dynamap as mapper;
}

use self::hidden::mapper::{Attribute, Entity, Index, ItemCollection, Projection, TableSchema};

/// A table.
#[derive(Debug, TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByKind), crate = hidden::mapper)]
pub(crate) struct Shop;

/// An index.
#[derive(Debug, Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", crate = hidden::mapper)]
pub(crate) struct ByKind;

/// An entity.
#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "THING#{id}", crate = hidden::mapper)]
#[dynamap(index = ByKind, pk = "{kind}")]
pub(crate) struct Thing {
    id: u32,
    kind: Kind,
}

/// Variants.
#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(crate = hidden::mapper)]
pub(crate) enum Kind {
    Round,
}

/// A projection.
#[derive(Debug, Projection)]
#[dynamap(entity = Thing, index = ByKind, crate = hidden::mapper)]
#[allow(dead_code)]
pub(crate) struct OnlyKind {
    kind: Kind,
}

/// An item collection.
#[allow(dead_code)]
#[derive(Debug, ItemCollection)]
#[dynamap(index = ByKind, crate = hidden::mapper)]
pub(crate) enum Things {
    /// The only one.
    Thing(Thing),
}

/// The same as a struct.
#[derive(Debug, ItemCollection)]
#[dynamap(crate = hidden::mapper)]
#[allow(dead_code)]
pub(crate) struct OneThing {
    thing: Thing,
}

#[test]
fn it_is_found() {
    let _ = (Thing::by_kind(Kind::Round), Things::by_kind(Kind::Round), OneThing::partition(7_u32));
    let thing = Thing { id: 1, kind: Kind::Round };
    let item = hidden::mapper::entity::to_item(&thing).unwrap_or_default();
    assert_eq!(hidden::mapper::entity::from_item(item), Ok(thing));
}
