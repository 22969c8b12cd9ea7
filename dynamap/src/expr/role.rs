//! Roles of attributes in the keys of their entity, which decide how an update may change them.

use super::{CanBeAbsent, RequestValue, kind};
use std::marker::PhantomData;

/// The attribute is in no key: an update may do with it whatever its data type allows.
#[derive(Debug)]
pub enum Plain {}

/// A part of the primary key: no update changes it. Delete the item and create another.
#[derive(Debug)]
pub enum PartOfPrimaryKey {}

/// A part of index keys that no other attribute feeds, except those of the primary key: setting it writes those
/// keys anew.
#[derive(Debug)]
pub enum PartOfIndexKey {}

/// A part of index keys that other attributes feed as well: they are set together, by the function of the entity
/// that has their names, such as `Order::set_status_and_total(..)`, after which `F` is called. Where the others are known, one
/// is set by itself: `Order::STATUS.given(Order::TOTAL, total).set(status)`.
#[derive(Debug)]
pub struct PartOfJointIndexKey<F = ()>(PhantomData<F>);

/// A part of index keys beside a field that is stored only there (`key_only`): no update knows that field, so none changes
/// this one. `save` the entity.
#[derive(Debug)]
pub enum BesideKeyOnly {}

/// A unique attribute, or the time to live of an entity with unique fields: setting it writes the sentinel items anew.
#[derive(Debug)]
pub enum Unique {}

/// An attribute that dynamap writes by itself, such as the time of the last write.
#[derive(Debug)]
pub enum Stamp {}

/// An element of a list or an entry of a map: an update may do with it whatever its data type allows.
#[derive(Debug)]
pub enum Element {}

/// An element of a tuple: an update may do with it whatever its data type allows, except remove it.
#[derive(Debug)]
pub enum TupleElement {}

/// The whole content of a variant of an enum: an update may do with it whatever its data type allows, except remove it, as the
/// value would be no variant any more.
#[derive(Debug)]
pub enum VariantContent {}

/// An attribute by a name that is known only when the program runs: an update may do with it whatever its data type allows, unless
/// the entity knows it.
#[derive(Debug)]
pub enum Named {}

/// An attribute of a struct that is flattened and may be absent: no update changes it, as without the others it would be half a
/// struct. `save` the entity.
#[derive(Debug)]
pub enum OfOptional {}

/// A role whose attributes `set` may change, to operands of the kind `K`.
#[diagnostic::on_unimplemented(
    message = "an attribute that is a `{Self}` cannot be set to this",
    label = "`set` does not go here",
    note = "an attribute that feeds an index key alone is set to values only, so that the key can be written with it",
    note = "a size is for conditions"
)]
pub trait Settable<K> {
    /// True if nothing is set as NULL, and not by removing what is there.
    #[doc(hidden)]
    const KEEPS: bool = false;
}

impl Settable<kind::Value> for Plain {}
impl Settable<kind::Stored> for Plain {}
impl Settable<kind::Function> for Plain {}
impl Settable<kind::Arithmetic> for Plain {}
impl<K> Settable<K> for Element where Plain: Settable<K> {}
impl<K> Settable<K> for TupleElement where Plain: Settable<K> {}
impl<K> Settable<K> for VariantContent
where
    Plain: Settable<K>,
{
    const KEEPS: bool = true;
}
impl<K> Settable<K> for Named where Plain: Settable<K> {}
impl<K: SetsOptional> Settable<K> for OfOptional {}
impl<K: RequestValue> Settable<K> for PartOfIndexKey {}
impl<K: RequestValue> Settable<K> for Unique {}
impl<K: SetsPrimaryKey> Settable<K> for PartOfPrimaryKey {}
impl<K: SetsStamp> Settable<K> for Stamp {}
impl<K: SetsBesideKeyOnly> Settable<K> for BesideKeyOnly {}
impl<K: SetsJointly<F>, F> Settable<K> for PartOfJointIndexKey<F> {}

/// Operands of no kind.
#[diagnostic::on_unimplemented(
    message = "a part of the primary key never changes: delete the item and create another",
    label = "`set` does not go here"
)]
pub trait SetsPrimaryKey {}

/// Operands of no kind.
#[diagnostic::on_unimplemented(
    message = "a version and other stamps are written by dynamap, and not set",
    label = "`set` does not go here"
)]
pub trait SetsStamp {}

/// Operands of no kind.
#[diagnostic::on_unimplemented(
    message = "the flattened struct of this attribute is an `Option`, and may be absent: `save` the entity",
    label = "`set` does not go here"
)]
pub trait SetsOptional {}

/// Operands of no kind.
#[diagnostic::on_unimplemented(
    message = "an index key is made of this attribute and of a `key_only` field, which no update knows: `save` the entity",
    label = "`set` does not go here"
)]
pub trait SetsBesideKeyOnly {}

