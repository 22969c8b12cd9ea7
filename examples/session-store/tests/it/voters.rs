//! Many voters at once, on one server and on two, while answers are lost.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::Router;
use dynamap_local::faults::{FaultKind, Plan, Rates};
use serde_json::json;
use session_store::{
    SessionError, http, load, model::Vote, read_modify_write, rules::Action, service::Poker,
};
use tokio::task::JoinSet;

use crate::{
    client::{send, vote},
    world::World,
};

const CHOICES: [&str; 3] = ["1", "2", "?"];

/// Requests take their time, so that they overtake one another.
fn slowly(plan: Plan) -> Plan {
    plan.latency(Duration::from_millis(1)..=Duration::from_millis(10))
}

/// A fifth of the requests is applied, and its answer lost in one way or another.
fn lost_answers() -> Rates {
    [
        FaultKind::DropAfter,
        FaultKind::ErrorAfter,
        FaultKind::HangAfter,
        FaultKind::Truncated,
        FaultKind::Corrupted,
        FaultKind::Emptied,
        FaultKind::ProxyAfter,
    ]
    .into_iter()
    .fold(Rates::none(), |rates, kind| rates.with(kind, 0.03))
}

/// The plans: none, lost answers, and all faults that there are.
fn plans() -> [Plan; 3] {
    [Rates::none(), lost_answers(), Rates::all(0.2)].map(Plan::random_from_env).map(slowly)
}

/// Sends a request until the service does not ask for another try; returns the answer and the number of tries.
async fn insist(routes: Router, request: String, body: String) -> (u16, String, u32) {
    for tries in 1.. {
        let response = send(&routes, &request, body.clone()).await;
        match response.status {
            500 => tokio::time::sleep(Duration::from_millis(fastrand::u64(1..100))).await,
            status => return (status, response.body, tries),
        }
    }
    unreachable!("the loop ends with a response")
}

/// Sends all requests at once, each to one of the servers in turn.
async fn at_once(servers: &[Router], requests: Vec<(String, String)>) -> Vec<(u16, String, u32)> {
    let mut tasks = JoinSet::new();
    for (number, (request, body)) in requests.into_iter().enumerate() {
        let routes = servers[number % servers.len()].clone();
        tasks.spawn(async move { (number, insist(routes, request, body).await) });
    }
    let mut done = tasks.join_all().await;
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

fn servers(world: &World, count: usize) -> Vec<Router> {
    (0..count).map(|_| http::routes(Poker::new(world.table()))).collect()
}

/// Puts an open session with these participants, and stops the faults until that is done.
async fn put_session(world: &World, participants: &[String]) -> &'static str {
    let texts = |texts: &[String]| texts.iter().map(|text| json!({ "S": text })).collect::<Vec<_>>();
    let item = json!({
        "SessionID": { "S": "poker" },
        "Version": { "B": "vrhlA/aeSiGfMJPKEh/ukw==" },
        "Data": { "M": {
            "Choices": { "L": texts(&CHOICES.map(str::to_owned)) },
            "Participants": { "L": texts(participants) },
            "Votes": { "M": {} },
            "Open": { "BOOL": true },
        } },
    });
    world.put_item(&item).await;
    "poker"
}

/// The names of a hundred voters, and a choice of each.
fn voters() -> Vec<(String, &'static str)> {
    (0..100).map(|number| (format!("voter {number}"), CHOICES[fastrand::usize(..CHOICES.len())])).collect()
}

/// Asserts that each vote is there and the session closed.
async fn assert_all_voted(world: &World, voters: Vec<(String, &str)>) {
    world.faults.drain().await;
    world.faults.stop();
    let (session, _) = load(&world.table(), "poker").await.unwrap();
    assert!(!session.open);
    let votes = voters.into_iter().map(|(name, choice)| (name, choice.to_owned())).collect();
    assert_eq!(session.votes.0, Some(votes));
    world.assert_legal();
}

#[tokio::test(start_paused = true)]
async fn every_vote_of_a_hundred_voters_counts() {
    for plan in plans() {
        for count in [1, 3] {
            let world = World::with(plan.clone()).await;
            let (servers, voters) = (servers(&world, count), voters());
            let names: Vec<_> = voters.iter().map(|(name, _)| name.clone()).collect();
            let id = put_session(&world, &names).await;
            let votes = voters.iter().map(|(name, choice)| (format!("PUT /{id}"), vote(name, choice)));
            for (status, body, _) in at_once(&servers, votes.collect()).await {
                assert_eq!((status, body.as_str()), (202, ""), "{count} servers");
            }
            assert_all_voted(&world, voters).await;
        }
    }
}

/// Without a server, whose changes of one session wait for one another.
#[tokio::test(start_paused = true)]
async fn every_read_modify_write_of_a_hundred_counts() {
    for plan in plans() {
        let world = Arc::new(World::with(plan).await);
        let voters = voters();
        put_session(&world, &voters.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()).await;
        let mut tasks = JoinSet::new();
        for (name, choice) in voters.clone() {
            tasks.spawn(vote_by_store(world.clone(), name, choice));
        }
        let tries: Vec<u32> = tasks.join_all().await;
        println!("{:?}: {tries:?} in {} writes", world.faults.seed(), world.writes());
        assert_all_voted(&world, voters).await;
    }
}

/// Votes until it is saved, and returns the number of calls that were needed.
async fn vote_by_store(world: Arc<World>, name: String, choice: &str) -> u32 {
    let action = Action::Vote(Vote { participant: name, choice: choice.into() });
    for calls in 1.. {
        match read_modify_write(&world.table(), "poker", |session| action.apply(session)).await {
            Ok(session) => {
                let Action::Vote(vote) = &action else { unreachable!("it is a vote") };
                assert_eq!(session.votes.0.unwrap()[&vote.participant], vote.choice);
                return calls;
            }
            Err(SessionError::VersionMismatch(_) | SessionError::Table(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    unreachable!("the loop ends with a vote")
}

/// In memory the original told some who had not joined that they had.
#[tokio::test(start_paused = true)]
async fn each_name_joins_once() {
    for plan in plans() {
        for count in [1, 3] {
            let world = World::with(plan.clone()).await;
            let servers = servers(&world, count);
            let id = put_session(&world, &[]).await;
            // Each name twice, in any order.
            let mut names: Vec<_> = (0..40).map(|number| format!("voter {}", number % 20)).collect();
            fastrand::shuffle(&mut names);
            let joins = names.iter().map(|name| (format!("PUT /{id}/join"), name.clone())).collect();
            let mut statuses = BTreeMap::<_, Vec<_>>::new();
            for (name, (status, ..)) in names.iter().zip(at_once(&servers, joins).await) {
                statuses.entry(name).or_default().push(status);
            }
            for (name, mut statuses) in statuses {
                statuses.sort_unstable();
                assert_eq!(statuses, [201, 409], "{name}, {count} servers");
            }
            world.faults.drain().await;
            world.faults.stop();
            let (session, _) = load(&world.table(), id).await.unwrap();
            let mut joined = session.participants.0.unwrap();
            joined.sort_unstable();
            names.sort_unstable();
            names.dedup();
            assert_eq!(joined, names);
            world.assert_legal();
        }
    }
}
