use crate::{
    entity::{Entity, KeyBytes, PartitionPart},
    error::{DecodeError, ExpressionError, ExpressionErrorKind, ItemError, KeyError, KeyErrorKind},
    key::{
        self, KeyBeginning, KeyBuilder, KeyCondition, KeyParser, KeyPart, KeyRole, PartialKey, PlainSelector,
    },
    schema::{Index, IndexSchema, KeyAttribute, TableSchema},
    value::{DataType, FromAttribute, ToAttribute, Writer},
    wire,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{
    fmt::{self, Display},
    ops::Bound,
};

/// Writes a key attribute that is no field.
pub fn write_key<W: Writer>(w: &mut W, name: &'static str, text: &str) -> Result<(), ItemError> {
    w.key(name)?;
    w.string(text)?;
    Ok(())
}

/// The type of a field that is a component of a key template. As [`FieldOf`](super::FieldOf).
pub trait ComponentOf<const AT: usize> {
    type Type: KeyPart;

    /// The piece of a partition key that the type makes.
    const PARTITION_PART: PartitionPart = PartitionPart::Encoded {
        fixed_width: <Self::Type as KeyPart>::FIXED_WIDTH,
        size: size_of::<Self::Type>(),
        form: <Self::Type as KeyPart>::FORM,
    };

    fn write_part(value: &Self::Type, key: &mut KeyBuilder) -> Result<(), KeyError> {
        key.part(value)
    }

    fn read_part(parser: &mut KeyParser<'_>) -> Result<Self::Type, KeyError> {
        parser.part()
    }
}

/// The table of an entity, for generated code; used in the same way as [`FieldOf`](super::FieldOf).
pub trait InTable {
    const PARTITION_KEY: KeyAttribute;
    /// Its name is empty if the table has none.
    const SORT_KEY: KeyAttribute;
    /// Empty if the table has none.
    const ENTITY_TYPE: &'static str;
    /// Empty if the table has none.
    const TTL: &'static str;
    /// Empty if the table has none.
    const SHAPE: &'static str;
}

impl<E: Entity> InTable for E {
    const PARTITION_KEY: KeyAttribute = E::Table::PARTITION_KEY;
    const SORT_KEY: KeyAttribute = match E::Table::SORT_KEY {
        Some(attribute) => attribute,
        None => MISSING,
    };
    const ENTITY_TYPE: &'static str = match E::Table::ENTITY_TYPE {
        Some(name) => name,
        None => MISSING.name,
    };
    const TTL: &'static str = match E::Table::TTL {
        Some(name) => name,
        None => MISSING.name,
    };
    const SHAPE: &'static str = match E::Table::SHAPE {
        Some(name) => name,
        None => MISSING.name,
    };
}

/// The index at a position among those of an entity. Its path is named here only, so that a mistake in it is one
/// error.
pub trait KeyIn<const AT: usize> {
    type Index: Index;
}

/// The value of a key attribute that is a field itself.
pub fn key_value<T: ToAttribute>(
    value: &T,
    role: KeyRole,
    attribute: &'static str,
) -> Result<AttributeValue, KeyError> {
    let value = wire::to_attribute_value(value)
        .map_err(|error| KeyError::in_attribute(attribute, KeyErrorKind::Encode(error)))?;
    key::checked(value, role).map_err(|kind| KeyError::in_attribute(attribute, kind))
}

/// Checks a key attribute that is a field itself, which is written with the other fields.
pub fn check_key_value<T: ToAttribute>(
    value: &T,
    role: KeyRole,
    attribute: &'static str,
) -> Result<(), KeyError> {
    // What it is instead, the slower way tells.
    if key::is_key(value, role) { Ok(()) } else { key_value(value, role, attribute).map(|_| ()) }
}

/// Writes a key attribute that is a field itself, to be compared.
pub fn write_key_value<T: ToAttribute>(
    bytes: &mut KeyBytes,
    value: &T,
    role: KeyRole,
    attribute: &'static str,
) -> Result<(), KeyError> {
    if key::is_key_taken(value, role, |scalar| bytes.scalar(scalar)) {
        return Ok(());
    }
    // Why not, the slower way tells.
    key_value(value, role, attribute)?;
    Err(KeyError::in_attribute(attribute, KeyErrorKind::NotAKeyType))
}

/// A component of an index key that an update set to something.
pub fn present<T>(value: Option<T>, name: &'static str) -> Result<T, ItemError> {
    value.ok_or_else(|| ExpressionError::new(ExpressionErrorKind::IndexKey(name)).into())
}

