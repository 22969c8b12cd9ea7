use super::deserializer::Deserializer;
use super::error::NotDecoded;
use super::map_key::MapKeyDeserializer;
use crate::value::{
    DataType, Members, Reader, ShortText,
    scalar::{Scalar, ScalarReader},
};
use serde::de::{self, DeserializeSeed, Visitor};

/// A list that is being read.
pub(super) struct ListReader<'r, R> {
    r: &'r mut R,
    members: Members,
    length: usize,
    ended: bool,
}

impl<'r, R: Reader> ListReader<'r, R> {
    pub(super) fn begin(r: &'r mut R) -> Result<Self, NotDecoded> {
        let members = r.begin_list()?;
        Ok(Self { r, members, length: 0, ended: false })
    }

    fn advance(&mut self) -> Result<bool, NotDecoded> {
        if self.ended {
            return Ok(false);
        }
        let found = self.r.next_element(&mut self.members).map_err(|error| error.at_index(self.length))?;
        self.ended = !found;
        Ok(found)
    }

    /// Checks that all elements were read, and leaves the list.
    pub(super) fn finish(mut self) -> Result<(), NotDecoded> {
        if self.advance()? { Err(NotDecoded::new("the end of a list", "more elements")) } else { Ok(()) }
    }
}

impl<'de, R: Reader> de::SeqAccess<'de> for &mut ListReader<'_, R> {
    type Error = NotDecoded;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, NotDecoded> {
        if !self.advance()? {
            return Ok(None);
        }
        let element = seed.deserialize(Deserializer(&mut *self.r));
        let element = element.map_err(|NotDecoded(error)| error.at_index(self.length))?;
        self.length += 1;
        Ok(Some(element))
    }
}

/// A set that is being read.
pub(super) struct SetReader<'r, R> {
    r: &'r mut R,
    members: Members,
    ended: bool,
}

impl<'r, R: Reader> SetReader<'r, R> {
    pub(super) fn begin(r: &'r mut R, set: DataType) -> Result<Self, NotDecoded> {
        let members = r.begin_set(set)?;
        Ok(Self { r, members, ended: false })
    }

    fn advance(&mut self) -> Result<Option<Scalar<'static>>, NotDecoded> {
        if self.ended {
            return Ok(None);
        }
        let member = self.r.next_member(&mut self.members)?;
        self.ended = member.is_none();
        Ok(member)
    }

    /// Checks that all members were read, and leaves the set.
    pub(super) fn finish(mut self) -> Result<(), NotDecoded> {
        match self.advance()? {
            Some(_) => Err(NotDecoded::new("the end of a set", "more members")),
            None => Ok(()),
        }
    }
}

impl<'de, R: Reader> de::SeqAccess<'de> for &mut SetReader<'_, R> {
    type Error = NotDecoded;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, NotDecoded> {
        match self.advance()? {
            Some(member) => seed.deserialize(Deserializer(&mut ScalarReader::new(member))).map(Some),
            None => Ok(None),
        }
    }
}

/// A map that is being read.
pub(super) struct MapReader<'r, R> {
    r: &'r mut R,
    members: Members,
    /// The name of the member that is read, for errors.
    key: ShortText,
    /// The names that the struct declares which is read.
    fields: &'static [&'static str],
    ended: bool,
}

impl<'r, R: Reader> MapReader<'r, R> {
    pub(super) fn begin(r: &'r mut R, fields: &'static [&'static str]) -> Result<Self, NotDecoded> {
        let members = r.begin_map()?;
        Ok(Self { r, members, key: ShortText::default(), fields, ended: false })
    }

    /// Goes to the next member, and gives its name to `read`.
    fn advance<T>(
        &mut self,
        read: impl FnOnce(&str) -> Result<T, NotDecoded>,
    ) -> Result<Option<T>, NotDecoded> {
        if self.ended {
            return Ok(None);
        }
        match self.r.next_key(&mut self.members)? {
            Some(name) => {
                self.key.set(&name);
                read(&name).map(Some)
            }
            None => {
                self.ended = true;
                Ok(None)
            }
        }
    }

    fn value<'de, T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, NotDecoded> {
        let value = seed.deserialize(Deserializer(&mut *self.r));
        value.map_err(|error| self.in_member(error))
    }

    /// The error of the member that is read, whose name is shown if it is declared.
    fn in_member(&self, NotDecoded(error): NotDecoded) -> NotDecoded {
        let declared = self.fields.iter().find(|field| ***field == *self.key);
        NotDecoded(match declared {
            Some(field) => error.in_field(field),
            None => error.in_key(&*self.key),
        })
    }

    /// Checks that all members were read, and leaves the map.
    pub(super) fn finish(mut self) -> Result<(), NotDecoded> {
        match self.advance(|_| Ok(()))? {
            Some(()) => Err(NotDecoded::new("the end of a map", "more members")),
            None => Ok(()),
        }
    }
}

impl<'de, R: Reader> de::MapAccess<'de> for &mut MapReader<'_, R> {
    type Error = NotDecoded;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, NotDecoded> {
        self.advance(|name| seed.deserialize(MapKeyDeserializer(name)))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, NotDecoded> {
        self.value(seed)
    }
}

/// A variant that is the only member of a map.
pub(super) struct EnumReader<'r, R>(MapReader<'r, R>);

impl<'r, R: Reader> EnumReader<'r, R> {
    pub(super) fn begin(r: &'r mut R, variants: &'static [&'static str]) -> Result<Self, NotDecoded> {
        MapReader::begin(r, variants).map(Self)
    }

    fn contents<'de, T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, NotDecoded> {
        let contents = self.0.value(seed)?;
        self.0.finish()?;
        Ok(contents)
    }
}

impl<'de, R: Reader> de::EnumAccess<'de> for EnumReader<'_, R> {
    type Error = NotDecoded;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(mut self, seed: V) -> Result<(V::Value, Self), NotDecoded> {
        match self.0.advance(|name| seed.deserialize(MapKeyDeserializer(name)))? {
            Some(variant) => Ok((variant, self)),
            None => Err(NotDecoded::new("a map of one member that is a variant", "a map without members")),
        }
    }
}

impl<'de, R: Reader> de::VariantAccess<'de> for EnumReader<'_, R> {
    type Error = NotDecoded;

    fn unit_variant(self) -> Result<(), NotDecoded> {
        self.contents(std::marker::PhantomData::<de::IgnoredAny>).map(drop)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, NotDecoded> {
        self.contents(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, NotDecoded> {
        self.contents(Sequence(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotDecoded> {
        let contents = Deserializer(&mut *self.0.r).map(fields, visitor);
        let contents = contents.map_err(|error| self.0.in_member(error))?;
        self.0.finish()?;
        Ok(contents)
    }
}

/// Reads the fields of a tuple variant.
struct Sequence<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Sequence<V> {
    type Value = V::Value;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_seq(self.0)
    }
}
