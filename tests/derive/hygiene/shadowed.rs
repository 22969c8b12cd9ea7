//! The user's types have the names of the standard library's and of dynamap's.
#![allow(dead_code)]

use ::dynamap as renamed;

struct Option;
struct Result;
struct Some;
struct None;
struct Ok;
struct Err;
struct Vec;
struct Box;
struct Default;
struct From;
struct Clone;
struct Key;
struct Writer;
struct Reader;
struct AttributeValue;
struct Stored;
struct FieldOf;
mod core {}
mod std {}
mod dynamap {}

#[derive(renamed::TableSchema)]
#[dynamap(crate = renamed, partition_key = "pk", sort_key = "sk", indexes(I))]
struct S;

#[derive(renamed::Index)]
#[dynamap(crate = renamed, table = S, name = "gsi1", partition_key = "gsi1pk")]
struct I;

/// An entity called as a generic parameter might be, with components whose types are called so, too.
#[derive(renamed::Entity, Debug, PartialEq, ::std::clone::Clone)]
#[dynamap(crate = renamed, table = S, pk = "{a}", sk = "{r}#{string}")]
#[dynamap(index = I, pk = "{w}")]
struct E {
    a: A,
    r: R,
    w: W,
    string: String,
    maybe: ::std::option::Option<W>,
    t: T<A>,
    u: U,
}

/// Called as generic parameters of generated code might be.
#[derive(renamed::ItemCollection)]
#[dynamap(crate = renamed)]
enum Item {
    E(E),
    Of(Of),
}

#[derive(renamed::ItemCollection)]
#[dynamap(crate = renamed, index = I)]
struct Items {
    member: ::std::vec::Vec<E>,
    item: ::std::option::Option<V>,
    items: V2,
    #[dynamap(unknown)]
    visitor: ::std::vec::Vec<renamed::entity::Item>,
}

macro_rules! in_the_index {
    ($($name:ident $text:literal)*) => { $(
        #[derive(renamed::Entity)]
        #[dynamap(crate = renamed, table = S, pk = "{a}", sk = $text)]
        #[dynamap(index = I, pk = "{w}")]
        struct $name {
            a: A,
            w: W,
        }
    )* };
}

in_the_index!(Of "OF" V "V" V2 "V2");

#[derive(renamed::Attribute, Debug, PartialEq, Eq, Hash, ::std::clone::Clone)]
#[dynamap(crate = renamed)]
struct A(u8);

#[derive(renamed::Attribute, Debug, PartialEq, Eq, Hash, ::std::clone::Clone)]
#[dynamap(crate = renamed)]
struct R(u8);

#[derive(renamed::Attribute, Debug, PartialEq, Eq, Hash, ::std::clone::Clone)]
#[dynamap(crate = renamed)]
enum W {
    N,
}

#[derive(renamed::Attribute, Debug, PartialEq, Eq, Hash, ::std::clone::Clone)]
#[dynamap(crate = renamed)]
struct String(::std::string::String);

#[derive(renamed::Attribute, Debug, PartialEq, ::std::clone::Clone)]
#[dynamap(crate = renamed)]
struct T<R> {
    r: R,
    w: W,
}

#[derive(renamed::Attribute, Debug, PartialEq, ::std::clone::Clone)]
#[dynamap(crate = renamed, tag = "t")]
enum U {
    Some { r: R },
    None,
    Ok(T<A>),
    Self_ { w: W, string: String },
}

#[derive(renamed::Projection, Debug)]
#[dynamap(crate = renamed, entity = E, index = I)]
struct P {
    #[dynamap(key)]
    a: A,
    w: W,
    #[dynamap(nested)]
    t: Half,
}

#[derive(renamed::Projection, Debug)]
#[dynamap(crate = renamed, of = T<A>)]
struct Half {
    r: A,
    w: W,
}

#[test]
fn an_entity_is_stored() {
    use ::std::option::Option;
    let string = String("s".to_owned());
    let e = E {
        a: A(1),
        r: R(2),
        w: W::N,
        string: string.clone(),
        maybe: Option::Some(W::N),
        t: T { r: A(3), w: W::N },
        u: U::Self_ { w: W::N, string: string.clone() },
    };
    let item = super::super::stored::item(&e);
    assert_eq!((item["pk"].as_str(), item["sk"].as_str()), (Option::Some("001"), Option::Some("002#s")));
    assert!(E::partition(A(1)).r(R(2)).string(&string..).into_parts().is_ok());
}
