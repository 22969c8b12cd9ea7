//! One topology: its stream, its workers and their machines.

use super::{
    history::{History, TopologyTally},
    host::Host,
    recipe::{Focus, LEASE, MOST_OPEN, Recipe},
    records::record,
    spy::{LeaseSpy, StreamSpy},
    wire::{Wire, serve_reads, serve_writes},
    worker::Worker,
};
use crate::simulation::trace::mix;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodbstreams::types::StreamViewType;
use dynamap::{
    Table,
    stream::reader::{LeaseTable, StreamReader},
};
use dynamap_local::{InProcessHttpClient, Local, SharedTransport, faults::Faults, shards::ShardModel};
use fastrand::Rng;
use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};
use tokio::sync::watch;

/// The name of the lease table.
pub(super) const LEASES: &str = "leases";

/// The time after the end of all trouble in which everything must be delivered.
const PROGRESS: Duration = Duration::from_secs(600);

const SECOND: Duration = Duration::from_secs(1);

/// What came out of one topology.
#[derive(Debug)]
pub(super) struct TopologyOutcome {
    pub(super) tally: TopologyTally,
    pub(super) violations: Vec<String>,
    pub(super) trace: u64,
}

struct World {
    recipe: Recipe,
    rng: Rng,
    now: Duration,
    host: Host,
    local: Local,
    model: ShardModel,
    faults: Faults,
    leases: SharedTransport,
    stream: SharedTransport,
    stream_arn: String,
    history: History,
    machines: Vec<Option<Machine>>,
    /// The time at which all machines that slept have been awake for a while.
    awake_at: Duration,
    started: usize,
    versions: Vec<u32>,
    placed: Vec<String>,
}

/// A worker's machine.
struct Machine {
    host: Host,
    shutdown: watch::Sender<bool>,
    ended: watch::Receiver<bool>,
}

/// Runs the topology of a seed.
pub(super) fn run(seed: u64, focus: Focus, verbose: bool) -> TopologyOutcome {
    let mut world = World::new(seed, focus, verbose);
    while world.now < world.recipe.busy {
        world.write();
        if world.is_whole_second() {
            world.trouble();
            world.command();
        }
        world.step();
    }
    world.settle();
    let (tally, violations, trace) = world.history.clone().judge();
    TopologyOutcome { tally, violations, trace }
}

impl World {
    fn new(seed: u64, focus: Focus, verbose: bool) -> Self {
        fastrand::seed(mix(seed, 1));
        let mut rng = Rng::with_seed(mix(seed, 2));
        let recipe = Recipe::draw(&mut rng, focus);
        let host = Host::new();
        let model = host.enter(|| ShardModel::new(recipe.shard_plan(mix(seed, 3))));
        let stream_arn = host.enter(|| model.create_stream("shop", "pk", StreamViewType::NewImage));
        let history = History::new(model.clone(), recipe.most_ahead(), verbose);
        history.say(&format!("{recipe:?}"));
        let local = Local::memory().unwrap();
        let spied = local.wrap(|engine| LeaseSpy { engine, history: history.clone() });
        let (faulty, faults) = host.enter(|| spied.with_faults(recipe.lease_plan(mix(seed, 4))));
        let leases = faulty.transport();
        let stream = Arc::new(StreamSpy { model: model.transport(), history: history.clone() });
        let table = Table::<LeaseTable>::new(local.client(), LEASES);
        host.block_on(async { table.create_table_if_absent().send().await.unwrap() });
        let machines = (0..recipe.workers).map(|_| None).collect();
        let versions = vec![0; usize::try_from(recipe.keys).unwrap()];
        let (now, awake_at, started, placed) = (Duration::ZERO, Duration::ZERO, 0, Vec::new());
        let mut world = Self {
            recipe,
            rng,
            now,
            host,
            local,
            model,
            faults,
            leases,
            stream,
            stream_arn,
            history,
            machines,
            awake_at,
            started,
            versions,
            placed,
        };
        (0..world.machines.len()).for_each(|place| world.start(place));
        world
    }

    /// Starts a worker on a new machine.
    fn start(&mut self, place: usize) {
        self.started += 1;
        let id = format!("worker-{}", self.started);
        self.history.say(&format!("{id} starts"));
        let host = Host::new();
        let (lease_wire, lease_calls) = Wire::new(&id);
        let (stream_wire, stream_calls) = Wire::new(&id);
        self.host.spawn(serve_writes(lease_calls, self.leases.clone()));
        self.host.spawn(serve_reads(stream_calls, self.stream.clone()));
        let (shutdown, told) = watch::channel(false);
        let (end, ended) = watch::channel(false);
        let reader = host.enter(|| self.reader(&id, lease_wire, stream_wire));
        let worker = Worker {
            reader,
            id,
            pace: self.recipe.pace,
            history: self.history.clone(),
            shutdown: told,
            ended: end,
            rng: self.rng.fork(),
        };
        host.spawn(worker.run());
        self.machines[place] = Some(Machine { host, shutdown, ended });
    }

