//! Vectors in batches, transactions, loads and dumps, and items that must be in their vector index, in each verb.

use crate::MAPPING;
use crate::library::{Doc, Kind, Library, Note, doc, library, of};
use dynamap::{
    Entity, Error, Result, Table, TableSchema, VectorIndex,
    batch::Fetched,
    entity::to_item,
    error::ExpressionErrorKind,
    op::ModifyError,
    outcome::InvalidTransactionKind,
    value::{Vector, Version},
};
use dynamap_local::{
    Local,
    faults::{Fault, Plan, Processed, When},
};
use serde_json::Value;
use std::convert::Infallible;

/// Numbers at the ends of what an `f32` holds, and some of many digits.
fn docs() -> Vec<Doc> {
    let numbers = [f32::MAX, f32::MIN, f32::MIN_POSITIVE, f32::EPSILON, 0.0, -1.5, 1.0 / 3.0, 16_777_216.0];
    let docs = (0..60_u16).map(|id| {
        let number = |at: u16| numbers[usize::from(id + at) % numbers.len()];
        let place = (id % 3 == 0).then(|| Vector::new([number(5), number(6)]).unwrap());
        let taste = (id % 4 == 0).then(|| Box::new(Vector::new([number(1), number(3), number(7)]).unwrap()));
        let shelf = (id % 8 == 0).then_some(u32::from(id));
        Doc { place, taste, shelf, ..doc(id.into(), [number(0), number(2), number(4), 1.0]) }
    });
    docs.collect()
}

fn keys() -> impl Iterator<Item = <Doc as Entity>::Key> {
    (0..60).map(|id| Doc::key("acme", id))
}

async fn all(library: &Table<Library>) -> Vec<Doc> {
    library.query(Doc::partition("acme")).consistent_read().try_collect().await.unwrap()
}

/// The documents in the index by meaning.
async fn indexed(library: &Table<Library>) -> usize {
    let near = Vector::new([0.0, 0.0, 0.0, 1.0]).unwrap();
    library.search(Doc::by_meaning("acme", Kind::Book, &near)).top_k(100).send().await.unwrap().hits.len()
}

#[tokio::test(start_paused = true)]
async fn batches_write_read_and_delete_vectors() {
    let local = Local::memory().unwrap();
    let plain = of(&local).await;
    // Some are unprocessed at first.
    let partly = (When::operation("BatchWriteItem").times(2), Fault::Partial(Processed::First(3)));
    let (faulty, _) = local.with_faults(Plan::script([partly]));
    let library = Table::<Library>::new(faulty.client(), "library").with_mapping(MAPPING);
    let report = library.repository::<Doc>().batch_write().put_all(docs()).send().await.unwrap();
    assert!(report.not_written().is_empty());
    assert_eq!((all(&plain).await, indexed(&plain).await), (docs(), 60));
    let found = library.batch_get(keys()).send().await.unwrap();
    let found: Vec<Doc> = found.into_iter().filter_map(Fetched::found).collect();
    assert_eq!(found, docs());
    library.repository::<Doc>().batch_write().delete_all(keys()).send().await.unwrap();
    assert_eq!((all(&plain).await, indexed(&plain).await), (Vec::new(), 0));
}

#[tokio::test]
async fn transactions_write_and_read_vectors() {
    let library = library().await;
    let docs = docs();
    let transaction = docs.iter().fold(library.transact_write(), |transaction, doc| transaction.create(doc));
    transaction.send().await.unwrap();
    assert_eq!((all(&library).await, indexed(&library).await), (docs.clone(), 60));
    let found = library.repository::<Doc>().transact_get(keys()).send().await.unwrap();
    assert_eq!(found.into_iter().flatten().collect::<Vec<_>>(), docs);
    let meaning = Vector::new([0.5, -0.25, 0.125, 3.0]).unwrap();
    library
        .transact_write()
        .update(library.update(Doc::key("acme", 1)).apply(Doc::MEANING.set(&meaning)))
        .update(library.update(Doc::key("acme", 2)).apply(Doc::KIND.remove()))
        .delete(Doc::key("acme", 3))
        .send()
        .await
        .unwrap();
    assert_eq!(library.get(Doc::key("acme", 1)).send().await.unwrap().unwrap().meaning, meaning);
    assert_eq!(indexed(&library).await, 58, "one is without its partition key, one is deleted");
    let canceled = library.transact_write().put(&docs[3]).create(&docs[4]).send().await;
    assert!(matches!(canceled, Err(Error::TransactionCanceled(_))));
    assert_eq!(indexed(&library).await, 58);
}

#[tokio::test]
async fn a_dump_is_loaded_into_another_table_and_searched_there() {
    let (here, there) = (library().await, library().await);
    here.repository::<Doc>().batch_write().put_all(docs()).send().await.unwrap();
    let mut file = Vec::new();
    assert_eq!(here.dump(&mut file).send().await.unwrap().items(), 60);
    assert_eq!(there.load(&file[..]).send().await.unwrap().written(), 60);
    assert_eq!((all(&there).await, indexed(&there).await), (docs(), 60));
    let mut again = Vec::new();
    there.dump(&mut again).send().await.unwrap();
    let items = |file: &[u8]| {
        let lines = std::str::from_utf8(file).unwrap().lines();
        let mut items: Vec<Value> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
        items.sort_by_key(|item| item["Item"]["sk"]["S"].to_string());
        items
    };
    assert_eq!(items(&again), items(&file));
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByGist))]
struct Memos;

