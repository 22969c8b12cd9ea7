use super::{TransactionAction, answer::ErrorDetails};
use crate::{
    entity::{Entity, Item, Key, OWNER, UniqueConstraint},
    error::DecodeError,
};
use std::fmt;

/// A write that was refused because another item of the entity has the same values in unique fields. Nothing was written.
///
/// It names the fields, and shows no value and no key.
#[derive(Clone)]
pub struct NotUnique(Box<Inner>);

#[derive(Clone)]
struct Inner {
    table: String,
    action: TransactionAction,
    constraint: &'static UniqueConstraint,
    /// The sentinel item of the other item.
    held: Option<Item>,
    answer: Option<Box<ErrorDetails>>,
}

impl NotUnique {
    #[cold]
    pub(crate) fn new(
        table: &str,
        action: TransactionAction,
        constraint: &'static UniqueConstraint,
        held: Option<Item>,
    ) -> Self {
        Self(Box::new(Inner { table: table.into(), action, constraint, held, answer: None }))
    }

    pub(crate) fn answered(mut self, answer: Option<Box<ErrorDetails>>) -> Self {
        self.0.answer = answer;
        self
    }

    /// The entity.
    pub fn entity(&self) -> &'static str {
        self.0.action.entity
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.0.table
    }

    /// The name of the constraint: that of its attribute, or the one that the entity gives it.
    pub fn constraint(&self) -> &'static str {
        self.0.constraint.name
    }

    /// The fields that are unique, by their names in the struct: one, or several together.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.0.constraint.fields.iter().map(|field| field.field)
    }

    /// The action of the transaction that was to write the values; the only one of a single write.
    pub fn action(&self) -> TransactionAction {
        self.0.action
    }

    /// The key of the item that has the values; `None` if the answer does not tell it, or two writes of one transaction have
    /// the same values.
    ///
    /// # Errors
    /// The key is not one of `E`.
    pub fn owner<E: Entity>(&self) -> Option<Result<E::Key, DecodeError>> {
        let held = self.0.held.as_ref()?;
        let [partition_key, sort_key] = OWNER.map(|name| held.get(name).cloned());
        partition_key.as_ref()?;
        Some(E::Key::from_attributes(partition_key, sort_key).map_err(|error| error.in_entity(E::NAME)))
    }

    /// The id of the request, for AWS support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.request_id()
    }
}

/// Such as ``the field `email` of entity `User` is not unique in table `shop`: another item has its value``.
impl fmt::Display for NotUnique {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<String> = self.fields().map(|field| format!("`{field}`")).collect();
        let (of, has) = match fields.len() {
            1 => ("the field", "is not unique"),
            _ => ("the fields", "are not unique together"),
        };
        let (fields, entity, table) = (fields.join(", "), self.entity(), &self.0.table);
        write!(f, "{of} {fields} of entity `{entity}` {has} in table `{table}`: another item has the same")
    }
}

/// Shows the same as `Display`: never a value.
impl fmt::Debug for NotUnique {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NotUnique({self})")
    }
}

impl std::error::Error for NotUnique {}
