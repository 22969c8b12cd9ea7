//! The functions of a handler, and its numbers.

use crate::{
    op::read::Queryable,
    stream::{
        StreamView,
        handle::{HandleChange, HandlePoison},
    },
};
use std::{sync::Arc, time::Duration};

/// The functions of the caller's, and how they are called.
pub(super) struct HandlerFunctions<T: Queryable, V: StreamView> {
    pub(super) handle: Arc<HandleChange<T, V>>,
    pub(super) on_poison: Option<Arc<HandlePoison<T, V>>>,
    pub(super) settings: Settings,
}

impl<T: Queryable, V: StreamView> Clone for HandlerFunctions<T, V> {
    fn clone(&self) -> Self {
        Self { handle: self.handle.clone(), on_poison: self.on_poison.clone(), settings: self.settings }
    }
}

/// The numbers of a handler.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub(super) concurrency: usize,
    pub(super) max_attempts: u32,
    pub(super) initial_pause: Duration,
    pub(super) max_pause: Duration,
    pub(super) time_reserve: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            concurrency: 10,
            max_attempts: 3,
            initial_pause: Duration::from_millis(100),
            max_pause: Duration::from_secs(5),
            time_reserve: Duration::from_secs(2),
        }
    }
}
