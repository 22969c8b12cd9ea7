//! A subscriber that keeps spans and events, and checks that spans are entered and left in order.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};

thread_local! {
    /// The spans that this thread is in.
    static ENTERED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

pub(crate) type Fields = BTreeMap<String, String>;

#[derive(Debug, Clone)]
pub(crate) struct RecordedSpan {
    pub(crate) id: u64,
    pub(crate) parent: Option<u64>,
    pub(crate) target: String,
    pub(crate) fields: Fields,
    /// The number of handles: 0 of a span that has ended.
    handles: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct RecordedEvent {
    /// The span in which it happened.
    pub(crate) span: Option<u64>,
    pub(crate) target: String,
    pub(crate) level: Level,
    pub(crate) fields: Fields,
}

#[derive(Debug, Default)]
pub(crate) struct Recorded {
    pub(crate) spans: Vec<RecordedSpan>,
    pub(crate) events: Vec<RecordedEvent>,
}

/// Records what dynamap says, up to a level.
#[derive(Clone)]
pub(crate) struct Recorder {
    level: Level,
    recorded: Arc<Mutex<Recorded>>,
}

impl Recorder {
    pub(crate) fn new(level: Level) -> Self {
        Self { level, recorded: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, Recorded> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what was recorded; all spans must have ended.
    #[track_caller]
    pub(crate) fn take(&self) -> Recorded {
        let mut state = self.state();
        let open: Vec<_> = state.spans.iter().filter(|span| span.handles > 0).collect();
        assert!(open.is_empty(), "spans that have not ended: {open:?}");
        // Ids are positions, so what comes later begins anew.
        std::mem::take(&mut *state)
    }
}

impl RecordedSpan {
    #[track_caller]
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.fields.get(name).map_or(0, |number| number.parse().unwrap())
    }

    pub(crate) fn is_operation(&self) -> bool {
        self.target == "dynamap::operation"
    }
}

impl RecordedEvent {
    pub(crate) fn message(&self) -> &str {
        self.fields.get("message").map_or("", String::as_str)
    }
}

impl Recorded {
    pub(crate) fn operations(&self) -> Vec<&RecordedSpan> {
        self.spans.iter().filter(|span| span.is_operation()).collect()
    }

    pub(crate) fn children(&self, of: &RecordedSpan) -> Vec<&RecordedSpan> {
        self.spans.iter().filter(|span| span.parent == Some(of.id)).collect()
    }

    /// The events with this message.
    pub(crate) fn messages(&self, message: &str) -> Vec<&RecordedEvent> {
        let own = self.events.iter().filter(|event| event.target == "dynamap::event");
        own.filter(|event| event.message() == message).collect()
    }

    /// The operation that a span or event is in.
    pub(crate) fn operation_of(&self, span: Option<u64>) -> Option<&RecordedSpan> {
        let mut next = span;
        while let Some(id) = next {
            let span = self.spans.iter().find(|span| span.id == id)?;
            if span.is_operation() {
                return Some(span);
            }
            next = span.parent;
        }
        None
    }
}

struct Text<'a>(&'a mut Fields);

impl Visit for Text<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

/// The span that this thread is in.
fn current() -> Option<u64> {
    ENTERED.with_borrow(|entered| entered.last().copied())
}

impl Subscriber for Recorder {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("dynamap") && *metadata.level() <= self.level
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::new();
        span.record(&mut Text(&mut fields));
        let parent = match span.is_contextual() {
            true => current(),
            false => span.parent().map(Id::into_u64),
        };
        let mut state = self.state();
        let id = state.spans.len() as u64 + 1;
        let target = span.metadata().target().to_owned();
        state.spans.push(RecordedSpan { id, parent, target, fields, handles: 1 });
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        values.record(&mut Text(&mut self.state().spans[span.into_u64() as usize - 1].fields));
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Text(&mut fields));
        let (target, level) = (event.metadata().target().to_owned(), *event.metadata().level());
        self.state().events.push(RecordedEvent { span: current(), target, level, fields });
    }

    fn enter(&self, span: &Id) {
        ENTERED.with_borrow_mut(|entered| entered.push(span.into_u64()));
    }

    fn exit(&self, span: &Id) {
        let left = ENTERED.with_borrow_mut(Vec::pop);
        assert_eq!(left, Some(span.into_u64()), "spans are left in the order in which they were entered");
    }

    fn clone_span(&self, span: &Id) -> Id {
        self.state().spans[span.into_u64() as usize - 1].handles += 1;
        span.clone()
    }

    fn try_close(&self, span: Id) -> bool {
        let span = &mut self.state().spans[span.into_u64() as usize - 1];
        span.handles -= 1;
        span.handles == 0
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
}
