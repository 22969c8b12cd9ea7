use crate::{
    error::DecodeError,
    wire::{JsonReader, Scanner},
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;

/// True if a request is of the protocol whose documents we write and read, AWS JSON 1.0, and calls `operation`.
pub(super) fn speaks_json(request: &HttpRequest, operation: &str) -> bool {
    let headers = request.headers();
    let is_target =
        |target: &str| target.strip_suffix(operation).is_some_and(|service| service.ends_with('.'));
    headers.get("content-type") == Some("application/x-amz-json-1.0")
        && headers.get("x-amz-target").is_some_and(is_target)
}

/// Puts `members`, such as `{"Item":{..}`, first into the document of a request, in place of its member
/// `replaced`. They are taken only if the request has a document in memory.
pub(super) fn put_members(
    request: &mut HttpRequest,
    members: &mut Vec<u8>,
    replaced: Option<&'static str>,
) -> Result<(), NoDocument> {
    let document = request.body().bytes().ok_or(NoDocument)?;
    let own = members.len();
    if with_members(document, members, replaced.as_slice()).is_err() {
        members.truncate(own);
        return Err(NoDocument);
    }
    put_document(request, std::mem::take(members));
    Ok(())
}

/// The body of a request is not the document of an operation.
#[derive(Debug)]
pub(super) struct NoDocument;

/// Puts `document` in the place of that of a request.
pub(super) fn put_document(request: &mut HttpRequest, document: Vec<u8>) {
    request.headers_mut().insert("content-length", document.len().to_string());
    *request.body_mut() = SdkBody::from(document);
}

/// Adds the members of `document` but those that are replaced behind those of `with`, which stays where it is.
pub(super) fn with_members(
    document: &[u8],
    with: &mut Vec<u8>,
    replaced: &[&str],
) -> Result<(), DecodeError> {
    // What the SDK wrote, and most of it in one piece.
    if replaced.is_empty()
        && let [b'{', members @ .., b'}'] = document
    {
        if !members.is_empty() {
            with.push(b',');
        }
        with.extend_from_slice(members);
        with.push(b'}');
        return Ok(());
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
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{put_members, speaks_json, with_members};
    use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
    use aws_smithy_types::body::SdkBody;

    fn with(document: &str, replaced: Option<&'static str>) -> Option<String> {
        let mut with = br#"{"Item":{}"#.to_vec();
        with_members(document.as_bytes(), &mut with, replaced.as_slice()).ok()?;
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

    fn request(content_type: Option<&'static str>, target: Option<&'static str>) -> HttpRequest {
        let mut request = HttpRequest::empty();
        for (name, value) in [("content-type", content_type), ("x-amz-target", target)] {
            if let Some(value) = value {
                request.headers_mut().insert(name, value);
            }
        }
        request
    }

    #[test]
    fn the_protocol_is_told_by_the_content_type_and_the_target() {
        let speaks = |kind, target| speaks_json(&request(kind, target), "PutItem");
        let (json, put) = (Some("application/x-amz-json-1.0"), Some("DynamoDB_20120810.PutItem"));
        assert!(speaks(json, put) && speaks(json, Some("DynamoDB_20300101.PutItem")));
        for kind in
            [None, Some("application/x-amz-json-1.1"), Some("application/json"), Some("application/cbor")]
        {
            assert!(!speaks(kind, put), "{kind:?}");
        }
        for target in
            [None, Some("PutItem"), Some("DynamoDB_20120810.GetItem"), Some("DynamoDB_20120810.TryPutItem")]
        {
            assert!(!speaks(json, target), "{target:?}");
        }
    }

    #[test]
    fn members_are_kept_where_a_request_has_no_document() {
        let own = br#"{"Item":{}"#;
        let broken = || SdkBody::from(r#"{"TableName":"t","#);
        let streamed = || SdkBody::from_body_1_x(SdkBody::from("{}"));
        for body in [broken as fn() -> SdkBody, streamed] {
            for replaced in [None, Some("Item")] {
                let (mut request, mut members) = (request(None, None), own.to_vec());
                *request.body_mut() = body();
                assert!(put_members(&mut request, &mut members, replaced).is_err());
                assert_eq!(members, own);
            }
        }
        let (mut request, mut members) = (request(None, None), own.to_vec());
        *request.body_mut() = SdkBody::from(r#"{"TableName":"t"}"#);
        put_members(&mut request, &mut members, None).unwrap();
        assert_eq!(request.body().bytes().unwrap(), br#"{"Item":{},"TableName":"t"}"#);
        assert_eq!((members.len(), request.headers().get("content-length")), (0, Some("27")));
    }
}
