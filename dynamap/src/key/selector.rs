use super::{KeyCondition, KeyPart, KeyValue, PartialKey};
use crate::value::{AttributeType, marker};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use std::{
    fmt::Display,
    ops::{
        Bound::{self, Excluded, Included, Unbounded},
        Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive,
    },
};

/// An argument for a step of a key condition over a component of type `T`: a value, or a range of values.
///
/// After a value the condition goes on with the next component; a range ends it, and so is always one
/// interval. Ranges are the standard library's, two [`Bound`]s, or [`gt`], [`ge`], [`lt`], [`le`].
///
/// ```
/// use dynamap::key::{self, KeyCondition, KeySelector, KeyTemplate, PartialKey, Segment};
///
/// static LINE: KeyTemplate = KeyTemplate::new(
///     "{order_id}#{number}",
///     &[
///         Segment::Part { name: "order_id", plain: false },
///         Segment::Text("#"),
///         Segment::Part { name: "number", plain: false },
///     ],
/// );
///
/// // What `#[derive(Entity)]` makes of the template.
/// struct ByOrder(PartialKey<(), ()>);
/// struct ByNumber(PartialKey<(), ()>);
/// # impl From<PartialKey<(), ()>> for ByNumber { fn from(key: PartialKey<(), ()>) -> Self { Self(key) } }
///
/// impl ByOrder {
///     fn order_id<A: KeySelector<String>>(self, order_id: A) -> A::Next<(), (), ByNumber> {
///         order_id.select(self.0)
///     }
/// }
///
/// impl ByNumber {
///     fn number<A: KeySelector<u64>>(self, number: A) -> A::Next<(), (), KeyCondition<(), ()>> {
///         number.select(self.0)
///     }
/// }
///
/// let lines = || ByOrder(PartialKey::new().sort_template("sk", &LINE));
/// let one: KeyCondition<(), ()> = lines().order_id("o-1").number(7);
/// let some: KeyCondition<(), ()> = lines().order_id("o-1").number(1..=9);
/// let orders: KeyCondition<(), ()> = lines().order_id("a".."c");
/// let later: KeyCondition<(), ()> = lines().order_id(key::gt("o-1"));
/// # for condition in [one, some, orders, later] { condition.into_parts()?; }
/// # Ok::<(), dynamap::error::KeyError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` selects no values of the key component, which is a `{T}`",
    label = "expected a `{T}` or a range of them",
    note = "pass a value (`x`, `&x`, or a `&str` if `{T}` implements `From<&str>`), a range (`a..b`, `a..=b`, `a..`, `..b`), or `key::gt(a)`, `ge`, `lt`, `le`"
)]
pub trait KeySelector<T>: Sized {
    /// The next part of the condition: the step `N` after a value, the finished [`KeyCondition`] after a range.
    type Next<E, I, N>;

    /// Calls `value` with the key and the value, or `range` with the key and the bounds.
    fn select_with<E, I, N>(
        self,
        key: PartialKey<E, I>,
        value: impl FnOnce(PartialKey<E, I>, T) -> N,
        range: impl FnOnce(PartialKey<E, I>, Bound<T>, Bound<T>) -> KeyCondition<E, I>,
    ) -> Self::Next<E, I, N>;

    /// Selects by the next component of a template.
    fn select<E, I, N>(self, key: PartialKey<E, I>) -> Self::Next<E, I, N>
    where
        T: KeyPart,
        N: From<PartialKey<E, I>>,
    {
        self.select_with(key, |key, value| key.part(&value).into(), PartialKey::range)
    }
}

/// An argument for a step of a key condition over a plain component, or over a key attribute that is a field of
/// its own: a value, or a range of values.
///
/// As [`KeySelector`], for types that need not be a [`KeyPart`]. The bounds of a range are of type `T` itself, or `&str` where
/// that is `String`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` selects no values of the key, which is a `{T}`",
    label = "expected a `{T}` or a range of them",
    note = "pass a value (`x` or `&x`), a range (`a..b`, `a..=b`, `a..`, `..b`), or `key::gt(a)`, `ge`, `lt`, `le`"
)]
pub trait PlainSelector<T>: Sized {
    /// The next part of the condition: the step `N` after a value, the finished [`KeyCondition`] after a range.
    type Next<E, I, N>;

    /// Calls `value` with the key and the value, or `range` with the key and the bounds.
    fn select_with<E, I, N>(
        self,
        key: PartialKey<E, I>,
        value: impl FnOnce(PartialKey<E, I>, T) -> N,
        range: impl FnOnce(PartialKey<E, I>, Bound<T>, Bound<T>) -> KeyCondition<E, I>,
    ) -> Self::Next<E, I, N>;

