//! Updates of entities that are `strict`: an item with a vector is in its vector index, or is not written.

use crate::MAPPING;
use dynamap::{
    Entity, Error, Result, Table, TableSchema, VectorIndex, entity::Item, error::ExpressionErrorKind,
    expr::Update, outcome::ConditionFailure, value::Vector,
};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByGist, ByFace))]
struct Studio;

#[derive(VectorIndex)]
#[dynamap(table = Studio, name = "by-gist", vector = "gist", dimensions = 2, distance = cosine, partition_key = "vec1pk")]
struct ByGist;

#[derive(VectorIndex)]
#[dynamap(table = Studio, name = "by-face", vector = "face", dimensions = 2, distance = cosine, partition_key = "owner")]
struct ByFace;

/// The partition key of the index is made by a template.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Studio, pk = "SKETCH#{id}")]
#[dynamap(vector_index = ByGist, vector = gist, pk = "OWNER#{owner}", strict)]
struct Sketch {
    id: u32,
    owner: Option<String>,
    gist: Option<Vector<2>>,
}

/// The partition key of the index is a field.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Studio, pk = "PORTRAIT#{id}")]
#[dynamap(vector_index = ByFace, vector = face, pk = owner, strict)]
struct Portrait {
    id: u32,
    owner: Option<String>,
    face: Option<Vector<2>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Change {
    Unchanged,
    Set,
    Removed,
}

use Change::{Removed, Set, Unchanged};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Verb {
    Update,
    Upsert,
}

/// The stored item before the update, as far as there is one: whether it has an owner and a vector.
const STORED: [Option<(bool, bool)>; 4] =
    [None, Some((false, false)), Some((true, false)), Some((true, true))];

#[derive(Debug, PartialEq)]
enum Outcome {
    Written,
    /// Nothing is sent.
    Unsearched,
    /// DynamoDB refuses the condition.
    Failed(ConditionFailure),
    NoActions,
}

fn expected(stored: Option<(bool, bool)>, verb: Verb, owner: Change, vector: Change) -> Outcome {
    match (verb, owner, vector) {
        (Verb::Update, Unchanged, Unchanged) => Outcome::NoActions,
        (_, Removed, Unchanged | Set) | (Verb::Upsert, Unchanged, Set) => Outcome::Unsearched,
        (Verb::Update, ..) if stored.is_none() => Outcome::Failed(ConditionFailure::NotTold),
        (Verb::Update, Unchanged, Set) if stored.is_some_and(|(has_owner, _)| !has_owner) => {
            Outcome::Failed(ConditionFailure::Unsearched(""))
        }
        _ => Outcome::Written,
    }
}

fn outcome(sent: Result<()>, vector: &'static str) -> Outcome {
    match sent {
        Ok(()) => Outcome::Written,
        Err(Error::Expression(error)) => match error.kind() {
            ExpressionErrorKind::Unsearched(of) if *of == vector => Outcome::Unsearched,
            ExpressionErrorKind::NoActions => Outcome::NoActions,
            kind => panic!("{kind:?}"),
        },
        Err(Error::ConditionFailed(failed)) => Outcome::Failed(match failed.reason() {
            ConditionFailure::Unsearched(of) if of == vector => ConditionFailure::Unsearched(""),
            failure => failure,
        }),
        Err(error) => panic!("{error}"),
    }
}

fn change<E>(how: Change, set: Update<E>, remove: Update<E>) -> Update<E> {
    match how {
        Unchanged => Update::none(),
        Set => set,
        Removed => remove,
    }
}

async fn stored_item<E>(studio: &Table<Studio>, key: E::Key) -> Option<Item>
where
    E: Entity<Table = Studio>,
{
    studio.repository::<E>().get(key).into_sdk().unwrap().send().await.unwrap().item
}

#[tokio::test]
async fn each_update_leaves_an_item_with_a_vector_in_its_index_or_is_refused() {
    let studio = Table::<Studio>::new(Local::memory().unwrap().client(), "studio").with_mapping(MAPPING);
    studio.create_table_if_absent().send().await.unwrap();
    let v = Vector::new([1.0, 2.0]).unwrap();
    let mut id = 0;
    macro_rules! check {
        ($($entity:ident $vector:ident $constant:ident $partition_key:literal;)*) => {
            for stored in STORED {
                for verb in [Verb::Update, Verb::Upsert] {
                    for owner in [Unchanged, Set, Removed] {
                        for vector in [Unchanged, Set, Removed] { $( {
                            id += 1;
                            let case = format!(
                                "{} {id}: {stored:?} {verb:?} owner {owner:?} vector {vector:?}",
                                $entity::NAME
                            );
                            if let Some((has_owner, has_vector)) = stored {
                                let owner = has_owner.then(|| "ada".to_owned());
                                let before = $entity { id, owner, $vector: has_vector.then(|| v.clone()) };
                                studio.put(&before).send().await.unwrap();
                            }
                            let update = change(owner, $entity::OWNER.set("bob"), $entity::OWNER.remove()).and(
                                change(vector, $entity::$constant.set(&v), $entity::$constant.remove()),
                            );
                            let key = $entity::key(id);
                            let in_memory = stored_item::<$entity>(&studio, key.clone())
                                .await
                                .map(|item| (update.apply_to(&item), item));
                            let before = stored_item::<$entity>(&studio, key.clone()).await;
                            let sent = match verb {
                                Verb::Update => studio.update(key.clone()).apply(update).send().await,
                                Verb::Upsert => studio.upsert(key.clone()).apply(update).send().await,
                            };
                            let outcome = outcome(sent, stringify!($vector));
                            assert_eq!(outcome, expected(stored, verb, owner, vector), "{case}");
                            let after = stored_item::<$entity>(&studio, key).await;
                            if outcome != Outcome::Written {
                                assert_eq!(after, before, "{case}");
                            }
                            if let (Some((in_memory, _)), Verb::Update) = (in_memory, verb) {
                                assert_eq!(in_memory.is_ok(), outcome == Outcome::Written, "{case}");
                            }
                            if let Some(item) = after {
                                let has = |name: &str| item.contains_key(name);
                                assert!(!has(stringify!($vector)) || has($partition_key), "{case}: {item:?}");
                            }
                        } )* }
                    }
                }
            }
        };
    }
    check! {
        Sketch gist GIST "vec1pk";
        Portrait face FACE "owner";
    }
}

#[tokio::test]
async fn an_update_of_a_vector_has_the_condition_in_a_transaction_too() {
    let studio = Table::<Studio>::new(Local::memory().unwrap().client(), "studio").with_mapping(MAPPING);
    studio.create_table_if_absent().send().await.unwrap();
    let v = Vector::new([1.0, 2.0]).unwrap();
    let bare = Portrait { id: 1, owner: None, face: None };
    studio.put(&bare).send().await.unwrap();
    let update = || studio.update(Portrait::key(1)).apply(Portrait::FACE.set(&v));
    let sent = studio.transact_write().update(update()).send().await;
    assert!(matches!(sent, Err(Error::TransactionCanceled(_))), "{sent:?}");
    studio.put(&Portrait { owner: Some("ada".into()), ..bare }).send().await.unwrap();
    studio.transact_write().update(update()).send().await.unwrap();
}
