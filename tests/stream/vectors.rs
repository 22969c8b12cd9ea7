//! Vectors in the records of a stream.

use aws_sdk_dynamodb::types::StreamViewType;
use aws_sdk_dynamodbstreams::types::ShardIteratorType;
use dynamap::stream::{Change, NewAndOldImages, StreamRecord};
use dynamap::{Entity, Table, TableSchema, VectorIndex, value::Vector};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByVector))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1", vector = "v", dimensions = 3, distance = euclidean, partition_key = "vec1pk")]
struct ByVector;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Library, pk = "DOC#{id}")]
#[dynamap(vector_index = ByVector, vector = v, pk = "TENANT#{tenant}")]
struct Doc {
    id: u32,
    tenant: Option<String>,
    v: Vector<3>,
}

fn doc(v: [f32; 3], tenant: Option<&str>) -> Doc {
    Doc { id: 1, tenant: tenant.map(str::to_owned), v: Vector::new(v).unwrap() }
}

#[tokio::test]
async fn changes_of_an_item_with_a_vector_are_typed() {
    let local = Local::memory().unwrap();
    let library = Table::<Library>::new(local.client(), "library");
    library.create_table_if_absent().stream(StreamViewType::NewAndOldImages).send().await.unwrap();
    let first = doc([f32::MAX, f32::MIN_POSITIVE, -0.1], Some("acme"));
    let moved = doc([1.0, 2.0, 16_777_217.0], Some("acme"));
    let sparse = Doc { tenant: None, ..moved.clone() };
    library.put(&first).send().await.unwrap();
    library.update(first.to_key()).apply(Doc::V.set(&moved.v)).send().await.unwrap();
    library.put(&sparse).send().await.unwrap();
    library.delete(first.to_key()).send().await.unwrap();

    let (arn, client) = (library.stream_arn().send().await.unwrap().unwrap(), local.streams_client());
    let shards = client.describe_stream().stream_arn(&arn).send().await.unwrap();
    let shard = shards.stream_description().unwrap().shards()[0].shard_id().unwrap().to_owned();
    let iterator = client.get_shard_iterator().stream_arn(&arn).shard_id(shard);
    let iterator = iterator.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await.unwrap();
    let records = client.get_records().set_shard_iterator(iterator.shard_iterator).send().await.unwrap();
    let changes = records.records.unwrap().into_iter().flat_map(|record| {
        let changes = StreamRecord::from(record).changes::<Doc, NewAndOldImages>().unwrap();
        changes.map(|change| change.change).collect::<Vec<_>>()
    });
    let expected = [
        Change::Insert { new: first.clone() },
        Change::Modify { old: first, new: moved.clone() },
        Change::Modify { old: moved, new: sparse.clone() },
        Change::Remove { old: sparse },
    ];
    assert_eq!(changes.collect::<Vec<_>>(), expected);
}