#[derive(VectorIndex)]
#[dynamap(table = Memos, name = "vec1", vector = "gist", dimensions = 2, distance = cosine, partition_key = "vec1pk")]
struct ByGist;

/// Has a version, and must be in its index if it has a vector.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Memos, pk = "MEMO#{id}")]
#[dynamap(vector_index = ByGist, vector = gist, pk = "MEMOS#{owner}", strict)]
struct Memo {
    id: u32,
    owner: Option<String>,
    gist: Option<Vector<2>>,
    #[dynamap(version)]
    version: Version,
}

const SENTENCES: [&str; 2] = [
    "the item has a vector, but not the partition key of the vector index",
    "the update leaves the item its vector `meaning` without the partition key of the vector index",
];

fn is_unsearched<T: std::fmt::Debug>(verb: &str, written: Result<T>) {
    let Err(error) = written else { panic!("{verb} wrote {written:?}") };
    let mut text = error.to_string();
    match &error {
        Error::Encode(_) => {}
        Error::Expression(error) => assert!(matches!(error.kind(), ExpressionErrorKind::Unsearched(_))),
        Error::InvalidTransaction(error) => {
            assert!(matches!(error.kind(), InvalidTransactionKind::Action(_)));
            text = std::error::Error::source(error).map_or(text, |source| source.to_string());
        }
        Error::IncompleteBatch(batch) => text = batch.report().not_written()[0].reason().to_string(),
        error => panic!("{verb}: {error}"),
    }
    assert!(SENTENCES.iter().any(|sentence| text.contains(sentence)), "{verb}: {text}");
}

#[tokio::test]
async fn a_strict_item_without_its_partition_key_is_written_by_no_verb() {
    let (local, requests) = Local::memory().unwrap().recording();
    let library = of(&local).await;
    let gist = Vector::new([1.0; 4]).unwrap();
    let note = Note { id: 1, owner: None, meaning: Some(gist.clone()) };
    let notes = || library.repository::<Note>();
    requests.clear();
    is_unsearched("put", library.put(&note).send().await);
    is_unsearched("create", library.create(&note).send().await);
    is_unsearched("create_if_absent", library.create_if_absent(&note).send().await);
    is_unsearched("replace", library.replace(&note).send().await);
    is_unsearched("save_or_create", notes().save_or_create(&note).send().await);
    is_unsearched("into_sdk", library.put(&note).into_sdk().map(drop));
    is_unsearched("explain", library.put(&note).explain());
    is_unsearched("transactional", library.put(&note).transactional().send().await);
    is_unsearched("transact_write", library.transact_write().put(&note).send().await);
    is_unsearched("batch_write", notes().batch_write().put(&note).send().await);
    let set = || Note::MEANING.set(&gist).and(Note::OWNER.remove());
    is_unsearched("update", library.update(note.to_key()).apply(set()).send().await);
    is_unsearched("upsert", library.upsert(note.to_key()).apply(set()).send().await);
    let update = library.update(note.to_key()).apply(set());
    is_unsearched("update in a transaction", library.transact_write().update(update).send().await);
    assert_eq!(requests.take().len(), 0, "nothing was sent");
    let sparse = Note { meaning: None, ..note.clone() };
    library.put(&sparse).send().await.unwrap();
    let owned = Note { owner: Some("ada".into()), ..note };
    library.put(&owned).send().await.unwrap();
    assert_eq!(library.get(owned.to_key()).send().await.unwrap(), Some(owned));
}

#[tokio::test]
async fn a_strict_versioned_item_without_its_partition_key_is_not_saved() {
    let memos = Table::<Memos>::new(Local::memory().unwrap().client(), "memos").with_mapping(MAPPING);
    memos.create_table_if_absent().send().await.unwrap();
    let gist = Some(Vector::new([1.0, 2.0]).unwrap());
    let mut memo = Memo { id: 1, owner: Some("ada".into()), gist, version: Version::default() };
    memos.create(&mut memo).send().await.unwrap();
    let stored = memo.clone();
    memo.owner = None;
    is_unsearched("save", memos.save(&mut memo).send().await);
    is_unsearched("replace", memos.replace(&mut memo).send().await);
    is_unsearched("transact_write", memos.transact_write().save(&mut memo).send().await);
    let modified = memos.repository::<Memo>().modify(stored.to_key(), |memo| {
        memo.owner = None;
        Ok::<(), Infallible>(())
    });
    match modified.send().await {
        Err(ModifyError::Table(error)) => is_unsearched("modify", Err::<(), _>(error)),
        modified => panic!("{modified:?}"),
    }
    assert_eq!(memos.get(stored.to_key()).send().await.unwrap(), Some(stored.clone()));
    assert!(to_item(&stored).unwrap().contains_key("vec1pk"));
    memo.gist = None;
    memos.save(&mut memo).send().await.unwrap();
}
