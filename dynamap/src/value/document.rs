use super::{Field, FieldTable, Members, Reader, Writer};
use crate::error::{DecodeError, EncodeError};

/// A type whose value is a set of named attributes: an item, or a map inside one.
///
/// Implemented by the derives and by maps with string keys. Generated code only names fields and types; the
/// loops that read them are here, once.
pub trait FromDocument {
    /// The type that is read: `Self`, or the enum that a struct variant belongs to.
    type Output;
    /// The fields read so far.
    type Partial: Default;
    /// The names of the fields, in the order of their positions.
    const FIELDS: &'static FieldTable;
    /// True if attributes that [`FIELDS`](FromDocument::FIELDS) does not name are offered to
    /// [`read_other`](FromDocument::read_other); otherwise they are passed over.
    const OPEN: bool = false;
    /// True if it takes attributes under any name, as maps do.
    #[doc(hidden)]
    const TAKES_ANY: bool = false;

    /// Gives the names of all attributes that it writes under names known when it was compiled, those of flattened documents
    /// included.
    #[doc(hidden)]
    fn each_name(name: &mut dyn FnMut(&'static str)) {
        Self::FIELDS.names().iter().copied().for_each(name);
    }

    /// Reads the next value into the field at `index`.
    fn read_field<R: Reader>(partial: &mut Self::Partial, index: usize, r: &mut R)
    -> Result<(), DecodeError>;

    /// Reads the next value as the attribute `name`, or leaves it unread and returns false.
    fn read_other<R: Reader>(
        _partial: &mut Self::Partial,
        _name: &str,
        _r: &mut R,
    ) -> Result<bool, DecodeError> {
        Ok(false)
    }

    /// Reads the item that is the next value. Items of an entity may have an older shape.
    #[doc(hidden)]
    #[inline]
    fn read_item<R: Reader>(r: &mut R) -> Result<Self::Output, DecodeError>
    where
        Self: Sized,
    {
        let members = r.begin_item()?;
        read_members::<Self, R>(r, members)
    }

    /// Puts the fields together.
    ///
    /// # Errors
    /// An attribute that has no default is absent.
    fn finish(partial: Self::Partial) -> Result<Self::Output, DecodeError>;
}

/// A type that writes its value as named attributes. See [`FromDocument`].
pub trait ToDocument {
    /// Writes each attribute: its name, then its value.
    fn write_fields<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError>;

    /// Refuses the document beside attributes whose names are `taken`, if a map in it holds one of these names:
    /// written twice, the map's would take the place of a field, a tag or a key.
    #[doc(hidden)]
    fn check_beside(&self, _taken: &dyn Fn(&str) -> bool) -> Result<(), EncodeError> {
        Ok(())
    }
}

/// A type whose whole value is named attributes, so that it can be flattened, or be the content of a tagged variant.
///
/// Implemented by the derives and by maps with string keys.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no attributes of its own",
    label = "not a struct of named attributes",
    note = "flattened fields and tagged variants are maps, structs that derive `dynamap::Attribute`, or enums of such structs"
)]
pub trait Document: FromDocument<Output = Self> + ToDocument {}

/// A type that can be flattened: a [`Document`], or an `Option` of one.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no attributes of its own",
    label = "not a struct of named attributes",
    note = "flattened fields and tagged variants are maps, structs that derive `dynamap::Attribute`, or enums of such structs"
)]
pub trait Flat: FromDocument<Output = Self> + ToDocument {}

impl<D: Document> Flat for D {}

impl<D: Document> Flat for Option<D> {}

/// Reads the map that is the next value.
pub fn read_document<T: FromDocument, R: Reader>(r: &mut R) -> Result<T::Output, DecodeError> {
    let members = r.begin_map()?;
    read_members::<T, R>(r, members)
}

/// Reads the map that is the next value, without its member `tag`, which names the variant.
pub fn read_tagged_document<T: FromDocument, R: Reader>(
    r: &mut R,
    tag: &str,
) -> Result<T::Output, DecodeError> {
    let mut members = r.begin_map()?;
    if !T::OPEN {
        return read_members::<T, R>(r, members);
    }
    let mut partial = T::Partial::default();
    read_open_members::<T, R>(&mut partial, r, &mut members, Some(tag))?;
    T::finish(partial)
}

/// Reads the rest of a map or item that was entered before.
pub(crate) fn read_members<T: FromDocument, R: Reader>(
    r: &mut R,
    mut members: Members,
) -> Result<T::Output, DecodeError> {
    let mut partial = T::Partial::default();
    if T::OPEN {
        read_open_members::<T, R>(&mut partial, r, &mut members, None)?;
    } else {
        while let Field::Known(index) = r.next_field(&mut members, T::FIELDS)? {
            if let Err(error) = T::read_field(&mut partial, index, r) {
                return Err(error.in_field(T::FIELDS.name(index)));
            }
        }
    }
    T::finish(partial)
}

/// The slower loop of documents that take attributes under names not known when they were compiled; the member
/// `tag` is passed over.
fn read_open_members<T: FromDocument, R: Reader>(
    partial: &mut T::Partial,
    r: &mut R,
    members: &mut Members,
    tag: Option<&str>,
) -> Result<(), DecodeError> {
    while let Some(name) = r.next_key(members)? {
        if tag.is_some_and(|tag| tag == name) {
            r.skip()?;
            continue;
        }
        let name = name.into_owned();
        let read = match T::FIELDS.find(name.as_bytes()) {
            Some(index) => T::read_field(partial, index, r).map(|()| true),
            None => T::read_other(partial, &name, r),
        };
        match read {
            Ok(true) => {}
            Ok(false) => r.skip()?,
            Err(error) => {
                return Err(match T::FIELDS.find(name.as_bytes()) {
                    Some(index) => error.in_field(T::FIELDS.name(index)),
                    None => error.in_key(name),
                });
            }
        }
    }
    Ok(())
}
