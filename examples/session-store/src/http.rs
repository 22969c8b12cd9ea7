//! The service over HTTP: the routes, codes and bodies of the original.

mod cors;
mod request;
mod response;
mod socket;

use std::{fmt::Debug, future::pending, io, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, State, WebSocketUpgrade},
    http::StatusCode,
    middleware,
    response::{Html, Response},
    routing::{get, patch, post, put},
    serve::Listener,
};
use dynamap::value::Nullable;
use serde::Serialize;
use tokio::{sync::oneshot, time::sleep};

use crate::{
    events::Role,
    model::{Session, Vote},
    rules::Action,
    service::Poker,
};
use request::{Json, Text};
use response::{ErrorResponse, json};

/// The largest body: more than an item of DynamoDB holds cannot be saved.
const BODY_LIMIT: usize = 400 * 1024;

/// The page at `/`.
const PAGE: &str = include_str!("http/page.html");

type HttpResult = Result<Response, ErrorResponse>;

/// The longest time that requests under way have when the service is stopped.
const STOP_TIME: Duration = Duration::from_secs(10);

/// The end of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// All requests were answered.
    Drained,
    /// Some requests took too long. Their connections end with the runtime.
    Cut,
}

/// Serves the routes until the future `stop` is ready, and then responds to the requests that are under way, for 10 seconds at
/// most.
///
/// # Errors
/// The listener fails.
pub async fn serve<L: Listener<Addr: Debug>>(
    listener: L,
    poker: Poker,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<Stopped> {
    let (stopping, stopped) = oneshot::channel();
    let stop = async {
        stop.await;
        let _ = stopping.send(());
    };
    let serving = axum::serve(listener, routes(poker)).with_graceful_shutdown(stop);
    let too_late = async {
        match stopped.await {
            Ok(()) => sleep(STOP_TIME).await,
            // The service has ended by itself.
            Err(_) => pending().await,
        }
    };
    tokio::select! {
        biased;
        served = serving => served.map(|()| Stopped::Drained),
        () = too_late => Ok(Stopped::Cut),
    }
}

/// The routes of the service.
pub fn routes(poker: Poker) -> Router {
    Router::new()
        .route("/", post(create).get(async || Html(PAGE)))
        .route("/{id}", get(choices).put(vote))
        .route("/{id}/join", put(join))
        .route("/{id}/ws", get(voter_events))
        .route("/{id}/control", get(session))
        .route("/{id}/control/start", patch(start))
        .route("/{id}/control/stop", patch(stop))
        .route("/{id}/control/reset", patch(reset))
        .route("/{id}/control/kick", patch(kick))
        .route("/{id}/control/ws", get(controller_events))
        .fallback(response::no_route)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(cors::any_origin))
        .with_state(poker)
}

async fn create(
    State(poker): State<Poker>,
    Json(choices): Json<Nullable<Vec<Nullable<String>>>>,
) -> HttpResult {
    // As Go reads strings: `null` is empty.
    let texts = |choices: Vec<Nullable<String>>| choices.into_iter().map(|text| text.0.unwrap_or_default());
    let choices = Nullable(choices.0.map(|choices| texts(choices).collect()));
    let id = poker.create(choices).await?;
    Ok(response::location(&format!("/{id}")))
}

/// The part of a session that voters see.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Choices {
    choices: Nullable<Vec<String>>,
    open: bool,
}

async fn choices(State(poker): State<Poker>, Path(id): Path<String>) -> HttpResult {
    let Session { choices, open, .. } = poker.session(&id).await?;
    json(&Choices { choices, open })
}

async fn session(State(poker): State<Poker>, Path(id): Path<String>) -> HttpResult {
    json(&poker.session(&id).await?)
}

async fn vote(
    State(poker): State<Poker>,
    Path(id): Path<String>,
    Json(vote): Json<Option<Vote>>,
) -> HttpResult {
    changed(poker, &id, Action::Vote(vote.unwrap_or_default()), StatusCode::ACCEPTED).await
}

async fn join(State(poker): State<Poker>, Path(id): Path<String>, Text(name): Text) -> HttpResult {
    changed(poker, &id, Action::Join(name), StatusCode::CREATED).await
}

async fn start(State(poker): State<Poker>, Path(id): Path<String>) -> HttpResult {
    changed(poker, &id, Action::Start, StatusCode::ACCEPTED).await
}

async fn stop(State(poker): State<Poker>, Path(id): Path<String>) -> HttpResult {
    changed(poker, &id, Action::Stop, StatusCode::ACCEPTED).await
}

async fn reset(State(poker): State<Poker>, Path(id): Path<String>) -> HttpResult {
    changed(poker, &id, Action::Reset, StatusCode::ACCEPTED).await
}

async fn kick(State(poker): State<Poker>, Path(id): Path<String>, Text(name): Text) -> HttpResult {
    changed(poker, &id, Action::Kick(name), StatusCode::NO_CONTENT).await
}

async fn changed(poker: Poker, id: &str, action: Action, success: StatusCode) -> HttpResult {
    poker.change(id, action).await?;
    Ok(response::empty(success))
}

async fn voter_events(
    State(poker): State<Poker>,
    Path(id): Path<String>,
    upgrade: WebSocketUpgrade,
) -> HttpResult {
    socket::subscribe(&poker, &id, Role::Voter, upgrade).await
}

async fn controller_events(
    State(poker): State<Poker>,
    Path(id): Path<String>,
    upgrade: WebSocketUpgrade,
) -> HttpResult {
    socket::subscribe(&poker, &id, Role::Controller, upgrade).await
}
