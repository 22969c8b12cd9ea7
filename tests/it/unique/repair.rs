//! Repairs of sentinel items.

use super::{Club, Person, club, items, key, login, person, sentinels};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::value::EpochSeconds;
use dynamap::{Entity, Table};
use std::collections::BTreeMap;

/// The same entity, before its fields were unique.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Club, pk = "MEMBER#{id}", sk = "PROFILE", name = "Person")]
struct Before {
    id: u32,
    email: String,
}

async fn delete(club: &Table<Club>, text: &str) {
    let key = |text: &str| AttributeValue::S(text.into());
    let delete = club.client().delete_item().table_name("club").key("pk", key(text)).key("sk", key("UNIQUE"));
    delete.send().await.unwrap();
}

#[tokio::test]
async fn what_is_missing_is_added_and_orphans_are_deleted() {
    let club = club().await;
    let people = club.repository::<Person>();
    club.create(&mut login(1, "other")).send().await.unwrap();
    for (id, email) in [(1, "a"), (2, "b"), (3, "c"), (4, "d")] {
        people.create(&Person { phone: Some(id.into()), ..person(id, email) }).send().await.unwrap();
    }
    let sound = sentinels(&club).await;
    assert!(people.repair_unique().send().await.unwrap().is_clean());
    // One was deleted by a batch, one has another value, one lost its sentinel item, and one is not as long-lived.
    people.batch_write().delete_unchecked(Person::key(1)).send().await.unwrap();
    people.batch_write().put_unchecked(&Person { phone: Some(2), ..person(2, "z") }).send().await.unwrap();
    delete(&club, "UNIQUE#Person#p#3").await;
    let until = Some(EpochSeconds(4_000_000_000));
    let longer = Person { phone: Some(4), expires_at: until, ..person(4, "d") };
    people.batch_write().put_unchecked(&longer).send().await.unwrap();
    let before = items(&club).await;
    let found = people.repair_unique().only_check().send().await.unwrap();
    assert_eq!((found.missing(), found.orphans(), found.skipped()), (4, 3, 0), "{found:?}");
    assert_eq!(items(&club).await.len(), before.len());
    let mended = people.repair_unique().send().await.unwrap();
    assert_eq!((mended.missing(), mended.orphans(), mended.skipped()), (4, 3, 0), "{mended:?}");
    assert_eq!(mended.entities(), 3);
    assert!(people.repair_unique().send().await.unwrap().is_clean());
    let mut expected: BTreeMap<String, String> =
        sound.into_iter().filter(|(_, owner)| *owner != key(1)).collect();
    expected.remove("UNIQUE#Person#email#b");
    expected.insert("UNIQUE#Person#email#z".into(), key(2));
    assert_eq!(sentinels(&club).await, expected);
    let expiring = items(&club).await.into_iter().filter(|item| item.contains_key("expires_at"));
    assert_eq!(expiring.count(), 3);
}

#[tokio::test]
async fn duplicates_are_told_and_stay() {
    let club = club().await;
    let people = club.repository::<Person>();
    people.create(&person(1, "a")).send().await.unwrap();
    people.batch_write().put_unchecked(&person(2, " A")).put_unchecked(&person(3, "b")).send().await.unwrap();
    let before = sentinels(&club).await;
    let report = people.repair_unique().send().await.unwrap();
    assert_eq!((report.missing(), report.orphans()), (1, 0));
    let [duplicate] = report.duplicates() else { panic!("{report:?}") };
    assert_eq!(duplicate.constraint(), "email");
    assert_eq!((duplicate.key(), duplicate.owner()), (&Person::key(2), &Person::key(1)));
    let after = sentinels(&club).await;
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(after["UNIQUE#Person#email#a"], key(1));
    // The second one gives way, and may: its own value is held by another.
    people.save(&person(2, "c")).send().await.unwrap();
    assert!(people.repair_unique().send().await.unwrap().is_clean());
    assert_eq!(sentinels(&club).await["UNIQUE#Person#email#a"], key(1));
}

#[tokio::test]
async fn an_entity_without_unique_fields_leaves_none() {
    let club = club().await;
    club.create(&mut login(1, "other")).send().await.unwrap();
    club.create(&Before { id: 7, email: "a".into() }).send().await.unwrap();
    let people = club.repository::<Person>();
    people.create(&person(1, "b")).send().await.unwrap();
    let report = club.repository::<Before>().repair_unique().send().await.unwrap();
    assert_eq!((report.orphans(), report.missing()), (1, 0));
    assert_eq!(sentinels(&club).await.into_keys().collect::<Vec<_>>(), ["UNIQUE#Login#name#other"]);
}

/// A dry run finds what the repair would: among items of a table that was in use before, without entity types too.
#[tokio::test]
async fn a_dry_run_finds_what_a_repair_would() {
    let club = club().await;
    let people = club.repository::<Person>();
    for id in 1..=3 {
        people.batch_write().put_unchecked(&person(id, "a")).send().await.unwrap();
    }
    people.create(&person(4, "b")).send().await.unwrap();
    people.batch_write().put_unchecked(&person(4, "c")).put_unchecked(&person(5, "b")).send().await.unwrap();
    for (name, id) in [("MEMBER#0000000002", "PROFILE"), ("MEMBER#0000000005", "PROFILE")] {
        let key = |text: &str| AttributeValue::S(text.into());
        let update = club.client().update_item().table_name("club").key("pk", key(name)).key("sk", key(id));
        update.update_expression("REMOVE entity_type").send().await.unwrap();
    }
    let figures = |report: &dynamap::outcome::UniqueReport<Person>| {
        let duplicates = report.duplicates().len();
        (report.entities(), report.missing(), report.orphans(), report.skipped(), duplicates)
    };
    let expected = people.repair_unique().only_check().send().await.unwrap();
    assert_eq!(figures(&expected), (5, 3, 1, 0, 2));
    let done = people.repair_unique().send().await.unwrap();
    assert_eq!(figures(&done), figures(&expected));
    let left = people.repair_unique().send().await.unwrap();
    assert_eq!(figures(&left), (5, 0, 0, 0, 2));
}

/// A value that has no key, for its size, has no sentinel item; the other values of its item have theirs.
#[tokio::test]
async fn a_value_too_long_for_a_key_keeps_no_other_value() {
    let club = club().await;
    let people = club.repository::<Person>();
    let long = Person { phone: Some(1), ..person(1, &"x".repeat(3_000)) };
    people.batch_write().put_unchecked(&long).send().await.unwrap();
    assert_eq!(people.repair_unique().send().await.unwrap().missing(), 1);
    // What stays is not refused.
    people.update(Person::key(1)).apply(Person::PHONE.set(2)).send().await.unwrap();
    assert_eq!(Vec::from_iter(sentinels(&club).await.into_keys()), ["UNIQUE#Person#p#2"]);
    people.create(&Person { phone: Some(1), ..person(2, "b") }).send().await.unwrap();
    let changed = people.update(Person::key(1)).apply(Person::EMAIL.set("y".repeat(3_000))).send().await;
    assert!(matches!(changed, Err(dynamap::Error::Key(_))), "{changed:?}");
    people.delete(Person::key(1)).send().await.unwrap();
    people.create(&Person { phone: Some(2), ..person(3, "c") }).send().await.unwrap();
    assert!(people.repair_unique().send().await.unwrap().is_clean());
}