    /// Selects by the next component of a template, which is plain and the last.
    fn select<E, I, N>(self, key: PartialKey<E, I>) -> Self::Next<E, I, N>
    where
        T: Display,
        N: From<PartialKey<E, I>>,
    {
        let text = |bound: Bound<T>| bound.map(|value| value.to_string());
        self.select_with(
            key,
            |key, value| key.plain(&value).into(),
            |key, from, to| key.plain_range(text(from), text(to)),
        )
    }
}

/// The beginning of a key attribute that is a field of type `T`: text where it is a string (S), bytes where it is binary (B).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no beginning of a key attribute that is a `{T}`",
    label = "expected `&str` for a string (S), `&[u8]` for a binary value (B); a number has no beginning"
)]
pub trait KeyBeginning<T> {
    /// The beginning in the SDK's types; `None` if it is empty, as all values begin with that.
    #[doc(hidden)]
    fn to_value(&self) -> Option<AttributeValue>;
}

impl<T: AttributeType<DataType = marker::S>> KeyBeginning<T> for str {
    fn to_value(&self) -> Option<AttributeValue> {
        (!self.is_empty()).then(|| AttributeValue::S(self.to_owned()))
    }
}

impl<T: AttributeType<DataType = marker::B>> KeyBeginning<T> for [u8] {
    fn to_value(&self) -> Option<AttributeValue> {
        (!self.is_empty()).then(|| AttributeValue::B(Blob::new(self)))
    }
}

macro_rules! value {
    ([$($generics:tt)*] $selector:ident<$part:ty> for $argument:ty, $value:ident => $into:expr) => {
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> $selector<$part> for $argument {
            type Next<E, I, N> = N;

            fn select_with<E, I, N>(
                self,
                key: PartialKey<E, I>,
                value: impl FnOnce(PartialKey<E, I>, $part) -> N,
                _: impl FnOnce(PartialKey<E, I>, Bound<$part>, Bound<$part>) -> KeyCondition<E, I>,
            ) -> N {
                let $value = self;
                value(key, $into)
            }
        }
    };
}

value!([T: KeyPart] KeySelector<T> for T, value => value);
value!([T: KeyPart + Clone] KeySelector<T> for &T, value => value.clone());
value!(['a, T: KeyPart + From<&'a str>] KeySelector<T> for &'a str, value => value.into());
value!([T] PlainSelector<T> for T, value => value);
value!([T: Clone] PlainSelector<T> for &T, value => value.clone());
value!([] PlainSelector<String> for &str, value => value.to_owned());

macro_rules! range_of {
    (
        [$($generics:tt)*] $selector:ident<$part:ty> for $argument:ty,
        $range:ident => $bounds:expr, $into:expr
    ) => {
        impl<$($generics)*> $selector<$part> for $argument {
            type Next<E, I, N> = KeyCondition<E, I>;

            fn select_with<E, I, N>(
                self,
                key: PartialKey<E, I>,
                _: impl FnOnce(PartialKey<E, I>, $part) -> N,
                range: impl FnOnce(PartialKey<E, I>, Bound<$part>, Bound<$part>) -> KeyCondition<E, I>,
            ) -> KeyCondition<E, I> {
                let $range = self;
                let (from, to) = $bounds;
                range(key, from.map($into), to.map($into))
            }
        }
    };
}

macro_rules! ranges {
    ($($range_type:ident, $range:ident => $bounds:expr;)*) => { $(
        range_of!([T: KeyPart, A: KeyValue<T>] KeySelector<T> for $range_type<A>,
            $range => $bounds, <A as KeyValue<T>>::into_part);
        range_of!([T] PlainSelector<T> for $range_type<T>, $range => $bounds, std::convert::identity::<T>);
        range_of!(['a] PlainSelector<String> for $range_type<&'a str>, $range => $bounds, str::to_owned);
    )* };
}

/// Two bounds.
type Bounds<A> = (Bound<A>, Bound<A>);

ranges! {
    Range, range => (Included(range.start), Excluded(range.end));
    RangeInclusive, range => {
        let (start, end) = range.into_inner();
        (Included(start), Included(end))
    };
    RangeFrom, range => (Included(range.start), Unbounded);
    RangeTo, range => (Unbounded, Excluded(range.end));
    RangeToInclusive, range => (Unbounded, Included(range.end));
    Bounds, range => range;
}

range_of!([T: KeyPart] KeySelector<T> for RangeFull,
    _all => (Unbounded, Unbounded), std::convert::identity::<T>);

/// The values greater than `value`, not with it or any key below it.
pub fn gt<A>(value: A) -> (Bound<A>, Bound<A>) {
    (Excluded(value), Unbounded)
}

/// The values from `value` on.
pub fn ge<A>(value: A) -> (Bound<A>, Bound<A>) {
    (Included(value), Unbounded)
}

/// The values less than `value`.
pub fn lt<A>(value: A) -> (Bound<A>, Bound<A>) {
    (Unbounded, Excluded(value))
}

/// The values up to `value`, with it.
pub fn le<A>(value: A) -> (Bound<A>, Bound<A>) {
    (Unbounded, Included(value))
}
