use super::{KeyPart, KeyRole, KeyTemplate, PartWriter, template::Component};
use crate::error::{KeyError, KeyErrorKind};
use std::fmt::{self, Display, Write};

/// Writes a key, component by component.
///
/// ```
/// use dynamap::key::{KeyBuilder, KeyRole, KeyTemplate, Segment};
///
/// static LINE: KeyTemplate = KeyTemplate::new(
///     "ORDER#{order_id}#LINE#{number}",
///     &[
///         Segment::Text("ORDER#"),
///         Segment::Part { name: "order_id", plain: false },
///         Segment::Text("#LINE#"),
///         Segment::Part { name: "number", plain: false },
///     ],
/// );
///
/// let mut key = KeyBuilder::new(&LINE);
/// key.part(&"a#b".to_owned())?;
/// key.part(&7_u16)?;
/// assert_eq!(key.finish(KeyRole::Sort)?, "ORDER#a$Sb#LINE#00007");
/// # Ok::<(), dynamap::error::KeyError>(())
/// ```
#[derive(Clone)]
pub struct KeyBuilder {
    template: &'static KeyTemplate,
    text: String,
    next: Option<Component>,
}

impl KeyBuilder {
    /// A key of this template, with the literal text before the first component.
    pub fn new(template: &'static KeyTemplate) -> Self {
        let mut text = String::with_capacity(template.text().len() + 32);
        text.extend(template.texts(0));
        Self { template, text, next: template.component(0) }
    }

    /// Writes the next component.
    ///
    /// # Errors
    /// The value has no key text, or the template has no such component here.
    pub fn part<T: KeyPart>(&mut self, value: &T) -> Result<(), KeyError> {
        let component = self.next(false)?;
        self.write_part(component, value)?;
        self.close(component);
        Ok(())
    }

    /// Writes the next component as it displays.
    ///
    /// # Errors
    /// The text is empty or holds the text that ends the component, or the template has no such component here.
    pub fn plain<T: Display>(&mut self, value: &T) -> Result<(), KeyError> {
        let component = self.next(true)?;
        self.write_plain(component, value)?;
        self.close(component);
        Ok(())
    }

    /// The key.
    ///
    /// # Errors
    /// Components are missing; the key is empty, or longer than DynamoDB takes.
    pub fn finish(self, role: KeyRole) -> Result<String, KeyError> {
        if self.next.is_some() {
            return Err(self.error(KeyErrorKind::Components));
        }
        self.checked(role)
    }

    /// The text so far, if it is short enough to be the beginning of a key; not empty.
    pub(super) fn checked(self, role: KeyRole) -> Result<String, KeyError> {
        match self.text.len() {
            0 => Err(self.error(KeyErrorKind::Empty)),
            size if size > role.limit() => {
                Err(self.error(KeyErrorKind::TooLong { size, limit: role.limit() }))
            }
            _ => Ok(self.text),
        }
    }

    /// The text so far: all up to the next component.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_complete(&self) -> bool {
        self.next.is_none()
    }

    /// True if the template ends with the next component.
    pub(super) fn next_is_last(&self) -> bool {
        self.next.as_ref().is_some_and(Component::is_last)
    }

    /// The sort key text up to and with the next component, which stays unwritten and open.
    pub(super) fn with_part<T: KeyPart>(&self, value: &T) -> Result<String, KeyError> {
        let mut copy = self.clone();
        copy.write_part(self.next(false)?, value)?;
        copy.open_text()
    }

    /// Like [`with_part`](Self::with_part), for a plain component.
    pub(super) fn with_plain(&self, value: &str) -> Result<String, KeyError> {
        let mut copy = self.clone();
        copy.write_plain(self.next(true)?, &value)?;
        copy.open_text()
    }

    /// The sort key text up to the next component and with the beginning of it.
    pub(super) fn with_beginning(&self, beginning: &str) -> Result<String, KeyError> {
        let mut copy = self.clone();
        match self.next {
            None => return Err(self.error(KeyErrorKind::Components)),
            Some(Component { plain: false, .. }) => PartWriter::new(&mut copy.text).text(beginning),
            Some(component) => {
                if let Some(end) = component.end_within(beginning).filter(|end| beginning.contains(&**end)) {
                    return Err(self.error_in(component, KeyErrorKind::HoldsSeparator(end)));
                }
                copy.text.push_str(beginning);
            }
        }
        copy.open_text()
    }

    pub(super) fn error(&self, kind: KeyErrorKind) -> KeyError {
        KeyError::new(self.template.text(), kind)
    }

    /// An error of the component that is next.
    pub(super) fn error_in_next(&self, kind: KeyErrorKind) -> KeyError {
        match self.next {
            Some(component) => self.error_in(component, kind),
            None => self.error(kind),
        }
    }

    fn error_in(&self, component: Component, kind: KeyErrorKind) -> KeyError {
        KeyError::in_component(self.template.text(), component.name, kind)
    }

    fn next(&self, plain: bool) -> Result<Component, KeyError> {
        self.next
            .filter(|component| component.plain == plain)
            .ok_or_else(|| self.error(KeyErrorKind::Components))
    }

    fn write_part<T: KeyPart>(&mut self, component: Component, value: &T) -> Result<(), KeyError> {
        let start = self.text.len();
        // Nothing of a component that cannot be written stays in the key.
        value.write_part(&mut PartWriter::new(&mut self.text)).map_err(|reason| {
            self.text.truncate(start);
            self.error_in(component, KeyErrorKind::InvalidPart(reason))
        })
    }

    fn write_plain<T: Display>(&mut self, component: Component, value: &T) -> Result<(), KeyError> {
        let start = self.text.len();
        let shown = write!(self.text, "{value}");
        let written = &self.text[start..];
        let kind = if shown.is_err() || written.is_empty() {
            KeyErrorKind::EmptyPlain
        } else if let Some(end) = component.end_within(written) {
            KeyErrorKind::HoldsSeparator(end)
        } else {
            return Ok(());
        };
        self.text.truncate(start);
        Err(self.error_in(component, kind))
    }

    /// Ends a component and begins the next.
    fn close(&mut self, component: Component) {
        self.text.push_str(component.closer());
        self.text.extend(self.template.texts(component.after));
        self.next = self.template.component(component.after);
    }

    /// The text, which may be empty, if no sort key is too short for it.
    fn open_text(self) -> Result<String, KeyError> {
        if self.text.is_empty() { Ok(self.text) } else { self.checked(KeyRole::Sort) }
    }
}

/// Shows the template, not the key.
impl fmt::Debug for KeyBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyBuilder").field("template", &self.template.text()).finish_non_exhaustive()
    }
}
