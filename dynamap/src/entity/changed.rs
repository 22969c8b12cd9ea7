//! Index keys that follow the changes of an update.

use super::{Entity, StrictSearch};
use crate::{
    error::{DecodeError, EncodeError, ExpressionError, ExpressionErrorKind, ItemError, KeyError},
    key::{self, KeyRole},
    schema::is_primary_key,
    wire::{AttributeValueReader, AttributeValueWriter},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt;

/// The changes of an update, which generated code reads to write the index keys that follow from them.
pub struct Changed<'u> {
    changes: Vec<(&'u str, AttributeChange<'u>)>,
    /// The attributes of the stored item, as far as they are known.
    given: Vec<(&'u str, AttributeChange<'u>)>,
    pub(super) may_be_new: bool,
    is_primary_key: fn(&str) -> bool,
    keys: Vec<(&'static str, Option<AttributeValue>)>,
    /// The key attributes of indexes that the item leaves, and how many of these indexes there are.
    gone: Vec<(&'static str, usize)>,
}

/// Shows how much changes, and no value.
impl fmt::Debug for Changed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changed").field("changes", &self.changes.len()).finish_non_exhaustive()
    }
}

/// The change of one attribute by an update.
#[derive(Clone, Copy)]
pub(crate) enum AttributeChange<'u> {
    /// The attribute is set to this value.
    Value(&'u AttributeValue),
    Removed,
    /// The attribute is set to a value that only DynamoDB computes, from the stored item.
    Computed,
}

/// The change of an entity's key in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexKeyChange {
    /// Nothing that it is made of changes.
    Unchanged,
    /// The key is written anew.
    Rewritten,
    /// A component is removed, and the item leaves the index.
    Removed,
}

/// True if an update sets the vector and nothing that the partition key of the index is made of: then the stored item must have the
/// key.
pub(crate) fn needs_stored_key<'u>(
    search: &StrictSearch,
    change: impl Fn(&'static str) -> Option<AttributeChange<'u>>,
) -> bool {
    matches!(change(search.vector), Some(AttributeChange::Value(_) | AttributeChange::Computed))
        && !search.components.iter().any(|name| change(name).is_some())
}

impl<'u> Changed<'u> {
    /// Changes by the names of attributes, of an item that may be new and otherwise holds what is given.
    pub(crate) fn new<E: Entity>(
        changes: Vec<(&'u str, AttributeChange<'u>)>,
        given: Vec<(&'u str, AttributeChange<'u>)>,
        may_be_new: bool,
    ) -> Self {
        let is_primary_key = is_primary_key::<E::Table>;
        Self { changes, given, may_be_new, is_primary_key, keys: Vec::new(), gone: Vec::new() }
    }

    /// The attributes that follow: their values, or none for those that are removed.
    pub(crate) fn into_keys(self) -> Vec<(&'static str, Option<AttributeValue>)> {
        self.keys
    }

