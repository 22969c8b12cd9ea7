use super::Entity;
use crate::key::PartialKey;

/// An entity that has a key in `I`: its table ([`Primary`](crate::schema::Primary)) or one of the indexes. Derived
/// with [`Entity`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no entity with a key in `{I}`",
    note = "derive `dynamap::Entity` for `{Self}`; a key in an index is `#[dynamap(index = .., pk = .., sk = ..)]`"
)]
pub trait KeyedBy<I>: Entity {
    /// The form of the partition key; empty if the derive found mistakes.
    #[doc(hidden)]
    const PARTITION: &'static [PartitionPart];

    /// The form of the sort key; empty if there is none, or the derive found mistakes.
    #[doc(hidden)]
    const SORT: &'static [PartitionPart];

    /// The steps of a condition on the sort key, for a query of `C`.
    #[doc(hidden)]
    type Steps<C>;

    /// Begins the condition on the sort key.
    #[doc(hidden)]
    fn sort_key<C>(key: PartialKey<C, I>) -> Self::Steps<C>;
}

/// An entity whose partition in `I` is given by `A`, the arguments of its `partition` function, in parentheses if there is
/// not exactly one. Derived with [`Entity`].
#[diagnostic::on_unimplemented(
    message = "`{A}` selects no partition of `{Self}`",
    label = "expected what the key condition of `{Self}` begins with",
    note = "a partition key of several components takes them in parentheses, one of none takes `()`"
)]
pub trait PartitionedBy<I, A>: KeyedBy<I> {
    /// The condition for a whole partition, in a query of `C`.
    #[doc(hidden)]
    fn partition_key<C>(components: A) -> PartialKey<C, I>;
}

/// A piece of the form of a key attribute.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum PartitionPart {
    /// Text of a template.
    Text(&'static str),
    /// A component of a template, which is encoded.
    Encoded {
        /// True if all values have the same number of chars.
        fixed_width: bool,
        /// The size of the type in bytes.
        size: usize,
        /// The form of its texts, if it is known: see [`KeyPart::FORM`](crate::key::KeyPart).
        form: Option<&'static str>,
    },
    /// A component that is written as it displays.
    Plain,
    /// A field that is the key attribute itself.
    Field,
}
