//! Requests and what they are made of, before they are sent and after.

use crate::model::{
    ByTag, ByVector, HUSH, Locked, OnlyText, OwnerItem, Secret, Vault, key, locked, secret, vault,
};
use crate::{NUMBER, Shown};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::batch::{BatchWrite, project};
use dynamap::capacity::Meter;
use dynamap::collection::MemberKey;
use dynamap::cursor::ParallelCursor;
use dynamap::direct::{TransactWrites, WriteRequests};
use dynamap::export::{DataModel, Policy};
use dynamap::key::{IntoKeyCondition, KeyBuilder, KeyParser, KeyTemplate, PartialKey, Segment};
use dynamap::op::Throughput;
use dynamap::op::search_vectors::IntoVectorSearch;
use dynamap::value::{Lineage, ShortText};
use dynamap::value::{Vector, Writer};
use dynamap::wire::{AttributeValueReader, AttributeValueWriter, JsonReader, JsonWriter};
use dynamap::{Budget, Mapping};
use dynamap_local::Local;

pub(crate) async fn all(shown: &mut Shown) {
    for mapping in [Mapping::Direct, Mapping::AttributeValue] {
        requests(shown, mapping).await;
    }
    expressions(shown);
    keys(shown);
    forms(shown);
}

async fn requests(shown: &mut Shown, mapping: Mapping) {
    let vault = vault(&Local::memory().unwrap(), mapping).await;
    let budget = Budget::builder().reads(1e6).writes(1e6).build().unwrap();
    let vault = vault.with_meter(&Meter::new()).with_budget(&budget);
    let secrets = vault.repository::<Secret>();
    shown.debug("Table", &vault);
    shown.debug("Repository", &secrets);
    shown.debug("Budget", &budget);
    shown.debug("Meter", &Meter::new());
    shown.debug("CreateTableIfAbsent", &vault.create_table_if_absent());
    shown.debug("WaitUntilActive", &vault.wait_until_active());
    shown.debug("Verify", &vault.verify());
    shown.debug("UpdateTable", &vault.update_table());
    shown.debug("DeleteTable", &vault.delete_table("vault"));
    let model = DataModel::<Vault>::new("vault").sample(&secret("a")).unwrap();
    shown.debug("DataModel", &model);
    shown.debug("Policy", &Policy::<Secret>::new("vault").read().write());
    shown.debug("AddVectorIndex", &vault.add_vector_index::<ByVector>());
    shown.debug("RemoveVectorIndex", &vault.remove_vector_index::<ByVector>());
    shown.debug("WaitUntilSearchable", &vault.wait_until_searchable::<ByVector>());

    let condition = || Secret::TEXT.eq(HUSH) & Secret::PRICES.key(HUSH).gt(NUMBER as f64);
    let update =
        || Secret::TEXT.set(HUSH).and(Secret::PRICES.key(HUSH).set(1.0)).and(Secret::COUNT.add(NUMBER));
    shown.debug("PutItem", &secrets.put(&secret("a")).condition(condition()));
    shown.debug("PutItem", &secrets.create(&secret("a")));
    shown.debug("PutItem", &vault.replace(&mut locked()));
    shown.debug("DeleteItem", &secrets.delete(key("a")).condition(condition()));
    shown.debug("GetItem", &secrets.get(key("a")));
    shown.debug("GetItem", &secrets.get(key("a")).project::<OnlyText>());
    shown.debug("Exists", &secrets.exists(key("a")));
    shown.debug("UpdateItem", &secrets.update(key("a")).apply(update()).condition(condition()));
    shown.debug("UpdateItem", &vault.save(&mut locked()));
    let lock = || Locked::key(HUSH);
    shown.debug("Modify", &vault.repository::<Locked>().modify(lock(), |_| Ok::<(), String>(())));
    shown.debug("Transactional", &secrets.put(&secret("a")).transactional());
    let transaction = || {
        vault
            .transact_write()
            .put(&secret("a"))
            .update(secrets.update(key("b")).apply(update()))
            .delete(key("c"))
            .client_request_token(HUSH)
    };
    let leases = dynamap::Table::<dynamap::stream::reader::LeaseTable>::new(vault.client().clone(), "leases");
    shown.debug("UpdateThroughput", &leases.update_throughput(Throughput::OnDemand));
    shown.debug("DescribeTable", &vault.describe());
    shown.debug("TransactWriteItems", &transaction());
    shown.debug("TransactGetItems", &secrets.transact_get([key("a"), key("b")]));
    shown.debug("TransactGetItems", &secrets.transact_get([key("a")]).project::<OnlyText>());
    shown.debug("BatchGet", &secrets.batch_get([key("a")]));
    let member = || MemberKey::<OwnerItem>::from(key("a"));
    shown.debug("MemberKey", &member());
    shown.debug("GetItem", &vault.get_member(member()));
    shown.debug("BatchGet", &vault.batch_get_members([member()]));
    shown.debug("TransactGetItems", &vault.transact_get(member()));
    shown.debug("Count", &vault.query(OwnerItem::partition(HUSH)).count());
    shown.debug("MixedBatchGet", &vault.batch_get_mixed((vec![key("a")], vec![lock()])));
    let joined = secrets.batch_get([key("a")]).and(vault.batch_get_mixed((vec![key("a")], vec![lock()])));
    shown.debug("JoinedBatchGet", &joined);
    shown.debug("ProjectedKeys", &project::<OnlyText>([key("a")]));
    shown.debug("BatchWriteItem", &secrets.batch_write().put(&secret("a")).delete(key("b")));
    shown.debug("BatchWrite", &BatchWrite::<Vault>::put(secret("a")));
    shown.debug("BatchWrite", &BatchWrite::<Vault>::delete(key("a")));
    shown.debug("Load", &vault.load(HUSH.as_bytes()));
    shown.debug("Dump", &vault.dump(Vec::new()));

    let all = ["a", "b", "c"].map(secret);
    secrets.batch_write().put_all(all).send().await.unwrap();
    let query = || {
        secrets.query(Secret::partition(HUSH).name(format!("{HUSH} a")).number(NUMBER..)).filter(condition())
    };
    shown.debug("Query", &query());
    shown.debug("Query", &secrets.query(Secret::by_tag(HUSH)));
    shown.debug("Hydrate", &query().hydrate());
    shown.debug("Scan", &secrets.scan().filter(condition()));
    shown.debug("ParallelScan", &secrets.scan().parallel(2));
    shown.debug("Explanation", &query().explain().unwrap());
    shown.debug("Explanation", &secrets.put(&secret("a")).explain().unwrap());
    let vector = Vector::new([NUMBER as f32, 0.25]).unwrap();
    let selected = || Secret::by_vector(HUSH, &vector).text(HUSH);
    shown.debug("VectorSearch", &selected().into_vector_search());
    shown.debug("VectorSearch", &selected());
    let search = || secrets.search(selected()).top_k(2);
    shown.debug("SearchVectors", &search());
    shown.debug("SearchVectors", &search().project::<OnlyText>());
    shown.debug("Explanation", &search().explain().unwrap());
    let nearest = search().send().await.unwrap();
    assert_eq!(nearest.hits.len(), 2);
    shown.debug("Nearest", &nearest);
    shown.debug("Hit", &nearest.hits[0]);
    let page = secrets.query(Secret::partition(HUSH)).limit(2).send().await.unwrap();
    shown.debug("Page", &page);
    let cursor = page.cursor.unwrap();
    shown.debug("Cursor", &cursor);
    shown.debug("Query", &secrets.query(Secret::partition(HUSH)).start_after(cursor));
    crate::sealed::pages(shown, &secrets).await;
    shown.debug("Count", &secrets.query(Secret::partition(HUSH)).count());
    let mut items = secrets.scan().index::<ByTag>().items();
    shown.debug("Items", &items);
    items.next().await.unwrap().unwrap();
    shown.debug("Items", &items);
    shown.debug("Cursor", &items.cursor().unwrap());
    let mut parallel = secrets.scan().parallel(2).items().unwrap();
    parallel.next().await.unwrap().unwrap();
    shown.debug("ParallelItems", &parallel);
    shown.debug("ParallelCursor", &parallel.cursor());
    let again: ParallelCursor = parallel.cursor().to_string().parse().unwrap();
    shown.debug("ParallelCursor", &again);
    shown.debug("ParallelScan", &secrets.scan().parallel(2).start_after(again));

    let fetched = secrets.batch_get([key("a"), key("absent")]).send().await.unwrap();
    shown.debug("Fetched", &fetched);
    let updated = secrets.update(key("a")).apply(Secret::TEXT.set(HUSH)).return_updated_new();
    shown.debug("UpdateItem", &updated);
    shown.debug("Updated", &updated.send().await.unwrap());
    transaction().send().await.unwrap();
}

