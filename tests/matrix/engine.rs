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
    deviations: &'static [Deviation],
}

/// Cases that an engine does not pass, and the reason for all of them.
#[derive(Debug)]
struct Deviation {
    reason: &'static str,
    /// The cases, each with its topic.
    cases: &'static [&'static str],
}

/// The engine inside the process.
pub const EMBEDDED: Engine = Engine { name: "embedded", lacks: &[], deviations: EMBEDDED_DEVIATIONS };

/// The same behind a port.
pub const EMBEDDED_OVER_HTTP: Engine = Engine { name: "embedded-http", ..EMBEDDED };

const EMBEDDED_DEVIATIONS: &[Deviation] = &[];

/// The engines that have deviations, and those that have the name of one.
pub const KNOWN: [&Engine; 4] = [&EMBEDDED, &EMBEDDED_OVER_HTTP, &dynalite::DYNALITE, &moto::MOTO];

/// An engine that nothing is known of: it has all capabilities.
const UNKNOWN: Engine = Engine { name: "", lacks: &[], deviations: &[] };

impl Engine {
    /// The engine of a name.
    #[must_use]
    pub fn named(name: &str) -> &'static Self {
        KNOWN.into_iter().find(|engine| engine.name == name).unwrap_or(&UNKNOWN)
    }

    /// The reason for which it does not pass a case.
    pub(super) fn deviation(&self, topic: &str, case: &str) -> Option<&'static str> {
        let is_of = |full: &&str| full.split_once("::") == Some((topic, case));
        let deviation = self.deviations.iter().find(|deviation| deviation.cases.iter().any(|full| is_of(&full)));
        deviation.map(|deviation| deviation.reason)
    }

    /// The names of all cases in its lists.
    pub fn listed(&self) -> impl Iterator<Item = &'static str> {
        self.deviations.iter().flat_map(|deviation| deviation.cases).copied()
    }
}
