//! Every error and report, with all its sources.

use crate::model::{
    HUSH, Locked, Named, OwnerItem, Secret, Vault, foreign, key, locked, not_storable, secret, vault,
};
use crate::{NUMBER, Shown};
use dynamap::batch::DumpReport;
use dynamap::entity::{Item, to_item};
use dynamap::error::{ExpressionErrorKind, ItemCollectionError, ItemError};
use dynamap::op::ModifyError;
use dynamap::{Cursor, Error, Mapping, Table, wire};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Faults, Plan, Processed, Throttling, When};
use std::time::Duration;

pub(crate) async fn all(shown: &mut Shown) {
    without_requests(shown);
    for mapping in [Mapping::Direct, Mapping::AttributeValue] {
        of_conditions(shown, mapping).await;
        of_unique_fields(shown, mapping).await;
        of_backfills(shown, mapping).await;
        of_transactions(shown, mapping).await;
        of_batches(shown, mapping).await;
        of_the_service(shown, mapping).await;
    }
    of_files(shown).await;
}

fn without_requests(shown: &mut Shown) {
    // A value of another type under a secret key, and an attribute with a secret name.
    let item = to_item(&secret("a")).unwrap();
    let json = String::from_utf8(wire::item_to_json(&item).unwrap()).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&json).unwrap();
    value["prices"]["M"][HUSH] = serde_json::json!({ "S": HUSH });
    let error = wire::item_from_json::<Secret>(value.to_string().as_bytes()).unwrap_err();
    assert_eq!((error.path(), error.path_unredacted()), ("prices.{key}".into(), "prices.Hush".into()));
    shown.error("DecodeError", &error);
    shown.error("Error", &Error::from(error));
    for bad in [r#"{"hush":{"X":"hush"}}"#, r#"{"hush":{"M":{"hush":{"L":"hush"}}}}"#, "hush"] {
        shown.error("DecodeError", &wire::item_from_json::<Item>(bad.as_bytes()).unwrap_err());
    }
    let error = to_item(&not_storable()).unwrap_err();
    shown.error("EncodeError", &error);
    let long = Secret { owner: HUSH.repeat(1000), ..secret("a") };
    let Err(error) = to_item(&long) else { panic!("it is too long") };
    shown.error("ItemError", &error);
    let ItemError::Key(error) = error else { panic!("{error}") };
    shown.error("KeyError", &error);
    shown.display("KeyErrorKind", error.kind());
    shown.error("CursorError", &HUSH.parse::<Cursor>().unwrap_err());
    let overlap = Secret::PRICES.key(HUSH).set(1.0).and(Secret::PRICES.set(secret("a").prices));
    let error = overlap.apply_to(&item).unwrap_err();
    let without = item.iter().filter(|(name, _)| *name != "prices");
    let without: Item = without.map(|(name, value)| (name.clone(), value.clone())).collect();
    let lacking = Secret::PRICES.key(HUSH).set(1.0).apply_to(&without).unwrap_err();
    let nan = Secret::PRICES.key(HUSH).set(f64::NAN).apply_to(&item).unwrap_err();
    for error in [error, lacking, nan] {
        let ItemError::Expression(error) = error else { panic!("{error}") };
        shown.error("ExpressionError", &error);
        shown.debug("ExpressionErrorKind", error.kind());
        if let ExpressionErrorKind::Overlap(_, path) | ExpressionErrorKind::Inapplicable(path) = error.kind()
        {
            assert_eq!(path.unredacted(), "prices.Hush");
            shown.display("Redacted", path);
        }
    }
}

async fn of_conditions(shown: &mut Shown, mapping: Mapping) {
    let vault = vault(&Local::memory().unwrap(), mapping).await;
    let secrets = vault.repository::<Secret>();
    secrets.create(&secret("a")).send().await.unwrap();
    let Err(Error::ConditionFailed(failed)) = secrets.create(&secret("a")).send().await else {
        panic!("it was not there")
    };
    assert!(failed.current::<Secret>().is_some());
    shown.error("ConditionFailed", &failed);
    let mut first = locked();
    let error = vault.save(&mut first).send().await.unwrap_err();
    let Error::NoStoredVersion(new) = error else { panic!("{error}") };
    shown.error("NoStoredVersion", &new);
    vault.create(&mut first).send().await.unwrap();
    let mut second = first.clone();
    vault.save(&mut first).send().await.unwrap();
    let Err(Error::VersionConflict(conflict)) = vault.save(&mut second).send().await else {
        panic!("no conflict")
    };
    shown.error("VersionConflict", &conflict);
    let locks = vault.repository::<Locked>();
    let refused = locks.modify(Locked::key(HUSH), |_| Err::<(), _>("no")).send().await.unwrap_err();
    let ModifyError::Refused("no") = &refused else { panic!("{refused:?}") };
    shown.debug("ModifyError", &refused);
    let absent =
        locks.modify(Locked::key(format!("{HUSH}-2")), |_| Ok::<_, &str>(())).send().await.unwrap_err();
    let ModifyError::NotFound(absent) = &absent else { panic!("{absent:?}") };
    shown.error("NotFound", absent);

    let put = vault.client().put_item().table_name("vault").set_item(Some(foreign()));
    put.send().await.unwrap();
    let error = vault.query(OwnerItem::partition(HUSH)).send().await.unwrap_err();
    let Error::ItemCollection(error) = error else { panic!("{error}") };
    let ItemCollectionError::UnknownEntity { found: Some(found), .. } = &error else { panic!("{error}") };
    assert_eq!(found.unredacted(), HUSH);
    shown.error("ItemCollectionError", &error);
}

