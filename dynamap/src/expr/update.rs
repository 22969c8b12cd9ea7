mod action;
mod evaluate;
mod render;
mod unique;

pub use action::{Addable, CanBeAbsent, Deletable};
pub(super) use action::{UpdateAction, set};

use super::{
    Condition, Placeholders,
    given::{GivenParts, Part},
    named,
    operand::{Computed, TermKind},
    path::Steps,
};
use crate::{
    entity::{self, Changed, Entity, Item, StampKind, StampedAttribute, Stamping, needs_stored_key},
    error::{ExpressionError, ExpressionErrorKind, ItemError},
    schema::{TableSchema, is_primary_key},
    value::Lineage,
    wire,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{collections::BTreeSet, fmt, marker::PhantomData, time::SystemTime};

/// The changes of an update to an item of the entity `E`: one action or more.
///
/// It is made by the actions of [`Attribute`](super::Attribute) and [`Path`](super::Path), such as `set`, `remove`
/// and `add`. An update that DynamoDB would refuse does not compile, or holds an [`ExpressionError`] until it is
/// used; then no request is sent.
///
/// Index keys that are made of a changed attribute are written with it, when the update is sent.
///
/// ```
/// use dynamap::{Attribute, expr::Update};
///
/// #[derive(Attribute)]
/// pub struct Order {
///     pub status: String,
///     pub total: u64,
///     pub note: Option<String>,
///     pub lines: Vec<String>,
/// }
///
/// let update = Order::STATUS.set("shipped").and(Order::TOTAL.set(Order::TOTAL + 5)).and(Order::NOTE.remove());
/// assert_eq!(update.to_string(), "SET status = ?, total = total + ? REMOVE note");
///
/// let update = Update::all([Order::LINES.append(["gift".to_owned()]), Order::NOTE.set(None)]);
/// assert_eq!(update.to_string(), "SET lines = list_append(if_not_exists(lines, ?), ?) REMOVE note");
/// ```
#[must_use = "an update does nothing until a request has it"]
pub struct Update<E> {
    actions: Result<Vec<UpdateAction>, ExpressionError>,
    /// Attributes that index keys are made of beside the changed ones, with the values that the stored item must hold.
    given: Vec<Part>,
    /// True if the actions write a whole entity, with its index keys.
    whole: bool,
    of: PhantomData<fn() -> E>,
}

/// The lineage that an update leaves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LineageLink {
    pub(crate) attribute: &'static str,
    pub(crate) lineage: Lineage,
    /// True if an item that has a lineage keeps it.
    pub(crate) once: bool,
}

impl<E> Update<E> {
    /// An update that changes nothing, to which actions are added.
    pub fn none() -> Self {
        Self::new(Ok(Vec::new()))
    }

    pub(super) fn new(actions: Result<Vec<UpdateAction>, ExpressionError>) -> Self {
        Self { actions, given: Vec::new(), whole: false, of: PhantomData }
    }

    /// The actions of all these updates.
    ///
    /// DynamoDB: no two actions may be on overlapping paths, which is an error when the request is sent.
    pub fn all(updates: impl IntoIterator<Item = Self>) -> Self {
        updates.into_iter().fold(Self::none(), Self::and)
    }

    /// The actions of both updates. Elements that both append to one list, or both put before it, become one action; those of
    /// the second update come last, or first.
    pub fn and(self, other: Self) -> Self {
        let whole = self.whole || other.whole;
        let mut given = self.given;
        for part in other.given {
            if !given.contains(&part) {
                given.push(part);
            }
        }
        let actions = self.actions.and_then(|mut actions| {
            for action in other.actions? {
                match actions.iter_mut().find_map(|earlier| earlier.and_grow(&action)) {
                    Some(()) => {}
                    None => actions.push(action),
                }
            }
            Ok(actions)
        });
        Self { given, whole, ..Self::new(actions) }
    }

    /// The same where these attributes are so.
    pub(super) fn with_given(self, given: Vec<Part>) -> Self {
        Self { given, ..self }
    }

    /// True if there is no action.
    pub fn is_empty(&self) -> bool {
        !self.whole && self.actions.as_ref().is_ok_and(Vec::is_empty)
    }

    /// True if an update that is applied twice leaves the same as one that is applied once.
    pub(crate) fn can_be_repeated(&self) -> bool {
        let Ok(actions) = &self.actions else { return true };
        let changes = |read: &Steps| {
            let mut targets = actions.iter().map(UpdateAction::target);
            targets.any(|target| target.holds(read) || read.holds(target))
        };
        actions.iter().all(|action| action.can_be_repeated(&changes))
    }

    /// The attributes that it sets to values as a whole: the least that the item has after it.
    pub(crate) fn whole_values(&self) -> Item {
        let actions = self.actions.as_ref().map_or(&[][..], |actions| actions);
        let written = actions.iter().filter_map(|action| match action {
            UpdateAction::Set(target, TermKind::Value(value)) if target.inner.is_empty() => {
                Some((target.attribute.to_string(), value.clone()))
            }
            _ => None,
        });
        written.collect()
    }