    fn reader<T: dynamap::op::read::Queryable>(
        &self,
        id: &str,
        lease_wire: Wire,
        stream_wire: Wire,
    ) -> StreamReader<T, dynamap::stream::NewImage> {
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(2 * SECOND).build();
        let http = |wire: Wire| InProcessHttpClient::new(Arc::new(wire));
        let config = self.local.config().http_client(http(lease_wire)).timeout_config(timeouts.clone());
        let client = aws_sdk_dynamodb::Client::from_conf(config.build());
        let random = |bytes: &mut [u8]| bytes.fill_with(|| fastrand::u8(..));
        let leases = Table::<LeaseTable>::new(client, LEASES)
            .with_clock(|| UNIX_EPOCH + Duration::from_secs(2_000_000_000))
            .with_random(random);
        let config = self.model.streams_config().http_client(http(stream_wire)).timeout_config(timeouts);
        let client = aws_sdk_dynamodbstreams::Client::from_conf(config.build());
        StreamReader::new(client, self.stream_arn.as_str(), leases)
            .worker(id)
            .lease_duration(LEASE)
            .poll_interval(2 * SECOND)
            .listing_interval(10 * SECOND)
            .buffered(self.recipe.buffered)
            .max_shards(self.recipe.max_shards)
            .checkpoint_every(self.recipe.checkpoint_records, self.recipe.checkpoint_interval)
    }

    /// Runs all machines for a step, the workers in any order.
    fn step(&mut self) {
        let (now, step) = (self.now, self.recipe.step);
        self.history.set_time(now);
        self.host.run(now, step);
        let mut order: Vec<usize> = (0..self.machines.len()).collect();
        self.rng.shuffle(&mut order);
        for place in order {
            if let Some(machine) = &mut self.machines[place] {
                machine.host.run(now, step);
                if *machine.ended.borrow() {
                    self.machines[place] = None;
                }
            }
        }
        self.now += step;
    }

    fn is_whole_second(&self) -> bool {
        self.now.subsec_millis() == 0
    }

    /// Puts records, so that all are there at the end of the busy time.
    fn write(&mut self) {
        let share = (self.now + self.recipe.step).as_secs_f64() / self.recipe.busy.as_secs_f64();
        let due = (f64::from(self.recipe.records) * share) as usize;
        // Now and then several come at once.
        if self.rng.bool() && due < self.recipe.records as usize {
            return;
        }
        while self.placed.len() < due {
            let key = self.rng.usize(..self.versions.len());
            self.versions[key] += 1;
            let (key, version) = (u32::try_from(key).unwrap(), self.versions[key]);
            let put = self.host.enter(|| self.model.put_record(&self.stream_arn, &record(key, version)));
            let placed = put.unwrap();
            self.history.put(placed.sequence_number.parse().unwrap(), &placed.shard, key, version);
            self.placed.push(placed.sequence_number);
        }
    }

    /// Lets something happen to workers: they die, sleep, shut down, and start.
    fn trouble(&mut self) {
        for place in 0..self.machines.len() {
            if self.rng.f64() >= self.recipe.trouble {
                continue;
            }
            // Most sleep longer than a lease lasts, and a listing of the leases.
            let (shortest, longest) = [(1, 10), (12, 30), (15, 40)][self.rng.usize(..3)];
            let asleep = Duration::from_secs(self.rng.u64(shortest..=longest));
            let kind = if self.recipe.is_sleep_only { 2 } else { self.rng.u8(..4) };
            match (&mut self.machines[place], kind) {
                (None, _) => self.start(place),
                (Some(_), 0) => {
                    self.history.say(&format!("the machine {place} dies"));
                    self.history.count(|tally| tally.killed += 1);
                    self.machines[place] = None;
                }
                (Some(machine), 1) if self.recipe.shuts_down => drop(machine.shutdown.send(true)),
                (Some(machine), _) if !machine.host.is_asleep() => {
                    self.history.say(&format!("the machine {place} sleeps for {asleep:?}"));
                    self.history.count(|tally| tally.asleep += 1);
                    machine.host.sleep_until(self.now + asleep);
                    self.awake_at = self.awake_at.max(self.now + asleep + LEASE / 2);
                }
                _ => {}
            }
        }
    }

    /// Changes the shards by a command.
    fn command(&mut self) {
        if self.rng.f64() >= self.recipe.commands {
            return;
        }
        let _time = self.host.guard();
        let shards = self.model.shards(&self.stream_arn);
        let open: Vec<_> = shards.iter().filter(|shard| shard.ending.is_none()).collect();
        let shard = &open[self.rng.usize(..open.len())].id;
        // Refused where it makes no sense: then nothing happens.
        let _ = match self.rng.u8(..8) {
            0..=2 if open.len() < MOST_OPEN => self.model.split(shard).map(drop),
            3 | 4 => self.model.roll_over(shard).map(drop),
            5 => {
                self.model.expire_iterators();
                Ok(())
            }
            6 if self.recipe.trims && !self.placed.is_empty() => {
                let number = &self.placed[self.rng.usize(..self.placed.len())];
                self.model.trim_before(&self.stream_arn, number)
            }
            _ => Ok(()),
        };
    }

    /// Ends all trouble, and waits until everything is delivered.
    fn settle(&mut self) {
        self.faults.stop();
        self.model.stop();
        let deadline = self.now + PROGRESS;
        // A machine that wakes does not know what has happened: it is to show that it does no harm.
        while !self.history.is_complete() || self.now < self.awake_at {
            if self.now > deadline {
                return self.history.violated("no progress");
            }
            for place in 0..self.machines.len() {
                if self.machines[place].is_none() {
                    self.start(place);
                }
            }
            self.step();
        }
        if self.recipe.is_shut_down {
            self.shut_down();
        }
    }

    /// Shuts the workers down, which must end.
    fn shut_down(&mut self) {
        for machine in self.machines.iter().flatten() {
            machine.shutdown.send_replace(true);
        }
        let deadline = self.now + PROGRESS;
        while self.machines.iter().any(Option::is_some) {
            if self.now > deadline {
                return self.history.violated("a worker does not shut down");
            }
            self.step();
        }
    }
}
