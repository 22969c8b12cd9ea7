//! What is logged, at the level TRACE, while every operation succeeds and fails.

use crate::capture::{Capture, Line};
use crate::model::{HUSH, Locked, OwnerItem, Secret, Vault, foreign, key, locked, secret, vault};
use crate::{NUMBER, hides, leaks};
use dynamap::observe::{Observer, OperationRecord};
use dynamap::{Mapping, Table};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Plan, Processed, Throttling, When};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing::Level;

/// Everything that is logged by what is dynamap's and by what is the SDK's.
fn logged(mapping: Mapping) -> Vec<Line> {
    logged_and_told(mapping).0
}

/// The same, with what an observer was told.
fn logged_and_told(mapping: Mapping) -> (Vec<Line>, Vec<String>) {
    let (capture, told) = (Capture::default(), Arc::new(Told::default()));
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    tracing::subscriber::with_default(capture.clone(), || {
        runtime.block_on(everything(mapping, told.clone()))
    });
    (capture.lines(), told.0.lock().unwrap().clone())
}

/// The records of operations, as `Debug` shows them.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Observer for Told {
    fn operation_ended(&self, record: &OperationRecord<'_>) {
        self.0.lock().unwrap().push(format!("{record:?}"));
    }
}

async fn everything(mapping: Mapping, told: Arc<Told>) {
    let (local, faults) = Local::memory().unwrap().with_faults(Plan::script([]));
    let vault = vault(&local, mapping).await.with_observer(told);
    operations(&vault).await;
    for (operation, fault) in [
        ("PutItem", Fault::DropAfter),
        ("UpdateItem", Fault::DropAfter),
        ("DeleteItem", Fault::DropBefore),
        ("Query", Fault::Throttle(Throttling::KeyRange)),
        ("Scan", Fault::Error(400, "AccessDeniedException".into())),
        ("GetItem", Fault::Truncated(20)),
        ("TransactWriteItems", Fault::TransactionInProgress),
        ("TransactWriteItems", Fault::canceled(["TransactionConflict", "None"])),
        ("TransactGetItems", Fault::TransactionConflict),
        ("BatchGetItem", Fault::Partial(Processed::None)),
        ("BatchWriteItem", Fault::Partial(Processed::None)),
        ("BatchWriteItem", Fault::Corrupted(3)),
    ] {
        faults.add(When::operation(operation), fault);
    }
    operations(&vault).await;
    operations(&vault).await;
}

