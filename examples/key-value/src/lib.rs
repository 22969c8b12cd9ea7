//! The access patterns of a store of values by key, one function each, on one DynamoDB table.
//!
//! The table in the README lists them; [`model`] has the entities, and [`compliance`] the cases that each of them passes.

mod attempts;
mod change;
pub mod cli;
pub mod compliance;
mod download;
mod entries;
mod error;
mod head;
mod leftover;
pub mod model;
mod multi;
mod path;
mod reading;
mod revision;
mod shard;
mod store;
mod table;
mod target;
pub mod tour;
mod upload;
mod value;

pub use download::Binary;
pub use error::{Refusal, Result, StoreError};
pub use path::Step;
pub use revision::Revision;
pub use shard::Shard;
pub use store::Store;
pub use table::Creation;
pub use target::Target;
pub use value::Change;

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use serde::{Serialize, de::DeserializeOwned};
use tokio::io::AsyncRead;

use change::change;
use model::{Head, Meta};

/// Creates the table of the store if it is absent and may be created, and waits until it is active.
///
/// # Errors
/// There is no table and none may be created, or it has other keys.
pub async fn connect(store: &Store, creation: Creation) -> Result<()> {
    table::connect(store, creation).await
}

/// The value of a key; `None` if the key is absent.
///
/// # Errors
/// [`StoreError::OtherKind`] if the key has bytes or a log, [`StoreError::Decode`] if its value has another form.
pub async fn get<T: DeserializeOwned>(store: &Store, key: &str) -> Result<Option<T>> {
    get_in(store, key, [] as [Step; 0]).await
}

/// The value at a path inside the value of a key; `None` if there is nothing.
///
/// A stored `null` is there: it is `Some(None)` of an `Option`.
///
/// # Errors
/// Those of [`get`].
pub async fn get_in<T: DeserializeOwned>(
    store: &Store,
    key: &str,
    path: impl IntoIterator<Item = impl Into<Step>>,
) -> Result<Option<T>> {
    let value = get_attribute_value(store, key).await?;
    let path: Vec<Step> = path.into_iter().map(Into::into).collect();
    value.and_then(|value| path::get_in(value, &path)).map(|value| value::decode(key, value)).transpose()
}

/// The value of a key as DynamoDB has it, to go on with in the SDK's types.
///
/// # Errors
/// [`StoreError::OtherKind`] if the key has bytes or a log.
pub async fn get_attribute_value(store: &Store, key: &str) -> Result<Option<AttributeValue>> {
    reading::head(store, key).await?.map(Head::into_value).transpose()
}

/// Writes the value of a key, whatever it had before.
///
/// # Errors
/// [`StoreError::RevisionMismatch`], [`StoreError::ItemTooLarge`].
pub async fn assoc<T: Serialize + ?Sized>(
    store: &Store,
    target: impl Into<Target>,
    value: &T,
) -> Result<Revision> {
    assoc_attribute_value(store, target, value::encode(value)?).await
}

/// Writes a value that came from the SDK, such as an attribute of an item or a whole one, as it is.
///
/// # Errors
/// Those of [`assoc`].
pub async fn assoc_attribute_value(
    store: &Store,
    target: impl Into<Target>,
    value: AttributeValue,
) -> Result<Revision> {
    let target = target.into();
    let next = |_: Option<&Head>| Ok::<_, StoreError>(Head::of_value(&target.key, value.clone()));
    Ok(change(store, &target, next).await?.new.revision)
}

/// Writes the value at a path inside the value of a key. Maps that are missing are created, and siblings stay.
///
/// # Errors
/// Those of [`assoc`]; [`StoreError::NoPlace`] if the path leads through something without members.
pub async fn assoc_in<T: Serialize + ?Sized>(
    store: &Store,
    target: impl Into<Target>,
    path: impl IntoIterator<Item = impl Into<Step>>,
    value: &T,
) -> Result<Change> {
    let value = value::encode(value)?;
    value::change_in(store, &target.into(), path, |_| Ok(value.clone())).await
}

/// Changes the value of a key by a function, which gets `None` if the key is absent.
///
/// The function is called again with the newer value if another writer is faster.
///
/// # Errors
/// Those of [`assoc`] and of the function.
pub async fn update<T: DeserializeOwned, R: Serialize>(
    store: &Store,
    target: impl Into<Target>,
    function: impl FnMut(Option<T>) -> Result<R, Refusal>,
) -> Result<Change> {
    update_in(store, target, [] as [Step; 0], function).await
}

/// Changes the value at a path by a function, which gets `None` if there is nothing.
///
/// # Errors
/// Those of [`assoc_in`] and of the function.
pub async fn update_in<T: DeserializeOwned, R: Serialize>(
    store: &Store,
    target: impl Into<Target>,
    path: impl IntoIterator<Item = impl Into<Step>>,
    mut function: impl FnMut(Option<T>) -> Result<R, Refusal>,
) -> Result<Change> {
    let target = target.into();
    let key = target.key.clone();
    let function = move |old: Option<AttributeValue>| {
        let old = old.map(|old| value::decode(&key, old)).transpose()?;
        value::encode(&function(old).map_err(StoreError::Refused)?)
    };
    value::change_in(store, &target, path, function).await
}

