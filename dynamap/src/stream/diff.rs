use super::{ChangeRecord, HasNewImage, HasOldImage, StreamView, change::ReaderOf};
use crate::{
    collection::FilterOf,
    entity::Entity,
    error::{DecodeError, HIDDEN_KEY},
    expr::ItemPath,
    op::read::{ItemReader, Queryable},
    value::FromAttribute,
    wire,
};
use std::{collections::BTreeSet, fmt};

/// A value before and after a change; `None` where there is none.
pub type OldAndNew<T> = (Option<T>, Option<T>);

impl<T: Queryable, V: StreamView> ChangeRecord<T, V> {
    /// True if the value of an attribute, or one inside it, is not the same before and after the change. Values are compared
    /// as DynamoDB stores them: numbers by value, sets whatever the order of their members. Before an insert and after
    /// a remove there is no value.
    ///
    /// In changes of an item collection the attribute is one of a member; it has not changed where the item is of another.
    ///
    /// ```
    /// # use dynamap::{Attribute, Entity, TableSchema};
    /// # use dynamap::stream::{ChangeRecord, NewAndOldImages};
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(Debug, PartialEq, Entity)]
    /// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
    /// # pub struct Order { pub number: u32, pub status: String, pub ship_to: Address }
    /// # #[derive(Debug, PartialEq, Attribute)]
    /// # pub struct Address { pub city: String }
    /// fn is_news(change: &ChangeRecord<Order, NewAndOldImages>) -> bool {
    ///     change.changed(Order::STATUS) || change.changed(Order::SHIP_TO.field(Address::CITY))
    /// }
    /// ```
    pub fn changed<A>(&self, attribute: A) -> bool
    where
        V: HasOldImage + HasNewImage,
        A: ItemPath<Entity: ChangedIn<T>>,
    {
        self.is_of::<A::Entity>() && self.images.differ_at(&attribute.into_place())
    }

    /// The values of an attribute, or of one inside it, before and after the change; `None` where there is none.
    ///
    /// In changes of an item collection the attribute is one of a member; there is no value where the item is of another.
    ///
    /// # Errors
    /// A value has another form than the attribute's type.
    pub fn old_and_new<A>(&self, attribute: A) -> Result<OldAndNew<A::Value>, DecodeError>
    where
        V: HasOldImage + HasNewImage,
        A: ItemPath<Entity: ChangedIn<T>, Value: FromAttribute>,
    {
        if !self.is_of::<A::Entity>() {
            return Ok((None, None));
        }
        let place = attribute.into_place();
        let [old, new] = self.images.at(place.attribute()).map(|held| {
            let held = held.read()?;
            let value = held.as_deref().and_then(|value| place.find(value));
            value.cloned().map(wire::from_attribute_value::<A::Value>).transpose()
        });
        let in_entity = |error: DecodeError| error.in_entity(A::Entity::NAME);
        Ok((old.map_err(in_entity)?, new.map_err(in_entity)?))
    }

    /// The attributes that are not the same before and after the change; all of them of an insert or a remove.
    pub fn diff(&self) -> Diff
    where
        V: HasOldImage + HasNewImage,
    {
        let declared = self.member.map(<ReaderOf<T>>::declared_names).unwrap_or_default();
        let (mut known, mut others) = (BTreeSet::new(), Vec::new());
        for name in self.images.differences() {
            match declared.iter().find(|declared| **declared == name) {
                Some(declared) => drop(known.insert(*declared)),
                None => others.push(name.into_owned()),
            }
        }
        Diff { declared: known.into_iter().collect(), others }
    }

    fn is_of<E: Entity>(&self) -> bool {
        self.member.map(<ReaderOf<T>>::entity_name) == Some(E::NAME)
    }
}

/// An entity whose items are among those of `T`: the entity itself, or an item collection that it is a member of.
#[diagnostic::on_unimplemented(
    message = "no change of `{T}` is one of the entity `{Self}`",
    label = "expected an attribute of `{T}`, or of one of its members if it is an item collection"
)]
pub trait ChangedIn<T>: Entity {}

#[diagnostic::do_not_recommend]
impl<T, E: Entity + FilterOf<T>> ChangedIn<T> for E {}

/// The attributes that a change has changed, by name.
///
/// `Display` and `Debug` show the names that the entity declares, and `{key}` for each other: that name is data.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Diff {
    declared: Vec<&'static str>,
    others: Vec<String>,
}

impl Diff {
    /// The names of the changed attributes that the entity declares, keys and the entity type included, in the order
    /// of the alphabet.
    pub fn declared(&self) -> &[&'static str] {
        &self.declared
    }

    /// The names of the changed attributes that the entity does not declare. They are data: keep them out of logs.
    pub fn others_unredacted(&self) -> &[String] {
        &self.others
    }

    /// The number of changed attributes.
    pub fn len(&self) -> usize {
        self.declared.len() + self.others.len()
    }

    /// True if no attribute has changed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.declared.iter().copied().chain(self.others.iter().map(|_| HIDDEN_KEY));
        for (at, name) in names.enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{name}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Diff({self})")
    }
}
