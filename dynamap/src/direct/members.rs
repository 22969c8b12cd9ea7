//! The members of a response by which a whole answer of DynamoDB is told from anything else.

use super::damaged::Damaged;
use crate::{error::DecodeError, wire::JsonReader};

/// The notes on the members of a response.
#[derive(Debug, Default)]
pub(super) struct ResponseMembers {
    /// Those that must be there.
    required: &'static [&'static str],
    /// A bit for each of them that is.
    found: u8,
    /// An empty list of unprocessed items or keys.
    empty: Option<&'static str>,
    /// True if the members `code` and `__type` hold an error code; `None` if they hold no text.
    code: Option<bool>,
    kind: Option<bool>,
}

impl ResponseMembers {
    pub(super) fn requiring(required: &'static [&'static str]) -> Self {
        Self { required, ..Self::default() }
    }

    /// Notes a member that holds something.
    #[inline]
    pub(super) fn note_taken(&mut self, name: &str) {
        if let Some(at) = self.required.iter().position(|required| *required == name) {
            self.found |= 1 << at;
        }
    }

    /// Notes a member and its JSON.
    #[inline]
    pub(super) fn note(&mut self, name: &str, json: &str) {
        match name {
            "__type" => self.kind = code(json),
            "code" => self.code = code(json),
            _ if json == "null" => {}
            _ => {
                self.note_taken(name);
                if json != "{}" {
                    self.note_unprocessed(name, json);
                }
            }
        }
    }

    /// DynamoDB: where everything was processed, the map is empty. A table in it has at least one request or key.
    fn note_unprocessed(&mut self, name: &str, json: &str) {
        let unprocessed = ["UnprocessedItems", "UnprocessedKeys"].into_iter().find(|member| *member == name);
        if let Some(member) = unprocessed
            && self.required.contains(&member)
            && !matches!(names_requests(json), Ok(true))
        {
            self.empty = Some(member);
        }
    }

    /// True if an error has DynamoDB's code. The SDK takes it from the same members.
    pub(super) fn has_code(&self) -> bool {
        self.code.or(self.kind) == Some(true)
    }

    /// Checks that a success has the members that DynamoDB always sends.
    pub(super) fn check_success(&self) -> Result<(), Damaged> {
        if self.kind.is_some() {
            return Err(Damaged::ErrorWithSuccess);
        }
        let mut required = self.required.iter().enumerate();
        let missing = required.find(|(at, _)| self.found & 1 << at == 0).map(|(_, name)| *name);
        match missing.or(self.empty) {
            Some(member) => Err(Damaged::Incomplete(member)),
            None => Ok(()),
        }
    }
}

/// Returns true if a text is an error code; `None` if it is no text.
fn code(json: &str) -> Option<bool> {
    json.strip_prefix('"')?.strip_suffix('"').map(is_code)
}

/// True if something is left of an error code without its namespace and without the address behind it.
pub(super) fn is_code(text: &str) -> bool {
    let text = text.split(':').next().unwrap_or_default();
    !text.split_once('#').map_or(text, |(_, code)| code).is_empty()
}

/// True if each table in a map of unprocessed items or keys has some.
fn names_requests(json: &str) -> Result<bool, DecodeError> {
    let mut r = JsonReader::new(json.as_bytes())?;
    let mut first = true;
    r.scanner.expect(b'{', "the `{` of tables")?;
    while r.scanner.next_member(&mut first, b'}')? {
        r.scanner.key()?;
        r.scanner.pass_whitespace();
        let some = match r.scanner.peek() {
            b'{' => has_keys(&mut r)?,
            _ => has_elements(&mut r)?,
        };
        if !some {
            return Ok(false);
        }
    }
    Ok(true)
}

fn has_keys(r: &mut JsonReader<'_>) -> Result<bool, DecodeError> {
    let (mut some, mut first) = (false, true);
    r.scanner.expect(b'{', "the `{` of keys and attributes")?;
    while r.scanner.next_member(&mut first, b'}')? {
        match r.scanner.key()? == "Keys" {
            true => some = has_elements(r)?,
            false => r.raw().map(|_| ())?,
        }
    }
    Ok(some)
}

