//! Tuples, as lists (L) of exactly their elements.

use super::{AttributeType, FromAttribute, Members, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};

fn write_element<T: ToAttribute, W: Writer>(
    element: &T,
    index: &mut usize,
    w: &mut W,
) -> Result<(), EncodeError> {
    let written = w.element().and_then(|()| element.write(w));
    written.map_err(|error| error.at_index(*index))?;
    *index += 1;
    Ok(())
}

fn read_element<T: FromAttribute, R: Reader>(
    members: &mut Members,
    index: &mut usize,
    r: &mut R,
) -> Result<T, DecodeError> {
    let element = match r.next_element(members) {
        Ok(true) => T::read(r),
        Ok(false) => return Err(DecodeError::new("a list of more elements", format!("{index} elements"))),
        Err(error) => Err(error),
    };
    let element = element.map_err(|error| error.at_index(*index))?;
    *index += 1;
    Ok(element)
}

macro_rules! tuples {
    ($(($($element:ident)+))*) => { $(
        impl<$($element: AttributeType),+> AttributeType for ($($element,)+) {
            type DataType = marker::L;
        }

        impl<$($element: ToAttribute),+> ToAttribute for ($($element,)+) {
            #[allow(non_snake_case)]
            fn write<Out: Writer>(&self, w: &mut Out) -> Result<(), EncodeError> {
                let ($($element,)+) = self;
                let mut index = 0;
                w.begin_list()?;
                $(write_element($element, &mut index, w)?;)+
                w.end_list()
            }
        }

        impl<$($element: FromAttribute),+> FromAttribute for ($($element,)+) {
            fn read<In: Reader>(r: &mut In) -> Result<Self, DecodeError> {
                let mut members = r.begin_list()?;
                let mut index = 0;
                let tuple = ($(read_element::<$element, In>(&mut members, &mut index, r)?,)+);
                match r.next_element(&mut members)? {
                    false => Ok(tuple),
                    true => Err(DecodeError::new(format!("a list of {index} elements"), "more elements")),
                }
            }
        }
    )* };
}

tuples! {
    (A)
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E F)
    (A B C D E F G)
    (A B C D E F G H)
}
