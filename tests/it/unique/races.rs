//! Other writers between the requests of a call, and answers that are lost.

use super::{Club, Login, Person, club, items, key, login, not_unique, person, sentinels};
use crate::MAPPING;
use aws_sdk_dynamodb::Client;
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Entity, Error, Table};
use dynamap_local::faults::{Fault, Faults, Plan, Wakes, When};
use dynamap_local::{
    ConnectorError, Local, Request, Requests, Response, SharedTransport, Transport, TransportFuture,
};
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

const WRITE: &str = "TransactWriteItems";

/// Something that another writer does.
type Rival = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Lets rivals write before transactions, one before each.
struct Rivals {
    inner: SharedTransport,
    rivals: Arc<Mutex<Vec<Rival>>>,
}

impl fmt::Debug for Rivals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rivals")
    }
}

impl Rivals {
    async fn pass(&self, request: Request) -> Result<Response, ConnectorError> {
        if request.operation == WRITE {
            let rival = self.rivals.lock().unwrap().pop();
            if let Some(rival) = rival {
                rival.await;
            }
        }
        self.inner.call(request).await
    }
}

impl Transport for Rivals {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(self.pass(request))
    }
}

/// A club, the same without rivals, and the list of them: the last one is the first.
async fn with_rivals() -> (Table<Club>, Table<Club>, Arc<Mutex<Vec<Rival>>>, Requests) {
    let local = Local::memory().unwrap();
    let quiet = Table::<Club>::new(local.client(), "club");
    quiet.create_table_if_absent().send().await.unwrap();
    let rivals = Arc::new(Mutex::new(Vec::new()));
    let (shared, own) = (rivals.clone(), rivals.clone());
    let rivaled = local.wrap(move |inner| Arc::new(Rivals { inner, rivals: shared }) as SharedTransport);
    let (recording, requests) = rivaled.recording();
    let config = dynamap::direct::prepare(recording.config());
    let club = Table::<Club>::new(Client::from_conf(config.build()), "club").with_mapping(MAPPING);
    (club, quiet, own, requests)
}

fn rename(quiet: &Table<Club>, id: u32, email: &'static str) -> Rival {
    let quiet = quiet.clone();
    Box::pin(async move {
        quiet.update(Person::key(id)).apply(Person::EMAIL.set(email)).send().await.unwrap();
    })
}

#[tokio::test(start_paused = true)]
async fn what_changes_between_the_read_and_the_write_is_read_again() {
    let (club, quiet, rivals, requests) = with_rivals().await;
    club.create(&person(1, "a")).send().await.unwrap();
    rivals.lock().unwrap().extend([rename(&quiet, 1, "c"), rename(&quiet, 1, "b")]);
    requests.clear();
    club.save(&person(1, "d")).send().await.unwrap();
    let sent: Vec<String> = requests.take().into_iter().map(|request| request.operation).collect();
    // The item comes with each refusal.
    assert_eq!(sent, ["GetItem", WRITE, WRITE, WRITE]);
    assert_eq!(sentinels(&quiet).await.into_keys().collect::<Vec<_>>(), ["UNIQUE#Person#email#d"]);
    rivals.lock().unwrap().push(rename(&quiet, 1, "e"));
    club.delete(Person::key(1)).send().await.unwrap();
    assert_eq!(items(&quiet).await, []);
}

#[tokio::test(start_paused = true)]
async fn a_writer_that_never_stops_is_told_of() {
    let (club, quiet, rivals, _) = with_rivals().await;
    club.create(&person(1, "a")).send().await.unwrap();
    let names = ["b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    rivals.lock().unwrap().extend(names.map(|name| rename(&quiet, 1, name)));
    let Err(Error::ConditionFailed(failed)) = club.save(&person(1, "z")).send().await else {
        panic!("it was not refused")
    };
    let expected = dynamap::outcome::ConditionFailure::NotAsGiven("email");
    assert_eq!(failed.reason(), expected);
}

#[tokio::test(start_paused = true)]
async fn an_expired_value_that_another_has_taken_stays_with_it() {
    let (club, quiet, rivals, _) = with_rivals().await;
    club.create(&person(1, "a")).send().await.unwrap();
    let rival = quiet.clone();
    rivals.lock().unwrap().push(Box::pin(async move {
        // As where the clocks of two writers differ: the sentinel item counted as expired.
        let taken =
            rival.client().update_item().table_name("club").update_expression("SET owner_partition_key = :o");
        let text = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.into());
        let taken = taken.key("pk", text("UNIQUE#Person#email#a")).key("sk", text("UNIQUE"));
        taken.expression_attribute_values(":o", text(&key(2))).send().await.unwrap();
    }));
    club.save(&person(1, "b")).send().await.unwrap();
    let owners = sentinels(&quiet).await;
    assert_eq!((&owners["UNIQUE#Person#email#a"], &owners["UNIQUE#Person#email#b"]), (&key(2), &key(1)));
}

