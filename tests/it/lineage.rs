//! Writes that know themselves in the lineage of an item, where an answer was lost.

mod instance;
mod late;
mod repeated;

use crate::MAPPING;
use crate::outcome::{Fault, Script, faulty};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::entity::{Item, Versioned, WithoutUniqueFields};
use dynamap::outcome::UnknownOutcome;
use dynamap::value::{FromZero, Version};
use dynamap::{Entity, Error, Projection, Result, Table, TableSchema};
use late::{Pair, Quoted};
use uuid::Uuid;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Files;

macro_rules! entities {
    ($($name:ident: $key:literal, $version:ty, ($($option:tt)*);)*) => { $(
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = Files, pk = $key)]
        struct $name {
            text: String,
            count: u32,
            #[dynamap(version $($option)*)]
            version: Version<$version>,
        }

        impl File for $name {
            fn new(text: &str) -> Self {
                Self { text: text.into(), count: 0, version: Version::NEW }
            }
            fn own_key() -> Self::Key {
                Self::key()
            }
            fn text(&mut self) -> &mut String {
                &mut self.text
            }
            fn counting() -> dynamap::expr::Update<Self> {
                Self::COUNT.add(1_u32)
            }
            fn count(&self) -> u32 {
                self.count
            }
        }
    )* };
}

/// What the tests need of each kind.
trait File:
    Versioned + WithoutUniqueFields + Entity<Table = Files> + Clone + PartialEq + std::fmt::Debug
{
    fn new(text: &str) -> Self;
    fn own_key() -> Self::Key;
    fn text(&mut self) -> &mut String;
    fn counting() -> dynamap::expr::Update<Self>;
    fn count(&self) -> u32;
}

entities! {
    Numbered: "NUMBERED", u64, ();
    Zeroed: "ZEROED", FromZero<i64>, (, lineage = "ops");
    Random: "RANDOM", Uuid, ();
    Plain: "PLAIN", u64, (, lineage = none);
    PlainRandom: "PLAIN-RANDOM", Uuid, (, lineage = none);
    PlainQuoted: "PLAIN-QUOTED", Quoted, (, lineage = none);
    PlainPair: "PLAIN-PAIR", Pair, (, lineage = none);
}

/// The answer of each is lost after the write.
const AFTER: [Fault; 3] = [Fault::LostAfter, Fault::ErrorAfter, Fault::TimeoutAfter];

async fn files() -> (Table<Files>, Script) {
    let (client, script) = faulty();
    let files = Table::new(client, "files").with_mapping(MAPPING);
    files.create_table_if_absent().send().await.unwrap();
    (files, script)
}

async fn stored<E: File>(files: &Table<Files>) -> E {
    files.get(E::own_key()).consistent_read().send().await.unwrap().unwrap()
}

async fn item<E: File>(files: &Table<Files>) -> Item {
    let request = files.get(E::own_key()).consistent_read().into_sdk().unwrap();
    request.send().await.unwrap().item.unwrap()
}

/// Writes that somebody else makes, one after the other.
async fn others<E: File>(files: Table<Files>, writes: usize) {
    for _ in 0..writes {
        let mut file = stored::<E>(&files).await;
        file.text().push('o');
        files.save(&mut file).send().await.unwrap();
    }
}

