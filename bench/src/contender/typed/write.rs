//! Attribute values as serde writes them, such as `{"S":"text"}`.

use serde::{Serialize, Serializer};

macro_rules! attribute_values {
    ($($name:ident $descriptor:literal;)*) => { $(
        #[derive(Serialize)]
        pub(super) struct $name<T> {
            #[serde(rename = $descriptor)]
            value: T,
        }

        impl<T> $name<T> {
            pub(super) fn new(value: T) -> Self {
                Self { value }
            }
        }
    )* };
}

attribute_values! {
    S "S";
    N "N";
    B "B";
    Bool "BOOL";
    L "L";
    M "M";
    Ss "SS";
}

/// The text of an integer.
pub(super) struct Integer<I>(pub(super) I);

impl<I: itoa::Integer + Copy> Serialize for Integer<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(itoa::Buffer::new().format(self.0))
    }
}

/// The text of a float.
pub(super) struct Float(pub(super) f64);

impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(zmij::Buffer::new().format(self.0))
    }
}

/// The elements of a list, each written by `W`.
pub(super) struct Elements<'a, T, W>(pub(super) &'a [T], pub(super) fn(&'a T) -> W);

impl<T, W: Serialize> Serialize for Elements<'_, T, W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(self.1))
    }
}
