//! What clients were told, compared with what DynamoDB did.

use super::{
    history::Told,
    marks::{Call, State},
    oracle::{Applied, Oracle, Refused, shown},
    unique,
};
use std::rc::Rc;

/// What a client was told of a write of one item, and what may become of such a write.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) mark: String,
    pub(super) key: String,
    pub(super) what: &'static str,
    pub(super) told: Told,
    pub(super) times: Times,
    pub(super) over: Over,
}

/// How often a write may be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    Once,
    /// Once in the life of an item: its version begins anew where the item is deleted and created.
    OnceInALife,
    /// Any number of times.
    Repeatedly,
}

/// What a write may be applied over.
#[derive(Debug, Clone)]
pub(super) enum Over {
    Anything,
    /// No item, or one that is past its time to live.
    Nothing,
    /// One of the states that the client had read or left.
    These(Vec<State>),
    /// A state that an answer of its own call told of.
    Seen(Rc<Call>),
    /// As [`These`](Self::These), by a version that begins anew where the item is deleted and created.
    Counted(Vec<State>),
}

/// What is not true, each in one line.
pub(super) fn judge(oracle: &Oracle, answers: &[Answer]) -> Vec<String> {
    let (applied, refused) = (oracle.applied(), oracle.refused());
    let mut untrue = Vec::new();
    for answer in answers {
        // An upsert makes way for itself where an item has expired, which is as good as absent.
        let makes_way = |one: &&Applied| one.expired && one.deleted && answer.what.ends_with("upsert");
        let own = |one: &&Applied| one.mark == answer.mark && one.key == answer.key && !makes_way(one);
        let own: Vec<&Applied> = applied.iter().filter(own).collect();
        let found = [
            answer.is_told_right(&own),
            answer.is_as_often_as_it_may(&own),
            answer.is_over_what_it_may(&own, &applied),
            answer.is_refused_for_a_reason(&refused),
        ];
        let Answer { mark, key, what, told, .. } = answer;
        let line = |wrong| format!("{what} {mark} of {key} was told {told:?}: {wrong}");
        untrue.extend(found.into_iter().flatten().map(line));
    }
    let is_known = |one: &Applied| {
        one.mark == "setup"
            || unique::is_sentinel(&one.key)
            || answers.iter().any(|answer| answer.mark == one.mark && answer.key == one.key)
    };
    let nobodys = applied.iter().filter(|one| !is_known(one));
    untrue.extend(nobodys.map(|one| format!("a write of {} with mark {} is nobody's", one.key, one.mark)));
    untrue
}

impl Answer {
    fn is_told_right(&self, own: &[&Applied]) -> Option<String> {
        match self.told {
            Told::Applied if own.is_empty() => Some("it was never applied".into()),
            Told::NotApplied if !own.is_empty() => Some(format!("it was applied {} times", own.len())),
            _ => None,
        }
    }

    fn is_as_often_as_it_may(&self, own: &[&Applied]) -> Option<String> {
        let too_often = match self.times {
            Times::Once => own.len() > 1,
            Times::OnceInALife => {
                own.iter().enumerate().any(|(at, one)| own[..at].iter().any(|old| old.origin == one.origin))
            }
            Times::Repeatedly => false,
        };
        too_often.then(|| format!("it was applied {} times, and may be once", own.len()))
    }

    fn is_over_what_it_may(&self, own: &[&Applied], applied: &[Applied]) -> Option<String> {
        let origin = |state: State| state.and_then(|state| applied.get(state)).map(|one| one.origin);
        let is_wrong = |one: &Applied| match &self.over {
            Over::Anything => false,
            Over::Nothing => one.before.is_some() && !one.expired,
            Over::Seen(call) => !call.seen().contains(&one.before),
            Over::These(states) => !states.contains(&one.before),
            Over::Counted(states) => {
                let before = origin(one.before);
                !states.contains(&one.before) && states.iter().any(|state| origin(*state) == before)
            }
        };
        let wrong = own.iter().find(|one| is_wrong(one))?;
        let before = shown(wrong.before);
        Some(match &self.over {
            Over::These(states) | Over::Counted(states) => {
                let states: Vec<String> = states.iter().map(|state| shown(*state)).collect();
                format!("it follows {}, and was applied over {before}", states.join(" or "))
            }
            _ => format!("it was applied over {before}"),
        })
    }

    /// A condition that asks for a version does not fail where the item still has the state that the client knows.
    fn is_refused_for_a_reason(&self, refused: &[Refused]) -> Option<String> {
        let (Over::These(states) | Over::Counted(states)) = &self.over else { return None };
        let [known] = &**states else { return None };
        // A first attempt takes the unique fields to be unchanged, and is refused where they are not.
        if unique::is_holder(&self.key) {
            return None;
        }
        let own = |one: &&Refused| one.mark == self.mark && one.key == self.key;
        let wrong = refused.iter().filter(own).find(|one| one.found == *known && !one.expired)?;
        Some(format!("it was refused over {}, which it follows", shown(wrong.found)))
    }
}
