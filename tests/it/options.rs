//! Each option of a field through each verb: what is stored is what the entity holds, and nothing else.

use crate::MAPPING;
use dynamap::batch::BatchWrite;
use dynamap::entity::{self, Item, Versioned};
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Attribute, Entity, Table, TableSchema};
use dynamap_local::Local;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", ttl = "expires_at")]
struct Single;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at")]
struct Double;

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Address {
    city: Option<String>,
    #[dynamap(flatten)]
    post: Post,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Post {
    #[dynamap(rename = "zip-code")]
    code: Option<u32>,
    #[dynamap(default)]
    labels: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(tag = "paid by", rename_all_fields = "kebab-case")]
enum Payment {
    Cash,
    Card { last4: String, valid_until: Option<u8> },
    Bank(Account),
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Account {
    iban: String,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Delivery {
    on: u32,
    by: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Pair {
    left: u8,
    right: Option<u8>,
}

/// Stores a number with a minus sign; zero is absent.
mod negated {
    use dynamap::{
        error::{DecodeError, EncodeError},
        value::{FromAttribute, Reader, ToAttribute, Writer},
    };

    pub(super) fn write<W: Writer>(value: &u32, w: &mut W) -> Result<(), EncodeError> {
        (-i64::from(*value)).write(w)
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<u32, DecodeError> {
        let number = i64::read(r)?;
        u32::try_from(-number).map_err(|_| DecodeError::new("a negative number", "a positive number"))
    }
}

macro_rules! entities {
    ($($name:ident: $table:ident ($($keys:tt)*) { $($field:tt)* };)*) => { $(
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = $table, $($keys)*, rename_all = "camelCase")]
        struct $name {
            #[dynamap(plain)]
            tenant: u16,
            #[dynamap(key_only)]
            place: String,
            #[dynamap(rename = "n.o.t.e")]
            note: Option<String>,
            #[dynamap(default)]
            members: BTreeSet<u8>,
            #[dynamap(skip)]
            cached: u8,
            #[dynamap(serde)]
            pair: Option<Pair>,
            #[dynamap(with = negated)]
            negated: u32,
            #[dynamap(skip_if = Vec::is_empty, default, alias = "old list")]
            list_of: Vec<Option<String>>,
            #[dynamap(flatten)]
            address: Address,
            #[dynamap(flatten)]
            payment: Payment,
            #[dynamap(flatten)]
            delivery: Option<Delivery>,
            #[dynamap(ttl, rename = "expires_at")]
            expires_at: Option<EpochSeconds>,
            $($field)*
        }

        impl Subject for $name {
            fn generated(random: &mut fastrand::Rng) -> Self {
                let mut maybe = |text: &str| random.bool().then(|| text.to_owned());
                let (note, city, item) = (maybe("note"), maybe("city"), maybe("item"));
                let pair = random.bool().then(|| Pair { left: random.u8(..), right: random.bool().then_some(1) });
                Self {
                    tenant: 7,
                    place: "a#b".into(),
                    note,
                    members: (0..random.u8(..3)).collect(),
                    cached: 0,
                    pair,
                    negated: random.u32(..),
                    list_of: (0..random.u8(..3)).map(|_| item.clone()).collect(),
                    address: Address {
                        city,
                        post: Post {
                            code: random.bool().then(|| random.u32(..)),
                            labels: (0..random.u8(..3)).map(|label| label.to_string()).collect(),
                        },
                    },
                    payment: match random.u8(..3) {
                        0 => Payment::Cash,
                        1 => Payment::Card { last4: "1234".into(), valid_until: random.bool().then_some(7) },
                        _ => Payment::Bank(Account { iban: "FI".into() }),
                    },
                    delivery: random.bool().then(|| Delivery { on: 3, by: random.bool().then(|| "post".into()) }),
                    expires_at: random.bool().then_some(EpochSeconds(4_000_000_000)),
                    ..Self::rest(random)
                }
            }
        }
    )* };
}

/// What the tests need of each kind.
trait Subject: dynamap::entity::WithoutUniqueFields + Clone + PartialEq + Debug {
    fn generated(random: &mut fastrand::Rng) -> Self;
}

entities! {
    OnSingle: Single (pk = "ON#{tenant}#{place}") { more: u8 };
    OnDouble: Double (pk = "ON#{tenant}", sk = "AT#{place}") { more: u8 };
    VersionedSingle: Single (pk = "VERSIONED#{tenant}#{place}") { #[dynamap(version)] version: Version };
    VersionedDouble: Double (pk = "VERSIONED#{tenant}", sk = "AT#{place}") { #[dynamap(version, lineage = "ops")] version: Version };
}

/// The fields that not every kind has, with any values in the others.
macro_rules! rest {
    ($($name:ident { $field:ident: $value:expr };)*) => { $(
        impl $name {
            fn rest(_: &mut fastrand::Rng) -> Self {
                let post = Post { code: None, labels: BTreeSet::new() };
                Self {
                    tenant: 0,
                    place: String::new(),
                    note: None,
                    members: BTreeSet::new(),
                    cached: 0,
                    pair: None,
                    negated: 0,
                    list_of: Vec::new(),
                    address: Address { city: None, post },
                    payment: Payment::Cash,
                    delivery: None,
                    expires_at: None,
                    $field: $value,
                }
            }
        }
    )* };
}

rest! {
    OnSingle { more: 1 };
    OnDouble { more: 1 };
    VersionedSingle { version: Version::NEW };
    VersionedDouble { version: Version::NEW };
}

fn random() -> fastrand::Rng {
    let seed = std::env::var("DYNAMAP_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("DYNAMAP_SEED={seed}");
    fastrand::Rng::with_seed(seed)
}

async fn table<S: TableSchema>() -> Table<S> {
    let local = Local::memory().unwrap().checked().0;
    let table = Table::<S>::new(local.client(), "table").with_mapping(MAPPING);
    table.create_table_if_absent().send().await.unwrap();
    table
}

async fn item<E: Entity>(table: &Table<E::Table>, key: E::Key) -> Item {
    let request = table.get(key).consistent_read().into_sdk().unwrap();
    request.send().await.unwrap().item.unwrap()
}

/// What is stored is the entity, to the attribute; `ignored` are attributes that the write makes new.
#[track_caller]
fn assert_stored<E: Entity>(mut stored: Item, entity: &E, ignored: &[&str], verb: &str) {
    let mut wanted = entity::to_item(entity).unwrap();
    for name in ignored {
        stored.remove(*name);
        wanted.remove(*name);
    }
    let sorted = |item: Item| item.into_iter().collect::<BTreeMap<_, _>>();
    assert_eq!(sorted(stored), sorted(wanted), "{verb}");
}

async fn through_unversioned_verbs<E: Subject + dynamap::entity::Unchanging>() {
    let (table, random) = (table::<E::Table>().await, &mut random());
    for _ in 0..60 {
        for verb in [
            "put",
            "replace",
            "save",
            "transact put",
            "transact save",
            "transact replace",
            "transactional",
            "batch",
            "mixed batch",
        ] {
            let (before, entity) = (E::generated(random), E::generated(random));
            let key = || entity.to_key();
            table.put(&before).send().await.unwrap();
            match verb {
                "put" => table.put(&entity).send().await.unwrap(),
                "replace" => table.replace(&entity).send().await.unwrap(),
                "save" => table.save(&entity).send().await.unwrap(),
                "transact put" => table.transact_write().put(&entity).send().await.unwrap(),
                "transact save" => table.transact_write().save(&entity).send().await.unwrap(),
                "transact replace" => table.transact_write().replace(&entity).send().await.unwrap(),
                "transactional" => table.save(&entity).transactional().send().await.unwrap(),
                "batch" => drop(table.repository::<E>().batch_write().put(&entity).send().await.unwrap()),
                _ => {
                    let write = BatchWrite::put(entity.clone());
                    drop(table.batch_write().write_all(vec![write]).send().await.unwrap());
                }
            }
            assert_stored(item::<E>(&table, key()).await, &entity, &[], verb);
            assert_eq!(table.get(key()).send().await.unwrap().as_ref(), Some(&entity), "{verb}");
            assert_eq!(table.scan::<E>().try_collect().await.unwrap(), [entity], "{verb}");
        }
    }
}

async fn through_versioned_verbs<E: Subject + Versioned>() {
    let (table, random) = (table::<E::Table>().await, &mut random());
    let ignored = [E::VERSION, E::LINEAGE.unwrap()];
    for _ in 0..60 {
        let mut entity = E::generated(random);
        table.create(&mut entity).send().await.unwrap();
        for verb in ["replace", "save", "modify", "transact save", "transact replace", "batch"] {
            let version = entity.version().clone();
            entity = E::generated(random);
            *entity.version_mut() = version;
            let key = || entity.to_key();
            match verb {
                "replace" => table.replace(&mut entity).send().await.unwrap(),
                "save" => table.save(&mut entity).send().await.unwrap(),
                "modify" => {
                    let wanted = entity.clone();
                    let change = |stored: &mut E| {
                        let version = stored.version().clone();
                        *stored = wanted.clone();
                        *stored.version_mut() = version;
                        Ok::<(), ()>(())
                    };
                    entity = table.repository::<E>().modify(key(), change).send().await.unwrap();
                }
                "transact save" => table.transact_write().save(&mut entity).send().await.unwrap(),
                "transact replace" => table.transact_write().replace(&mut entity).send().await.unwrap(),
                _ => {
                    let batch = table.repository::<E>().batch_write().put_ignoring_version(&entity);
                    drop(batch.send().await.unwrap());
                }
            }
            assert_stored(item::<E>(&table, entity.to_key()).await, &entity, &ignored, verb);
            let stored = table.get(entity.to_key()).send().await.unwrap().unwrap();
            if verb != "batch" {
                assert!(stored.version() == entity.version(), "{verb}");
            }
            *entity.version_mut() = stored.version().clone();
        }
        table.delete(entity.to_key()).ignore_version().send().await.unwrap();
    }
}

#[tokio::test]
async fn each_option_goes_through_each_verb() {
    through_unversioned_verbs::<OnSingle>().await;
    through_unversioned_verbs::<OnDouble>().await;
}

#[tokio::test]
async fn each_option_goes_through_each_verb_of_entities_with_a_version() {
    through_versioned_verbs::<VersionedSingle>().await;
    through_versioned_verbs::<VersionedDouble>().await;
}

/// An attribute of an old name is read, and is under its new name alone once it is saved.
#[tokio::test]
async fn a_save_moves_what_was_stored_under_an_alias() {
    let (table, random) = (table::<Single>().await, &mut random());
    let entity = OnSingle { list_of: vec![Some("item".into())], ..OnSingle::generated(random) };
    let mut old = entity::to_item(&entity).unwrap();
    let list = old.remove("listOf").unwrap();
    old.insert("old list".into(), list);
    let put = table.client().put_item().table_name(table.name()).set_item(Some(old));
    put.send().await.unwrap();
    let read = table.get(entity.to_key()).send().await.unwrap().unwrap();
    assert_eq!(read, entity);
    table.save(&read).send().await.unwrap();
    assert_stored(item::<OnSingle>(&table, entity.to_key()).await, &entity, &[], "save");
    // What `skip_if` leaves out is removed.
    let emptied = OnSingle { list_of: Vec::new(), ..entity };
    table.save(&emptied).send().await.unwrap();
    let stored = item::<OnSingle>(&table, emptied.to_key()).await;
    assert!(!stored.contains_key("listOf"));
    assert_stored(stored, &emptied, &[], "save");
}

/// The map holds the attributes that have no field.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Single, pk = "OPEN#{id}")]
struct Open {
    id: u32,
    #[dynamap(flatten)]
    others: BTreeMap<String, String>,
    #[dynamap(version)]
    version: Version,
}

/// It is replaced as a whole: `save`, which does not know what was taken out, does not compile.
#[tokio::test]
async fn what_is_taken_out_of_a_flattened_map_is_gone() {
    let table = table::<Single>().await;
    let map = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), "x".to_owned())).collect();
    let mut open = Open { id: 7, others: map(&["a", "b"]), version: Version::NEW };
    table.create(&mut open).send().await.unwrap();
    open.others = map(&["b", "c"]);
    table.replace(&mut open).send().await.unwrap();
    assert_stored(item::<Open>(&table, Open::key(7)).await, &open, &[], "replace");
    let change = |open: &mut Open| {
        open.others.remove("b");
        open.others.insert("d".into(), "x".into());
        Ok::<(), ()>(())
    };
    let open = table.repository::<Open>().modify(Open::key(7), change).send().await.unwrap();
    assert_eq!(open.others, map(&["c", "d"]));
    assert_stored(item::<Open>(&table, Open::key(7)).await, &open, &[], "modify");
}
