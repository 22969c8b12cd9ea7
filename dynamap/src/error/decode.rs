use super::path::{AttributePath, located};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{borrow::Cow, collections::HashMap, fmt};

/// An item or attribute that does not have the form its Rust type asks for.
///
/// It says which attribute of which entity was read, what was expected and what was found; it never holds the
/// attribute's value: `Debug` is as `Display`, and only [`item_key`](Self::item_key) gives the key of the item.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Inner>);

#[derive(Clone, PartialEq)]
struct Inner {
    entity: Option<&'static str>,
    path: AttributePath,
    expected: Cow<'static, str>,
    found: Cow<'static, str>,
    /// The key attributes of the item, if they are known.
    item_key: Option<HashMap<String, AttributeValue>>,
    place: Option<ItemPosition>,
    /// The shape of the item and that of the entity, where the entity does not read it.
    shapes: Option<(u32, u32)>,
}

/// The place of an item among those that a query or scan reads.
#[derive(Clone, PartialEq)]
struct ItemPosition {
    page: u32,
    index: usize,
    /// The text of a cursor after it.
    cursor: Option<String>,
}

/// Equality of attribute values is reflexive: they hold numbers as text.
impl Eq for Inner {}

impl DecodeError {
    /// An error for a value that is not of the form that its type expects.
    ///
    /// Name types and forms, never the value itself: `DecodeError::new("an ISO country code", "another string")`.
    #[cold]
    pub fn new(expected: impl Into<Cow<'static, str>>, found: impl Into<Cow<'static, str>>) -> Self {
        let (expected, found) = (expected.into(), found.into());
        Self(Box::new(Inner {
            entity: None,
            path: AttributePath::default(),
            expected,
            found,
            item_key: None,
            place: None,
            shapes: None,
        }))
    }

    /// The type or value that the Rust type expected.
    pub fn expected(&self) -> &str {
        &self.0.expected
    }

    /// The type that was found instead, or a description: never a value.
    pub fn found(&self) -> &str {
        &self.0.found
    }

    /// The key attributes of the item that was read, by name, where the item is known. They are values: keep them out of
    /// logs.
    pub fn item_key(&self) -> Option<&HashMap<String, AttributeValue>> {
        self.0.item_key.as_ref()
    }

    /// The number of the page that the item was on, from 0, if a query or scan read it: how many pages the call had read before.
    pub fn page_number(&self) -> Option<u32> {
        Some(self.0.place.as_ref()?.page)
    }

    /// The place of the item among all items of its page as DynamoDB sent it, from 0, if a query or scan read it.
    pub fn index_in_page(&self) -> Option<usize> {
        Some(self.0.place.as_ref()?.index)
    }

    /// The text of a cursor after the item.
    pub(crate) fn cursor(&self) -> Option<&str> {
        self.0.place.as_ref()?.cursor.as_deref()
    }

    /// Adds where the item is among those that are read, with the text of a cursor after it.
    pub(crate) fn in_page(mut self, page: u32, index: usize, cursor: Option<String>) -> Self {
        self.0.place = Some(ItemPosition { page, index, cursor });
        self
    }

    /// The fields of an entity give another key than its item has.
    #[cold]
    pub(crate) fn other_key() -> Self {
        Self::new("an item with the key that its attributes give", "an item with another key")
    }

    /// The item says that it is of another entity.
    #[cold]
    pub(crate) fn other_entity(entity: &'static str) -> Self {
        Self::new(format!("an item of entity `{entity}`"), "an item of another entity").in_entity(entity)
    }

    /// The item is stored in a shape that the entity does not read.
    #[cold]
    pub(crate) fn other_shape(found: u32, known: u32) -> Self {
        let mut error = Self::new(Self::shape(known), Self::shape(found));
        error.0.shapes = Some((found, known));
        error
    }

    fn shape(number: u32) -> String {
        format!("an item of shape {number}")
    }

    /// The number of the shape that the item is stored in, where the entity does not read it: a newer one than it knows, or an
    /// older one that it has no upgrade of, or that a projection cannot read.
    pub fn found_shape(&self) -> Option<u32> {
        Some(self.0.shapes?.0)
    }

    /// The number of the entity's own shape, where the item is stored in one that it does not read.
    pub fn known_shape(&self) -> Option<u32> {
        Some(self.0.shapes?.1)
    }

    pub(crate) fn with_item_key(mut self, key: HashMap<String, AttributeValue>) -> Self {
        self.0.item_key.get_or_insert(key);
        self
    }
}

located!(DecodeError);

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { entity, path, expected, found, place, .. } = &*self.0;
        match (path.is_empty(), entity) {
            (false, Some(entity)) => write!(f, "attribute `{path}` of entity `{entity}`: ")?,
            (false, None) => write!(f, "attribute `{path}`: ")?,
            (true, Some(entity)) => write!(f, "item of entity `{entity}`: ")?,
            (true, None) => {}
        }
        write!(f, "expected {expected}, found {found}")?;
        match place {
            Some(ItemPosition { page, index, .. }) => write!(f, " (item {index} of page {page})"),
            None => Ok(()),
        }
    }
}

/// Shows the same as `Display`: never a value.
impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecodeError({self})")
    }
}

impl std::error::Error for DecodeError {}