/// Every operation, with success and with failure; what becomes of them does not matter here.
async fn operations(vault: &Table<Vault>) {
    let (secrets, locks) = (vault.repository::<Secret>(), vault.repository::<Locked>());
    let _ = vault.create_table_if_absent().send().await;
    let _ = secrets.delete(key("a")).send().await;
    for _ in 0..2 {
        let _ = secrets.create(&secret("a")).send().await;
    }
    let _ = secrets.put(&secret("b")).send().await;
    let _ = secrets.replace(&secret("absent")).send().await;
    let never = || Secret::TEXT.eq("hush hush") & Secret::PRICES.key(HUSH).gt(NUMBER as f64);
    let _ = secrets.put(&secret("b")).condition(never()).send().await;
    let update = || Secret::TEXT.set(HUSH).and(Secret::PRICES.key(HUSH).set(1.0));
    let _ = secrets.update(key("a")).apply(update()).send().await;
    let _ = secrets.update(key("a")).apply(update()).condition(never()).send().await;
    let _ = secrets.upsert(key("u")).apply(Secret::COUNT.add(NUMBER)).return_updated_new().send().await;
    let _ = vault.delete(Locked::key(HUSH)).ignore_version().send().await;
    let mut first = locked();
    let _ = vault.create(&mut first).send().await;
    let mut second = first.clone();
    let _ = vault.save(&mut first).send().await;
    let _ = vault.save(&mut second).send().await;
    let _ = locks.modify(Locked::key(HUSH), |_| Ok::<(), String>(())).send().await;
    let _ = secrets.get(key("a")).send().await;
    let _ = secrets.exists(key("a")).send().await;
    let _ = secrets.query(Secret::partition(HUSH)).filter(never()).send().await;
    let _ = secrets.query(Secret::by_tag(HUSH)).try_collect().await;
    let _ = secrets.scan().try_collect().await;
    let vector = dynamap::value::Vector::new([0.5, 1.5]).unwrap();
    let _ = vault.search(Secret::by_vector(HUSH, &vector).text(HUSH)).send().await;
    let _ = secrets.scan().parallel(2).retry_timeout(Duration::ZERO).try_collect().await;
    let _ = secrets.batch_get([key("a"), key("absent")]).send().await;
    let _ = secrets.batch_write().put(&secret("a")).delete(key("b")).send().await;
    let _ = secrets.transact_get([key("a"), key("b")]).send().await;
    let both = || vault.transact_write().create(&secret("a")).put(&secret("b")).client_request_token(HUSH);
    let _ = both().retry_timeout(Duration::from_secs(1)).send().await;
    let _ = vault.transact_write().put(&secret("a")).put(&secret("b")).send().await;
    let lines = format!(r#"{{"pk":{{"S":"{HUSH}"}},"sk":{{"S":"{HUSH}"}},"{HUSH}":{{"N":"{NUMBER}"}}}}"#);
    let _ = vault.load(lines.as_bytes()).send().await;
    let _ = vault.load(HUSH.as_bytes()).send().await;
    let _ = vault.dump(Vec::new()).send().await;
    let raw = vault.client().put_item().table_name("vault").set_item(Some(foreign()));
    let _ = raw.send().await;
    let _ = vault.query(OwnerItem::partition(HUSH)).send().await;
}

/// The directive of the guide.
fn directive() -> &'static str {
    let chapter = include_str!("../../dynamap/guide/errors_and_logs.md");
    let line = chapter.lines().find_map(|line| line.strip_prefix("RUST_LOG=")).unwrap();
    line.trim().trim_matches('"')
}

/// True if a subscriber with this directive writes the line: as `EnvFilter` does, the longest target that fits counts.
fn is_written(directive: &str, line: &Line) -> bool {
    let of_target = |part: &str| match part.split_once('=') {
        Some((target, level)) => line.target.starts_with(target).then(|| (target.len(), level.to_owned())),
        None => Some((0, part.to_owned())),
    };
    let (_, level) = directive.split(',').filter_map(of_target).max_by_key(|(length, _)| *length).unwrap();
    line.level <= level.parse::<Level>().unwrap()
}

#[test]
fn nothing_that_dynamap_logs_is_secret() {
    for mapping in [Mapping::Direct, Mapping::AttributeValue] {
        let (lines, told) = logged_and_told(mapping);
        assert!(told.len() > 50, "{told:?}");
        told.iter().for_each(|record| hides("a record", record));
        let spans = lines.iter().filter(|line| line.target == "dynamap::operation");
        assert!(spans.count() >= told.len());
        let own: Vec<&Line> = lines.iter().filter(|line| line.target.starts_with("dynamap")).collect();
        assert!(own.len() >= 5, "{own:?}");
        own.iter().for_each(|line| hides(&line.target, &line.text));
    }
}

/// What the SDK logs may hold keys and items; with the directive of the guide none of it does.
#[test]
fn what_the_sdk_logs_can_be_switched_off() {
    // Whatever is logged of all the rest.
    let directive = &directive().replacen("debug", "trace", 1);
    let mut leaking = BTreeMap::new();
    for mapping in [Mapping::Direct, Mapping::AttributeValue] {
        for line in logged(mapping) {
            if leaks(&line.text) {
                *leaking.entry((line.target.clone(), line.level)).or_insert(0) += 1;
                assert!(!is_written(directive, &line), "{directive} lets {line:?} through");
            }
        }
    }
    println!("targets that show secrets: {leaking:?}");
    // Otherwise the test sees nothing, or the guide names the wrong ones.
    let targets: Vec<&str> = leaking.keys().map(|(target, _)| target.as_str()).collect();
    assert!(targets.contains(&"aws_smithy_runtime::client::orchestrator"), "{targets:?}");
    assert!(targets.contains(&"aws_sigv4::http_request::sign"), "{targets:?}");
}
