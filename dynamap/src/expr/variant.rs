//! The variants of enums.

use super::{
    Attribute, Condition, DocumentIn, FlattenedField, Path,
    condition::{Comparator, Node},
    given::Part,
    operand::TermKind,
    path::{PathStep, Steps},
    role,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{borrow::Cow, fmt, marker::PhantomData};

/// A variant of the enum `V` that holds a `C`: `Payment::VARIANT.card`.
///
/// The constant `VARIANT` is derived with an enum whose values say which variant they are: with a tag, inside or beside the
/// content, or without one where the content has the name of the variant. Its members are called as the variants, in
/// `snake_case`; those of a variant with named fields have the fields as members.
///
/// ```
/// use dynamap::Attribute;
///
/// #[derive(Attribute)]
/// #[dynamap(tag = "method")]
/// pub enum Payment {
///     Cash,
///     Card { last4: String },
///     Bank(Account),
/// }
///
/// #[derive(Attribute)]
/// pub struct Account {
///     pub iban: String,
/// }
///
/// #[derive(Attribute)]
/// pub struct Order {
///     pub payment: Payment,
/// }
///
/// assert_eq!(Order::PAYMENT.is(Payment::VARIANT.cash).to_string(), "payment.method = ?");
/// let last4 = Order::PAYMENT.at(Payment::VARIANT.card.last4);
/// assert_eq!(last4.eq("4711").to_string(), "payment.last4 = ?");
/// let iban = Order::PAYMENT.at(Payment::VARIANT.bank).field(Account::IBAN);
/// assert_eq!(iban.set("NO93").to_string(), "SET payment.iban = ?");
/// ```
pub struct Variant<V, C> {
    tag: &'static VariantTag,
    of: PhantomData<fn() -> (V, C)>,
}

/// A field of a variant of the enum `V` that holds a `T`: `Payment::VARIANT.card.last4`.
pub struct VariantField<V, T> {
    tag: &'static VariantTag,
    name: &'static str,
    of: PhantomData<fn() -> (V, T)>,
}

/// In the place of the type of a variant: a `T` whose attributes stand beside the tag, and which is no value by itself.
#[derive(Debug, Clone, Copy)]
pub struct Beside<T>(PhantomData<fn() -> T>);

impl<D: DocumentIn<T>, T> DocumentIn<Beside<T>> for D {}

/// The mark by which a variant is told from others. For generated code.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VariantTag {
    /// The name that is written.
    pub name: &'static str,
    /// Others that are read.
    pub aliases: &'static [&'static str],
    pub style: TagStyle,
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TagStyle {
    /// The whole value is the name.
    Name,
    /// The content has the name.
    External,
    /// This attribute is the name, beside the content.
    Internal(&'static str),
    /// These are the name and the content.
    Adjacent(&'static str, &'static str),
}

impl VariantTag {
    /// The condition that the value at `base` is the variant; without a base, that the item is.
    pub(super) fn node(&self, base: Option<&Steps>) -> Node {
        let value = |name: &&str| TermKind::Value(AttributeValue::S((*name).to_owned()));
        let subject = match (self.style, base) {
            (TagStyle::Internal(tag) | TagStyle::Adjacent(tag, _), _) => step(base, tag),
            (TagStyle::Name, Some(base)) => base.clone(),
            (TagStyle::External, _) | (TagStyle::Name, None) => {
                let names = std::iter::once(&self.name).chain(self.aliases);
                let is_there = |name: &&'static str| Node::Exists(step(base, name));
                // A chain of names is never too deep.
                return Node::any(names.map(is_there).collect()).unwrap_or_else(|_| is_there(&self.name));
            }
        };
        let subject = TermKind::Path(subject);
        match self.aliases {
            [] => Node::Compare(subject, Comparator::Equal, value(&self.name)),
            aliases => Node::In(subject, std::iter::once(&self.name).chain(aliases).map(value).collect()),
        }
    }

    /// The attribute that tells of a flattened one.
    pub(super) fn attribute(&self) -> &'static str {
        match self.style {
            TagStyle::Name | TagStyle::External => self.name,
            TagStyle::Internal(tag) | TagStyle::Adjacent(tag, _) => tag,
        }
    }

    /// The path of the variant's content; none where the content stands in the item itself.
    fn content(&self, base: Option<&Steps>) -> Option<Steps> {
        match self.style {
            TagStyle::Name | TagStyle::Internal(_) => base.cloned(),
            TagStyle::External => Some(step(base, self.name)),
            TagStyle::Adjacent(_, content) => Some(step(base, content)),
        }
    }
}

fn step(base: Option<&Steps>, name: &'static str) -> Steps {
    let Some(base) = base else { return Steps::of(name) };
    let mut steps = base.clone();
    steps.inner.push(PathStep::Name(Cow::Borrowed(name)));
    steps
}

/// An enum that says which variant a value is. Derived.
#[doc(hidden)]
pub trait Tagged {}

/// A variant of the enum that a `T` is, also behind an `Option` or a `Box`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no variant of `{T}`",
    label = "expected a member of the constant `VARIANT` of the enum, such as `Payment::VARIANT.card`"
)]
pub trait VariantOf<T> {
    #[doc(hidden)]
    fn tag(self) -> &'static VariantTag;
}

