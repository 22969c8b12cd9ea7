//! Events, and those who receive them.

use std::{collections::BTreeMap, time::Duration};

use dynamap_local::faults::{Fault, Plan, When};
use serde_json::{Value, json};
use session_store::{events::Event, rules::Action, service::Poker};
use tokio::{task::JoinSet, time::sleep};
use tokio_tungstenite::tungstenite::http::StatusCode;

use crate::{
    client::{create, send, vote},
    sockets::Server,
    world::World,
};

async fn server(plan: Plan) -> (Server, World) {
    let world = World::with(plan).await;
    (Server::new(Poker::new(world.table())), world)
}

fn participants(names: &[&str]) -> Value {
    json!({ "Kind": "participants-change", "Data": { "Participants": names } })
}

fn votes(votes: Value) -> Value {
    json!({ "Kind": "vote", "Data": { "Votes": votes } })
}

fn open(kind: &str, open: bool) -> Value {
    json!({ "Kind": kind, "Data": { "Open": open } })
}

#[tokio::test(start_paused = true)]
async fn each_change_has_its_events() {
    let (server, _world) = server(Plan::none()).await;
    let id = create(&server.routes, &["1", "2"]).await;
    let other = create(&server.routes, &["1", "2"]).await;
    let mut voter = server.subscribe(&format!("/{id}/ws")).await.unwrap();
    let mut controller = server.subscribe(&format!("/{id}/control/ws")).await.unwrap();

    for (request, body, status) in [
        ("PUT /{}/join", "Alice".to_owned(), 201),
        ("PUT /{}/join", "Bob".to_owned(), 201),
        ("PUT /{}/join", "Bob".to_owned(), 409),
        ("PUT /{}", vote("Alice", "1"), 400),
        ("PATCH /{}/control/start", String::new(), 202),
        ("PUT /{}", vote("Alice", "3"), 400),
        ("PUT /{}", vote("Alice", "1"), 202),
        ("PUT /{}", vote("Alice", "2"), 202),
        ("PUT /{}", vote("Bob", "2"), 202),
        ("PATCH /{}/control/stop", String::new(), 202),
        ("PATCH /{}/control/kick", "Eve".to_owned(), 400),
        ("PATCH /{}/control/kick", "Alice".to_owned(), 204),
        ("PATCH /{}/control/reset", String::new(), 202),
        ("PATCH /{}/control/start", String::new(), 202),
    ] {
        for id in [&id, &other] {
            let response = send(&server.routes, &request.replace("{}", id), body.clone()).await;
            assert_eq!(response.status, status, "{request} {body}: {response:?}");
        }
    }

    let expected = [
        participants(&["Alice"]),
        participants(&["Alice", "Bob"]),
        open("enabled", true),
        votes(json!({ "Alice": "1" })),
        votes(json!({ "Alice": "2" })),
        votes(json!({ "Alice": "2", "Bob": "2" })),
        open("disabled", false),
        open("disabled", false),
        participants(&["Bob"]),
        open("reset", false),
        votes(json!({})),
        open("enabled", true),
    ];
    for expected in &expected {
        assert_eq!(controller.next().await.as_ref(), Some(expected));
    }
    let for_voters = |event: &&Value| event["Data"].get("Open").is_some();
    for expected in expected.iter().filter(for_voters) {
        assert_eq!(voter.next().await.as_ref(), Some(expected));
    }
    let minute = Duration::from_secs(60);
    assert_eq!(tokio::join!(controller.listen(minute), voter.listen(minute)), ((0, false), (0, false)));
}

#[tokio::test(start_paused = true)]
async fn there_is_a_channel_for_each_session_that_exists() {
    let (server, world) = server(Plan::none()).await;
    for path in ["/abcde/ws", "/abcde/control/ws"] {
        assert_eq!(server.subscribe(path).await.err(), Some(StatusCode::NOT_FOUND));
    }
    let id = create(&server.routes, &["1"]).await;
    for path in [format!("/{id}/ws"), format!("/{id}/control/ws")] {
        assert_eq!(send(&server.routes, &format!("GET {path}"), "").await.status, 400, "no WebSocket");
    }
    assert_eq!(server.poker.channels().count(), 0);
    let one = server.subscribe(&format!("/{id}/ws")).await.unwrap();
    let other = server.subscribe(&format!("/{id}/control/ws")).await.unwrap();
    assert_eq!(server.poker.channels().count(), 1);
    drop(one);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(server.poker.channels().count(), 0, "neither answers pings");
    drop(other);

    // Changes need a channel only while they run.
    for request in ["PATCH /{}/control/start", "PUT /{}/join", "PATCH /{}/control/reset"] {
        send(&server.routes, &request.replace("{}", &id), "x").await;
        send(&server.routes, &request.replace("{}", "absent"), "x").await.is_error(404, "session not exists");
    }
    assert_eq!(server.poker.channels().count(), 0);
    world.assert_legal();
}

