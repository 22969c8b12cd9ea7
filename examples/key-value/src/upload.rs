//! The way of bytes into the store: chunk by chunk, and published by one small write.

use dynamap::value::{ByteArray, Bytes};
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    task::{JoinError, JoinSet},
};
use uuid::Uuid;

use crate::{
    Revision,
    change::change,
    error::{Result, StoreError},
    leftover,
    model::{Chunk, Head, Kind, Leftover, Manifest},
    reading,
    store::Store,
    target::Target,
};

/// The number of chunks that are written at once: more of them are not in memory.
const IN_FLIGHT: usize = 4;

/// The number of chunks for which the note of an upload is renewed.
const RENEWED_CHUNKS: u32 = 64;

/// The time after which the note of an upload is renewed in any case.
const RENEWED_AFTER: Duration = Duration::from_secs(5 * 60);

/// The chunks that are being written.
type Writes = JoinSet<dynamap::Result<()>>;

/// Writes the bytes of an input as the value of a key.
pub(crate) async fn upload(
    store: &Store,
    target: &Target,
    input: impl AsyncRead + Unpin,
) -> Result<Revision> {
    if !target.takes_anything() {
        // It is checked again when the value is published. Here it saves the chunks.
        target.check(reading::current_head(store, &target.key).await?.as_ref())?;
    }
    let leftover = Leftover::new(&target.key, Uuid::new_v4(), Kind::Binary, RENEWED_CHUNKS, store.now());
    leftover::note(store, &leftover).await?;
    let mut upload = Upload { store, leftover, digest: Sha256::new(), size: 0, chunks: 0 };
    let written = match upload.write(input).await {
        Ok(()) => upload.publish(target).await,
        Err(error) => Err(error),
    };
    let Upload { leftover, .. } = upload;
    match &written {
        // If it fails, `collect` finds that the head refers to the chunks.
        Ok(_) => drop(leftover::forget(store, &leftover).await),
        // Perhaps it is published. `collect` knows later.
        Err(StoreError::Table(dynamap::Error::Unknown(_))) => {}
        Err(_) => drop(leftover::delete(store, &leftover).await),
    }
    written
}

/// An upload that is not published yet.
struct Upload<'s> {
    store: &'s Store,
    leftover: Leftover,
    digest: Sha256,
    size: u64,
    chunks: u32,
}

impl Upload<'_> {
    /// Writes all chunks, and waits until none is on its way any more.
    async fn write(&mut self, input: impl AsyncRead + Unpin) -> Result<()> {
        let mut writes = JoinSet::new();
        let mut written = self.write_chunks(input, &mut writes).await;
        while let Some(write) = writes.join_next().await {
            written = written.and(finished(write));
        }
        written
    }

    async fn write_chunks(&mut self, mut input: impl AsyncRead + Unpin, writes: &mut Writes) -> Result<()> {
        loop {
            let mut bytes = Vec::with_capacity(self.store.chunk_size);
            let mut chunk = (&mut input).take(self.store.chunk_size as u64);
            chunk.read_to_end(&mut bytes).await.map_err(StoreError::Input)?;
            if bytes.is_empty() {
                return Ok(());
            }
            let chunk = self.next_chunk(bytes).await?;
            if writes.len() == IN_FLIGHT
                && let Some(write) = writes.join_next().await
            {
                finished(write)?;
            }
            let table = self.store.table.clone();
            writes.spawn(async move { table.put(&chunk).send().await });
        }
    }

    /// The next chunk, for which there is a note.
    async fn next_chunk(&mut self, bytes: Vec<u8>) -> Result<Chunk> {
        let idle = self.store.now().duration_since(self.leftover.since).unsigned_abs();
        if self.chunks == self.leftover.chunks || idle > RENEWED_AFTER {
            let reserved = self.chunks.saturating_add(RENEWED_CHUNKS);
            leftover::renew(self.store, &mut self.leftover, reserved).await?;
        }
        self.digest.update(&bytes);
        self.size += bytes.len() as u64;
        let number = self.chunks;
        self.chunks = number.saturating_add(1);
        Ok(Chunk { generation: self.leftover.generation, number, bytes: Bytes(bytes) })
    }

    /// Makes the chunks the value of the key.
    async fn publish(&mut self, target: &Target) -> Result<Revision> {
        let chunks = self.chunks;
        leftover::renew(self.store, &mut self.leftover, chunks).await?;
        let digest = ByteArray(self.digest.clone().finalize().into());
        let manifest = Manifest { generation: self.leftover.generation, chunks, size: self.size, digest };
        let next = |_: Option<&Head>| Ok::<_, StoreError>(Head::of_binary(&target.key, manifest.clone()));
        Ok(change(self.store, target, next).await?.new.revision)
    }
}

/// The outcome of a write that has ended.
fn finished(write: Result<dynamap::Result<()>, JoinError>) -> Result<()> {
    match write {
        Ok(outcome) => Ok(outcome?),
        Err(ended) => Err(StoreError::Input(ended.into())),
    }
}
