//! Where an entity may stand, and who may see it.

use super::super::stored;
use dynamap::{Attribute, Entity, Index, TableSchema};

#[test]
fn inside_a_function() {
    #[derive(TableSchema)]
    #[dynamap(partition_key = "pk", indexes(ByKind))]
    struct Shop;

    #[derive(Index)]
    #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
    struct ByKind;

    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Shop, pk = "P#{id}")]
    #[dynamap(index = ByKind, pk = "K#{kind}")]
    struct Product {
        id: u32,
        kind: Kind,
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Attribute)]
    enum Kind {
        Book,
    }

    #[allow(dead_code)]
    #[derive(dynamap::ItemCollection)]
    enum Item {
        Product(Product),
    }

    let _ = (Item::partition(1_u32), Item::Product);
    let product = Product { id: 1, kind: Kind::Book };
    assert_eq!(stored::item(&product)["gsi1pk"], "K#Book");
    let _ = Product::by_kind(Kind::Book);
}

/// Tables, indexes and entities in modules of their own, named by their paths.
mod tables {
    pub(in super::super) mod shop {
        #[derive(dynamap::TableSchema)]
        #[dynamap(partition_key = "pk", sort_key = "sk", indexes(super::indexes::ByGroup))]
        pub(crate) struct Shop;
    }

    pub(super) mod indexes {
        #[derive(dynamap::Index)]
        #[dynamap(table = super::shop::Shop, name = "gsi1", partition_key = "gsi1pk")]
        pub(crate) struct ByGroup;
    }
}

mod products {
    use super::tables;
    use dynamap::Entity;

    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = tables::shop::Shop, pk = "P#{id}", sk = "P#{private}")]
    #[dynamap(index = tables::indexes::ByGroup, pk = "{id}")]
    pub(crate) struct Product {
        pub(super) id: u32,
        pub(super) private: super::Private,
        #[dynamap(default = super::one)]
        pub(super) number: u32,
        #[dynamap(with = super::codec)]
        pub(super) coded: u32,
    }
}

/// Less visible than the entity that has a field of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Attribute)]
struct Private(String);

fn one() -> u32 {
    1
}

mod codec {
    use dynamap::error::{DecodeError, EncodeError};
    use dynamap::value::{FromAttribute, Reader, ToAttribute, Writer};

    pub(super) fn write<W: Writer>(value: &u32, w: &mut W) -> Result<(), EncodeError> {
        value.to_string().write(w)
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<u32, DecodeError> {
        String::read(r)?.parse().map_err(|_| DecodeError::new("a number in a string", "another string"))
    }
}

#[test]
fn in_modules() {
    let product = products::Product { id: 1, private: Private("p".into()), number: 1, coded: 5 };
    let item = stored::item(&product);
    assert_eq!((&item["sk"], &item["coded"]), (&"P#p".into(), &"5".into()));
    assert!(products::Product::by_group(1_u32).into_parts_ok());
}

trait Parts {
    fn into_parts_ok(self) -> bool;
}

impl<C: dynamap::key::IntoKeyCondition> Parts for C {
    fn into_parts_ok(self) -> bool {
        self.into_key_condition().into_parts().is_ok()
    }
}

/// By a macro of the user.
macro_rules! entity {
    ($name:ident, $table:ty, $field:ident: $type:ty, $template:literal) => {
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = tables::shop::Shop, pk = $template, sk = "X")]
        struct $name {
            $field: $type,
        }
    };
}

entity!(Made, Shop, id: u32, "MADE#{id}");

#[test]
fn from_a_macro() {
    assert_eq!(stored::item(&Made { id: 1 })["pk"], "MADE#0000000001");
    let _ = Made::key(1_u32);
}