#[track_caller]
fn unknown<T: std::fmt::Debug>(outcome: Result<T>) -> UnknownOutcome {
    match outcome {
        Err(Error::Unknown(unknown)) => unknown,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_conflict<T: std::fmt::Debug>(outcome: Result<T>) {
    assert!(matches!(outcome, Err(Error::VersionConflict(_))), "{outcome:?}");
}

async fn own_success_is_no_conflict<E: File>() {
    for fault in AFTER {
        let (files, script) = files().await;
        let mut file = E::new("a");
        script.set(&[fault]);
        files.create(&mut file).send().await.unwrap();
        assert_eq!((script.attempts(), stored::<E>(&files).await), (2, file.clone()));
        for write in ["save", "replace"] {
            file.text().push('b');
            script.set(&[fault]);
            match write {
                "save" => files.save(&mut file).send().await.unwrap(),
                _ => files.replace(&mut file).send().await.unwrap(),
            }
            assert_eq!((script.attempts(), stored::<E>(&files).await), (2, file.clone()), "{write}");
        }
        // Counting is repeated as well: it asks for a version, so it counts once.
        script.set(&[fault]);
        let outcome =
            files.update(E::own_key()).apply(E::counting()).expect_version(file.version()).send().await;
        match E::LINEAGE {
            Some(_) => outcome.unwrap(),
            None => drop(unknown(outcome)),
        }
        assert_eq!((script.attempts(), stored::<E>(&files).await.count()), (2, 1));
        assert_conflict(files.save(&mut file).send().await);
    }
}

#[tokio::test]
async fn a_write_that_was_applied_succeeds_though_its_answer_was_lost() {
    own_success_is_no_conflict::<Numbered>().await;
    own_success_is_no_conflict::<Zeroed>().await;
    own_success_is_no_conflict::<Random>().await;
    own_success_is_no_conflict::<PlainRandom>().await;
}

/// What becomes of a save of which the first attempt was lost, before or after it was applied, and then `writes` others.
async fn save_among<E: File>(fault: Fault, writes: usize) -> (Result<()>, E, E) {
    let (files, script) = files().await;
    let mut file = E::new("a");
    files.create(&mut file).send().await.unwrap();
    let quiet = files.clone();
    file.text().push('m');
    script.set(&[fault]);
    script.meanwhile(others::<E>(quiet, writes));
    let outcome = files.save(&mut file).send().await;
    (outcome, file, stored::<E>(&files).await)
}

async fn others_do_not_hide_it<E: File>() {
    for writes in 1..8 {
        let (outcome, file, mut now) = save_among::<E>(Fault::LostAfter, writes).await;
        outcome.unwrap();
        assert_eq!(now.text(), &format!("am{}", "o".repeat(writes)));
        assert!(file.version() != now.version(), "it was superseded");
        let (outcome, file, mut now) = save_among::<E>(Fault::LostBefore, writes).await;
        assert_conflict(outcome);
        assert_eq!(now.text(), &format!("a{}", "o".repeat(writes)));
        assert!(file.version() != now.version());
    }
    // The lineage does not reach back far enough.
    for fault in [Fault::LostBefore, Fault::LostAfter] {
        let (outcome, ..) = save_among::<E>(fault, 8).await;
        let unknown = unknown(outcome);
        assert!(unknown.can_be_resolved());
    }
}

#[tokio::test]
async fn a_write_is_told_the_truth_though_others_wrote_before_it_was_repeated() {
    others_do_not_hide_it::<Numbered>().await;
    others_do_not_hide_it::<Random>().await;
}

#[tokio::test]
async fn a_number_without_a_lineage_does_not_tell_whose_it_is() {
    for (fault, writes) in [(Fault::LostAfter, 0), (Fault::LostAfter, 1), (Fault::LostBefore, 1)] {
        let (outcome, file, _) = save_among::<Plain>(fault, writes).await;
        assert!(!unknown(outcome).can_be_resolved());
        assert_eq!(file.version.stored(), Some(&1));
    }
    let (outcome, ..) = save_among::<PlainRandom>(Fault::LostBefore, 1).await;
    unknown(outcome);
    save_among::<PlainRandom>(Fault::LostAfter, 0).await.0.unwrap();
    save_among::<Plain>(Fault::LostBefore, 0).await.0.unwrap();
}

#[tokio::test]
async fn the_lineage_is_an_attribute_that_can_be_named_or_left_out() {
    let (files, _) = files().await;
    files.create(&mut Numbered::new("a")).send().await.unwrap();
    files.create(&mut Zeroed::new("a")).send().await.unwrap();
    files.create(&mut Plain::new("a")).send().await.unwrap();
    let bytes = |item: Item, name: &str| item.get(name).map(|value| value.as_b().unwrap().as_ref().len());
    assert_eq!(bytes(item::<Numbered>(&files).await, "lineage"), Some(8));
    assert_eq!(bytes(item::<Zeroed>(&files).await, "ops"), Some(8));
    assert!(!item::<Plain>(&files).await.contains_key("lineage"));
    others::<Numbered>(files.clone(), 20).await;
    assert_eq!(bytes(item::<Numbered>(&files).await, "lineage"), Some(64), "it does not grow for ever");
    // An update of which nobody knows what it follows leaves it as it is.
    let before = item::<Numbered>(&files).await["lineage"].clone();
    files.update(Numbered::key()).apply(Numbered::TEXT.set("b")).ignore_version().send().await.unwrap();
    let after = item::<Numbered>(&files).await;
    assert_eq!((&after["lineage"], &after["version"]), (&before, &AttributeValue::N("22".into())));
    others::<Numbered>(files.clone(), 1).await;
}

/// An item of another system, or from before the entity had a lineage.
#[tokio::test]
async fn an_item_without_a_lineage_gets_one() {
    let (files, script) = files().await;
    let old = [("pk", "NUMBERED"), ("entity_type", "Numbered"), ("text", "a")];
    let mut put = files.client().put_item().table_name("files");
    for (name, value) in old {
        put = put.item(name, AttributeValue::S(value.into()));
    }
    let number = |value: &str| AttributeValue::N(value.into());
    put.item("count", number("0")).item("version", number("0")).send().await.unwrap();
    let (mut mine, mut theirs) = (stored::<Numbered>(&files).await, stored::<Numbered>(&files).await);
    script.set(&[Fault::LostAfter]);
    files.save(&mut mine).send().await.unwrap();
    assert_eq!(mine.version.stored(), Some(&1));
    assert_conflict(files.save(&mut theirs).send().await);
    assert_eq!(stored::<Numbered>(&files).await, mine);
}

/// PynamoDB, dynamoose and others count from 1 again: a save of the item before would fall upon the one after.
#[tokio::test]
async fn an_item_that_was_deleted_and_created_anew_is_another() {
    let (files, _) = files().await;
    let mut old = Numbered::new("a");
    files.create(&mut old).send().await.unwrap();
    files.delete(Numbered::key()).expect_version(&old.version).send().await.unwrap();
    let mut new = Numbered::new("b");
    files.create(&mut new).send().await.unwrap();
    assert_eq!(old.version, new.version, "the numbers are the same");
    assert_conflict(files.save(&mut old).send().await);
    assert_conflict(files.delete(Numbered::key()).expect_version(&old.version).send().await);
    assert_eq!(stored::<Numbered>(&files).await, new);
}

#[derive(Debug, Projection)]
#[dynamap(entity = Numbered)]
struct VersionOnly {
    version: Version,
}

#[tokio::test]
async fn a_version_that_was_read_without_its_lineage_is_checked_by_itself() {
    let (files, _) = files().await;
    files.create(&mut Numbered::new("a")).send().await.unwrap();
    let read =
        || async { files.get(Numbered::key()).project::<VersionOnly>().send().await.unwrap().unwrap() };
    let (mine, theirs) = (read().await, read().await);
    let lineage = item::<Numbered>(&files).await["lineage"].clone();
    let update = |version: &Version| {
        files.update(Numbered::key()).apply(Numbered::TEXT.set("b")).expect_version(version).send()
    };
    update(&mine.version).await.unwrap();
    assert_conflict(update(&theirs.version).await);
    assert_eq!(item::<Numbered>(&files).await["lineage"], lineage);
}

#[tokio::test]
async fn a_delete_that_expects_a_version_deletes_at_most_what_was_read() {
    let (files, script) = files().await;
    let mut file = Numbered::new("a");
    let delete = |version: &Version| files.delete(Numbered::key()).expect_version(version).send();
    // It is repeated.
    files.create(&mut file).send().await.unwrap();
    script.set(&[Fault::LostBefore]);
    delete(&file.version).await.unwrap();
    assert_eq!(script.attempts(), 2);
    // What is gone does not tell who deleted it.
    let mut file = Numbered::new("a");
    files.create(&mut file).send().await.unwrap();
    script.set(&[Fault::LostAfter]);
    let outcome = unknown(delete(&file.version).await);
    unknown(outcome.resolve().await);
    // What is there tells that it was not deleted.
    let mut file = Numbered::new("a");
    files.create(&mut file).send().await.unwrap();
    script.set(&[Fault::LostBefore]);
    script.meanwhile(others::<Numbered>(files.clone(), 1));
    assert_conflict(delete(&file.version).await);
    // What somebody has created since is another item.
    let mut file = stored::<Numbered>(&files).await;
    script.set(&[Fault::LostAfter]);
    let again = files.clone();
    script.meanwhile(async move {
        again.create(&mut Numbered::new("theirs")).send().await.unwrap();
    });
    unknown(delete(&file.version).await);
    assert_eq!(stored::<Numbered>(&files).await.text, "theirs");
    file.text.clear();
}

#[tokio::test(start_paused = true)]
async fn a_write_that_nobody_answered_is_sent_again() {
    for first in [Fault::LostBefore, Fault::LostAfter] {
        let (files, script) = files().await;
        let mut file = Numbered::new("a");
        files.create(&mut file).send().await.unwrap();
        file.text.push('b');
        script.set(&[first, Fault::LostBefore, Fault::ErrorBefore, Fault::LostBefore]);
        files.save(&mut file).send().await.unwrap();
        assert_eq!((script.attempts(), stored::<Numbered>(&files).await), (5, file));
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_can_be_resolved_later() {
    // dynamap sends it twice again after the SDK has given up, with three attempts each time.
    let mut applied = [Fault::LostBefore; 9];
    applied[0] = Fault::LostAfter;
    for unanswered in [[Fault::LostBefore; 9], applied] {
        let (files, script) = files().await;
        let mut file = Numbered::new("a");
        script.set(&unanswered);
        let outcome = unknown(files.create(&mut file).send().await);
        assert!(outcome.can_be_resolved() && file.version.is_new());
        outcome.resolve().await.unwrap();
        let mut file = stored::<Numbered>(&files).await;

        file.text.push('b');
        script.set(&unanswered);
        let outcome = unknown(files.save(&mut file).send().await);
        outcome.resolve().await.unwrap();
        assert_eq!((file.version.stored(), stored::<Numbered>(&files).await.text.as_str()), (Some(&1), "ab"));

        // Meanwhile others wrote.
        let mut file = stored::<Numbered>(&files).await;
        let update =
            files.update(Numbered::key()).apply(Numbered::COUNT.add(1_u32)).expect_version(&file.version);
        script.set(&unanswered);
        let outcome = unknown(update.send().await);
        others::<Numbered>(files.clone(), 3).await;
        let was_applied = unanswered[0] == Fault::LostAfter;
        match outcome.resolve().await {
            Ok(()) => assert!(was_applied),
            outcome => {
                assert_conflict(outcome);
                assert!(!was_applied);
            }
        }
        assert_eq!(stored::<Numbered>(&files).await.count, u32::from(was_applied));
        file.text.clear();

        // And where it is not answered again, it stays.
        let mut file = stored::<Numbered>(&files).await;
        file.text = "last".into();
        script.set(&unanswered);
        let outcome = unknown(files.replace(&mut file).send().await);
        script.set(&[Fault::LostBefore; 3]);
        let outcome = unknown(outcome.resolve().await);
        assert!(outcome.can_be_resolved());
        outcome.resolve().await.unwrap();
        assert_eq!(stored::<Numbered>(&files).await.text, "last");
    }
}

/// The simulation found it: the repetition of an update would bring back the version of its first attempt, and whoever had
/// read that would write over what others wrote since.
#[tokio::test]
async fn a_random_version_does_not_come_back() {
    let (files, script) = files().await;
    files.create(&mut Random::new("a")).send().await.unwrap();
    script.set(&[Fault::LostAfter]);
    unknown(files.update(Random::key()).apply(Random::TEXT.set("b")).ignore_version().send().await);
    assert_eq!(script.attempts(), 1);
    // A number goes on.
    files.create(&mut Numbered::new("a")).send().await.unwrap();
    script.set(&[Fault::LostAfter]);
    files.update(Numbered::key()).apply(Numbered::TEXT.set("b")).ignore_version().send().await.unwrap();
    assert_eq!((script.attempts(), stored::<Numbered>(&files).await.version.stored()), (2, Some(&3)));
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Files, pk = "COUNTER", transactional)]
struct Counter {
    count: u32,
    #[dynamap(version, lineage = none)]
    version: Version,
}

/// Each write of it goes as a transaction, without being asked.
#[tokio::test]
async fn a_transactional_entity_is_written_once() {
    for fault in AFTER {
        let (files, script) = files().await;
        let mut counter = Counter { count: 0, version: Version::NEW };
        script.set(&[fault]);
        files.create(&mut counter).send().await.unwrap();
        script.set(&[fault]);
        files.update(Counter::key()).apply(Counter::COUNT.add(1_u32)).ignore_version().send().await.unwrap();
        let mut counter = files.get(Counter::key()).consistent_read().send().await.unwrap().unwrap();
        assert_eq!((counter.count, counter.version.stored()), (1, Some(&2)));
        counter.count = 7;
        script.set(&[fault]);
        files.save(&mut counter).send().await.unwrap();
        let mut old = counter.clone();
        let count = |counter: &mut Counter| {
            counter.count += 1;
            Ok::<(), ()>(())
        };
        script.set(&[Fault::None, fault]);
        let counter = files.repository::<Counter>().modify(Counter::key(), count).send().await.unwrap();
        assert_eq!((counter.count, counter.version.stored()), (8, Some(&4)));
        // Errors are those of the write.
        assert_conflict(files.save(&mut old).send().await);
        let outcome = files
            .update(Counter::key())
            .apply(Counter::COUNT.set(0))
            .condition(Counter::COUNT.eq(1))
            .ignore_version()
            .send()
            .await;
        assert!(matches!(outcome, Err(Error::ConditionFailed(_))), "{outcome:?}");
        script.set(&[fault]);
        files.delete(Counter::key()).ignore_version().send().await.unwrap();
        assert_eq!(files.get(Counter::key()).consistent_read().send().await.unwrap(), None);
        files.update(Counter::key()).skip_if_empty().ignore_version().send().await.unwrap();
    }
}
