//! The actions of attributes and paths.

use super::{
    super::{
        Addend, Arithmetic, ArithmeticOperand, Attribute, List, Operand, Path, RequestValue, Serde, With,
        computed::{check_data_type, empty_list, something},
        operand::{Computed, Term, TermKind, kind},
        path::{PathStep, Steps},
        role::{Changeable, Removable, Settable},
    },
    Update,
};
use crate::{
    entity::AttributeChange,
    error::{EncodeError, ExpressionError},
    value::{AttributeType, DataType, marker},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{
    collections::{BTreeSet, HashSet},
    fmt,
};

/// One action of an update.
#[derive(Clone)]
pub(in crate::expr) enum UpdateAction {
    Set(Steps, TermKind),
    Remove(Steps),
    Add(Steps, AttributeValue),
    Delete(Steps, AttributeValue),
}

impl UpdateAction {
    /// The path that the action changes.
    pub(in crate::expr) fn target(&self) -> &Steps {
        match self {
            Self::Set(target, _) | Self::Remove(target) | Self::Add(target, _) | Self::Delete(target, _) => {
                target
            }
        }
    }
}

impl UpdateAction {
    /// Takes the elements of `later` as well, where both let one list grow at the same end by values.
    pub(super) fn and_grow(&mut self, later: &Self) -> Option<()> {
        let (end, target, more) = later.growth()?;
        let (own_end, own_target, _) = self.growth()?;
        if own_end != end || own_target != target {
            return None;
        }
        let more = more.clone();
        let Self::Set(_, TermKind::Computed(computed)) = self else { return None };
        let Computed::ListAppend(first, second) = &mut **computed else { return None };
        let own = match end {
            End::Back => second,
            End::Front => first,
        };
        let TermKind::Value(AttributeValue::L(elements)) = own else { return None };
        match end {
            End::Back => elements.extend(more),
            End::Front => {
                elements.splice(0..0, more);
            }
        }
        Some(())
    }

    /// The elements by which it lets its list grow, if they are values.
    fn growth(&self) -> Option<(End, &Steps, &Vec<AttributeValue>)> {
        let Self::Set(target, TermKind::Computed(computed)) = self else { return None };
        let Computed::ListAppend(first, second) = &**computed else { return None };
        let is_own = |term: &TermKind| matches!(term, TermKind::Computed(own) if matches!(&**own, Computed::IfNotExists(list, _) if list == target));
        match (first, second) {
            (list, TermKind::Value(AttributeValue::L(elements))) if is_own(list) => {
                Some((End::Back, target, elements))
            }
            (TermKind::Value(AttributeValue::L(elements)), list) if is_own(list) => {
                Some((End::Front, target, elements))
            }
            _ => None,
        }
    }
}

/// The end of a list at which it grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Front,
    Back,
}

impl UpdateAction {
    /// The change of the attribute that the action's path begins with.
    pub(super) fn change(&self) -> AttributeChange<'_> {
        match self {
            Self::Set(target, TermKind::Value(value)) if target.inner.is_empty() => {
                AttributeChange::Value(value)
            }
            Self::Remove(target) if target.inner.is_empty() => AttributeChange::Removed,
            _ => AttributeChange::Computed,
        }
    }
}

impl UpdateAction {
    /// True if the action can be applied twice and leave the same as once, where `changes` tells which paths the
    /// update changes.
    pub(super) fn can_be_repeated(&self, changes: &impl Fn(&Steps) -> bool) -> bool {
        // The place of an element depends on what was done to the list before.
        let is_element = matches!(self.target().inner.last(), Some(PathStep::Index(_)));
        match self {
            Self::Add(_, AttributeValue::N(_)) => false,
            Self::Add(..) | Self::Delete(..) => true,
            Self::Remove(_) => !is_element,
            Self::Set(..) if is_element => false,
            Self::Set(target, TermKind::Computed(computed)) => match &**computed {
                Computed::IfNotExists(path, TermKind::Value(_)) if path == target => true,
                computed => !computed.paths().into_iter().any(changes),
            },
            Self::Set(_, TermKind::Path(path)) => !changes(path),
            Self::Set(..) => true,
        }
    }
}

