use crate::{
    error::DecodeError,
    wire::{JsonReader, Scanner},
};
use aws_smithy_runtime_api::{box_error::BoxError, client::orchestrator::HttpRequest};
use aws_smithy_types::body::SdkBody;

/// True if a request is of the protocol whose documents we write and read.
pub(super) fn speaks_json(request: &HttpRequest) -> bool {
    request.headers().get("content-type").is_none_or(|kind| kind == "application/x-amz-json-1.0")
}

/// Puts `members`, such as `{"Item":{..}`, first into the document of a request, in place of its member
/// `replaced`.
pub(super) fn put_members(
    request: &mut HttpRequest,
    members: Vec<u8>,
    replaced: Option<&'static str>,
) -> Result<(), BoxError> {
    let document = request.body().bytes().ok_or("the request is not in memory")?;
    put_document(request, with_members(document, members, replaced.as_slice())?);
    Ok(())
}

/// Puts `document` in the place of that of a request.
pub(super) fn put_document(request: &mut HttpRequest, document: Vec<u8>) {
    request.headers_mut().insert("content-length", document.len().to_string());
    *request.body_mut() = SdkBody::from(document);
}

/// Adds the members of `document` but those that are replaced behind those of `with`, which stays where it is.
pub(super) fn with_members(
    document: &[u8],
    mut with: Vec<u8>,
    replaced: &[&str],
) -> Result<Vec<u8>, DecodeError> {
    // What the SDK wrote, and most of it in one piece.
    if replaced.is_empty()
        && let [b'{', members @ .., b'}'] = document
    {
        if !members.is_empty() {
            with.push(b',');
        }
        with.extend_from_slice(members);
        with.push(b'}');
        return Ok(with);
    }
    let mut r = JsonReader::new(document)?;
    r.scanner.expect(b'{', "the `{` of a request")?;
    let mut first = true;
    while r.scanner.next_member(&mut first, b'}')? {
        let start = r.scanner.offset();
        let name = r.scanner.key()?;
        r.scanner.skip(Scanner::MAX_SKIP_DEPTH)?;
        if !replaced.contains(&&*name) {
            with.push(b',');
            with.extend_from_slice(&document[start..r.scanner.offset()]);
        }
    }
    r.finish()?;
    with.push(b'}');
    Ok(with)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::with_members;

    fn with(document: &str, replaced: Option<&'static str>) -> Option<String> {
        let with = with_members(document.as_bytes(), br#"{"Item":{}"#.to_vec(), replaced.as_slice()).ok()?;
        Some(String::from_utf8(with).unwrap())
    }

    #[test]
    fn members_come_first_and_replace_those_of_the_same_name() {
        assert_eq!(with("{}", None).unwrap(), r#"{"Item":{}}"#);
        assert_eq!(with(r#"{"TableName":"t"}"#, None).unwrap(), r#"{"Item":{},"TableName":"t"}"#);
        let both = r#"{"A":[1,{}],"Item":{"x":{"S":"}"}},"B":"\""}"#;
        assert_eq!(with(both, Some("Item")).unwrap(), r#"{"Item":{},"A":[1,{}],"B":"\""}"#);
    }

    #[test]
    fn a_document_of_another_form_is_refused() {
        for document in ["", "[]", "{", "{}x", "\u{a1}"] {
            assert_eq!(with(document, None), None, "{document}");
        }
        assert_eq!(with(r#"{"a"}"#, Some("b")), None);
    }
}
