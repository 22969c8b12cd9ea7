//! The guide, and the table that it shows.

use dynamap::Table;
use dynamap_local::faults::Faults;
use examples_shared::{Failure, tour::Guide};

use crate::model::{Session, Sessions};

/// The tour of one table.
pub(super) struct Tour<'o, 'w> {
    pub(super) guide: Guide<'o, 'w>,
    pub(super) faults: Faults,
    pub(super) sessions: Table<Sessions>,
}

/// A session in a line of JSON.
pub(super) fn shown(session: &Session) -> Result<String, Failure> {
    Ok(serde_json::to_string(session)?)
}