/// Shows the changed path: never a value.
impl fmt::Debug for UpdateAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Action({})", self.target())
    }
}

/// A data type that `add` takes: N, SS, NS and BS.
#[diagnostic::on_unimplemented(
    message = "`add` needs a number (N) or a set (SS, NS, BS)",
    label = "the attribute is stored as `{Self}`",
    note = "a list grows by `append` and `prepend`"
)]
pub trait Addable {}

/// A data type that `delete` takes: SS, NS and BS.
#[diagnostic::on_unimplemented(
    message = "`delete` needs a set (SS, NS, BS)",
    label = "the attribute is stored as `{Self}`",
    note = "`remove` removes an attribute"
)]
pub trait Deletable {}

macro_rules! data_types {
    ($trait:ident: $($marker:ident)*) => { $( impl $trait for marker::$marker {} )* };
}

data_types! { Addable: N Ss Ns Bs Any }
data_types! { Deletable: Ss Ns Bs Any }

/// A type that is read from no attribute too, so that the attribute can be removed: an `Option`, and a set.
#[diagnostic::on_unimplemented(
    message = "an attribute that holds a `{Self}` cannot be removed, as then the item is no entity any more",
    label = "expected an `Option` or a set",
    note = "an attribute of a field with a default is set to it: `attribute.set(..)`"
)]
pub trait CanBeAbsent {}

impl<T> CanBeAbsent for Option<T> {}
impl<T> CanBeAbsent for BTreeSet<T> {}
impl<T, H> CanBeAbsent for HashSet<T, H> {}
impl<T> CanBeAbsent for Serde<T> {}
impl<T, M> CanBeAbsent for With<T, M> {}
impl CanBeAbsent for AttributeValue {}

const ADDABLE: &[DataType] = &[DataType::N, DataType::Ss, DataType::Ns, DataType::Bs];
const SETS: &[DataType] = &[DataType::Ss, DataType::Ns, DataType::Bs];

/// Nothing is set by removing the attribute. Where something must stay it is NULL: among the elements of a list, which would move
/// up, and as the content of a variant.
pub(in crate::expr) fn set(
    target: Steps,
    keeps: bool,
    operand: Result<Term, ExpressionError>,
) -> Result<Vec<UpdateAction>, ExpressionError> {
    let Term(operand) = operand.map_err(|error| target.locate(error))?;
    let keeps = keeps || matches!(target.inner.last(), Some(PathStep::Index(_)));
    Ok(vec![match operand {
        TermKind::Nothing(Some(value)) if keeps => UpdateAction::Set(target, TermKind::Value(value)),
        // DynamoDB stores no empty set.
        TermKind::Nothing(None) if keeps => {
            let empty = EncodeError::new("an empty set is no value, and nothing can stand in its place here");
            return Err(target.locate(empty.into()));
        }
        TermKind::Nothing(_) => UpdateAction::Remove(target),
        operand => UpdateAction::Set(target, operand),
    }])
}

/// Adding nothing to a set, or deleting nothing from it, is no action.
fn with_value(
    operator: &'static str,
    takes: &[DataType],
    target: Steps,
    operand: Result<Term, ExpressionError>,
    action: fn(Steps, AttributeValue) -> UpdateAction,
) -> Result<Vec<UpdateAction>, ExpressionError> {
    let Term(operand) = operand.map_err(|error| target.locate(error))?;
    check_data_type(operator, &operand, takes)?;
    Ok(match operand {
        TermKind::Value(value) => vec![action(target, value)],
        _ => Vec::new(),
    })
}

