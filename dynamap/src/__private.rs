//! Items that only generated code names, beside those of `expr` and `Attribute`. Not part of the public interface.

mod checks;
mod collection;
mod enums;
mod fields;
pub mod ide;
mod key_only;
mod keys;
mod optional;
mod shapes;
mod stamps;
mod unique;
mod vectors;

pub use crate::{
    collection::{
        Assemble, CollectionFrom, FilterOf, ItemCollection, MemberKey, MemberOf, Partition, Unknown, Visitor,
    },
    entity::{
        BlindlyChanged, ByStamps, ByVersion, Changed, Changing, Entity, EntityShape, IndexKeyChange, IntoKey,
        Item, Key, KeyBytes, KeyedBy, Member, MemberIn, NestedProjection, PartitionPart, PartitionedBy,
        ProjectedAttribute, Projection, ReadableFrom, StampKind, StampedAttribute, StrictSearch, Unchanging,
        UniqueConstraint, UniqueField, Unversioned, VersionStamp, Versioned, WholeWrite, WithoutUniqueFields,
    },
    error::{DecodeError, EncodeError, InvalidPart, ItemCollectionError, ItemError, KeyError},
    expr::Condition,
    key::{
        IntoKeyCondition, KeyBeginning, KeyBuilder, KeyCondition, KeyParser, KeyPart, KeyRole, KeySelector,
        KeyTemplate, KeyText, KeyValue, PartWriter, PartialKey, PlainSelector, PlainValue, Segment,
    },
    op::read::{Members, Parts, Queryable},
    op::search_vectors::{IntoVectorSearch, VectorSearch},
    op::write::{
        whole_entity::{SaveFuture, WrittenWhole, save_whole},
        writable::WriteHandle,
    },
    schema::{
        AttributeSchema, ConsistentlyReadable, EachName, EntityKey, EntitySchema, HoldsAll, HoldsSome, Index,
        IndexProjection, IndexSchema, KeyAttribute, Primary, ProjectingIndex, ProjectsAll, Provisionable,
        Source, TableSchema, VectorIndex, VectorIndexSchema,
        distance::{self, Distance},
    },
    value::{
        AttributeType, DataType, Document, FieldTable, FromAttribute, FromDocument, Head, Lineage, MapKey,
        Reader, ToAttribute, ToDocument, Vector, Version, VersionField, Writer, marker, read_document, serde,
    },
    wire::AttributeValueWriter,
};
pub use aws_sdk_dynamodb::types::AttributeValue;
pub use checks::*;
pub use collection::*;
pub use enums::*;
pub use fields::*;
pub use key_only::*;
pub use keys::*;
pub use optional::*;
pub use shapes::*;
pub use stamps::*;
pub use std::{
    borrow::Cow,
    clone::Clone,
    cmp::{Eq, PartialEq},
    convert::From,
    default::Default,
    hash::{Hash, Hasher},
    marker::PhantomData,
    ops::Fn,
    ops::FnMut,
    option::Option::{self, None, Some},
    result::Result::{self, Err, Ok},
    string::String,
    time::SystemTime,
    vec::Vec,
};
pub use unique::*;
pub use vectors::*;

/// The body of everything that a derive generates for input with mistakes, which does not compile anyway.
pub fn derive_failed() -> ! {
    unreachable!("the derive reported mistakes, so this was not compiled")
}