/// Events are in the order of the writes: each tells one vote more, and the last one is before the end.
#[tokio::test(start_paused = true)]
async fn events_are_in_the_order_of_the_writes() {
    let latency = Duration::from_millis(1)..=Duration::from_millis(10);
    let (server, _world) = server(Plan::none().latency(latency)).await;
    let id = create(&server.routes, &["1"]).await;
    let names: Vec<_> = (0..20).map(|number| format!("voter {number}")).collect();
    for name in &names {
        send(&server.routes, &format!("PUT /{id}/join"), name.clone()).await.is_empty(201);
    }
    send(&server.routes, &format!("PATCH /{id}/control/start"), "").await.is_empty(202);
    let mut controller = server.subscribe(&format!("/{id}/control/ws")).await.unwrap();
    let mut voters = JoinSet::new();
    for name in names.clone() {
        let (routes, request) = (server.routes.clone(), format!("PUT /{id}"));
        voters.spawn(async move { send(&routes, &request, vote(&name, "1")).await.is_empty(202) });
    }
    let mut events = controller.until("disabled").await;
    voters.join_all().await;
    assert_eq!(events.pop(), Some(open("disabled", false)));
    let counts: Vec<_> =
        events.iter().map(|event| event["Data"]["Votes"].as_object().unwrap().len()).collect();
    assert_eq!(counts, (1..=20).collect::<Vec<_>>());
    let all: BTreeMap<_, _> = names.into_iter().map(|name| (name, "1")).collect();
    assert_eq!(events.last(), Some(&votes(json!(all))));
    assert_eq!(controller.listen(Duration::from_secs(1)).await, (0, false));
}

#[tokio::test(start_paused = true)]
async fn a_change_has_its_events_though_the_client_hangs_up() {
    let (server, world) = server(Plan::none()).await;
    let id = create(&server.routes, &["1"]).await;
    let mut voter = server.subscribe(&format!("/{id}/ws")).await.unwrap();
    let writes = world.writes();
    let change = server.poker.change(&id, Action::Start);
    // It is polled once.
    tokio::select! {
        biased;
        _ = change => panic!("it has to wait for its task"),
        () = std::future::ready(()) => {}
    }
    assert_eq!(world.writes(), writes);
    assert_eq!(voter.next().await, Some(open("enabled", true)));
    assert_eq!(world.writes(), writes + 1);
}

#[tokio::test(start_paused = true)]
async fn a_change_whose_answer_is_lost_has_its_events_once() {
    let (server, world) = server(Plan::none()).await;
    let id = create(&server.routes, &["1"]).await;
    let mut voter = server.subscribe(&format!("/{id}/ws")).await.unwrap();
    world.faults.add(When::operation("TransactWriteItems").times(2), Fault::DropAfter);
    send(&server.routes, &format!("PATCH /{id}/control/start"), "").await.is_empty(202);
    send(&server.routes, &format!("PATCH /{id}/control/stop"), "").await.is_empty(202);
    assert_eq!(voter.next().await, Some(open("enabled", true)));
    assert_eq!(voter.next().await, Some(open("disabled", false)));
    assert_eq!(voter.listen(Duration::from_secs(60)).await, (0, false));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_saved_has_no_events() {
    for fault in
        [Fault::canceled(["ConditionalCheckFailed"]), Fault::Error(400, "AccessDeniedException".into())]
    {
        let (server, world) = server(Plan::none()).await;
        let id = create(&server.routes, &["1"]).await;
        let mut controller = server.subscribe(&format!("/{id}/control/ws")).await.unwrap();
        world.faults.add(When::operation("TransactWriteItems").always(), fault);
        assert_eq!(send(&server.routes, &format!("PATCH /{id}/control/reset"), "").await.status, 500);
        world.faults.stop();
        send(&server.routes, &format!("PATCH /{id}/control/start"), "").await.is_empty(202);
        assert_eq!(controller.next().await, Some(open("enabled", true)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_stays_while_it_answers_pings() {
    let (server, _world) = server(Plan::none()).await;
    let id = create(&server.routes, &["1"]).await;
    let mut voter = server.subscribe(&format!("/{id}/ws")).await.unwrap();
    assert_eq!(voter.listen(Duration::from_secs(600)).await, (0, false));
    send(&server.routes, &format!("PATCH /{id}/control/start"), "").await.is_empty(202);
    assert_eq!(voter.next().await, Some(open("enabled", true)));

    // It reads nothing for longer than that.
    sleep(Duration::from_secs(31)).await;
    assert_eq!(voter.listen(Duration::from_secs(1)).await, (0, true));
    assert_eq!(server.poker.channels().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_that_is_too_slow_is_sent_away_and_holds_up_nobody() {
    let (server, _world) = server(Plan::none()).await;
    let id = create(&server.routes, &["1"]).await;
    let mut slow = server.subscribe(&format!("/{id}/ws")).await.unwrap();
    let mut quick = server.subscribe(&format!("/{id}/ws")).await.unwrap();
    let channel = server.poker.channel(&id).await.unwrap();
    for _ in 0..1000 {
        channel.publish(Event::ENABLED);
        assert_eq!(quick.next().await, Some(open("enabled", true)));
    }
    let (count, has_ended) = slow.listen(Duration::from_secs(1)).await;
    assert!(count < 300 && has_ended, "{count} events");
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_that_says_too_much_is_sent_away() {
    let (server, _world) = server(Plan::none()).await;
    let id = create(&server.routes, &["1"]).await;
    let mut voter = server.subscribe(&format!("/{id}/ws")).await.unwrap();
    voter.say("x".repeat(512)).await;
    assert_eq!(voter.listen(Duration::from_secs(1)).await, (0, false));
    voter.say("x".repeat(513)).await;
    assert_eq!(voter.listen(Duration::from_secs(1)).await, (0, true));
}
