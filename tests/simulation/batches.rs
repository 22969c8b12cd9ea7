//! Batches of a client, which ask for no version.

use super::{
    actor::Actor,
    history::Told,
    judge::{Over, Times},
    kinds::Note,
};
use dynamap::batch::BatchWriteReport;
use std::{collections::BTreeMap, time::Duration};

pub(super) async fn write<E: Note>(actor: &mut Actor<E>) {
    let (call, stage) = (actor.begin_call(), actor.stage.clone());
    let mut batch = stage.board.repository::<E>().batch_write();
    batch = batch.concurrency(fastrand::usize(1..4)).retry_timeout(Duration::from_secs(fastrand::u64(..20)));
    let mut places: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let writes = fastrand::u64(1..6);
    for place in 0..writes {
        let id = stage.recipe.key();
        places.entry(E::text_of(id)).or_default().push(place);
        if fastrand::u8(..4) == 0 {
            batch = batch.delete_unchecked(E::key_of(id));
            continue;
        }
        // What others have written since is not seen.
        let held = actor.held.get(&id).map(|held| held.note.clone());
        let mut note = held.unwrap_or_else(|| E::new(id, &call.mark, actor.expiry()));
        note.write(&call.mark);
        note.expire(actor.expiry());
        batch = note.put_in(batch);
    }
    let answers = places
        .keys()
        .map(|key| super::judge::Answer {
            mark: call.mark.clone(),
            key: key.clone(),
            what: "batch write",
            told: Told::Dropped,
            times: Times::Repeatedly,
            over: Over::Anything,
        })
        .collect();
    let mut report = None;
    let sent = async {
        report = Some(batch.report().await);
        Ok(())
    };
    stage.write(&call, answers, sent).await;
    let Some(report) = report else { return };
    if report.total() != writes {
        stage.violated(format!(
            "of {writes} writes of {} {} are reported: {report}",
            call.mark,
            report.total()
        ));
    }
    stage.correct(&call.mark, |key| told(&report, &places[key]));
}

/// What a report says of the writes of a key.
fn told(report: &BatchWriteReport, places: &[u64]) -> Told {
    let is_unwritten = |place: &u64| report.not_written().iter().any(|item| item.position() == *place);
    let is_unknown = |place: &u64| report.unknown().iter().any(|item| item.position() == *place);
    // One whose place a later one took may have been written before.
    match places.last() {
        Some(last) if !is_unwritten(last) && !is_unknown(last) => Told::Applied,
        _ if places.iter().all(is_unwritten) => Told::NotApplied,
        _ => Told::Unknown,
    }
}
