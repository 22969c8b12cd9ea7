//! The table, the network, the oracle and the clock of a generated schedule.

use super::{
    emptied::Emptied,
    history::{Tally, Told},
    judge::{Answer, judge},
    marks::{Call, Marking, abandoned_after},
    oracle::Oracle,
    recipe::Recipe,
    trace::{Trace, mix},
    wall::Wall,
    world::Outcome,
};
use aws_sdk_dynamodb::Client;
use dynamap::{Error, Table, TableSchema};
use dynamap_local::{
    Local,
    faults::{Faults, Plan},
};
use std::{
    cell::{Cell, RefCell},
    future::Future,
    rc::Rc,
    time::Duration,
};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", ttl = "expires_at")]
pub(super) struct Board;

pub(super) const TABLE: &str = "board";

pub(super) struct Stage {
    pub(super) board: Table<Board>,
    pub(super) wall: Wall,
    pub(super) oracle: Oracle,
    pub(super) recipe: Recipe,
    faults: Faults,
    verbose: bool,
    calls: Cell<u32>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    answers: Vec<Answer>,
    tally: Tally,
    violations: Vec<String>,
    trace: Option<Trace>,
}

/// What a call came to.
pub(super) struct Done {
    pub(super) told: Told,
    /// Whether it was told so in the end by what resolves it, which leaves the note in memory as it is.
    pub(super) resolved: bool,
    /// The error that it had, if it was not resolved.
    pub(super) error: Option<Error>,
}

impl Done {
    /// True if the note in memory is the one that is stored.
    pub(super) fn is_kept(&self) -> bool {
        self.told == Told::Applied && !self.resolved
    }
}

impl Stage {
    pub(super) async fn new(seed: u64, recipe: Recipe, verbose: bool) -> Rc<Self> {
        let wall = Wall::new();
        let engine = Local::memory().unwrap();
        let oracle = Oracle::new(engine.transport(), wall.clone(), verbose);
        let below = engine.wrap(|_| oracle.clone());
        let latency = Duration::ZERO..=Duration::from_millis(40);
        let (faulty, faults) = below.with_faults(Plan::random(mix(seed, 2), recipe.rates()).latency(latency));
        recipe.script(&faults);
        let network = faulty.wrap(|inner| Emptied::new(inner, mix(seed, 3), recipe.emptied));
        let config = dynamap::direct::prepare(network.config()).interceptor(Marking(wall.clone()));
        let client = Client::from_conf(config.build());
        let time = wall.clone();
        let board = Table::<Board>::new(client, TABLE)
            .with_mapping(recipe.mapping)
            .with_clock(move || time.now())
            .with_random(|bytes| bytes.fill_with(|| fastrand::u8(..)));
        let quiet = Table::<Board>::new(below.client(), TABLE);
        quiet.create_table_if_absent().send().await.unwrap();
        let state = State { trace: Some(Trace::new()), ..State::default() };
        let stage = Self {
            board,
            wall,
            oracle,
            recipe,
            faults,
            verbose,
            calls: Cell::new(0),
            state: RefCell::new(state),
        };
        stage.say(&format!("{:?}", stage.recipe));
        Rc::new(stage)
    }

    /// Says what happens.
    pub(super) fn say(&self, what: &str) {
        let line = format!("{:>9.3}s {what}", self.wall.elapsed().as_secs_f64());
        if self.verbose {
            println!("{line}");
        }
        if let Some(trace) = &mut self.state.borrow_mut().trace {
            trace.add(&line);
        }
    }

    pub(super) fn violated(&self, what: impl Into<String>) {
        self.state.borrow_mut().violations.push(what.into());
    }

    /// A new call of a client.
    pub(super) fn begin(&self, client: u32) -> Rc<Call> {
        self.calls.set(self.calls.get() + 1);
        Call::new(format!("c{client}-{}", self.calls.get()))
    }

    /// Reads, and says what was found.
    pub(super) async fn read<T>(
        &self,
        call: &Rc<Call>,
        read: impl Future<Output = Result<T, Error>>,
        found: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        self.state.borrow_mut().tally.operations += 1;
        match call.run(read).await {
            Ok(value) => {
                self.say(&format!("client   {} read {}", call.mark, found(&value)));
                Some(value)
            }
            Err(error) => {
                let kind = match &error {
                    Error::Service(error) => format!("{:?}", error.kind()),
                    _ => "no service error".into(),
                };
                self.say(&format!("client   {} read nothing: {kind}", call.mark));
                None
            }
        }
    }

