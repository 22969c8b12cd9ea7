/// How a call is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CallOptions {
    /// Whether the items of the response are read by our deserializer. If not, it only checks the response.
    pub(crate) direct: bool,
    pub(crate) repeats: RetryAfterUnknown,
    /// Whether the members are the whole document of the request.
    pub(crate) whole: bool,
    /// Why nothing is to be sent, if so.
    pub(crate) fault: Option<&'static str>,
}

/// When a request is repeated after an attempt that may have been applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryAfterUnknown {
    /// When the SDK does: not after a response that cannot be read.
    AsSdk,
    /// Then as well: doing it twice is doing it once.
    Always,
    /// Never: doing it twice does harm.
    Never,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self { direct: true, repeats: RetryAfterUnknown::AsSdk, whole: false, fault: None }
    }
}
