use super::{KeyPart, KeyTemplate, part::unescape, template::Component};
use crate::error::{InvalidPart, KeyError, KeyErrorKind};
use std::{borrow::Cow, fmt, str::FromStr};

/// Reads a key back, component by component.
///
/// Only a text that a [`KeyBuilder`](super::KeyBuilder) of the same template writes is read.
///
/// ```
/// use dynamap::key::{KeyParser, KeyTemplate, Segment};
///
/// static ORDER: KeyTemplate = KeyTemplate::new(
///     "ORDER#{order_id}",
///     &[Segment::Text("ORDER#"), Segment::Part { name: "order_id", plain: false }],
/// );
///
/// let mut key = KeyParser::new(&ORDER, "ORDER#a$Sb")?;
/// assert_eq!(key.part::<String>()?, "a#b");
/// key.finish()?;
///
/// assert!(KeyParser::new(&ORDER, "CUSTOMER#1").is_err());
/// # Ok::<(), dynamap::error::KeyError>(())
/// ```
pub struct KeyParser<'a> {
    template: &'static KeyTemplate,
    rest: &'a str,
    next: Option<Component>,
}

impl<'a> KeyParser<'a> {
    /// Begins to read a key of this template.
    ///
    /// # Errors
    /// The text does not begin with the template's literal text.
    pub fn new(template: &'static KeyTemplate, text: &'a str) -> Result<Self, KeyError> {
        let mut parser = Self { template, rest: text, next: template.component(0) };
        parser.pass_texts(0)?;
        Ok(parser)
    }

    /// Reads the next component.
    ///
    /// # Errors
    /// The text is not of the template's form, or the component is no value of `T`.
    pub fn part<T: KeyPart>(&mut self) -> Result<T, KeyError> {
        let (component, text) = self.next_part()?;
        T::read_part(&text).map_err(|reason| self.error_in(component, KeyErrorKind::InvalidPart(reason)))
    }

    /// Reads the next component, which is written as it displays.
    ///
    /// # Errors
    /// The text is not of the template's form, or `T` does not read the component.
    pub fn plain<T: FromStr>(&mut self) -> Result<T, KeyError> {
        const UNREADABLE: InvalidPart = InvalidPart::new("not the text of a value of its type");
        let (component, text) = self.next_plain()?;
        // The error of `T` may show the value.
        text.parse().map_err(|_| self.error_in(component, KeyErrorKind::InvalidPart(UNREADABLE)))
    }

    /// Passes over the next component.
    ///
    /// # Errors
    /// The text is not of the template's form.
    pub fn skip(&mut self) -> Result<(), KeyError> {
        match self.next {
            Some(Component { plain: true, .. }) => self.next_plain().map(drop),
            _ => self.next_part().map(drop),
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Text or components are left.
    pub fn finish(self) -> Result<(), KeyError> {
        match (self.next, self.rest) {
            (Some(_), _) => Err(self.error(KeyErrorKind::Components)),
            (None, "") => Ok(()),
            (None, _) => Err(self.error(KeyErrorKind::Mismatch)),
        }
    }

    fn next_part(&mut self) -> Result<(Component, Cow<'a, str>), KeyError> {
        let (component, escaped) = self.take(false)?;
        let text = unescape(escaped).ok_or_else(|| self.error_in(component, KeyErrorKind::Mismatch))?;
        Ok((component, text))
    }

    fn next_plain(&mut self) -> Result<(Component, &'a str), KeyError> {
        let (component, text) = self.take(true)?;
        if text.is_empty() {
            return Err(self.error_in(component, KeyErrorKind::Mismatch));
        }
        Ok((component, text))
    }

    /// The text of the next component; passes the literal text after it as well.
    fn take(&mut self, plain: bool) -> Result<(Component, &'a str), KeyError> {
        let component = self
            .next
            .filter(|component| component.plain == plain)
            .ok_or_else(|| self.error(KeyErrorKind::Components))?;
        let length = component.length_in(self.rest);
        let length = length.ok_or_else(|| self.error_in(component, KeyErrorKind::Mismatch))?;
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.pass(component.closer())?;
        self.pass_texts(component.after)?;
        self.next = self.template.component(component.after);
        Ok((component, text))
    }

    fn pass_texts(&mut self, from: usize) -> Result<(), KeyError> {
        self.template.texts(from).try_for_each(|text| self.pass(text))
    }

    fn pass(&mut self, text: &str) -> Result<(), KeyError> {
        self.rest = self.rest.strip_prefix(text).ok_or_else(|| self.error(KeyErrorKind::Mismatch))?;
        Ok(())
    }

    fn error(&self, kind: KeyErrorKind) -> KeyError {
        KeyError::new(self.template.text(), kind)
    }

    fn error_in(&self, component: Component, kind: KeyErrorKind) -> KeyError {
        KeyError::in_component(self.template.text(), component.name, kind)
    }
}

/// Shows the template, not the key.
impl fmt::Debug for KeyParser<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyParser").field("template", &self.template.text()).finish_non_exhaustive()
    }
}
