//! Batches against what they leave in the table, while parts of requests are unprocessed, whole ones are throttled and
//! answers are lost.
//!
//! `DYNAMAP_SEED` repeats a run, `DYNAMAP_BATCH_ITEMS` sets how many items are written altogether.
#![allow(clippy::unwrap_used, clippy::panic)]

mod model;
mod watch;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use dynamap::batch::{BatchWriteReport, FetchedOrUnread, UnwrittenItem};
use dynamap::{Mapping, Table};
use dynamap_local::Local;
use dynamap_local::faults::{FaultKind, Plan, Rates};
use model::{Key, Log, Note, Reading, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::time::Duration;
use watch::Watch;

/// What the runs came to.
#[derive(Debug, Default)]
struct Tally {
    written: u64,
    replaced: u64,
    not_written: u64,
    unknown: u64,
    found: u64,
    absent: u64,
    unread: u64,
    requests: usize,
    /// Those to several tables.
    joined: usize,
    faults: usize,
}

#[test]
fn every_write_of_every_batch_has_the_outcome_that_is_told() {
    let number = |name| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let first = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..u64::from(u32::MAX)));
    let items = number("DYNAMAP_BATCH_ITEMS").unwrap_or(100_000);
    let line = format!("batches: {items} items, DYNAMAP_SEED={first}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    let (mut tally, mut seed, mut left) = (Tally::default(), first, items);
    while left > 0 {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        left = left.saturating_sub(runtime.block_on(run(seed, left, &mut tally)));
        seed += 1;
    }
    std::io::stderr().write_all(format!("{} runs, {tally:?}\n", seed - first).as_bytes()).unwrap();
    // Where nothing happens, nothing is tested.
    if items >= 50_000 {
        assert!(tally.faults * 5 > tally.requests, "{tally:?}");
        assert!(tally.written > items / 4 && tally.replaced > items / 20, "{tally:?}");
        assert!(tally.joined > tally.requests / 50, "{tally:?}");
        assert!(tally.not_written > 0 && tally.unknown > 0 && tally.unread > 0, "{tally:?}");
        assert!(tally.found > 0 && tally.absent > 0, "{tally:?}");
    }
}

/// One batch write of up to `most` items and one batch get; returns how many items were written.
async fn run(seed: u64, most: u64, tally: &mut Tally) -> u64 {
    fastrand::seed(seed);
    let local = Local::memory().unwrap();
    let quiet = ["log", "archive"].map(|name| Table::<Log>::new(local.client(), name));
    for table in &quiet {
        table.create_table_if_absent().send().await.unwrap();
    }

    let mapping = if fastrand::u8(..4) == 0 { Mapping::AttributeValue } else { Mapping::Direct };
    let plan = Plan::random(seed, rates()).latency(Duration::ZERO..=Duration::from_millis(40));
    let (faulty, faults) = local.with_faults(plan);
    let watch = Watch::default();
    let watched = faulty.wrap(|inner| watch.layer(inner));
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(2)).build();
    let config = dynamap::direct::prepare(watched.config()).timeout_config(timeouts);
    let client = Client::from_conf(config.build());
    let [log, archive] =
        ["log", "archive"].map(|name| Table::<Log>::new(client.clone(), name).with_mapping(mapping));

    // Half of the batches are over two tables, which take turns.
    let steps = model::steps(fastrand::u64(1..4000).min(most));
    let archived = if fastrand::bool() { model::steps(fastrand::u64(1..2000).min(most)) } else { Vec::new() };
    let turns = fastrand::usize(1..200);
    let concurrency = fastrand::usize(1..10);
    let patience = *fastrand::choice(&[0_u64, 2, 60]).unwrap();
    let mut last_told = 0;
    let batch = log.batch_write().concurrency(concurrency).retry_timeout(Duration::from_secs(patience));
    let batch = batch.on_progress(|progress| last_told = progress.done);
    let writes = |steps: &[Step]| steps.iter().map(Step::to_write).collect::<Vec<_>>();
    let (mut own, mut others) = (steps.chunks(turns), archived.chunks(turns));
    let mut batch = batch;
    loop {
        let (next, other) = (own.next(), others.next());
        if next.is_none() && other.is_none() {
            break;
        }
        let slowly = fastrand::bool();
        if let Some(next) = next {
            batch = match slowly {
                true => batch.write_all(model::Slowly::new(writes(next).into_iter())),
                false => batch.write_all(writes(next)),
            };
        }
        if let Some(other) = other {
            batch = batch.and(archive.batch_write().write_all(writes(other)));
        }
    }
    let report = batch.report().await;
    let given = (steps.len() + archived.len()) as u64;
    assert_eq!((last_told, report.total()), (given, given), "DYNAMAP_SEED={seed}");
    faults.stop();

    let [stored, in_archive] = [stored(&quiet[0]).await, stored(&quiet[1]).await];
    check(&steps, &report, ("log", &stored), seed);
    check(&archived, &report, ("archive", &in_archive), seed);
    watch.check(seed);
    tally.joined += watch.joined();

    faults.resume();
    // The SDK's own types go past the checksum of what is read.
    let (log, archive) = (log.with_mapping(Mapping::Direct), archive.with_mapping(Mapping::Direct));
    get([&log, &archive], [&stored, &in_archive], patience, tally, seed).await;
    assert!(faults.illegal().is_empty(), "{:?}, DYNAMAP_SEED={seed}", faults.illegal());

    tally.written += report.written();
    tally.replaced += report.replaced();
    tally.not_written += report.not_written().len() as u64;
    tally.unknown += report.unknown().len() as u64;
    let requests = faults.log();
    tally.requests += requests.len();
    tally.faults += requests.iter().filter(|request| request.fault.is_some()).count();
    given
}

