//! What can be wrong with an answer.

use dynamap_local::Response;
use fastrand::Rng;
use serde_json::{Value, json};

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Malformation {
    /// Its body is gone, with its checksum or without.
    Emptied {
        sum: bool,
    },
    /// Its body ends at a place.
    Cut {
        at: usize,
        sum: bool,
    },
    /// A bit of its body is another, under a content type.
    Flipped {
        bit: usize,
        sum: bool,
        kind: &'static str,
    },
    /// Another content type, and nothing else.
    Typed(&'static str),
    /// DynamoDB throttles, and a bit of that is another.
    Garbled {
        bit: usize,
    },
    /// A page of a proxy, before DynamoDB has the request or after it.
    Page {
        status: u16,
        before: bool,
    },
    /// An error without a body.
    Bare {
        status: u16,
    },
    NoContent,
    /// Another document, with its checksum.
    Replaced(&'static str),
    /// An error with the status of a success.
    ErrorWithSuccess,
    /// An error of somebody who has JSON, but no code of DynamoDB.
    NoCode {
        status: u16,
        before: bool,
    },
    /// A member that must be there is not, or is null.
    Missing {
        member: usize,
        null: bool,
    },
    /// There are members that nobody knows.
    Foreign,
    /// The checksum is none.
    Sum(&'static str),
    NoSum,
    /// What was not processed is a map that names nothing, or what nobody asked for.
    Unprocessed(usize),
}

/// What a malformed answer is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Belief {
    /// It still says what DynamoDB said.
    Same,
    /// It tells nothing.
    Never,
    /// Nobody can know.
    Open,
}

const KINDS: [&str; 6] = [
    "application/x-amz-json-1.0",
    "application/json",
    "text/plain",
    "text/html; charset=utf-8",
    "application/cbor",
    "application/octet-stream",
];
const DOCUMENTS: [&str; 9] =
    ["{}", "null", "[]", "0", "\"\"", "{", " ", "{\"Message\":\"hello\"}", "{\"code\":7,\"__type\":null}"];
const SUMS: [&str; 6] = ["", "abc", "-1", "4294967296", "0x1f", "1 2"];
const STATUSES: [u16; 10] = [403, 404, 408, 413, 429, 499, 302, 500, 502, 503];

fn one<T: Copy>(of: &[T], rng: &mut Rng) -> T {
    of[rng.usize(..of.len())]
}

impl Malformation {
    /// Half of them cut and flip place by place, and the others are any.
    pub(crate) fn draw(number: u64, rng: &mut Rng) -> Self {
        let place = usize::try_from(number / 4).unwrap();
        match number % 4 {
            0 => Self::Cut { at: place, sum: rng.u8(..4) > 0 },
            1 => {
                let kind = if rng.bool() { KINDS[0] } else { one(&KINDS, rng) };
                Self::Flipped { bit: place * 8 + rng.usize(..8), sum: rng.u8(..4) > 0, kind }
            }
            _ => Self::any(rng),
        }
    }

    fn any(rng: &mut Rng) -> Self {
        match rng.u8(..15) {
            0 => Self::Emptied { sum: rng.bool() },
            1 => Self::Typed(one(&KINDS, rng)),
            2 | 3 => Self::Garbled { bit: if rng.bool() { rng.usize(..8) } else { rng.usize(..4096) } },
            4 | 5 => Self::Page { status: one(&STATUSES, rng), before: rng.bool() },
            6 => Self::Bare { status: if rng.bool() { 400 } else { one(&STATUSES, rng) } },
            7 => Self::NoContent,
            8 => Self::Replaced(one(&DOCUMENTS, rng)),
            9 => Self::ErrorWithSuccess,
            10 => Self::NoCode {
                status: if rng.bool() { 400 } else { one(&STATUSES, rng) },
                before: rng.bool(),
            },
            11 => Self::Missing { member: rng.usize(..2), null: rng.bool() },
            12 => Self::Foreign,
            13 if rng.bool() => Self::NoSum,
            13 => Self::Sum(one(&SUMS, rng)),
            _ => Self::Unprocessed(rng.usize(..UNPROCESSED)),
        }
    }

    /// The answer that is malformed in the place of DynamoDB's, which never has the request.
    pub(crate) fn instead(self) -> Option<Response> {
        match self {
            Self::Garbled { .. } => Some(Response::error(400, "ThrottlingException", "Rate exceeded")),
            Self::Page { before: true, .. } | Self::NoCode { before: true, .. } => {
                Some(Response::new(200, "{}"))
            }
            _ => None,
        }
    }

    /// The answer to an operation, malformed, and what it is worth.
    pub(crate) fn apply(self, operation: &str, answer: Response) -> (Response, Belief) {
        let Response { status, .. } = answer;
        match self {
            Self::Emptied { sum } => damaged(answer, sum, Vec::clear),
            Self::Cut { at, sum } => damaged(answer, sum, |body| body.truncate(at % body.len())),
            Self::Flipped { bit, sum, kind } => {
                let (mut answer, belief) = damaged(answer, sum, |body| flip(body, bit));
                answer.headers.insert("content-type", kind);
                (answer, if sum { belief } else { Belief::Open })
            }
            Self::Typed(kind) => (with_header(answer, "content-type", kind), Belief::Same),
            Self::Garbled { bit } => damaged(answer, true, |body| flip(body, bit)),
            Self::Page { status, .. } => {
                let page = format!("<html><body><h1>{status}</h1></body></html>");
                let answer = without_sum(Response::new(status, page));
                (with_header(answer, "content-type", "text/html"), Belief::Never)
            }
            Self::Bare { status } => (without_sum(Response::new(status, "")), Belief::Never),
            Self::NoContent => (Response::new(204, ""), Belief::Never),
            Self::Replaced(document) => {
                let belief = match document {
                    _ if document.as_bytes() == answer.body => Belief::Same,
                    // What is not found looks like this, and what returns nothing: only a list must be there.
                    "{}" | "{\"Message\":\"hello\"}" | "{\"code\":7,\"__type\":null}"
                        if status == 200 && required(operation).is_empty() =>
                    {
                        Belief::Open
                    }
                    _ => Belief::Never,
                };
                (Response::new(status, document), belief)
            }
            Self::ErrorWithSuccess => {
                let mut error = Response::error(500, "InternalServerError", "Internal server error");
                error.status = 200;
                (error, Belief::Never)
            }
            Self::NoCode { status, .. } => (Response::new(status, r#"{"message":"no"}"#), Belief::Never),
            Self::Sum(sum) => (with_header(answer, "x-amz-crc32", sum), Belief::Never),
            Self::NoSum => (without_sum(answer), Belief::Same),
            Self::Missing { .. } | Self::Foreign | Self::Unprocessed(_) => self.edit(operation, answer),
        }
    }

    /// Changes the document, which keeps the right checksum.
    fn edit(self, operation: &str, answer: Response) -> (Response, Belief) {
        let mut document: Value = serde_json::from_slice(&answer.body).unwrap();
        let members = document.as_object_mut().unwrap();
        let mut belief = Belief::Never;
        match self {
            Self::Missing { member, null } if answer.status == 200 => match required(operation) {
                [] => belief = Belief::Same,
                names => {
                    let name = names[member % names.len()];
                    match null {
                        true => members.insert(name.to_owned(), Value::Null),
                        false => members.remove(name),
                    };
                }
            },
            Self::Unprocessed(which) if answer.status == 200 && operation.starts_with("Batch") => {
                let (name, values) = unprocessed(operation);
                members.insert(name.to_owned(), values[which].clone());
            }
            Self::Foreign => {
                let more = json!({ "a": [1, null, { "__type": "no", "Items": [] }], "\"": "\\" });
                members.insert("Foreign".to_owned(), more);
                belief = Belief::Same;
            }
            _ => belief = Belief::Same,
        }
        (Response::new(answer.status, document.to_string()), belief)
    }
}

/// How many there are of each operation.
const UNPROCESSED: usize = 6;

/// Maps of what was not processed that cannot be.
fn unprocessed(operation: &str) -> (&'static str, [Value; UNPROCESSED]) {
    let key = json!({ "pk": { "S": "NOBODY" }, "sk": { "S": "ASKED" } });
    if operation == "BatchGetItem" {
        let values = [
            json!({ "shop": { "Keys": [] } }),
            json!({ "shop": {} }),
            json!({ "shop": null }),
            json!([]),
            json!({ "shop": { "Keys": [key.clone()] } }),
            json!({ "nowhere": { "Keys": [key] } }),
        ];
        return ("UnprocessedKeys", values);
    }
    let write = json!({ "DeleteRequest": { "Key": key } });
    let values = [
        json!({ "shop": [] }),
        json!({ "shop": {} }),
        json!({ "shop": null }),
        json!([]),
        json!({ "shop": [write.clone()] }),
        json!({ "nowhere": [write] }),
    ];
    ("UnprocessedItems", values)
}

/// DynamoDB: what it always sends with success.
fn required(operation: &str) -> &'static [&'static str] {
    match operation {
        "Query" | "Scan" => &["Items", "Count"],
        "SearchVectors" => &["SearchResults"],
        "BatchGetItem" => &["Responses", "UnprocessedKeys"],
        "TransactGetItems" => &["Responses"],
        "BatchWriteItem" => &["UnprocessedItems"],
        "DescribeTable" => &["Table"],
        "CreateTable" | "UpdateTable" => &["TableDescription"],
        _ => &[],
    }
}

/// Damages the body, and leaves its checksum or takes it away.
fn damaged(mut answer: Response, sum: bool, damage: impl FnOnce(&mut Vec<u8>)) -> (Response, Belief) {
    let whole = answer.body.clone();
    damage(&mut answer.body);
    let belief = if answer.body == whole { Belief::Same } else { Belief::Never };
    (if sum { answer } else { without_sum(answer) }, belief)
}

fn flip(body: &mut [u8], bit: usize) {
    let at = bit / 8 % body.len();
    body[at] ^= 1 << (bit % 8);
}

fn without_sum(mut answer: Response) -> Response {
    answer.headers.remove("x-amz-crc32");
    answer
}

fn with_header(mut answer: Response, name: &'static str, value: &'static str) -> Response {
    answer.headers.insert(name, value);
    answer
}
