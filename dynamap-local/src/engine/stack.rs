//! A deep stack, and a catch of panics, for the engine's recursive expression parser.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use dynoxide::DynoxideError;

type EngineResult = Result<String, DynoxideError>;

/// An unoptimised parser takes about 10 KB for each of the 4096 levels that an expression can hold.
const DEEP_STACK_BYTES: usize = 128 << 20;

/// Well below the 150 levels that an unoptimised build survives on a thread of 2 MB.
const SHALLOW_LEVELS: usize = 64;

/// Runs `operation` on this thread, or on one with a deep stack if the body's expressions may nest deeply:
/// a stack overflow would end the whole process. A panic becomes an internal server error.
pub(super) fn run(body: &[u8], operation: impl FnOnce() -> EngineResult + Send) -> EngineResult {
    if may_nest_deeply(body) {
        on_deep_stack(operation)
    } else {
        catch_unwind(AssertUnwindSafe(operation)).unwrap_or_else(|_| Err(panicked()))
    }
}

fn on_deep_stack(operation: impl FnOnce() -> EngineResult + Send) -> EngineResult {
    thread::scope(|scope| {
        let deep = thread::Builder::new().stack_size(DEEP_STACK_BYTES).spawn_scoped(scope, operation);
        match deep {
            Ok(deep) => deep.join().unwrap_or_else(|_| Err(panicked())),
            Err(error) => Err(DynoxideError::InternalServerError(error.to_string())),
        }
    })
}

fn panicked() -> DynoxideError {
    DynoxideError::InternalServerError("the embedded engine panicked".to_owned())
}

/// Every level of an expression has a parenthesis, `AND`, `OR` or `NOT`, any of them perhaps escaped.
/// Counting them in the whole body errs on the safe side.
fn may_nest_deeply(body: &[u8]) -> bool {
    body.windows(2).filter(|pair| may_open_level([pair[0], pair[1]])).nth(SHALLOW_LEVELS).is_some()
}

fn may_open_level(pair: [u8; 2]) -> bool {
    matches!(pair[0], b'(' | b'\\') || matches!(&pair.map(|b| b.to_ascii_uppercase()), b"ND" | b"OR" | b"OT")
}