fn rates() -> Rates {
    let rates = match fastrand::u8(..4) {
        // Sometimes it is so bad that batches give up.
        0 => Rates::none().with(FaultKind::DropAfter, 0.4).with(FaultKind::Throttle, 0.2),
        1 => Rates::none().with(FaultKind::Throttle, 0.6).with(FaultKind::DropBefore, 0.03),
        _ => Rates::none().with(FaultKind::DropAfter, 0.03).with(FaultKind::Throttle, 0.1),
    };
    let lost = [
        FaultKind::NeverConnected,
        FaultKind::DropBefore,
        FaultKind::ErrorBefore,
        FaultKind::ErrorAfter,
        FaultKind::HangBefore,
        FaultKind::HangAfter,
        FaultKind::Truncated,
        FaultKind::Corrupted,
    ];
    let rates = lost.into_iter().fold(rates, |rates, kind| rates.with(kind, 0.015));
    rates.with(FaultKind::Partial, 0.3)
}

/// What is in the table: the position of the put by its key.
async fn stored(log: &Table<Log>) -> BTreeMap<Key, u64> {
    let readings = log.scan::<Reading>().try_collect().await.unwrap();
    let notes = log.scan::<Note>().try_collect().await.unwrap();
    let readings = readings.iter().map(|reading| (Key::of_reading(reading), reading.position));
    readings.chain(notes.iter().map(|note| (Key::Note(note.id), note.position))).collect()
}

