use super::{Deviation, Engine};

pub(super) const MOTO: Engine = Engine { name: "moto", lacks: &[], deviations: DEVIATIONS };

const DEVIATIONS: &[Deviation] = &[];
