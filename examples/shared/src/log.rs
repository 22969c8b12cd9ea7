//! The log of a program on the standard error, by the environment variable `RUST_LOG`.

use std::{
    env,
    io::{self, IsTerminal},
};

use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    field::MakeExt,
    filter::{FilterExt, filter_fn},
    fmt::{
        self,
        format::{FmtSpan, debug_fn},
    },
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// A part of the log.
pub type LogLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// The targets of the SDK and its HTTP client, whose logs may hold items, at a level at which they hold none.
const SDK: &str = "aws_smithy_runtime=info,aws_smithy_runtime_api=info,aws_smithy_http_client=info,aws_runtime=info,\
                   aws_sdk_dynamodb=info,aws_sdk_dynamodbstreams=info,aws_sigv4=info,hyper=info,hyper_util=info,h2=info,\
                   rustls=info";

/// Returns the layers that write what `RUST_LOG` asks for beside `default`: a line for each event, and one for each span of
/// dynamap at its end, with its attributes. Without the variable it is `default` alone.
///
/// The SDK logs requests with their items at TRACE. So it says no more than INFO, unless `RUST_LOG` names its targets.
pub fn layers(default: &str) -> Vec<LogLayer> {
    let filter = || filter_of(default, &env::var("RUST_LOG").unwrap_or_default());
    let lines = || fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr);
    // Fields of a type of their own: layers with the same type would write each attribute twice.
    let fields = debug_fn(|writer, field, value| write!(writer, "{field}={value:?}")).delimited(" ");
    let spans = filter_fn(|metadata| metadata.is_span() && metadata.target().starts_with("dynamap"));
    vec![
        lines().with_filter(filter()).boxed(),
        lines().with_span_events(FmtSpan::CLOSE).fmt_fields(fields).with_filter(filter().and(spans)).boxed(),
    ]
}

fn filter_of(default: &str, asked: &str) -> EnvFilter {
    match asked.is_empty() {
        true => EnvFilter::new(default),
        // A later directive of the same target takes the place of an earlier one.
        false => EnvFilter::new(format!("{default},{SDK},{asked}")),
    }
}

/// Logs to the standard error what `RUST_LOG` asks for; without it, nothing.
pub fn begin() {
    // A test may have begun a log of its own.
    let _ = tracing_subscriber::registry().with(layers("off")).try_init();
}

#[cfg(test)]
mod tests {
    use super::filter_of;

    #[test]
    fn the_sdk_says_little_unless_it_is_named() {
        let quiet = filter_of("off", "trace").to_string();
        assert!(quiet.contains("aws_sigv4=info") && quiet.contains("trace"), "{quiet}");
        let named = filter_of("off", "debug,aws_sigv4=trace").to_string();
        assert!(named.contains("aws_sigv4=trace") && !named.contains("aws_sigv4=info"), "{named}");
        assert_eq!(filter_of("off", "").to_string(), "off");
    }
}