/// Operands of no kind.
#[diagnostic::on_unimplemented(
    message = "this attribute and others make an index key together, and are set together by the entity's function `{F}`",
    label = "`set` does not go here",
    note = "where the others are known, they can be given: `attribute.given(other, value).set(..)`"
)]
pub trait SetsJointly<F> {}

/// A role whose attributes can be given for one that is set by `F` otherwise.
#[diagnostic::on_unimplemented(
    message = "only attributes that the entity's function `{F}` sets together are given for one another",
    label = "this attribute is a `{Self}`",
    note = "parts of the primary key are known, and every other condition is one of the request: `.condition(..)`"
)]
pub trait GivenFor<F> {}

impl<F> GivenFor<F> for PartOfJointIndexKey<F> {}

/// A role whose attributes can be changed by more than a value: no key is made of them.
#[diagnostic::on_unimplemented(
    message = "an attribute that is a `{Self}` can only be set",
    label = "a key is made of this attribute, so the update must say what it becomes",
    note = "`set` writes the index keys anew; a primary key never changes"
)]
pub trait Changeable {}

impl Changeable for Plain {}
impl Changeable for Element {}
impl Changeable for Named {}
impl Changeable for TupleElement {}
impl Changeable for VariantContent {}

/// A role whose attributes can be removed if they hold a `T`: an index key that is made of one goes with it.
#[diagnostic::on_unimplemented(
    message = "an attribute that is a `{Self}` cannot be removed",
    label = "a primary key never changes",
    note = "delete the item and create another"
)]
pub trait Removable<T> {}

impl<T: CanBeAbsent> Removable<T> for Plain {}
impl<T: CanBeAbsent> Removable<T> for PartOfIndexKey {}
impl<T: CanBeAbsent> Removable<T> for Unique {}
impl<T: CanBeAbsent, F> Removable<T> for PartOfJointIndexKey<F> {}
impl<T> Removable<T> for Element {}
impl<T> Removable<T> for Named {}
impl<T: LeavesTuple> Removable<T> for TupleElement {}
impl<T: LeavesVariant> Removable<T> for VariantContent {}

/// Types of no element.
#[diagnostic::on_unimplemented(
    message = "an element of a tuple is not removed, as those behind it would move up",
    label = "`remove` does not go here",
    note = "where it is an `Option`, `set(None)` stores NULL in its place"
)]
pub trait LeavesTuple {}

/// Types of no content of a variant.
#[diagnostic::on_unimplemented(
    message = "the content of a variant is not removed, as the value would be no variant any more",
    label = "`remove` does not go here",
    note = "where it is an `Option`, `set(None)` stores NULL in its place"
)]
pub trait LeavesVariant {}

/// The roles of the values inside an attribute with this role.
pub trait Holder {
    /// The role of the attributes of a struct.
    type Field;
    /// The role of the elements of a list and of the entries of a map.
    type Element;
    /// The role of the elements of a tuple.
    type TupleElement;
    /// The role of the whole content of a variant.
    type Content;
}

macro_rules! holders {
    ($($role:ident => $field:ident $element:ident $of_tuple:ident $content:ident;)*) => { $(
        impl Holder for $role {
            type Field = $field;
            type Element = $element;
            type TupleElement = $of_tuple;
            type Content = $content;
        }
    )* };
}

// A part of a key has nothing inside it that an update could change.
holders! {
    Plain => Plain Element TupleElement VariantContent;
    Element => Plain Element TupleElement VariantContent;
    TupleElement => Plain Element TupleElement VariantContent;
    VariantContent => Plain Element TupleElement VariantContent;
    Named => Plain Element TupleElement VariantContent;
    OfOptional => OfOptional OfOptional OfOptional OfOptional;
    PartOfPrimaryKey => PartOfPrimaryKey PartOfPrimaryKey PartOfPrimaryKey PartOfPrimaryKey;
    Stamp => Stamp Stamp Stamp Stamp;
    BesideKeyOnly => PartOfPrimaryKey PartOfPrimaryKey PartOfPrimaryKey PartOfPrimaryKey;
    PartOfIndexKey => PartOfPrimaryKey PartOfPrimaryKey PartOfPrimaryKey PartOfPrimaryKey;
    Unique => PartOfPrimaryKey PartOfPrimaryKey PartOfPrimaryKey PartOfPrimaryKey;
}

impl<F> Holder for PartOfJointIndexKey<F> {
    type Field = PartOfPrimaryKey;
    type Element = PartOfPrimaryKey;
    type TupleElement = PartOfPrimaryKey;
    type Content = PartOfPrimaryKey;
}
