//! View types of streams: which images of an item its records have.

use super::RecordErrorKind;
use aws_sdk_dynamodb::types::StreamViewType;
use std::fmt;

/// The view type `KEYS_ONLY`: records have the keys of the changed item, and no image.
#[derive(Debug, Clone, Copy)]
pub enum KeysOnly {}

/// The view type `NEW_IMAGE`: records have the item as it is after the change.
#[derive(Debug, Clone, Copy)]
pub enum NewImage {}

/// The view type `OLD_IMAGE`: records have the item as it was before the change.
#[derive(Debug, Clone, Copy)]
pub enum OldImage {}

/// The view type `NEW_AND_OLD_IMAGES`: records have the item as it was before and as it is after the change.
#[derive(Debug, Clone, Copy)]
pub enum NewAndOldImages {}

/// Stands for an image that the view type of a stream does not have: it has no fields.
///
/// With [`NewImage`] the `old` of a [`Change`](super::Change) is this type, so that code which needs the old image does not
/// compile. The view type is a setting of the table's stream (`StreamSpecification`): a stream of
/// `NEW_AND_OLD_IMAGES` has both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotInView;

impl fmt::Display for NotInView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an image that is not in the view of the stream")
    }
}

/// A view type of streams: [`KeysOnly`], [`NewImage`], [`OldImage`] or [`NewAndOldImages`].
///
/// A consumer may ask for less than its stream has: `NewImage` reads no old image of a stream of
/// `NEW_AND_OLD_IMAGES`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view type of streams",
    note = "the view types are `KeysOnly`, `NewImage`, `OldImage` and `NewAndOldImages`"
)]
pub trait StreamView: Sealed + Send + Sync + 'static {
    /// The item as it is after the change: `T`, or [`NotInView`].
    type New<T: Send + 'static>: Send + 'static;
    /// The item as it was before the change: `T`, or [`NotInView`].
    type Old<T: Send + 'static>: Send + 'static;

    /// DynamoDB's name of the view type.
    #[doc(hidden)]
    const NAME: &'static str;
    #[doc(hidden)]
    const HAS_NEW: bool;
    #[doc(hidden)]
    const HAS_OLD: bool;

    /// Refuses a stream that lacks an image of this view type, also for a record that would not have it.
    #[doc(hidden)]
    fn check(of_stream: Option<&StreamViewType>) -> Result<(), RecordErrorKind> {
        let Some(of_stream) = of_stream else { return Ok(()) };
        let (found, has_new, has_old) = match of_stream {
            StreamViewType::KeysOnly => (KeysOnly::NAME, false, false),
            StreamViewType::NewImage => (NewImage::NAME, true, false),
            StreamViewType::OldImage => (OldImage::NAME, false, true),
            // A view type that this version does not know is judged by the images of each record.
            _ => return Ok(()),
        };
        match Self::HAS_NEW && !has_new || Self::HAS_OLD && !has_old {
            true => Err(RecordErrorKind::View { wanted: Self::NAME, found }),
            false => Ok(()),
        }
    }

    #[doc(hidden)]
    fn new_of<T: Send + 'static>(item: Option<T>) -> Option<Self::New<T>>;
    #[doc(hidden)]
    fn old_of<T: Send + 'static>(item: Option<T>) -> Option<Self::Old<T>>;
    #[doc(hidden)]
    fn as_new<T: Send + 'static>(new: &Self::New<T>) -> Option<&T>;
    #[doc(hidden)]
    fn as_old<T: Send + 'static>(old: &Self::Old<T>) -> Option<&T>;
}

/// A view type with new images: [`NewImage`] or [`NewAndOldImages`].
#[diagnostic::on_unimplemented(
    message = "a stream of the view type `{Self}` has no new images",
    label = "the new image is not in this view",
    note = "the view type is a setting of the table's stream: `NEW_IMAGE` and `NEW_AND_OLD_IMAGES` have new images"
)]
pub trait HasNewImage: StreamView {}

/// A view type with old images: [`OldImage`] or [`NewAndOldImages`].
#[diagnostic::on_unimplemented(
    message = "a stream of the view type `{Self}` has no old images",
    label = "the old image is not in this view",
    note = "the view type is a setting of the table's stream: `OLD_IMAGE` and `NEW_AND_OLD_IMAGES` have old images"
)]
pub trait HasOldImage: StreamView {}

pub trait Sealed {}

impl Sealed for KeysOnly {}

impl StreamView for KeysOnly {
    type New<T: Send + 'static> = NotInView;
    type Old<T: Send + 'static> = NotInView;
    const NAME: &'static str = "KEYS_ONLY";
    const HAS_NEW: bool = false;
    const HAS_OLD: bool = false;

    fn new_of<T: Send + 'static>(_: Option<T>) -> Option<NotInView> {
        Some(NotInView)
    }

    fn old_of<T: Send + 'static>(_: Option<T>) -> Option<NotInView> {
        Some(NotInView)
    }

    fn as_new<T: Send + 'static>(_: &NotInView) -> Option<&T> {
        None
    }

    fn as_old<T: Send + 'static>(_: &NotInView) -> Option<&T> {
        None
    }
}

impl Sealed for NewImage {}

impl StreamView for NewImage {
    type New<T: Send + 'static> = T;
    type Old<T: Send + 'static> = NotInView;
    const NAME: &'static str = "NEW_IMAGE";
    const HAS_NEW: bool = true;
    const HAS_OLD: bool = false;

    fn new_of<T: Send + 'static>(item: Option<T>) -> Option<T> {
        item
    }

    fn old_of<T: Send + 'static>(_: Option<T>) -> Option<NotInView> {
        Some(NotInView)
    }

    fn as_new<T: Send + 'static>(new: &T) -> Option<&T> {
        Some(new)
    }

    fn as_old<T: Send + 'static>(_: &NotInView) -> Option<&T> {
        None
    }
}

impl Sealed for OldImage {}

impl StreamView for OldImage {
    type New<T: Send + 'static> = NotInView;
    type Old<T: Send + 'static> = T;
    const NAME: &'static str = "OLD_IMAGE";
    const HAS_NEW: bool = false;
    const HAS_OLD: bool = true;

    fn new_of<T: Send + 'static>(_: Option<T>) -> Option<NotInView> {
        Some(NotInView)
    }

    fn old_of<T: Send + 'static>(item: Option<T>) -> Option<T> {
        item
    }

    fn as_new<T: Send + 'static>(_: &NotInView) -> Option<&T> {
        None
    }

    fn as_old<T: Send + 'static>(old: &T) -> Option<&T> {
        Some(old)
    }
}

impl Sealed for NewAndOldImages {}

impl StreamView for NewAndOldImages {
    type New<T: Send + 'static> = T;
    type Old<T: Send + 'static> = T;
    const NAME: &'static str = "NEW_AND_OLD_IMAGES";
    const HAS_NEW: bool = true;
    const HAS_OLD: bool = true;

    fn new_of<T: Send + 'static>(item: Option<T>) -> Option<T> {
        item
    }

    fn old_of<T: Send + 'static>(item: Option<T>) -> Option<T> {
        item
    }

    fn as_new<T: Send + 'static>(new: &T) -> Option<&T> {
        Some(new)
    }

    fn as_old<T: Send + 'static>(old: &T) -> Option<&T> {
        Some(old)
    }
}

impl HasNewImage for NewImage {}
impl HasNewImage for NewAndOldImages {}
impl HasOldImage for OldImage {}
impl HasOldImage for NewAndOldImages {}