fn expressions(shown: &mut Shown) {
    let path = || Secret::PRICES.key(HUSH);
    shown.display("Path", &path());
    shown.debug("Attribute", &Secret::TEXT);
    shown.debug("Size", &Secret::TEXT.size());
    shown.debug("Function", &Secret::COUNT.if_not_exists(NUMBER));
    shown.debug("Arithmetic", &(Secret::COUNT + NUMBER));
    for condition in [
        Secret::TEXT.eq(HUSH),
        path().exists(),
        path().between(0.5, NUMBER as f64),
        Secret::NAMES.contains(HUSH) | !Secret::TEXT.begins_with(HUSH),
        Secret::TEXT.is_in([HUSH, "hush"]),
        // It cannot be stored, and the error stands in the condition.
        path().eq(f64::NAN),
    ] {
        shown.display("Condition", &condition);
        if let Err(error) = condition.matches(&dynamap::entity::to_item(&secret("a")).unwrap()) {
            shown.error("ExpressionError", &error);
        }
    }
    for update in [
        Secret::TEXT.set(HUSH),
        path().set(1.0).and(Secret::PARTS.append([HUSH])).and(Secret::NAMES.delete([HUSH])),
        path().remove(),
        path().set(f64::NAN),
    ] {
        shown.display("Update", &update);
    }
}