    /// True if it writes all attributes of an entity.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }

    /// The number of operators and functions; DynamoDB takes 300.
    pub(crate) fn operators(&self) -> usize {
        self.actions.as_ref().map_or(0, |actions| render::operators(actions))
    }

    fn actions(&self) -> Result<&Vec<UpdateAction>, ExpressionError> {
        self.actions.as_ref().map_err(Clone::clone)
    }
}

impl<E: Entity> Update<E> {
    /// The parts that the update takes the stored item to hold, if any. An item that may be new must not hold anything before.
    pub(crate) fn given(&self, may_be_new: bool) -> Option<GivenParts> {
        GivenParts::of(&self.taken(may_be_new))
    }

    /// The condition that it is so.
    pub(crate) fn given_condition(&self, may_be_new: bool) -> Option<Condition<E>> {
        let parts = self.taken(may_be_new);
        (!parts.is_empty()).then(|| Condition::all(parts.iter().map(Part::condition)))
    }

    /// The given parts, and the partition keys of vector indexes that an item must be in.
    fn taken(&self, may_be_new: bool) -> Vec<Part> {
        let mut parts = self.given.clone();
        let Ok(actions) = &self.actions else { return parts };
        if !self.whole && !may_be_new {
            let change = |name: &str| {
                actions.iter().find(|action| action.target().attribute == name).map(UpdateAction::change)
            };
            let needed = E::STRICT_SEARCHES.iter().filter(|search| needs_stored_key(search, change));
            parts.extend(needed.map(Part::of_search));
        }
        parts
    }

    /// The item as DynamoDB would have it after this update, for tests without a database.
    ///
    /// `item` is the item as it is stored, with its key; its index keys follow, and stamps have the time of now.
    ///
    /// # Errors
    /// DynamoDB would refuse the update, also for what the item holds: an attribute to be computed with is absent or
    /// no number, or a map or list on the way to a value is not there. Or an index key cannot be made.
    pub fn apply_to(&self, item: &Item) -> Result<Item, ItemError> {
        let actions = self.whole(
            &entity::key_of::<E>(item)?,
            false,
            Stamping { now: SystemTime::now(), random: None },
        )?;
        render::check(&actions)?;
        if let Some(unmet) = self.taken(false).iter().find(|part| !part.is_met_by(item)) {
            let path = Steps::of(unmet.attribute()).redacted();
            return Err(ExpressionError::new(ExpressionErrorKind::Inapplicable(path)).into());
        }
        Ok(evaluate::apply(&actions, item)?)
    }

    /// The expression with its placeholders, if DynamoDB would take it; none where the key is all that there is to write. An
    /// item that may be new gets the attributes that every item of the entity has.
    pub(crate) fn expression(
        &self,
        key: &E::Key,
        may_be_new: bool,
        stamping: Stamping,
        lineage: Option<LineageLink>,
        placeholders: &mut Placeholders,
    ) -> Result<Option<String>, ItemError> {
        let mut actions = self.whole(key, may_be_new, stamping)?;
        if let Some(LineageLink { attribute, lineage, once }) = lineage {
            let target = Steps::of(attribute);
            let value = TermKind::Value(wire::to_attribute_value(&lineage)?);
            actions.push(if once { set_once(target, value) } else { UpdateAction::Set(target, value) });
        }
        Ok(render::expression(&actions, placeholders)?)
    }

    /// The actions, the stamps, and the index keys that follow from both.
    fn whole(
        &self,
        key: &E::Key,
        may_be_new: bool,
        stamping: Stamping,
    ) -> Result<Vec<UpdateAction>, ItemError> {
        let mut actions = self.actions()?.clone();
        if self.whole {
            return Ok(actions);
        }
        if actions.is_empty() && !may_be_new {
            return Err(ExpressionError::new(ExpressionErrorKind::NoActions).into());
        }
        named::check_actions::<E>(&actions)?;
        if let Some(part) = self.given.first().filter(|_| may_be_new) {
            return Err(ExpressionError::new(ExpressionErrorKind::GivenToUpsert(part.attribute())).into());
        }
        for stamp in E::STAMPS {
            match (stamp.kind, may_be_new) {
                (StampKind::Created, false) => {}
                (StampKind::VersionCount, true) => actions.push(first_or_next_version(stamp, stamping)?),
                _ => actions.push(stamp_action(stamp, stamping)?),
            }
        }
        let changes = actions.iter().map(|action| (&*action.target().attribute, action.change())).collect();
        let mut changed =
            Changed::new::<E>(changes, self.given.iter().filter_map(Part::state).collect(), may_be_new);
        changed.check_searched::<E>()?;
        E::follow(key, &mut changed)?;
        actions.extend(changed.into_keys().into_iter().map(|(name, value)| match value {
            Some(value) => UpdateAction::Set(Steps::of(name), TermKind::Value(value)),
            None => UpdateAction::Remove(Steps::of(name)),
        }));
        if let Some(entity_type) = E::Table::ENTITY_TYPE.filter(|_| may_be_new) {
            let name = TermKind::Value(AttributeValue::S(E::NAME.into()));
            actions.push(UpdateAction::Set(Steps::of(entity_type), name));
        }
        if let Some(shape) = E::SHAPE.filter(|_| may_be_new) {
            let number = AttributeValue::N(shape.written.to_string());
            actions.push(UpdateAction::Set(Steps::of(shape.attribute), TermKind::Value(number)));
        }
        Ok(actions)
    }
}

