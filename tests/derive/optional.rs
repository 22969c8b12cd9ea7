//! Fields that may be `None`, whatever their type is called.

use crate::forms::{plain, read, read_item, stored, with, written_item};
use dynamap::{Attribute, Entity, Index, ItemCollection, TableSchema};
use serde_json::json;

type Maybe<T> = Option<T>;

/// Stores a number with a minus sign.
mod negated {
    use dynamap::{
        error::{DecodeError, EncodeError},
        value::{FromAttribute, Reader, ToAttribute, Writer},
    };

    pub(super) fn write<W: Writer>(value: &Option<i8>, w: &mut W) -> Result<(), EncodeError> {
        value.map(|value| -value).write(w)
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<Option<i8>, DecodeError> {
        Ok(Option::<i8>::read(r)?.map(|value| -value))
    }
}

#[derive(Debug, Default, PartialEq, Attribute)]
struct Alias {
    own: Maybe<i8>,
    #[dynamap(with = negated)]
    with: Maybe<i8>,
    #[dynamap(serde)]
    serde: Maybe<(i8, i8)>,
    #[allow(unused_parens)]
    #[dynamap(with = negated)]
    parentheses: (Option<i8>),
    #[dynamap(with = negated)]
    path: ::core::option::Option<i8>,
}

/// The same by a macro that is given the types.
macro_rules! document {
    ($name:ident { $($(#[$option:meta])* $field:ident: $ty:ty,)* }) => {
        #[derive(Debug, Default, PartialEq, Attribute)]
        struct $name { $($(#[$option])* $field: $ty,)* }
    };
}

document! { FromMacro {
    own: Option<i8>,
    #[dynamap(with = negated)]
    with: Option<i8>,
    #[dynamap(serde)]
    serde: Option<(i8, i8)>,
    #[dynamap(with = negated)]
    alias: Maybe<i8>,
} }

#[test]
fn none_is_no_attribute_under_any_name() {
    let empty = json!({ "M": {} });
    assert_eq!(stored(&Alias::default()), empty);
    assert_eq!(stored(&FromMacro::default()), empty);
    let some =
        Alias { own: Some(1), with: Some(2), serde: Some((3, 4)), parentheses: Some(5), path: Some(6) };
    let expected = json!({ "own": 1, "with": -2, "serde": [3, 4], "parentheses": -5, "path": -6 });
    assert_eq!(plain(&stored(&some)), expected);
    let some = FromMacro { own: Some(1), with: Some(2), serde: Some((3, 4)), alias: Some(5) };
    assert_eq!(plain(&stored(&some)), json!({ "own": 1, "with": -2, "serde": [3, 4], "alias": -5 }));
    let null =
        json!({ "M": { "own": { "NULL": true }, "with": { "NULL": true }, "serde": { "NULL": true } } });
    assert_eq!(read(&null), Ok(Alias::default()));
    assert_eq!(read(&null), Ok(FromMacro::default()));
}

/// A condition compares with what the field writes.
#[test]
fn conditions_know_what_is_absent() {
    let entity = Order { id: 1, owner: None, plain: None, with: None };
    let json = written_item(&entity);
    assert_eq!(json.get("with"), None);
    assert_eq!(read_item::<Order>(&json), Ok(entity));
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByOwner, ByPlain))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
struct ByOwner;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = "plain")]
struct ByPlain;

macro_rules! entity {
    ($name:ident { $($(#[$option:meta])* $field:ident: $ty:ty,)* }) => {
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = Shop, pk = "{id}")]
        #[dynamap(index = ByOwner, pk = "{owner}")]
        #[dynamap(index = ByPlain, pk = plain)]
        struct $name { $($(#[$option])* $field: $ty,)* }
    };
}

entity! { Order {
    id: u8,
    owner: Option<String>,
    plain: Option<String>,
    #[dynamap(with = negated)]
    with: Maybe<i8>,
} }

#[test]
fn an_index_is_sparse_where_a_macro_writes_the_types() {
    let order = Order { id: 1, owner: None, plain: Some("p".into()), with: Some(1) };
    let json = crate::forms::item(&order);
    assert_eq!((json.get("gsi1pk"), &json["plain"]), (None, &json!({ "S": "p" })));
    let owned = Order { owner: Some("o".into()), plain: None, ..order };
    let json = crate::forms::item(&owned);
    assert_eq!((&json["gsi1pk"], json.get("plain")), (&json!({ "S": "o" }), None));
    let _ = (Order::by_owner("o"), Order::by_plain("p".to_owned()));
    let without = with(&json, "owner", None);
    assert_eq!(read_item::<Order>(&without).map(|order| order.owner), Ok(None));
}

macro_rules! collection {
    ($name:ident { $($field:ident: $ty:ty,)* }) => {
        #[derive(Debug, ItemCollection)]
        #[allow(dead_code)]
        struct $name { $($field: $ty,)* }
    };
}

collection! { Orders {
    orders: Vec<Order>,
} }

#[test]
fn members_of_a_collection_by_a_macro() {
    let _ = Orders::partition(1);
}
