//! The table, the network and the clock of one schedule.

use super::{
    history::{Read, Tally, Told, Write},
    trace::{Trace, mix},
};
use aws_sdk_dynamodb::Client;
use dynamap::{Error, Table, TableSchema};
use dynamap_local::{
    Local,
    faults::{FaultKind, Faults, Plan, Rates},
};
use std::{cell::RefCell, fmt::Write as _, future::Future, rc::Rc, time::Duration};
use tokio::time::Instant;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", shape = "shape")]
pub(super) struct Desk;

/// Runs a schedule on a clock that goes on when everybody waits.
pub(super) fn run<T>(schedule: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, schedule)
}

/// What came out of one schedule.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) tally: Tally,
    pub(super) violations: Vec<String>,
    pub(super) trace: u64,
}

pub(super) struct World {
    /// The table as the clients have it.
    pub(super) desk: Table<Desk>,
    /// The same without faults.
    pub(super) quiet: Table<Desk>,
    faults: Faults,
    begun: Instant,
    verbose: bool,
    state: RefCell<State>,
}

struct State {
    /// How many events there were.
    events: u64,
    writes: Vec<Write>,
    reads: Vec<Read>,
    tally: Tally,
    violations: Vec<String>,
    trace: Trace,
}

/// Faults of all kinds; those that leave a client in doubt are the most.
fn rates(share: f64) -> Rates {
    use FaultKind::{
        ClockSkew, Corrupted, DropAfter, DropBefore, ErrorAfter, ErrorBefore, HangAfter, HangBefore,
        NeverConnected, Throttle, TransactionCanceled, TransactionConflict, TransactionInProgress, Truncated,
        Zombie,
    };
    let weights = [
        (DropAfter, 4.0),
        (DropBefore, 1.0),
        (ErrorAfter, 2.0),
        (ErrorBefore, 1.0),
        (HangAfter, 2.0),
        (HangBefore, 1.0),
        (Zombie, 2.0),
        (Throttle, 1.0),
        (Truncated, 1.0),
        (Corrupted, 1.0),
        (NeverConnected, 1.0),
        (ClockSkew, 1.0),
        (TransactionConflict, 1.0),
        (TransactionCanceled, 1.0),
        (TransactionInProgress, 1.0),
    ];
    let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
    weights.into_iter().fold(Rates::none(), |rates, (kind, weight)| rates.with(kind, share * weight / sum))
}

/// The network of a schedule, and a client of it.
pub(super) async fn network(seed: u64, faults: f64) -> (Local, Client, Faults) {
    fastrand::seed(mix(seed, 1));
    let local = Local::memory().unwrap();
    let plan = Plan::random(mix(seed, 2), rates(faults)).latency(Duration::ZERO..=Duration::from_millis(40));
    let (faulty, faults) = local.with_faults(plan);
    let config = dynamap::direct::prepare(faulty.config());
    (local, Client::from_conf(config.build()), faults)
}

impl World {
    pub(super) async fn new(seed: u64, faults: f64, verbose: bool) -> Rc<Self> {
        let (local, client, faults) = network(seed, faults).await;
        let random = |bytes: &mut [u8]| bytes.fill_with(|| fastrand::u8(..));
        let desk = Table::<Desk>::new(client, "desk").with_random(random);
        let quiet = Table::<Desk>::new(local.client(), "desk").with_random(random);
        quiet.create_table_if_absent().send().await.unwrap();
        let state = State {
            events: 0,
            writes: Vec::new(),
            reads: Vec::new(),
            tally: Tally::default(),
            violations: Vec::new(),
            trace: Trace::new(),
        };
        Rc::new(Self { desk, quiet, faults, begun: Instant::now(), verbose, state: RefCell::new(state) })
    }

