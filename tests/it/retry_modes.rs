//! The SDK's retry modes: what dynamap says of a write is true under each of them, and the number of attempts is the SDK's.

use crate::MAPPING;
use aws_sdk_dynamodb::{
    Client,
    config::{
        BehaviorVersion, Builder, Credentials, Region, SharedAsyncSleep, SharedCredentialsProvider,
        StalledStreamProtectionConfig,
        retry::{RetryConfig, RetryPartition},
        timeout::TimeoutConfig,
    },
};
use aws_smithy_async::{rt::sleep::TokioSleep, time::TimeSource};
use aws_smithy_types::retry::RetrySpec;
use aws_types::SdkConfig;
use dynamap::{Entity, Error, Table, TableSchema, direct, error::ServiceErrorKind, value::Version};
use dynamap_local::{
    Local,
    faults::{Fault, Faults, Plan, Throttling, When},
};
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime},
};
use tokio::time::Instant;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shelf;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shelf, pk = "BOOK#{id}")]
struct Book {
    id: u32,
    title: String,
    #[dynamap(version)]
    version: Version,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shelf, pk = "COPY#{id}")]
struct Copies {
    id: u32,
    count: u64,
}

/// Tokio's clock, which tests pause: the adaptive mode measures rates by it.
#[derive(Debug)]
struct Clock(SystemTime, Instant);

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        self.0 + self.1.elapsed()
    }
}

fn clock() -> Clock {
    Clock(SystemTime::now(), Instant::now())
}

/// A retry mode of the SDK, and how a client comes to it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mode {
    /// The default from the behavior version of 2026 on.
    Standard,
    Adaptive,
    /// The default of older behavior versions.
    Disabled,
    /// What `AWS_NEW_RETRIES_2026=true` makes of the configuration that `aws_config` loads.
    Next,
    NextAdaptive,
}

impl Mode {
    const ALL: [Self; 5] = [Self::Standard, Self::Adaptive, Self::Disabled, Self::Next, Self::NextAdaptive];

    fn attempts(self) -> usize {
        match self {
            Self::Disabled => 1,
            Self::Standard | Self::Adaptive => 3,
            Self::Next | Self::NextAdaptive => 4,
        }
    }

    /// The configuration of a client of this mode.
    fn config(self, local: &Local) -> Builder {
        let loaded = |retries: RetryConfig| {
            SdkConfig::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::from_static("us-east-1"))
                .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests()))
                .http_client(local.http_client())
                .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
                .retry_config(retries.with_retry_spec(RetrySpec::v2_1()))
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
                .build()
        };
        let config = match self {
            Self::Standard => local.config(),
            Self::Adaptive => local.config().retry_config(RetryConfig::adaptive()),
            #[allow(deprecated)]
            Self::Disabled => local.config().behavior_version(BehaviorVersion::v2025_08_07()),
            Self::Next => Builder::from(&loaded(RetryConfig::standard())),
            Self::NextAdaptive => Builder::from(&loaded(RetryConfig::adaptive())),
        };
        // Tokens and rates of its own.
        static CLIENTS: AtomicU32 = AtomicU32::new(0);
        let partition = format!("retry-mode-{}", CLIENTS.fetch_add(1, Ordering::Relaxed));
        config.time_source(clock()).retry_partition(RetryPartition::new(partition))
    }
}

struct Stage {
    shelf: Table<Shelf>,
    /// The same table without faults and retries.
    truth: Table<Shelf>,
    faults: Faults,
}

impl Stage {
    async fn new(mode: Mode, prepare: fn(Builder) -> Builder) -> Self {
        let local = Local::memory().unwrap();
        let truth = Table::<Shelf>::new(local.client(), "shelf");
        truth.create_table_if_absent().await.unwrap();
        truth.put(&Copies { id: 1, count: 0 }).await.unwrap();
        let (faulty, faults) = local.with_faults(Plan::none());
        // The adaptive mode may hold a request back for longer than dynamap's timeout.
        let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_secs(3600)).build();
        let config = mode.config(&faulty).timeout_config(timeouts);
        let client = Client::from_conf(prepare(config).build());
        let shelf = Table::<Shelf>::new(client, "shelf").with_mapping(MAPPING);
        Self { shelf, truth, faults }
    }

    /// Adds a fault for all requests from now on, and forgets those that there were.
    fn always(&self, fault: &Fault) -> usize {
        self.faults.resume();
        self.faults.add(When::any().always(), fault.clone());
        self.faults.log().len()
    }

    fn since(&self, before: usize) -> usize {
        self.faults.log().len() - before
    }
}

