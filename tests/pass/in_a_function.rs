//! Inside a function, where no path leads to the types.

use dynamap::{Attribute, Entity, Index, Projection, TableSchema};

#[test]
fn derives_in_a_function() {
    #[derive(Debug, TableSchema)]
    #[dynamap(partition_key = "pk", indexes(ByKind))]
    struct Shop;

    #[derive(Debug, Index)]
    #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = include("name"))]
    struct ByKind;

    #[derive(Debug, PartialEq, Entity)]
    #[dynamap(table = Shop, pk = "THING#{id}")]
    #[dynamap(index = ByKind, pk = "KIND#{kind}")]
    struct Thing {
        id: u32,
        kind: Kind,
        name: String,
    }

    #[derive(Debug, Clone, PartialEq, Attribute)]
    enum Kind {
        Round,
    }

    #[derive(Debug, PartialEq, Projection)]
    #[dynamap(entity = Thing, index = ByKind)]
    struct Name {
        name: String,
    }

    let thing = Thing { id: 7, kind: Kind::Round, name: "ball".into() };
    let item = dynamap::entity::to_item(&thing);
    let Ok(item) = item else { unreachable!("it can be stored") };
    assert_eq!(item.len(), 6);
    let name = dynamap::wire::item_from_attribute_values::<Name>(item.clone());
    assert_eq!(name, Ok(Name { name: "ball".into() }));
    assert_eq!(dynamap::entity::from_item::<Thing>(item), Ok(thing));
    let _ = (Thing::key(7), Thing::partition(7), Thing::by_kind(Kind::Round), Thing::NAME);
}
