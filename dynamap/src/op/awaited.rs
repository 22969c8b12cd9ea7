//! Operations that are awaited: `.await` sends, as `.send().await` does.

use crate::{
    call::awaited,
    entity::{Entity, Versioned},
    error::SchemaDifferences,
    op::{
        AddVectorIndex, CreateTableIfAbsent, DeleteItem, DeleteTable, DescribeTable, EnableStream, Exists,
        GetItem, Modify, ModifyError, Nearest, ParallelScan, PutItem, Query, ReadShapeOne, RemoveVectorIndex,
        Scan, SearchVectors, StreamArn, TransactGetItems, TransactKeys, TransactWriteItems, Transactional,
        UpdateItem, UpdateTable, UpdateThroughput, Verify, WaitUntilActive, WaitUntilSearchable,
        read::{Count, Countable, HeldBy, Page, Queryable},
        search_vectors::FoundAs,
        update_item::Returns,
        write::version_choice::VersionChoice,
    },
    outcome::Result,
    schema::{Source, TableSchema, VectorIndex},
};
use aws_sdk_dynamodb::types::TableDescription;

awaited! {
    ['a, E: Entity, V: Returns<E>] PutItem<'a, E, V> => 'a, Result<V::Output> where [V: 'a, V::Output: Send];
    ['a, E: Entity, V: Returns<E>, C: VersionChoice<E>] UpdateItem<'a, E, V, C> => 'a, Result<V::Output>
        where [V: 'a, C: 'a, V::Output: Send];
    [E: Entity, V: Returns<E>, C: VersionChoice<E>] DeleteItem<E, V, C> => 'static, Result<V::Output>
        where [V: 'static, C: 'static, V::Output: Send];
    [E: Queryable, T: ReadShapeOne<E>] GetItem<E, T> => 'static, Result<Option<T::Output>>;
    [E: Entity] Exists<E> => 'static, Result<bool>;
    [E: 'static, I: Source, T: HeldBy<E, I>] Query<E, I, T> => 'static, Result<Page<T::Output>>;
    [E: 'static, I: Source, T: HeldBy<E, I>] Scan<E, I, T> => 'static, Result<Page<T::Output>>;
    [E: Entity, I: VectorIndex, T: FoundAs<E, I, Table = E::Table>] SearchVectors<E, I, T>
        => 'static, Result<Nearest<T::Output, I::Distance>>;
    [E: Queryable, I: Source, T: Countable<E>] Count<Query<E, I, T>> => 'static, Result<u64>;
    [E: Queryable, I: Source, T: Countable<E>] Count<Scan<E, I, T>> => 'static, Result<u64>;
    [E: Queryable, I: Source, T: Countable<E>] Count<ParallelScan<E, I, T>> => 'static, Result<u64>;
    ['a] Transactional<'a> => 'a, Result<()>;
    ['a, S: TableSchema] TransactWriteItems<'a, S> => 'a, Result<()>;
    [K: TransactKeys] TransactGetItems<K> => 'static, Result<K::Output> where [K: Send + Sync + 'static];
    [S: TableSchema] CreateTableIfAbsent<S> => 'static, Result<bool>;
    [S: TableSchema] WaitUntilActive<S> => 'static, Result<()>;
    [S: TableSchema] DescribeTable<S> => 'static, Result<Option<TableDescription>>;
    [S: TableSchema] DeleteTable<S> => 'static, Result<bool>;
    [S: TableSchema] Verify<S> => 'static, Result<SchemaDifferences>;
    [S: TableSchema] UpdateTable<S> => 'static, Result<SchemaDifferences>;
    [S: TableSchema] UpdateThroughput<S> => 'static, Result<bool>;
    [S: TableSchema] EnableStream<S> => 'static, Result<String>;
    [S: TableSchema] StreamArn<S> => 'static, Result<Option<String>>;
    [I: VectorIndex] AddVectorIndex<I> => 'static, Result<bool>;
    [I: VectorIndex] RemoveVectorIndex<I> => 'static, Result<bool>;
    ['a, I: VectorIndex] WaitUntilSearchable<'a, I> => 'a, Result<()>;
    // A change that borrows is sent by `send`: the type of the builder has no lifetime that the future could have.
    [E: Versioned, R, F: FnMut(&mut E) -> Result<(), R>] Modify<E, R, F> => 'static, Result<E, ModifyError<R>>
        where [R: Send + 'static, F: Send + 'static];
}