impl<E: Entity> Update<E> {
    /// Writes every attribute that `entity`, which is stamped, has, and removes those that it leaves out.
    pub(crate) fn of_entity(entity: &E, now: SystemTime) -> Result<Self, ItemError> {
        let item = entity::to_item(entity)?;
        let is_key = is_primary_key::<E::Table>;
        let mut declared: BTreeSet<&'static str> = E::KEY_ATTRIBUTES.iter().copied().collect();
        E::each_name(&mut |name| {
            declared.insert(name);
        });
        E::each_name_of_other_shapes(&mut |name| {
            declared.insert(name);
        });
        // Where the table has no sort key, its name is empty.
        declared.retain(|name| !name.is_empty() && !is_key(name));
        let removed = declared.iter().filter(|name| !item.contains_key(**name));
        let removed: Vec<UpdateAction> = removed.map(|name| UpdateAction::Remove(Steps::of(*name))).collect();
        let mut written: Vec<(String, AttributeValue)> =
            item.into_iter().filter(|(name, _)| !is_key(name)).collect();
        written.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        let written = written.into_iter();
        // When it was created and how often it was written, the stored item knows best.
        let written = written.map(|(name, value)| {
            let kept = [StampKind::Created, StampKind::Counter];
            match E::STAMPS.iter().find(|stamp| stamp.attribute == name && kept.contains(&stamp.kind)) {
                Some(stamp) => stamp_action(stamp, Stamping { now, random: None }),
                None => Ok(UpdateAction::Set(Steps::of(name), TermKind::Value(value))),
            }
        });
        let written = written.collect::<Result<Vec<UpdateAction>, ItemError>>()?.into_iter();
        Ok(Self { whole: true, ..Self::new(Ok(written.chain(removed).collect())) })
    }
}

/// The action by which an update stamps an item that may be there already.
fn stamp_action(stamp: &StampedAttribute, stamping: Stamping) -> Result<UpdateAction, ItemError> {
    let target = Steps::of(stamp.attribute);
    let value = stamping.first(stamp)?;
    Ok(match stamp.kind {
        StampKind::Updated | StampKind::VersionUnique => UpdateAction::Set(target, TermKind::Value(value)),
        StampKind::Counter | StampKind::VersionCount => UpdateAction::Add(target, value),
        StampKind::Created => set_once(target, TermKind::Value(value)),
    })
}

/// The action by which an update gives an item the version after its own, or the first one if it creates the item.
fn first_or_next_version(stamp: &StampedAttribute, stamping: Stamping) -> Result<UpdateAction, ItemError> {
    let first = stamp.version.map(|version| (version.following)(None)).transpose()?;
    let first = first.as_ref().and_then(|first| first.as_n().ok()?.parse::<i128>().ok());
    match first {
        // DynamoDB: `ADD` counts an absent attribute as 0.
        None | Some(1) => stamp_action(stamp, stamping),
        Some(first) => {
            let (target, number) =
                (Steps::of(stamp.attribute), |n: i128| TermKind::Value(AttributeValue::N(n.to_string())));
            let before = Computed::IfNotExists(target.clone(), number(first - 1));
            let next = Computed::Plus(TermKind::Computed(Box::new(before)), number(1));
            Ok(UpdateAction::Set(target, TermKind::Computed(Box::new(next))))
        }
    }
}

/// Sets an attribute that is absent, and leaves it as it is otherwise.
fn set_once(target: Steps, value: TermKind) -> UpdateAction {
    let once = Computed::IfNotExists(target.clone(), value);
    UpdateAction::Set(target, TermKind::Computed(Box::new(once)))
}

impl<E> Default for Update<E> {
    fn default() -> Self {
        Self::none()
    }
}

impl<E> Clone for Update<E> {
    fn clone(&self) -> Self {
        Self { actions: self.actions.clone(), given: self.given.clone(), whole: self.whole, of: PhantomData }
    }
}

/// The expression with its names, and `?` for every value. Index keys are not in it.
impl<E> fmt::Display for Update<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.actions {
            Ok(actions) => f.write_str(&render::shown(actions)),
            Err(error) => write!(f, "({error})"),
        }
    }
}

/// Shows the same as `Display`: never a value.
impl<E> fmt::Debug for Update<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Update({self})")
    }
}
