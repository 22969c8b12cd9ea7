//! What was read has the key of its item, or reading refuses: a write of it would change another item.

use crate::MAPPING;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::error::DecodeError;
use dynamap::value::Version;
use dynamap::{Entity, Error, ItemCollection, Projection, Result, Table, TableSchema};
use dynamap_local::Local;
use jiff::Timestamp;
use uuid::Uuid;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Log;

/// Its sort key is a field, whose reader takes several forms of a time.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Log, pk = "EVENTS", sk = sk)]
struct Event {
    sk: Timestamp,
    text: String,
    #[dynamap(version)]
    version: Version,
}

/// Its key is plain, which takes what displays otherwise.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Log, pk = "DEVICE#{id}", sk = "{number}")]
struct Device {
    #[dynamap(plain)]
    id: Uuid,
    #[dynamap(plain)]
    number: u32,
}

/// Its key is made of a field that has an attribute of its own.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Log, pk = "USER#{name}", sk = "PROFILE")]
struct User {
    name: String,
    age: u32,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = User)]
struct Age {
    age: u32,
}

#[derive(Debug, PartialEq, ItemCollection)]
enum AnyUser {
    User(User),
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn number(text: &str) -> AttributeValue {
    AttributeValue::N(text.into())
}

/// A table with an item that another program wrote.
async fn log(attributes: &[(&str, AttributeValue)]) -> Table<Log> {
    let log = Table::<Log>::new(Local::memory().unwrap().client(), "log").with_mapping(MAPPING);
    log.create_table_if_absent().send().await.unwrap();
    let put = log.client().put_item().table_name("log");
    let put = attributes.iter().fold(put, |put, (name, value)| put.item(*name, value.clone()));
    put.send().await.unwrap();
    log
}

#[track_caller]
fn assert_other_key<T: std::fmt::Debug>(read: Result<T>, pk: &str, sk: &str) {
    match read {
        Err(Error::Decode(error)) => assert_names(&error, pk, sk),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_names(error: &DecodeError, pk: &str, sk: &str) {
    assert_eq!(error.found(), "an item with another key");
    let key = error.item_key().unwrap();
    assert_eq!((key.len(), &key["pk"], &key["sk"]), (2, &text(pk), &text(sk)));
    assert!(!format!("{error} {error:?}").contains(sk), "{error}");
}

/// By every way to read a user whose key is in lower case.
#[tokio::test]
async fn each_way_to_read_refuses_it() {
    let item = [
        ("pk", text("USER#bob")),
        ("sk", text("PROFILE")),
        ("entity_type", text("User")),
        ("name", text("Bob")),
        ("age", number("7")),
    ];
    let log = log(&item).await;
    let key = || User::key("bob");
    let refused = |read: Result<Option<User>>| assert_other_key(read, "USER#bob", "PROFILE");
    refused(log.get(key()).send().await);
    let all = |read: Result<Vec<User>>| assert_other_key(read, "USER#bob", "PROFILE");
    all(log.query(User::partition("bob")).try_collect().await);
    all(log.scan::<User>().try_collect().await);
    all(log.repository::<User>().scan().parallel(2).try_collect().await);
    let of_collection = log.query(AnyUser::partition("bob")).try_collect().await;
    assert_other_key::<Vec<AnyUser>>(of_collection, "USER#bob", "PROFILE");
    refused(log.transact_get((key(),)).send().await.map(|(user,)| user));
    let batch = log.repository::<User>().batch_get([key()]).send().await;
    assert!(batch.is_err(), "{batch:?}");
    // The entity of a failed condition, and what an update returns.
    let put = log.put(&User { name: "bob".into(), age: 8 }).condition(User::AGE.eq(99)).send().await;
    match put {
        Err(Error::ConditionFailed(failed)) => {
            assert_names(&failed.current::<User>().unwrap().unwrap_err(), "USER#bob", "PROFILE");
        }
        other => panic!("{other:?}"),
    }
    let update = log.update(key()).apply(User::AGE.set(8)).return_new().send().await;
    assert_other_key(update, "USER#bob", "PROFILE");
    let item = log.get(key()).into_sdk().unwrap().send().await.unwrap().item.unwrap();
    assert_names(&dynamap::entity::from_item::<User>(item).unwrap_err(), "USER#bob", "PROFILE");
    // What cannot be written can be read.
    assert_eq!(log.get(key()).project::<Age>().send().await.unwrap(), Some(Age { age: 8 }));
    assert_eq!(log.query(User::partition("bob")).keys().try_collect().await.unwrap(), [key()]);
}

/// The item that was read is never overwritten in another place.
#[tokio::test]
async fn forms_that_are_not_ours_are_refused() {
    let at = "2026-01-31T12:00:00.000Z";
    let event = [
        ("pk", text("EVENTS")),
        ("sk", text(at)),
        ("entity_type", text("Event")),
        ("text", text("a")),
        ("version", number("1")),
    ];
    let log = log(&event).await;
    let events = log.query(Event::partition()).try_collect().await;
    assert_other_key::<Vec<Event>>(events, "EVENTS", at);

    let id = Uuid::from_u128(0xabcdef);
    let (upper, lower) = (id.to_string().to_uppercase(), id.to_string());
    for (id, sk) in [(&upper, "42"), (&lower, "+42"), (&lower, "00042")] {
        let pk = format!("DEVICE#{id}");
        let device = [
            ("pk", text(&pk)),
            ("sk", text(sk)),
            ("entity_type", text("Device")),
            ("id", text(id)),
            ("number", number("42")),
        ];
        let log = self::log(&device).await;
        assert_other_key::<Vec<Device>>(log.scan::<Device>().try_collect().await, &pk, sk);
    }
}

/// What is written by the library is read, of each kind.
#[tokio::test]
async fn what_was_written_is_read() {
    let log = log(&[("pk", text("x")), ("sk", text("y"))]).await;
    let mut event = Event { sk: Timestamp::UNIX_EPOCH, text: "a".into(), version: Version::NEW };
    log.create(&mut event).send().await.unwrap();
    let device = Device { id: Uuid::from_u128(7), number: 42 };
    log.put(&device).send().await.unwrap();
    let user = User { name: "Bob#1".into(), age: 7 };
    log.put(&user).send().await.unwrap();
    assert_eq!(log.scan::<Event>().try_collect().await.unwrap(), [event.clone()]);
    assert_eq!(log.scan::<Device>().try_collect().await.unwrap(), vec![device.clone()]);
    assert_eq!(log.scan::<User>().try_collect().await.unwrap(), vec![user.clone()]);
    assert_eq!(log.get(event.to_key()).send().await.unwrap(), Some(event));
    assert_eq!(log.get(device.to_key()).send().await.unwrap(), Some(device));
    assert_eq!(log.get(user.to_key()).send().await.unwrap(), Some(user));
}
