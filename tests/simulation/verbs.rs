//! Single writes of a client.

use super::{
    actor::{Actor, Held},
    history::{Told, of_modify},
    judge::{Over, Times},
    kinds::Note,
    marks::Call,
    recipe::Verb,
    stage::Done,
};
use dynamap::{
    Error,
    op::UpdateItem,
    value::{EpochSeconds, VersionValue},
};

/// Sends a write as a transaction.
macro_rules! transactional {
    ($stage:expr, $write:expr) => {{
        let write = $write.transactional();
        match $stage.recipe.gives_up {
            Some(time) => write.retry_timeout(time).send(),
            None => write.send(),
        }
    }};
}
pub(super) use transactional;

pub(super) async fn write<E: Note>(actor: &mut Actor<E>, verb: Verb, id: u32) {
    match verb {
        Verb::Create => {
            if actor.stage.recipe.careful {
                actor.read(id).await;
            }
            if !actor.stage.recipe.careful || !actor.held.contains_key(&id) {
                create(actor, id).await;
            }
        }
        Verb::Modify => modify(actor, id).await,
        Verb::Set | Verb::Count | Verb::LogOut | Verb::Upsert => update(actor, verb, id).await,
        Verb::Remove => remove(actor, id).await,
        Verb::Save | Verb::Replace | Verb::Update | Verb::Delete => {
            if let Some(held) = actor.hold(id).await {
                follow(actor, verb, id, held).await;
            }
        }
        _ => {}
    }
}

async fn create<E: Note>(actor: &mut Actor<E>, id: u32) {
    let (call, stage) = (actor.begin_call(), actor.stage.clone());
    let mut note = E::new(id, &call.mark, actor.expiry());
    let create = stage.board.create(&mut note);
    let done = if stage.recipe.is_transactional() {
        let answer = actor.answer(&call, id, "transactional create", (Times::Once, Over::Nothing));
        stage.write(&call, vec![answer], sent(transactional!(stage, create))).await
    } else {
        // One that is late creates again what was deleted meanwhile.
        let answer = actor.answer(&call, id, "create", (Times::Repeatedly, Over::Nothing));
        stage.write(&call, vec![answer], sent(create.send())).await
    };
    match done.is_kept() {
        true => actor.keep(&call, id, note),
        false => drop(actor.held.remove(&id)),
    }
}

/// Writes that follow a state that the client knows.
async fn follow<E: Note>(actor: &mut Actor<E>, verb: Verb, id: u32, held: Held<E>) {
    let (call, stage) = (actor.begin_call(), actor.stage.clone());
    let transactional = stage.recipe.is_transactional();
    let what = match (verb, transactional) {
        (Verb::Save, false) => "save",
        (Verb::Save, true) => "transactional save",
        (Verb::Replace, false) => "replace",
        (Verb::Replace, true) => "transactional replace",
        (Verb::Update, false) => "update",
        (Verb::Update, true) => "transactional update",
        (_, false) => "delete",
        (_, true) => "transactional delete",
    };
    let answers = vec![actor.answer(&call, id, what, Actor::<E>::following(held.states.clone()))];
    let mut note = held.note.clone();
    note.write(&call.mark);
    if fastrand::bool() {
        note.expire(actor.expiry());
    }
    let board = &stage.board;
    macro_rules! send {
        ($write:expr) => {{
            let write = $write;
            match transactional {
                true => stage.write(&call, answers, sent(transactional!(stage, write))).await,
                false => stage.write(&call, answers, sent(write.send())).await,
            }
        }};
    }
    let version = held.note.version();
    let done = match verb {
        Verb::Save => send!(board.save(&mut note)),
        Verb::Replace => send!(board.replace(&mut note)),
        Verb::Update => {
            let update = board.update(E::key_of(id)).apply(E::marking(&call.mark)).apply(E::counting());
            send!(update.expect_version(version))
        }
        _ => send!(board.delete(E::key_of(id)).expect_version(version)),
    };
    let writes_note = matches!(verb, Verb::Save | Verb::Replace);
    if done.is_kept() && writes_note {
        return actor.keep(&call, id, note);
    }
    if note.version() != version && writes_note {
        stage.violated(format!("{what} {} was told {:?}, and its version is new", call.mark, done.told));
    }
    forget(actor, &call, id, &done);
}

