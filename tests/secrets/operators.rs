//! Operators whose types hold values.

use crate::Shown;
use crate::model::{ByTag, HUSH, Vault};
use dynamap::Entity;
use dynamap::expr::Path;
use std::collections::BTreeMap;
use std::fmt;

/// Has a key of two parts in an index.
#[derive(Clone, PartialEq, Entity)]
#[dynamap(table = Vault, pk = "SHARED#{id}", sk = "SHARED")]
#[dynamap(index = ByTag, pk = "SHARED#{tag}#{text}", sk = "{id}")]
struct Shared {
    id: String,
    tag: String,
    text: String,
    #[dynamap(flatten)]
    others: BTreeMap<String, String>,
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

    // Names that no entity declares are data.
    shown.debug("FlattenedField", &Shared::OTHERS);
    let named = || Path::<Shared, String>::named(HUSH);
    for path in [named(), Shared::OTHERS.key(HUSH)] {
        shown.display("Path", &path);
        shown.display("Condition", &path.clone().eq(HUSH));
        shown.display("Update", &path.clone().set(HUSH));
        let item = std::collections::HashMap::new();
        let sum = Path::<Shared, u64>::named(HUSH);
        shown.error(
            "ExpressionError",
            &sum.clone().set(sum + 1).and(path.set(HUSH)).apply_to(&item).unwrap_err(),
        );
    }
}