/// The outcomes of a table are all that was given, none has two, and what is told of the last write of a key is the truth.
fn check(steps: &[Step], report: &BatchWriteReport, (table, stored): (&str, &BTreeMap<Key, u64>), seed: u64) {
    let of = |items: &'_ [UnwrittenItem]| -> Vec<u64> {
        items.iter().filter(|item| item.table() == table).map(UnwrittenItem::position).collect()
    };
    let (not_written, unknown) = (of(report.not_written()), of(report.unknown()));
    let Some(told) = report.tables().iter().find(|told| told.table() == table) else {
        assert!(steps.is_empty(), "DYNAMAP_SEED={seed}");
        return;
    };
    assert_eq!(told.total(), steps.len() as u64, "DYNAMAP_SEED={seed}");
    let counts = (told.not_written_count() as usize, told.unknown_count() as usize);
    assert_eq!(counts, (not_written.len(), unknown.len()), "DYNAMAP_SEED={seed}");
    let failed: BTreeSet<u64> = not_written.iter().chain(&unknown).copied().collect();
    assert_eq!(failed.len(), not_written.len() + unknown.len(), "two outcomes, DYNAMAP_SEED={seed}");
    let items = report.not_written().iter().filter(|item| item.table() == table);
    for (position, item) in not_written.iter().zip(items) {
        let shown = item.raw_key().map(Key::of_item);
        assert_eq!(shown, Some(steps[*position as usize].key()), "DYNAMAP_SEED={seed}");
    }

    let mut of_key: BTreeMap<Key, Vec<u64>> = BTreeMap::new();
    for (position, step) in (0..).zip(steps) {
        of_key.entry(step.key()).or_default().push(position);
    }
    let replaced = of_key.values().map(|positions| positions.len() as u64 - 1).sum::<u64>();
    assert!(told.replaced() <= replaced, "DYNAMAP_SEED={seed}");
    for (key, positions) in of_key {
        let last = *positions.last().unwrap();
        let (is_put, found) = (steps[last as usize].is_put(), stored.get(&key).copied());
        let applied = if is_put { Some(last) } else { None };
        match (not_written.contains(&last), unknown.contains(&last)) {
            (false, false) => {
                assert_eq!(found, applied, "{key:?} was written at {last}, DYNAMAP_SEED={seed}")
            }
            (true, _) if is_put => {
                assert_ne!(found, applied, "{key:?} was not written at {last}, DYNAMAP_SEED={seed}");
            }
            _ => {}
        }
        assert!(found.is_none_or(|found| positions.contains(&found)), "{key:?}, DYNAMAP_SEED={seed}");
    }
}

/// Each key of both tables is found, absent or unread, and what is told of it is the truth.
async fn get(
    [log, archive]: [&Table<Log>; 2],
    stored: [&BTreeMap<Key, u64>; 2],
    patience: u64,
    tally: &mut Tally,
    seed: u64,
) {
    let ids = || (0..fastrand::u32(..400)).map(|_| fastrand::u32(..2500)).collect::<Vec<_>>();
    let (notes, readings, archived) = (ids(), ids(), ids());
    let key_of = |at: &u32| Reading::key(at % 10, model::written(at / 10));
    let keys = (
        notes.iter().map(|id| Note::key(*id)).collect::<Vec<_>>(),
        readings.iter().map(key_of).collect::<Vec<_>>(),
    );
    let batch = log.batch_get_mixed(keys).consistent_read().retry_timeout(Duration::from_secs(patience));
    let batch = batch.and(archive.batch_get(archived.iter().map(key_of)).consistent_read());
    let ((found_notes, found_readings), found_archived) = batch.report().await.unwrap();
    let notes = notes.iter().zip(found_notes).map(|(id, result)| {
        let result = result.map(|fetched| fetched.found().map(|note| note.position));
        (Key::Note(*id), 0, result.map_err(|_| ()))
    });
    let of_reading = |table: usize| {
        move |(at, result): (&u32, FetchedOrUnread<Reading>)| {
            let result = result.map(|fetched| fetched.found().map(|reading| reading.position));
            (Key::Reading(at % 10, at / 10), table, result.map_err(|_| ()))
        }
    };
    let readings = readings.iter().zip(found_readings).map(of_reading(0));
    let archived = archived.iter().zip(found_archived).map(of_reading(1));
    for (key, table, result) in notes.chain(readings).chain(archived) {
        match result {
            Ok(found) => {
                assert_eq!(found, stored[table].get(&key).copied(), "{key:?}, DYNAMAP_SEED={seed}");
                *(if found.is_some() { &mut tally.found } else { &mut tally.absent }) += 1;
            }
            Err(()) => tally.unread += 1,
        }
    }
}
