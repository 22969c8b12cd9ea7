//! Which writes are sent again, and which can be resolved: those that ask for a version that never comes again.

use super::*;
use dynamap::capacity::{Meter, Units};
use std::time::Duration;
use tokio::time::Instant;

/// More than all attempts of a call, and of what dynamap sends again after it.
const UNANSWERED: [Fault; 20] = [Fault::LostBefore; 20];

/// Takes an attribute off the stored item, as another system may leave it.
async fn take_off<E: File>(files: &Table<Files>, attribute: &str) {
    let mut item = item::<E>(files).await;
    assert!(item.remove(attribute).is_some());
    files.client().put_item().table_name("files").set_item(Some(item)).send().await.unwrap();
}

/// What becomes of a save of the stored file that nobody answers.
async fn unanswered_save<E: File>(files: &Table<Files>, script: &Script) -> UnknownOutcome {
    let mut file = stored::<E>(files).await;
    file.text().push('m');
    script.set(&UNANSWERED);
    let outcome = unknown(files.save(&mut file).send().await);
    script.set(&[]);
    outcome
}

#[tokio::test(start_paused = true)]
async fn an_update_that_expects_a_version_is_sent_as_often_as_a_save() {
    let (files, script) = files().await;
    let mut file = Numbered::new("a");
    files.create(&mut file).send().await.unwrap();
    // Three attempts of the SDK, and twice as many when dynamap sends it again.
    for lost in [8, 9] {
        script.set(&UNANSWERED[..lost]);
        let update = files.update(Numbered::key()).apply(Numbered::COUNT.add(1_u32));
        let outcome = update.expect_version(&file.version).send().await;
        assert_eq!((script.attempts(), outcome.is_ok()), (9, lost == 8));
        file = stored::<Numbered>(&files).await;
    }
    assert_eq!(file.count, 1);
}

/// The SDK has given up after three attempts, whose units nobody knows; what dynamap sends then is a write as well.
#[tokio::test(start_paused = true)]
async fn what_is_sent_again_is_counted_as_a_write() {
    let (files, script) = files().await;
    let mut file = Numbered::new("a");
    files.create(&mut file).send().await.unwrap();
    let meter = Meter::new();
    let metered = files.clone().with_meter(&meter);
    for verb in ["save", "update", "delete"] {
        script.set(&UNANSWERED[..3]);
        match verb {
            "save" => metered.save(&mut file).send().await.unwrap(),
            "update" => {
                let update = metered.update(Numbered::key()).apply(Numbered::COUNT.add(1_u32));
                update.expect_version(&file.version).send().await.unwrap();
                file = stored::<Numbered>(&files).await;
            }
            _ => metered.delete(Numbered::key()).expect_version(&file.version).send().await.unwrap(),
        }
        let consumed = meter.reset();
        assert_eq!(
            (script.attempts(), consumed.requests, consumed.unanswered),
            (4 + usize::from(verb == "update"), 2, 1)
        );
        assert_eq!(
            (consumed.total(), consumed.estimated),
            (Units { read: 0.0, write: 1.0 }, Units::default()),
            "{verb}"
        );
    }
}

/// It may be that of another item: a number, or any version of an entity whose lineage nobody has read.
#[tokio::test]
async fn a_version_of_a_client_is_not_sent_again() {
    async fn is_sent_once<E: File>(version: E::Value) {
        let (files, script) = files().await;
        let mut file = E::new("a");
        files.create(&mut file).send().await.unwrap();
        script.set(&[Fault::LostBefore]);
        let delete = files.delete(E::own_key()).expect_version(&Version::from_stored(version));
        assert!(!unknown(delete.send().await).can_be_resolved());
        assert_eq!(script.attempts(), 1);
    }
    is_sent_once::<Numbered>(1).await;
    is_sent_once::<Random>(Uuid::nil()).await;
}

#[tokio::test(start_paused = true)]
async fn a_save_can_be_resolved_if_its_version_never_comes_again() {
    let (files, script) = files().await;
    files.create(&mut Numbered::new("a")).send().await.unwrap();
    files.create(&mut Random::new("a")).send().await.unwrap();
    files.create(&mut PlainRandom::new("a")).send().await.unwrap();
    files.create(&mut Plain::new("a")).send().await.unwrap();
    assert!(unanswered_save::<Numbered>(&files, &script).await.can_be_resolved());
    assert!(unanswered_save::<Random>(&files, &script).await.can_be_resolved());
    assert!(unanswered_save::<PlainRandom>(&files, &script).await.can_be_resolved());
    assert!(!unanswered_save::<Plain>(&files, &script).await.can_be_resolved());
    // Of another system, which writes no lineage: a number comes again, and a random version does not.
    take_off::<Numbered>(&files, "lineage").await;
    take_off::<Random>(&files, "lineage").await;
    assert!(!unanswered_save::<Numbered>(&files, &script).await.can_be_resolved());
    assert!(unanswered_save::<Random>(&files, &script).await.can_be_resolved());
    // No version at all can come again as well.
    take_off::<Random>(&files, "version").await;
    take_off::<PlainRandom>(&files, "version").await;
    assert!(!unanswered_save::<Random>(&files, &script).await.can_be_resolved());
    assert!(!unanswered_save::<PlainRandom>(&files, &script).await.can_be_resolved());
}

#[tokio::test(start_paused = true)]
async fn a_create_can_be_resolved_if_it_knows_itself_in_what_it_finds() {
    async fn unanswered<E: File>() -> UnknownOutcome {
        let (files, script) = files().await;
        script.set(&UNANSWERED);
        unknown(files.create(&mut E::new("a")).send().await)
    }
    assert!(unanswered::<Numbered>().await.can_be_resolved());
    assert!(unanswered::<PlainRandom>().await.can_be_resolved());
    assert!(!unanswered::<Plain>().await.can_be_resolved());
}

