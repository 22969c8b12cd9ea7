use aws_sdk_dynamodb::config::FrozenLayer;
use aws_smithy_runtime_api::client::ser_de::SharedResponseDeserializer;
use std::fmt::{self, Write as _};

/// The configuration layer that puts our deserializer in front of the SDK's.
#[derive(Debug)]
pub(super) struct InFront {
    layer: FrozenLayer,
    /// The text of the SDK's deserializer by `Debug`: nothing else tells it from others.
    shown: String,
}

impl InFront {
    pub(super) fn of(sdks: &SharedResponseDeserializer, layer: FrozenLayer) -> Self {
        Self { layer, shown: format!("{sdks:?}") }
    }

    /// The layer, if it is the SDK's deserializer that was loaded.
    pub(super) fn layer_for(&self, loaded: &SharedResponseDeserializer) -> Option<FrozenLayer> {
        let mut expected = Expected(&self.shown);
        let is_sdks = write!(expected, "{loaded:?}").is_ok() && expected.0.is_empty();
        is_sdks.then(|| self.layer.clone())
    }
}

/// A text that is compared with what is written, without an allocation.
struct Expected<'a>(&'a str);

impl fmt::Write for Expected<'_> {
    fn write_str(&mut self, written: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(written).ok_or(fmt::Error)?;
        Ok(())
    }
}
