use super::{part, plain, text};
use crate::{
    error::{KeyError, KeyErrorKind},
    key::{KeyBuilder, KeyParser, KeyRole, KeyTemplate, PartialKey, SortKeyOperator},
};
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

static SUFFIX: KeyTemplate = KeyTemplate::new("{a}-notification", &[plain("a"), text("-notification")]);
static DASHES: KeyTemplate = KeyTemplate::new("{a}--{b}", &[plain("a"), text("--"), part("b")]);

#[test]
fn a_plain_component_does_not_hold_what_ends_it() {
    for (template, end) in [(&COLONS, ":"), (&ADJACENT, "#"), (&DATE, "T"), (&DASHES, "--")] {
        let held = Some(KeyErrorKind::HoldsSeparator(end.into()));
        assert_eq!(refused(template, &format!("a{end}b")), held);
        assert_eq!(refused(template, ""), Some(KeyErrorKind::EmptyPlain));
        for value in ["a b", "!", "$", "é|~/"] {
            assert_eq!(refused(template, value), None);
        }
    }
    // What comes after it would end it earlier.
    assert_eq!(refused(&DASHES, "a-"), Some(KeyErrorKind::HoldsSeparator("--".into())));
    assert_eq!(refused(&DASHES, "a-b"), None);
    let mut key = KeyBuilder::new(&COLONS);
    key.plain(&"a#b").unwrap();
    key.plain(&12).unwrap();
    assert_eq!(key.finish(KeyRole::Sort).unwrap(), "U:a#b:12");
}

/// Nothing but the end of the key ends it, or the literal text that the key ends with.
#[test]
fn the_last_plain_component_holds_anything() {
    let uuid = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    for template in [&LETTERS, &SUFFIX] {
        for value in ["001EQUIPMENTS#002", uuid, "a#b", "x-notification", "-notification", "user"] {
            let mut key = KeyBuilder::new(template);
            key.plain(&value).unwrap();
            let key = key.finish(KeyRole::Sort).unwrap();
            let mut parser = KeyParser::new(template, &key).unwrap();
            assert_eq!(parser.plain::<String>().unwrap(), value);
            parser.finish().unwrap();
        }
    }
    assert!(KeyParser::new(&SUFFIX, "-notification").unwrap().plain::<String>().is_err());
    assert!(KeyParser::new(&SUFFIX, "a-notificatio").unwrap().plain::<String>().is_err());
    let mut key = KeyBuilder::new(&COLONS);
    key.plain(&"a").unwrap();
    key.plain(&"b:c").unwrap();
    let key = key.finish(KeyRole::Sort).unwrap();
    let mut parser = KeyParser::new(&COLONS, &key).unwrap();
    assert_eq!(
        (parser.plain::<String>().unwrap().as_str(), parser.plain::<String>().unwrap().as_str()),
        ("a", "b:c")
    );
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

    for text in ["U::1", "U:a:", "U:a", "V:a:1", ""] {
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
    assert!(operator(Included(text("a:")), Unbounded).is_ok(), "the last component holds anything");

    let early = PartialKey::<(), ()>::new().sort_template("sk", &COLONS).plain_range(Unbounded, Unbounded);
    assert_eq!(early.into_parts().map_err(kind), Err(KeyErrorKind::Components));

    let starts = key().begins_with("ab").into_parts().unwrap();
    assert_eq!(starts.sort, [("sk", SortKeyOperator::BeginsWith(AttributeValue::S(text("U:x:ab"))))]);
    let first = PartialKey::<(), ()>::new().sort_template("sk", &COLONS);
    let held = first.begins_with("a:b").into_parts().map_err(kind);
    assert_eq!(held, Err(KeyErrorKind::HoldsSeparator(":".into())));
}
