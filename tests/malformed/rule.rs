//! What each operation may tell after a malformed answer.

use crate::layer::{Layer, Seen};
use crate::malformation::Malformation;
use crate::model::{World, archive, behind, table};
use crate::operation::{Kind, Operation, Run, Told};
use dynamap::Mapping;
use std::time::Duration;

/// A malformed answer to an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) operation: Operation,
    pub(crate) malformation: Malformation,
    /// The first request whose answer is malformed.
    pub(crate) first: usize,
    /// Whether those of all that follow are as well.
    pub(crate) always: bool,
    pub(crate) mapping: Mapping,
    pub(crate) number: u64,
}

/// No operation is at work for so long.
const HOUR: Duration = Duration::from_secs(3600);

impl Case {
    /// Runs the operation: true if all answers could be believed.
    pub(crate) async fn run(&self, world: &World) -> Result<bool, String> {
        let local = if self.operation.kind() == Kind::Read { &world.read } else { &world.written };
        let layer = Layer::new(self.malformation, self.first, self.always);
        let (shop, seen) = behind(local, layer, self.mapping);
        let (plain, archive) = (table(local), archive(&shop).with_mapping(self.mapping));
        let plain_archive = crate::model::archive(&plain);
        let run = Run { shop, plain, archive, plain_archive, number: self.number };
        match tokio::time::timeout(HOUR, self.operation.run(&run)).await {
            Ok(told) => self.check(&told, &seen).map(|()| seen.reads() + seen.writes() == 0),
            Err(_) => Err(format!("it hangs after {} requests", seen.requests())),
        }
    }

    /// The rule.
    ///
    /// - What is told is true, unless an answer cannot be told from what DynamoDB might answer.
    /// - Where all answers can be believed, all is as if none were malformed.
    /// - An answer that tells nothing is not believed. A read is repeated; once is enough. A write is repeated, or nobody
    ///   knows; as long as no answer tells anything, nobody does.
    /// - Nobody is told that nothing was written, unless only answers to reads before it were malformed.
    fn check(&self, told: &Told, seen: &Seen) -> Result<(), String> {
        let wrong = |expected: &str| Err(format!("told {told:?}, where {expected}"));
        let (reads, writes) = (seen.reads(), seen.writes());
        let kind = self.operation.kind();
        let is_odd = matches!(self.malformation, Malformation::Unprocessed(_));
        match told {
            _ if seen.is_open() => Ok(()),
            Told::Untrue(_) => wrong("it is not true"),
            _ if reads + writes == 0 => match (kind, told) {
                (Kind::Read | Kind::Write, Told::True) | (Kind::Refused, Told::Refused) => Ok(()),
                _ => wrong("nothing was in its way"),
            },
            Told::Odd(_) if is_odd && kind == Kind::Read => Ok(()),
            Told::True if self.always => wrong("no answer can be believed"),
            Told::True if kind == Kind::Refused => wrong("its condition is not true"),
            Told::True => Ok(()),
            Told::Failed(_) | Told::Odd(_) if self.always && writes == 0 => Ok(()),
            Told::Failed(_) | Told::Odd(_) if kind == Kind::Read => wrong("a read is repeated"),
            Told::Unknown if writes > 0 => Ok(()),
            // The answer after it is one.
            Told::Refused if kind == Kind::Refused && !self.always => Ok(()),
            _ => wrong("it may be written"),
        }
    }
}
