//! What DynamoDB did, whatever anybody was told: a layer below the faults that sees every request that arrives.

mod actions;
mod tokens;

use super::{
    marks::{MARK, SENT, STATE, State},
    trace::Trace,
    unique,
    wall::Wall,
};
use actions::{Action, actions};
use dynamap_local::{ConnectorError, Request, Response, SharedTransport, Transport, TransportFuture};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokens::Tokens;

/// A request that is on its way for longer never arrives.
///
/// DynamoDB refuses a request that was signed more than five minutes ago. The token of a transaction is known for ten
/// minutes, and dynamap sends it again for four: that leaves more than five for a request that is late.
const LATEST: Duration = Duration::from_secs(300);

/// A write that was applied to an item.
#[derive(Debug, Clone)]
pub(super) struct Applied {
    pub(super) mark: String,
    pub(super) key: String,
    pub(super) before: State,
    /// True if the item before was past its time to live.
    pub(super) expired: bool,
    /// True if it left no item.
    pub(super) deleted: bool,
    /// When the item after it expires, in seconds since 1970; 0 if there is none.
    pub(super) expires_at: i64,
    /// The number of the write that made the item where there was none, or one that had expired.
    pub(super) origin: usize,
}

/// A condition that failed.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub(super) mark: String,
    pub(super) key: String,
    pub(super) found: State,
    pub(super) expired: bool,
}

/// The layer, and the handle to what it saw; clones share it.
#[derive(Clone)]
pub(super) struct Oracle {
    inner: SharedTransport,
    wall: Wall,
    verbose: bool,
    seen: Arc<Mutex<Seen>>,
}

struct Seen {
    applied: Vec<Applied>,
    refused: Vec<Refused>,
    items: BTreeMap<String, Stored>,
    tokens: Tokens,
    trace: Trace,
    requests: u64,
    /// What was not unique at some time.
    not_unique: Vec<String>,
}

/// An item as it is.
struct Stored {
    state: usize,
    item: Value,
}

impl Stored {
    fn is_expired(&self, now: i64) -> bool {
        expires_at(&self.item).is_some_and(|expires_at| expires_at <= now)
    }
}

fn expires_at(item: &Value) -> Option<i64> {
    item["expires_at"]["N"].as_str()?.parse().ok()
}

impl Oracle {
    pub(super) fn new(inner: SharedTransport, wall: Wall, verbose: bool) -> Self {
        let seen = Seen {
            applied: Vec::new(),
            refused: Vec::new(),
            items: BTreeMap::new(),
            tokens: Tokens::default(),
            trace: Trace::new(),
            requests: 0,
            not_unique: Vec::new(),
        };
        Self { inner, wall, verbose, seen: Arc::new(Mutex::new(seen)) }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }

    /// The writes that were applied, in their order: their places are the states that they left.
    pub(super) fn applied(&self) -> Vec<Applied> {
        self.seen().applied.clone()
    }

    /// The write that made a state.
    pub(super) fn write(&self, state: usize) -> Option<Applied> {
        self.seen().applied.get(state).cloned()
    }

    pub(super) fn refused(&self) -> Vec<Refused> {
        self.seen().refused.clone()
    }

    /// The states in which a call has left an item so far.
    pub(super) fn states_of(&self, mark: &str, key: &str) -> Vec<State> {
        let seen = self.seen();
        let own = seen.applied.iter().enumerate().filter(|(_, one)| one.mark == mark && one.key == key);
        own.map(|(state, _)| Some(state)).collect()
    }

    /// What was not unique at some time, and sentinel items that are not as they should be now.
    pub(super) fn not_unique(&self) -> Vec<String> {
        let (seen, now) = (self.seen(), self.wall.seconds());
        let items = seen.items.iter().map(|(key, stored)| (key.as_str(), &stored.item));
        seen.not_unique.iter().cloned().chain(unique::misheld(items, now)).collect()
    }

    /// A number that follows from all that it saw, in its order.
    pub(super) fn trace(&self) -> u64 {
        self.seen().trace.value()
    }

    /// Deletes what is past its time to live, as DynamoDB does now and then.
    pub(super) async fn sweep(&self) {
        let now = self.wall.seconds();
        let expired = |stored: &Stored| stored.is_expired(now);
        let keys: Vec<String> = {
            let seen = self.seen();
            let items = seen.items.iter().filter(|(_, stored)| expired(stored));
            items.map(|(key, _)| key.clone()).collect()
        };
        for key in keys {
            let body = json!({ "TableName": super::stage::TABLE, "Key": { "pk": { "S": &key } } });
            self.inner.call(Request::new("DeleteItem", body.to_string())).await.unwrap();
            let gone = self.seen().items.remove(&key);
            self.say(&format!("the time to live deletes {key} {}", shown(gone.map(|gone| gone.state))));
        }
    }

    fn say(&self, what: &str) {
        let line = format!("{:>9.3}s engine   {what}", self.wall.elapsed().as_secs_f64());
        if self.verbose {
            println!("{line}");
        }
        self.seen().trace.add(&line);
    }

