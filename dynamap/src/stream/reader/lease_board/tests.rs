#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

const DURATION: Duration = Duration::from_secs(10);

/// The leases of a table, which workers of the test write as the reader does.
#[derive(Debug, Default, Clone)]
struct TableOfLeases(BTreeMap<String, LeaseFacts>);

impl TableOfLeases {
    fn of(shards: usize) -> Self {
        let lease = |at: usize| {
            let shard = format!("s{at:03}");
            let facts =
                LeaseFacts { shard: shard.clone(), owner: None, handover: None, counter: 0, is_active: true };
            (shard, facts)
        };
        Self((0..shards).map(lease).collect())
    }

    fn owned_by(&self, worker: &str) -> BTreeSet<String> {
        let owned = self.0.values().filter(|lease| lease.owner.as_deref() == Some(worker));
        owned.map(|lease| lease.shard.clone()).collect()
    }

    fn write(&mut self, shard: &str, change: impl FnOnce(&mut LeaseFacts)) {
        let lease = self.0.get_mut(shard).unwrap();
        change(lease);
        lease.counter += 1;
    }

    fn facts(&self) -> Vec<LeaseFacts> {
        self.0.values().cloned().collect()
    }
}

/// A worker that reads the shards of its leases, as long as it is alive.
struct Worker {
    name: String,
    board: LeaseBoard,
    running: BTreeSet<String>,
    most: usize,
}

impl Worker {
    fn new(name: &str, most: usize) -> Self {
        let board = LeaseBoard::new(name.into(), DURATION);
        Self { name: name.into(), board, running: BTreeSet::new(), most }
    }

    /// One look at the table: renews, gives away what it is asked for, acquires and asks.
    fn turn(&mut self, leases: &mut TableOfLeases, now: Instant) {
        let owned = leases.owned_by(&self.name);
        self.running.retain(|shard| owned.contains(shard));
        for shard in self.running.clone() {
            let handover = leases.0[&shard].handover.clone();
            if handover.is_some() {
                self.running.remove(&shard);
            }
            leases.write(&shard, |lease| {
                lease.owner = lease.handover.take().or(lease.owner.take());
            });
        }
        self.board.observe(leases.facts(), now);
        let plan = self.board.plan(&self.running, self.most, now);
        for shard in plan.acquire {
            leases.write(&shard, |lease| (lease.owner, lease.handover) = (Some(self.name.clone()), None));
            self.running.insert(shard);
        }
        if let Some(shard) = plan.ask_for {
            leases.0.get_mut(&shard).unwrap().handover = Some(self.name.clone());
        }
        assert!(self.running.len() <= self.most);
    }
}

/// Turns of all workers, a third of the duration apart.
fn turns(workers: &mut [Worker], leases: &mut TableOfLeases, now: &mut Instant, turns: usize) {
    for _ in 0..turns {
        fastrand::shuffle(workers);
        workers.iter_mut().for_each(|worker| worker.turn(leases, *now));
        *now += DURATION / 3;
    }
}

fn loads(workers: &[Worker]) -> Vec<usize> {
    let mut loads: Vec<usize> = workers.iter().map(|worker| worker.running.len()).collect();
    loads.sort_unstable();
    loads
}

#[test]
fn a_lease_expires_when_its_counter_stands_still() {
    let (mut leases, now) = (TableOfLeases::of(1), Instant::now());
    leases.write("s000", |lease| lease.owner = Some("dead".into()));
    let mut worker = Worker::new("a", 9);
    worker.turn(&mut leases, now + DURATION);
    worker.turn(&mut leases, now + 2 * DURATION - Duration::from_millis(1));
    // It is renewed at the last moment.
    leases.write("s000", |_| {});
    worker.turn(&mut leases, now + 2 * DURATION);
    worker.turn(&mut leases, now + 3 * DURATION - Duration::from_millis(1));
    assert!(worker.running.is_empty());
    worker.turn(&mut leases, now + 3 * DURATION);
    assert_eq!(worker.running.len(), 1);
}

