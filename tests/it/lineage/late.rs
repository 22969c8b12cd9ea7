//! Attempts that arrive late: what they leave is told from all that was there before.

use super::*;
use dynamap::{Attribute, value::VersionValue};
use std::time::{Duration, UNIX_EPOCH};

/// A version whose text the SDK writes with other escapes than dynamap.
#[derive(Debug, Clone, PartialEq, Attribute)]
pub(super) struct Quoted(String);

impl VersionValue for Quoted {
    const COUNTS: bool = false;

    fn first() -> Self {
        Self(format!("\"\\/\u{1}\u{8}\u{c}\n\u{7f}\u{e9}\u{2028}\u{1f600}{}", Uuid::new_v4()))
    }
    fn next(&self) -> Option<Self> {
        Some(Self::first())
    }
}

/// A version that is a map, whose members the SDK writes in any order.
#[derive(Debug, Clone, PartialEq, Attribute)]
pub(super) struct Pair {
    a: String,
    b: String,
    c: u8,
}

impl VersionValue for Pair {
    const COUNTS: bool = false;

    fn first() -> Self {
        Self { a: Uuid::new_v4().to_string(), b: "b".into(), c: 7 }
    }
    fn next(&self) -> Option<Self> {
        Some(Self::first())
    }
}

/// What the first attempt of each of these writes leaves, and what the second.
async fn attempts_differ<E: File>(name: &str) {
    let (files, script) = files().await;
    let mut file = E::new("a");
    for write in ["create", "save", "replace"] {
        script.set(&[Fault::Late]);
        match write {
            "create" => files.create(&mut file).send().await.unwrap(),
            "save" => files.save(&mut file).send().await.unwrap(),
            _ => files.replace(&mut file).send().await.unwrap(),
        }
        let answered = item::<E>(&files).await;
        // The entity in memory has what the answered attempt left: it can be saved.
        script.set(&[]);
        files.save(&mut file.clone()).send().await.unwrap();
        files.delete(E::own_key()).ignore_version().send().await.unwrap();
        script.arrive().await;
        match write {
            "create" => {
                let late = item::<E>(&files).await;
                assert_ne!(answered[name], late[name], "{write}");
                assert_conflict(files.save(&mut file.clone()).send().await);
                file = stored::<E>(&files).await;
            }
            // What they follow is gone.
            _ => {
                let get = files.get(E::own_key()).consistent_read().send().await.unwrap();
                assert!(get.is_none(), "{write}");
                file = E::new("a");
                files.create(&mut file).send().await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn each_attempt_leaves_a_state_of_its_own() {
    attempts_differ::<Numbered>("lineage").await;
    attempts_differ::<Zeroed>("ops").await;
    attempts_differ::<Random>("lineage").await;
    attempts_differ::<PlainRandom>("version").await;
    attempts_differ::<PlainQuoted>("version").await;
    attempts_differ::<PlainPair>("version").await;
}

/// A creates, and an attempt of it is late. B reads it and saves, which is applied and not answered. Then the item is
/// deleted, the late attempt creates it again, and a rival saves it. B must not be told that nothing was written.
async fn a_late_create_hides_no_save<E: File>() {
    let (files, script) = files().await;
    script.set(&[Fault::Late]);
    files.create(&mut E::new("a")).send().await.unwrap();
    let mut mine = stored::<E>(&files).await;
    mine.text().push('m');
    script.set(&[Fault::LostAfter]);
    let (rival, late) = (files.clone(), script.clone());
    script.meanwhile(async move {
        assert_eq!(stored::<E>(&rival).await.text(), "am", "others have read it");
        rival.delete(E::own_key()).ignore_version().send().await.unwrap();
        late.arrive().await;
        others::<E>(rival, 1).await;
    });
    unknown(files.save(&mut mine).send().await);
}

#[tokio::test]
async fn a_late_create_does_not_make_a_conflict_of_what_was_applied() {
    a_late_create_hides_no_save::<Numbered>().await;
    a_late_create_hides_no_save::<Zeroed>().await;
    a_late_create_hides_no_save::<Random>().await;
    a_late_create_hides_no_save::<Plain>().await;
    a_late_create_hides_no_save::<PlainRandom>().await;
}

/// The same for a delete that expects the version.
async fn a_late_create_hides_no_delete<E: File>() {
    let (files, script) = files().await;
    script.set(&[Fault::Late]);
    files.create(&mut E::new("a")).send().await.unwrap();
    let mine = stored::<E>(&files).await;
    script.set(&[Fault::LostAfter]);
    let (rival, late) = (files.clone(), script.clone());
    script.meanwhile(async move {
        late.arrive().await;
        others::<E>(rival, 1).await;
    });
    unknown(files.delete(E::own_key()).expect_version(mine.version()).send().await);
}

#[tokio::test]
async fn a_late_create_does_not_make_a_conflict_of_a_delete() {
    a_late_create_hides_no_delete::<Numbered>().await;
    a_late_create_hides_no_delete::<Random>().await;
    a_late_create_hides_no_delete::<Plain>().await;
    a_late_create_hides_no_delete::<PlainRandom>().await;
}

#[tokio::test(start_paused = true)]
async fn what_resolve_sends_differs_from_all_attempts_before() {
    let (files, script) = files().await;
    let mut file = Numbered::new("a");
    let mut late = [Fault::LostBefore; 9];
    late[0] = Fault::Late;
    script.set(&late);
    let outcome = unknown(files.create(&mut file).send().await);
    outcome.resolve().await.unwrap();
    let resolved = item::<Numbered>(&files).await;
    files.delete(Numbered::key()).ignore_version().send().await.unwrap();
    script.arrive().await;
    assert_ne!(item::<Numbered>(&files).await["lineage"], resolved["lineage"]);
}

/// The state of an item that is created by an update, too.
#[tokio::test]
async fn an_item_that_an_upsert_creates_begins_a_lineage() {
    let (files, script) = files().await;
    let upsert = || files.upsert(Numbered::key()).apply(Numbered::TEXT.set("a").and(Numbered::COUNT.set(0)));
    upsert().ignore_version().send().await.unwrap();
    let mut first = stored::<Numbered>(&files).await;
    upsert().ignore_version().send().await.unwrap();
    let lineage = |item: Item| item["lineage"].clone();
    let kept = lineage(item::<Numbered>(&files).await);
    assert_conflict(files.save(&mut first).send().await);
    files.delete(Numbered::key()).ignore_version().send().await.unwrap();
    script.set(&[Fault::Late]);
    upsert().ignore_version().send().await.unwrap();
    let again = lineage(item::<Numbered>(&files).await);
    assert_ne!(again, kept);
    // Its number is the same, and the item another.
    assert_conflict(files.save(&mut first).send().await);
    files.delete(Numbered::key()).ignore_version().send().await.unwrap();
    script.arrive().await;
    assert_ne!(lineage(item::<Numbered>(&files).await), again);
    // One that expects a version is a link of the lineage.
    let file = stored::<Numbered>(&files).await;
    script.set(&[Fault::LostAfter]);
    upsert().expect_version(file.version()).send().await.unwrap();
}

async fn a_put_whatever_the_version_is_seen<E: File>() {
    let (files, script) = files().await;
    let mut held = E::new("a");
    files.create(&mut held).send().await.unwrap();
    let put = |file: E| files.repository::<E>().batch_write().put_ignoring_version(&file).send();
    script.set(&[Fault::Late]);
    put(held.clone()).await.unwrap();
    assert_conflict(files.save(&mut held).send().await);
    let mut read = stored::<E>(&files).await;
    // The late attempt of it as well, and one that was not processed at first.
    script.arrive().await;
    assert_conflict(files.save(&mut read).send().await);
    let mut now = stored::<E>(&files).await;
    files.save(&mut now).send().await.unwrap();
    // That of a new entity as well.
    put(E::new("b")).await.unwrap();
    assert_conflict(files.save(&mut now).send().await);
    let mut now = stored::<E>(&files).await;
    files.save(&mut now).send().await.unwrap();
}

#[tokio::test]
async fn a_put_whatever_the_version_leaves_one_that_nobody_holds() {
    a_put_whatever_the_version_is_seen::<Numbered>().await;
    a_put_whatever_the_version_is_seen::<Zeroed>().await;
    a_put_whatever_the_version_is_seen::<Random>().await;
    a_put_whatever_the_version_is_seen::<PlainRandom>().await;
    a_put_whatever_the_version_is_seen::<PlainQuoted>().await;
    a_put_whatever_the_version_is_seen::<PlainPair>().await;
}

/// The proof by the number alone is none: the item may be deleted, and count up again.
#[tokio::test(start_paused = true)]
async fn a_larger_number_does_not_close_a_transaction() {
    let (files, script) = files().await;
    let mut file = Plain::new("a");
    files.create(&mut file).send().await.unwrap();
    file.text.push('m');
    script.set(&[Fault::Late]);
    script.meanwhile(others::<Plain>(files.clone(), 1));
    let outcome = unknown(files.save(&mut file).transactional().send().await);
    // It is applied yet.
    files.delete(Plain::key()).ignore_version().send().await.unwrap();
    files.create(&mut Plain::new("b")).send().await.unwrap();
    script.arrive().await;
    assert_eq!(stored::<Plain>(&files).await.text, "am");
    drop(outcome);
}

/// The clock of the runtime stands still while a machine sleeps.
#[tokio::test(start_paused = true)]
async fn a_token_is_not_trusted_after_a_sleep() {
    use std::sync::atomic::{AtomicU64, Ordering};
    let (files, script) = files().await;
    let seconds = std::sync::Arc::new(AtomicU64::new(1_000_000_000));
    let clock = seconds.clone();
    let files = files.with_clock(move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed)));
    let sleep = |time: u64| seconds.fetch_add(time, Ordering::Relaxed);
    files.create(&mut Plain::new("a")).send().await.unwrap();
    let count = || files.update(Plain::key()).apply(Plain::COUNT.add(1_u32)).ignore_version().transactional();

    script.set(&[Fault::LostAfter; 200]);
    let outcome = unknown(count().send().await);
    sleep(10 * 60);
    script.set(&[]);
    let outcome = unknown(outcome.resolve().await);
    assert_eq!((script.attempts(), outcome.can_be_resolved()), (0, false));

    // Neither does the SDK send it again by itself.
    script.set(&[Fault::LostAfter]);
    let clock = seconds.clone();
    script.meanwhile(async move {
        clock.fetch_add(10 * 60, Ordering::Relaxed);
    });
    unknown(count().send().await);
    assert_eq!(script.attempts(), 1);
    assert_eq!(stored::<Plain>(&files).await.count, 2);

    // A clock that was set back is not believed.
    script.set(&[Fault::LostAfter; 200]);
    let outcome = unknown(count().send().await);
    seconds.fetch_sub(3600, Ordering::Relaxed);
    script.set(&[]);
    outcome.resolve().await.unwrap();
    assert_eq!(stored::<Plain>(&files).await.count, 3);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_with_a_transaction_is_worked_off() {
    let (files, script) = files().await;
    let mut file = Numbered::new("a");
    for write in ["create", "save", "replace", "update", "delete"] {
        script.set(&[Fault::Conflict, Fault::Conflict]);
        match write {
            "create" => files.create(&mut file).send().await.unwrap(),
            "save" => files.save(&mut file).send().await.unwrap(),
            "replace" => files.replace(&mut file).send().await.unwrap(),
            // It counts, and was not applied.
            "update" => files
                .update(Numbered::key())
                .apply(Numbered::COUNT.add(1_u32))
                .ignore_version()
                .send()
                .await
                .unwrap(),
            _ => files.delete(Numbered::key()).ignore_version().send().await.unwrap(),
        }
        assert_eq!(script.attempts(), 3, "{write}");
    }
    // It is told where it does not pass.
    script.set(&[Fault::Conflict; 3]);
    match files.create(&mut file).send().await {
        Err(Error::Service(error)) => {
            assert_eq!(error.kind(), dynamap::error::ServiceErrorKind::TransactionConflict)
        }
        other => panic!("{other:?}"),
    }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Files, pk = "LIGHT")]
struct Light {
    is_on: bool,
}

/// The same put twice is not the same where another comes between.
#[tokio::test(start_paused = true)]
async fn a_put_that_is_sent_at_most_once_overwrites_nothing_later() {
    let (files, script) = files().await;
    let (on, off) = (Light { is_on: true }, Light { is_on: false });
    let stored = async || files.get(Light::key()).consistent_read().send().await.unwrap().unwrap();
    let rival = || {
        let (files, off) = (files.clone(), off.clone());
        async move { files.put(&off).send().await.unwrap() }
    };
    let set = || files.update(Light::key()).apply(Light::IS_ON.set(true));

    // As it is: the later write is overwritten.
    script.set(&[Fault::LostAfter]);
    script.meanwhile(rival());
    files.put(&on).send().await.unwrap();
    assert_eq!(stored().await, on);
    script.set(&[Fault::LostAfter]);
    script.meanwhile(rival());
    set().send().await.unwrap();
    assert_eq!(stored().await, on);

    for at_most_once in [true, false] {
        for update in [true, false] {
            script.set(&[Fault::LostAfter]);
            script.meanwhile(rival());
            let outcome = match (update, at_most_once) {
                (true, true) => set().at_most_once().send().await,
                (true, false) => set().transactional().send().await,
                (false, true) => files.put(&on).at_most_once().send().await,
                (false, false) => files.put(&on).transactional().send().await,
            };
            match at_most_once {
                true => assert!(!unknown(outcome).can_be_resolved()),
                false => outcome.unwrap(),
            }
            assert_eq!(stored().await, off);
        }
    }
}
