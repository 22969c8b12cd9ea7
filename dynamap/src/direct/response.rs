use super::members::Members;
use crate::{entity::RawItem, error::DecodeError, wire::JsonReader};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use std::fmt;

/// A response that tells nothing about its request: damaged on the way, or not from DynamoDB.
#[derive(Debug)]
pub(super) enum Damaged {
    Checksum,
    Document(DecodeError),
    /// A success with another status than 200, or an error without DynamoDB's code, such as a proxy's.
    NotFromDynamoDb,
    /// A member that DynamoDB always sends is not there, or has nothing in it.
    Incomplete(&'static str),
    /// An error in the place of a success.
    ErrorWithSuccess,
    /// The SDK cannot read what is left of a success.
    Unread,
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum => f.write_str("the response differs from its x-amz-crc32"),
            Self::Document(error) => write!(f, "the response is damaged: {error}"),
            Self::NotFromDynamoDb => f.write_str("the response is not one of DynamoDB"),
            Self::Incomplete(member) => write!(f, "the response lacks its member `{member}`"),
            Self::ErrorWithSuccess => f.write_str("the response is an error with the status of a success"),
            Self::Unread => f.write_str("the response has another form than that of its operation"),
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

/// True if a response has the content type and the first byte of a document.
///
/// That alone decided once whether its checksum counts.
pub(super) fn seems_a_document(response: &HttpResponse, body: &[u8]) -> bool {
    let kind = response.headers().get("content-type");
    kind.is_none_or(|kind| kind.starts_with("application/x-amz-json")) && body.first() == Some(&b'{')
}

/// Compares a body with the checksum that DynamoDB sends with it, which the SDK does not do.
///
/// Whatever the body looks like: a damaged one may look like anything, or be empty. Engines and proxies that send no
/// checksum are not bothered.
pub(super) fn check(response: &HttpResponse, body: &[u8]) -> Result<(), Damaged> {
    match response.headers().get("x-amz-crc32") {
        Some(checksum) if checksum.parse() != Ok(crc32fast::hash(body)) => Err(Damaged::Checksum),
        _ => Ok(()),
    }
}

/// Passes over a document and notes its members.
pub(super) fn look(document: &[u8], members: &mut Members) -> Result<(), Damaged> {
    split(document, "", members, |r| r.raw().map(|_| ())).map(|_| ())
}

/// Takes the member `name` out of a document, none if that is empty, and notes the others; of members with the same name,
/// the last counts.
///
/// An error of `take` leaves the rest of the document in order; it is `Damaged` only if it is no JSON.
pub(super) fn split<T>(
    document: &[u8],
    name: &str,
    members: &mut Members,
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
    members: &mut Members,
    mut take: impl FnMut(&mut JsonReader<'_>) -> Result<T, DecodeError>,
) -> Result<Split<Result<T, DecodeError>>, DecodeError> {
    let (mut rest, mut taken, mut first) = (None, None, true);
    r.scanner.expect(b'{', "the `{` of a document")?;
    let opening = r.scanner.offset() - 1;
    let mut kept_to = r.scanner.offset();
    while r.scanner.next_member(&mut first, b'}')? {
        r.scanner.pass_whitespace();
        let start = r.scanner.offset();
        let key = r.scanner.key()?;
        let found = key == name && !name.is_empty();
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
pub(super) fn split_error(document: &[u8], members: &mut Members) -> Result<Split<FailedItems>, Damaged> {
    let mut items = FailedItems::default();
    let split_item = split(document, "Item", members, raw_item)?;
    items.item = split_item.taken.and_then(Result::ok);
    let document = split_item.rest.as_deref().unwrap_or(document);
    let split_reasons = split(document, "CancellationReasons", &mut Members::default(), reasons)?;
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
        let reason = split_next(r, "Item", &mut Members::default(), raw_item)?;
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
