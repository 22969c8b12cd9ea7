//! The log on the standard error, and with the feature `opentelemetry` spans for a collector.

use examples_shared::log;
use tracing_subscriber::{layer::SubscriberExt, util::SubscriberInitExt};

/// The log, and the spans that are on their way to a collector. Dropped, it sends those that are left.
pub(super) struct Telemetry {
    #[cfg(feature = "opentelemetry")]
    provider: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

impl Telemetry {
    /// Logs what `RUST_LOG` asks for beside `default`.
    ///
    /// With the feature `opentelemetry`, and where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector, it gets the spans of the
    /// shop and of dynamap.
    pub(super) fn begin(default: &str) -> Self {
        #[cfg_attr(not(feature = "opentelemetry"), expect(unused_mut))]
        let mut layers = log::layers(default);
        #[cfg(feature = "opentelemetry")]
        let provider = exporter::begin(&mut layers);
        // A test may have begun a log of its own.
        let _ = tracing_subscriber::registry().with(layers).try_init();
        Self {
            #[cfg(feature = "opentelemetry")]
            provider,
        }
    }
}

#[cfg(feature = "opentelemetry")]
impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.provider.take().map(|provider| provider.shutdown()) {
            eprintln!("spans were not sent: {error}");
        }
    }
}

#[cfg(feature = "opentelemetry")]
mod exporter {
    use std::env;

    use examples_shared::log::LogLayer;
    use opentelemetry::trace::TracerProvider;
    use opentelemetry_otlp::SpanExporter;
    use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
    use tracing_subscriber::{
        Layer,
        filter::{LevelFilter, Targets},
    };

    use crate::PROGRAM;

    const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// Adds the layer that sends spans, if there is a collector.
    pub(super) fn begin(layers: &mut Vec<LogLayer>) -> Option<SdkTracerProvider> {
        env::var_os(ENDPOINT)?;
        let exporter = match SpanExporter::builder().with_http().build() {
            Ok(exporter) => exporter,
            Err(error) => {
                eprintln!("no spans are sent: {error}");
                return None;
            }
        };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(Resource::builder().with_service_name(PROGRAM.package).build())
            .build();
        // Not the spans of the SDK, and not those of the exporter's own requests.
        let own = Targets::new()
            .with_target("dynamap", LevelFilter::DEBUG)
            .with_target(PROGRAM.package, LevelFilter::INFO);
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer(PROGRAM.package));
        layers.push(Box::new(layer.with_filter(own)));
        Some(provider)
    }
}
