//! What a load says became of its lines, and the turns that it leaves to others.

use crate::model::table;
use dynamap_local::Local;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn line(n: u32, more: &str) -> String {
    format!("{{\"Item\":{{\"pk\":{{\"S\":\"a\"}},\"sk\":{{\"S\":\"b\"}},\"n\":{{\"N\":\"{n}\"}}{more}}}}}\n")
}

/// DynamoDB finds it not valid; that it is so shows only there.
const TWICE_THE_SAME: &str = r#","set":{"SS":["x","x"]}"#;

#[tokio::test]
async fn a_line_that_is_never_taken_replaces_nothing() {
    for (lines, stored, written, replaced, not_written) in [
        (vec![line(1, ""), line(2, TWICE_THE_SAME)], "1", 1, 0, 1),
        (vec![line(1, ""), line(2, ""), line(3, TWICE_THE_SAME)], "2", 1, 1, 1),
        (vec![line(1, TWICE_THE_SAME), line(2, "")], "2", 1, 1, 0),
        (vec![line(1, ""), line(2, TWICE_THE_SAME), line(3, TWICE_THE_SAME)], "1", 1, 0, 2),
    ] {
        let shop = table(&Local::memory().unwrap().checked().0).await;
        let input = lines.concat();
        let report = shop.load(input.as_bytes()).report().await;
        assert_eq!(
            (report.written(), report.replaced(), report.not_written(), report.unknown()),
            (written, replaced, not_written, 0),
            "{report}"
        );
        assert_eq!(report.checkpoint().line(), lines.len() as u64);
        let mut file = Vec::new();
        shop.dump(&mut file).send().await.unwrap();
        assert!(String::from_utf8(file).unwrap().contains(&format!("\"n\":{{\"N\":\"{stored}\"}}")));
    }
}

/// An input that is always ready, of one text again and again.
struct Endless(&'static [u8], u64);

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = (into.len() as u64).min(self.1) as usize / self.0.len() * self.0.len();
        for part in into[..count].chunks_mut(self.0.len()) {
            part.copy_from_slice(self.0);
        }
        self.1 -= count as u64;
        Ok(count)
    }
}

/// Another task, and how many turns it had.
fn turns_of_another() -> (Arc<AtomicU64>, tokio::task::JoinHandle<()>) {
    let turns = Arc::new(AtomicU64::new(0));
    let counted = turns.clone();
    let other = tokio::spawn(async move {
        loop {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    });
    (turns, other)
}

/// How many turns another task of a runtime with one thread had, and how many lines were not written.
async fn turns_beside(input: Endless) -> (u64, u64) {
    let shop = table(&Local::memory().unwrap()).await;
    let (turns, other) = turns_of_another();
    // The other task has begun.
    tokio::task::yield_now().await;
    let report = shop.load(input).report().await;
    // The last pause counts as well: it may have been the only one.
    tokio::task::yield_now().await;
    other.abort();
    (turns.load(Ordering::Relaxed), report.not_written())
}

/// Not one of these inputs has anything to send: without turns of its own the load would hold the thread to its end.
#[tokio::test]
async fn others_have_their_turn() {
    for (text, bytes, not_written) in [
        (&b"\n"[..], 8 << 20, 0),
        (b" \r\n", 8 << 20, 0),
        (b"x", 64 << 20, 1),
        (b"bad\n", 1 << 20, 1 << 18),
        (b"{}\n", 1 << 20, 349_520),
    ] {
        let (turns, found) = turns_beside(Endless(text, bytes)).await;
        assert!(found.abs_diff(not_written) < 100, "{found} of {text:?}");
        println!("{text:?}: {turns} turns");
        assert!(turns > 32, "{text:?}: {turns} turns");
    }
}

/// So has the part that an earlier run has loaded.
#[tokio::test]
async fn others_have_their_turn_while_a_checkpoint_is_found() {
    let shop = table(&Local::memory().unwrap()).await;
    let checkpoint = shop.load(Endless(b"bad\n", 4 << 20)).report().await.checkpoint();
    assert_eq!(checkpoint.line(), 1 << 20);
    let (turns, other) = turns_of_another();
    let report = shop.load(Endless(b"bad\n", 4 << 20)).resume_from(checkpoint).report().await;
    other.abort();
    assert_eq!((report.not_written(), report.failure().is_none()), (1 << 20, true));
    assert!(turns.load(Ordering::Relaxed) > 100);
}