fn has_elements(r: &mut JsonReader<'_>) -> Result<bool, DecodeError> {
    let (mut some, mut first) = (false, true);
    r.scanner.expect(b'[', "the `[` of requests or keys")?;
    while r.scanner.next_member(&mut first, b']')? {
        r.raw()?;
        some = true;
    }
    Ok(some)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{ResponseMembers, is_code};
    use crate::direct::response::look;

    fn is_whole(required: &'static [&'static str], document: &str) -> bool {
        let mut members = ResponseMembers::requiring(required);
        look(document.as_bytes(), &mut members).unwrap();
        members.check_success().is_ok()
    }

    #[test]
    fn what_dynamodb_always_sends_must_be_there() {
        let page = &["Items", "Count"];
        assert!(is_whole(page, r#"{"Count":0,"Items":[],"More":{}}"#));
        assert!(is_whole(&[], r#"{"More":1,"code":"x"}"#));
        for document in [
            "{}",
            r#"{"Items":[]}"#,
            r#"{"Count":0}"#,
            r#"{"Count":0,"Items":null}"#,
            r#"{"Count":0,"items":[]}"#,
        ] {
            assert!(!is_whole(page, document), "{document}");
        }
        assert!(!is_whole(&[], r#"{"__type":"com.amazon#InternalFailure"}"#));
        assert!(!is_whole(page, r#"{"Count":0,"Items":[],"__type":"InternalFailure"}"#));
    }

    #[test]
    fn what_was_not_processed_is_named() {
        let (items, keys) = (&["UnprocessedItems"], &["UnprocessedKeys"]);
        let write = r#"{"DeleteRequest":{"Key":{"pk":{"S":"x"}}}}"#;
        assert!(is_whole(items, r#"{"UnprocessedItems":{}}"#));
        assert!(is_whole(items, r#"{"UnprocessedItems": { } }"#));
        assert!(is_whole(items, &format!(r#"{{"UnprocessedItems":{{"t":[{write}]}}}}"#)));
        assert!(is_whole(keys, r#"{"UnprocessedKeys":{"t":{"ConsistentRead":true,"Keys":[{}]}}}"#));
        assert!(is_whole(keys, r#"{ "UnprocessedKeys" : { "t" : { "Keys" : [ { } ] } } }"#));
        assert!(is_whole(&[], r#"{"UnprocessedItems":{"t":[]}}"#), "of another operation");
        for empty in [r#"{"t":[]}"#, r#"{"t":null}"#, "[]", "1", r#"{"t":[1],"u":[]}"#, r#"{"t":{}}"#] {
            assert!(!is_whole(items, &format!(r#"{{"UnprocessedItems":{empty}}}"#)), "{empty}");
        }
        for empty in [r#"{"t":{}}"#, r#"{"t":{"Keys":[]}}"#, r#"{"t":{"Keys":null}}"#, r#"{"t":7}"#] {
            assert!(!is_whole(keys, &format!(r#"{{"UnprocessedKeys":{empty}}}"#)), "{empty}");
        }
    }

    #[test]
    fn a_code_is_what_the_sdk_takes_for_one() {
        for code in ["A", "com.amazon#A", "A:http://x", "com.amazon#A:http://x"] {
            assert!(is_code(code), "{code}");
        }
        for none in ["", "com.amazon#", ":", "#", "#:A", "com.amazon#:http://x"] {
            assert!(!is_code(none), "{none}");
        }
        let has_code = |document: &str| {
            let mut members = ResponseMembers::default();
            look(document.as_bytes(), &mut members).unwrap();
            members.has_code()
        };
        assert!(has_code(r#"{"__type":"A"}"#) && has_code(r#"{"code":"A"}"#));
        assert!(has_code(r#"{"__type":"","code":"A"}"#) && has_code(r#"{"__type":"A","code":7}"#));
        for none in [
            "{}",
            r#"{"__type":7}"#,
            r#"{"__type":null}"#,
            r#"{"__type":"A","code":""}"#,
            r#"{"x":{"code":"A"}}"#,
        ] {
            assert!(!has_code(none), "{none}");
        }
    }
}
