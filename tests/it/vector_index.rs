//! Tables with vector indexes, and the items in them.

use crate::library::{Doc, Kind, Library, Note, doc, library};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{
    Error, Table, TableSchema, VectorIndex, entity::to_item, error::ExpressionErrorKind, value::Vector,
};
use dynamap_local::Local;

/// The partition key of the item in the index by meaning.
async fn partition_key(library: &Table<Library>, doc: &Doc) -> Option<AttributeValue> {
    let item = library.get(doc.to_key()).into_sdk().unwrap().send().await.unwrap().item.unwrap();
    item.get("vec1pk").cloned()
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

#[tokio::test]
async fn a_table_is_created_with_its_vector_indexes_and_is_what_it_was_created_as() {
    let library = library().await;
    assert!(!library.create_table_if_absent().send().await.unwrap(), "it is there, with these indexes");
    library.wait_until_active().send().await.unwrap();
    let described = library.client().describe_table().table_name("library").send().await.unwrap();
    let mut names: Vec<String> = described
        .table()
        .unwrap()
        .vector_indexes()
        .iter()
        .map(|index| index.index_name().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["by-meaning", "by-place", "by-taste"]);
}

#[tokio::test]
async fn a_table_with_other_vector_indexes_is_another_schema() {
    #[derive(TableSchema)]
    #[dynamap(partition_key = "pk", vector_indexes(ByVector))]
    struct Cosine;
    #[derive(VectorIndex)]
    #[dynamap(table = Cosine, name = "vec1", vector = "v", dimensions = 2, distance = cosine, inline_filters("a", "b"))]
    struct ByVector;

    #[derive(TableSchema)]
    #[dynamap(partition_key = "pk", vector_indexes(ByLonger))]
    struct Longer;
    #[derive(VectorIndex)]
    #[dynamap(table = Longer, name = "vec1", vector = "v", dimensions = 3, distance = dot_product, partition_key = "a")]
    struct ByLonger;

    #[derive(TableSchema)]
    #[dynamap(partition_key = "pk", vector_indexes(ByOther))]
    struct Other;
    #[derive(VectorIndex)]
    #[dynamap(table = Other, name = "vec2", vector = "v", dimensions = 2, distance = cosine)]
    struct ByOther;

    let client = Local::memory().unwrap().client();
    Table::<Cosine>::new(client.clone(), "vectors").create_table_if_absent().send().await.unwrap();
    let longer = Table::<Longer>::new(client.clone(), "vectors").wait_until_active().send().await;
    assert_eq!(
        longer.unwrap_err().to_string(),
        "vector index `vec1` of table `vectors`: the schema says the vector `v` of 3 dimensions by DOT_PRODUCT, in the \
         partitions of `a`, DynamoDB has the vector `v` of 2 dimensions by COSINE, with the inline filters `a`, `b`"
    );
    let other = Table::<Other>::new(client, "vectors").wait_until_active().send().await;
    assert!(matches!(other, Err(Error::SchemaMismatch(_))));
}

#[tokio::test]
async fn the_partition_key_follows_its_template_through_writes_and_updates() {
    let library = library().await;
    let mut book = doc(1, [1.0, 0.0, 0.0, 0.0]);
    library.put(&book).send().await.unwrap();
    assert_eq!(partition_key(&library, &book).await, Some(text("TENANT#acme#Book")));
    library.update(book.to_key()).apply(Doc::KIND.set(Kind::Map)).send().await.unwrap();
    assert_eq!(partition_key(&library, &book).await, Some(text("TENANT#acme#Map")));
    library.update(book.to_key()).apply(Doc::KIND.remove()).send().await.unwrap();
    assert_eq!(partition_key(&library, &book).await, None, "it has left the index");
    book.kind = Some(Kind::Book);
    library.save(&book).send().await.unwrap();
    assert_eq!(partition_key(&library, &book).await, Some(text("TENANT#acme#Book")));
    let meaning = Vector::new([0.0, 1.0, 0.5, -0.25]).unwrap();
    library.update(book.to_key()).apply(Doc::MEANING.set(&meaning)).send().await.unwrap();
    assert_eq!(library.get(book.to_key()).send().await.unwrap().unwrap().meaning, meaning);
    assert_eq!(partition_key(&library, &book).await, Some(text("TENANT#acme#Book")));
}

#[test]
fn an_item_without_the_partition_key_is_written_unless_the_entity_is_strict() {
    let vector = Vector::new([1.0; 4]).unwrap();
    let sparse = Doc { kind: None, ..doc(1, [1.0; 4]) };
    assert!(!to_item(&sparse).unwrap().contains_key("vec1pk"));
    let note = Note { id: 1, owner: None, meaning: Some(vector) };
    let error = to_item(&note).unwrap_err().to_string();
    assert_eq!(
        error,
        "attribute `meaning`: the item has a vector, but not the partition key of the vector index"
    );
    let owned = Note { owner: Some("ada".into()), ..note.clone() };
    assert_eq!(to_item(&owned).unwrap()["vec1pk"], text("NOTES#ada"));
    let without = Note { meaning: None, ..note };
    assert!(!to_item(&without).unwrap().contains_key("vec1pk"));
}

#[tokio::test]
async fn a_strict_item_keeps_its_partition_key_as_long_as_it_has_a_vector() {
    let library = library().await;
    let note = Note { id: 1, owner: Some("ada".into()), meaning: Some(Vector::new([1.0; 4]).unwrap()) };
    library.put(&note).send().await.unwrap();
    let update = library.update(note.to_key()).apply(Note::OWNER.remove()).send().await;
    let Err(Error::Expression(error)) = update else { panic!("{update:?}") };
    assert_eq!(error.kind(), &ExpressionErrorKind::Unsearched("meaning"));
    let both = library.update(note.to_key()).apply(Note::OWNER.remove()).apply(Note::MEANING.remove());
    both.send().await.unwrap();
    let bare = Note { owner: None, meaning: None, ..note };
    assert_eq!(library.get(bare.to_key()).send().await.unwrap(), Some(bare));
}
