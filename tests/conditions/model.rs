use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::value::{Bytes, Number};
use dynamap::{Attribute, Entity, TableSchema};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(crate) type Item = HashMap<String, AttributeValue>;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
pub(crate) struct Shop;

/// An attribute of every data type, and names that are none in an expression.
#[derive(Debug, Entity)]
#[dynamap(table = Shop, pk = "P#{partition}", sk = "I#{number_in_it}")]
pub(crate) struct Probe {
    #[dynamap(key_only)]
    pub(crate) partition: u32,
    #[dynamap(key_only)]
    pub(crate) number_in_it: u32,
    pub(crate) text: String,
    #[dynamap(rename = "a-b")]
    pub(crate) other_text: Option<String>,
    pub(crate) number: Number,
    #[dynamap(rename = "a_b")]
    pub(crate) other_number: Option<Number>,
    pub(crate) bytes: Bytes,
    pub(crate) flag: bool,
    #[dynamap(rename = "size")]
    pub(crate) words: BTreeSet<String>,
    #[dynamap(rename = "x.y")]
    pub(crate) numbers: BTreeSet<Number>,
    #[dynamap(rename = "#n0")]
    pub(crate) blobs: BTreeSet<Bytes>,
    #[dynamap(rename = " and ")]
    pub(crate) list: Vec<AttributeValue>,
    #[dynamap(rename = ":v0")]
    pub(crate) map: BTreeMap<String, AttributeValue>,
    pub(crate) inner: Option<Inner>,
    pub(crate) inners: Option<Vec<Inner>>,
    #[dynamap(rename = "name")]
    pub(crate) any: AttributeValue,
}

#[derive(Debug, Attribute)]
pub(crate) struct Inner {
    #[dynamap(rename = "x.y")]
    pub(crate) text: Option<String>,
    pub(crate) number: Number,
}