    /// Lets clients act at once, and waits until each is done and every late request has arrived.
    pub(super) async fn clients<F: Future<Output = ()> + 'static>(
        self: &Rc<Self>,
        clients: u32,
        act: impl Fn(Rc<Self>, u32) -> F,
    ) {
        let tasks: Vec<_> =
            (0..clients).map(|client| tokio::task::spawn_local(act(self.clone(), client))).collect();
        for task in tasks {
            task.await.unwrap();
        }
        self.faults.stop();
        self.faults.drain().await;
    }

    /// Waits as clients do between two actions.
    pub(super) async fn think(&self) {
        tokio::time::sleep(Duration::from_millis(fastrand::u64(..60))).await;
    }

    /// The number of the next event.
    fn event(&self) -> u64 {
        let state = &mut *self.state.borrow_mut();
        state.events += 1;
        state.events
    }

    /// Says what happens.
    fn say(&self, client: u32, what: &str) {
        let mut line = String::new();
        let _ = write!(line, "{:>9.3}s client {client} {what}", self.begun.elapsed().as_secs_f64());
        if self.verbose {
            println!("{line}");
        }
        self.state.borrow_mut().trace.add(&line);
    }

    pub(super) fn violated(&self, what: impl Into<String>) {
        let what = what.into();
        if self.verbose {
            println!("           VIOLATION {what}");
        }
        self.state.borrow_mut().violations.push(what);
    }

    /// Notes a write with its mark, and what the client was told; now and then it does not wait for that.
    pub(super) async fn write(
        &self,
        client: u32,
        what: &str,
        mark: &str,
        write: impl Future<Output = Result<(), Error>>,
    ) -> Told {
        self.told(client, what, mark, async { write.await.map_err(Some) }).await
    }

    /// The same, where what is not an [`Error`] says that it was not applied.
    pub(super) async fn told(
        &self,
        client: u32,
        what: &str,
        mark: &str,
        write: impl Future<Output = Result<(), Option<Error>>>,
    ) -> Told {
        let begun = self.event();
        self.say(client, &format!("{what} {mark} .."));
        let patience = if fastrand::u8(..32) == 0 { fastrand::u64(..300) } else { 1_000_000 };
        let outcome = tokio::time::timeout(Duration::from_millis(patience), write).await;
        let mut told = match &outcome {
            Err(_) if patience < 1_000_000 => Told::Dropped,
            Err(_) => {
                self.violated(format!("{what} {mark} never ended"));
                Told::Dropped
            }
            Ok(Ok(())) => Told::Applied,
            Ok(Err(None)) => Told::NotApplied,
            Ok(Err(Some(error))) => Told::by(error).unwrap_or_else(|| {
                self.violated(format!("{what} {mark}: {error}"));
                Told::Unknown
            }),
        };
        self.say(client, &format!("{what} {mark} {told:?}"));
        self.count(|tally| {
            tally.writes += 1;
            match told {
                Told::Applied => tally.applied += 1,
                Told::NotApplied => tally.not_applied += 1,
                Told::Unknown => tally.unknown += 1,
                Told::Dropped => tally.dropped += 1,
            }
        });
        if let Ok(Err(Some(Error::Unknown(unknown)))) = outcome
            && fastrand::bool()
        {
            self.think().await;
            told = match unknown.resolve().await {
                Ok(()) => Told::Applied,
                Err(error) => Told::by(&error).unwrap_or(Told::Unknown),
            };
            self.say(client, &format!("{what} {mark} resolved {told:?}"));
            self.count(|tally| tally.resolved += u64::from(told != Told::Unknown));
        }
        let span = (begun, self.event());
        self.state.borrow_mut().writes.push(Write { mark: mark.to_owned(), span, told });
        told
    }

    /// Notes a read and the marks that it found.
    pub(super) async fn read<T>(
        &self,
        client: u32,
        read: impl Future<Output = Result<T, Error>>,
        marks: impl FnOnce(&T) -> Vec<String>,
    ) -> Option<T> {
        let begun = self.event();
        self.count(|_| {});
        match read.await {
            Ok(found) => {
                let marks = marks(&found);
                self.say(client, &format!("read {}", marks.join(" ")));
                self.state.borrow_mut().reads.push(Read { begun, marks });
                Some(found)
            }
            Err(error) => {
                // Not its text: that has the number of the request in this process.
                let kind = match &error {
                    Error::Service(error) => format!("{:?}", error.kind()),
                    _ => "no service error".into(),
                };
                self.say(client, &format!("read failed: {kind}"));
                None
            }
        }
    }

    /// Notes marks that came with an answer, and are as old as its request.
    pub(super) fn saw(&self, marks: Vec<String>) {
        self.state.borrow_mut().reads.push(Read { begun: 0, marks });
    }

    fn count(&self, count: impl FnOnce(&mut Tally)) {
        let tally = &mut self.state.borrow_mut().tally;
        tally.operations += 1;
        count(tally);
    }

    pub(super) fn writes(&self) -> Vec<Write> {
        self.state.borrow().writes.clone()
    }

    pub(super) fn reads(&self) -> Vec<Read> {
        self.state.borrow().reads.clone()
    }

    /// Compares what each client was told with how often its mark is there.
    pub(super) fn check_marks(&self, times: impl Fn(&str) -> usize) {
        for Write { mark, told, .. } in self.writes() {
            let times = times(&mark);
            let truth = match told {
                Told::Applied => times == 1,
                Told::NotApplied => times == 0,
                Told::Unknown | Told::Dropped => times <= 1,
            };
            if !truth {
                self.violated(format!("{mark} was told {told:?} and is there {times} times"));
            }
        }
    }

    pub(super) fn finish(self: Rc<Self>) -> Outcome {
        let log = self.faults.log();
        for illegal in self.faults.illegal().take() {
            self.violated(format!("DynamoDB would refuse the request: {illegal:?}"));
        }
        let state = &mut *self.state.borrow_mut();
        for request in &log {
            let line =
                format!("{} {:?} {:?} {:?}", request.operation, request.fault, request.effect, request.at);
            if self.verbose {
                println!(
                    "{:>9.3}s {} {:?} {:?}",
                    request.at.as_secs_f64(),
                    request.operation,
                    request.fault,
                    request.effect
                );
            }
            state.trace.add(&line);
        }
        state.tally.requests = log.len() as u64;
        state.tally.faults = log.iter().filter(|request| request.fault.is_some()).count() as u64;
        Outcome {
            tally: state.tally.clone(),
            violations: std::mem::take(&mut state.violations),
            trace: state.trace.value(),
        }
    }
}
