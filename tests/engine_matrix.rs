//! The engine matrix itself: that it finds what an engine lacks and gets wrong, and that its page is that of these cases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use clap::ValueEnum;
use dynamap_local::{Local, Request, Response, SharedTransport, Transport, TransportFuture};
use dynamap_tests::matrix::{
    self, Capability, Outcome, Rows, Target,
    engine::{Deviation, EMBEDDED, Engine, KNOWN},
    page::{self, Section},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PAGE: &str = include_str!("README.md");

async fn rows(local: &Local, engine: &Engine, only: Option<&str>) -> Rows {
    let target = Target::local(local).lacking(engine.lacks.iter().copied());
    matrix::run(&target, engine, only, |_| ()).await.unwrap()
}

fn failed(rows: &Rows) -> BTreeSet<String> {
    let failed = rows.0.iter().filter(|row| matches!(row.outcome, Outcome::Failed(_)));
    failed.map(|row| format!("{}::{}", row.topic, row.case)).collect()
}

/// The lines of the cases that failed.
fn shown(rows: &Rows) -> String {
    let failed = rows.0.iter().filter(|row| matches!(row.outcome, Outcome::Failed(_)));
    failed.map(|row| format!("{row}\n")).collect()
}

#[tokio::test]
async fn the_embedded_engine_passes_all_cases_and_keeps_no_table() {
    let local = Local::memory().unwrap();
    let rows = rows(&local, &EMBEDDED, None).await;
    assert!(rows.is_passed() && rows.sums().passed == matrix::names().len(), "{}", shown(&rows));
    assert_eq!(local.client().list_tables().send().await.unwrap().table_names(), [""; 0]);
    // The page has this run.
    let section = Section { name: "embedded", version: "", date: "", rows: &rows };
    assert!(PAGE.contains(&section.tables()), "run `matrix --write`");
}

/// An engine that lacks some capabilities.
#[derive(Debug)]
struct Lacking {
    inner: SharedTransport,
    lacks: BTreeSet<Capability>,
}

impl Lacking {
    fn engine(lacks: impl IntoIterator<Item = Capability>) -> Local {
        let lacks = lacks.into_iter().collect();
        Local::memory().unwrap().wrap(|inner| Self { inner, lacks })
    }

    fn refuses(&self, operation: &str, body: &Value) -> bool {
        let lacks = |capability| self.lacks.contains(&capability);
        let keys = |index: &Value| index["KeySchema"].as_array().map_or(0, Vec::len);
        match operation {
            "TransactWriteItems" | "TransactGetItems" => lacks(Capability::Transactions),
            "UpdateTimeToLive" | "DescribeTimeToLive" => lacks(Capability::TimeToLive),
            "DescribeStream" | "GetShardIterator" | "GetRecords" => lacks(Capability::Streams),
            "CreateTable" => {
                let indexes = body["GlobalSecondaryIndexes"].as_array();
                lacks(Capability::MultiAttributeKeys)
                    && indexes.is_some_and(|indexes| indexes.iter().any(|index| keys(index) > 2))
            }
            _ => false,
        }
    }

    /// The response with all items, however many they are.
    async fn whole_batch(&self, mut request: Request) -> Response {
        let mut whole = json!({ "Responses": {}, "UnprocessedKeys": {} });
        loop {
            let response = self.inner.call(request.clone()).await.unwrap();
            let mut part: Value = serde_json::from_slice(&response.body).unwrap();
            if response.status != 200 {
                return response;
            }
            whole["ConsumedCapacity"] = part["ConsumedCapacity"].take();
            for (table, items) in part["Responses"].as_object_mut().unwrap() {
                let all = &mut whole["Responses"][&**table];
                let mut joined = all.as_array_mut().map(std::mem::take).unwrap_or_default();
                joined.append(items.as_array_mut().unwrap());
                *all = joined.into();
            }
            if part["UnprocessedKeys"].as_object().is_none_or(serde_json::Map::is_empty) {
                whole.as_object_mut().unwrap().retain(|_, member| !member.is_null());
                return Response::new(200, whole.to_string());
            }
            request.body = json!({ "RequestItems": part["UnprocessedKeys"] }).to_string().into_bytes();
        }
    }
}

impl Transport for Lacking {
    fn call(&self, mut request: Request) -> TransportFuture<'_> {
        let mut body: Value = serde_json::from_slice(&request.body).unwrap();
        if self.refuses(&request.operation, &body) {
            return Box::pin(async { Ok(Response::error(400, "UnknownOperationException", "")) });
        }
        if self.lacks.contains(&Capability::FailedConditionItem) {
            remove(&mut body, "ReturnValuesOnConditionCheckFailure");
        }
        if self.lacks.contains(&Capability::IndexCapacity) && body["ReturnConsumedCapacity"] == "INDEXES" {
            body["ReturnConsumedCapacity"] = "TOTAL".into();
        }
        request.body = body.to_string().into_bytes();
        if request.operation == "BatchGetItem" && self.lacks.contains(&Capability::PartialBatch) {
            return Box::pin(async { Ok(self.whole_batch(request).await) });
        }
        self.inner.call(request)
    }
}

