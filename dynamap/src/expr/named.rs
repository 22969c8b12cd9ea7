//! Attributes by names that are known only when the program runs.

use super::{
    Addable, Deletable, Operand, Path, RequestValue, Update, operand::TermKind, path::Steps, role,
    update::UpdateAction,
};
use crate::{
    entity::Entity,
    error::{ExpressionError, ExpressionErrorKind},
    schema::TableSchema,
    value::AttributeType,
};
use std::borrow::Cow;

/// DynamoDB: the most bytes in the name of an attribute.
const MAX_NAME: usize = 65_535;

impl<E, T> Path<E, T> {
    /// The attribute of this name, which is known only when the program runs, with values of the type `T`.
    ///
    /// Conditions and filters may name every attribute. An update changes only attributes that the entity does not have: the name
    /// of an attribute that the entity maps, of a key, of the entity type or of the time to live is an error before any request, and so
    /// is one that is empty or longer than 65535 bytes. `save` leaves such attributes as they are, and `put` and `replace` do not
    /// keep them.
    ///
    /// ```
    /// use dynamap::{Attribute, expr::Path};
    ///
    /// #[derive(Attribute)]
    /// pub struct Product {
    ///     pub price: u64,
    /// }
    ///
    /// let (asked_for, least) = ("weight".to_owned(), 3_u64);
    /// let heavy = Product::PRICE.lt(100) & Path::<_, u64>::named(asked_for).ge(least);
    /// assert_eq!(heavy.to_string(), "price < ? AND {key} >= ?");
    /// ```
    pub fn named(name: impl Into<String>) -> Path<E, T, role::Named> {
        Path::of_steps(Steps::of(name.into()))
    }
}

/// These actions are for attributes, and this is one.
impl<E, T: AttributeType> Path<E, T, role::Named> {
    /// Adds a value to the number, or members to the set: renders `ADD #n0 :v0`. For N, SS, NS and BS.
    ///
    /// An absent number counts as 0, an absent set as empty.
    #[expect(clippy::should_implement_trait, reason = "it is the name of the action, and no sum")]
    pub fn add<O>(self, operand: O) -> Update<E>
    where
        T::DataType: Addable,
        O: Operand<E, T, Kind: RequestValue>,
    {
        self.add_nested(operand)
    }

    /// Deletes members from the set: renders `DELETE #n0 :v0`. For SS, NS and BS.
    pub fn delete<O>(self, members: O) -> Update<E>
    where
        T::DataType: Deletable,
        O: Operand<E, T, Kind: RequestValue>,
    {
        self.delete_nested(members)
    }
}

/// Refuses a path whose attribute no item can have.
pub(super) fn check_name(steps: &Steps) -> Result<(), ExpressionError> {
    match steps.attribute.len() {
        1..=MAX_NAME => Ok(()),
        size => Err(ExpressionError::new(ExpressionErrorKind::Name { size, limit: MAX_NAME })),
    }
}

/// Refuses what no item can have, and changes of what the entity knows by a name that was not declared.
pub(super) fn check_actions<E: Entity>(actions: &[UpdateAction]) -> Result<(), ExpressionError> {
    for action in actions {
        let target = action.target();
        check_name(target)?;
        match action {
            UpdateAction::Set(_, TermKind::Path(path)) => check_name(path)?,
            UpdateAction::Set(_, TermKind::Computed(computed)) => {
                computed.paths().into_iter().try_for_each(check_name)?;
            }
            _ => {}
        }
        let known = match &target.attribute {
            Cow::Owned(name) => known::<E>(name),
            Cow::Borrowed(_) => None,
        };
        if let Some(known) = known {
            return Err(ExpressionError::new(ExpressionErrorKind::Reserved(known)));
        }
    }
    Ok(())
}

/// The name as it is declared, if it is.
fn known<E: Entity>(name: &str) -> Option<&'static str> {
    let table = [Some(E::Table::PARTITION_KEY), E::Table::SORT_KEY].into_iter().flatten();
    let indexes = E::Table::INDEXES.iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key));
    let keys = table.chain(indexes.copied()).map(|key| key.name);
    let shape = E::SHAPE.map(|shape| shape.attribute);
    let others = [E::Table::ENTITY_TYPE, E::Table::TTL, shape].into_iter().flatten();
    let mut known = keys.chain(others).chain(E::KEY_ATTRIBUTES.iter().copied()).find(|known| *known == name);
    E::each_name(&mut |own| {
        if own == name {
            known = Some(own);
        }
    });
    known
}
