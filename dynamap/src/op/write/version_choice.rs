//! The choice of an update or a delete of an entity with a version: to check it, or not.

use crate::entity::{BlindlyChanged, Entity};

/// The choice of an update or a delete about the stored version, without which it cannot be sent. Sealed.
///
/// One of an entity without a version always can. One of an entity with a version is [`Chosen`] by `expect_version`, which
/// checks the version, or by `ignore_version`, which does not.
pub trait VersionChoice<E>: sealed::Sealed {}

/// No choice so far, as every update and delete begins.
#[derive(Debug)]
pub enum NotChosen {}

/// A choice: the version is checked, or it is said that it is not.
#[derive(Debug)]
pub enum Chosen {}

impl<E: BlindlyChanged> VersionChoice<E> for NotChosen {}

impl<E: Entity> VersionChoice<E> for Chosen {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::NotChosen {}
    impl Sealed for super::Chosen {}
}
