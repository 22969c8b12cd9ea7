//! The compliance suite: on the embedded engine, and on engines that lack something.

use std::collections::BTreeSet;

use crate::place::LATENCY;
use dynamap_local::{
    Local, Request, SharedTransport, Transport, TransportFuture,
    faults::{Fault, Plan, When},
};
use key_value::compliance::{self, Capability, Outcome, Report};

const ALL: [Capability; 1] = [Capability::Transactions];

async fn report(local: &Local, capabilities: &[Capability]) -> Report {
    compliance::run(&local.client(), capabilities).await.unwrap()
}

fn failed(report: &Report) -> BTreeSet<&'static str> {
    let failed = report.outcomes().iter().filter(|(_, outcome)| matches!(outcome, Outcome::Failed(_)));
    failed.map(|(case, _)| *case).collect()
}

#[tokio::test(start_paused = true)]
async fn the_embedded_engine_passes_all_cases() {
    let (local, faults) = Local::memory().unwrap().with_faults(Plan::none().latency(LATENCY));
    let report = report(&local, &ALL).await;
    assert!(report.is_passed(), "{report}");
    assert!(report.outcomes().iter().all(|(_, outcome)| *outcome == Outcome::Passed), "{report}");
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
    // The table of the suite is gone.
    assert_eq!(local.client().list_tables().send().await.unwrap().table_names(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_engine_without_transactions_and_time_to_live_passes_all_other_cases() {
    let (local, faults) = Local::memory().unwrap().with_faults(Plan::none().latency(LATENCY));
    for operation in ["TransactWriteItems", "TransactGetItems", "DescribeTimeToLive", "UpdateTimeToLive"] {
        let unknown = Fault::Error(400, "UnknownOperationException".to_owned());
        faults.add(When::operation(operation).always(), unknown);
    }
    let without = report(&local, &[]).await;
    assert!(without.is_passed(), "{without}");
    let left_out = Outcome::LeftOut(Capability::Transactions);
    let left_out = without.outcomes().iter().filter(|(_, outcome)| *outcome == left_out);
    let left_out: BTreeSet<_> = left_out.map(|(case, _)| *case).collect();
    // These are all that need them.
    assert_eq!(failed(&report(&local, &ALL).await), left_out);
    assert!(left_out.len() > 5, "{left_out:?}");
}

#[tokio::test]
async fn each_case_has_a_name_of_its_own() {
    let names: Vec<_> = compliance::cases().map(|case| case.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

/// An engine that has one fault.
#[derive(Debug)]
struct Broken {
    inner: SharedTransport,
    operation: &'static str,
    member: &'static str,
}

impl Transport for Broken {
    fn call(&self, mut request: Request) -> TransportFuture<'_> {
        if request.operation == self.operation {
            let mut body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
            let members = body.as_object_mut().unwrap();
            members.remove(self.member);
            if self.member == "ConditionExpression" {
                members.remove("ExpressionAttributeNames");
                members.remove("ExpressionAttributeValues");
            }
            request.body = serde_json::to_vec(&body).unwrap();
        }
        self.inner.call(request)
    }
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_is_wrong_does_not_pass() {
    for (operation, member, case) in [
        ("PutItem", "ConditionExpression", "increments_of_four_clients_are_all_counted"),
        ("PutItem", "ConditionExpression", "writers_at_once_lose_no_entry"),
    ] {
        let (local, _) = Local::memory().unwrap().with_faults(Plan::none().latency(LATENCY));
        let local = local.wrap(|inner| Broken { inner, operation, member });
        let report = report(&local, &ALL).await;
        assert!(failed(&report).contains(case), "{operation} without {member}:\n{report}");
    }
}
