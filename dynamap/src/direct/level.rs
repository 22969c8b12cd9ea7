/// The place where an interceptor is configured. A call may have one of each: then the first to see it acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Client,
    Call,
}
