/// The projection of an index: the attributes that it holds beside its own keys and the table's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexProjection {
    /// All attributes.
    All,
    /// No others.
    KeysOnly,
    /// These attributes.
    Include(&'static [&'static str]),
}