/// Removes a member wherever it is.
fn remove(value: &mut Value, name: &str) {
    match value {
        Value::Object(members) => {
            members.remove(name);
            members.values_mut().for_each(|value| remove(value, name));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| remove(value, name)),
        _ => {}
    }
}

#[tokio::test]
async fn an_engine_that_lacks_everything_passes_all_other_cases() {
    let all = Capability::value_variants();
    let local = Lacking::engine(all.iter().copied());
    let engine = Engine { name: "lacking", lacks: all, deviations: &[] };
    let found = rows(&local, &engine, None).await;
    assert!(found.is_passed(), "{}", shown(&found));
    let left_out = found.sums().not_supported;
    assert!(left_out > 30 && found.sums().passed > 120, "{left_out}");
    assert_eq!(local.client().list_tables().send().await.unwrap().table_names(), [""; 0]);
}

/// No case needs what it says for nothing.
#[tokio::test]
async fn a_case_fails_without_what_it_needs() {
    for case in matrix::cases() {
        for needed in case.needs {
            let name = format!("{}::{}", case.topic, case.name);
            let found = rows(&Lacking::engine([*needed]), &EMBEDDED, Some(&name)).await;
            assert!(failed(&found).contains(&name), "{name} does not need {needed}: {found:?}");
        }
    }
}

/// An engine that does not do as it is told.
#[derive(Debug)]
struct Broken {
    inner: SharedTransport,
    operation: &'static str,
    members: &'static [&'static str],
}

impl Transport for Broken {
    fn call(&self, mut request: Request) -> TransportFuture<'_> {
        if request.operation == self.operation {
            let mut body: Value = serde_json::from_slice(&request.body).unwrap();
            self.members.iter().for_each(|member| remove(&mut body, member));
            request.body = body.to_string().into_bytes();
        }
        self.inner.call(request)
    }
}

const CONDITION: &[&str] = &["ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"];

#[tokio::test]
async fn an_engine_that_is_wrong_does_not_pass() {
    for (operation, members, case) in [
        ("PutItem", CONDITION, "writes::a_create_takes_an_absent_item_only"),
        ("PutItem", CONDITION, "writes::one_of_many_creates_wins"),
        ("DeleteItem", CONDITION, "versions::a_stale_update_and_delete_are_refused"),
        ("DeleteItem", &["ReturnValues"], "writes::a_delete_returns_what_was_there"),
        (
            "UpdateItem",
            &["ReturnValuesOnConditionCheckFailure"],
            "conditions::a_failed_condition_tells_the_item",
        ),
        ("Query", &["ScanIndexForward"], "queries::a_partition_is_read_in_the_order_of_its_keys"),
        ("Query", &["IndexName"], "indexes::an_index_has_the_items_with_its_keys"),
        ("Scan", &["Segment", "TotalSegments"], "scans::segments_read_each_item_once"),
        ("TransactWriteItems", &["ClientRequestToken"], "lost_answers::a_transaction_is_applied_once"),
        ("BatchWriteItem", &["DeleteRequest"], "batches::many_items_are_put_and_deleted"),
        ("GetItem", &["ProjectionExpression"], "capacity::a_read_costs_what_its_size_predicts"),
    ] {
        let local = Local::memory().unwrap().wrap(|inner| Broken { inner, operation, members });
        let found = rows(&local, &EMBEDDED, Some(case)).await;
        // A member that a case does not ask for is not missed.
        let is_missed = operation != "GetItem";
        assert_eq!(
            failed(&found).contains(case),
            is_missed,
            "{operation} without {members:?}: {case}: {found:?}"
        );
    }
}

