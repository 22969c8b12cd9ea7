#[cfg(feature = "cursor")]
use super::SealedCursor;
use super::{Cursor, ParallelCursor};
use crate::error::CursorError;

/// The start of a page: a cursor `C`, its text, or an `Option` of these, of which `None` is the first page. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no cursor",
    label = "expected a cursor, its text, or an `Option` of these"
)]
pub trait IntoCursor<C = Cursor>: sealed::Sealed<C> {
    #[doc(hidden)]
    fn into_cursor(self) -> Result<Option<C>, CursorError>;
}

macro_rules! cursors {
    ($($cursor:ident)*) => { $(
        impl IntoCursor<$cursor> for $cursor {
            fn into_cursor(self) -> Result<Option<$cursor>, CursorError> {
                Ok(Some(self))
            }
        }

        impl IntoCursor<$cursor> for &$cursor {
            fn into_cursor(self) -> Result<Option<$cursor>, CursorError> {
                Ok(Some(self.clone()))
            }
        }

        impl IntoCursor<$cursor> for &str {
            fn into_cursor(self) -> Result<Option<$cursor>, CursorError> {
                self.parse().map(Some)
            }
        }

        impl IntoCursor<$cursor> for &String {
            fn into_cursor(self) -> Result<Option<$cursor>, CursorError> {
                self.parse().map(Some)
            }
        }

        impl IntoCursor<$cursor> for String {
            fn into_cursor(self) -> Result<Option<$cursor>, CursorError> {
                self.parse().map(Some)
            }
        }

        impl sealed::Sealed<$cursor> for $cursor {}
        impl sealed::Sealed<$cursor> for &$cursor {}
        impl sealed::Sealed<$cursor> for &str {}
        impl sealed::Sealed<$cursor> for &String {}
        impl sealed::Sealed<$cursor> for String {}
    )* };
}

cursors! { Cursor ParallelCursor }
#[cfg(feature = "cursor")]
cursors! { SealedCursor }

impl<C, T: IntoCursor<C>> IntoCursor<C> for Option<T> {
    fn into_cursor(self) -> Result<Option<C>, CursorError> {
        self.map_or(Ok(None), T::into_cursor)
    }
}

impl<C, T: sealed::Sealed<C>> sealed::Sealed<C> for Option<T> {}

mod sealed {
    pub trait Sealed<C> {}
}
