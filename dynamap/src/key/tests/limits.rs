//! Keys at the limits: the greatest length, neighbors at the end of the order, the last year.

use super::{part, text};
use crate::{
    error::KeyErrorKind,
    key::{
        KeyCondition, KeyParser, KeyRole, KeyTemplate, SortKeyOperator,
        interval::{ComponentForm, above_all_below, range},
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::ops::Bound::{Excluded, Included, Unbounded};

static ORDER: KeyTemplate = KeyTemplate::new("O#{a}#{b}", &[text("O#"), part("a"), text("#"), part("b")]);

#[test]
fn a_key_is_read_when_all_its_components_are() {
    let mut key = KeyParser::new(&ORDER, "O#1#2").unwrap();
    key.skip().unwrap();
    assert_eq!(key.finish().unwrap_err().kind(), &KeyErrorKind::Components);
    // Nothing is left of the text, and a component of it is.
    let key = KeyParser::new(&ORDER, "O#").unwrap();
    assert_eq!(key.finish().unwrap_err().kind(), &KeyErrorKind::Components);
}

/// A key of one byte less than the greatest length has a key below it: the one that ends with `#`.
#[test]
fn keys_below_a_value_are_bounded_up_to_the_greatest_length() {
    let limit = KeyRole::Sort.limit();
    let long = "a".repeat(limit - 1);
    assert_eq!(above_all_below(long.clone()), format!("{long}$"));
    assert_eq!(above_all_below("a".repeat(limit)), "a".repeat(limit));
    let form = ComponentForm::Escaped { fixed_width: false, exact_end: false };
    let above = AttributeValue::S(format!("{long}$"));
    let after = range("", form, Excluded(long), Unbounded).unwrap();
    assert_eq!(after, Some(SortKeyOperator::GreaterOrEqual(above)));
}

/// DynamoDB refuses `BETWEEN` with a first bound that is the greater one.
#[test]
fn nothing_is_between_neighbors() {
    let between =
        |from: &str, to: &str| range("", ComponentForm::Plain, Excluded(from.into()), Excluded(to.into()));
    assert_eq!(between("a", "a\0"), Err(KeyErrorKind::EmptyRange));
    assert!(between("a", "a\0\0").is_ok());
    let below_least = range("A#", ComponentForm::Plain, Included("A#".into()), Excluded("A#".into()));
    assert_eq!(below_least, Err(KeyErrorKind::EmptyRange));
}

#[test]
fn a_condition_is_cloned_as_a_whole() {
    let value = || AttributeValue::S("a".into());
    let mut condition = KeyCondition::<(), ()>::new();
    condition.add_partition("pk", value());
    condition.add_sort("sk", SortKeyOperator::Less(value()));
    let parts = condition.clone().into_parts().unwrap();
    assert!(parts == condition.clone().into_parts().unwrap() && parts.sort.len() == 1);
    let error = KeyParser::new(&ORDER, "").unwrap_err();
    condition.fail(error.clone());
    condition.fail(KeyParser::new(&ORDER, "O#").unwrap().finish().unwrap_err());
    // The first error is the one that is told.
    assert_eq!(condition.clone().into_parts().unwrap_err().kind(), error.kind());
}

#[cfg(any(feature = "jiff", feature = "chrono"))]
mod dates {
    use crate::key::{KeyPart, PartWriter};

    fn written<T: KeyPart>(value: &T) -> Option<String> {
        let mut text = String::new();
        value.write_part(&mut PartWriter::new(&mut text)).ok().map(|()| text)
    }

    fn assert_only_the_form_is_read<T: KeyPart>() {
        for text in ["2026/01/31", "2026-01-31Z", "2026-1-31", "2026-01-3x", "26-01-31", "2026-02-30", ""] {
            assert!(T::read_part(text).is_err(), "{text}");
        }
        for text in ["9999-12-31", "0000-01-01", "2024-02-29"] {
            assert_eq!(written(&T::read_part(text).unwrap()).as_deref(), Some(text));
        }
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn dates_of_jiff_have_four_digits_for_the_year() {
        assert_only_the_form_is_read::<jiff::civil::Date>();
        assert_eq!(written(&jiff::civil::date(-1, 12, 31)), None);
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn dates_of_chrono_have_four_digits_for_the_year() {
        assert_only_the_form_is_read::<chrono::NaiveDate>();
        for year in [-1, 10_000] {
            let date = chrono::NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            assert_eq!(written(&date), None, "{year}");
        }
    }
}
