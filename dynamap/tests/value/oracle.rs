//! A second reader of DynamoDB-JSON, on `serde_json`, that the library's reader is compared with.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// JSON with the members of its objects as they stand, also those of the same name.
#[derive(Debug)]
enum Node {
    Text(String),
    Boolean(bool),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
    Other,
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Boolean(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = elements.next_element()? {
            nodes.push(node);
        }
        Ok(Node::Array(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(member) = members.next_entry()? {
            nodes.push(member);
        }
        Ok(Node::Object(nodes))
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

/// The value that `json` stands for, if it is DynamoDB-JSON.
pub(crate) fn read(json: &[u8]) -> Option<AttributeValue> {
    attribute(serde_json::from_slice(json).ok()?)
}

fn attribute(node: Node) -> Option<AttributeValue> {
    let Node::Object(members) = node else { return None };
    let [(data_type, value)] = <[_; 1]>::try_from(members).ok()?;
    Some(match (data_type.as_str(), value) {
        ("S", Node::Text(text)) => AttributeValue::S(text),
        ("N", Node::Text(text)) => AttributeValue::N(text),
        ("B", Node::Text(text)) => AttributeValue::B(blob(&text)?),
        ("BOOL", Node::Boolean(value)) => AttributeValue::Bool(value),
        ("NULL", Node::Boolean(_)) => AttributeValue::Null(true),
        ("M", Node::Object(members)) => {
            let members = members.into_iter().map(|(name, node)| Some((name, attribute(node)?)));
            AttributeValue::M(members.collect::<Option<_>>()?)
        }
        ("L", Node::Array(elements)) => {
            AttributeValue::L(elements.into_iter().map(attribute).collect::<Option<_>>()?)
        }
        ("SS", Node::Array(members)) => AttributeValue::Ss(texts(members)?),
        ("NS", Node::Array(members)) => AttributeValue::Ns(texts(members)?),
        ("BS", Node::Array(members)) => {
            AttributeValue::Bs(texts(members)?.iter().map(|text| blob(text)).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

fn texts(members: Vec<Node>) -> Option<Vec<String>> {
    let texts = members.into_iter().map(|member| match member {
        Node::Text(text) => Some(text),
        _ => None,
    });
    texts.collect()
}

fn blob(text: &str) -> Option<Blob> {
    base64_simd::STANDARD.decode_to_vec(text).ok().map(Blob::new)
}