/// The number of the key attributes that have this name.
pub const fn uses(names: &[&str], name: &str) -> usize {
    let (mut i, mut count) = (0, 0);
    while i < names.len() {
        if super::same_name(names[i], name) {
            count += 1;
        }
        i += 1;
    }
    count
}

/// Reads a key attribute that is a field itself.
pub fn read_key_value<T: FromAttribute>(
    value: Option<AttributeValue>,
    attribute: &'static str,
) -> Result<T, DecodeError> {
    let value = value.ok_or_else(|| no_key().in_field(attribute))?;
    wire::from_attribute_value(value).map_err(|error| error.in_field(attribute))
}

/// Reads the components in the text of a key attribute.
pub fn read_key_text<T>(
    value: Option<AttributeValue>,
    attribute: &'static str,
    parse: impl FnOnce(&str) -> Result<T, KeyError>,
) -> Result<T, DecodeError> {
    let text: String = read_key_value(value, attribute)?;
    parse(&text).map_err(|error| not_the_template(&error).in_field(attribute))
}

#[cold]
fn no_key() -> DecodeError {
    DecodeError::new("a key attribute", "none")
}

#[cold]
fn not_the_template(error: &KeyError) -> DecodeError {
    let template = error.template().unwrap_or_default();
    let found = match error.component() {
        Some(component) => match error.kind() {
            KeyErrorKind::Mismatch => format!("a key that does not follow its template at `{component}`"),
            kind => format!("a key whose `{component}` is {kind}"),
        },
        None => "a key of another form".into(),
    };
    DecodeError::new(format!("a key `{template}`"), found)
}

/// The key of a key condition that lacks a component, which is never asked for.
#[cold]
pub fn incomplete_key() -> ! {
    unreachable!("the functions of the last step of a key condition have kept all components")
}

/// Selects by a plain component, the last of a template.
pub fn select_plain<T, E, I, N, A>(
    selector: A,
    key: PartialKey<E, I>,
    next: impl FnOnce(PartialKey<E, I>, T) -> N,
) -> A::Next<E, I, N>
where
    T: Display,
    A: PlainSelector<T>,
{
    let text = |bound: Bound<T>| bound.map(|value| value.to_string());
    selector.select_with(key, next, |key, from, to| key.plain_range(text(from), text(to)))
}

/// Selects by a sort key attribute that is a field itself.
pub fn select_attribute<T, E, I, N, A>(
    selector: A,
    key: PartialKey<E, I>,
    attribute: &'static str,
    next: impl FnOnce(PartialKey<E, I>, T) -> N,
) -> A::Next<E, I, N>
where
    T: ToAttribute,
    A: PlainSelector<T>,
{
    let value = |value: T| key_value(&value, KeyRole::Sort, attribute);
    selector.select_with(
        key,
        |key, one| {
            let written = key_value(&one, KeyRole::Sort, attribute);
            next(key.attribute_equal(attribute, written), one)
        },
        |key, from, to| -> KeyCondition<E, I> {
            key.attribute_range(attribute, from.map(value), to.map(value))
        },
    )
}

/// Selects by what a sort key attribute that is a field itself begins with; all begin with nothing.
pub fn attribute_begins_with<T, E, I, B: KeyBeginning<T> + ?Sized>(
    key: PartialKey<E, I>,
    attribute: &'static str,
    beginning: &B,
) -> KeyCondition<E, I> {
    match beginning.to_value() {
        Some(value) => key.attribute_begins_with(attribute, Ok(value)),
        None => key.into_condition(),
    }
}

/// A value that a template shows to the compiler, so that editors find fields in it. It is never displayed.
pub fn shown<T>(_: &T) -> impl Display + use<T> {
    struct Shown;
    impl Display for Shown {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Ok(())
        }
    }
    Shown
}

/// The attribute at `index` of an index key; where it has fewer, a check reports that.
pub const fn key_at(attributes: &'static [KeyAttribute], index: usize) -> KeyAttribute {
    if index < attributes.len() { attributes[index] } else { MISSING }
}

/// No attribute has an empty name.
const MISSING: KeyAttribute = KeyAttribute { name: "", data_type: DataType::S };

/// Stands for the table that an entity or index with mistakes does not name.
#[derive(Debug)]
pub enum NoTable {}

impl TableSchema for NoTable {
    const PARTITION_KEY: KeyAttribute = MISSING;
    const SORT_KEY: Option<KeyAttribute> = None;
    const TTL: Option<&'static str> = None;
    const ENTITY_TYPE: Option<&'static str> = None;
    const INDEXES: &'static [IndexSchema] = &[];
}
