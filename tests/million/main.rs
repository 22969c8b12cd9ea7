//! Many items through a table: loaded from a text that is never held, and dumped in segments.
//!
//! `DYNAMAP_ITEMS=1000000` makes it a million; it takes minutes. The table is a file, so that the memory of the process is
//! that of dynamap and the SDK.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use dynamap::{Table, TableSchema};
use dynamap_local::Local;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = number("sk"), entity_type = none)]
struct Events;

fn item(number: u64) -> Value {
    // A number that looks like chance and is the same again.
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31);
    let text = "abcdefgh ".repeat((mixed % 29) as usize);
    json!({
        "pk": { "S": format!("DEVICE#{:05}", mixed % 50_021) },
        "sk": { "N": number.to_string() },
        "text": { "S": text },
        "list": { "L": [{ "BOOL": mixed.is_multiple_of(2) }, { "N": (mixed % 1000 + 1).to_string() }] },
        "number": { "N": mixed.to_string() },
    })
}

/// A sum over all items in which their order does not count.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sum {
    items: u64,
    checksum: u64,
    bytes: u64,
}

impl Sum {
    fn add(&mut self, item: &Value) {
        // The attributes in the order of their names; no member of theirs has more than one.
        let attributes: BTreeMap<&String, &Value> = item.as_object().unwrap().iter().collect();
        let text = serde_json::to_string(&attributes).unwrap();
        let hash = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        self.checksum = self.checksum.wrapping_add(text.bytes().fold(0xCBF2_9CE4_8422_2325, hash));
        self.items += 1;
        self.bytes += text.len() as u64;
    }
}

/// The lines of so many items, made when they are read.
struct Made<'s> {
    numbers: std::ops::Range<u64>,
    line: io::Cursor<Vec<u8>>,
    sum: &'s mut Sum,
}

impl Read for Made<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.line.position() == self.line.get_ref().len() as u64 {
            let Some(number) = self.numbers.next() else { return Ok(0) };
            let item = item(number);
            self.sum.add(&item);
            self.line = io::Cursor::new(format!("{}\n", json!({ "Item": item })).into_bytes());
        }
        self.line.read(into)
    }
}

/// Takes lines, and keeps nothing but their sum.
#[derive(Default)]
struct Summed {
    rest: Vec<u8>,
    sum: Sum,
}

impl Write for Summed {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(from);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            self.sum.add(&serde_json::from_slice::<Value>(&line)?["Item"]);
        }
        Ok(from.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The most memory that the process had, in MB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

/// Where files need no disk, if there is such a place: the engine waits for the disk with every request.
fn quick_folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.into() } else { std::env::temp_dir() }
}

/// Less than the items have together, if they are a million.
const MOST_MEGABYTES: u64 = 200;

#[tokio::test]
async fn what_is_loaded_is_dumped() {
    let count = std::env::var("DYNAMAP_ITEMS").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000);
    let folder = quick_folder().join(format!("dynamap-million-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let local = Local::file(folder.join("table.db")).unwrap();
    let events = Table::<Events>::new(local.client(), "events");
    events.create_table_if_absent().send().await.unwrap();

    let begun = std::time::Instant::now();
    let (mut made, mut told) = (Sum::default(), 0);
    let lines = Made { numbers: 0..count, line: io::Cursor::default(), sum: &mut made };
    let report = events.load(lines).on_progress(|progress| told = progress.lines).send().await.unwrap();
    let loaded = begun.elapsed();
    assert_eq!((report.lines(), report.written(), told), (count, count, count));
    assert_eq!((report.checkpoint().line(), report.requests()), (count, count.div_ceil(25)));

    let begun = std::time::Instant::now();
    let mut read = Summed::default();
    let report = events.dump(&mut read).segments(8).send().await.unwrap();
    assert_eq!((report.items(), &read.sum), (count, &made));
    println!("{read:?}", read = read.sum);
    println!("loaded in {loaded:?}, dumped in {:?}, peak memory {:?} MB", begun.elapsed(), peak());
    drop((events, local));
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(peak().is_none_or(|peak| peak < MOST_MEGABYTES), "{:?} MB", peak());
}