fn append(
    target: Steps,
    elements: Result<Term, ExpressionError>,
    order: fn(TermKind, TermKind) -> Computed,
) -> Result<Vec<UpdateAction>, ExpressionError> {
    let elements = something(&target, elements)?;
    check_data_type("list_append", &elements, &[DataType::L])?;
    let list = TermKind::Computed(Box::new(Computed::IfNotExists(target.clone(), empty_list())));
    Ok(vec![UpdateAction::Set(target, TermKind::Computed(Box::new(order(list, elements))))])
}

macro_rules! actions {
    ($($path:ident)*) => { $(
        impl<E, T, R> $path<E, T, R> {
            /// Sets it to the operand: renders `SET #n0 = :v0`. For every data type.
            ///
            /// The operand is a value, another attribute, `if_not_exists`, or a sum or difference. `None`, and a set
            /// without members, remove the attribute. A map or list that a nested path leads through must be there.
            ///
            /// Index keys that are made of the attribute are written with it; `None` takes the item out of those
            /// indexes.
            pub fn set<O>(self, operand: O) -> Update<E>
            where
                R: Settable<O::Kind>,
                O: Operand<E, T>,
            {
                let Path { steps, guards, .. } = Path::from(self);
                Update::new(set(steps, R::KEEPS, operand.into_term())).with_given(guards)
            }

            /// Removes it, if it is there: renders `REMOVE #n0`. For every data type.
            ///
            /// It is for fields that are read without the attribute too: an `Option`, a set, an element of a list or an
            /// entry of a map. The elements of a list that follow move up. The item leaves the indexes whose key is
            /// made of the attribute.
            pub fn remove(self) -> Update<E>
            where
                R: Removable<T>,
            {
                let Path { steps, guards, .. } = Path::from(self);
                Update::new(Ok(vec![UpdateAction::Remove(steps)])).with_given(guards)
            }
        }

        impl<E, T: AttributeType, R> $path<E, T, R> {
            /// Sets it to the operand if it is absent: renders `SET #n0 = if_not_exists(#n0, :v0)`. For every data
            /// type.
            #[doc(alias = "if_not_exists")]
            pub fn set_if_not_exists<O>(self, operand: O) -> Update<E>
            where
                R: Changeable,
                O: Operand<E, T, Kind: ArithmeticOperand>,
            {
                let Path { steps: target, guards, .. } = Path::from(self);
                let term = Path::<E, T, R>::of_steps(target.clone()).if_not_exists(operand).term;
                Update::new(term.map(|term| vec![UpdateAction::Set(target, term)])).with_given(guards)
            }

            /// Adds `step` to the number, or to `start` where it is absent: renders
            /// `SET #n0 = if_not_exists(#n0, :v0) + :v1`. For N.
            ///
            /// ```
            /// # use dynamap::Attribute;
            /// # #[derive(Attribute)]
            /// # pub struct Ticket { pub next: u64 }
            /// let next = Ticket::NEXT.add_or(1000, 1);
            /// assert_eq!(next.to_string(), "SET next = if_not_exists(next, ?) + ?");
            /// ```
            #[doc(alias("if_not_exists", "increment", "auto_increment"))]
            pub fn add_or<O, S>(self, start: O, step: S) -> Update<E>
            where
                R: Changeable + Settable<kind::Arithmetic>,
                O: Operand<E, T, Kind: ArithmeticOperand>,
                S: Addend<E, T>,
                Arithmetic<E, T>: Operand<E, T, Kind = kind::Arithmetic>,
            {
                let path = Path::from(self);
                path.clone().set(path.if_not_exists(start) + step)
            }

            /// Appends elements to the list, which may be absent: renders
            /// `SET #n0 = list_append(if_not_exists(#n0, :v0), :v1)`. For L.
            #[doc(alias("list_append", "push"))]
            pub fn append<O>(self, elements: O) -> Update<E>
            where
                R: Changeable,
                T: List,
                O: Operand<E, T, Kind: ArithmeticOperand>,
            {
                let Path { steps, guards, .. } = Path::from(self);
                Update::new(append(steps, elements.into_term(), Computed::ListAppend)).with_given(guards)
            }

            /// Puts elements before those of the list, which may be absent: renders
            /// `SET #n0 = list_append(:v1, if_not_exists(#n0, :v0))`. For L.
            #[doc(alias = "list_append")]
            pub fn prepend<O>(self, elements: O) -> Update<E>
            where
                R: Changeable,
                T: List,
                O: Operand<E, T, Kind: ArithmeticOperand>,
            {
                let order = |list, elements| Computed::ListAppend(elements, list);
                let Path { steps, guards, .. } = Path::from(self);
                Update::new(append(steps, elements.into_term(), order)).with_given(guards)
            }
        }
    )* };
}

