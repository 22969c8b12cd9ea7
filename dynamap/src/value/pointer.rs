//! Values behind pointers, which are stored as the values themselves.

use super::{AttributeType, FromAttribute, Reader, ToAttribute, Writer};
use crate::error::{DecodeError, EncodeError};
use std::{borrow::Cow, rc::Rc, sync::Arc};

macro_rules! written_as_target {
    ($($pointer:ty),*) => { $(
        impl<T: AttributeType + ?Sized> AttributeType for $pointer {
            type DataType = T::DataType;
        }

        impl<T: ToAttribute + ?Sized> ToAttribute for $pointer {
            #[inline]
            fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
                (**self).write(w)
            }

            #[inline]
            fn is_absent(&self) -> bool {
                (**self).is_absent()
            }
        }
    )* };
}

written_as_target! { &T, &mut T, Box<T>, Rc<T>, Arc<T> }

macro_rules! read_as_target {
    ($($pointer:ident),*) => { $(
        impl<T: FromAttribute> FromAttribute for $pointer<T> {
            #[inline]
            fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
                T::read(r).map(Self::new)
            }

            fn absent() -> Option<Self> {
                T::absent().map(Self::new)
            }
        }
    )* };
}

read_as_target! { Box, Rc, Arc }

impl<T: AttributeType + ToOwned + ?Sized> AttributeType for Cow<'_, T> {
    type DataType = T::DataType;
}

impl<T: ToAttribute + ToOwned + ?Sized> ToAttribute for Cow<'_, T> {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        (**self).write(w)
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

/// Always reads an owned value.
impl<T> FromAttribute for Cow<'_, T>
where
    T: ToAttribute + ToOwned + ?Sized,
    T::Owned: FromAttribute,
{
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        T::Owned::read(r).map(Cow::Owned)
    }

    fn absent() -> Option<Self> {
        T::Owned::absent().map(Cow::Owned)
    }
}
