//! Unique fields: the sentinel items that single calls and transactions leave, and what they refuse.

mod model;
mod races;
mod repair;

use crate::MAPPING;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::entity::Item;
use dynamap::outcome::NotUnique;
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Entity, Error, ItemCollection, Result, Table, TableSchema};
use dynamap_local::Local;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at")]
pub struct Club;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Club, pk = "MEMBER#{id}", sk = "PROFILE")]
#[dynamap(unique = "badge", fields(house, badge(digits)))]
pub struct Person {
    pub id: u32,
    #[dynamap(unique(trim, lowercase))]
    pub email: String,
    #[dynamap(unique, rename = "p")]
    pub phone: Option<u64>,
    pub house: String,
    pub badge: Option<String>,
    pub visits: u32,
    #[dynamap(ttl)]
    pub expires_at: Option<EpochSeconds>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Club, pk = "ACCOUNT#{id}", sk = "ACCOUNT")]
pub struct Login {
    pub id: u32,
    #[dynamap(unique(lowercase))]
    pub name: String,
    pub note: u32,
    #[dynamap(version)]
    pub version: Version,
}

/// A normal form of our own.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn person(id: u32, email: &str) -> Person {
    let (house, email) = ("red".into(), email.into());
    Person { id, email, phone: None, house, badge: None, visits: 0, expires_at: None }
}

fn login(id: u32, name: &str) -> Login {
    Login { id, name: name.into(), note: 0, version: Version::NEW }
}

async fn club() -> Table<Club> {
    let club = Table::<Club>::new(Local::memory().unwrap().client(), "club").with_mapping(MAPPING);
    club.create_table_if_absent().send().await.unwrap();
    club
}

async fn items(club: &Table<Club>) -> Vec<Item> {
    club.client().scan().table_name("club").consistent_read(true).send().await.unwrap().items.unwrap()
}

/// The sentinel items: the partition key and that of the owner.
async fn sentinels(club: &Table<Club>) -> BTreeMap<String, String> {
    let text = |item: &Item, name: &str| item.get(name).and_then(|value| value.as_s().ok().cloned());
    let all = items(club).await;
    let all = all.iter().filter(|item| item.get("entity_type") == Some(&AttributeValue::S("UNIQUE#".into())));
    all.map(|item| (text(item, "pk").unwrap(), text(item, "owner_partition_key").unwrap())).collect()
}