async fn of_unique_fields(shown: &mut Shown, mapping: Mapping) {
    let vault = vault(&Local::memory().unwrap(), mapping).await;
    let all = vault.repository::<Named>();
    let named = |id: &str| Named { id: format!("{HUSH}-{id}"), name: HUSH.into() };
    all.create(&named("a")).send().await.unwrap();
    let Err(Error::NotUnique(error)) = all.create(&named("b")).send().await else { panic!("it is unique") };
    assert_eq!(error.owner::<Named>().unwrap().unwrap(), Named::key(format!("{HUSH}-a")));
    shown.error("NotUnique", &error);
    all.batch_write().put_unchecked(&named("b")).send().await.unwrap();
    shown.debug("RepairUnique", &all.repair_unique());
    let report = all.repair_unique().send().await.unwrap();
    shown.debug("UniqueReport", &report);
    shown.debug("UniqueDuplicate", &report.duplicates()[0]);
}

async fn of_backfills(shown: &mut Shown, mapping: Mapping) {
    let vault = vault(&Local::memory().unwrap(), mapping).await;
    let all = vault.repository::<Named>();
    all.create(&Named { id: HUSH.into(), name: HUSH.into() }).send().await.unwrap();
    let moved = all.backfill().change(|named| {
        named.id.push('x');
        true
    });
    shown.debug("Backfill", &moved);
    let error = moved.send().await.unwrap_err();
    let Error::IncompleteBackfill(error) = error else { panic!("{error}") };
    shown.error("IncompleteBackfill", &error);
    shown.display("BackfillReport", error.report());
    shown.debug("BackfillCheckpoint", error.report().checkpoint());
    shown.debug("BackfillFailure", &error.report().failed()[0]);
}

async fn of_transactions(shown: &mut Shown, mapping: Mapping) {
    let vault = vault(&Local::memory().unwrap(), mapping).await;
    vault.put(&secret("a")).send().await.unwrap();
    let write = vault.transact_write().create(&secret("a")).put(&secret("b")).client_request_token(HUSH);
    let Err(Error::TransactionCanceled(canceled)) = write.send().await else { panic!("not cancelled") };
    shown.error("TransactionCanceled", &canceled);
    for reason in canceled.reasons() {
        shown.display("CancellationReason", reason);
    }
    for invalid in [
        vault.transact_write().put(&secret("a")).delete(key("a")),
        vault.transact_write().put(&not_storable()).put(&secret("b")),
        vault.transact_write().put(&secret("a")).client_request_token(HUSH.repeat(20)),
    ] {
        let error = invalid.send().await.unwrap_err();
        let Error::InvalidTransaction(error) = error else { panic!("{error}") };
        shown.error("InvalidTransaction", &error);
        shown.debug("InvalidTransactionKind", error.kind());
        if let Some(action) = error.action() {
            shown.display("TransactionAction", &action);
        }
    }
}

async fn faulty(mapping: Mapping) -> (Table<Vault>, Faults) {
    let (local, faults) = Local::memory().unwrap().with_faults(Plan::script([]));
    let vault = vault(&local, mapping).await;
    vault.repository::<Secret>().batch_write().put_all(["a", "b"].map(secret)).send().await.unwrap();
    (vault, faults)
}

