use super::escape::{push_base64, push_string, push_string_between};
use crate::{
    error::EncodeError,
    value::{
        DataType, FieldTable, MAX_DEPTH, ToAttribute, Writer,
        scalar::{Scalar, ScalarSink, ScalarWriter},
    },
    wire::refusals::{check_number_text, empty_set, write_too_deep},
};
use std::fmt;

/// Writes attribute values as DynamoDB-JSON, appended to bytes.
///
/// After an error the bytes hold an unfinished value: drop them, or cut them back to their former length.
#[doc(hidden)]
pub struct JsonWriter<'a> {
    out: &'a mut Vec<u8>,
    /// The number of maps and lists that are open.
    depth: u32,
    /// The type of the set that is open.
    set: Option<DataType>,
}

/// Shows how much it has written, and nothing of it.
impl fmt::Debug for JsonWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonWriter").field("bytes", &self.out.len()).finish_non_exhaustive()
    }
}

impl<'a> JsonWriter<'a> {
    /// A writer that appends to `out`.
    pub fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, depth: 0, set: None }
    }

    /// Separates a member from the one before it.
    #[inline(always)]
    fn separate(&mut self) {
        // Members end in `}`, or in sets with `"`: only an opening says that none came before.
        if !matches!(self.out.last(), Some(b'{' | b'[')) {
            self.out.push(b',');
        }
    }

    #[inline(always)]
    fn begin_member(&mut self) -> Result<(), EncodeError> {
        if self.depth >= MAX_DEPTH {
            return Err(write_too_deep());
        }
        self.separate();
        Ok(())
    }

    /// Writes a value that is JSON already.
    pub(crate) fn raw(&mut self, json: &str) {
        self.push(json.as_bytes());
    }

    fn push(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
    }
}

impl Writer for JsonWriter<'_> {
    #[inline(never)]
    fn string(&mut self, value: &str) -> Result<(), EncodeError> {
        push_string_between(self.out, b"{\"S\":\"", value, b"\"}");
        Ok(())
    }

    #[inline(never)]
    fn number(&mut self, text: &str) -> Result<(), EncodeError> {
        check_number_text(text)?;
        self.push(b"{\"N\":\"");
        self.push(text.as_bytes());
        self.push(b"\"}");
        Ok(())
    }

    #[inline(never)]
    fn boolean(&mut self, value: bool) -> Result<(), EncodeError> {
        self.push(if value { b"{\"BOOL\":true}" } else { b"{\"BOOL\":false}" });
        Ok(())
    }

    #[inline(never)]
    fn null(&mut self) -> Result<(), EncodeError> {
        self.push(b"{\"NULL\":true}");
        Ok(())
    }

    #[inline(never)]
    fn bytes(&mut self, value: &[u8]) -> Result<(), EncodeError> {
        self.push(b"{\"B\":");
        push_base64(self.out, value);
        self.push(b"}");
        Ok(())
    }

    #[inline(never)]
    fn begin_item(&mut self) -> Result<(), EncodeError> {
        self.push(b"{");
        Ok(())
    }

    #[inline(never)]
    fn end_item(&mut self) -> Result<(), EncodeError> {
        self.push(b"}");
        Ok(())
    }

    #[inline(never)]
    fn begin_map(&mut self) -> Result<(), EncodeError> {
        self.depth += 1;
        self.push(b"{\"M\":{");
        Ok(())
    }

    #[inline(never)]
    fn field(&mut self, table: &'static FieldTable, index: usize) -> Result<(), EncodeError> {
        let Some(quoted) = table.quoted(index) else { return self.key(table.name(index)) };
        self.begin_member()?;
        self.push(quoted.as_bytes());
        Ok(())
    }

    #[inline(never)]
    fn key(&mut self, name: &str) -> Result<(), EncodeError> {
        self.begin_member()?;
        push_string(self.out, name);
        self.push(b":");
        Ok(())
    }

    #[inline(never)]
    fn end_map(&mut self) -> Result<(), EncodeError> {
        self.depth = self.depth.saturating_sub(1);
        self.push(b"}}");
        Ok(())
    }

    #[inline(never)]
    fn begin_list(&mut self) -> Result<(), EncodeError> {
        self.depth += 1;
        self.push(b"{\"L\":[");
        Ok(())
    }

    #[inline(never)]
    fn element(&mut self) -> Result<(), EncodeError> {
        self.begin_member()
    }

    #[inline(never)]
    fn end_list(&mut self) -> Result<(), EncodeError> {
        self.depth = self.depth.saturating_sub(1);
        self.push(b"]}");
        Ok(())
    }

    #[inline(never)]
    fn begin_set(&mut self, set: DataType) -> Result<(), EncodeError> {
        self.set = Some(set);
        self.push(b"{\"");
        self.push(set.descriptor().as_bytes());
        self.push(b"\":[");
        Ok(())
    }

    fn member<T: ToAttribute>(&mut self, member: &T) -> Result<(), EncodeError> {
        self.separate();
        ScalarWriter::write_member(&mut MemberSink(self.out), self.set, member)
    }

    #[inline(never)]
    fn end_set(&mut self) -> Result<(), EncodeError> {
        if self.out.last() == Some(&b'[') {
            return Err(empty_set());
        }
        self.push(b"]}");
        Ok(())
    }
}

/// Writes members of sets, which have no data type around them.
struct MemberSink<'a>(&'a mut Vec<u8>);

impl ScalarSink for MemberSink<'_> {
    fn put(&mut self, scalar: Scalar<'_>) -> Result<(), EncodeError> {
        match scalar {
            Scalar::S(text) => push_string(self.0, &text),
            Scalar::N(text) => {
                check_number_text(&text)?;
                push_string(self.0, &text);
            }
            Scalar::B(bytes) => push_base64(self.0, &bytes),
        }
        Ok(())
    }
}
