use super::reader::{END, JsonReader};
use crate::{
    error::DecodeError,
    value::{DataType, FieldTable, MAX_DEPTH, Members, Reader, ShortText},
    wire::refusals::read_too_deep,
};
use std::borrow::Cow;

/// The members of items and maps.
impl<'a> JsonReader<'a> {
    /// The position of the next field, or [`END`].
    ///
    /// Its result fits into registers, and the slower way is the last that it calls.
    #[inline(never)]
    pub(super) fn next_position(
        &mut self,
        members: &mut Members,
        table: &'static FieldTable,
    ) -> Result<usize, DecodeError> {
        match self.plain_field(members, table) {
            Some(position) => Ok(position),
            None => self.other_field(members, table),
        }
    }

    /// The next field, if it is written as DynamoDB writes it and the table has it; or the end, written so.
    #[inline(always)]
    fn plain_field(&mut self, members: &mut Members, table: &'static FieldTable) -> Option<usize> {
        if self.depth < MAX_DEPTH
            && let Some(index) = self.scanner.plain_field(members.first, table)
        {
            members.first = false;
            if members.of.is_none() {
                self.note_field(index);
            }
            return Some(index);
        }
        (!members.first && self.pass_end(members)).then_some(END)
    }

    /// Passes the end of an item or map, if it comes next and is written as DynamoDB writes it.
    #[inline(always)]
    fn pass_end(&mut self, members: &Members) -> bool {
        let is_map = members.of.is_some();
        let passed = self.scanner.pass(if is_map { b"}}" } else { b"}" });
        if passed && is_map {
            self.depth = self.depth.saturating_sub(1);
        }
        passed
    }

    /// The next field of the table, however its member is written. Passes over members that are not in the table.
    #[inline(never)]
    fn other_field(
        &mut self,
        members: &mut Members,
        table: &'static FieldTable,
    ) -> Result<usize, DecodeError> {
        while let Some(name) = self.next_name(members)? {
            if let Some(index) = table.find(name.as_bytes()) {
                return Ok(index);
            }
            self.skip_value().map_err(|error| error.in_key(name))?;
            if let Some(field) = self.plain_field(members, table) {
                return Ok(field);
            }
        }
        Ok(END)
    }

    /// The name of the next member of an item or map.
    #[inline(always)]
    pub(super) fn next_name(&mut self, members: &mut Members) -> Result<Option<Cow<'a, str>>, DecodeError> {
        let name = match self.scanner.plain_name(members.first) {
            Some(name) if self.depth < MAX_DEPTH => {
                members.first = false;
                Cow::Borrowed(name)
            }
            Some(_) => return Err(read_too_deep()),
            None if self.next_member(members, b'}')? => self.scanner.key()?,
            None => return Ok(None),
        };
        self.note(members, &name);
        Ok(Some(name))
    }

    /// The offset of the value of the attribute `wanted` of the item that is the next value, which is passed over.
    pub(super) fn find_attribute_ahead(&mut self, wanted: &str) -> Result<Option<usize>, DecodeError> {
        let mut members = self.begin_item()?;
        let mut found = None;
        while let Some(name) = self.next_name(&mut members)? {
            if name == wanted {
                found = Some(self.scanner.offset());
            }
            self.skip_value()?;
        }
        Ok(found)
    }

    pub(super) fn find_string_ahead(&mut self, wanted: &str) -> Result<Option<ShortText>, DecodeError> {
        let mut members = self.begin_map()?;
        let mut found = None;
        while let Some(name) = self.next_name(&mut members)? {
            if name != wanted {
                self.skip_value()?;
            } else if let Some(text) = self.scanner.plain_scalar(b'S') {
                found = Some(text.into());
            } else if self.data_type()? == DataType::S {
                found = Some((&*self.str()?).into());
            } else {
                found = None;
                self.skip_value()?;
            }
        }
        Ok(found)
    }
}
