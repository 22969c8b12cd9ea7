//! The mapping of Rust types to DynamoDB attribute values and back.
//!
//! A type is mapped once, by [`ToAttribute`] and [`FromAttribute`] over the small [`Writer`] and [`Reader`]
//! traits, which speak DynamoDB's data types: numbers of 38 digits, sets and binary values are native. The
//! module [`wire`](crate::wire) has two back ends for each: the bytes of DynamoDB-JSON and the SDK's
//! `AttributeValue`.

mod binary;
mod data_type;
mod document;
mod dynamic;
mod field_table;
mod float;
pub(crate) mod integer;
mod integration;
mod lineage;
mod list;
mod map;
mod nullable;
mod number;
mod option;
mod pointer;
mod reader;
pub(crate) mod scalar;
mod sdk;
pub mod serde;
mod set;
mod short_text;
mod stamp;
mod text;
mod time_to_live;
mod tuple;
mod vector;
mod version;
mod writer;

pub use binary::{ByteArray, Bytes};

pub use data_type::{AttributeType, DataType, marker};
pub(crate) use document::read_members;
pub use document::{Document, FromDocument, ToDocument};
#[doc(hidden)]
pub use document::{Flat, read_document, read_tagged_document};
pub use dynamic::Value;
pub use field_table::{FieldTable, Head};
#[doc(hidden)]
pub use lineage::{Lineage, WriteId};
pub use map::MapKey;
pub use nullable::Nullable;
pub use number::{IntegerOutOfRange, Number, NumberError};
pub use reader::{Field, Members, Reader};
pub use short_text::ShortText;
pub use stamp::{Counter, Timestamp};
pub use time_to_live::{EpochSeconds, TimeToLive};
pub use vector::{Vector, VectorField};
pub use version::{FromZero, Version, VersionField, VersionValue};
pub use writer::Writer;

use crate::error::{DecodeError, EncodeError};

/// The deepest nesting of lists and maps that DynamoDB stores in one attribute.
pub const MAX_DEPTH: u32 = 32;

/// A type that can be written as an attribute value.
///
/// `#[derive(Attribute)]` implements it together with [`FromAttribute`]:
///
/// ```
/// use dynamap::Attribute;
/// use dynamap::wire::to_json;
///
/// /// A map (M).
/// #[derive(Attribute)]
/// #[dynamap(rename_all = "camelCase")]
/// struct Address {
///     street_name: String,
///     door: Option<u16>,
/// }
///
/// /// A newtype is its content: here a string (S). It can be part of a key, as its content can.
/// #[derive(Attribute)]
/// struct Sku(String);
///
/// /// Unit variants are strings (S), and can be part of a key.
/// #[derive(Attribute)]
/// enum Status {
///     Open,
///     #[dynamap(rename = "done")]
///     Shipped,
/// }
///
/// /// Variants with content say which they are in one of serde's four styles.
/// #[derive(Attribute)]
/// #[dynamap(tag = "method")]
/// enum Payment {
///     Card { last4: String },
///     Cash,
/// }
///
/// let address = Address { street_name: "Esplanadi".into(), door: None };
/// assert_eq!(to_json(&address)?, br#"{"M":{"streetName":{"S":"Esplanadi"}}}"#);
/// assert_eq!(to_json(&Sku("A-7".into()))?, br#"{"S":"A-7"}"#);
/// assert_eq!(to_json(&Status::Shipped)?, br#"{"S":"done"}"#);
/// let payment = Payment::Card { last4: "4242".into() };
/// assert_eq!(to_json(&payment)?, br#"{"M":{"method":{"S":"Card"},"last4":{"S":"4242"}}}"#);
/// # let _ = (Status::Open, Payment::Cash);
/// # Ok::<(), dynamap::error::EncodeError>(())
/// ```
///
/// | option | of | meaning |
/// |---|---|---|
/// | `rename_all = "camelCase"` | struct, enum, variant | the case of the names of fields or variants |
/// | `rename_all_fields = ".."` | enum | the case of the names of the fields of its struct variants |
/// | `tag = "type"` | enum | `{"type": "Card", ..}`: the variant's name beside its fields |
/// | `tag = "type", content = "value"` | enum | `{"type": "Card", "value": {..}}` |
/// | `untagged` | enum | only the content; the first variant that fits is read |
/// | none of them | enum | `"Cash"` or `{"Card": {..}}` |
/// | `rename = "name"` | field, variant | its name |
/// | `alias = "old"` | field, variant | a name that is read as well; may be given several times |
/// | `default`, `default = path` | field | an absent attribute, and NULL where the type has no value for it, is read as `Default::default()` or `path()` |
/// | `default`, `default = path` | struct | absent fields are taken from the struct's `Default::default()` or `path()` |
/// | `skip_if = path` | field | not stored if `path(&value)` is true; needs `default` or an `Option` to be read back |
/// | `skip` | field | not stored; read as its default |
/// | `flatten` | field | a nested struct, enum or map whose members stand beside the others; an `Option` of one is `None` where none of them is there |
/// | `serde`, `with = module` | field | mapped by serde, or by `module::write` and `module::read` |
/// | `ignore_serde` | struct, enum, variant, field | `#[serde(..)]` is for another format: without it, an option there that changes what serde writes does not compile without its equal here |
/// | `crate = path` | struct, enum | the path of dynamap, if it is not `::dynamap` |
///
/// By hand, write exactly one value:
///
/// ```
/// use dynamap::error::{DecodeError, EncodeError};
/// use dynamap::value::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker};
///
/// #[derive(Debug, PartialEq)]
/// struct Percent(u8);
///
/// impl AttributeType for Percent {
///     type DataType = marker::N;
/// }
///
/// impl ToAttribute for Percent {
///     fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
///         self.0.write(w)
///     }
/// }
///
/// impl FromAttribute for Percent {
///     fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
///         match u8::read(r)? {
///             percent @ ..=100 => Ok(Self(percent)),
///             _ => Err(DecodeError::new("a percentage", "a number over 100")),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored as a DynamoDB attribute",
    label = "not an attribute value",
    note = "derive `dynamap::Attribute` for a type of your own; a type of another crate is stored by serde if the field is marked `#[dynamap(serde)]`, or by functions of yours: `#[dynamap(with = module)]`"
)]
pub trait ToAttribute: AttributeType {
    /// Writes this value.
    ///
    /// # Errors
    /// DynamoDB cannot store the value: a number that is not finite or has more than 38 digits, an empty set
    /// inside a list, nesting deeper than [`MAX_DEPTH`].
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError>;

    /// True if a field with this value is left out of the item: `None`, and a set without members.
    fn is_absent(&self) -> bool {
        false
    }
}

/// A type that can be read from an attribute value, as it was written. See [`ToAttribute`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored as a DynamoDB attribute",
    label = "not an attribute value",
    note = "derive `dynamap::Attribute` for a type of your own; a type of another crate is stored by serde if the field is marked `#[dynamap(serde)]`, or by functions of yours: `#[dynamap(with = module)]`"
)]
pub trait FromAttribute: ToAttribute + Sized {
    /// True if each attribute that it reads is what it writes, so that a key which is such a field reads back as it is.
    #[doc(hidden)]
    const EXACT: bool = false;

    /// Reads one value.
    ///
    /// # Errors
    /// The attribute has another data type or form than `Self` asks for.
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError>;

    /// The value of a field whose attribute is not in the item; `None` makes that an error.
    fn absent() -> Option<Self> {
        None
    }
}
