use crate::{error::DecodeError, wire::JsonReader};
use std::borrow::Cow;

/// The text without the byte order mark that some editors write before it.
pub(super) fn without_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix("\u{feff}".as_bytes()).unwrap_or(json)
}

/// A value that may have another form than the one that is wanted, which leaves the values around it as they are.
pub(super) enum MemberValue<T> {
    Value(T),
    Null,
    /// Another JSON value, which was passed over.
    Other,
}

impl<T> MemberValue<T> {
    /// The value of a member that may be absent or have another form.
    pub(super) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Null | Self::Other => None,
        }
    }
}

/// Passes the value that comes next, of whatever form.
///
/// # Errors
/// The text is not JSON.
pub(super) fn pass<'a>(r: &mut JsonReader<'a>) -> Result<&'a str, DecodeError> {
    r.scanner.pass_whitespace();
    let start = r.scanner.offset();
    if r.scanner.peek() != b'"' {
        return r.raw();
    }
    r.scanner.any_string()?;
    Ok(r.scanner.text().get(start..r.scanner.offset()).unwrap_or_default())
}

/// Reads the string that comes next.
pub(super) fn string<'a>(r: &mut JsonReader<'a>) -> Result<MemberValue<Cow<'a, str>>, DecodeError> {
    r.scanner.pass_whitespace();
    match r.scanner.peek() {
        b'"' => r.scanner.any_string().map(MemberValue::Value),
        _ => other(r),
    }
}

/// Reads the text of the number or string that comes next.
pub(super) fn number_or_string<'a>(r: &mut JsonReader<'a>) -> Result<MemberValue<Cow<'a, str>>, DecodeError> {
    r.scanner.pass_whitespace();
    match r.scanner.peek() {
        b'-' | b'0'..=b'9' => {
            let start = r.scanner.offset();
            r.scanner.skip_number()?;
            let text = r.scanner.text().get(start..r.scanner.offset()).unwrap_or_default();
            Ok(MemberValue::Value(Cow::Borrowed(text)))
        }
        _ => string(r),
    }
}

/// Passes the object that comes next, and gives its text.
pub(super) fn object<'a>(r: &mut JsonReader<'a>) -> Result<MemberValue<&'a str>, DecodeError> {
    r.scanner.pass_whitespace();
    match r.scanner.peek() {
        b'{' => r.raw().map(MemberValue::Value),
        _ => other(r),
    }
}

/// Reads the members of the object that comes next.
pub(super) fn members<'a>(
    r: &mut JsonReader<'a>,
    mut member: impl FnMut(&str, &mut JsonReader<'a>) -> Result<(), DecodeError>,
) -> Result<MemberValue<()>, DecodeError> {
    r.scanner.pass_whitespace();
    if r.scanner.peek() != b'{' {
        return other(r);
    }
    let mut first = true;
    r.scanner.expect(b'{', "`{`")?;
    while r.scanner.next_member(&mut first, b'}')? {
        let name = r.scanner.key()?;
        member(&name, r)?;
    }
    Ok(MemberValue::Value(()))
}

fn other<T>(r: &mut JsonReader<'_>) -> Result<MemberValue<T>, DecodeError> {
    Ok(match r.raw()? {
        "null" => MemberValue::Null,
        _ => MemberValue::Other,
    })
}