actions! { Attribute Path }

/// DynamoDB: these actions are documented for attributes only, not for nested paths.
impl<E, T: AttributeType, R> Attribute<E, T, R> {
    /// Adds a value to the number, or members to the set: renders `ADD #n0 :v0`. For N, SS, NS and BS.
    ///
    /// An absent number counts as 0, an absent set as empty.
    #[expect(clippy::should_implement_trait, reason = "it is the name of the action, and no sum")]
    #[doc(alias("increment", "counter"))]
    pub fn add<O>(self, operand: O) -> Update<E>
    where
        R: Changeable,
        T::DataType: Addable,
        O: Operand<E, T, Kind: RequestValue>,
    {
        let target = Path::from(self).steps;
        Update::new(with_value("ADD", ADDABLE, target, operand.into_term(), UpdateAction::Add))
    }

    /// Deletes members from the set: renders `DELETE #n0 :v0`. For SS, NS and BS.
    ///
    /// With its last member the attribute goes.
    pub fn delete<O>(self, members: O) -> Update<E>
    where
        R: Changeable,
        T::DataType: Deletable,
        O: Operand<E, T, Kind: RequestValue>,
    {
        let target = Path::from(self).steps;
        Update::new(with_value("DELETE", SETS, target, members.into_term(), UpdateAction::Delete))
    }
}

impl<E, T: AttributeType, R> Path<E, T, R> {
    /// Adds a value to a number, or members to a set, inside an attribute: renders `ADD #n0.#n1 :v0`. For N, SS, NS and BS.
    ///
    /// DynamoDB's documentation gives `ADD` to attributes only, but the service takes nested paths. What the value is nested
    /// in must be there; the value itself need not. Where that is not to be relied on, `set` computes the same for numbers:
    /// `path.set(path.if_not_exists(0) + 1)`.
    ///
    /// ```
    /// # use dynamap::Attribute;
    /// # #[derive(Attribute)]
    /// # pub struct Place { pub visits: u64 }
    /// # #[derive(Attribute)]
    /// # pub struct Ticket { pub place: Place }
    /// let visit = Ticket::PLACE.field(Place::VISITS).add_nested(1_u64);
    /// assert_eq!(visit.to_string(), "ADD place.visits ?");
    /// ```
    pub fn add_nested<O>(self, operand: O) -> Update<E>
    where
        R: Changeable,
        T::DataType: Addable,
        O: Operand<E, T, Kind: RequestValue>,
    {
        let added = with_value("ADD", ADDABLE, self.steps, operand.into_term(), UpdateAction::Add);
        Update::new(added).with_given(self.guards)
    }

    /// Deletes members from a set inside an attribute: renders `DELETE #n0.#n1 :v0`. For SS, NS and BS.
    ///
    /// DynamoDB's documentation gives `DELETE` to attributes only, but the service takes nested paths, as
    /// [`add_nested`](Self::add_nested) says.
    pub fn delete_nested<O>(self, members: O) -> Update<E>
    where
        R: Changeable,
        T::DataType: Deletable,
        O: Operand<E, T, Kind: RequestValue>,
    {
        let deleted = with_value("DELETE", SETS, self.steps, members.into_term(), UpdateAction::Delete);
        Update::new(deleted).with_given(self.guards)
    }
}
