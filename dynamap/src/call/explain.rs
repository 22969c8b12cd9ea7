//! The request of a call and its cost in capacity units, without sending it.

mod index_capacity;
mod indexes;
mod vector_indexes;

pub use index_capacity::{IndexCapacity, VectorIndexCapacity};

use crate::{
    capacity::{Billing, write_units},
    direct::{BATCH_GET_ITEM, BATCH_WRITE_ITEM},
    entity::Item,
    expr::{MAX_BYTES, MAX_OPERATORS},
    value::ToAttribute,
    wire::{JsonWriter, item_size, push_string},
};
use aws_sdk_dynamodb::types::{
    AttributeValue, KeysAndAttributes, ReturnConsumedCapacity, ReturnValue,
    ReturnValuesOnConditionCheckFailure,
};
use std::{collections::HashMap, fmt, ops::RangeInclusive};

/// The request that a call would send to DynamoDB, made by `explain` of a builder. Nothing is sent.
///
/// It displays as text: the request, the size of its expressions and of its item against DynamoDB's limits, and the
/// capacity units that it will consume. It shows values, as requests hold them.
#[derive(Clone)]
pub struct Explanation {
    operation: &'static str,
    members: Vec<(&'static str, String)>,
    expressions: Vec<ExpressionSize>,
    item_size: Option<usize>,
    capacity: Capacity,
    indexes: Vec<IndexCapacity>,
    vector_indexes: Vec<VectorIndexCapacity>,
}

/// The size of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpressionSize {
    /// The member of the request, such as `UpdateExpression`.
    pub member: &'static str,
    /// Its length in bytes. DynamoDB takes 4,096.
    pub bytes: usize,
    /// The number of its operators and functions. DynamoDB takes 300.
    pub operators: usize,
}

/// The read or write capacity units that a request takes from the table, at least and at most.
///
/// DynamoDB counts by the size of the stored items, rounded up to the next 4 KB of a read and 1 KB of a write. That
/// size is not known before the request: the most is that of items of 400 KB, and of pages of 1 MB. The units are
/// those of a write that succeeds; a failed condition costs as much as a write of the stored item.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Capacity {
    /// Read capacity units (RCU), for each request.
    Read(RangeInclusive<f64>),
    /// Write capacity units (WCU) of the table. [`Explanation::indexes`] has those of the indexes.
    Write(RangeInclusive<f64>),
    /// The bytes that a search of a vector index reads, which DynamoDB tells afterwards. It takes no units.
    VectorSearch,
    /// None: the operation is about the table, not its items.
    None,
}

impl Explanation {
    pub(crate) fn new(operation: &'static str, table: &Option<String>, capacity: Capacity) -> Self {
        Self::of(operation, Vec::new(), Vec::new(), capacity).text("TableName", table.as_deref())
    }