    /// Runs a write, which may be dropped at any of its polls or at any time; what it is told, resolved or not, is noted with
    /// what may become of it.
    pub(super) async fn write(
        &self,
        call: &Rc<Call>,
        answers: Vec<Answer>,
        write: impl Future<Output = Result<(), Option<Error>>>,
    ) -> Done {
        let (what, mark) = (answers.first().map_or("nothing", |answer| answer.what), &call.mark);
        // Until it is told anything, it counts as dropped: its task may be aborted.
        let first = self.state.borrow().answers.len();
        let own = first..first + answers.len();
        self.state.borrow_mut().answers.extend(answers);
        self.say(&format!("client   {mark} {what} .."));
        let write = call.run(write);
        let outcome = match self.recipe.patience() {
            Some(Patience::Polls(polls)) => abandoned_after(polls, write).await,
            Some(Patience::Time(time)) => tokio::time::timeout(time, write).await.ok(),
            None => match tokio::time::timeout(Duration::from_secs(3600), write).await {
                Ok(outcome) => Some(outcome),
                Err(_) => {
                    self.violated(format!("{what} {mark} never ended"));
                    None
                }
            },
        };
        let mut resolved = false;
        let (mut told, mut error) = match outcome {
            None => (Told::Dropped, None),
            Some(Ok(())) => (Told::Applied, None),
            Some(Err(None)) => (Told::NotApplied, None),
            Some(Err(Some(error))) => (self.told_by(what, mark, &error), Some(error)),
        };
        self.say(&format!("client   {mark} {what} is told {told:?}"));
        self.count(told);
        self.note(own.clone(), told);
        if let Some(Error::Unknown(unknown)) = error.take_if(|_| told == Told::Unknown)
            && let Some(pause) = self.recipe.resolves_after()
        {
            tokio::time::sleep(pause).await;
            resolved = true;
            told = match call.run(unknown.resolve()).await {
                Ok(()) => Told::Applied,
                Err(error) => self.told_by(what, mark, &error),
            };
            self.say(&format!("client   {mark} {what} is resolved: {told:?}"));
            self.state.borrow_mut().tally.resolved += u64::from(told != Told::Unknown);
            self.note(own, told);
        }
        Done { told, resolved, error }
    }

    fn told_by(&self, what: &str, mark: &str, error: &Error) -> Told {
        Told::by(error).unwrap_or_else(|| {
            self.violated(format!("{what} {mark} should not end so: {error}"));
            Told::Unknown
        })
    }

    fn note(&self, own: std::ops::Range<usize>, told: Told) {
        self.state.borrow_mut().answers[own].iter_mut().for_each(|answer| answer.told = told);
    }

    fn count(&self, told: Told) {
        let tally = &mut self.state.borrow_mut().tally;
        tally.operations += 1;
        tally.writes += 1;
        *match told {
            Told::Applied => &mut tally.applied,
            Told::NotApplied => &mut tally.not_applied,
            Told::Unknown => &mut tally.unknown,
            Told::Dropped => &mut tally.dropped,
        } += 1;
    }

    /// Corrects what a batch was told of single items.
    pub(super) fn correct(&self, mark: &str, told: impl Fn(&str) -> Told) {
        let answers = &mut self.state.borrow_mut().answers;
        answers.iter_mut().filter(|answer| answer.mark == mark).for_each(|answer| {
            answer.told = told(&answer.key);
        });
    }

    /// Lets everything arrive that is late, and judges what clients were told.
    pub(super) async fn finish(self: Rc<Self>) -> Outcome {
        self.faults.stop();
        self.faults.drain().await;
        let untrue = judge(&self.oracle, &self.state.borrow().answers);
        let not_unique = self.oracle.not_unique();
        let illegal = self.faults.illegal().take();
        let illegal = illegal.iter().map(|illegal| format!("DynamoDB would refuse the request: {illegal:?}"));
        let log = self.faults.log();
        let state = &mut *self.state.borrow_mut();
        state.violations.extend(untrue);
        state.violations.extend(not_unique);
        state.violations.extend(illegal);
        state.tally.requests = log.len() as u64;
        state.tally.faults = log.iter().filter(|request| request.fault.is_some()).count() as u64;
        let trace = state.trace.map_or(0, Trace::value);
        if self.verbose {
            state.violations.iter().for_each(|violation| println!("VIOLATION {violation}"));
        }
        Outcome {
            tally: state.tally.clone(),
            violations: std::mem::take(&mut state.violations),
            trace: mix(trace, self.oracle.trace()),
        }
    }
}

/// For how long a client waits for a call.
#[derive(Debug, Clone, Copy)]
pub(super) enum Patience {
    /// It drops the future after so many polls.
    Polls(u32),
    Time(Duration),
}
