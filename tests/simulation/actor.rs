//! A client of a generated schedule, and what it knows.

use super::{
    batches,
    history::Told,
    judge::{Answer, Over, Times},
    kinds::{
        BareFromZeroed, BareHolder, BareNumbered, BareRandom, BareTagged, FromZeroed, Holder, Note, Numbered,
        Random, RandomHolder, Tagged,
    },
    marks::{Call, State},
    recipe::{Kind, Verb},
    stage::Stage,
    transactions, unversioned, verbs,
};
use dynamap::value::EpochSeconds;
use std::{cell::Cell, collections::BTreeMap, rc::Rc, time::Duration};

/// Runs a schedule to its end.
pub(super) async fn run(stage: &Rc<Stage>) {
    match stage.recipe.kind {
        Kind::Numbered => clients::<Actor<Numbered>>(stage).await,
        Kind::FromZeroed => clients::<Actor<FromZeroed>>(stage).await,
        Kind::Random => clients::<Actor<Random>>(stage).await,
        Kind::Tagged => clients::<Actor<Tagged>>(stage).await,
        Kind::BareNumbered => clients::<Actor<BareNumbered>>(stage).await,
        Kind::BareFromZeroed => clients::<Actor<BareFromZeroed>>(stage).await,
        Kind::BareRandom => clients::<Actor<BareRandom>>(stage).await,
        Kind::BareTagged => clients::<Actor<BareTagged>>(stage).await,
        Kind::Holder => clients::<Actor<Holder>>(stage).await,
        Kind::RandomHolder => clients::<Actor<RandomHolder>>(stage).await,
        Kind::BareHolder => clients::<Actor<BareHolder>>(stage).await,
        Kind::Unversioned => clients::<unversioned::Actor>(stage).await,
    }
}

/// One life of a client: what it knows is gone with it.
pub(super) trait Life: 'static {
    fn begin(stage: Rc<Stage>, client: u32) -> Self;
    async fn act(&mut self, verb: Verb);
}

/// Lets clients act at once. Some are aborted wherever they are, and begin anew.
async fn clients<L: Life>(stage: &Rc<Stage>) {
    let tasks: Vec<_> = (0..stage.recipe.clients)
        .map(|client| {
            let stage = stage.clone();
            tokio::task::spawn_local(async move {
                let left = Rc::new(Cell::new(stage.recipe.actions));
                while left.get() > 0 {
                    let life = tokio::task::spawn_local(live::<L>(stage.clone(), client, left.clone()));
                    if fastrand::f64() >= stage.recipe.restarts {
                        life.await.unwrap();
                        continue;
                    }
                    tokio::time::sleep(Duration::from_millis(fastrand::u64(..2000))).await;
                    life.abort();
                    let _ = life.await;
                    stage.say(&format!("client   {client} begins anew"));
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

async fn live<L: Life>(stage: Rc<Stage>, client: u32, left: Rc<Cell<u32>>) {
    let mut life = L::begin(stage.clone(), client);
    while left.get() > 0 {
        left.set(left.get() - 1);
        stage.recipe.think().await;
        match stage.recipe.verb() {
            Verb::Sweep => stage.oracle.sweep().await,
            Verb::Jump => {
                let time = Duration::from_secs(60 * fastrand::u64(8..90));
                stage.say(&format!("client   {client} slept for {} minutes", time.as_secs() / 60));
                stage.wall.jump(time);
            }
            Verb::Nap => {
                let time = if fastrand::bool() { 60 } else { 3600 };
                tokio::time::sleep(Duration::from_secs(time * fastrand::u64(1..12))).await;
            }
            verb => life.act(verb).await,
        }
    }
}

/// A note that a client has read or written, and the states that it may have it from.
#[derive(Clone)]
pub(super) struct Held<E> {
    pub(super) note: E,
    pub(super) states: Vec<State>,
}

/// A client of notes with a version.
pub(super) struct Actor<E> {
    pub(super) stage: Rc<Stage>,
    pub(super) client: u32,
    pub(super) held: BTreeMap<u32, Held<E>>,
}

impl<E: Note> Life for Actor<E> {
    fn begin(stage: Rc<Stage>, client: u32) -> Self {
        Self { stage, client, held: BTreeMap::new() }
    }

    async fn act(&mut self, verb: Verb) {
        let id = self.stage.recipe.key();
        match verb {
            Verb::Read => self.read(id).await,
            Verb::Batch => batches::write(self).await,
            Verb::Transaction => transactions::write(self).await,
            verb => verbs::write(self, verb, id).await,
        }
    }
}

impl<E: Note> Actor<E> {
    pub(super) fn begin_call(&self) -> Rc<Call> {
        self.stage.begin(self.client)
    }

    /// When a note expires that is written now.
    pub(super) fn expiry(&self) -> EpochSeconds {
        let seconds = if fastrand::u8(..4) == 0 { 2..120 } else { 600..20_000 };
        EpochSeconds(self.stage.wall.seconds() + fastrand::i64(seconds))
    }

    pub(super) async fn read(&mut self, id: u32) {
        let call = self.begin_call();
        let read = self.stage.board.get(E::key_of(id)).consistent_read().send();
        let found = |note: &Option<E>| match note {
            Some(note) => format!("{} of {}", E::text_of(id), note.mark()),
            None => format!("no {}", E::text_of(id)),
        };
        let Some(note) = self.stage.read(&call, read, found).await else { return };
        let state = call.last_seen().flatten();
        self.check_read(id, note.as_ref().map(Note::mark), state);
        match note {
            Some(note) => drop(self.held.insert(id, Held { note, states: vec![state] })),
            None => drop(self.held.remove(&id)),
        }
    }

    /// What was read is what was there.
    fn check_read(&self, id: u32, mark: Option<&str>, state: State) {
        let there = state.and_then(|state| self.stage.oracle.write(state));
        let alive = there.as_ref().filter(|there| there.expires_at > self.stage.wall.seconds());
        let is_right = match mark {
            Some(mark) => there.as_ref().is_some_and(|there| there.mark == mark),
            None => alive.is_none(),
        };
        if !is_right {
            let there = there.map_or_else(|| "nothing".into(), |there| there.mark);
            self.stage.violated(format!("{} was read as {mark:?}, and it was of {there}", E::text_of(id)));
        }
    }

    /// What the client holds, which it reads if it holds nothing.
    pub(super) async fn hold(&mut self, id: u32) -> Option<Held<E>> {
        if !self.held.contains_key(&id) {
            self.read(id).await;
            self.stage.recipe.think().await;
        }
        self.held.get(&id).cloned()
    }

    pub(super) fn answer(
        &self,
        call: &Call,
        id: u32,
        what: &'static str,
        (times, over): (Times, Over),
    ) -> Answer {
        let (mark, key) = (call.mark.clone(), E::text_of(id));
        Answer { mark, key, what, told: Told::Dropped, times, over }
    }

    /// What becomes of a write that asks for the version of these states.
    pub(super) fn following(states: Vec<State>) -> (Times, Over) {
        match E::TELLS {
            true => (Times::Once, Over::These(states)),
            false => (Times::OnceInALife, Over::Counted(states)),
        }
    }

    /// Keeps what a call has written, and the states in which it has left it so far.
    pub(super) fn keep(&mut self, call: &Call, id: u32, note: E) {
        let states = self.stage.oracle.states_of(&call.mark, &E::text_of(id));
        self.held.insert(id, Held { note, states });
    }
}