async fn of_batches(shown: &mut Shown, mapping: Mapping) {
    let (vault, faults) = faulty(mapping).await;
    let secrets = vault.repository::<Secret>();
    let bad = || secrets.batch_write().put(&not_storable()).put(&secret("a"));
    let Err(Error::IncompleteBatch(incomplete)) = bad().send().await else { panic!("complete") };
    shown.error("IncompleteBatch", &incomplete);
    let report = bad().report().await;
    shown.display("BatchWriteReport", &report);
    for item in report.not_written() {
        shown.debug("UnwrittenItem", item);
        shown.display("Unwritten", item.reason());
    }
    shown.debug("TableWriteReport", &report.tables()[0]);
    for operation in ["BatchGetItem", "BatchWriteItem"] {
        faults.add(When::operation(operation).always(), Fault::Partial(Processed::None));
    }
    let error = secrets.batch_get([key("a"), key("b")]).send().await.unwrap_err();
    let Error::UnprocessedKeys(error) = error else { panic!("{error}") };
    shown.error("UnprocessedKeys", &error);
    error.tables().for_each(|table| shown.debug("UnprocessedTable", &table));
    for unread in secrets.batch_get([key("a")]).report().await.unwrap() {
        let Err(unread) = unread else { panic!("it was read") };
        shown.debug("UnreadItem", &unread);
        shown.display("Unread", unread.reason());
    }
    let report = secrets.batch_write().put(&secret("a")).report().await;
    shown.display("BatchWriteReport", &report);
    assert_eq!(report.not_written().len(), 1);
}

async fn of_the_service(shown: &mut Shown, mapping: Mapping) {
    let (vault, faults) = faulty(mapping).await;
    let secrets = vault.repository::<Secret>();
    faults.add(When::operation("PutItem"), Fault::DropAfter);
    let Err(Error::Unknown(unknown)) = secrets.create(&secret("new")).send().await else {
        panic!("it is known")
    };
    shown.error("UnknownOutcome", &unknown);
    faults.add(When::operation("Query").always(), Fault::Error(400, "AccessDeniedException".into()));
    let error = secrets.query(Secret::partition(HUSH)).send().await.unwrap_err();
    shown.error("Error", &error);
    let Error::Service(error) = error else { panic!("{error}") };
    shown.error("ServiceError", &error);
    faults.add(When::operation("Scan").always(), Fault::Throttle(Throttling::KeyRange));
    let mut items = secrets.scan().parallel(2).retry_timeout(Duration::ZERO).items().unwrap();
    let Some(Err(error)) = items.next().await else { panic!("it was read") };
    shown.error("SegmentError", &error);
    let sdk = vault.client().put_item().table_name("vault").set_item(Some(foreign()));
    sdk.send().await.unwrap();
}

/// Files, and what they say of lines that are not written.
async fn of_files(shown: &mut Shown) {
    let (vault, faults) = faulty(Mapping::Direct).await;
    let lines = format!(
        r#"{{"Item":{{"pk":{{"S":"{HUSH}"}},"sk":{{"S":"{HUSH}"}},"{HUSH}":{{"S":{{"{HUSH}":{NUMBER}}}}}}}}}
{HUSH}
{{"{HUSH}":{{"M":{{"{HUSH}":{{"X":"{HUSH}"}}}}}}}}
{{"Item":{{"pk":{{"S":"{HUSH}"}},"sk":{{"S":"{HUSH}"}}}},"{HUSH}":{{}}}}
{{"Item":{{"pk":{{"N":"{NUMBER}"}},"sk":{{"S":"{HUSH}"}}}}}}
{{"Item":{{"pk":{{"S":"{HUSH}"}},"sk":{{"S":"{HUSH}"}},"{HUSH}":{{"SS":["{HUSH}","{HUSH}"]}}}}}}
"#
    );
    let mut told = Vec::new();
    let report = vault
        .load(lines.as_bytes())
        .on_unwritten(|line| told.push(format!("{line:?} {line:#?}")))
        .report()
        .await;
    assert_eq!(told.len(), 6, "{report}");
    told.iter().for_each(|line| crate::hides("UnwrittenLine", line));
    shown.display("LoadReport", &report);
    for line in report.unwritten() {
        shown.debug("UnwrittenLine", line);
        shown.error("LineError", line.error());
    }
    let stopped = vault.load(lines.as_bytes()).stop_at_first_error().send().await.unwrap_err();
    let Error::IncompleteLoad(stopped) = stopped else { panic!("{stopped}") };
    shown.error("IncompleteLoad", &stopped);
    shown.display("LoadFailure", stopped.report().failure().unwrap());

    let mut told = Vec::new();
    let dumped = vault.dump(Vec::new()).on_progress(|progress| told.push(progress.checkpoint.clone()));
    let report: DumpReport = dumped.send().await.unwrap();
    shown.display("DumpReport", &report);
    told.iter().for_each(|checkpoint| shown.debug("DumpCheckpoint", checkpoint));
    assert!(!told.is_empty());
    faults.add(When::operation("Scan").always(), Fault::Error(400, "AccessDeniedException".into()));
    let error = vault.dump(Vec::new()).send().await.unwrap_err();
    let Error::IncompleteDump(error) = error else { panic!("{error}") };
    shown.error("IncompleteDump", &error);
}
