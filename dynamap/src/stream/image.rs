use crate::{
    entity::Item,
    error::DecodeError,
    wire::{self, JsonReader},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{borrow::Cow, fmt, sync::Arc};

/// The attributes of an item, or its keys, in the form in which a source has them.
#[derive(Clone)]
pub(super) enum Image<'a> {
    /// DynamoDB-JSON.
    Json(Cow<'a, str>),
    /// The SDK's types.
    Values(Arc<Item>),
}

/// Shows nothing of the item.
impl fmt::Debug for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Image(..)")
    }
}

impl Image<'_> {
    /// The document, if it is one.
    pub(super) fn json(&self) -> Option<&str> {
        match self {
            Self::Json(json) => Some(json),
            Self::Values(_) => None,
        }
    }

    pub(super) fn to_static(&self) -> Image<'static> {
        self.clone().into_owned()
    }

    pub(super) fn into_owned(self) -> Image<'static> {
        match self {
            Self::Json(json) => Image::Json(Cow::Owned(json.into_owned())),
            Self::Values(item) => Image::Values(item),
        }
    }

    /// The attributes by name.
    pub(super) fn to_item(&self) -> Result<Item, DecodeError> {
        match self {
            Self::Values(item) => Ok(Item::clone(item)),
            Self::Json(_) => wire::item_from_json::<Item>(self.json().unwrap_or_default().as_bytes()),
        }
    }

    /// The value of an attribute; of several with the name the last.
    pub(super) fn attribute(&self, name: &str) -> HeldValue<'_> {
        match self {
            Self::Values(item) => item.get(name).map_or(HeldValue::Absent, HeldValue::Value),
            Self::Json(_) => {
                let mut found = HeldValue::Absent;
                each_attribute(self.json().unwrap_or_default(), |attribute, value| {
                    if attribute == name {
                        found = HeldValue::Json(value);
                    }
                });
                found
            }
        }
    }

    /// The names of the attributes.
    pub(super) fn names(&self) -> Vec<Cow<'_, str>> {
        match self {
            Self::Values(item) => item.keys().map(|name| Cow::Borrowed(name.as_str())).collect(),
            Self::Json(_) => {
                let mut names = Vec::new();
                each_attribute(self.json().unwrap_or_default(), |name, _| names.push(name));
                names
            }
        }
    }
}

/// The value of an attribute in an image.
#[derive(Clone, Copy)]
pub(super) enum HeldValue<'i> {
    Absent,
    Json(&'i str),
    Value(&'i AttributeValue),
}

impl<'i> HeldValue<'i> {
    /// True if both are written in the same way, so that they need not be read.
    pub(super) fn is_same_text(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) => true,
            (Self::Json(own), Self::Json(other)) => own == other,
            _ => false,
        }
    }

    pub(super) fn read(self) -> Result<Option<Cow<'i, AttributeValue>>, DecodeError> {
        Ok(match self {
            Self::Absent => None,
            Self::Json(json) => Some(Cow::Owned(wire::from_json(json.as_bytes())?)),
            Self::Value(value) => Some(Cow::Borrowed(value)),
        })
    }
}

/// Shows each attribute of a document to `attribute`: its name, and its value as JSON. The document was read before.
fn each_attribute<'j>(json: &'j str, attribute: impl FnMut(Cow<'j, str>, &'j str)) {
    // Behind what cannot be read there is nothing.
    let _ = try_each_attribute(json, attribute);
}

fn try_each_attribute<'j>(
    json: &'j str,
    mut attribute: impl FnMut(Cow<'j, str>, &'j str),
) -> Result<(), DecodeError> {
    let mut r = JsonReader::new(json.as_bytes())?;
    let mut first = true;
    r.scanner.expect(b'{', "the `{` of an item")?;
    while r.scanner.next_member(&mut first, b'}')? {
        let name = r.scanner.key()?;
        attribute(name, r.raw()?);
    }
    Ok(())
}
