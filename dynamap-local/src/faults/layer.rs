use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodb::error::ConnectorError;
use tokio::time::{Instant, sleep};

use super::fault::{Fault, Wakes};
use super::faulty_response;
use super::log::{Effect, Logged};
use super::partial_batch::PartialBatch;
use super::plan::{Plan, When};
use crate::legality::Checker;
use crate::transport::{Request, Response, SharedTransport, Transport, TransportFuture};

/// Gives each request the fault that the plan says.
pub(super) struct FaultLayer {
    inner: SharedTransport,
    checker: Option<Checker>,
    begun: Instant,
    state: Mutex<LayerState>,
}

struct LayerState {
    plan: Plan,
    stopped: bool,
    log: Vec<Logged>,
    answers: u64,
    zombies: Vec<Zombie>,
}

impl LayerState {
    fn logged(&mut self, number: u64) -> Option<&mut Logged> {
        let position = usize::try_from(number.checked_sub(1)?).ok()?;
        self.log.get_mut(position)
    }
}

struct Zombie {
    number: u64,
    request: Request,
    wakes: WakeTime,
    /// Zombies whose time has come are applied in this order, then in that of their numbers.
    since: Instant,
}

enum WakeTime {
    At(Instant),
    AfterNumber(u64),
}

impl Zombie {
    fn new(number: u64, request: Request, wakes: Wakes) -> Self {
        let now = Instant::now();
        let (wakes, since) = match wakes {
            Wakes::After(time) => {
                // A time that no clock reaches is left to `drain`.
                let at = now.checked_add(time).unwrap_or_else(|| now + Duration::from_secs(1 << 32));
                (WakeTime::At(at), at)
            }
            Wakes::AfterRequests(requests) => (WakeTime::AfterNumber(number.saturating_add(requests)), now),
        };
        Self { number, request, wakes, since }
    }

    fn is_due(&self, number: u64) -> bool {
        match self.wakes {
            WakeTime::At(at) => at <= Instant::now(),
            WakeTime::AfterNumber(last) => last < number,
        }
    }
}

