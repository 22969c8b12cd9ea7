//! The guide, and the store that it shows.

use dynamap_local::faults::Faults;
use examples_shared::{Failure, tour::Guide};

use crate::Store;

/// The tour of one store.
pub(super) struct Tour<'o, 'w> {
    pub(super) guide: Guide<'o, 'w>,
    pub(super) faults: Faults,
    pub(super) store: Store,
}

impl Tour<'_, '_> {
    /// Prints the operations of the requests since the last call.
    pub(super) fn sent_operations(&mut self) -> Result<(), Failure> {
        let requests = self.guide.take_requests();
        let operations: Vec<&str> = requests.iter().map(|request| &*request.operation).collect();
        self.guide.tell(operations.join(", "))
    }
}