    async fn arrive(&self, mut request: Request) -> Result<Response, ConnectorError> {
        let mark = request.headers.get(MARK).unwrap_or("setup").to_owned();
        let sent = request.headers.get(SENT).and_then(|sent| sent.parse().ok()).map(Duration::from_millis);
        let age = sent.map_or(Duration::ZERO, |sent| self.wall.elapsed().saturating_sub(sent));
        self.seen().requests += 1;
        let late = if age > Duration::from_secs(1) { " late" } else { "" };
        let what = format!("{} {mark}{late}", request.operation);
        if age > LATEST {
            self.say(&format!("{what}: refused, signed {} s ago", age.as_secs()));
            return Ok(Response::error(400, "InvalidSignatureException", "Signature expired"));
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let actions = actions(&request.operation, &body);
        if actions.is_empty() {
            return self.inner.call(request).await;
        }
        let again = self.seen().tokens.arrived(&mut request, body, self.wall.elapsed());
        let before: Vec<Before> = actions.iter().map(|action| self.before(&action.key)).collect();
        let mut response = self.inner.call(request).await?;
        let is_success = response.status == 200;
        if let Some(token) = again.filter(|_| is_success)
            && self.seen().tokens.is_known(token, self.wall.elapsed())
        {
            self.say(&format!("{what}: known by its token, not applied again"));
            return Ok(response);
        }
        let mut story = Vec::new();
        for (position, (action, before)) in actions.iter().zip(before).enumerate() {
            story.push(match is_success {
                true => self.succeeded(&mark, action, before).await,
                false => self.failed(&mark, action, before, condition_failed(&response, position)),
            });
        }
        self.check_unique();
        self.say(&format!("{what}: {}{}", if is_success { "" } else { "refused, " }, story.join(", ")));
        if let [Action { key, .. }, ..] = &*actions {
            response.headers.insert(STATE, number(self.before(key).state));
        }
        Ok(response)
    }

    fn check_unique(&self) {
        let (seen, now) = (&mut *self.seen(), self.wall.seconds());
        let items = seen.items.iter().map(|(key, stored)| (key.as_str(), &stored.item));
        let twice = unique::twice(items, now);
        seen.not_unique.extend(twice);
    }

    fn before(&self, key: &str) -> Before {
        let seen = self.seen();
        let stored = seen.items.get(key);
        Before {
            state: stored.map(|stored| stored.state),
            expired: stored.is_some_and(|stored| stored.is_expired(self.wall.seconds())),
        }
    }

    async fn succeeded(&self, mark: &str, action: &Action, before: Before) -> String {
        let Action { key, writes } = action;
        if !writes {
            return format!("{key} is {}", shown(before.state));
        }
        let after = self.item(key).await;
        let seen = &mut *self.seen();
        let state = seen.applied.len();
        let origin = before.state.filter(|_| !before.expired).and_then(|before| seen.applied.get(before));
        let Before { state: old, expired } = before;
        let applied = Applied {
            mark: mark.to_owned(),
            key: key.clone(),
            before: old,
            expired,
            deleted: after.is_none(),
            expires_at: after.as_ref().and_then(expires_at).unwrap_or_default(),
            origin: origin.map_or(state, |before| before.origin),
        };
        seen.applied.push(applied);
        let new = after.as_ref().map(|_| state);
        let version = after.as_ref().map(|item| version(&item["version"])).unwrap_or_default();
        match after {
            Some(item) => drop(seen.items.insert(key.clone(), Stored { state, item })),
            None => drop(seen.items.remove(key)),
        }
        let over = if expired { "expired " } else { "" };
        format!("{key} {over}{} becomes {}{version}", shown(old), shown(new))
    }

    fn failed(&self, mark: &str, action: &Action, before: Before, condition: bool) -> String {
        let (key, Before { state: found, expired }) = (&action.key, before);
        if condition && action.writes {
            let (mark, key) = (mark.to_owned(), key.clone());
            self.seen().refused.push(Refused { mark, key, found, expired });
        }
        format!("{key} is {}", shown(found))
    }

    /// The item at a key, as the engine has it.
    async fn item(&self, key: &str) -> Option<Value> {
        let body = json!({ "TableName": super::stage::TABLE, "Key": { "pk": { "S": key } } });
        let response = self.inner.call(Request::new("GetItem", body.to_string())).await.unwrap();
        serde_json::from_slice::<Value>(&response.body).unwrap().get("Item").cloned()
    }
}

/// An item before a request.
#[derive(Clone, Copy)]
struct Before {
    state: State,
    expired: bool,
}

/// Whether it was the condition of this action that failed.
fn condition_failed(response: &Response, position: usize) -> bool {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let code = body["__type"].as_str().unwrap_or_default();
    code.ends_with("ConditionalCheckFailedException")
        || code.ends_with("TransactionCanceledException")
            && body["CancellationReasons"][position]["Code"] == "ConditionalCheckFailed"
}

/// A version that is the same in every run: one that is random is left out.
fn version(version: &Value) -> String {
    version["N"].as_str().map(|number| format!(" v{number}")).unwrap_or_default()
}

fn number(state: State) -> String {
    state.map_or_else(|| "none".into(), |state| state.to_string())
}

pub(super) fn shown(state: State) -> String {
    state.map_or_else(|| "absent".into(), |state| format!("e{state}"))
}

impl Transport for Oracle {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(self.arrive(request))
    }
}

impl fmt::Debug for Oracle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oracle").field("requests", &self.seen().requests).finish_non_exhaustive()
    }
}
