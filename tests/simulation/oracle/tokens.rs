//! The tokens of transactions, as long as DynamoDB remembers them.

use dynamap_local::Request;
use serde_json::Value;
use std::{collections::HashMap, time::Duration};

/// DynamoDB: for so long after a transaction has succeeded, its token stands for it; afterwards it is a new one.
const REMEMBERED: Duration = Duration::from_secs(10 * 60);

/// The engine counts that by a clock that does not go on here. So each time that a token is forgotten, the engine is given
/// another one.
#[derive(Debug, Default)]
pub(super) struct Tokens(HashMap<String, Known>);

#[derive(Debug)]
struct Known {
    succeeded: Duration,
    forgotten: u32,
}

impl Tokens {
    /// Gives the request the token that the engine has for it; returns its own, if it has one.
    pub(super) fn arrived(
        &mut self,
        request: &mut Request,
        mut body: Value,
        now: Duration,
    ) -> Option<String> {
        let token = body.get("ClientRequestToken")?.as_str()?.to_owned();
        let Some(known) = self.0.get_mut(&token) else { return Some(token) };
        if now >= known.succeeded + REMEMBERED {
            known.forgotten += 1;
            known.succeeded = Duration::MAX - REMEMBERED;
        }
        if known.forgotten > 0 {
            body["ClientRequestToken"] = format!("{token}-{}", known.forgotten).into();
            request.body = body.to_string().into_bytes();
        }
        Some(token)
    }

    /// True if a transaction that succeeds has done so before.
    pub(super) fn is_known(&mut self, token: String, now: Duration) -> bool {
        let known = self.0.get(&token);
        let is_known = known.is_some_and(|known| known.succeeded <= now);
        if !is_known {
            let forgotten = known.map_or(0, |known| known.forgotten);
            self.0.insert(token, Known { succeeded: now, forgotten });
        }
        is_known
    }
}
