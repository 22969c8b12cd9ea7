use super::{Attribute, AttributeTypes, given::Part, role};
use crate::error::{ExpressionError, HIDDEN_KEY, Redacted};
use std::{borrow::Cow, fmt, marker::PhantomData};

/// The path from an item of the entity `E` to a value inside one of its attributes, which holds a `T`.
///
/// `Order::SHIP_TO.field(Address::CITY)` is one. It has the operators of an [`Attribute`].
///
/// ```
/// use dynamap::Attribute;
/// # use std::collections::BTreeMap;
///
/// #[derive(Attribute)]
/// pub struct Address {
///     pub city: String,
/// }
///
/// #[derive(Attribute)]
/// pub struct Customer {
///     pub addresses: Vec<Address>,
///     pub phones: Option<BTreeMap<String, String>>,
/// }
///
/// let city = Customer::ADDRESSES.index(0).field(Address::CITY);
/// assert_eq!(city.eq("Oslo").to_string(), "addresses[0].city = ?");
/// assert_eq!(Customer::PHONES.key("at work").exists().to_string(), "attribute_exists(phones.{key})");
/// ```
pub struct Path<E, T, R = role::Plain> {
    pub(super) steps: Steps,
    /// Conditions on the stored item, which an update of this path carries.
    pub(super) guards: Vec<Part>,
    of: AttributeTypes<E, T, R>,
}

/// The steps of a path: names and indexes, never one text that would have to be taken apart.
///
/// Their order has a path before all that is inside it, with nothing else in between.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Steps {
    pub(super) attribute: Cow<'static, str>,
    pub(super) inner: Vec<PathStep>,
}

/// A step into a map or a list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PathStep {
    Name(Cow<'static, str>),
    Index(u32),
}

impl Steps {
    /// The path of an attribute.
    pub(super) fn of(attribute: impl Into<Cow<'static, str>>) -> Self {
        Self { attribute: attribute.into(), inner: Vec::new() }
    }

    /// The name of the attribute as errors show it: an owned name is data.
    pub(super) fn shown_attribute(&self) -> String {
        match &self.attribute {
            Cow::Borrowed(declared) => (*declared).to_owned(),
            Cow::Owned(_) => HIDDEN_KEY.to_owned(),
        }
    }

    /// True if this is the other path, or leads to it.
    pub(super) fn holds(&self, other: &Self) -> bool {
        self.attribute == other.attribute && other.inner.starts_with(&self.inner)
    }

    /// The error of a value, at the place that it was to be compared with.
    pub(super) fn locate(&self, error: ExpressionError) -> ExpressionError {
        error.located(|error| {
            let inner = self.inner.iter().rev().fold(error, |error, step| match step {
                PathStep::Name(Cow::Borrowed(name)) => error.in_field(name),
                PathStep::Name(Cow::Owned(key)) => error.in_key(key.as_str()),
                PathStep::Index(index) => error.at_index(*index as usize),
            });
            // What is only known when it runs stands in the path like the key of a map.
            match &self.attribute {
                Cow::Borrowed(attribute) => inner.in_field(attribute),
                Cow::Owned(attribute) => inner.in_key(attribute.as_str()),
            }
        })
    }
}

impl<E, T, R> Path<E, T, R> {
    pub(super) fn of_steps(steps: Steps) -> Self {
        Self { steps, guards: Vec::new(), of: PhantomData }
    }

    /// The same path with values of another type.
    pub(super) fn of_type<U>(self) -> Path<E, U, R> {
        Path::of_steps(self.steps).guarded_by(self.guards)
    }

    /// The same path, which an update changes only where this is so as well.
    pub(super) fn guarded(mut self, guard: Part) -> Self {
        self.guards.push(guard);
        self
    }

    pub(super) fn guarded_by(mut self, guards: Vec<Part>) -> Self {
        self.guards.extend(guards);
        self
    }

    pub(super) fn with<U, S>(mut self, step: PathStep) -> Path<E, U, S> {
        self.steps.inner.push(step);
        Path { steps: self.steps, guards: self.guards, of: PhantomData }
    }
}

impl<E, T, R> From<Attribute<E, T, R>> for Path<E, T, R> {
    fn from(attribute: Attribute<E, T, R>) -> Self {
        Self::of_steps(Steps::of(attribute.name()))
    }
}

impl<E, T, R> Clone for Path<E, T, R> {
    fn clone(&self) -> Self {
        Self { steps: self.steps.clone(), guards: self.guards.clone(), of: PhantomData }
    }
}

impl<E, T, R> fmt::Display for Path<E, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.fmt(f)
    }
}

impl<E, T, R> fmt::Debug for Path<E, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}

/// Shows the declared names of the path, those that are no identifiers in backticks, and `{key}` for the key of a map.
impl fmt::Display for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, false)
    }
}

/// Shows the same as `Display`.
impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, false)
    }
}

impl Steps {
    /// The path as errors hold it.
    pub(super) fn redacted(&self) -> Redacted {
        let mut whole = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut whole, true);
        Redacted::new(self.to_string(), whole)
    }

    fn write(&self, f: &mut impl fmt::Write, shows_keys: bool) -> fmt::Result {
        // What is borrowed was declared; what is owned is data.
        let is_hidden = |name: &Cow<'static, str>| !shows_keys && matches!(name, Cow::Owned(_));
        write_name(f, &self.attribute, is_hidden(&self.attribute))?;
        for step in &self.inner {
            match step {
                PathStep::Name(name) => {
                    f.write_char('.')?;
                    write_name(f, name, is_hidden(name))?;
                }
                PathStep::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

fn write_name(f: &mut impl fmt::Write, name: &str, is_hidden: bool) -> fmt::Result {
    if is_hidden {
        return f.write_str(HIDDEN_KEY);
    }
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if plain { f.write_str(name) } else { write!(f, "`{}`", name.escape_debug()) }
}