impl FaultLayer {
    pub(super) fn new(inner: SharedTransport, plan: Plan, checker: Option<Checker>) -> Self {
        let state = LayerState { plan, stopped: false, log: Vec::new(), answers: 0, zombies: Vec::new() };
        Self { inner, checker, begun: Instant::now(), state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, LayerState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn checker(&self) -> Option<&Checker> {
        self.checker.as_ref()
    }

    pub(super) fn log(&self) -> Vec<Logged> {
        self.state().log.clone()
    }

    pub(super) fn seed(&self) -> Option<u64> {
        self.state().plan.seed()
    }

    pub(super) fn push(&self, when: When, fault: Fault) {
        self.state().plan.push(when, fault);
    }

    pub(super) fn stop(&self, stopped: bool) {
        self.state().stopped = stopped;
    }

    /// Applies the zombies for which `due` holds, one by one.
    async fn wake(&self, due: impl Fn(&Zombie) -> bool) -> usize {
        let mut woken = 0;
        while let Some(zombie) = self.next_zombie(&due) {
            woken += 1;
            // The client that sent the request has gone: the response reaches no caller.
            let _ = self.apply(zombie.number, zombie.request).await;
        }
        woken
    }

    fn next_zombie(&self, due: &impl Fn(&Zombie) -> bool) -> Option<Zombie> {
        let zombies = &mut self.state().zombies;
        let (first, _) = zombies
            .iter()
            .enumerate()
            .filter(|(_, zombie)| due(zombie))
            .min_by_key(|(_, zombie)| (zombie.since, zombie.number))?;
        Some(zombies.remove(first))
    }

    pub(super) async fn drain(&self) -> usize {
        self.wake(|_| true).await
    }

    /// Writes the request into the log, and draws its fault.
    fn arrive(&self, request: &Request, legal: bool) -> (u64, Option<Fault>) {
        let at = self.begun.elapsed();
        let state = &mut *self.state();
        let number = state.log.len() as u64 + 1;
        let fault = if legal && !state.stopped { state.plan.fault(number, request) } else { None };
        let effect = if legal { Effect::Untouched } else { Effect::Refused };
        state.log.push(Logged {
            number,
            operation: request.operation.clone(),
            fault: fault.clone(),
            effect,
            at,
            answered_at: None,
            answered_as: None,
        });
        (number, fault)
    }

    fn note(&self, number: u64, effect: Effect) {
        let state = &mut *self.state();
        if let Some(logged) = state.logged(number) {
            logged.effect = effect;
        }
    }

    fn note_answer(&self, number: u64, effect: Effect) {
        let at = self.begun.elapsed();
        let state = &mut *self.state();
        state.answers += 1;
        let answer = state.answers;
        if let Some(logged) = state.logged(number) {
            logged.effect = effect;
            logged.answered_at = Some(at);
            logged.answered_as = Some(answer);
        }
    }

    /// Hands the request to DynamoDB.
    async fn apply(&self, number: u64, request: Request) -> Result<Response, ConnectorError> {
        // A caller that gives up drops this future: then the effect stays unknown.
        self.note(number, Effect::Unknown);
        let operation = self.checker.is_some().then(|| request.operation.clone());
        let response = self.inner.call(request).await?;
        if let (Some(checker), Some(operation)) = (&self.checker, operation) {
            checker.observe(&operation, &response);
        }
        let effect = if response.status < 300 { Effect::Applied } else { Effect::Refused };
        self.note_answer(number, effect);
        Ok(response)
    }

    async fn travel(&self) {
        let delay = self.state().plan.delay();
        if let Some(delay) = delay {
            sleep(delay).await;
        }
    }

    async fn exchange(&self, request: Request) -> Result<Response, ConnectorError> {
        let refused = self.checker.as_ref().and_then(|checker| checker.refuse(&request));
        let (number, fault) = self.arrive(&request, refused.is_none());
        self.wake(|zombie| zombie.is_due(number)).await;
        if fault == Some(Fault::NeverConnected) {
            let refused = io::Error::new(io::ErrorKind::ConnectionRefused, "connection refused");
            return Err(ConnectorError::io(refused.into()).never_connected());
        }
        self.travel().await;
        if let Some(refused) = refused {
            return Ok(refused);
        }
        let answer = match fault {
            Some(fault) => self.fail(number, request, fault).await,
            None => self.apply(number, request).await,
        };
        self.travel().await;
        answer
    }

    async fn fail(&self, number: u64, request: Request, fault: Fault) -> Result<Response, ConnectorError> {
        match fault {
            Fault::NeverConnected | Fault::DropBefore => Err(broken()),
            Fault::DropAfter => self.apply(number, request).await.and_then(|_| Err(broken())),
            Fault::ErrorBefore => Ok(faulty_response::internal_error()),
            Fault::ErrorAfter => self.apply(number, request).await.map(|_| faulty_response::internal_error()),
            Fault::HangBefore => std::future::pending().await,
            Fault::HangAfter => {
                self.apply(number, request).await?;
                std::future::pending().await
            }
            Fault::Zombie(wakes) => {
                self.state().zombies.push(Zombie::new(number, request, wakes));
                self.note(number, Effect::Pending);
                Err(broken())
            }
            Fault::Throttle(throttling) => Ok(faulty_response::throttled(throttling, &request)),
            Fault::Partial(processed) => match PartialBatch::new(&request, processed) {
                Some(batch) => self.apply_part(number, batch).await,
                None => self.apply(number, request).await,
            },
            Fault::TransactionConflict => Ok(faulty_response::conflict(&request)),
            Fault::TransactionCanceled(codes) => Ok(faulty_response::canceled(&codes, &request)),
            Fault::TransactionInProgress => Ok(faulty_response::in_progress()),
            Fault::Truncated(bytes) => {
                self.apply(number, request).await.map(|response| faulty_response::truncated(response, bytes))
            }
            Fault::Corrupted(byte) => {
                self.apply(number, request).await.map(|response| faulty_response::corrupted(response, byte))
            }
            Fault::Emptied => self.apply(number, request).await.map(faulty_response::emptied),
            Fault::Garbled(throttling) => {
                Ok(faulty_response::garbled(faulty_response::throttled(throttling, &request)))
            }
            Fault::ProxyBefore(status) => Ok(faulty_response::proxy(status)),
            Fault::ProxyAfter(status) => {
                self.apply(number, request).await.map(|_| faulty_response::proxy(status))
            }
            Fault::ClockSkew(ahead) => Ok(faulty_response::clock_skew(ahead, &request)),
            Fault::Error(status, code) => Ok(Response::error(status, &code, "The request was refused")),
        }
    }

    async fn apply_part(&self, number: u64, mut batch: PartialBatch) -> Result<Response, ConnectorError> {
        let Some(request) = batch.processed.take() else { return Ok(batch.nothing()) };
        let response = self.apply(number, request).await?;
        if response.status < 300 && !batch.is_whole() {
            self.note(number, Effect::PartlyApplied);
        }
        Ok(batch.answer(response))
    }
}

fn broken() -> ConnectorError {
    ConnectorError::io("connection reset by peer".into())
}

impl Transport for FaultLayer {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(self.exchange(request))
    }
}

impl fmt::Debug for FaultLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Faults")
            .field("seed", &state.plan.seed())
            .field("requests", &state.log.len())
            .field("zombies", &state.zombies.len())
            .finish_non_exhaustive()
    }
}