#[track_caller]
fn not_unique(result: Result<impl Debug>, field: &str, owner: Option<u32>) -> NotUnique {
    match result {
        Err(Error::NotUnique(error)) => {
            assert!(error.fields().any(|named| named == field), "{error}");
            let key = error.owner::<Person>().map(|key| key.unwrap().id);
            assert_eq!(key, owner, "{error}");
            error
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_value_is_held_by_one_entity_in_each_verb() {
    let club = club().await;
    let people = club.repository::<Person>();
    let ada = Person { phone: Some(7), badge: Some("a-1".into()), ..person(1, " Ada@X.org ") };
    people.create(&ada).send().await.unwrap();
    assert_eq!(people.get(Person::key(1)).send().await.unwrap(), Some(ada.clone()));
    let expected = ["UNIQUE#Person#badge#red#1", "UNIQUE#Person#email#ada@x.org", "UNIQUE#Person#p#7"];
    let expected = BTreeMap::from(expected.map(|text| (text.to_owned(), "MEMBER#0000000001".to_owned())));
    assert_eq!(sentinels(&club).await, expected);

    let bob = person(2, "bob@x.org");
    let taken = [
        ("email", person(2, "ADA@x.org")),
        ("phone", Person { phone: Some(7), ..bob.clone() }),
        ("badge", Person { badge: Some("1".into()), ..bob.clone() }),
    ];
    for (field, taken) in &taken {
        not_unique(people.create(taken).send().await, field, Some(1));
        not_unique(people.create_if_absent(taken).send().await, field, Some(1));
        not_unique(people.put(taken).send().await, field, Some(1));
        not_unique(people.save_or_create(taken).send().await, field, Some(1));
    }
    people.put(&bob).send().await.unwrap();
    assert!(!people.create_if_absent(&bob).send().await.unwrap());
    for (field, taken) in &taken {
        not_unique(people.put(taken).send().await, field, Some(1));
        not_unique(people.replace(taken).send().await, field, Some(1));
        not_unique(people.save(taken).send().await, field, Some(1));
        not_unique(people.save_or_create(taken).send().await, field, Some(1));
        not_unique(club.transact_write().save(taken).send().await, field, Some(1));
    }
    let update = people.update(Person::key(2)).apply(Person::PHONE.set(7));
    not_unique(update.send().await, "phone", Some(1));
    let upsert = people.upsert(Person::key(3)).apply(Person::EMAIL.set("ada@x.org"));
    not_unique(upsert.send().await, "email", Some(1));
    // Another house has badges of its own.
    let blue = Person { house: "blue".into(), badge: Some("1".into()), ..bob };
    people.save(&blue).send().await.unwrap();
    assert_eq!(sentinels(&club).await.len(), 5);
    people.delete(Person::key(1)).send().await.unwrap();
    people.delete(Person::key(2)).send().await.unwrap();
    assert_eq!(items(&club).await, []);
}

#[tokio::test]
async fn a_change_frees_the_old_value_and_a_delete_all() {
    let club = club().await;
    let people = club.repository::<Person>();
    people.create(&Person { phone: Some(7), ..person(1, "a") }).send().await.unwrap();
    people
        .update(Person::key(1))
        .apply(Person::EMAIL.set("b").and(Person::PHONE.remove()))
        .send()
        .await
        .unwrap();
    assert_eq!(sentinels(&club).await.into_keys().collect::<Vec<_>>(), ["UNIQUE#Person#email#b"]);
    people.create(&Person { phone: Some(7), ..person(2, "a") }).send().await.unwrap();
    people.save(&Person { phone: Some(8), ..person(2, "c") }).send().await.unwrap();
    people.replace(&person(2, "d")).send().await.unwrap();
    people.put(&person(2, "e")).send().await.unwrap();
    people.save_or_create(&person(2, "E ")).send().await.unwrap();
    people.upsert(Person::key(2)).apply(Person::EMAIL.set("f")).send().await.unwrap();
    let held: BTreeSet<String> = sentinels(&club).await.into_keys().collect();
    assert_eq!(held, ["UNIQUE#Person#email#b", "UNIQUE#Person#email#f"].map(str::to_owned).into());
    // An update of other fields is no transaction.
    let update =
        people.update(Person::key(2)).apply(Person::VISITS.add(1_u32)).return_new().send().await.unwrap();
    assert_eq!((update.visits, update.email.as_str()), (1, "f"));
    for id in [1, 2, 3] {
        people.delete(Person::key(id)).send().await.unwrap();
    }
    assert_eq!(items(&club).await, []);
}

#[tokio::test]
async fn versions_are_checked_before_values() {
    let club = club().await;
    let logins = club.repository::<Login>();
    let (mut ada, mut bob) = (login(1, "Ada"), login(2, "Bob"));
    logins.create(&mut ada).send().await.unwrap();
    logins.create(&mut bob).send().await.unwrap();
    let mut stale = bob.clone();
    bob.note = 1;
    logins.save(&mut bob).send().await.unwrap();
    stale.name = "ADA".into();
    assert!(matches!(logins.save(&mut stale).send().await, Err(Error::VersionConflict(_))));
    let before = bob.clone();
    bob.name = "ada".into();
    assert!(matches!(logins.save(&mut bob).send().await, Err(Error::NotUnique(_))));
    assert!(matches!(logins.replace(&mut bob).send().await, Err(Error::NotUnique(_))));
    assert_eq!(bob.version, before.version);
    bob.name = "Bobby".into();
    logins.save(&mut bob).send().await.unwrap();
    assert_eq!(logins.get(Login::key(2)).send().await.unwrap(), Some(bob.clone()));
    let modified = logins.modify(Login::key(2), |login| -> Result<(), ()> {
        login.name = "Robert".into();
        Ok(())
    });
    bob = modified.send().await.unwrap();
    let update = logins.update(Login::key(2)).expect_version(&bob.version).apply(Login::NAME.set("Bob"));
    update.send().await.unwrap();
    let taken = logins.modify(Login::key(2), |login| -> Result<(), ()> {
        login.name = "ADA".into();
        Ok(())
    });
    assert!(matches!(taken.send().await, Err(dynamap::op::ModifyError::Table(Error::NotUnique(_)))));
    let delete = logins.delete(Login::key(2)).expect_version(&bob.version).send().await;
    assert!(matches!(delete, Err(Error::VersionConflict(_))), "{delete:?}");
    logins.delete(Login::key(2)).ignore_version().send().await.unwrap();
    assert_eq!(sentinels(&club).await.into_keys().collect::<Vec<_>>(), ["UNIQUE#Login#name#ada"]);
}

#[tokio::test]
async fn a_transaction_moves_values_and_tells_whose_are_taken() {
    let club = club().await;
    let people = club.repository::<Person>();
    for (id, email) in [(1, "a"), (2, "b"), (3, "c")] {
        people.create(&person(id, email)).send().await.unwrap();
    }
    let set = |id, email: &str| people.update(Person::key(id)).apply(Person::EMAIL.set(email));
    // Two swap, and a third takes what a fourth gives up.
    club.transact_write().update(set(1, "b")).update(set(2, "a")).send().await.unwrap();
    club.transact_write().create(&person(4, "c")).delete(Person::key(3)).send().await.unwrap();
    let owners = sentinels(&club).await;
    let owner = |email: &str| owners[&format!("UNIQUE#Person#email#{email}")].clone();
    assert_eq!((owner("a"), owner("b"), owner("c")), (key(2), key(1), key(4)));
    // Two of one transaction cannot have one value.
    let twice = club.transact_write().create(&person(5, "z")).create(&person(6, "Z")).send().await;
    assert_eq!(not_unique(twice, "email", None).action().position, 1);
    let check = club.transact_write().check_exists(Person::key(1)).update(set(4, "a")).send().await;
    assert_eq!(not_unique(check, "email", Some(2)).action().position, 1);
    // Where another action is refused as well, each has its reason.
    let both = club.transact_write().check_exists(Person::key(9)).update(set(4, "a")).create(&person(7, "q"));
    let Err(Error::TransactionCanceled(canceled)) = both.send().await else { panic!("not cancelled") };
    let reasons = canceled.reasons();
    assert_eq!(reasons.len(), 3);
    assert!(reasons[0].condition_failure().is_some() && reasons[0].not_unique().is_none());
    assert!(reasons[1].not_unique().is_some() && reasons[1].condition_failure().is_none());
    assert!(reasons[1].current::<Person>().is_none() && reasons[2].code().is_none());
    assert_eq!(sentinels(&club).await, owners);
}

fn key(id: u32) -> String {
    format!("MEMBER#{id:010}")
}

#[tokio::test]
async fn expired_items_free_their_values() {
    let club = club().await;
    let now = Arc::new(AtomicU64::new(1000));
    let clock = now.clone();
    let club = club.with_clock(move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed)));
    let people = club.repository::<Person>();
    let until = |seconds| Some(EpochSeconds(seconds));
    people.create(&Person { expires_at: until(2000), ..person(1, "a") }).send().await.unwrap();
    not_unique(people.create(&person(2, "a")).send().await, "email", Some(1));
    // A time to live that is set later is that of the sentinel item.
    people.update(Person::key(1)).apply(Person::EXPIRES_AT.set(EpochSeconds(3000))).send().await.unwrap();
    now.store(2500, Ordering::Relaxed);
    not_unique(people.create(&person(2, "a")).send().await, "email", Some(1));
    now.store(3000, Ordering::Relaxed);
    people.create(&person(2, "a")).send().await.unwrap();
    // The expired one comes back with another value, though its old one has another owner now.
    not_unique(people.put(&person(1, "a")).send().await, "email", Some(2));
    people.create(&person(1, "b")).send().await.unwrap();
    let owners = sentinels(&club).await;
    assert_eq!((&owners["UNIQUE#Person#email#a"], &owners["UNIQUE#Person#email#b"]), (&key(2), &key(1)));
    // So does one that is upserted.
    people.save(&Person { expires_at: until(4000), ..person(1, "b") }).send().await.unwrap();
    now.store(4000, Ordering::Relaxed);
    people.upsert(Person::key(1)).apply(Person::EMAIL.set("c")).send().await.unwrap();
    assert_eq!(sentinels(&club).await["UNIQUE#Person#email#c"], key(1));
}

/// What a scan of the table may find.
#[derive(Debug, PartialEq, ItemCollection)]
enum MemberItem {
    Person(Person),
}

#[tokio::test]
async fn reads_of_the_table_pass_over_sentinel_items() {
    let club = club().await;
    let ada = Person { phone: Some(7), ..person(1, "a") };
    club.create(&ada).send().await.unwrap();
    assert_eq!(items(&club).await.len(), 3);
    assert_eq!(club.scan::<Person>().try_collect().await.unwrap(), std::slice::from_ref(&ada));
    assert_eq!(club.scan::<MemberItem>().count().send().await.unwrap(), 1);
    assert_eq!(club.scan::<MemberItem>().try_collect().await.unwrap(), [MemberItem::Person(ada)]);
}

#[tokio::test]
async fn requests_are_explained_with_their_sentinel_items() {
    let club = club().await;
    let people = club.repository::<Person>();
    let shown = people.create(&Person { phone: Some(7), ..person(1, "A") }).explain().unwrap().to_string();
    for part in ["TransactWriteItems", "UNIQUE#Person#email#a", "UNIQUE#Person#p#7"] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    let set = || people.update(Person::key(1)).apply(Person::EMAIL.set("B"));
    assert!(set().explain().unwrap().to_string().contains("UNIQUE#Person#email#b"));
    assert!(
        !people
            .update(Person::key(1))
            .apply(Person::VISITS.set(1_u32))
            .explain()
            .unwrap()
            .to_string()
            .contains("UNIQUE")
    );
    // The SDK's builder has what it can have without a read.
    let create = club.transact_write().create(&person(1, "a")).into_sdk().unwrap();
    assert_eq!(create.get_transact_items().as_ref().unwrap().len(), 2);
    let error = club.transact_write().update(set()).into_sdk().unwrap_err().to_string();
    assert_eq!(
        error,
        "TransactWriteItems, action 0 (Update of `Person`): it changes unique fields, and needs the stored item, which `send` reads"
    );
    let alone = "the update changes `email` together with sentinel items of unique fields, so that it is a transaction, which returns nothing";
    assert_eq!(set().into_sdk().unwrap_err().to_string(), alone);
    assert_eq!(set().return_new().send().await.unwrap_err().to_string(), alone);
}

#[tokio::test]
async fn limits_count_sentinel_items() {
    let club = club().await;
    let many: Vec<Person> = (0..51).map(|id| person(id, &format!("m{id}"))).collect();
    let create = |count: usize| many[..count].iter().fold(club.transact_write(), |all, one| all.create(one));
    let error = create(51).send().await.unwrap_err().to_string();
    assert_eq!(
        error,
        "TransactWriteItems, action 49 (Put of `Person`): 102 actions are over the limit of 100"
    );
    create(50).send().await.unwrap();
    let long = person(60, &"x".repeat(2100));
    assert!(matches!(club.create(&long).send().await, Err(Error::Key(_))));
}

#[derive(TableSchema)]
#[dynamap(partition_key = "company", sort_key = "sk")]
struct Firms;

/// An entity that has parts of its key in constraints: one that is a key attribute, and one that stands beside it.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Firms, pk = company, sk = "USER#{floor}#{id}")]
#[dynamap(unique = "badge", fields = [company, badge])]
#[dynamap(unique = "seat", fields = [company, floor, seat])]
struct Worker {
    company: String,
    floor: u32,
    id: u32,
    badge: Option<u32>,
    seat: Option<u32>,
    note: u32,
}

/// As each verb may create the item: the parts of its key are among the values that are unique.
#[tokio::test]
async fn parts_of_the_key_are_unique_whatever_verb_creates_the_item() {
    let firms = Table::<Firms>::new(Local::memory().unwrap().client(), "firms").with_mapping(MAPPING);
    firms.create_table_if_absent().send().await.unwrap();
    let workers = firms.repository::<Worker>();
    let worker =
        |id, floor, badge, seat| Worker { company: "acme".to_owned(), floor, id, badge, seat, note: 0 };
    let write = async |verb: &str, worker: Worker| {
        let Worker { company, floor, id, badge, seat, .. } = worker.clone();
        let key = Worker::key(company, floor, id);
        match verb {
            "create" => workers.create(&worker).send().await,
            "save_or_create" => workers.save_or_create(&worker).send().await,
            "upsert" => {
                let upsert = workers.upsert(key).apply(Worker::NOTE.set(1_u32));
                let upsert = match badge {
                    Some(badge) => upsert.apply(Worker::BADGE.set(badge)),
                    None => upsert,
                };
                match seat {
                    Some(seat) => upsert.apply(Worker::SEAT.set(seat)).send().await,
                    None => upsert.send().await,
                }
            }
            _ => unreachable!("{verb}"),
        }
    };
    let verbs = ["create", "save_or_create", "upsert"];
    for (at, (one, two)) in verbs.iter().flat_map(|one| verbs.map(|two| (*one, two))).enumerate() {
        let at = u32::try_from(at).unwrap() * 10;
        write(one, worker(at, 1, Some(at), Some(at))).await.unwrap();
        let taken = write(two, worker(at + 1, 2, Some(at), None)).await;
        assert!(matches!(taken, Err(Error::NotUnique(_))), "{one} {two}: {taken:?}");
        let taken = write(two, worker(at + 2, 1, None, Some(at))).await;
        assert!(matches!(taken, Err(Error::NotUnique(_))), "{one} {two}: {taken:?}");
        // A seat of another floor is another.
        write(two, worker(at + 3, 2, None, Some(at))).await.unwrap();
    }
    let report = workers.repair_unique().only_check().send().await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}
