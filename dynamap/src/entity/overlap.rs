//! A compile-time check that no key can be of two entities.

use super::PartitionPart;

/// Returns false if no text can be a key attribute of both the form `a` and the form `b`.
///
/// `false` is certain. `true` is certain as far as both forms consist of text of templates, of components that are text, and of
/// components whose texts have a known form, such as numbers and times; all other components are taken for any text that a
/// component can be, a plain component or a field that is the key attribute itself for any text at all.
pub(crate) const fn may_be_equal(a: &[PartitionPart], b: &[PartitionPart]) -> bool {
    let (a, b) = (Atoms::of(a), Atoms::of(b));
    if a.count > LIMIT || b.count > LIMIT {
        return true;
    }
    // Which ends of `b` can follow what is read of it, for the atoms of `a` that are passed so far.
    let mut row = [false; LIMIT + 1];
    row[0] = true;
    let mut i = 0;
    while i <= a.count {
        let mut next = [false; LIMIT + 1];
        let mut j = 0;
        while j <= b.count {
            if row[j] {
                if j < b.count && b.list[j].repeated {
                    row[j + 1] = true;
                }
                if i < a.count && a.list[i].repeated {
                    next[j] = true;
                }
                if i < a.count && j < b.count && a.list[i].form.meets(b.list[j].form) {
                    match (a.list[i].repeated, b.list[j].repeated) {
                        (true, true) => {}
                        (true, false) => row[j + 1] = true,
                        (false, true) => next[j] = true,
                        (false, false) => next[j + 1] = true,
                    }
                }
            }
            j += 1;
        }
        if i == a.count {
            return row[b.count];
        }
        row = next;
        i += 1;
    }
    false
}

/// The greatest length, in atoms, of forms that are compared. Longer ones count as overlapping.
const LIMIT: usize = 512;

/// The bytes that can stand in a place.
#[derive(Debug, Clone, Copy)]
enum ByteClass {
    Byte(u8),
    Digit,
    /// A byte of an escaped component: none of them is `#`, or below it.
    Escaped,
    Any,
}

/// One byte, or any number of them.
#[derive(Debug, Clone, Copy)]
struct Atom {
    form: ByteClass,
    repeated: bool,
}

struct Atoms {
    list: [Atom; LIMIT],
    /// More than [`LIMIT`] if there are more than the list has.
    count: usize,
}

impl ByteClass {
    const fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Byte(a), Self::Byte(b)) => a == b,
            (Self::Byte(byte), form) | (form, Self::Byte(byte)) => match form {
                Self::Digit => byte.is_ascii_digit(),
                Self::Escaped => byte > b'#',
                Self::Any | Self::Byte(_) => true,
            },
            _ => true,
        }
    }
}

impl Atoms {
    const fn of(parts: &[PartitionPart]) -> Self {
        let mut atoms = Self { list: [Atom { form: ByteClass::Any, repeated: false }; LIMIT], count: 0 };
        let mut at = 0;
        while at < parts.len() {
            match parts[at] {
                PartitionPart::Text(text) => atoms.texts(text.as_bytes(), false),
                PartitionPart::Encoded { form: Some(form), .. } => atoms.texts(form.as_bytes(), true),
                PartitionPart::Encoded { form: None, .. } => atoms.push(ByteClass::Escaped, true),
                PartitionPart::Plain | PartitionPart::Field => {
                    atoms.push(ByteClass::Any, false);
                    atoms.push(ByteClass::Any, true);
                }
            }
            // As the codec closes a component.
            let encoded = matches!(parts[at], PartitionPart::Encoded { .. });
            let component = encoded || matches!(parts[at], PartitionPart::Plain);
            if component && at + 1 < parts.len() {
                let closed = match parts[at + 1] {
                    PartitionPart::Text(text) => !encoded || (!text.is_empty() && text.as_bytes()[0] == b'#'),
                    _ => false,
                };
                if !closed {
                    atoms.push(ByteClass::Byte(b'#'), false);
                }
            }
            at += 1;
        }
        atoms
    }

    /// The bytes of a text; of a form, `0` stands for any digit and `?` for any byte of a component.
    const fn texts(&mut self, bytes: &[u8], is_form: bool) {
        let mut at = 0;
        while at < bytes.len() {
            let form = match bytes[at] {
                b'0' if is_form => ByteClass::Digit,
                b'?' if is_form => ByteClass::Escaped,
                byte => ByteClass::Byte(byte),
            };
            self.push(form, false);
            at += 1;
        }
    }

    const fn push(&mut self, form: ByteClass, repeated: bool) {
        if self.count < LIMIT {
            self.list[self.count] = Atom { form, repeated };
        }
        self.count += 1;
    }
}

#[cfg(test)]
mod tests;
