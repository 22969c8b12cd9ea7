//! Operators whose types hold values.

use crate::Shown;
use crate::model::{ByTag, HUSH, Vault};
use dynamap::Entity;
use std::fmt;

/// Has a key of two parts in an index.
#[derive(Clone, PartialEq, Entity)]
#[dynamap(table = Vault, pk = "SHARED#{id}", sk = "SHARED")]
#[dynamap(index = ByTag, pk = "SHARED#{tag}#{text}", sk = "{id}")]
struct Shared {
    id: String,
    tag: String,
    text: String,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared")
    }
}

pub(crate) fn show(shown: &mut Shown) {
    let given = Shared::TAG.given(Shared::TEXT, HUSH);
    shown.debug("Given", &given);
    shown.display("Update", &given.set(HUSH));
}