    fn of(
        operation: &'static str,
        members: Vec<(&'static str, String)>,
        expressions: Vec<ExpressionSize>,
        capacity: Capacity,
    ) -> Self {
        let (indexes, vector_indexes) = (Vec::new(), Vec::new());
        Self { operation, members, expressions, item_size: None, capacity, indexes, vector_indexes }
    }

    pub(crate) fn json(mut self, name: &'static str, json: Option<String>) -> Self {
        self.members.extend(json.map(|json| (name, json)));
        self
    }

    pub(crate) fn text(self, name: &'static str, text: Option<&str>) -> Self {
        self.json(name, text.map(json_string))
    }

    pub(crate) fn flag(self, name: &'static str, flag: &Option<bool>) -> Self {
        self.json(name, flag.map(|flag| flag.to_string()))
    }

    pub(crate) fn number(self, name: &'static str, number: &Option<i32>) -> Self {
        self.json(name, number.map(|number| number.to_string()))
    }

    /// An item, a key, or the values of the expressions.
    pub(crate) fn item(self, name: &'static str, item: &Option<Item>) -> Self {
        self.json(name, item.as_ref().map(item_json))
    }

    /// A request for these keys of each table.
    pub(crate) fn of_batch_get<'t>(
        tables: impl Iterator<Item = (&'t str, KeysAndAttributes, Billing)>,
    ) -> Self {
        let (mut lists, mut capacity) = (Vec::new(), Capacity::None);
        for (table, keys, billing) in tables {
            lists.push((table, Some(keys_json(&keys))));
            let consistent_read = keys.consistent_read() == Some(true);
            capacity =
                capacity.and(&Capacity::of_batch_get(keys.keys().len(), consistent_read, billing), 1.0);
        }
        let members = vec![("RequestItems", json_object(lists))];
        Self::of(BATCH_GET_ITEM.name, members, Vec::new(), capacity)
    }

    /// A request with these writes to each table, which cost at least and at most these units.
    pub(crate) fn of_batch_write<'a, W: Iterator<Item = &'a [u8]>>(
        tables: impl Iterator<Item = (&'a str, W)>,
        units: RangeInclusive<f64>,
    ) -> Self {
        let list = |writes: W| json_list(writes.map(|json| String::from_utf8_lossy(json).into_owned()));
        let lists = tables.map(|(table, writes)| (table, Some(list(writes))));
        let members = vec![("RequestItems", json_object(lists))];
        Self::of(BATCH_WRITE_ITEM.name, members, Vec::new(), Capacity::Write(units))
    }

    /// A transaction of these actions, which costs twice the single writes.
    pub(crate) fn of_transaction(
        operation: &'static str,
        actions: Vec<(&'static str, Self)>,
        token: Option<&str>,
    ) -> Self {
        let action =
            |(kind, action): &(&'static str, Self)| json_object([(*kind, Some(action.request_json()))]);
        let list = json_list(actions.iter().map(action));
        // DynamoDB: a transaction takes the double of each action.
        let capacity = actions.iter().fold(Capacity::None, |sum, (_, action)| sum.and(&action.capacity, 2.0));
        let expressions = actions.into_iter().flat_map(|(_, action)| action.expressions).collect();
        let members = vec![("TransactItems", list)];
        let explanation = Self::of(operation, members, expressions, capacity);
        explanation.text("ClientRequestToken", token)
    }

    /// The item that is written, which takes at least this capacity.
    pub(crate) fn new_item(mut self, item: &Option<Item>, billing: Billing) -> Self {
        if let Some(item) = item {
            self = self.at_least(billing.item_size(item));
            self.item_size = Some(item_size(item));
        }
        self.item("Item", item)
    }

    /// The write makes an item of at least this size.
    pub(crate) fn at_least(mut self, size: usize) -> Self {
        if let Capacity::Write(units) = &mut self.capacity {
            *units = write_units(size).max(*units.start()).min(*units.end())..=*units.end();
        }
        self
    }

    /// There is no item before the new one, so that this alone counts.
    pub(crate) fn of_new_item(mut self) -> Self {
        if let Capacity::Write(units) = &mut self.capacity {
            *units = *units.start()..=*units.start();
        }
        self
    }

    pub(crate) fn names(self, names: &Option<HashMap<String, String>>) -> Self {
        self.json(
            "ExpressionAttributeNames",
            names.as_ref().map(|names| sorted(names, |name| json_string(name))),
        )
    }

    /// The values that the request returns (`ReturnValues`).
    pub(crate) fn returns(
        self,
        values: &Option<ReturnValue>,
        failed: &Option<ReturnValuesOnConditionCheckFailure>,
    ) -> Self {
        self.text("ReturnValues", values.as_ref().map(ReturnValue::as_str)).text(
            "ReturnValuesOnConditionCheckFailure",
            failed.as_ref().map(ReturnValuesOnConditionCheckFailure::as_str),
        )
    }

    /// The request for consumed capacity (`ReturnConsumedCapacity`).
    pub(crate) fn returns_capacity(self, asked: &Option<ReturnConsumedCapacity>) -> Self {
        self.text("ReturnConsumedCapacity", asked.as_ref().map(ReturnConsumedCapacity::as_str))
    }

    pub(crate) fn expression(
        mut self,
        member: &'static str,
        text: &Option<String>,
        operators: usize,
    ) -> Self {
        let bytes = text.as_ref().map(String::len);
        self.expressions.extend(bytes.map(|bytes| ExpressionSize { member, bytes, operators }));
        self.text(member, text.as_deref())
    }

    /// The DynamoDB operation, such as `UpdateItem`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The request as JSON, as it goes over the wire but for the order of its members.
    pub fn request_json(&self) -> String {
        json_object(self.members.iter().map(|(name, json)| (*name, Some(json.clone()))))
    }

    /// The sizes of the expressions.
    pub fn expressions(&self) -> &[ExpressionSize] {
        &self.expressions
    }

    /// The size of the item that is written, in bytes. DynamoDB takes 409,600.
    pub fn item_size(&self) -> Option<usize> {
        self.item_size
    }

    /// The capacity that the request takes.
    pub fn capacity(&self) -> &Capacity {
        &self.capacity
    }
}

impl Capacity {
    /// A write of one item.
    pub(crate) fn of_write(billing: Billing) -> Self {
        Self::Write(1.0..=write_units(max_item_size(billing)))
    }

    /// A read of one item, or of one page, of which this many bytes are read at most: a unit for each 4 KB if it is
    /// strongly consistent, otherwise half a unit.
    pub(crate) fn of_read(most: usize, consistent: Option<bool>) -> Self {
        let unit = if consistent == Some(true) { 1.0 } else { 0.5 };
        Self::Read(unit..=unit * most.div_ceil(4096) as f64)
    }

    /// Reads of so many items, each as large as it can be.
    fn of_batch_get(items: usize, consistent: bool, billing: Billing) -> Self {
        match Self::of_read(max_item_size(billing), Some(consistent)) {
            Self::Read(one) => Self::Read(one.start() * items as f64..=one.end() * items as f64),
            other => other,
        }
    }

    /// The sum with so many times another one.
    fn and(self, other: &Self, times: f64) -> Self {
        let sum = |sum: RangeInclusive<f64>, other: &RangeInclusive<f64>| {
            sum.start() + times * other.start()..=sum.end() + times * other.end()
        };
        match (self, other) {
            (Self::None, Self::Read(other)) => Self::Read(sum(0.0..=0.0, other)),
            (Self::None, Self::Write(other)) => Self::Write(sum(0.0..=0.0, other)),
            (Self::Read(before), Self::Read(other)) => Self::Read(sum(before, other)),
            (Self::Write(before), Self::Write(other)) => Self::Write(sum(before, other)),
            (before, _) => before,
        }
    }

    /// A read of a page of at most `limit` items.
    pub(crate) fn of_page(limit: Option<i32>, consistent: Option<bool>, billing: Billing) -> Self {
        let items = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(MAX_PAGE);
        let most = items.saturating_mul(max_item_size(billing)).min(billing.page_size(MAX_PAGE));
        Self::of_read(most, consistent)
    }
}

/// DynamoDB: the largest item, in bytes.
pub(crate) const MAX_ITEM: usize = 409_600;

/// The largest size of an item that capacity units are charged for.
pub(crate) fn max_item_size(billing: Billing) -> usize {
    MAX_ITEM + billing.max_excess()
}

/// DynamoDB: the most bytes that a page reads.
const MAX_PAGE: usize = 1 << 20;

pub(crate) fn json_string(text: &str) -> String {
    let mut json = Vec::new();
    push_string(&mut json, text);
    String::from_utf8_lossy(&json).into_owned()
}

pub(crate) fn json_list(elements: impl Iterator<Item = String>) -> String {
    format!("[{}]", elements.collect::<Vec<_>>().join(","))
}

/// The members that there are.
pub(crate) fn json_object<'m>(members: impl IntoIterator<Item = (&'m str, Option<String>)>) -> String {
    let members = members.into_iter();
    let members = members.filter_map(|(name, json)| Some(format!("{}:{}", json_string(name), json?)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn keys_json(keys: &KeysAndAttributes) -> String {
    let names = keys.expression_attribute_names();
    json_object([
        ("Keys", Some(json_list(keys.keys().iter().map(item_json)))),
        (
            "ConsistentRead",
            keys.consistent_read().filter(|consistent| *consistent).map(|_| "true".to_owned()),
        ),
        ("ProjectionExpression", keys.projection_expression().map(json_string)),
        ("ExpressionAttributeNames", names.map(|names| sorted(names, |name: &String| json_string(name)))),
    ])
}

fn item_json(item: &Item) -> String {
    sorted(item, value_json)
}

pub(crate) fn value_json(value: &AttributeValue) -> String {
    let mut json = Vec::new();
    // It was written before, so it can be written.
    let written = value.write(&mut JsonWriter::new(&mut json));
    written.map_or_else(|_| "null".into(), |()| String::from_utf8_lossy(&json).into_owned())
}

/// The members in the order of their names.
fn sorted<V>(members: &HashMap<String, V>, json: impl Fn(&V) -> String) -> String {
    let mut members: Vec<(&String, &V)> = members.iter().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    json_object(members.into_iter().map(|(name, value)| (name.as_str(), Some(json(value)))))
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {{", self.operation)?;
        for (name, json) in &self.members {
            writeln!(f, "  {}: {json}", json_string(name))?;
        }
        writeln!(f, "}}")?;
        for ExpressionSize { member, bytes, operators } in &self.expressions {
            writeln!(f, "{member}: {bytes} of {MAX_BYTES} bytes, {operators} of {MAX_OPERATORS} operators")?;
        }
        if let Some(size) = self.item_size {
            writeln!(f, "item: {size} of {MAX_ITEM} bytes")?;
        }
        self.capacity.fmt(f)?;
        for IndexCapacity { index, units } in &self.indexes {
            write!(f, "\nindex `{index}`: {} to {} write units", units.start(), units.end())?;
        }
        for VectorIndexCapacity { index, bytes } in &self.vector_indexes {
            write!(f, "\nvector index `{index}`: {} to {} bytes", bytes.start(), bytes.end())?;
        }
        Ok(())
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, units) = match self {
            Self::None => return f.write_str("capacity: none"),
            Self::VectorSearch => {
                return f.write_str("capacity: by the bytes that it reads of the vector index");
            }
            Self::Read(units) => ("read", units),
            Self::Write(units) => ("write", units),
        };
        write!(f, "capacity: {} to {} {kind} units", units.start(), units.end())
    }
}

/// Shows no values.
impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explanation")
            .field("operation", &self.operation)
            .field("expressions", &self.expressions)
            .field("item_size", &self.item_size)
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}
