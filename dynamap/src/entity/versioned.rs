use super::Entity;
use crate::value::{Version, VersionValue};

/// An entity with a version: a field that is marked `#[dynamap(version)]`. Derived.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no version",
    note = "mark a field of the type `dynamap::value::Version` with `#[dynamap(version)]`"
)]
pub trait Versioned: Entity {
    /// What the version is made of.
    type Value: VersionValue;

    /// The attribute that holds the version.
    #[doc(hidden)]
    const VERSION: &'static str;

    /// The version.
    fn version(&self) -> &Version<Self::Value>;

    #[doc(hidden)]
    fn version_mut(&mut self) -> &mut Version<Self::Value>;
}

/// An entity without a version. Derived.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has a version, so it is not written blindly, and its version changes with it",
    label = "expected `&mut` of this entity, and `create`, `save` or `replace`",
    note = "`put` would not see whether somebody else has written the item since it was read"
)]
pub trait Unversioned: Entity {}
