//! The cost of watching the attempts of a write, so that its outcome is known.

use super::{Case, call::Calls, leak};
use crate::{
    contender::UNWATCHED,
    model::{self, Note, TABLE},
};
use dynamap::{Table, value::Version};

/// UpdateItem that checks and advances a version, by dynamap, and the same request sent by the SDK alone.
pub(super) fn update_item(name: &'static str) -> Case {
    let calls = Calls::new(b"{}");
    let mut case = Case::new(name, "UpdateItem of four attributes with a version and its lineage".into());
    let note =
        || Note { id: 7, text: "a note of some words".into(), balance: 1_234_567, version: Version::NEW };
    // A version that is stored.
    let table = |client| Table::<model::Bench>::new(client, TABLE);
    let stored = move || {
        let mut note = note();
        calls.wait(table(calls.client()).create(&mut note).send()).unwrap();
        note
    };
    let first: &'static Note = leak(stored());
    for (contender, prepare) in super::call::CLIENTS {
        let table = table(prepare(calls.client()));
        let save = move |mut note: Note| {
            calls.wait(table.save(&mut note).send()).unwrap();
            note.version.stored().copied()
        };
        case.add_consuming(contender, || first.clone(), save, advanced);
    }
    let table = table(calls.client());
    let save = move |mut note: Note| {
        let request = table.save(&mut note).into_sdk().unwrap();
        calls.wait(request.send()).unwrap();
        Some(2)
    };
    case.add_consuming(UNWATCHED, || first.clone(), save, advanced);
    case
}

fn advanced(version: Option<u64>) -> super::CheckResult {
    match version {
        Some(2) => Ok(()),
        other => Err(format!("the version is {other:?}")),
    }
}
