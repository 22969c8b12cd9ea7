//! The place that a sealed cursor names.

use crate::{key::SortKeyOperator, wire};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::BTreeMap;

/// The content of a sealed cursor: a place, and the page to read at it.
pub(crate) struct SealedPlace<'a> {
    pub(crate) side: PageSide,
    /// The key of an item as the JSON of an item; `None` is the start of the query, or its end before which a page is.
    pub(crate) key: Option<&'a [u8]>,
    /// The range of the first page, where later ones keep it.
    pub(crate) range: Option<SortKeyOperator>,
}

/// The side of a place on which a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageSide {
    After,
    Before,
}

impl<'a> SealedPlace<'a> {
    pub(super) fn write(&self, text: &mut Vec<u8>) {
        let key = self.key.unwrap_or_default();
        text.push(match self.side {
            PageSide::After => 0,
            PageSide::Before => 1,
        });
        // A key is never as long as that: `MAX_TEXT` bounds what can be opened.
        text.extend(u32::try_from(key.len()).unwrap_or(u32::MAX).to_be_bytes());
        text.extend(key);
        if let Some(range) = &self.range {
            let values = ["0", "1"].into_iter().zip(range.operands());
            let values: BTreeMap<_, _> =
                values.map(|(name, value)| (name.to_owned(), value.clone())).collect();
            text.push(number_of(range));
            text.extend(wire::item_to_json(&values).unwrap_or_default());
        }
    }

    pub(super) fn read(text: &'a [u8]) -> Option<Self> {
        let (side, text) = text.split_first()?;
        let side = match side {
            0 => PageSide::After,
            1 => PageSide::Before,
            _ => return None,
        };
        let (length, text) = text.split_first_chunk()?;
        let (key, range) = text.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let range = match range.split_first() {
            Some((number, values)) => {
                let mut values = wire::item_from_json::<BTreeMap<String, AttributeValue>>(values).ok()?;
                Some(operator(*number, values.remove("0")?, values.remove("1"))?)
            }
            None => None,
        };
        Some(Self { side, key: Some(key).filter(|key| !key.is_empty()), range })
    }
}

fn number_of(operator: &SortKeyOperator) -> u8 {
    match operator {
        SortKeyOperator::Equal(_) => 0,
        SortKeyOperator::Less(_) => 1,
        SortKeyOperator::LessOrEqual(_) => 2,
        SortKeyOperator::Greater(_) => 3,
        SortKeyOperator::GreaterOrEqual(_) => 4,
        SortKeyOperator::Between(..) => 5,
        SortKeyOperator::BeginsWith(_) => 6,
    }
}

fn operator(number: u8, first: AttributeValue, second: Option<AttributeValue>) -> Option<SortKeyOperator> {
    Some(match number {
        0 => SortKeyOperator::Equal(first),
        1 => SortKeyOperator::Less(first),
        2 => SortKeyOperator::LessOrEqual(first),
        3 => SortKeyOperator::Greater(first),
        4 => SortKeyOperator::GreaterOrEqual(first),
        5 => SortKeyOperator::Between(first, second?),
        6 => SortKeyOperator::BeginsWith(first),
        _ => return None,
    })
}
