//! Every visibility, in modules.
#![allow(unreachable_pub)]

/// Public all the way.
pub mod public {
    use dynamap::{Attribute, Entity, Index, Projection, TableSchema};

    /// A table.
    #[derive(Debug, TableSchema)]
    #[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByKind))]
    pub struct Shop;

    /// An index.
    #[derive(Debug, Index)]
    #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
    pub struct ByKind;

    /// An entity: what is generated for it is documented, too.
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Shop, pk = "THING#{id}", sk = "{place}#{row}")]
    #[dynamap(index = ByKind, pk = "{kind}", sk = "{row}")]
    pub struct Thing {
        /// Identifies it.
        pub id: u32,
        /// Where it stands.
        pub place: String,
        /// In which row.
        #[dynamap(plain)]
        pub row: u8,
        /// What it is.
        pub kind: Kind,
    }

    /// What a thing is.
    #[derive(Debug, Clone, PartialEq, Attribute)]
    pub enum Kind {
        /// Round.
        Round,
        /// Of many sides.
        #[dynamap(rename = "angular")]
        Square,
    }

    /// Some of it.
    #[derive(Debug, Clone, Projection)]
    #[dynamap(entity = Thing, index = ByKind)]
    #[allow(dead_code)]
    pub struct Place {
        /// Where it stands.
        pub place: String,
    }

    /// A page of anything.
    #[derive(Debug, Clone, PartialEq, Attribute)]
    pub struct Page<T> {
        /// What is on it.
        pub items: Vec<T>,
    }

    /// One of two.
    #[derive(Debug, Clone, PartialEq, Attribute)]
    pub enum Either<L, R>
    where
        L: Clone,
    {
        /// The one.
        Left(L),
        /// The other.
        Right {
            /// What it is.
            right: R,
        },
    }
}

mod crate_wide {
    use dynamap::{Attribute, Entity};

    /// An entity.
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = super::public::Shop, pk = "OTHER#{id}", sk = "OTHER")]
    pub(crate) struct Other {
        pub(crate) id: u32,
        pub(super) kind: Kind,
    }

    /// Variants with fields.
    #[derive(Debug, Clone, PartialEq, Attribute)]
    pub(super) enum Kind {
        Sized { size: u8 },
    }
}

#[test]
fn all_can_be_used_from_outside() {
    use public::{Either, Kind, Page, Thing};
    let thing = Thing { id: 1, place: "shelf".into(), row: 2, kind: Kind::Square };
    let item = dynamap::entity::to_item(&thing).unwrap_or_default();
    assert_eq!(dynamap::entity::from_item(item), Ok(thing));
    let _: public::ThingKey = Thing::key(1, "shelf", 2);
    let _: public::ThingPartition<2> = Thing::partition(1).place("shelf").row(2);
    let _: public::ThingByKind = Thing::by_kind(Kind::Round);

    let page = Page { items: vec![Either::Left(1_u8), Either::Right { right: "r".to_owned() }] };
    let json = dynamap::wire::to_json(&page).unwrap_or_default();
    assert_eq!(dynamap::wire::from_json(&json), Ok(page));

    let other = crate_wide::Other { id: 1, kind: crate_wide::Kind::Sized { size: 3 } };
    let item = dynamap::entity::to_item(&other).unwrap_or_default();
    assert_eq!(dynamap::entity::from_item(item), Ok(other));
}
