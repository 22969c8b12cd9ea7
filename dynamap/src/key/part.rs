use crate::error::InvalidPart;
use std::borrow::Cow;

/// The first char that stands for itself in a component follows this one.
const LEAD: char = '$';

/// A type that can be a component of a key.
///
/// [`read_part`](KeyPart::read_part) must take exactly the texts that [`write_part`](KeyPart::write_part) writes, and
/// texts must sort as the values do. A newtype passes both calls on:
///
/// ```
/// use dynamap::error::InvalidPart;
/// use dynamap::key::{KeyPart, PartWriter};
///
/// struct OrderId(u64);
///
/// impl KeyPart for OrderId {
///     const FIXED_WIDTH: bool = u64::FIXED_WIDTH;
///
///     fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
///         self.0.write_part(w)
///     }
///
///     fn read_part(text: &str) -> Result<Self, InvalidPart> {
///         u64::read_part(text).map(Self)
///     }
/// }
/// ```
///
/// Floats are no key parts: NaN has no place in an order, `0.0` and `-0.0` are equal with different bytes, and
/// a computed float seldom finds the key that another computation wrote. Store a count of the smallest unit.
///
/// ```compile_fail,E0277
/// fn key_of<T: dynamap::key::KeyPart>(_: T) {}
/// key_of(1.5_f64);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a component of a DynamoDB key",
    label = "not a key component",
    note = "strings, integers, `char`, `bool` and, with their features, UUIDs and timestamps are key components; implement `dynamap::key::KeyPart` for a newtype or enum of your own",
    note = "the type of an optional component of an index key is written `Option<..>`, not under another name",
    note = "floats have no key text: store an integer of the smallest unit; a type with `Display` and `FromStr` can be marked `plain` in the template"
)]
pub trait KeyPart: Sized {
    /// True if all values are written with the same number of chars.
    const FIXED_WIDTH: bool = false;

    /// The form of all texts that are read, unescaped, if it is one: `0` is any digit, `?` any byte above `$`, and all else stands
    /// for itself.
    #[doc(hidden)]
    const FORM: Option<&'static str> = None;

    /// Writes the value's text.
    ///
    /// # Errors
    /// The value has no text that sorts in its place, such as a time outside the years 0 to 9999.
    fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart>;

    /// Reads the value from the text that was written.
    ///
    /// # Errors
    /// No value is written as this text.
    fn read_part(text: &str) -> Result<Self, InvalidPart>;
}

/// A key component that is text, so that keys can be found by the beginning of it.
///
/// ```
/// use dynamap::key::KeyText;
///
/// fn takes_a_beginning<T: KeyText>() {}
/// takes_a_beginning::<String>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no text in a DynamoDB key",
    label = "`begins_with` needs a component that is text",
    note = "numbers and times have a fixed width in keys: use a range such as `10..20`; for a newtype around a string implement `dynamap::key::KeyText`"
)]
pub trait KeyText: KeyPart {}

/// Writes the text of one component, escaped.
pub struct PartWriter<'a>(&'a mut String);

impl<'a> PartWriter<'a> {
    pub(crate) fn new(key: &'a mut String) -> Self {
        Self(key)
    }

    /// Adds text of the component.
    pub fn text(&mut self, text: &str) {
        if text.bytes().all(|byte| byte > LEAD as u8) {
            self.0.push_str(text);
        } else {
            text.chars().for_each(|c| self.char(c));
        }
    }

    /// Adds a char of the component.
    pub fn char(&mut self, c: char) {
        if c <= LEAD {
            self.0.push(LEAD);
            self.0.push(char::from(c as u8 + b'0'));
        } else {
            self.0.push(c);
        }
    }
}

/// The text of a component whose escaped form is `escaped`; `None` if nothing is written like that.
pub(super) fn unescape(escaped: &str) -> Option<Cow<'_, str>> {
    if escaped.bytes().all(|byte| byte > LEAD as u8) {
        return Some(Cow::Borrowed(escaped));
    }
    let mut text = String::with_capacity(escaped.len());
    let mut chars = escaped.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            LEAD => escaped_char(chars.next()?)?,
            _ if c < LEAD => return None,
            _ => c,
        });
    }
    Some(Cow::Owned(text))
}

/// The char that is written as the lead and `code`.
fn escaped_char(code: char) -> Option<char> {
    match code {
        '0'..='T' => Some(char::from(code as u8 - b'0')),
        _ => None,
    }
}
