//! Notes without a version: what is told of them, and how often they are written.

use super::{
    actor::Life,
    history::Told,
    judge::{Answer, Over, Times},
    marks::Call,
    recipe::Verb,
    stage::{Board, Stage},
    verbs::{sent, transactional},
};
use dynamap::{Entity, value::EpochSeconds};
use std::{rc::Rc, time::Duration};

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Board, pk = "UNVERSIONED#{id}")]
struct Plain {
    id: u32,
    mark: String,
    count: u32,
    log: Vec<String>,
    #[dynamap(ttl)]
    expires_at: EpochSeconds,
}

pub(super) struct Actor {
    stage: Rc<Stage>,
    client: u32,
}

impl Life for Actor {
    fn begin(stage: Rc<Stage>, client: u32) -> Self {
        Self { stage, client }
    }

    async fn act(&mut self, verb: Verb) {
        let (id, call) = (self.stage.recipe.key(), self.stage.begin(self.client));
        match verb {
            Verb::Read => {
                let read = self.stage.board.get(Plain::key(id)).consistent_read().send();
                let found = |plain: &Option<Plain>| format!("{:?}", plain.as_ref().map(|plain| &plain.mark));
                self.stage.read(&call, read, found).await;
            }
            Verb::Batch => self.batch(&call, id).await,
            Verb::Transaction => self.transaction(&call, id).await,
            Verb::Set | Verb::Count | Verb::Update | Verb::LogOut | Verb::Upsert | Verb::Modify => {
                self.update(&call, verb, id).await;
            }
            Verb::Remove | Verb::Delete => self.delete(&call, verb, id).await,
            verb => self.put(&call, verb, id).await,
        }
    }
}

impl Actor {
    fn expiry(&self) -> EpochSeconds {
        EpochSeconds(self.stage.wall.seconds() + fastrand::i64(2..20_000))
    }

    fn plain(&self, call: &Call, id: u32) -> Plain {
        let (mark, log, expires_at) = (call.mark.clone(), Vec::new(), self.expiry());
        Plain { id, mark, count: 0, log, expires_at }
    }

    fn answer(call: &Call, id: u32, what: &'static str, (times, over): (Times, Over)) -> Answer {
        let (mark, key) = (call.mark.clone(), format!("UNVERSIONED#{id:010}"));
        Answer { mark, key, what, told: Told::Dropped, times, over }
    }

    /// Writes as a whole.
    async fn put(&self, call: &Rc<Call>, verb: Verb, id: u32) {
        let (stage, plain) = (&self.stage, self.plain(call, id));
        let board = &stage.board;
        let transactional = stage.recipe.is_transactional();
        let (what, over) = match verb {
            Verb::Create => ("create", Over::Nothing),
            Verb::Replace => ("replace", Over::Anything),
            Verb::Save => ("save", Over::Anything),
            _ => ("put", Over::Anything),
        };
        let times = if transactional { Times::Once } else { Times::Repeatedly };
        let answers = vec![Self::answer(call, id, what, (times, over))];
        macro_rules! send {
            ($write:expr) => {{
                let write = $write;
                match transactional {
                    true => stage.write(call, answers, sent(transactional!(stage, write))).await,
                    false => stage.write(call, answers, sent(write.send())).await,
                }
            }};
        }
        let _ = match verb {
            Verb::Create => send!(board.create(&plain)),
            Verb::Replace => send!(board.replace(&plain)),
            Verb::Save => send!(board.save(&plain)),
            _ => send!(board.put(&plain)),
        };
    }

