//! A worker of an application: a program that reads a stream by dynamap's shard reader.

use super::{history::History, recipe::Pace, records::Item};
use dynamap::stream::{
    NewImage,
    reader::{Delivery, ShardEvent, ShardStream, StreamReader},
};
use std::{collections::BTreeSet, time::Duration};
use tokio::{sync::watch, task::JoinSet, time::sleep};

/// The program of a worker.
pub(super) struct Worker {
    pub(super) reader: StreamReader<Item, NewImage>,
    pub(super) id: String,
    pub(super) pace: Pace,
    pub(super) history: History,
    pub(super) shutdown: watch::Receiver<bool>,
    /// True once the program has ended.
    pub(super) ended: watch::Sender<bool>,
    pub(super) rng: fastrand::Rng,
}

impl Worker {
    pub(super) async fn run(mut self) {
        let mut shards = self.reader.shards();
        let mut consumers = JoinSet::new();
        let mut is_told = false;
        loop {
            let shard = tokio::select! {
                shard = shards.next() => shard,
                _ = self.shutdown.changed(), if !is_told => {
                    shards.begin_shutdown();
                    is_told = true;
                    continue;
                }
            };
            match shard {
                Some(Ok(stream)) => {
                    let number = self.history.opened(&self.id, stream.shard_id());
                    let (history, rng) = (self.history.clone(), self.rng.fork());
                    let consumer = Consumer { id: self.id.clone(), number, history, pace: self.pace, rng };
                    consumers.spawn(consumer.run(stream));
                }
                Some(Err(error)) => {
                    self.history.violated(&format!("{} ends: {error:?}", self.id));
                    break;
                }
                None => break,
            }
        }
        consumers.join_all().await;
        if let Err(error) = shards.shutdown().await {
            self.history.violated(&format!("{} ends: {error:?}", self.id));
        }
        self.ended.send_replace(true);
    }
}

/// The consumer of a shard. It keeps the order of each item, and handles several items at once.
struct Consumer {
    id: String,
    number: usize,
    history: History,
    pace: Pace,
    rng: fastrand::Rng,
}

impl Consumer {
    async fn run(mut self, mut stream: ShardStream<Item, NewImage>) {
        let mut handlers = JoinSet::new();
        // The items in the hands of a handler.
        let mut busy = BTreeSet::new();
        loop {
            let delivery = match stream.next().await {
                Some(Ok(delivery)) => delivery,
                Some(Err(error)) => {
                    self.history.say(&format!("{} loses {}: {error}", self.id, stream.shard_id()));
                    continue;
                }
                None => break,
            };
            let Some((key, work)) = self.take(delivery) else { break };
            while busy.contains(&key) || busy.len() >= self.pace.parallel {
                let done: Option<Result<u32, _>> = handlers.join_next().await;
                busy.remove(&done.unwrap().unwrap());
            }
            busy.insert(key);
            let pause = self.pause();
            handlers.spawn(async move {
                sleep(pause).await;
                work();
                key
            });
        }
        handlers.join_all().await;
    }

    /// Notes a delivery. Returns its item, and what is to be done with it. None if it is dropped.
    fn take(&mut self, delivery: Delivery<Item, NewImage>) -> Option<(u32, Box<dyn FnOnce() + Send>)> {
        let (history, acknowledgement) = (self.history.clone(), delivery.acknowledgement);
        match delivery.event {
            ShardEvent::Changes(mut changes) => {
                let change = changes.next().unwrap();
                let item = change.change.new_item().unwrap().clone();
                let number: u128 = change.sequence_number().as_str().parse().unwrap();
                self.history.delivered(self.number, number, item.key, item.version);
                if self.rng.f64() < self.pace.dropped {
                    self.history.say(&format!("{} drops {number}", self.id));
                    return None;
                }
                let work = move || {
                    history.finished(number);
                    acknowledgement.acknowledge();
                };
                Some((item.key, Box::new(work)))
            }
            ShardEvent::Gap(gap) => {
                let after = gap.after().map(|number| number.as_str().parse().unwrap());
                let gap = self.history.gap(self.number, gap.shard_id(), after);
                let work = move || {
                    history.finished_gap(gap);
                    acknowledgement.acknowledge();
                };
                Some((u32::MAX, Box::new(work)))
            }
            event => {
                self.history.violated(&format!("{} gets {event:?}", self.id));
                None
            }
        }
    }

    fn pause(&mut self) -> Duration {
        let most = if self.rng.f64() < self.pace.slow { self.pace.slowest } else { self.pace.usual };
        Duration::from_millis(self.rng.u64(..=most))
    }
}
