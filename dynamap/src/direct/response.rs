use crate::{entity::RawItem, error::DecodeError, wire::JsonReader};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use std::fmt;

/// A response that arrived damaged: cut off, or not what was sent.
#[derive(Debug)]
pub(super) enum Damaged {
    Checksum,
    Document(DecodeError),
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum => f.write_str("the response differs from its x-amz-crc32"),
            Self::Document(error) => write!(f, "the response is damaged: {error}"),
        }
    }
}

impl std::error::Error for Damaged {}

/// A response without what was taken out of it.
#[derive(Debug)]
pub(super) struct Split<T> {
    /// The document for the SDK; `None` if it is the whole one.
    pub(super) rest: Option<Vec<u8>>,
    /// What was taken out, if the member is there.
    pub(super) taken: Option<T>,
}

/// The document of a response, if it is one of the JSON protocol.
pub(super) fn document(response: &HttpResponse) -> Option<&[u8]> {
    let json =
        response.headers().get("content-type").is_none_or(|kind| kind.starts_with("application/x-amz-json"));
    response.body().bytes().filter(|body| json && body.first() == Some(&b'{'))
}

/// Compares the document with the checksum that DynamoDB sends with it, which the SDK does not do.
pub(super) fn check(response: &HttpResponse, document: &[u8]) -> Result<(), Damaged> {
    let checksum = response.headers().get("x-amz-crc32").and_then(|text| text.parse::<u32>().ok());
    match checksum {
        Some(checksum) if checksum != crc32fast::hash(document) => Err(Damaged::Checksum),
        _ => Ok(()),
    }
}

/// Takes the member `name` out of a document; of members with the same name, the last counts.
///
/// An error of `take` leaves the rest of the document in order; it is `Damaged` only if it is no JSON.
pub(super) fn split<T>(
    document: &[u8],
    name: &str,
    take: impl FnMut(&mut JsonReader<'_>) -> Result<T, DecodeError>,
) -> Result<Split<Result<T, DecodeError>>, Damaged> {
    let mut r = JsonReader::new(document).map_err(Damaged::Document)?;
    let split = split_next(&mut r, name, take).map_err(Damaged::Document)?;
    r.finish().map_err(Damaged::Document)?;
    Ok(split)
}

/// Room for the members of a page beside its items.
const REST: usize = 64;

fn split_next<T>(
    r: &mut JsonReader<'_>,
    name: &str,
    mut take: impl FnMut(&mut JsonReader<'_>) -> Result<T, DecodeError>,
) -> Result<Split<Result<T, DecodeError>>, DecodeError> {
    let (mut rest, mut taken, mut first) = (None, None, true);
    r.scanner.expect(b'{', "the `{` of a document")?;
    let opening = r.scanner.offset() - 1;
    let mut kept_to = r.scanner.offset();
    while r.scanner.next_member(&mut first, b'}')? {
        r.scanner.pass_whitespace();
        let start = r.scanner.offset();
        let found = r.scanner.key()? == name;
        r.scanner.pass_whitespace();
        let value = r.scanner.place();
        // Some engines send `null` for what is absent.
        if found && r.scanner.peek() != b'n' {
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
        r.raw()?;
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
pub(super) fn split_error(document: &[u8]) -> Result<Split<FailedItems>, Damaged> {
    let mut items = FailedItems::default();
    let split_item = split(document, "Item", raw_item)?;
    items.item = split_item.taken.and_then(Result::ok);
    let document = split_item.rest.as_deref().unwrap_or(document);
    let split_reasons = split(document, "CancellationReasons", reasons)?;
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
        r.scanner.pass_whitespace();
        let start = r.scanner.offset();
        let reason = split_next(r, "Item", raw_item)?;
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
