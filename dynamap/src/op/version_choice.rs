//! What an update or a delete of an entity with a version says about it.

use crate::entity::{BlindlyChanged, Entity};

/// Whether an update or a delete says what it does about the stored version, so that it can be sent. Sealed.
///
/// One of an entity without a version always can. One of an entity with a version is [`Chosen`] by `expect_version`, which
/// checks the version, or by `whatever_version`, which does not.
pub trait VersionChoice<E>: sealed::Sealed {}

/// It says nothing yet.
#[derive(Debug)]
pub enum NotChosen {}

/// It checks the version, or says that it does not.
#[derive(Debug)]
pub enum Chosen {}

impl<E: BlindlyChanged> VersionChoice<E> for NotChosen {}

impl<E: Entity> VersionChoice<E> for Chosen {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::NotChosen {}
    impl Sealed for super::Chosen {}
}
