//! Generated calls under generated faults: spans, events and records agree with what the fault layer saw.

use crate::model::{CALLS, Ended, Stage, Told, call, recorded};
use crate::operations::{last_operation, same_numbers};
use crate::recorder::{Recorded, Recorder};
use dynamap::observe::OperationOutcome;
use dynamap_local::faults::{Effect, Fault, FaultKind, Logged, Processed, Throttling, When};
use std::collections::BTreeMap;
use std::io::Write;
use tracing::Level;

fn faults() -> [Fault; 13] {
    [
        Fault::NeverConnected,
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::ErrorBefore,
        Fault::ErrorAfter,
        Fault::Throttle(Throttling::KeyRange),
        Fault::Throttle(Throttling::ProvisionedThroughput),
        Fault::Partial(Processed::First(1)),
        Fault::Partial(Processed::None),
        Fault::TransactionConflict,
        Fault::TransactionInProgress,
        Fault::ProxyBefore(502),
        Fault::Error(400, "AccessDeniedException".into()),
    ]
}

struct Case {
    name: &'static str,
    operation: &'static str,
    faults: Vec<Fault>,
    ended: Ended,
    told: Vec<Told>,
    /// The requests of the call, as the fault layer saw them.
    log: Vec<Logged>,
    recorded: Recorded,
}

fn run(random: &mut fastrand::Rng) -> Case {
    let (name, operation, _) = CALLS[random.usize(..CALLS.len())];
    let fitting: Vec<Fault> = faults().into_iter().filter(|fault| fault.kind().fits(operation)).collect();
    // Some go beyond the retries of the SDK.
    let count = [0, 1, 1, 2, 4, 8][random.usize(..6)];
    let first = fitting[random.usize(..fitting.len())].clone();
    let is_same = random.bool();
    let faults: Vec<Fault> = (0..count)
        .map(|_| if is_same { first.clone() } else { fitting[random.usize(..fitting.len())].clone() })
        .collect();
    let recorder = Recorder::new(Level::TRACE);
    let planned = faults.clone();
    let ((ended, told, log), recorded) = recorded(&recorder, async move {
        let stage = Stage::new().await;
        for (at, fault) in planned.into_iter().enumerate() {
            stage.faults.add(When::operation(operation).after(at as u64), fault);
        }
        let before = stage.faults.log().len();
        let ended = call(&stage.shop, name).await;
        let log = stage.faults.log().split_off(before);
        (ended, stage.listener.take(), log)
    });
    let log = log.into_iter().filter(|logged| logged.operation == operation).collect();
    Case { name, operation, faults, ended, told, log, recorded }
}

impl Case {
    #[track_caller]
    fn check(&self) -> OperationOutcome {
        let what = format!("{} with {:?}", self.name, self.faults);
        let [told] = &*self.told else { panic!("{what}: {:?}", self.told) };
        let span = last_operation(&self.recorded);
        assert_eq!(told.operation, self.operation, "{what}");
        same_numbers(&what, span, told, &self.recorded);
        // The fault layer saw each attempt.
        assert_eq!(told.attempts, self.log.len() as u64, "{what}: {:#?}", self.log);
        assert_eq!(span.field("dynamap.outcome"), told.outcome.as_str(), "{what}");
        assert_eq!(span.fields.get("error.type"), told.error.as_ref(), "{what}");
        let is_error = span.fields.contains_key("otel.status_code");
        assert_eq!(is_error, told.error.is_some(), "{what}");
        assert_eq!(self.ended.is_err(), is_error, "{what}: {:?}", self.ended);
        self.check_events(&what, told);
        told.outcome
    }

    #[track_caller]
    fn check_events(&self, what: &str, told: &Told) {
        let span = last_operation(&self.recorded);
        let own = |message| {
            let events = self.recorded.messages(message).into_iter();
            events.filter(|event| {
                let of =
                    self.recorded.operation_of(event.span).unwrap_or_else(|| panic!("{what}: {event:?}"));
                of.id == span.id
            })
        };
        let attempts = own("retry").filter(|event| event.fields.contains_key("dynamap.attempt")).count();
        assert_eq!(attempts as u64, told.attempts - told.requests, "{what}");
        assert_eq!(own("throttled").count() as u64, told.throttled, "{what}");
        let throttled = self.log.iter().filter(|logged| {
            let kind = logged.fault.as_ref().map(Fault::kind);
            match kind {
                Some(FaultKind::Throttle) => true,
                // Of a single item, the first one is all of them.
                Some(FaultKind::Partial) => logged.effect != Effect::Applied,
                _ => false,
            }
        });
        assert_eq!(throttled.count() as u64, told.throttled, "{what}: {:#?}", self.log);
        let is = |outcome| usize::from(told.outcome == outcome);
        assert_eq!(own("unknown outcome").count(), is(OperationOutcome::Unknown), "{what}");
        assert!(own("conflict").count() >= is(OperationOutcome::Conflict), "{what}");
        let conflicts = |logged: &&Logged| matches!(logged.fault, Some(Fault::TransactionConflict));
        if self.log.iter().any(|logged| conflicts(&logged)) && !self.operation.starts_with("Transact") {
            assert!(own("conflict").count() > 0, "{what}");
        }
        let reads = !self.operation.contains("Put")
            && !self.operation.contains("Write")
            && !self.operation.contains("Update")
            && !self.operation.contains("Delete");
        let lost = self.log.iter().filter(|logged| {
            let fault = logged.fault.as_ref();
            fault.is_some_and(|fault| fault.kind().is_ambiguous())
        });
        let lost = if reads { 0 } else { lost.count() };
        assert_eq!(own("lost response").count(), lost, "{what}: {:#?}", self.log);
    }
}

#[test]
fn spans_events_and_records_agree_with_what_was_sent() {
    let number = |name| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let seed = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..u64::from(u32::MAX)));
    let cases = number("DYNAMAP_CASES").unwrap_or(250);
    let line = format!("observe: {cases} cases, DYNAMAP_SEED={seed}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    let mut random = fastrand::Rng::with_seed(seed);
    let mut outcomes = BTreeMap::new();
    for _ in 0..cases {
        *outcomes.entry(run(&mut random).check().as_str()).or_insert(0) += 1;
    }
    std::io::stderr().write_all(format!("{outcomes:?}\n").as_bytes()).unwrap();
    // Where nothing fails, nothing is tested.
    if cases >= 250 {
        for outcome in ["ok", "error", "throttled", "unknown"] {
            assert!(outcomes.contains_key(outcome), "no {outcome}: {outcomes:?}");
        }
    }
}