#[tokio::test]
async fn a_deviation_is_shown_as_such_and_a_stale_one_fails() {
    const CASE: &str = "queries::a_partition_is_read_in_the_order_of_its_keys";
    const DEVIATIONS: &[Deviation] =
        &[Deviation { reason: "is backwards", cases: &[CASE], by_chance: false }];
    const BY_CHANCE: &[Deviation] = &[Deviation { by_chance: true, ..DEVIATIONS[0] }];
    let outcome = async |is_broken: bool, deviations| {
        let members: &[&str] = if is_broken { &["ScanIndexForward"] } else { &[] };
        let local = Local::memory().unwrap().wrap(|inner| Broken { inner, operation: "Query", members });
        let engine = Engine { name: "broken", lacks: &[], deviations };
        rows(&local, &engine, Some(CASE)).await.0.remove(0).outcome
    };
    let deviates = Outcome::Deviates("is backwards");
    assert!(matches!(outcome(true, &[]).await, Outcome::Failed(_)));
    assert_eq!(outcome(true, DEVIATIONS).await, deviates);
    assert!(matches!(outcome(false, DEVIATIONS).await, Outcome::Failed(_)));
    assert_eq!(outcome(true, BY_CHANCE).await, deviates);
    assert_eq!(outcome(false, BY_CHANCE).await, deviates);
    assert_eq!(outcome(false, &[]).await, Outcome::Passed);
}

#[test]
fn each_name_is_of_one_case_and_each_deviation_of_a_case() {
    let names = matrix::names();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    for engine in KNOWN {
        for listed in engine.listed() {
            assert!(names.iter().any(|name| name == listed), "{}: {listed}", engine.name);
        }
    }
}

/// The page has a section of each engine with all cases, and the first table says what they say.
#[test]
fn the_page_is_of_these_cases() {
    let sections: Vec<_> = page::sections(PAGE).collect();
    let names: Vec<_> = sections.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, KNOWN.map(|engine| engine.name));
    for (name, text) in sections {
        let head = text.lines().next().unwrap().trim_end_matches(" -->");
        let columns: Vec<&str> = head.split(" | ").collect();
        assert_eq!(columns[4], matrix::names().len().to_string(), "{name}: run `matrix --write`");
        assert_eq!(columns[8], "0", "{name}");
        assert!(PAGE.contains(&format!("| {} |\n", columns[1..].join(" | "))), "{name}");
        for capability in Engine::named(name).lacks {
            assert!(text.contains(&format!("| not supported | {capability} |")), "{name}: {capability}");
        }
        for deviation in Engine::named(name).deviations {
            let line = format!("| deviates | {} |", deviation.reason);
            assert!(text.contains(&line), "{name}: {}", deviation.reason);
        }
    }
}

/// The versions are those that run.
#[test]
fn the_page_names_the_versions() {
    let (workspace, script) = (include_str!("../Cargo.toml"), include_str!("../scripts/engines"));
    for (name, text) in page::sections(PAGE) {
        let version = text.split(" | ").nth(2).unwrap();
        let is_run = match version.strip_prefix("dynoxide-rs ") {
            Some(version) => workspace.contains(&format!("dynoxide-rs = {{ version = \"={version}\"")),
            None => script.contains(&format!("\n{name}={version}\n")),
        };
        assert!(is_run, "{name} {version}");
    }
}

#[test]
fn the_page_names_the_capabilities() {
    for capability in Capability::value_variants() {
        assert_eq!(capability.to_possible_value().unwrap().get_name(), capability.name());
        assert!(PAGE.contains(&format!("| `{capability}` | ")), "{capability}");
    }
}

#[tokio::test]
async fn a_section_takes_the_place_of_the_last_one() {
    let rows = rows(&Local::memory().unwrap(), &EMBEDDED, Some("tables::a_table_is")).await;
    let section = |name, date| Section { name, version: "1", date, rows: &rows };
    let empty = page::updated(PAGE, &section("embedded", "2026-01-01")).unwrap();
    let sections = |page: &str| page::sections(page).map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    assert_eq!(sections(&empty), sections(PAGE));
    let again = page::updated(&empty, &section("embedded", "2026-01-02")).unwrap();
    assert_eq!(again, empty.replace("2026-01-01", "2026-01-02"));
    let more = page::updated(&again, &section("another", "2026-01-03")).unwrap();
    assert_eq!(sections(&more).len(), sections(PAGE).len() + 1);
    assert!(more.contains("| another | 1 | 2026-01-03 | 1 | 1 | 0 | 0 | 0 |"), "{more}");
    assert!(page::updated("no place", &section("another", "")).is_err());
}
