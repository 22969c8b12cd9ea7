use super::{KeyPart, KeyText, PartWriter};
use crate::error::InvalidPart;
use std::{borrow::Cow, sync::Arc};

macro_rules! texts {
    ($($text:ty),*) => { $(
        impl KeyPart for $text {
            fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
                w.text(self);
                Ok(())
            }

            fn read_part(text: &str) -> Result<Self, InvalidPart> {
                Ok(text.to_owned().into())
            }
        }

        impl KeyText for $text {}
    )* };
}

texts!(String, Box<str>, Arc<str>, Cow<'static, str>);

impl KeyPart for char {
    const FIXED_WIDTH: bool = true;

    fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
        w.char(*self);
        Ok(())
    }

    fn read_part(text: &str) -> Result<Self, InvalidPart> {
        text.parse().map_err(|_| InvalidPart::new("not a single char"))
    }
}

impl KeyPart for bool {
    fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
        w.text(if *self { "true" } else { "false" });
        Ok(())
    }

    fn read_part(text: &str) -> Result<Self, InvalidPart> {
        text.parse().map_err(|_| InvalidPart::new("not `false` or `true`"))
    }
}

#[cfg(feature = "uuid")]
impl KeyPart for uuid::Uuid {
    const FIXED_WIDTH: bool = true;
    const FORM: Option<&'static str> = Some("????????-????-????-????-????????????");

    fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
        w.text(self.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()));
        Ok(())
    }

    fn read_part(text: &str) -> Result<Self, InvalidPart> {
        // The parser takes upper case and other forms too.
        let uuid = uuid::Uuid::try_parse(text).ok();
        uuid.filter(|uuid| uuid.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()) == text)
            .ok_or(InvalidPart::new("not a UUID in lower case with hyphens"))
    }
}