/// The clock of a machine that has just begun to look says nothing about the time before.
#[test]
fn a_worker_that_starts_observes_first() {
    let (mut leases, now) = (TableOfLeases::of(1), Instant::now());
    leases.write("s000", |lease| lease.owner = Some("alive".into()));
    let mut worker = Worker::new("a", 9);
    worker.turn(&mut leases, now + 100 * DURATION);
    assert!(worker.running.is_empty());
}

#[test]
fn a_worker_that_asks_does_not_renew() {
    let (mut leases, now) = (TableOfLeases::of(2), Instant::now());
    for shard in ["s000", "s001"] {
        leases.write(shard, |lease| lease.owner = Some("dead".into()));
    }
    let mut worker = Worker::new("a", 9);
    worker.turn(&mut leases, now);
    assert_eq!(leases.0.values().filter(|lease| lease.handover.is_some()).count(), 1);
    worker.turn(&mut leases, now + DURATION);
    assert_eq!(worker.running.len(), 2);
}

#[test]
fn leases_of_its_own_name_are_taken_at_once() {
    let (mut leases, now) = (TableOfLeases::of(2), Instant::now());
    leases.write("s000", |lease| lease.owner = Some("a".into()));
    leases.write("s001", |lease| lease.owner = Some("b".into()));
    let mut worker = Worker::new("a", 9);
    worker.turn(&mut leases, now);
    assert_eq!(worker.running, BTreeSet::from(["s000".to_owned()]));
}

#[test]
fn leases_that_others_have_no_use_for_are_taken_beyond_the_share() {
    let (mut leases, mut now) = (TableOfLeases::of(6), Instant::now());
    let mut workers = [Worker::new("a", 1), Worker::new("b", 9)];
    turns(&mut workers, &mut leases, &mut now, 12);
    assert_eq!(loads(&workers), [1, 5]);
    let mut workers = [Worker::new("a", 2), Worker::new("b", 3)];
    turns(&mut workers, &mut TableOfLeases::of(6), &mut now, 30);
    assert_eq!(loads(&workers), [2, 3]);
}

proptest! {
    /// Workers come and go: then all shards are read, each by one worker, and the workers have equal shares.
    #[test]
    fn shards_are_shared_fairly(
        seed in any::<u64>(),
        shards in 0_usize..30,
        events in prop::collection::vec((0_usize..4, 1_usize..8), 1..6),
    ) {
        fastrand::seed(seed);
        let (mut leases, mut now) = (TableOfLeases::of(shards), Instant::now());
        let mut workers = vec![Worker::new("first", 100)];
        for (at, (event, pause)) in events.into_iter().enumerate() {
            match event {
                // A worker dies, and renews nothing any more.
                0 if workers.len() > 1 => drop(workers.pop()),
                1 | 2 => workers.push(Worker::new(&format!("w{at}"), 100)),
                _ => {}
            }
            turns(&mut workers, &mut leases, &mut now, pause);
        }
        // One at a time is moved in each turn of each worker.
        turns(&mut workers, &mut leases, &mut now, 20 + 2 * shards);
        let read: Vec<String> = workers.iter().flat_map(|worker| worker.running.iter().cloned()).collect();
        prop_assert_eq!(read.iter().collect::<BTreeSet<_>>().len(), read.len());
        prop_assert_eq!(read.len(), shards);
        let loads = loads(&workers);
        prop_assert!(loads.last().unwrap() - loads[0] <= 1, "{:?}", loads);
        let before = leases.0.values().map(|lease| lease.owner.clone()).collect::<Vec<_>>();
        turns(&mut workers, &mut leases, &mut now, 10);
        let after = leases.0.values().map(|lease| lease.owner.clone()).collect::<Vec<_>>();
        prop_assert_eq!(before, after, "leases go to and fro");
    }
}
