//! Transactions of several notes.

use super::{
    actor::{Actor, Held},
    judge::{Over, Times},
    kinds::Note,
    verbs::sent,
};

/// An action of a transaction.
enum Member<E> {
    Create(u32, E),
    Save(u32, E),
    Count(u32),
    Delete(u32, Held<E>),
}

pub(super) async fn write<E: Note>(actor: &mut Actor<E>) {
    let ids: Vec<u32> = (0..3).filter(|_| fastrand::u8(..3) > 0).collect();
    let mut drawn = Vec::new();
    for id in ids {
        // A third of them are of what was read.
        let held = if fastrand::u8(..3) > 0 { actor.hold(id).await } else { None };
        drawn.push((id, held));
    }
    let (call, stage) = (actor.begin_call(), actor.stage.clone());
    let (mut members, mut answers) = (Vec::new(), Vec::new());
    for (id, held) in drawn {
        let states = held.as_ref().map(|held| held.states.clone()).unwrap_or_default();
        let (member, rule) = match (held, fastrand::u8(..4)) {
            (Some(held), 0) => (Member::Delete(id, held), Actor::<E>::following(states)),
            (Some(Held { mut note, .. }), _) => {
                note.write(&call.mark);
                (Member::Save(id, note), Actor::<E>::following(states))
            }
            (None, 0) => (Member::Count(id), (Times::Once, Over::Anything)),
            (None, _) => {
                (Member::Create(id, E::new(id, &call.mark, actor.expiry())), (Times::Once, Over::Nothing))
            }
        };
        members.push(member);
        answers.push(actor.answer(&call, id, "transaction", rule));
    }
    if members.is_empty() {
        return;
    }
    let board = &stage.board;
    let mut transaction = board.transact_write();
    if let Some(time) = stage.recipe.gives_up {
        transaction = transaction.retry_timeout(time);
    }
    for member in &mut members {
        transaction = match member {
            Member::Create(_, note) => transaction.create(note),
            Member::Save(_, note) => transaction.save(note),
            Member::Count(id) => {
                let count = E::counting().and(E::marking(&call.mark));
                transaction.update(board.update(E::key_of(*id)).apply(count).ignore_version())
            }
            Member::Delete(id, held) => {
                transaction.delete(board.delete(E::key_of(*id)).expect_version(held.note.version()))
            }
        };
    }
    let done = stage.write(&call, answers, sent(transaction.send())).await;
    for member in members {
        match member {
            Member::Create(id, note) | Member::Save(id, note) if done.is_kept() => {
                actor.keep(&call, id, note);
            }
            Member::Create(id, _) | Member::Save(id, _) | Member::Count(id) | Member::Delete(id, _) => {
                actor.held.remove(&id);
            }
        }
    }
}
