use std::collections::BTreeMap;

use dynamap::Table;
use dynamap_local::faults::{Fault, When};
use examples_shared::{Failure, tour::unexpected};
use tokio::task::JoinSet;

use super::guide::{Tour, shown};
use crate::{
    Result, SessionError, load,
    model::{Session, Sessions, Vote},
    read_modify_write,
    rules::{Action, Refusal},
    save,
    service::Poker,
};

/// The number of voters at once.
const VOTERS: usize = 100;

/// Visits changes of a session: one, a refused one, one whose answer is lost, and many at once.
pub(super) async fn visit(tour: &mut Tour<'_, '_>, id: &str) -> std::result::Result<(), Failure> {
    one(tour, id).await?;
    refused(tour, id).await?;
    lost_answer(tour, id).await?;
    at_once(tour, id).await
}

async fn change(sessions: &Table<Sessions>, id: &str, action: Action) -> Result<Session> {
    read_modify_write(sessions, id, |session| action.apply(session)).await
}

fn vote(participant: &str, choice: &str) -> Action {
    Action::Vote(Vote { participant: participant.into(), choice: choice.into() })
}

async fn one(tour: &mut Tour<'_, '_>, id: &str) -> std::result::Result<(), Failure> {
    tour.guide.stop(
        "Change a session",
        "read_modify_write",
        "Read, changed and saved by its version: here, a round of votes is started. If another writer was faster, the\n\
         change begins anew; after five tries it is refused.",
    )?;
    let session = change(&tour.sessions, id, Action::Start).await?;
    tour.guide.sent()?;
    tour.guide.got(shown(&session)?)
}

async fn refused(tour: &mut Tour<'_, '_>, id: &str) -> std::result::Result<(), Failure> {
    tour.guide.stop(
        "Change a session, refused",
        "read_modify_write",
        "The rules see the session as it is stored. Nothing is saved.",
    )?;
    match change(&tour.sessions, id, vote("Alice", "13")).await {
        Err(error @ SessionError::Refused(Refusal::InvalidChoice)) => {
            let requests = tour.guide.take_requests();
            let operations: Vec<_> = requests.iter().map(|request| request.operation.as_str()).collect();
            tour.guide.got(format_args!("refused after {}: {error}", operations.join(", ")))
        }
        outcome => Err(unexpected("a vote for none of the choices", outcome)),
    }
}

async fn lost_answer(tour: &mut Tour<'_, '_>, id: &str) -> std::result::Result<(), Failure> {
    tour.guide.stop(
        "Change a session, whose answer is lost",
        "read_modify_write",
        "Alice's vote is saved, and the connection breaks before the answer. The same transaction is sent again, and\n\
         DynamoDB knows it by its token.",
    )?;
    tour.faults.add(When::operation("TransactWriteItems"), Fault::DropAfter);
    let session = change(&tour.sessions, id, vote("Alice", "5")).await?;
    let requests = tour.guide.take_requests();
    let mut tokens: Vec<_> =
        requests.iter().filter_map(|request| request.body["ClientRequestToken"].as_str()).collect();
    for (token, outcome) in tokens.iter().zip(["saved, and the answer lost", "success"]) {
        let text = format!("{{ ..., \"ClientRequestToken\": \"{token}\" }}  => {outcome}");
        tour.guide.sent_text("TransactWriteItems", &text)?;
    }
    let attempts = tokens.len();
    tokens.dedup();
    match (attempts, tokens.len()) {
        (2, 1) => tour.guide.got(shown(&session)?),
        _ => Err(unexpected("a transaction that is sent twice", tokens)),
    }
}

async fn at_once(tour: &mut Tour<'_, '_>, id: &str) -> std::result::Result<(), Failure> {
    tour.guide.stop(
        "Change a session, a hundred at once",
        "read_modify_write",
        "A hundred voters vote at once, at two servers. In one server the changes of a session wait for one another; between\n\
         the two, the version decides.",
    )?;
    let voters: Vec<String> = (1..=VOTERS).map(|number| format!("voter {number}")).collect();
    let (mut session, version) = load(&tour.sessions, id).await?;
    session.participants = voters.clone().into();
    session.votes = BTreeMap::new().into();
    save(&tour.sessions, id, &session, Some(version)).await?;
    let _ = tour.guide.take_requests();

    let servers = [0, 1].map(|_| Poker::new(tour.sessions.clone()));
    let mut votes = JoinSet::new();
    for (voter, server) in voters.iter().zip(servers.iter().cycle()) {
        votes.spawn(vote_until_saved(server.clone(), id.to_owned(), vote(voter, "8")));
    }
    let calls: u32 = votes.join_all().await.into_iter().sum::<Result<u32>>()?;
    let writes = tour.guide.take_requests().iter().filter(|request| request.operation != "GetItem").count();
    let (session, _) = load(&tour.sessions, id).await?;
    let votes = session.votes.0.map_or(0, |votes| votes.len());
    let state = if session.open { "open" } else { "closed" };
    tour.guide
        .got(format_args!("{votes} votes by {calls} calls with {writes} writes; the session is {state}"))
}

/// Votes, again after each refusal for the version; returns the number of calls.
async fn vote_until_saved(server: Poker, id: String, vote: Action) -> Result<u32> {
    let mut calls = 1;
    while let Err(error) = server.change(&id, vote.clone()).await {
        match error {
            SessionError::VersionMismatch(_) => calls += 1,
            error => return Err(error),
        }
    }
    Ok(calls)
}
