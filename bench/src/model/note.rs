use super::Bench;
use dynamap::{Entity, value::Version};

/// A small item with a version.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bench, pk = "NOTE#{id}", sk = "NOTE")]
pub(crate) struct Note {
    pub(crate) id: u32,
    pub(crate) text: String,
    pub(crate) balance: i64,
    #[dynamap(version)]
    pub(crate) version: Version,
}
