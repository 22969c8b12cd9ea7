//! Binary values: large ones, in bounded memory, and damaged ones.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::{Duration, SystemTime},
};

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use dynamap_local::{
    Local, Request, SharedTransport, Transport, TransportFuture,
    faults::{Fault, When},
};
use futures_util::TryStreamExt;
use key_value::{Creation, Store, StoreError, assoc, bassoc, bget, collect, connect, exists};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};

use crate::place::{Place, TABLE, counts, place, read, some_bytes};

const MEGABYTE: usize = 1 << 20;

/// Counts the bytes of chunks that have been written and not yet answered, and those that were answered.
#[derive(Debug)]
struct Counting {
    inner: SharedTransport,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    /// Chunks that DynamoDB has.
    written: AtomicUsize,
    /// Chunks that were asked for.
    asked: AtomicUsize,
    /// Bytes that the input gave.
    given: AtomicUsize,
    /// The most bytes that were given and not written at any time.
    held: AtomicUsize,
}

impl Transport for Counting {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        let is_chunk = request.body.windows(6).any(|bytes| bytes == b"CHUNK#");
        let operation = request.operation.clone();
        if is_chunk && operation == "GetItem" {
            self.counts.asked.fetch_add(1, Relaxed);
        }
        Box::pin(async move {
            let response = self.inner.call(request).await;
            if is_chunk && operation == "PutItem" {
                self.counts.written.fetch_add(1, Relaxed);
            }
            response
        })
    }
}

/// An input that makes its bytes as they are read.
struct Input {
    left: usize,
    chunk: usize,
    counts: Arc<Counts>,
}

impl AsyncRead for Input {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let count = buffer.remaining().min(self.left).min(10_000);
        buffer.put_slice(&vec![(self.left % 251) as u8; count]);
        self.left -= count;
        let given = self.counts.given.fetch_add(count, Relaxed) + count;
        let held = given.saturating_sub(self.counts.written.load(Relaxed) * self.chunk);
        self.counts.held.fetch_max(held, Relaxed);
        Poll::Ready(Ok(()))
    }
}

#[tokio::test(start_paused = true)]
async fn an_upload_and_a_download_hold_a_few_chunks() {
    let counts = Arc::new(Counts::default());
    let local = Local::memory().unwrap().wrap(|inner| Counting { inner, counts: counts.clone() });
    let chunk = 20_000;
    let store = Store::new(local.client(), TABLE).chunk_size(chunk);
    connect(&store, Creation::OnDemand).await.unwrap();
    let chunks = 150;
    let input = Input { left: chunk * chunks, chunk, counts: counts.clone() };
    bassoc(&store, "file", input).await.unwrap();
    assert_eq!(counts.written.load(Relaxed), chunks);
    let held = counts.held.load(Relaxed);
    assert!(held <= 6 * chunk, "{held} bytes were held at once");

    let mut stream = bget(&store, "file").await.unwrap().unwrap().into_stream();
    let mut returned = 0;
    while let Some(bytes) = stream.try_next().await.unwrap() {
        assert_eq!(bytes.len(), chunk);
        returned += 1;
        let asked = counts.asked.load(Relaxed);
        assert!(asked <= returned + 5, "{asked} chunks were asked for when {returned} were returned");
    }
    assert_eq!(returned, chunks);
}

#[tokio::test(start_paused = true)]
async fn twelve_megabytes_come_back() {
    let place = place().await;
    let bytes = some_bytes(12 * MEGABYTE + 1, 7);
    bassoc(&place.store, "file", &bytes[..]).await.unwrap();
    let found = bget(&place.store, "file").await.unwrap().unwrap();
    assert_eq!(found.size(), bytes.len() as u64);
    assert!(found.read_to_end().await.unwrap() == bytes);
    assert_eq!(place.items().await, counts([("Head", 1), ("Chunk", 41)]));
    assoc(&place.store, "file", "small").await.unwrap();
    assert_eq!(place.items().await, counts([("Head", 1)]));
    place.assert_legal();
}

#[tokio::test]
async fn bytes_go_from_file_to_file() {
    let place = place().await;
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("key-value-files");
    std::fs::create_dir_all(&folder).unwrap();
    let (input, output) = (folder.join("input"), folder.join("output"));
    let bytes = some_bytes(700_000, 3);
    std::fs::write(&input, &bytes).unwrap();
    bassoc(&place.store, "file", tokio::fs::File::open(&input).await.unwrap()).await.unwrap();
    let mut file = tokio::fs::File::create(&output).await.unwrap();
    let size = bget(&place.store, "file").await.unwrap().unwrap().copy_to(&mut file).await.unwrap();
    assert_eq!((size, std::fs::read(&output).unwrap() == bytes), (700_000, true));
}

