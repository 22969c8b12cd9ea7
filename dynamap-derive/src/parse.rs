//! The first stage: tokens to options, without their meaning.

pub(crate) mod option_sets;
pub(crate) mod options;
pub(crate) mod self_type;
pub(crate) mod serde_options;
pub(crate) mod shape;
pub(crate) mod template;
