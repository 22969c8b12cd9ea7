use super::Entity;
use crate::value::{Version, VersionValue};

/// An entity with a version: a field that is marked `#[dynamap(version)]`. Derived.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no version",
    note = "mark a field of the type `dynamap::value::Version` with `#[dynamap(version)]`"
)]
pub trait Versioned: Changing<By = ByVersion> {
    /// The type of the version.
    type Value: VersionValue;

    /// The attribute that holds the version.
    #[doc(hidden)]
    const VERSION: &'static str;

    /// The attribute that holds the ids of the last writes, if the entity has one.
    #[doc(hidden)]
    const LINEAGE: Option<&'static str>;

    /// The version.
    fn version(&self) -> &Version<Self::Value>;

    #[doc(hidden)]
    fn version_mut(&mut self) -> &mut Version<Self::Value>;
}

/// An entity without a version. Derived.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not written blindly: it has a version, or is no entity",
    label = "this writes or deletes blindly, or takes the entity by a shared reference",
    note = "an entity with a version is written by `create`, `save` and `replace`, which take `&mut`: its version changes with the write, and what somebody else has written is seen; in a batch, which checks nothing, by `put_ignoring_version` and `delete_ignoring_version`",
    note = "a projection is no entity: what was read in part cannot be written as a whole"
)]
pub trait Unversioned: BlindlyChanged {}

/// An entity without unique fields, which a batch may write without looking at other items. Derived.
#[diagnostic::on_unimplemented(
    message = "a batch does not keep the fields of `{Self}` unique",
    label = "DynamoDB checks nothing in a batch, and the items that hold the unique values would not be written",
    note = "write and delete it by single calls or transactions; or spell it out by `put_unchecked` and `delete_unchecked`, after which `repair_unique` is to run"
)]
pub trait WithoutUniqueFields: Entity {}

/// An entity that an update or a delete may change without a word of its version: it has none. Derived.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this write does not say what it does about the version of `{Self}`",
    label = "checks the version, or says that it does not",
    note = "add `.expect_version(&version)`, the version of what was read; or `.ignore_version()`, by which what others have written since may be lost"
)]
pub trait BlindlyChanged: Entity {}

/// An entity without a version and without stamps, which no write changes in memory. Derived.
#[diagnostic::on_unimplemented(
    message = "write `&mut` here, if `{Self}` is an entity with a version or stamps",
    label = "cannot be written as a whole by a shared reference: version and stamps change in memory with the write",
    note = "a projection is no entity: what was read in part cannot be written as a whole"
)]
pub trait Unchanging: Unversioned {}

/// An entity with a version or stamps, which change in memory when it is written as a whole. Derived.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is written as a whole by `&`, not by `&mut`",
    label = "write `&` here: it has no version and no stamps, which a write would change in memory"
)]
pub trait Changing: Entity {
    /// The reason for the change in memory: [`ByStamps`] or [`ByVersion`].
    #[doc(hidden)]
    type By;
}

/// Stamps change.
#[derive(Debug)]
pub enum ByStamps {}

/// The version changes, and stamps if there are any.
#[derive(Debug)]
pub enum ByVersion {}
