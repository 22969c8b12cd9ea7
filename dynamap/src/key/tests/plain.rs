use super::{part, plain, text};
use crate::error::{KeyError, KeyErrorKind};
use crate::key::{KeyBuilder, KeyParser, KeyRole, KeyTemplate, PartialKey, SortKeyOperator};
use aws_sdk_dynamodb::types::AttributeValue;
use std::ops::Bound;

static COLONS: KeyTemplate = KeyTemplate::new("U:{a}:{b}", &[text("U:"), plain("a"), text(":"), plain("b")]);
static LETTERS: KeyTemplate = KeyTemplate::new("user{a}", &[text("user"), plain("a")]);
static ADJACENT: KeyTemplate = KeyTemplate::new("{a}{b}", &[plain("a"), part("b")]);
static DATE: KeyTemplate = KeyTemplate::new("{a}T{b}", &[plain("a"), text("T"), part("b")]);

fn kind(error: KeyError) -> KeyErrorKind {
    error.kind().clone()
}

fn refused(template: &'static KeyTemplate, value: &str) -> Option<KeyErrorKind> {
    KeyBuilder::new(template).plain(&value).err().map(kind)
}

#[test]
fn a_plain_component_holds_no_separator() {
    for (template, separator) in [(&COLONS, ':'), (&LETTERS, '#'), (&ADJACENT, '#'), (&DATE, 'T')] {
        assert_eq!(
            refused(template, &format!("a{separator}b")),
            Some(KeyErrorKind::HoldsSeparator(separator))
        );
        assert_eq!(refused(template, ""), Some(KeyErrorKind::EmptyPlain));
        for value in ["a b", "!", "$", "é|~/"] {
            assert_eq!(refused(template, value), None);
        }
    }
    let mut key = KeyBuilder::new(&COLONS);
    key.plain(&"a#b").unwrap();
    assert_eq!(key.plain(&"c:d").map_err(kind), Err(KeyErrorKind::HoldsSeparator(':')));
    key.plain(&12).unwrap();
    assert_eq!(key.finish(KeyRole::Sort).unwrap(), "U:a#b:12");
}

#[test]
fn a_plain_component_is_read_by_its_type() {
    let mut key = KeyParser::new(&COLONS, "U:a#b:12").unwrap();
    assert_eq!(key.plain::<String>().unwrap(), "a#b");
    assert_eq!(key.plain::<u8>().unwrap(), 12);
    key.finish().unwrap();

    let mut key = KeyParser::new(&COLONS, "U:secret:secret").unwrap();
    key.skip().unwrap();
    let error = key.plain::<u8>().unwrap_err();
    assert_eq!(error.to_string(), "component `b` of key `U:{a}:{b}`: not the text of a value of its type");
    assert!(!format!("{error:?} {key:?}").contains("secret"));

    for text in ["U::1", "U:a:b:c", "U:a:", "U:a", "V:a:1", ""] {
        let parsed = KeyParser::new(&COLONS, text)
            .and_then(|mut key| key.plain::<String>().and_then(|_| key.plain::<String>()));
        assert!(parsed.is_err(), "{text}");
    }
}

#[test]
fn a_plain_and_an_escaped_component_are_not_confused() {
    assert_eq!(KeyBuilder::new(&COLONS).part(&1_u8).map_err(kind), Err(KeyErrorKind::Components));
    assert_eq!(
        KeyParser::new(&COLONS, "U:1:2").unwrap().part::<u8>().map_err(kind),
        Err(KeyErrorKind::Components)
    );
    let mut key = KeyBuilder::new(&ADJACENT);
    key.plain(&"1").unwrap();
    assert_eq!(key.plain(&"1").map_err(kind), Err(KeyErrorKind::Components));
    key.part(&"1".to_owned()).unwrap();
    assert_eq!(key.text(), "1#1");
    assert_eq!(key.part(&1_u8).map_err(kind), Err(KeyErrorKind::Components));
}

#[test]
fn plain_ranges_are_ranges_of_text() {
    use Bound::{Excluded, Included, Unbounded};
    let key = || PartialKey::<(), ()>::new().sort_template("sk", &COLONS).plain(&"x");
    let text = |text: &str| text.to_owned();
    let between = |a: &str, b: String| {
        Ok(Some(SortKeyOperator::Between(AttributeValue::S(a.to_owned()), AttributeValue::S(b))))
    };
    let operator = |from, to| {
        let parts = key().plain_range(from, to).into_parts().map_err(kind);
        parts.map(|mut parts| parts.sort.pop().map(|(_, operator)| operator))
    };
    assert_eq!(operator(Included(text("a")), Included(text("b"))), between("U:x:a", text("U:x:b")));
    let below_b = text("U:x:a") + &char::MAX.to_string().repeat(254) + "\u{ffff}";
    assert_eq!(below_b.len(), 1024);
    assert_eq!(operator(Excluded(text("a")), Excluded(text("b"))), between("U:x:a\0", below_b));
    let end = text("U:x:") + &char::MAX.to_string().repeat(255);
    assert_eq!(operator(Included(text("a")), Unbounded), between("U:x:a", end));
    assert_eq!(operator(Included(text("b")), Included(text("a"))), Err(KeyErrorKind::EmptyRange));
    assert_eq!(operator(Excluded(text("a")), Excluded(text("a\0"))), Err(KeyErrorKind::EmptyRange));
    assert_eq!(operator(Included(text("a:")), Unbounded), Err(KeyErrorKind::HoldsSeparator(':')));

    let early = PartialKey::<(), ()>::new().sort_template("sk", &COLONS).plain_range(Unbounded, Unbounded);
    assert_eq!(early.into_parts().map_err(kind), Err(KeyErrorKind::Components));

    let starts = key().begins_with("ab").into_parts().unwrap();
    assert_eq!(starts.sort, [("sk", SortKeyOperator::BeginsWith(AttributeValue::S(text("U:x:ab"))))]);
    assert_eq!(key().begins_with("a:b").into_parts().map_err(kind), Err(KeyErrorKind::HoldsSeparator(':')));
}
