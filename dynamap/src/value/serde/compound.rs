use super::error::NotEncoded;
use super::{map_key::MapKeySerializer, serializer::Serializer};
use crate::value::{Writer, map::check_key};
use serde::{Serialize, ser};

/// A list that is being written.
pub(super) struct ListWriter<'w, W> {
    w: &'w mut W,
    length: usize,
}

/// A map that is being written.
pub(super) struct MapWriter<'w, W> {
    w: &'w mut W,
    key: String,
}

/// The value of an enum's variant, in a map whose only member has the variant's name.
pub(super) struct VariantWriter<C> {
    name: &'static str,
    contents: C,
}

impl<'w, W: Writer> ListWriter<'w, W> {
    pub(super) fn begin(w: &'w mut W) -> Result<Self, NotEncoded> {
        w.begin_list()?;
        Ok(Self { w, length: 0 })
    }

    fn element<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), NotEncoded> {
        let written = match self.w.element() {
            Ok(()) => element.serialize(Serializer(&mut *self.w)),
            Err(error) => Err(error.into()),
        };
        written.map_err(|NotEncoded(error)| error.at_index(self.length))?;
        self.length += 1;
        Ok(())
    }

    fn finish(self) -> Result<&'w mut W, NotEncoded> {
        self.w.end_list()?;
        Ok(self.w)
    }
}

impl<'w, W: Writer> MapWriter<'w, W> {
    pub(super) fn begin(w: &'w mut W) -> Result<Self, NotEncoded> {
        w.begin_map()?;
        Ok(Self { w, key: String::new() })
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), NotEncoded> {
        let written = match self.w.key(name) {
            Ok(()) => value.serialize(Serializer(&mut *self.w)),
            Err(error) => Err(error.into()),
        };
        Ok(written.map_err(|NotEncoded(error)| error.in_field(name))?)
    }

    fn finish(self) -> Result<&'w mut W, NotEncoded> {
        self.w.end_map()?;
        Ok(self.w)
    }
}

impl<C> VariantWriter<C> {
    pub(super) fn begin<'w, W: Writer>(
        name: &'static str,
        w: &'w mut W,
        contents: impl FnOnce(&'w mut W) -> Result<C, NotEncoded>,
    ) -> Result<Self, NotEncoded> {
        w.begin_map()?;
        w.key(name)?;
        Ok(Self { name, contents: contents(w)? })
    }

    fn in_variant(&self, written: Result<(), NotEncoded>) -> Result<(), NotEncoded> {
        Ok(written.map_err(|NotEncoded(error)| error.in_field(self.name))?)
    }
}

macro_rules! lists {
    ($($trait:ident::$method:ident),*) => { $(
        impl<W: Writer> ser::$trait for ListWriter<'_, W> {
            type Ok = ();
            type Error = NotEncoded;

            fn $method<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), NotEncoded> {
                self.element(element)
            }

            fn end(self) -> Result<(), NotEncoded> {
                self.finish().map(drop)
            }
        }
    )* };
}

lists! { SerializeSeq::serialize_element, SerializeTuple::serialize_element, SerializeTupleStruct::serialize_field }

impl<W: Writer> ser::SerializeTupleVariant for VariantWriter<ListWriter<'_, W>> {
    type Ok = ();
    type Error = NotEncoded;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotEncoded> {
        let written = self.contents.element(value);
        self.in_variant(written)
    }

    fn end(self) -> Result<(), NotEncoded> {
        Ok(self.contents.finish()?.end_map()?)
    }
}

impl<W: Writer> ser::SerializeStruct for MapWriter<'_, W> {
    type Ok = ();
    type Error = NotEncoded;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), NotEncoded> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), NotEncoded> {
        self.finish().map(drop)
    }
}

impl<W: Writer> ser::SerializeStructVariant for VariantWriter<MapWriter<'_, W>> {
    type Ok = ();
    type Error = NotEncoded;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), NotEncoded> {
        let written = self.contents.field(name, value);
        self.in_variant(written)
    }

    fn end(self) -> Result<(), NotEncoded> {
        Ok(self.contents.finish()?.end_map()?)
    }
}

impl<W: Writer> ser::SerializeMap for MapWriter<'_, W> {
    type Ok = ();
    type Error = NotEncoded;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NotEncoded> {
        self.key = key.serialize(MapKeySerializer)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotEncoded> {
        let key = std::mem::take(&mut self.key);
        let written = match check_key(&key).and_then(|()| self.w.key(&key)) {
            Ok(()) => value.serialize(Serializer(&mut *self.w)),
            Err(error) => Err(error.into()),
        };
        Ok(written.map_err(|NotEncoded(error)| error.in_key(key))?)
    }

    fn end(self) -> Result<(), NotEncoded> {
        self.finish().map(drop)
    }
}