/// The content of a variant of the enum that a `T` is: all of it, or a field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no part of a variant of `{T}`",
    label = "expected a field such as `Payment::VARIANT.card.last4`, or a variant with one value"
)]
pub trait InVariant<T> {
    /// The type of the content.
    type Value;

    /// The role of its path inside an attribute with the role `R`.
    #[doc(hidden)]
    type Role<R: role::Holder>;

    #[doc(hidden)]
    fn tag(&self) -> &'static VariantTag;

    #[doc(hidden)]
    fn name(&self) -> Option<&'static str>;
}

/// A variant of `T`, as the compiler is told of it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no variant of `{T}`",
    label = "the attribute holds a `{T}`"
)]
pub trait TagOf<T> {}

impl<V: Tagged, C> TagOf<V> for Variant<V, C> {}
impl<V: Tagged, C> TagOf<Box<V>> for Variant<V, C> {}
impl<V, C, T> TagOf<Option<T>> for Variant<V, C> where Self: TagOf<T> {}

impl<V, C, T> VariantOf<T> for Variant<V, C>
where
    Self: TagOf<T>,
{
    fn tag(self) -> &'static VariantTag {
        self.tag
    }
}

impl<V, C, T> InVariant<T> for Variant<V, C>
where
    Self: TagOf<T>,
{
    type Value = C;
    type Role<R: role::Holder> = R::Content;

    fn tag(&self) -> &'static VariantTag {
        self.tag
    }

    fn name(&self) -> Option<&'static str> {
        None
    }
}

impl<V, U, T> InVariant<T> for VariantField<V, U>
where
    Variant<V, ()>: TagOf<T>,
{
    type Value = U;
    type Role<R: role::Holder> = R::Field;

    fn tag(&self) -> &'static VariantTag {
        self.tag
    }

    fn name(&self) -> Option<&'static str> {
        Some(self.name)
    }
}

/// The constructor for generated code.
impl<V, C> Variant<V, C> {
    #[doc(hidden)]
    pub const fn new(tag: &'static VariantTag) -> Self {
        Self { tag, of: PhantomData }
    }
}

impl<V, T> VariantField<V, T> {
    #[doc(hidden)]
    pub const fn new(tag: &'static VariantTag, name: &'static str) -> Self {
        Self { tag, name, of: PhantomData }
    }
}

fn is<E>(base: Option<Steps>, tag: &VariantTag) -> Condition<E> {
    Condition::new(Ok(tag.node(base.as_ref())))
}

macro_rules! variants {
    ($($path:ident)*) => { $(
        impl<E, T, R> $path<E, T, R> {
            /// True if the value is this variant of an enum: renders `#n0.#n1 = :v0` for a tag,
            /// `attribute_exists(#n0.#n1)` where the content has the name of the variant, and `#n0 = :v0` where the
            /// value is the name. A tag may be one of the aliases.
            pub fn is<V: VariantOf<T>>(self, variant: V) -> Condition<E> {
                is(Some(Path::from(self).steps), variant.tag())
            }

            /// The path of the content of a variant, or of a field of it: renders `#n0.#n1`.
            ///
            /// An update that changes it has the condition that the value is this variant; otherwise the error is
            /// [`ConditionFailed`](crate::outcome::ConditionFailed), and nothing is written. It is for items that are there: in an
            /// `upsert` it is an error before any request. A condition or a filter does not ask for the variant: where fields of
            /// two variants have one name, join it with [`is`](Self::is). The whole content of a variant is set and not removed:
            /// `set(None)` stores NULL in its place. Of an enum without a tag it is that under the present name of the variant, and
            /// not under an alias.
            pub fn at<I: InVariant<T>>(self, part: I) -> Path<E, I::Value, I::Role<R>>
            where
                R: role::Holder,
            {
                let Path { steps, guards, .. } = Path::from(self);
                let tag = part.tag();
                let mut inside = tag.content(Some(&steps)).unwrap_or_else(|| steps.clone());
                inside.inner.extend(part.name().map(|name| PathStep::Name(Cow::Borrowed(name))));
                Path::of_steps(inside).guarded_by(guards).guarded(Part::of_variant(Some(steps), tag))
            }
        }
    )* };
}

variants! { Attribute Path }

impl<E, T> FlattenedField<E, T> {
    /// The flattened enum is this variant: renders `#n0 = :v0` for a tag, or `attribute_exists(#n0)` where the content has the
    /// name of the variant.
    pub fn is<V: VariantOf<T>>(self, variant: V) -> Condition<E> {
        is(None, variant.tag())
    }

    /// A field of a variant of the flattened enum, as [`Attribute::at`]: renders `#n0`.
    pub fn at<V, U>(self, field: VariantField<V, U>) -> Path<E, U>
    where
        VariantField<V, U>: InVariant<T>,
    {
        let content = field.tag.content(None);
        Path::of_steps(step(content.as_ref(), field.name)).guarded(Part::of_variant(None, field.tag))
    }
}

macro_rules! plain {
    ($($name:ident)*) => { $(
        impl<V, T> Clone for $name<V, T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<V, T> Copy for $name<V, T> {}

        impl<V, T> fmt::Debug for $name<V, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.tag.name)
            }
        }
    )* };
}

plain! { Variant VariantField }
