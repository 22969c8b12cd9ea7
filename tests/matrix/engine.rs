//! The engines that the matrix knows, and what each of them lacks and gets wrong.

mod dynalite;
mod moto;

use super::Capability;

/// An implementation of DynamoDB.
#[derive(Debug)]
pub struct Engine {
    /// The name, as on the command line.
    pub name: &'static str,
    /// The capabilities that it lacks.
    pub lacks: &'static [Capability],
    /// What it is known to get wrong.
    pub deviations: &'static [Deviation],
}

/// Cases that an engine does not pass, and the reason for all of them.
#[derive(Debug)]
pub struct Deviation {
    /// The reason.
    pub reason: &'static str,
    /// The cases, each with its topic.
    pub cases: &'static [&'static str],
    /// True if the engine passes them now and then.
    pub by_chance: bool,
}

impl Deviation {
    const fn new(reason: &'static str, cases: &'static [&'static str]) -> Self {
        Self { reason, cases, by_chance: false }
    }

    const fn by_chance(reason: &'static str, cases: &'static [&'static str]) -> Self {
        Self { reason, cases, by_chance: true }
    }
}

/// The engine inside the process.
pub const EMBEDDED: Engine = Engine { name: "embedded", lacks: &[], deviations: &[] };

/// The same behind a port, without what `dynamap-local` mends on the way to it.
pub const EMBEDDED_OVER_HTTP: Engine = Engine {
    name: "embedded-http",
    lacks: &[],
    deviations: &[Deviation::new(
        "a write that changes nothing is a record of the stream",
        &["streams::a_write_that_changes_nothing_is_no_change"],
    )],
};

/// The engines that the page has a section of.
pub const KNOWN: [&Engine; 4] = [&dynalite::DYNALITE, &EMBEDDED, &EMBEDDED_OVER_HTTP, &moto::MOTO];

/// An engine that nothing is known of: it has all capabilities.
const UNKNOWN: Engine = Engine { name: "", lacks: &[], deviations: &[] };

impl Engine {
    /// The engine of a name.
    #[must_use]
    pub fn named(name: &str) -> &'static Self {
        KNOWN.into_iter().find(|engine| engine.name == name).unwrap_or(&UNKNOWN)
    }

    /// What it is known to get wrong in a case.
    pub(super) fn deviation(&self, topic: &str, case: &str) -> Option<&'static Deviation> {
        let is_of = |full: &str| full.split_once("::") == Some((topic, case));
        self.deviations.iter().find(|deviation| deviation.cases.iter().any(|full| is_of(full)))
    }

    /// The names of all cases in its lists.
    pub fn listed(&self) -> impl Iterator<Item = &'static str> {
        self.deviations.iter().flat_map(|deviation| deviation.cases).copied()
    }
}
