use super::{damaged::Damaged, members::ResponseMembers};
use crate::{entity::RawItem, error::DecodeError, wire::JsonReader};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

/// A response without the member that was taken out of it.
#[derive(Debug)]
pub(super) struct Split<T> {
    /// The document for the SDK; `None` if it is the whole one.
    pub(super) rest: Option<Vec<u8>>,
    /// The value that was taken out, if the member is there.
    pub(super) taken: Option<T>,
}

/// True if a response has the content type and the first byte of a document.
///
/// That alone decided once whether its checksum counts.
pub(super) fn seems_a_document(response: &HttpResponse, body: &[u8]) -> bool {
    let kind = response.headers().get("content-type");
    kind.is_none_or(|kind| kind.starts_with("application/x-amz-json")) && body.first() == Some(&b'{')
}

/// Compares a body with the checksum that DynamoDB sends with it, which the SDK does not do.
///
/// It does so whatever the body looks like: a damaged one may look like anything, or be empty. Responses of engines
/// and proxies that send no checksum pass.
pub(super) fn check(response: &HttpResponse, body: &[u8]) -> Result<(), Damaged> {
    match response.headers().get("x-amz-crc32") {
        Some(checksum) if checksum.parse() != Ok(crc32fast::hash(body)) => Err(Damaged::Checksum),
        _ => Ok(()),
    }
}

/// Passes over a document and notes its members.
pub(super) fn look(document: &[u8], members: &mut ResponseMembers) -> Result<(), Damaged> {
    // None of DynamoDB's has an empty name.
    split(document, "", members, |r| r.raw().map(|_| ())).map(|_| ())
}