    async fn update(&self, call: &Rc<Call>, verb: Verb, id: u32) {
        let stage = &self.stage;
        let board = &stage.board;
        let mark = Plain::MARK.set(call.mark.clone());
        let past = EpochSeconds(stage.wall.seconds() - 1);
        let made = || mark.clone().and(Plain::EXPIRES_AT.set(self.expiry()));
        let (what, counts, update) = match verb {
            Verb::Set => ("update", false, board.update(Plain::key(id)).apply(mark)),
            Verb::LogOut => {
                ("log-out", false, board.update(Plain::key(id)).apply(mark.and(Plain::EXPIRES_AT.set(past))))
            }
            Verb::Upsert => {
                let new = made().and(Plain::COUNT.set(0_u32)).and(Plain::LOG.set(Vec::new()));
                ("upsert", false, board.upsert(Plain::key(id)).apply(new))
            }
            Verb::Modify => {
                let counted = made().and(Plain::COUNT.add(1_u32)).and(Plain::LOG.append([call.mark.clone()]));
                ("counting upsert", true, board.upsert(Plain::key(id)).apply(counted))
            }
            _ => ("count", true, board.update(Plain::key(id)).apply(mark.and(Plain::COUNT.add(1_u32)))),
        };
        let again = stage.recipe.is_at_least_once();
        let update = if again { update.at_least_once() } else { update };
        let transactional = stage.recipe.is_transactional();
        let once = transactional || counts && !again;
        let times = if once { Times::Once } else { Times::Repeatedly };
        let answers = vec![Self::answer(call, id, what, (times, Over::Anything))];
        let _ = match transactional {
            true => stage.write(call, answers, sent(transactional!(stage, update))).await,
            false => stage.write(call, answers, sent(update.send())).await,
        };
    }

    async fn delete(&self, call: &Rc<Call>, verb: Verb, id: u32) {
        let stage = &self.stage;
        let delete = stage.board.delete(Plain::key(id));
        let delete = if verb == Verb::Delete { delete.condition(Plain::COUNT.ge(0)) } else { delete };
        let again = stage.recipe.is_at_least_once();
        let delete = if again { delete.at_least_once() } else { delete };
        let transactional = stage.recipe.is_transactional();
        let times = if again && !transactional { Times::Repeatedly } else { Times::Once };
        let answers = vec![Self::answer(call, id, "delete", (times, Over::Anything))];
        let _ = match transactional {
            true => stage.write(call, answers, sent(transactional!(stage, delete))).await,
            false => stage.write(call, answers, sent(delete.send())).await,
        };
    }

    async fn batch(&self, call: &Rc<Call>, id: u32) {
        let stage = &self.stage;
        let batch = stage.board.batch_write().put(&self.plain(call, id)).delete(Plain::key(id + 1));
        let rule = || (Times::Repeatedly, Over::Anything);
        let answers = [id, id + 1].map(|id| Self::answer(call, id, "batch write", rule()));
        let mut report = None;
        let sent = async {
            report = Some(batch.retry_timeout(Duration::from_secs(fastrand::u64(..20))).report().await);
            Ok(())
        };
        stage.write(call, answers.to_vec(), sent).await;
        let Some(report) = report else { return };
        stage.correct(&call.mark, |key| {
            let place = u64::from(key != format!("UNVERSIONED#{id:010}"));
            match () {
                () if report.not_written().iter().any(|item| item.position() == place) => Told::NotApplied,
                () if report.unknown().iter().any(|item| item.position() == place) => Told::Unknown,
                () => Told::Applied,
            }
        });
    }

    async fn transaction(&self, call: &Rc<Call>, id: u32) {
        let stage = &self.stage;
        let plain = self.plain(call, id);
        let count = stage.board.update(Plain::key(id + 1)).apply(Plain::COUNT.add(1_u32));
        let transaction = match fastrand::bool() {
            true => stage.board.transact_write().create(&plain),
            false => stage.board.transact_write().put(&plain),
        };
        let transaction = match fastrand::bool() {
            true => transaction.update(count),
            false => transaction.delete(Plain::key(id + 1)),
        };
        let transaction = match stage.recipe.gives_up {
            Some(time) => transaction.retry_timeout(time),
            None => transaction,
        };
        let rule = || (Times::Once, Over::Anything);
        let answers = [id, id + 1].map(|id| Self::answer(call, id, "transaction", rule()));
        stage.write(call, answers.to_vec(), sent(transaction.send())).await;
    }
}
