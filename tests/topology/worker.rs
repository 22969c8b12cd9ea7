//! A worker of an application: a program that reads a stream by dynamap's shard reader.

use super::{history::History, recipe::Pace, records::Item};
use dynamap::stream::{
    ChangeRecord, NewImage, PoisonRecord,
    reader::{Delivery, Gap, ShardEvent, ShardStream, StreamReader},
};
use fastrand::Rng;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};
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
    pub(super) rng: Rng,
}

impl Worker {
    pub(super) async fn run(self) {
        match self.pace.is_handler {
            true => self.run_handler().await,
            false => self.run_consumers().await,
        }
    }

    /// Runs a handler over the changes.
    async fn run_handler(self) {
        let Self { reader, id, pace, history, mut shutdown, ended, rng } = self;
        let handler = Arc::new(Handler { id, history: history.clone(), pace, rng: Mutex::new(rng) });
        let (of_changes, of_poison, of_gaps) = (handler.clone(), handler.clone(), handler.clone());
        let run = reader
            .run(
                move |change| {
                    let handler = of_changes.clone();
                    async move { handler.change(change).await }
                },
                async move { drop(shutdown.changed().await) },
            )
            .concurrency(pace.parallel)
            .on_poison(move |poison| {
                let handler = of_poison.clone();
                async move { handler.poison(&poison) }
            })
            .on_gap(move |gap| {
                let handler = of_gaps.clone();
                async move { handler.gap(gap).await }
            });
        if let Err(error) = run.send().await {
            history.violated(&format!("{} ends: {error:?}", handler.id));
        }
        ended.send_replace(true);
    }

    async fn run_consumers(mut self) {
        let mut shards = self.reader.shards();
        let mut consumers = JoinSet::new();
        let mut is_told = false;
        loop {
            let shard = tokio::select! {
                biased;
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

/// The failure of a handler.
type HandlerFailed = &'static str;

/// The handler of a worker.
struct Handler {
    id: String,
    history: History,
    pace: Pace,
    rng: Mutex<Rng>,
}

impl Handler {
    async fn change(&self, change: ChangeRecord<Item, NewImage>) -> Result<(), HandlerFailed> {
        let item = change.change.new_item().unwrap();
        let number: u128 = change.sequence_number().as_str().parse().unwrap();
        self.history.handled(&self.id, number, item.key, item.version);
        let (pause, fails) = self.draw();
        sleep(pause).await;
        if fails {
            return Err("failed");
        }
        self.history.finished(number);
        Ok(())
    }

    /// A change that failed with each attempt counts as done.
    fn poison(&self, poison: &PoisonRecord<Item, NewImage>) -> Result<(), HandlerFailed> {
        match poison {
            PoisonRecord::Failed { change, .. } => {
                self.history.finished(change.sequence_number().as_str().parse().unwrap());
            }
            poison => self.history.violated(&format!("{} gets {poison:?}", self.id)),
        }
        Ok(())
    }

    async fn gap(&self, gap: Gap) -> Result<(), HandlerFailed> {
        let after = gap.after().map(|number| number.as_str().parse().unwrap());
        let number = self.history.gap(&self.id, gap.shard_id(), after);
        let (pause, _) = self.draw();
        sleep(pause).await;
        self.history.finished_gap(number);
        Ok(())
    }

    fn draw(&self) -> (Duration, bool) {
        let mut rng = self.rng.lock().unwrap();
        (self.pace.draw(&mut rng), rng.f64() < self.pace.dropped)
    }
}

/// The consumer of a shard. It keeps the order of each item, and handles several items at once.
struct Consumer {
    id: String,
    number: usize,
    history: History,
    pace: Pace,
    rng: Rng,
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
            let pause = self.pace.draw(&mut self.rng);
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
                let gap = self.history.gap(&self.id, gap.shard_id(), after);
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
}