/// Takes the member `name` out of a document, and notes the others; of members with the same name, the last counts.
///
/// An error of `take` leaves the rest of the document in order; it is `Damaged` only if it is no JSON.
pub(super) fn split<T>(
    document: &[u8],
    name: &str,
    members: &mut ResponseMembers,
    take: impl FnMut(&mut JsonReader<'_>) -> Result<T, DecodeError>,
) -> Result<Split<Result<T, DecodeError>>, Damaged> {
    let mut r = JsonReader::new(document).map_err(Damaged::Document)?;
    let split = split_next(&mut r, name, members, take).map_err(Damaged::Document)?;
    r.finish().map_err(Damaged::Document)?;
    Ok(split)
}

/// Room for the members of a page beside its items.
const REST: usize = 64;

fn split_next<T>(
    r: &mut JsonReader<'_>,
    name: &str,
    members: &mut ResponseMembers,
    mut take: impl FnMut(&mut JsonReader<'_>) -> Result<T, DecodeError>,
) -> Result<Split<Result<T, DecodeError>>, DecodeError> {
    let (mut rest, mut taken, mut first) = (None, None, true);
    r.scanner.expect(b'{', "the `{` of a document")?;
    let opening = r.scanner.offset() - 1;
    let mut kept_to = r.scanner.offset();
    while r.scanner.next_member(&mut first, b'}')? {
        let start = r.scanner.offset();
        let key = r.scanner.key()?;
        let found = key == name;
        r.scanner.pass_whitespace();
        let value = r.scanner.place();
        // Some engines send `null` for what is absent.
        if found && r.scanner.peek() != b'n' {
            members.note_taken(&key);
            let result = take(r);
            if result.is_err() {
                r.go_back_to(value);
                r.raw()?;
            }
            taken = Some(result);
            rest.get_or_insert_with(|| {
                let kept = &r.scanner.bytes()[opening..kept_to];
                let mut rest = Vec::with_capacity(kept.len() + REST);
                rest.extend_from_slice(kept);
                rest
            });
            continue;
        }
        members.note(&key, r.raw()?);
        kept_to = r.scanner.offset();
        if let Some(rest) = &mut rest {
            if rest.len() > 1 {
                rest.push(b',');
            }
            rest.extend_from_slice(&r.scanner.bytes()[start..kept_to]);
        }
    }
    if let Some(rest) = &mut rest {
        rest.push(b'}');
    }
    Ok(Split { rest, taken })
}

/// The items in the document of an error: of a failed condition, or of each reason of a cancellation.
#[derive(Debug, Default)]
pub(crate) struct FailedItems {
    pub(crate) item: Option<RawItem>,
    /// In the order of the request's items.
    pub(crate) reasons: Vec<Option<RawItem>>,
}

/// Takes the items out of the document of an error.
pub(super) fn split_error(
    document: &[u8],
    members: &mut ResponseMembers,
) -> Result<Split<FailedItems>, Damaged> {
    let mut items = FailedItems::default();
    let split_item = split(document, "Item", members, raw_item)?;
    items.item = split_item.taken.and_then(Result::ok);
    let document = split_item.rest.as_deref().unwrap_or(document);
    let split_reasons = split(document, "CancellationReasons", &mut ResponseMembers::default(), reasons)?;
    let mut rest = split_reasons.rest;
    if let (Some(Ok((reasons, array))), Some(rest)) = (split_reasons.taken, &mut rest) {
        items.reasons = reasons;
        rest.pop();
        if rest.len() > 1 {
            rest.push(b',');
        }
        rest.extend_from_slice(b"\"CancellationReasons\":");
        rest.extend_from_slice(&array);
        rest.push(b'}');
    }
    Ok(Split { rest: rest.or(split_item.rest), taken: Some(items) })
}

/// The items of cancellation reasons, and the reasons without them.
fn reasons(r: &mut JsonReader<'_>) -> Result<(Vec<Option<RawItem>>, Vec<u8>), DecodeError> {
    let (mut items, mut array, mut first) = (Vec::new(), vec![b'['], true);
    r.scanner.expect(b'[', "the `[` of cancellation reasons")?;
    while r.scanner.next_member(&mut first, b']')? {
        if array.len() > 1 {
            array.push(b',');
        }
        let start = r.scanner.offset();
        let reason = split_next(r, "Item", &mut ResponseMembers::default(), raw_item)?;
        let whole = &r.scanner.bytes()[start..r.scanner.offset()];
        array.extend_from_slice(reason.rest.as_deref().unwrap_or(whole));
        items.push(reason.taken.and_then(Result::ok));
    }
    array.push(b']');
    Ok((items, array))
}

fn raw_item(r: &mut JsonReader<'_>) -> Result<RawItem, DecodeError> {
    r.raw().map(|json| RawItem::Json(json.into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;
    use serde_json::{Value, json};

    fn value(json: &[u8]) -> Value {
        serde_json::from_slice(json).unwrap()
    }

    /// The document as it is, and with white space between all its tokens.
    fn spaced(document: &str) -> [String; 2] {
        let wide = [":", ",", "{", "}", "[", "]"];
        let wide =
            wide.iter().fold(document.to_owned(), |text, token| text.replace(token, &format!(" {token}\n")));
        [document.to_owned(), wide]
    }

    #[test]
    fn a_member_is_taken_out_and_the_rest_is_left_in_order() {
        let table = [
            (r#"{"Items":[1],"Count":1}"#, Some("[1]"), json!({"Count": 1})),
            (r#"{"Count":1,"Items":[1]}"#, Some("[1]"), json!({"Count": 1})),
            (
                r#"{"a":1,"Items":[1,2],"b":{"Items":3},"c":[]}"#,
                Some("[1,2]"),
                json!({"a": 1, "b": {"Items": 3}, "c": []}),
            ),
            (r#"{"Items":[]}"#, Some("[]"), json!({})),
            (r#"{"Items":[1],"a":1,"Items":[2],"b":2}"#, Some("[2]"), json!({"a": 1, "b": 2})),
            (r#"{"a":1,"items":2,"":3}"#, None, json!({"a": 1, "items": 2, "": 3})),
            (r#"{"Items":null,"a":1}"#, None, json!({"Items": null, "a": 1})),
            (r#"{"a":1,"Items":null}"#, None, json!({"Items": null, "a": 1})),
            ("{}", None, json!({})),
        ];
        for (document, taken, rest) in table {
            for document in spaced(document) {
                let mut members = ResponseMembers::requiring(&["Items"]);
                let split = split(document.as_bytes(), "Items", &mut members, |r| r.raw().map(str::to_owned))
                    .unwrap();
                assert_eq!(split.rest.is_some(), taken.is_some(), "{document}");
                assert_eq!(value(split.rest.as_deref().unwrap_or(document.as_bytes())), rest, "{document}");
                let text = split.taken.map(|taken| taken.unwrap());
                assert_eq!(
                    text.as_deref().map(|text| value(text.as_bytes())),
                    taken.map(|taken| value(taken.as_bytes()))
                );
                assert!(text.is_none_or(|text| text.trim() == text), "nothing but the value");
                assert_eq!(members.check_success().is_ok(), taken.is_some(), "{document}");
            }
        }
    }

    #[test]
    fn what_cannot_be_taken_is_passed_over() {
        let document = r#"{"a":1,"Items":[[{"x":1}],2],"b":2}"#;
        let refuse = |r: &mut JsonReader<'_>| {
            r.scanner.expect(b'[', "")?;
            r.scanner.expect(b'[', "")?;
            Err::<(), _>(DecodeError::new("something", "something else"))
        };
        let split = split(document.as_bytes(), "Items", &mut ResponseMembers::default(), refuse).unwrap();
        assert!(matches!(split.taken, Some(Err(_))));
        assert_eq!(value(&split.rest.unwrap()), json!({"a": 1, "b": 2}));
    }

    #[test]
    fn what_is_no_document_is_damaged() {
        for document in [
            "",
            "[]",
            "{",
            r#"{"a":1"#,
            r#"{"a":1}x"#,
            r#"{"a":1,}"#,
            r#"{"a":1,,"b":2}"#,
            r#"{,"a":1}"#,
            r#"{"Items":[1}"#,
        ] {
            let split = split(document.as_bytes(), "Items", &mut ResponseMembers::default(), |r| {
                r.raw().map(str::len)
            });
            assert!(matches!(split, Err(Damaged::Document(_))), "{document}");
            assert!(matches!(
                look(document.as_bytes(), &mut ResponseMembers::default()),
                Err(Damaged::Document(_))
            ));
            assert!(matches!(
                split_error(document.as_bytes(), &mut ResponseMembers::default()),
                Err(Damaged::Document(_))
            ));
        }
    }

    #[test]
    fn items_are_taken_out_of_errors() {
        let item = |text: &str| json!({"pk": {"S": text}});
        let reasons = json!([{"Code": "None"}, {"Item": item("r"), "Code": "C"}, {"Code": "C", "Item": null}, {"Item": item("q")}]);
        let table = [
            json!({"__type": "x", "Item": item("a"), "message": "m"}),
            json!({"Item": item("a")}),
            json!({"CancellationReasons": reasons}),
            json!({"CancellationReasons": reasons, "Message": "m", "__type": "x"}),
            json!({"CancellationReasons": reasons, "Item": item("a"), "Message": "m"}),
            json!({"CancellationReasons": [], "Item": item("a")}),
            json!({"Item": null, "message": "m"}),
            json!({"message": "m"}),
        ];
        for document in table {
            // An absent member is null here.
            let mut rest = document.clone();
            let of = |item: Value| Some(item).filter(|item| !item.is_null());
            let item = of(rest["Item"].take());
            let mut items = Vec::new();
            for reason in rest["CancellationReasons"].as_array_mut().into_iter().flatten() {
                items.push(of(reason["Item"].take()));
            }
            for text in spaced(&document.to_string()) {
                let split = split_error(text.as_bytes(), &mut ResponseMembers::default()).unwrap();
                let taken = split.taken.unwrap();
                let read = |item: Option<RawItem>| {
                    item.map(|item| match item {
                        RawItem::Json(json) => value(json.as_bytes()),
                        RawItem::Values(_) => Value::Null,
                    })
                };
                assert_eq!(read(taken.item), item, "{text}");
                assert_eq!(taken.reasons.into_iter().map(read).collect::<Vec<_>>(), items, "{text}");
                let mut left = value(split.rest.as_deref().unwrap_or(text.as_bytes()));
                assert!(left["Item"].take().is_null(), "{text}");
                for reason in left["CancellationReasons"].as_array_mut().into_iter().flatten() {
                    assert!(reason["Item"].take().is_null(), "{text}");
                }
                assert_eq!(left, rest, "{text}");
            }
        }
    }

    #[test]
    fn a_document_has_its_type_and_its_brace() {
        let seems = |kind: Option<&'static str>, body: &'static str| {
            let mut response = HttpResponse::new(StatusCode::try_from(200).unwrap(), SdkBody::from(body));
            kind.into_iter().for_each(|kind| drop(response.headers_mut().insert("content-type", kind)));
            seems_a_document(&response, body.as_bytes())
        };
        assert!(seems(Some("application/x-amz-json-1.0"), "{}") && seems(None, "{}"));
        assert!(!seems(Some("text/html"), "{}") && !seems(None, "<html>") && !seems(None, ""));
    }
}