/// A create that was applied may be deleted, and another item stands in its place.
#[tokio::test]
async fn a_create_is_not_refuted_by_the_item_of_another() {
    async fn is_unknown<E: File>() {
        let (files, script) = files().await;
        script.set(&[Fault::LostAfter]);
        let rival = files.clone();
        script.meanwhile(async move {
            rival.delete(E::own_key()).ignore_version().send().await.unwrap();
            rival.create(&mut E::new("theirs")).send().await.unwrap();
        });
        unknown(files.create(&mut E::new("mine")).send().await);
    }
    is_unknown::<Numbered>().await;
    is_unknown::<Random>().await;
    is_unknown::<PlainRandom>().await;
}

/// The version is the expected one, so that nobody has written, and the other half of the condition is what failed.
#[tokio::test]
async fn a_condition_beside_the_version_is_told_from_a_conflict() {
    let (files, script) = files().await;
    macro_rules! refused {
        ($file:ident) => {
            let mut file = $file::new("a");
            files.create(&mut file).send().await.unwrap();
            for faults in [&[][..], &[Fault::LostBefore]] {
                script.set(faults);
                let update = files.update($file::key()).apply($file::COUNT.add(1_u32));
                let update = update.condition($file::COUNT.eq(7_u32)).expect_version(&file.version);
                let outcome = update.send().await;
                assert!(matches!(outcome, Err(Error::ConditionFailed(_))), "{outcome:?}");
                script.set(&[]);
            }
        };
    }
    refused!(Numbered);
    refused!(Random);
    refused!(PlainRandom);
}

#[tokio::test]
async fn an_item_that_got_a_lineage_is_another_than_one_without() {
    let (files, _) = files().await;
    files.create(&mut Numbered::new("a")).send().await.unwrap();
    take_off::<Numbered>(&files, "lineage").await;
    let mut old = stored::<Numbered>(&files).await;
    files.delete(Numbered::key()).ignore_version().send().await.unwrap();
    let mut new = Numbered::new("b");
    files.create(&mut new).send().await.unwrap();
    assert_eq!(old.version, new.version, "the numbers are the same");
    assert_conflict(files.save(&mut old).send().await);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_after_the_first_knows_itself_as_well() {
    async fn knows_itself<E: File>() {
        let (files, script) = files().await;
        let mut file = E::new("a");
        for lost in [Fault::LostBefore, Fault::Late] {
            script.set(&[lost, Fault::LostAfter]);
            file.text().push('b');
            match file.version().is_new() {
                true => files.create(&mut file).send().await.unwrap(),
                false => files.save(&mut file).send().await.unwrap(),
            }
            assert_eq!((script.attempts(), stored::<E>(&files).await), (3, file.clone()));
        }
        // It has the lineage of the attempt that was applied.
        files.save(&mut file).send().await.unwrap();
    }
    knows_itself::<Numbered>().await;
    knows_itself::<Random>().await;
    knows_itself::<PlainRandom>().await;
}

#[tokio::test(start_paused = true)]
async fn there_is_a_pause_before_a_write_is_sent_again_and_none_where_it_is_not() {
    let (files, script) = files().await;
    let mut file = Numbered::new("a");
    files.create(&mut file).send().await.unwrap();
    // The pauses of the SDK are of milliseconds here.
    fastrand::seed(7);
    let begun = Instant::now();
    script.set(&UNANSWERED);
    unknown(files.save(&mut file).send().await);
    assert!(begun.elapsed() > Duration::from_millis(100), "{:?}", begun.elapsed());
    let begun = Instant::now();
    script.set(&UNANSWERED);
    unknown(
        files
            .update(Numbered::key())
            .apply(Numbered::COUNT.add(1_u32))
            .at_most_once()
            .ignore_version()
            .send()
            .await,
    );
    // The clock stops at milliseconds.
    assert!(begun.elapsed() < Duration::from_millis(3), "{:?}", begun.elapsed());
    assert_eq!(script.attempts(), 1);
}

/// A refusal of the last attempt takes back none before it.
#[tokio::test(start_paused = true)]
async fn a_refusal_does_not_resolve_what_is_unknown() {
    let (files, script) = files().await;
    files.create(&mut Numbered::new("a")).send().await.unwrap();
    let outcome = unanswered_save::<Numbered>(&files, &script).await;
    script.set(&[Fault::Throttled; 3]);
    let outcome = unknown(outcome.resolve().await);
    assert!(outcome.can_be_resolved() && outcome.service_error().is_some());
    outcome.resolve().await.unwrap();
}

/// Of a client whose retries are not used up: the SDK would send the request again by itself.
#[tokio::test(start_paused = true)]
async fn the_sdk_sends_no_token_again_that_may_be_forgotten() {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicU64, Ordering},
        },
        time::UNIX_EPOCH,
    };
    for (passed, attempts) in [(1, 2), (600, 1)] {
        let (files, script) = files().await;
        let seconds = Arc::new(AtomicU64::new(1_000_000_000));
        let clock = seconds.clone();
        let files = files.with_clock(move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed)));
        files.create(&mut Plain::new("a")).send().await.unwrap();
        script.set(&[Fault::LostAfter]);
        script.meanwhile(async move {
            seconds.fetch_add(passed, Ordering::Relaxed);
        });
        let count = files
            .update(Plain::key())
            .apply(Plain::COUNT.add(1_u32))
            .ignore_version()
            .transactional()
            .send()
            .await;
        assert_eq!((count.is_ok(), script.attempts()), (attempts == 2, attempts));
        assert_eq!(stored::<Plain>(&files).await.count, 1);
    }
}
