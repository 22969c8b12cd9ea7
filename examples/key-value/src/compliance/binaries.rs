use std::{
    io,
    pin::Pin,
    task::{self, Poll},
};

use futures_util::TryStreamExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};

use super::{
    CaseFailure, Context,
    case::{Case, case, equal, refused},
};
use crate::{Store, StoreError, append, assoc, bassoc, bget, dissoc, exists, get, meta};

pub(super) const CASES: &[Case] = &[
    case!(bytes_come_back),
    case!(bytes_come_from_a_stream),
    case!(bytes_of_any_number_come_back),
    case!(absent_bytes_are_nothing),
    case!(bytes_take_the_place_of_anything),
    case!(what_is_not_binary_is_an_error),
    case!(removed_bytes_are_gone),
    case!(bytes_are_read_chunk_by_chunk),
    case!(an_input_that_fails_changes_nothing),
];

async fn read(store: &Store, key: &str) -> Result<Option<Vec<u8>>, CaseFailure> {
    match bget(store, key).await? {
        Some(bytes) => Ok(Some(bytes.read_to_end().await?)),
        None => Ok(None),
    }
}

/// Bytes of which no two chunks are the same.
fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| (at ^ (at >> 7) ^ (at >> 15)) as u8).collect()
}

async fn bytes_come_back(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let array: [u8; 10] = std::array::from_fn(|at| at as u8);
    bassoc(store, &*key, &array[..]).await?;
    equal("array", read(store, &key).await?, Some(array.to_vec()))?;
    equal("size", bget(store, &key).await?.map(|bytes| bytes.size()), Some(10))?;
    bassoc(store, &*key, "text".as_bytes()).await?;
    equal("text", read(store, &key).await?, Some(b"text".to_vec()))
}

async fn bytes_come_from_a_stream(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let all = bytes(5_000);
    let (mut writer, reader) = tokio::io::duplex(64);
    let write = async {
        writer.write_all(&all).await?;
        writer.shutdown().await.map_err(CaseFailure::from)
    };
    let store = store.clone().chunk_size(700);
    let write_and_store = async {
        let stored = async { bassoc(&store, &*key, reader).await.map_err(CaseFailure::from) };
        tokio::try_join!(write, stored)
    };
    write_and_store.await?;
    equal("read", read(&store, &key).await?, Some(all))
}

async fn bytes_of_any_number_come_back(context: Context) -> Result<(), CaseFailure> {
    let key = context.key("k");
    let store = context.store.clone().chunk_size(1_000);
    for count in [0, 1, 999, 1_000, 1_001, 10_000, 10_500] {
        bassoc(&store, &*key, &bytes(count)[..]).await?;
        equal("read", read(&store, &key).await?, Some(bytes(count)))?;
    }
    // Chunks of the usual size.
    let many = bytes(1_300_000);
    bassoc(&context.store, &*key, &many[..]).await?;
    equal("large", read(&store, &key).await? == Some(many), true)
}

async fn absent_bytes_are_nothing(context: Context) -> Result<(), CaseFailure> {
    equal("bget", bget(&context.store, &context.key("k")).await?.is_none(), true)
}

async fn bytes_take_the_place_of_anything(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    assoc(store, &*key, &1).await?;
    bassoc(store, &*key, &b"one"[..]).await?;
    equal("of a value", read(store, &key).await?, Some(b"one".to_vec()))?;
    dissoc(store, &*key).await?;
    append(store, &*key, &1).await?;
    bassoc(store, &*key, &b"two"[..]).await?;
    equal("of a log", read(store, &key).await?, Some(b"two".to_vec()))?;
    assoc(store, &*key, &3).await?;
    equal("and a value of bytes", get(store, &key).await?, Some(3))
}

async fn what_is_not_binary_is_an_error(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    assoc(store, &*key, &1).await?;
    refused("bget", bget(store, &key).await, |error| matches!(error, StoreError::OtherKind { .. }))
}

async fn removed_bytes_are_gone(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    bassoc(store, &*key, &b"bytes"[..]).await?;
    equal("dissoc", dissoc(store, &*key).await?, true)?;
    equal("bget", read(store, &key).await?, None)?;
    equal("exists", exists(store, &key).await?, false)
}

async fn bytes_are_read_chunk_by_chunk(context: Context) -> Result<(), CaseFailure> {
    let key = context.key("k");
    let store = context.store.clone().chunk_size(100);
    bassoc(&store, &*key, &bytes(950)[..]).await?;
    let Some(found) = bget(&store, &key).await? else { return Err("no bytes".into()) };
    equal("revision", meta(&store, &key).await?.map(|meta| meta.revision), Some(found.revision()))?;
    let chunks: Vec<Vec<u8>> = found.into_stream().try_collect().await?;
    equal("chunks", chunks.len(), 10)?;
    equal("bytes", chunks.concat(), bytes(950))
}

async fn an_input_that_fails_changes_nothing(context: Context) -> Result<(), CaseFailure> {
    let key = context.key("k");
    let store = context.store.clone().chunk_size(100);
    bassoc(&store, &*key, &b"old"[..]).await?;
    let broken = failing_input(bytes(950));
    refused("bassoc", bassoc(&store, &*key, broken).await, |error| matches!(error, StoreError::Input(_)))?;
    equal("old", read(&store, &key).await?, Some(b"old".to_vec()))
}

/// An input that has some bytes, and fails then.
fn failing_input(bytes: Vec<u8>) -> impl AsyncRead + Unpin {
    io::Cursor::new(bytes).chain(Broken)
}

struct Broken;

impl AsyncRead for Broken {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut task::Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
    }
}