/// Removes a key, with all chunks or entries; true if it was there.
///
/// # Errors
/// [`StoreError::RevisionMismatch`].
pub async fn dissoc(store: &Store, target: impl Into<Target>) -> Result<bool> {
    value::remove(store, &target.into()).await
}

/// Returns true if the key is there.
///
/// # Errors
/// The read fails.
pub async fn exists(store: &Store, key: &str) -> Result<bool> {
    Ok(meta(store, key).await?.is_some())
}

/// The kind, the revision and the time of the last write of a key; `None` if the key is absent.
///
/// # Errors
/// The read fails.
pub async fn meta(store: &Store, key: &str) -> Result<Option<Meta>> {
    reading::meta(store, key).await
}

/// All keys with what is told of them, page by page, in no particular order.
pub fn keys(store: &Store) -> BoxStream<'static, Result<Meta>> {
    reading::all(store)
}

/// The values of up to 100 keys, of those that are there. They are not of one point in time.
///
/// # Errors
/// [`StoreError::TooManyKeys`] before any request; those of [`get`].
pub async fn multi_get<T: DeserializeOwned>(
    store: &Store,
    keys: impl IntoIterator<Item = impl Into<String>>,
) -> Result<BTreeMap<String, T>> {
    let heads = multi::get(store, keys.into_iter().map(Into::into).collect()).await?;
    let value = |(key, head): (String, Head)| Ok((key.clone(), value::decode(&key, head.into_value()?)?));
    heads.into_iter().map(value).collect()
}

/// Writes up to 100 values of 4 MB together, all of them or none; of pairs with one key, the last one counts.
///
/// # Errors
/// [`StoreError::TooManyKeys`] and [`StoreError::TooLarge`] before any request; [`StoreError::RevisionMismatch`] of any key.
pub async fn multi_assoc<K: Into<Target>, T: Serialize>(
    store: &Store,
    pairs: impl IntoIterator<Item = (K, T)>,
) -> Result<BTreeMap<String, Revision>> {
    let pairs = pairs.into_iter().map(|(target, value)| Ok((target.into(), value::encode(&value)?)));
    multi::assoc(store, pairs.collect::<Result<_>>()?).await
}

/// Removes up to 100 keys, all of them or none; tells of each whether it was there.
///
/// # Errors
/// [`StoreError::TooManyKeys`] before any request; [`StoreError::RevisionMismatch`] of any key.
pub async fn multi_dissoc(
    store: &Store,
    targets: impl IntoIterator<Item = impl Into<Target>>,
) -> Result<BTreeMap<String, bool>> {
    multi::dissoc(store, targets.into_iter().map(Into::into).collect()).await
}

/// Appends an entry to a log, or begins one.
///
/// # Errors
/// [`StoreError::OtherKind`] if the key has a value that is no log; those of [`assoc`].
pub async fn append<T: Serialize + ?Sized>(
    store: &Store,
    target: impl Into<Target>,
    entry: &T,
) -> Result<Revision> {
    let appended = entries::append(store, &target.into(), value::encode(entry)?).await?;
    Ok(appended.new.revision)
}

/// The entries that a log has now, the oldest first, page by page; none if the key is absent.
///
/// # Errors
/// The stream ends with [`StoreError::OtherKind`] if the value is no log, and with [`StoreError::Replaced`] if the log
/// is removed meanwhile.
pub fn log<T: DeserializeOwned + 'static>(store: &Store, key: &str) -> BoxStream<'static, Result<T>> {
    let name = key.to_owned();
    entries::read(store, key).map(move |entry| value::decode(&name, entry?)).boxed()
}

/// Folds the entries of a log, the oldest first.
///
/// # Errors
/// Those of [`log`].
pub async fn reduce_log<T: DeserializeOwned + 'static, A>(
    store: &Store,
    key: &str,
    initial: A,
    mut fold: impl FnMut(A, T) -> A,
) -> Result<A> {
    log(store, key).try_fold(initial, |folded, entry| std::future::ready(Ok(fold(folded, entry)))).await
}

/// Writes bytes of any number as the value of a key: chunk by chunk, and then visible at once.
///
/// # Errors
/// [`StoreError::Input`]; those of [`assoc`]. The key has its old value then.
pub async fn bassoc(
    store: &Store,
    target: impl Into<Target>,
    input: impl AsyncRead + Unpin,
) -> Result<Revision> {
    upload::upload(store, &target.into(), input).await
}

/// The bytes of a key, as a stream with a size; `None` if the key is absent.
///
/// # Errors
/// [`StoreError::OtherKind`] if the value is not binary.
pub async fn bget(store: &Store, key: &str) -> Result<Option<Binary>> {
    download::open(store, key).await
}

/// Deletes the chunks and entries that writers left who ended in the middle of their work; returns the number of generations.
///
/// A writer is taken to have ended if it was not known to be at work for `age`: an hour is plenty.
///
/// # Errors
/// A request fails.
pub async fn collect(store: &Store, age: Duration) -> Result<usize> {
    leftover::collect(store, age).await
}

/// Deletes the table with all values, and waits until it is gone; false if there is none.
///
/// # Errors
/// [`StoreError::NotDeleted`].
pub async fn delete_store(store: &Store) -> Result<bool> {
    table::delete(store).await
}

/// The code of the README, compiled and run by the tests of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
