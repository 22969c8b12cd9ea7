/// Options of a call: its mapping, and its retries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CallOptions {
    /// True if the items of the response are read by our deserializer. Otherwise it only checks the response.
    pub(crate) direct: bool,
    pub(crate) repeats: RetryAfterUnknown,
    /// True if the members are the whole document of the request.
    pub(crate) whole: bool,
    /// The reason why nothing is to be sent, if so.
    pub(crate) fault: Option<&'static str>,
}

/// The rule by which a request is repeated after an attempt that may have been applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryAfterUnknown {
    /// The SDK's rule: the request is not repeated after a response that cannot be read.
    AsSdk,
    /// The request is repeated then as well: applied twice, it leaves the same as once.
    Always,
    /// The request is never repeated: applied twice, it does harm.
    Never,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self { direct: true, repeats: RetryAfterUnknown::AsSdk, whole: false, fault: None }
    }
}