/// A write is made anew when its item has expired meanwhile: it still goes by the time of its own condition.
#[tokio::test(start_paused = true)]
async fn a_write_over_an_item_that_expires_between_its_rounds_has_its_sentinel_items() {
    let ends = Some(EpochSeconds(1_000));
    let next = || Person { expires_at: Some(EpochSeconds(9_000)), ..person(1, "c") };
    for verb in ["upsert", "update", "save", "put", "replace", "delete"] {
        let (club, quiet, rivals, _) = with_rivals().await;
        let now = Arc::new(AtomicU64::new(900));
        let (clock, later) = (now.clone(), now.clone());
        let clock = move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed));
        let (club, quiet) = (club.with_clock(clock.clone()), quiet.with_clock(clock));
        club.create(&Person { expires_at: ends, ..person(1, "a") }).send().await.unwrap();
        let renamed = rename(&quiet, 1, "b");
        rivals.lock().unwrap().push(Box::pin(async move {
            renamed.await;
            later.store(2_000, Ordering::Relaxed);
        }));
        let people = club.repository::<Person>();
        let (email, expires_at) = (Person::EMAIL.set("c"), Person::EXPIRES_AT.set(EpochSeconds(9_000)));
        let outcome = match verb {
            "upsert" => people.upsert(Person::key(1)).apply(email).apply(expires_at).send().await,
            "update" => people.update(Person::key(1)).apply(email).apply(expires_at).send().await,
            "save" => people.save(&next()).send().await,
            "put" => people.put(&next()).send().await,
            "replace" => people.replace(&next()).send().await,
            _ => people.delete(Person::key(1)).send().await,
        };
        let report = people.repair_unique().only_check().send().await.unwrap();
        assert!(report.is_clean(), "{verb}: {outcome:?}, {report:?}");
        if people.exists(Person::key(1)).send().await.unwrap() {
            let taken = quiet.create(&person(2, "c")).send().await;
            not_unique(taken, "email", Some(1));
        }
    }
}

#[tokio::test]
async fn of_two_creators_one_has_the_value() {
    let club = club().await;
    let (one, two) = (person(1, "a"), person(2, "A"));
    let (first, second) = tokio::join!(club.create(&one).send(), club.create(&two).send());
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let (failed, owner) = if first.is_ok() { (second, 1) } else { (first, 2) };
    not_unique(failed, "email", Some(owner));
    assert_eq!(items(&club).await.len(), 2);
}

/// A club with these faults of its transactions, one after another.
async fn faulty(script: impl IntoIterator<Item = Fault>) -> (Table<Club>, Table<Club>, Faults) {
    let local = Local::memory().unwrap();
    let quiet = Table::<Club>::new(local.client(), "club");
    quiet.create_table_if_absent().send().await.unwrap();
    let script = script.into_iter().map(|fault| (When::operation(WRITE), fault));
    let (faulty, faults) = local.with_faults(Plan::script(script));
    let config = dynamap::direct::prepare(faulty.config());
    let club = Table::<Club>::new(Client::from_conf(config.build()), "club").with_mapping(MAPPING);
    (club, quiet, faults)
}

