use super::{Deviation, Engine};

pub(super) const DYNALITE: Engine = Engine { name: "dynalite", lacks: &[], deviations: DEVIATIONS };

const DEVIATIONS: &[Deviation] = &[];