fn prepared(config: Builder) -> Builder {
    direct::prepare(config)
}

fn given(config: Builder) -> Builder {
    config
}

const CLIENTS: [fn(Builder) -> Builder; 2] = [prepared, given];

fn throttled() -> Fault {
    Fault::Throttle(Throttling::ProvisionedThroughput)
}

#[tokio::test(start_paused = true)]
async fn the_sdk_says_how_often_a_request_is_sent() {
    for mode in Mode::ALL {
        for prepare in CLIENTS {
            for fault in [Fault::DropBefore, Fault::ErrorBefore, throttled()] {
                let stage = Stage::new(mode, prepare).await;
                let before = stage.always(&fault);
                let read = stage.shelf.get(Copies::key(1)).await;
                assert!(matches!(read, Err(Error::Service(_))), "{mode:?}, {fault:?}: {read:?}");
                assert_eq!(stage.since(before), mode.attempts(), "{mode:?}, {fault:?}: a read");
                let before = stage.since(0);
                let put = stage.shelf.put(&Copies { id: 1, count: 1 }).await;
                assert!(put.is_err(), "{mode:?}, {fault:?}");
                assert_eq!(stage.since(before), mode.attempts(), "{mode:?}, {fault:?}: a write");
                // A count may have been applied, unless it was refused: it is not sent again.
                let before = stage.since(0);
                let update = stage.shelf.update(Copies::key(1)).apply(Copies::COUNT.add(1_u64)).await;
                let (attempts, is_unknown) = (stage.since(before), matches!(update, Err(Error::Unknown(_))));
                let expected = if fault == throttled() { (mode.attempts(), false) } else { (1, true) };
                assert_eq!((attempts, is_unknown), expected, "{mode:?}, {fault:?}: a count, {update:?}");
            }
        }
    }
}

/// Whatever becomes of one attempt, each mode comes to an outcome that is true.
#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_told_as_it_is_under_each_mode() {
    let faults = [Fault::DropBefore, Fault::DropAfter, Fault::ErrorBefore, Fault::ErrorAfter, throttled()];
    for mode in Mode::ALL {
        for prepare in CLIENTS {
            for fault in &faults {
                let stage = Stage::new(mode, prepare).await;
                let once = || stage.faults.add(When::any(), fault.clone());
                let is_lost = *fault != throttled();
                let told = |what: &str| format!("{mode:?}, {fault:?}: {what}");

                // With a version: the item tells.
                once();
                let mut book = Book { id: 1, title: "a".into(), version: Version::NEW };
                let created = stage.shelf.create(&mut book).await;
                check(&stage, created, &book, &told("create")).await;
                stage
                    .truth
                    .create(&mut Book { id: 2, title: "a".into(), version: Version::NEW })
                    .await
                    .unwrap();
                let mut book = stage.truth.get(Book::key(2)).await.unwrap().unwrap();
                book.title = "b".into();
                once();
                let saved = stage.shelf.save(&mut book).await;
                check(&stage, saved, &book, &told("save")).await;

                // Without one: a count that was lost is unknown, and not counted twice.
                once();
                let counted = stage.shelf.update(Copies::key(1)).apply(Copies::COUNT.add(1_u64)).await;
                let count = stage.truth.get(Copies::key(1)).await.unwrap().unwrap().count;
                match counted {
                    Ok(_) => assert!(count == 1 && !is_lost, "{}", told("count")),
                    Err(Error::Unknown(_)) => assert!(count <= 1 && is_lost, "{}", told("count")),
                    Err(Error::Service(error)) => {
                        let kind = (error.kind(), mode);
                        assert_eq!(kind, (ServiceErrorKind::Throttled, Mode::Disabled), "{}", told("count"));
                        assert_eq!(count, 0);
                    }
                    Err(error) => panic!("{}: {error}", told("count")),
                }

                // A transaction is sent again by dynamap, whatever the SDK does.
                once();
                let written = stage.shelf.put(&Copies { id: 2, count: 7 }).transactional().await;
                assert!(written.is_ok(), "{}: {written:?}", told("transaction"));
                let stored = stage.truth.get(Copies::key(2)).await.unwrap();
                assert_eq!(stored, Some(Copies { id: 2, count: 7 }));
            }
        }
    }
}