static TEMPLATE: KeyTemplate = KeyTemplate::new(
    "S#{name}#{number}",
    &[
        Segment::Text("S#"),
        Segment::Part { name: "name", plain: false },
        Segment::Text("#"),
        Segment::Part { name: "number", plain: false },
    ],
);

fn keys(shown: &mut Shown) {
    shown.debug("SecretKey", &key("a"));
    assert_eq!(format!("{:?}", key("a")), "SecretKey { owner: .., name: .., number: .. }");
    shown.debug("the steps of a key condition", &Secret::partition(HUSH));
    shown.debug("the steps of a key condition", &Secret::partition(HUSH).name(HUSH));
    let condition = Secret::partition(HUSH).name(HUSH).number(NUMBER..).into_key_condition();
    shown.debug("KeyCondition", &condition);
    let parts = condition.into_parts().unwrap();
    shown.debug("KeyConditionParts", &parts);
    for (_, operator) in &parts.sort {
        shown.debug("SortKeyOperator", operator);
    }
    shown.debug("Partition", &OwnerItem::partition(HUSH));
    let partial = PartialKey::<(), ()>::new()
        .partition("pk", Ok(AttributeValue::S(HUSH.into())))
        .sort_template("sk", &TEMPLATE)
        .part(&HUSH.to_owned());
    shown.debug("PartialKey", &partial);
    let mut builder = KeyBuilder::new(&TEMPLATE);
    builder.part(&HUSH.to_owned()).unwrap();
    shown.debug("KeyBuilder", &builder);
    shown.debug("KeyParser", &KeyParser::new(&TEMPLATE, "S#Hush#7").unwrap());
}

/// What carries values from one form into another.
fn forms(shown: &mut Shown) {
    let json = br#"{"hush":{"S":"hush"}}"#;
    shown.debug("JsonReader", &JsonReader::new(json).unwrap());
    let mut out = json.to_vec();
    shown.debug("JsonWriter", &JsonWriter::new(&mut out));
    shown.debug("AttributeValueReader", &AttributeValueReader::new(AttributeValue::S(HUSH.into())));
    let mut writer = AttributeValueWriter::new();
    writer.string(HUSH).unwrap();
    shown.debug("AttributeValueWriter", &writer);
    shown.debug("ShortText", &ShortText::from(HUSH));
    let ids = AttributeValue::B(Blob::new(b"hushhushhushhush".to_vec()));
    shown.debug("Lineage", &dynamap::wire::from_attribute_value::<Lineage>(ids).unwrap());
    let mut writes = WriteRequests::new();
    writes.put("vault", &secret("a")).unwrap();
    writes.delete("vault", &key("b")).unwrap();
    shown.debug("WriteRequests", &writes);
    let mut transaction = TransactWrites::new();
    transaction.put("vault", &secret("a")).unwrap();
    transaction.create("vault", &locked()).unwrap();
    transaction.delete("vault", &key("b")).unwrap();
    shown.debug("TransactWrites", &transaction);
}
