use crate::{
    call::Handle,
    direct::AttemptMarks,
    entity::Entity,
    expr::{LineageLink, Update},
    outcome::Result,
};
use std::sync::Arc;

/// The item that is changed, and the change.
pub(super) struct Target<E: Entity> {
    pub(super) key: E::Key,
    pub(super) update: Update<E>,
    pub(super) lineage: Option<LineageLink>,
    /// Those of an update that may create the item.
    pub(super) marks: Option<Arc<AttemptMarks>>,
}

impl<E: Entity> Target<E> {
    pub(super) fn new(key: E::Key, update: Update<E>) -> Self {
        Self { key, update, lineage: None, marks: None }
    }
}

impl<E: Entity> Target<E> {
    /// An item that is created begins a lineage, so that none of its versions is taken for one of an item that was deleted.
    pub(super) fn of_upsert(handle: &Handle, key: E::Key) -> Result<Self> {
        let mut target = Self::new(key, Update::none());
        let lineage = E::STAMPS.iter().find_map(|stamp| stamp.version?.lineage);
        if let Some(attribute) = lineage {
            let marks = handle.marks(None)?;
            let link = |lineage| LineageLink { attribute, lineage, once: true };
            target.lineage = marks.first_lineage().map(link);
            target.marks = Some(Arc::new(marks));
        }
        Ok(target)
    }
}