/// What the client holds after a write that was not applied, or after which it does not have the note in memory.
fn forget<E: Note>(actor: &mut Actor<E>, call: &Call, id: u32, done: &Done) {
    // Some try again with what they had, which they may not after all.
    if done.told == Told::Applied || fastrand::u8(..3) > 0 {
        actor.held.remove(&id);
    }
    if let Some(Error::VersionConflict(conflict)) = &done.error
        && let (Some(Ok(note)), Some(state)) = (conflict.current::<E>(), call.last_seen())
        && fastrand::bool()
    {
        actor.held.insert(id, Held { note, states: vec![state] });
    }
}

async fn modify<E: Note>(actor: &mut Actor<E>, id: u32) {
    let (call, stage) = (actor.begin_call(), actor.stage.clone());
    let (times, over) = match E::TELLS {
        true => (Times::Once, Over::Seen(call.clone())),
        false => (Times::OnceInALife, Over::Anything),
    };
    let answers = vec![actor.answer(&call, id, "modify", (times, over))];
    let change = |note: &mut E| {
        note.write(&call.mark);
        Ok::<(), ()>(())
    };
    let mut saved = None;
    let modify = stage.board.repository::<E>().modify(E::key_of(id), change);
    let modify = async {
        let outcome = modify.send().await;
        saved = outcome.as_ref().ok().cloned();
        of_modify(outcome)
    };
    let done = stage.write(&call, answers, modify).await;
    match saved.filter(|_| done.is_kept()) {
        Some(note) => actor.keep(&call, id, note),
        None => drop(actor.held.remove(&id)),
    }
}

/// Updates of whatever version the note has.
async fn update<E: Note>(actor: &mut Actor<E>, verb: Verb, id: u32) {
    let (call, stage) = (actor.begin_call(), actor.stage.clone());
    let (board, past) = (&stage.board, EpochSeconds(stage.wall.seconds() - 1));
    let (set, mark) = (|update| board.update(E::key_of(id)).apply(update), E::marking(&call.mark));
    let (what, update): (_, UpdateItem<'_, E>) = match verb {
        Verb::Set => ("blind update", set(E::noting(fastrand::u32(..)).and(mark))),
        Verb::LogOut => ("log-out", set(E::expiring(past).and(mark))),
        Verb::Upsert => ("upsert", board.upsert(E::key_of(id)).apply(E::making(&call.mark, actor.expiry()))),
        _ => ("count", set(E::counting().and(mark))),
    };
    // Without a lineage, a random version that an update gives comes back where it is repeated: so it says.
    let again = stage.recipe.is_at_least_once() && (E::Value::COUNTS || E::LINEAGE.is_some());
    let update = if again { update.at_least_once() } else { update }.ignore_version();
    let transactional = stage.recipe.is_transactional();
    let times = match transactional || verb == Verb::Count && !again {
        true => Times::Once,
        false => Times::Repeatedly,
    };
    let answers = vec![actor.answer(&call, id, what, (times, Over::Anything))];
    let _ = match transactional {
        true => stage.write(&call, answers, sent(transactional!(stage, update))).await,
        false => stage.write(&call, answers, sent(update.send())).await,
    };
}

async fn remove<E: Note>(actor: &mut Actor<E>, id: u32) {
    let (call, stage) = (actor.begin_call(), actor.stage.clone());
    let delete = stage.board.delete(E::key_of(id)).ignore_version();
    let again = stage.recipe.is_at_least_once();
    let delete = if again { delete.at_least_once() } else { delete };
    let transactional = stage.recipe.is_transactional();
    let times = if again && !transactional { Times::Repeatedly } else { Times::Once };
    let answers = vec![actor.answer(&call, id, "blind delete", (times, Over::Anything))];
    let _ = match transactional {
        true => stage.write(&call, answers, sent(transactional!(stage, delete))).await,
        false => stage.write(&call, answers, sent(delete.send())).await,
    };
}

/// A write as the stage takes it.
pub(super) async fn sent(write: impl Future<Output = Result<(), Error>>) -> Result<(), Option<Error>> {
    write.await.map_err(Some)
}