    /// The change of one key attribute. The key attribute is made of `components` and of the primary key; the item is
    /// in the index only if the `optional` attributes are there (a sparse index).
    ///
    /// # Errors
    /// The update does not tell whether an optional attribute is there.
    pub fn fate(&self, components: &[&str], optional: &[&'static str]) -> Result<IndexKeyChange, ItemError> {
        let touched = |name: &&str| self.change(name).is_some();
        // An item that may be new needs the keys that are made of nothing as well.
        if !self.may_be_new && !components.iter().chain(optional).any(touched) {
            return Ok(IndexKeyChange::Unchanged);
        }
        if optional.iter().any(|name| matches!(self.state(name), Some(AttributeChange::Removed))) {
            return Ok(IndexKeyChange::Removed);
        }
        // Where the item may be new, a key is written as soon as all is there that it is made of.
        if self.may_be_new && !components.iter().chain(optional).all(touched) {
            return Ok(IndexKeyChange::Unchanged);
        }
        match optional.iter().find(|name| self.state(name).is_none()) {
            Some(unknown) => Err(ExpressionError::new(ExpressionErrorKind::IndexKey(unknown)).into()),
            None => Ok(IndexKeyChange::Rewritten),
        }
    }

    /// The value of an attribute after the update.
    ///
    /// # Errors
    /// The update does not set it to a value, and none is given.
    pub fn value<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&mut AttributeValueReader) -> Result<T, DecodeError>,
    ) -> Result<T, ItemError> {
        let Some(AttributeChange::Value(value)) = self.state(name) else {
            return Err(ExpressionError::new(ExpressionErrorKind::IndexKey(name)).into());
        };
        Ok(read(&mut AttributeValueReader::new(value.clone())).map_err(|error| error.in_field(name))?)
    }

    /// Refuses to leave an item with a vector outside of a vector index that its entity is `strict` about.
    pub(crate) fn check_searched<E: Entity>(&self) -> Result<(), ExpressionError> {
        E::STRICT_SEARCHES.iter().try_for_each(|search| self.check_search(search))
    }

    /// Refuses to leave an item its vector without the partition key of the index: the update removes a component and not the vector,
    /// or sets the vector where a component is absent. Or it may create an item with the vector, and does not set every component.
    fn check_search(&self, search: &StrictSearch) -> Result<(), ExpressionError> {
        let is_set = match self.change(search.vector) {
            Some(AttributeChange::Removed) => return Ok(()),
            vector => vector.is_some(),
        };
        let unsearched = search.components.iter().any(|name| match self.change(name) {
            Some(change) => matches!(change, AttributeChange::Removed),
            None if is_set && self.may_be_new => true,
            None => is_set && matches!(self.state(name), Some(AttributeChange::Removed)),
        });
        match unsearched {
            true => Err(ExpressionError::new(ExpressionErrorKind::Unsearched(search.vector))),
            false => Ok(()),
        }
    }

    /// Sets a key attribute.
    pub fn set(&mut self, name: &'static str, text: Result<String, KeyError>) -> Result<(), ItemError> {
        if self.is_free(name) {
            self.keys.push((name, Some(AttributeValue::S(text?))));
        }
        Ok(())
    }

    /// Removes a key attribute that `uses` indexes of the entity share, when the item leaves the last of them.
    pub fn remove(&mut self, name: &'static str, uses: usize) {
        let at = self.gone.iter().position(|(gone, _)| *gone == name).unwrap_or_else(|| {
            self.gone.push((name, 0));
            self.gone.len() - 1
        });
        self.gone[at].1 += 1;
        if self.gone[at].1 == uses && self.is_free(name) {
            self.keys.push((name, None));
        }
    }

    /// Sets an attribute that is part of the primary key as well, if the item may be new.
    pub fn create(
        &mut self,
        name: &'static str,
        write: impl FnOnce(&mut AttributeValueWriter) -> Result<(), EncodeError>,
    ) -> Result<(), ItemError> {
        if self.may_be_new {
            let mut w = AttributeValueWriter::new();
            let value = write(&mut w).and_then(|()| w.finish()).map_err(|error| error.in_field(name))?;
            self.keys.push((name, Some(value)));
        }
        Ok(())
    }

    /// Checks a key attribute that is a field itself.
    pub fn check(&self, name: &'static str, role: KeyRole) -> Result<(), ItemError> {
        if let Some(AttributeChange::Value(value)) = self.change(name) {
            key::checked(value.clone(), role).map_err(|kind| KeyError::in_attribute(name, kind))?;
        }
        Ok(())
    }

    /// False of the primary key, which can be the key of an index too, and of an attribute that another index has written.
    fn is_free(&self, name: &'static str) -> bool {
        !self.keys.iter().any(|(written, _)| *written == name) && !(self.is_primary_key)(name)
    }

    /// The state of an attribute after the update, as far as it is known.
    pub(super) fn state(&self, name: &str) -> Option<AttributeChange<'u>> {
        let given = || self.given.iter().find(|(given, _)| *given == name).map(|(_, state)| *state);
        self.change(name).or_else(given)
    }

    pub(super) fn change(&self, name: &str) -> Option<AttributeChange<'u>> {
        self.changes.iter().find(|(changed, _)| *changed == name).map(|(_, change)| *change)
    }
}
