//! The way of bytes out of the store.

use std::{collections::BTreeMap, fmt};

use dynamap::value::Bytes;
use futures_util::{
    TryStreamExt,
    stream::{self, BoxStream},
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    task::JoinSet,
};

use crate::{
    Revision,
    error::{Result, StoreError},
    model::{Chunk, Manifest},
    reading,
    store::Store,
};

/// The number of chunks that are read ahead of the caller: more of them are not in memory.
const AHEAD: usize = 4;

/// A binary value, whose bytes are read as they are asked for.
pub struct Binary {
    reader: ChunkReader,
    revision: Revision,
    last_write: Timestamp,
}

impl Binary {
    /// The number of bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.reader.manifest.size
    }

    /// The revision of the key.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The time of the last write.
    #[must_use]
    pub fn last_write(&self) -> Timestamp {
        self.last_write
    }

    /// The bytes as a stream. It ends with an error if they are not those that were written.
    ///
    /// A few chunks are read ahead, so that memory is bounded whatever the size.
    #[must_use]
    pub fn into_stream(self) -> BoxStream<'static, Result<Vec<u8>>> {
        Box::pin(stream::try_unfold(self.reader, |mut reader| async {
            Ok(reader.next().await?.map(|bytes| (bytes, reader)))
        }))
    }

    /// Writes the bytes to an output; returns their number.
    ///
    /// # Errors
    /// [`StoreError::Replaced`] if the value was replaced meanwhile. Then the output has a part of it.
    pub async fn copy_to(self, output: &mut (impl AsyncWrite + Unpin)) -> Result<u64> {
        let size = self.size();
        let mut chunks = self.into_stream();
        while let Some(bytes) = chunks.try_next().await? {
            output.write_all(&bytes).await.map_err(StoreError::Output)?;
        }
        output.flush().await.map_err(StoreError::Output)?;
        Ok(size)
    }

    /// All bytes.
    ///
    /// # Errors
    /// [`StoreError::Replaced`] if the value was replaced meanwhile.
    pub async fn read_to_end(self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.copy_to(&mut bytes).await?;
        Ok(bytes)
    }
}

impl fmt::Debug for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Binary").field("manifest", &self.reader.manifest).finish_non_exhaustive()
    }
}

/// Opens the binary value of a key; `None` if the key is absent.
pub(crate) async fn open(store: &Store, key: &str) -> Result<Option<Binary>> {
    let mut head = reading::head(store, key).await?;
    loop {
        let Some(found) = head else { return Ok(None) };
        let (revision, last_write) = (found.revision, found.last_write);
        let mut reader = ChunkReader::new(store, key, found.into_manifest()?);
        match reader.fill().await {
            // The head was of a moment ago, and its chunks are gone. Nothing was told of it yet.
            Err(StoreError::Replaced(_)) => head = reading::current_head(store, key).await?,
            opened => return opened.map(|()| Some(Binary { reader, revision, last_write })),
        }
    }
}

/// A reader of the chunks of one generation.
struct ChunkReader {
    store: Store,
    key: String,
    manifest: Manifest,
    reads: JoinSet<(u32, dynamap::Result<Option<Chunk>>)>,
    /// The number of the next chunk to ask for.
    asked: u32,
    /// The number of the next chunk to return.
    number: u32,
    /// The chunks that came before their turn.
    early: BTreeMap<u32, Bytes>,
    digest: Sha256,
    size: u64,
}

impl ChunkReader {
    fn new(store: &Store, key: &str, manifest: Manifest) -> Self {
        Self {
            store: store.clone(),
            key: key.to_owned(),
            manifest,
            reads: JoinSet::new(),
            asked: 0,
            number: 0,
            early: BTreeMap::new(),
            digest: Sha256::new(),
            size: 0,
        }
    }

    /// The bytes of the next chunk.
    async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        if self.number == self.manifest.chunks {
            return self.end().map(|()| None);
        }
        self.fill().await?;
        let Some(Bytes(bytes)) = self.early.remove(&self.number) else {
            unreachable!("`fill` returns when the next chunk is there")
        };
        self.number += 1;
        self.digest.update(&bytes);
        self.size += bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// Reads until the next chunk is there.
    async fn fill(&mut self) -> Result<()> {
        while self.number < self.manifest.chunks && !self.early.contains_key(&self.number) {
            self.ask();
            let read = self.reads.join_next().await;
            let Some(Ok((number, chunk))) = read else {
                // The runtime ends.
                return Err(StoreError::Damaged(self.key.clone()));
            };
            match chunk? {
                Some(chunk) => drop(self.early.insert(number, chunk.bytes)),
                None => return Err(reading::missing(&self.store, &self.key, self.manifest.generation).await),
            }
        }
        Ok(())
    }

    /// Asks for chunks, so that so many are read ahead.
    fn ask(&mut self) {
        while self.asked < self.manifest.chunks && self.reads.len() + self.early.len() < AHEAD {
            let (table, number) = (self.store.table.clone(), self.asked);
            let key = Chunk::key(self.manifest.generation, number);
            // A chunk is never written over: any copy of it is the right one. That it is there is sure by a consistent read.
            self.reads.spawn(async move { (number, table.get(key).consistent_read().send().await) });
            self.asked += 1;
        }
    }

    /// Compares what was read with the manifest.
    fn end(&self) -> Result<()> {
        let digest: [u8; 32] = self.digest.clone().finalize().into();
        match self.size == self.manifest.size && digest == self.manifest.digest.0 {
            true => Ok(()),
            false => Err(StoreError::Damaged(self.key.clone())),
        }
    }
}