/// An upsert deletes the expired item in its way: where the answer of the delete is lost, that of the upsert is known all the same.
#[tokio::test(start_paused = true)]
async fn the_lost_answer_of_a_delete_on_the_way_is_not_that_of_the_upsert() {
    let mut applied = 0;
    for (fault, times) in
        [Fault::DropAfter, Fault::DropBefore].iter().flat_map(|f| (0..30).map(move |n| (f, n)))
    {
        let (club, quiet, faults) = faulty([]).await;
        let clock = || UNIX_EPOCH + Duration::from_secs(2_000);
        let old = Person { expires_at: Some(EpochSeconds(1_000)), ..person(1, "a") };
        quiet.create(&old).send().await.unwrap();
        let people = club.with_clock(clock).repository::<Person>();
        faults.add(When::operation(WRITE).after(1).times(times), fault.clone());
        let changes = Person::EMAIL.set("b").and(Person::EXPIRES_AT.set(EpochSeconds(9_000)));
        let outcome = people.upsert(Person::key(1)).apply(changes).send().await;
        let is_there = people.exists(Person::key(1)).send().await.unwrap();
        match outcome {
            Ok(()) => {
                assert!(is_there, "{fault:?} {times}");
                applied += 1;
            }
            Err(Error::ConditionFailed(failed)) => assert!(!is_there, "{fault:?} {times}: {failed:?}"),
            Err(Error::Unknown(unknown)) => {
                let resolved = unknown.resolve().await;
                let is_there = people.exists(Person::key(1)).send().await.unwrap();
                match resolved {
                    Ok(()) => assert!(is_there, "{fault:?} {times}"),
                    Err(Error::Unknown(_)) => {}
                    Err(error) => assert!(!is_there, "{fault:?} {times}: {error:?}"),
                }
            }
            Err(error) => panic!("{fault:?} {times}: {error:?}"),
        }
    }
    assert!(applied > 10, "{applied}");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_no_violation_of_ones_own() {
    for fault in [Fault::DropAfter, Fault::ErrorAfter, Fault::Truncated(1), Fault::TransactionInProgress] {
        let (club, quiet, faults) = faulty([]).await;
        let again = || faults.add(When::operation(WRITE), fault.clone());
        again();
        club.create(&person(1, "a")).send().await.unwrap();
        again();
        club.save(&person(1, "b")).send().await.unwrap();
        let mut ada = login(1, "ada");
        again();
        club.create(&mut ada).send().await.unwrap();
        ada.name = "eve".into();
        again();
        club.save(&mut ada).send().await.unwrap();
        assert_eq!(quiet.get(Login::key(1)).send().await.unwrap(), Some(ada));
        again();
        club.delete(Person::key(1)).send().await.unwrap();
        assert_eq!(sentinels(&quiet).await.into_keys().collect::<Vec<_>>(), ["UNIQUE#Login#name#eve"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_still_arrive_is_unknown_and_no_violation() {
    let (club, quiet, faults) = faulty([Fault::Zombie(Wakes::AfterRequests(2))]).await;
    quiet.create(&person(2, "a")).send().await.unwrap();
    let error = club.create(&person(1, "a")).send().await.unwrap_err();
    let Error::Unknown(unknown) = error else { panic!("{error:?}") };
    quiet.delete(Person::key(2)).send().await.unwrap();
    unknown.resolve().await.unwrap();
    faults.drain().await;
    assert_eq!(sentinels(&quiet).await["UNIQUE#Person#email#a"], key(1));
    assert_eq!(items(&quiet).await.len(), 2);
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Club, pk = "LETTER#{id}", sk = "LETTER")]
struct Letter {
    id: u32,
    #[dynamap(version)]
    version: Version,
}

/// A message that changes a unique field beside entities without one: its second delivery finds what the first one has written.
#[tokio::test]
async fn a_message_is_acknowledged_by_all_that_it_wrote() {
    let club = club().await;
    let letter = |id| Letter { id, version: Version::NEW };
    club.create(&mut login(1, "ada")).send().await.unwrap();
    let (mut kept, mut gone) = (letter(1), letter(2));
    club.create(&mut kept).send().await.unwrap();
    club.create(&mut gone).send().await.unwrap();
    let sent_at = std::time::SystemTime::now();
    for delivery in 1..=2 {
        let message = club.clone().with_client_request_token("m-1", sent_at);
        let mut ada = message.get(Login::key(1)).send().await.unwrap().unwrap();
        let mut one = message.get(Letter::key(1)).send().await.unwrap().unwrap();
        let mut new = letter(3);
        ada.name = "lovelace".into();
        let write = message.transact_write().save(&mut ada).save(&mut one).create(&mut new);
        let write = write.write(message.delete(Letter::key(2)).expect_version(&gone.version));
        write.send().await.unwrap_or_else(|error| panic!("delivery {delivery}: {error:?}"));
    }
    let stored = club.get(Letter::key(1)).send().await.unwrap().unwrap();
    assert_eq!((kept.version.stored(), stored.version.stored()), (Some(&1), Some(&2)));
    assert!(club.exists(Letter::key(3)).send().await.unwrap());
    assert!(!club.exists(Letter::key(2)).send().await.unwrap());
    assert_eq!(Vec::from_iter(sentinels(&club).await.into_keys()), ["UNIQUE#Login#name#lovelace"]);

    // What the first delivery did not write is not acknowledged.
    for delivery in 1..=2 {
        let message = club.clone().with_client_request_token("m-2", sent_at);
        let mut ada = message.get(Login::key(1)).send().await.unwrap().unwrap();
        ada.name = "byron".into();
        let write = message.transact_write().save(&mut ada);
        let delete = message.delete(Letter::key(1)).expect_version(&stored.version);
        let sent = match delivery {
            1 => write.send().await,
            _ => write.write(delete).send().await,
        };
        assert_eq!(sent.is_ok(), delivery == 1, "{sent:?}");
    }
    assert!(club.exists(Letter::key(1)).send().await.unwrap());
}
