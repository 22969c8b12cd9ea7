use std::{fmt, ops::Deref};

/// Text that needs no allocation if it is short, as names and tags are.
#[derive(Clone, Default)]
pub struct ShortText {
    short: [u8; 32],
    length: usize,
    /// The text, if it does not fit.
    long: String,
}

/// Shows nothing of the text, which is data.
impl fmt::Debug for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShortText").field("length", &self.length).finish_non_exhaustive()
    }
}

impl ShortText {
    /// Takes the place of the text before.
    pub(crate) fn set(&mut self, text: &str) {
        self.length = text.len();
        match self.short.get_mut(..text.len()) {
            Some(short) => short.copy_from_slice(text.as_bytes()),
            None => text.clone_into(&mut self.long),
        }
    }
}

impl From<&str> for ShortText {
    fn from(text: &str) -> Self {
        let mut short = Self::default();
        short.set(text);
        short
    }
}

impl Deref for ShortText {
    type Target = str;

    fn deref(&self) -> &str {
        let short = self.short.get(..self.length).and_then(|short| std::str::from_utf8(short).ok());
        short.unwrap_or(&self.long)
    }
}

#[cfg(test)]
mod tests {
    use super::ShortText;

    #[test]
    fn text_of_any_length_is_kept() {
        let mut text = ShortText::from("before");
        for length in [0, 1, 31, 32, 33, 100, 5] {
            let expected = "ü".repeat(length / 2) + &"x".repeat(length % 2);
            text.set(&expected);
            assert_eq!(&*text, expected);
            assert_eq!(&*ShortText::from(&*expected), expected);
        }
    }
}