/// A write of a version is applied where it is told so; what is unknown can be resolved.
async fn check(stage: &Stage, outcome: Result<(), Error>, book: &Book, told: &str) {
    let stored = || async { stage.truth.get(Book::key(book.id)).await.unwrap() };
    match outcome {
        Ok(()) => assert_eq!(stored().await.as_ref(), Some(book), "{told}"),
        Err(Error::Unknown(unknown)) => {
            assert!(unknown.can_be_resolved(), "{told}");
            unknown.resolve().await.unwrap();
            assert_eq!(stored().await.map(|stored| stored.title), Some(book.title.clone()), "{told}");
        }
        Err(Error::Service(error)) => {
            assert_eq!(error.kind(), ServiceErrorKind::Throttled, "{told}");
            assert!(stored().await.is_none_or(|stored| stored.title != book.title), "{told}");
        }
        Err(error) => panic!("{told}: {error}"),
    }
}

/// The tokens of retries are the SDK's: where they are used up, an outcome is as true as before.
#[tokio::test(start_paused = true)]
async fn retries_end_with_the_sdks_tokens() {
    // 500 tokens: 10 for a retry after a lost connection and 5 after other errors, or 14 and 5 for throttling only.
    for (mode, fault, retries) in [
        (Mode::Standard, Fault::DropBefore, 50),
        (Mode::Standard, throttled(), 100),
        (Mode::Next, Fault::DropBefore, 35),
        (Mode::Next, throttled(), 100),
    ] {
        let stage = Stage::new(mode, prepared).await;
        let before = stage.always(&fault);
        for _ in 0..200 {
            stage.shelf.get(Copies::key(1)).await.unwrap_err();
        }
        assert_eq!(stage.since(before) - 200, retries, "{mode:?}, {fault:?}");
    }
    for mode in [Mode::Standard, Mode::Next] {
        let stage = Stage::new(mode, prepared).await;
        stage.always(&Fault::DropAfter);
        for _ in 0..200 {
            stage.shelf.get(Copies::key(1)).await.unwrap_err();
        }
        let mut book = Book { id: 1, title: "a".into(), version: Version::NEW };
        let error = stage.shelf.create(&mut book).await.unwrap_err();
        let Error::Unknown(unknown) = error else { panic!("{mode:?}: {error}") };
        assert!(unknown.can_be_resolved());
        stage.faults.stop();
        unknown.resolve().await.unwrap();
        assert_eq!(stage.truth.get(Book::key(1)).await.unwrap().map(|book| book.title), Some("a".into()));
    }
}

/// The adaptive modes hold requests back after throttling: a call whose time ends meanwhile has sent nothing.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_held_back_is_not_unknown() {
    for mode in [Mode::Adaptive, Mode::NextAdaptive] {
        let local = Local::memory().unwrap();
        Table::<Shelf>::new(local.client(), "shelf").create_table_if_absent().await.unwrap();
        let (faulty, faults) = local.with_faults(Plan::none());
        let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_millis(20)).build();
        let config = mode.config(&faulty).timeout_config(timeouts);
        let shelf = Table::<Shelf>::new(Client::from_conf(config.build()), "shelf").with_mapping(MAPPING);
        faults.add(When::any().always(), throttled());
        let (mut held_back, mut other) = (0, 0);
        for id in 0..100 {
            let before = faults.log().len();
            let counted = shelf.update(Copies::key(id)).apply(Copies::COUNT.add(1_u64)).await;
            let Err(Error::Service(error)) = counted else { panic!("{mode:?}: {counted:?}") };
            match (error.kind(), faults.log().len() - before) {
                (ServiceErrorKind::TimedOut, 0) => held_back += 1,
                (ServiceErrorKind::TimedOut | ServiceErrorKind::Throttled, _) => other += 1,
                (kind, sent) => panic!("{mode:?}: {kind:?}, {sent} attempts"),
            }
        }
        assert!(held_back > 10 && other > 0, "{mode:?}: {held_back}, {other}");
    }
}
