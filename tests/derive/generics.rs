//! Generic and recursive types.

use crate::forms::{read, stored};
use dynamap::Attribute;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Debug, PartialEq, Attribute)]
struct Page<T, const N: usize = 2>
where
    T: PartialEq,
{
    entries: Vec<T>,
    first: Option<T>,
}

#[derive(Debug, PartialEq, Attribute)]
struct Wrapper<T: PartialEq>(T);

#[derive(Debug, PartialEq, Attribute)]
struct Couple<A, B>(A, B);

#[derive(Debug, PartialEq, Attribute)]
enum Either<L, R> {
    Left(L),
    Right { value: R },
    Both(L, R),
    Neither,
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(tag = "is")]
enum Tagged<T> {
    Fields { value: T },
    Couple(Holder<T>),
}

#[derive(Debug, PartialEq, Attribute)]
struct Tree {
    name: String,
    left: Option<Box<Tree>>,
    children: Vec<Tree>,
    named: BTreeMap<String, Tree>,
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(rename_all = "lowercase")]
enum Formula {
    Number(i64),
    Negated(Box<Formula>),
    Sum { left: Box<Formula>, right: Box<Formula> },
}

#[derive(Debug, PartialEq, Attribute)]
struct Holder<T> {
    held: T,
}

#[test]
fn structs() {
    let page = Page::<String> { entries: vec!["a".into()], first: None };
    assert_eq!(stored(&page), json!({ "M": { "entries": { "L": [{ "S": "a" }] } } }));
    let nested = Wrapper(Page::<_, 7> { entries: vec![], first: Some(Wrapper(1)) });
    assert_eq!(stored(&nested), json!({ "M": { "entries": { "L": [] }, "first": { "N": "1" } } }));
    assert_eq!(stored(&Couple(1, Some(true))), json!({ "L": [{ "N": "1" }, { "BOOL": true }] }));
}

#[test]
fn enums() {
    type Both = Either<u8, Vec<String>>;
    assert_eq!(stored(&Both::Left(1)), json!({ "M": { "Left": { "N": "1" } } }));
    assert_eq!(
        stored(&Both::Right { value: vec!["a".into()] }),
        json!({ "M": { "Right": { "M": { "value": { "L": [{ "S": "a" }] } } } } })
    );
    assert_eq!(
        stored(&Both::Both(1, vec![])),
        json!({ "M": { "Both": { "L": [{ "N": "1" }, { "L": [] }] } } })
    );
    assert_eq!(stored(&Both::Neither), json!({ "S": "Neither" }));
    let is = |name: &str, field: &str| json!({ "M": { "is": { "S": name }, field: { "N": "1" } } });
    assert_eq!(stored(&Tagged::Fields { value: 1 }), is("Fields", "value"));
    assert_eq!(stored(&Tagged::Couple(Holder { held: 1 })), is("Couple", "held"));
}

fn leaf(name: &str) -> Tree {
    Tree { name: name.into(), left: None, children: vec![], named: BTreeMap::new() }
}

#[test]
fn recursive_structs() {
    let tree = Tree {
        left: Some(Box::new(Tree { children: vec![leaf("b"), leaf("c")], ..leaf("a") })),
        named: [("d".into(), leaf("d"))].into(),
        ..leaf("root")
    };
    let json = stored(&tree);
    assert_eq!(json["M"]["left"]["M"]["children"]["L"][1]["M"]["name"], json!({ "S": "c" }));
    let mut wrong = json;
    wrong["M"]["left"]["M"]["children"]["L"][1]["M"]["name"] = json!({ "N": "1" });
    assert_eq!(read::<Tree>(&wrong).unwrap_err().path(), "left.children[1].name");
}

#[test]
fn recursive_enums() {
    let number = |number| Box::new(Formula::Number(number));
    let sum = Formula::Sum { left: number(1), right: Box::new(Formula::Negated(number(2))) };
    assert_eq!(
        stored(&sum),
        json!({ "M": { "sum": { "M": {
            "left": { "M": { "number": { "N": "1" } } },
            "right": { "M": { "negated": { "M": { "number": { "N": "2" } } } } },
        } } } })
    );
}
