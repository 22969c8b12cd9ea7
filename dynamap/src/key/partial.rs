use super::interval::{self, ComponentForm};
use super::{KeyBuilder, KeyCondition, KeyPart, KeyRole, KeyTemplate, RangeForm, SortKeyOperator, attribute};
use crate::error::{KeyError, KeyErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{fmt, fmt::Display, ops::Bound};

/// An unfinished key condition: the partition, and the first components of the sort key.
///
/// The types that `#[derive(Entity)]` generates for the steps of a condition wrap it. A step never fails: an
/// error waits in the condition until the request is made.
///
/// ```
/// use dynamap::key::{KeyTemplate, PartialKey, Segment, SortKeyOperator};
/// use aws_sdk_dynamodb::types::AttributeValue;
///
/// static LINE: KeyTemplate = KeyTemplate::new(
///     "ORDER#{order_id}#LINE#{number}",
///     &[
///         Segment::Text("ORDER#"),
///         Segment::Part { name: "order_id", plain: false },
///         Segment::Text("#LINE#"),
///         Segment::Part { name: "number", plain: false },
///     ],
/// );
///
/// let lines = PartialKey::<(), ()>::new()
///     .partition("pk", Ok(AttributeValue::S("CUSTOMER#7".into())))
///     .sort_template("sk", &LINE)
///     .part(&"1".to_owned())
///     .into_condition();
/// let parts = lines.into_parts()?;
/// let prefix = AttributeValue::S("ORDER#1#LINE#".into());
/// assert_eq!(parts.sort, [("sk", SortKeyOperator::BeginsWith(prefix))]);
/// # Ok::<(), dynamap::error::KeyError>(())
/// ```
pub struct PartialKey<E, I> {
    condition: KeyCondition<E, I>,
    sort: Option<(&'static str, KeyBuilder)>,
    below: bool,
}

impl<E, I> PartialKey<E, I> {
    /// A condition without any part.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { condition: KeyCondition::new(), sort: None, below: false }
    }

    /// Adds a partition key attribute; an index with a multi-attribute key has several.
    #[must_use]
    pub fn partition(mut self, attribute: &'static str, value: Result<AttributeValue, KeyError>) -> Self {
        match checked(attribute, value, KeyRole::Partition) {
            Ok(value) => self.condition.add_partition(attribute, value),
            Err(error) => self.condition.fail(error),
        }
        self
    }

    /// Begins the sort key, which has a template.
    #[must_use]
    pub fn sort_template(mut self, attribute: &'static str, template: &'static KeyTemplate) -> Self {
        self.sort = Some((attribute, KeyBuilder::new(template)));
        self
    }

    /// Includes the keys below: those that go on after a complete key with `#` and more.
    ///
    /// For the item collections of several entities, where `ORDER#1#LINE#2` is below `ORDER#1`. It is about the
    /// complete key and a range's included end; all other conditions include the keys below anyway.
    /// Exact for escaped components.
    #[must_use]
    pub fn and_below(mut self) -> Self {
        self.below = true;
        self
    }

    /// Fixes the next component of the sort key.
    #[must_use]
    pub fn part<T: KeyPart>(self, value: &T) -> Self {
        self.step(|key| key.part(value))
    }

    /// Fixes the next component of the sort key, which is written as it displays.
    #[must_use]
    pub fn plain<T: Display>(self, value: &T) -> Self {
        self.step(|key| key.plain(value))
    }

    /// The keys whose next component is in a range, with all that follow it.
    ///
    /// A range that is reversed, or excludes its only value (`a..a`), is an error: DynamoDB refuses a `BETWEEN`
    /// with swapped bounds, and a caller who computes bounds should hear of it.
    pub fn range<T: KeyPart>(self, from: Bound<T>, to: Bound<T>) -> KeyCondition<E, I> {
        let below = self.below;
        let of_bounds = RangeForm::of("", &from, &to);
        self.end_range(of_bounds, |key| {
            let form = ComponentForm::Escaped {
                fixed_width: T::FIXED_WIDTH,
                exact_end: key.next_is_last() && !below,
            };
            range(key, form, from, to, KeyBuilder::with_part)
        })
    }

    /// The keys whose next component, the last and written as it displays, is in a range of texts.
    ///
    /// Errors as [`range`](Self::range).
    pub fn plain_range(self, from: Bound<String>, to: Bound<String>) -> KeyCondition<E, I> {
        let of_bounds = RangeForm::of("", &from, &to);
        self.end_range(of_bounds, |key| {
            if !key.next_is_last() {
                return Err(key.error_in_next(KeyErrorKind::Components));
            }
            range(key, ComponentForm::Plain, from, to, |key, text| key.with_plain(text))
        })
    }

    /// The keys whose next component begins with a text.
    pub fn begins_with(self, text: &str) -> KeyCondition<E, I> {
        self.end(|key| key.with_beginning(text).map(|text| interval::begins_with(&text)))
    }

    /// Fixes a sort key attribute that is a field of its own.
    #[must_use]
    pub fn attribute_equal(
        mut self,
        attribute: &'static str,
        value: Result<AttributeValue, KeyError>,
    ) -> Self {
        match checked(attribute, value, KeyRole::Sort) {
            Ok(value) => self.condition.add_sort(attribute, SortKeyOperator::Equal(value)),
            Err(error) => self.condition.fail(error),
        }
        self
    }

    /// The items whose sort key attribute, a field of its own, is in a range.
    ///
    /// Between two bounds, an excluded one becomes the next value that DynamoDB can store: the condition is
    /// exact. Errors as [`range`](Self::range).
    pub fn attribute_range(
        mut self,
        attribute: &'static str,
        from: Bound<Result<AttributeValue, KeyError>>,
        to: Bound<Result<AttributeValue, KeyError>>,
    ) -> KeyCondition<E, I> {
        let form = RangeForm::of("", &from, &to);
        let operator = transpose(from).and_then(|from| {
            let range = attribute::range(from, transpose(to)?);
            range.map_err(|kind| KeyError::in_attribute(attribute, kind))
        });
        self.add_range(attribute, operator, form);
        self.condition
    }

    /// The items whose sort key attribute, a string or binary value of its own, begins with a value.
    pub fn attribute_begins_with(
        mut self,
        attribute: &'static str,
        value: Result<AttributeValue, KeyError>,
    ) -> KeyCondition<E, I> {
        let operator = checked(attribute, value, KeyRole::Sort).and_then(|value| match value {
            AttributeValue::N(_) => Err(KeyError::in_attribute(attribute, KeyErrorKind::NotAKeyType)),
            value => Ok(Some(SortKeyOperator::BeginsWith(value))),
        });
        self.add_sort(attribute, operator);
        self.condition
    }

    /// Keeps an error for the request.
    #[must_use]
    pub fn fail(mut self, error: KeyError) -> Self {
        self.condition.fail(error);
        self
    }

    /// The condition for all keys that have the components so far.
    ///
    /// A complete key is one key; otherwise the keys that begin with the text up to the next component. A sort
    /// key of which nothing is known has no condition.
    pub fn into_condition(self) -> KeyCondition<E, I> {
        let below = self.below;
        self.end(|key| {
            if !key.is_complete() {
                return key.with_beginning("").map(|text| interval::begins_with(&text));
            }
            let text = key.checked(KeyRole::Sort)?;
            Ok(Some(if below {
                let end = interval::above_all_below(text.clone());
                SortKeyOperator::Between(AttributeValue::S(text), AttributeValue::S(end))
            } else {
                SortKeyOperator::Equal(AttributeValue::S(text))
            }))
        })
    }

    fn step(mut self, write: impl FnOnce(&mut KeyBuilder) -> Result<(), KeyError>) -> Self {
        if self.condition.is_failed() {
            return self;
        }
        let written = match &mut self.sort {
            Some((_, key)) => write(key),
            None => Err(KeyError::new("", KeyErrorKind::Components)),
        };
        match written {
            Ok(()) => self,
            Err(error) => self.fail(error),
        }
    }

    fn end(
        mut self,
        operator: impl FnOnce(KeyBuilder) -> Result<Option<SortKeyOperator>, KeyError>,
    ) -> KeyCondition<E, I> {
        if let Some((attribute, key)) = self.sort.take()
            && !self.condition.is_failed()
        {
            self.add_sort(attribute, operator(key));
        }
        self.condition
    }

    fn end_range(
        mut self,
        of_bounds: RangeForm,
        operator: impl FnOnce(KeyBuilder) -> Result<Option<SortKeyOperator>, KeyError>,
    ) -> KeyCondition<E, I> {
        if let Some((attribute, key)) = self.sort.take()
            && !self.condition.is_failed()
        {
            let form = RangeForm { prefix: key.text().into(), ..of_bounds };
            self.add_range(attribute, operator(key), form);
        }
        self.condition
    }

    fn add_range(
        &mut self,
        attribute: &'static str,
        operator: Result<Option<SortKeyOperator>, KeyError>,
        form: RangeForm,
    ) {
        match operator {
            Ok(Some(operator)) => self.condition.add_range(attribute, operator, form),
            operator => self.add_sort(attribute, operator),
        }
    }

    fn add_sort(&mut self, attribute: &'static str, operator: Result<Option<SortKeyOperator>, KeyError>) {
        match operator {
            Ok(Some(operator)) => self.condition.add_sort(attribute, operator),
            Ok(None) => {}
            Err(error) => self.condition.fail(error),
        }
    }
}

fn range<T>(
    key: KeyBuilder,
    form: ComponentForm,
    from: Bound<T>,
    to: Bound<T>,
    with: impl Fn(&KeyBuilder, &T) -> Result<String, KeyError>,
) -> Result<Option<SortKeyOperator>, KeyError> {
    let text = |bound: Bound<T>| transpose(bound.map(|value| with(&key, &value)));
    let (from, to) = (text(from)?, text(to)?);
    interval::range(key.text(), form, from, to).map_err(|kind| key.error_in_next(kind))
}

fn transpose<T, X>(bound: Bound<Result<T, X>>) -> Result<Bound<T>, X> {
    Ok(match bound {
        Bound::Included(value) => Bound::Included(value?),
        Bound::Excluded(value) => Bound::Excluded(value?),
        Bound::Unbounded => Bound::Unbounded,
    })
}

fn checked(
    attribute: &'static str,
    value: Result<AttributeValue, KeyError>,
    role: KeyRole,
) -> Result<AttributeValue, KeyError> {
    attribute::checked(value?, role).map_err(|kind| KeyError::in_attribute(attribute, kind))
}

impl<E, I> From<PartialKey<E, I>> for KeyCondition<E, I> {
    fn from(key: PartialKey<E, I>) -> Self {
        key.into_condition()
    }
}

impl<E, I> Clone for PartialKey<E, I> {
    fn clone(&self) -> Self {
        Self { condition: self.condition.clone(), sort: self.sort.clone(), below: self.below }
    }
}

/// Shows attributes and templates, not the values.
impl<E, I> fmt::Debug for PartialKey<E, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartialKey")
            .field("condition", &self.condition)
            .field("sort", &self.sort)
            .field("below", &self.below)
            .finish()
    }
}