async fn file(place: &Place) -> Store {
    let store = place.store.clone().chunk_size(100);
    bassoc(&store, "file", &some_bytes(950, 1)[..]).await.unwrap();
    store
}

/// The keys of all chunks.
async fn chunks(place: &Place) -> Vec<std::collections::HashMap<String, AttributeValue>> {
    let scan = place.local.client().scan().table_name(TABLE).send().await.unwrap();
    let chunks = scan.items.unwrap().into_iter().filter(|item| item["sk"].as_s().unwrap() == "CHUNK");
    chunks.collect()
}

#[tokio::test]
async fn a_missing_chunk_is_an_error_and_not_nothing() {
    for number in 0..10 {
        let place = place().await;
        let store = file(&place).await;
        let suffix = format!("#{number:010}");
        let chunk =
            chunks(&place).await.into_iter().find(|item| item["pk"].as_s().unwrap().ends_with(&suffix));
        let chunk = chunk.unwrap();
        let delete = place.local.client().delete_item().table_name(TABLE);
        delete.key("pk", chunk["pk"].clone()).key("sk", chunk["sk"].clone()).send().await.unwrap();
        let read = async { bget(&store, "file").await?.unwrap().read_to_end().await };
        let outcome = read.await;
        assert!(matches!(outcome, Err(StoreError::Damaged(_))), "{number}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_changed_chunk_is_an_error() {
    let place = place().await;
    let store = file(&place).await;
    let mut chunk = chunks(&place).await.remove(0);
    let Some(AttributeValue::B(bytes)) = chunk.get_mut("bytes") else { panic!() };
    let mut changed = bytes.clone().into_inner();
    changed[0] ^= 1;
    *bytes = Blob::new(changed);
    place.local.client().put_item().table_name(TABLE).set_item(Some(chunk)).send().await.unwrap();
    let found = bget(&store, "file").await.unwrap().unwrap();
    let outcome = found.read_to_end().await;
    assert!(matches!(outcome, Err(StoreError::Damaged(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_reader_whose_value_is_replaced_is_told() {
    let place = place().await;
    let store = file(&place).await;
    let mut stream = bget(&store, "file").await.unwrap().unwrap().into_stream();
    assert_eq!(stream.try_next().await.unwrap().unwrap().len(), 100);
    bassoc(&store, "file", &some_bytes(950, 2)[..]).await.unwrap();
    let outcome = stream.try_collect::<Vec<_>>().await;
    assert!(matches!(outcome, Err(StoreError::Replaced(_))), "{outcome:?}");
    assert_eq!(read(&store, "file").await, Some(some_bytes(950, 2)));
}

#[tokio::test]
async fn a_head_of_a_moment_ago_is_read_again() {
    let place = place().await;
    let store = file(&place).await;
    let stale = place.local.client().get_item().table_name(TABLE);
    let (pk, sk) = {
        let scan = place.local.client().scan().table_name(TABLE).send().await.unwrap();
        let head =
            scan.items.unwrap().into_iter().find(|item| item["sk"].as_s().unwrap() == "KEY#file").unwrap();
        (head["pk"].clone(), head["sk"].clone())
    };
    let old = stale.key("pk", pk).key("sk", sk).send().await.unwrap().item.unwrap();
    bassoc(&store, "file", &some_bytes(550, 2)[..]).await.unwrap();
    // An eventually consistent read gives the old head, whose chunks are gone.
    #[derive(Debug)]
    struct Stale(SharedTransport, String);
    impl Transport for Stale {
        fn call(&self, request: Request) -> TransportFuture<'_> {
            let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
            let is_stale = request.operation == "GetItem" && body["ConsistentRead"] != true;
            if is_stale {
                let response = dynamap_local::Response::new(200, self.1.clone());
                return Box::pin(async move { Ok(response) });
            }
            self.0.call(request)
        }
    }
    let item: serde_json::Map<String, serde_json::Value> = old
        .into_iter()
        .map(|(name, value)| (name, serde_json::to_value(serde_dynamo::AttributeValue::from(value)).unwrap()))
        .collect();
    let body = serde_json::json!({ "Item": item }).to_string();
    let local = place.local.wrap(|inner| Stale(inner, body));
    let found = read(&Store::new(local.client(), TABLE), "file").await;
    assert_eq!(found, Some(some_bytes(550, 2)));
}

/// An upload of which two chunks are written, and whose input stands still.
struct Upload {
    input: tokio::io::DuplexStream,
    task: tokio::task::JoinHandle<Result<key_value::Revision, StoreError>>,
}

impl Upload {
    async fn begin(place: &Place) -> Self {
        let store = place.store.clone().chunk_size(100);
        let (mut input, reader) = tokio::io::duplex(1_000);
        input.write_all(&some_bytes(250, 1)).await.unwrap();
        let task = tokio::spawn(async move { bassoc(&store, "file", reader).await });
        while place.items().await.get("Chunk") != Some(&2) {
            tokio::task::yield_now().await;
        }
        Self { input, task }
    }

    /// Gives the rest of the input; returns the outcome.
    async fn end(mut self) -> Result<key_value::Revision, StoreError> {
        self.input.write_all(&some_bytes(250, 2)).await.unwrap();
        drop(self.input);
        self.task.await.unwrap()
    }
}

/// A client whose clock is two hours ahead.
fn later(place: &Place) -> Store {
    let hours = SystemTime::now() + Duration::from_secs(2 * 3600);
    Store::new(place.local.client(), TABLE).with_clock(move || hours)
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn an_upload_that_stood_still_is_collected_and_not_published() {
    let place = place().await;
    let upload = Upload::begin(&place).await;
    assert_eq!(collect(&place.store, HOUR).await.unwrap(), 0, "it is at work");
    assert_eq!(collect(&later(&place), HOUR).await.unwrap(), 1);
    let outcome = upload.end().await;
    assert!(matches!(outcome, Err(StoreError::Collected(_))), "{outcome:?}");
    assert!(!exists(&place.store, "file").await.unwrap());
    assert_eq!(place.items().await, counts([]));
}

#[tokio::test(start_paused = true)]
async fn an_upload_whose_chunks_are_being_deleted_is_not_published() {
    for has_ended in [false, true] {
        let place = place().await;
        let upload = Upload::begin(&place).await;
        // The collector ends after it has condemned the chunks.
        place.faults.add(When::operation("BatchWriteItem"), Fault::HangBefore);
        let collector = later(&place);
        let collected = tokio::time::timeout(Duration::from_secs(1), collect(&collector, HOUR)).await;
        assert!(collected.is_err(), "{collected:?}");
        if has_ended {
            upload.task.abort();
            assert_eq!(collect(&place.store, HOUR).await.unwrap(), 1, "it is condemned, whatever its age");
        } else {
            let outcome = upload.end().await;
            assert!(matches!(outcome, Err(StoreError::Collected(_))), "{outcome:?}");
        }
        assert_eq!(place.items().await, counts([]));
    }
}

#[tokio::test(start_paused = true)]
async fn all_chunks_of_a_long_upload_that_ended_are_collected() {
    let place = place().await;
    let store = place.store.clone().chunk_size(10);
    place.faults.add(When::any().about("CHUNK").after(150).always(), Fault::HangBefore);
    let bytes = some_bytes(3_000, 5);
    let cut_off = tokio::time::timeout(Duration::from_secs(1), bassoc(&store, "file", &bytes[..])).await;
    assert!(cut_off.is_err());
    place.faults.stop();
    assert_eq!(place.items().await, counts([("Leftover", 1), ("Chunk", 150)]));
    assert_eq!(collect(&store, Duration::ZERO).await.unwrap(), 1);
    assert_eq!(place.items().await, counts([]));
}

#[tokio::test]
async fn an_upload_that_is_at_work_is_not_collected() {
    let place = place().await;
    let store = place.store.clone().chunk_size(10);
    // More chunks than one note is for.
    let bytes = some_bytes(2_000, 4);
    let mut input = tokio::io::BufReader::with_capacity(10, &bytes[..]);
    let mut some = vec![0; 0];
    input.read_exact(&mut some).await.unwrap();
    let (uploaded, collected) = tokio::join!(bassoc(&store, "file", input), async {
        let mut collected = 0;
        for _ in 0..50 {
            collected += collect(&place.store, Duration::from_secs(60)).await.unwrap();
            tokio::task::yield_now().await;
        }
        collected
    });
    uploaded.unwrap();
    assert_eq!(collected, 0);
    assert_eq!(read(&store, "file").await, Some(bytes));
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_expects_another_revision_writes_no_chunk() {
    let place = place().await;
    let store = file(&place).await;
    place.faults.add(When::any().about("CHUNK").always(), Fault::HangBefore);
    let outcome = bassoc(&store, key_value::Target::absent("file"), &b"other"[..]).await;
    assert!(matches!(outcome, Err(StoreError::RevisionMismatch { .. })), "{outcome:?}");
}
