use super::{
    BatchGet, BatchGets, BatchWritable, BatchWriteItem, Dump, DumpReport, Fetched, Hydrate, JoinedBatchGet,
    Load, LoadReport, MixedBatchGet, MixedKeys,
};
use crate::{
    call::awaited,
    entity::Entity,
    op::{
        ReadShapeOne,
        read::{Page, Queryable},
    },
    outcome::{BatchWriteReport, Result},
    schema::TableSchema,
};

awaited! {
    [E: Queryable, T: ReadShapeOne<E>] BatchGet<E, T> => 'static, Result<Vec<Fetched<E, T::Output>>>;
    [S: TableSchema, L: MixedKeys<S>] MixedBatchGet<S, L> => 'static, Result<L::Fetched>;
    [B: BatchGets] JoinedBatchGet<B> => 'static, Result<B::Fetched>;
    [E: Entity] Hydrate<E> => 'static, Result<Page<Fetched<E>>>;
    ['a, Of: BatchWritable] BatchWriteItem<'a, Of> => 'a, Result<BatchWriteReport> where [Of: 'a];
    ['a, S: TableSchema] Load<'a, S> => 'a, Result<LoadReport>;
    ['a, S: TableSchema] Dump<'a, S> => 'a, Result<DumpReport>;
}
