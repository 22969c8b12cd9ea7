//! Each route, with each of its codes.

use std::time::Duration;

use axum::Router;
use dynamap_local::faults::{Fault, When};
use serde_json::json;
use session_store::{http, service::Poker};

use crate::{
    client::{create, send, vote},
    world::World,
};

async fn service() -> (Router, World) {
    let world = World::new().await;
    (http::routes(Poker::new(world.table())), world)
}

#[tokio::test(start_paused = true)]
async fn a_session_is_created() {
    let (routes, world) = service().await;
    let created = send(&routes, "POST /", r#"["one", "two"]"#).await;
    created.is_empty(201);
    let location = created.header("location").unwrap();
    assert_eq!(location.len(), 6, "{location}");
    let session = send(&routes, &format!("GET {location}/control"), "").await.json();
    let expected = json!({ "Choices": ["one", "two"], "Participants": [], "Votes": {}, "Open": false });
    assert_eq!(session, expected);
    assert_eq!(
        send(&routes, &format!("GET {location}"), "").await.body,
        "{\"Choices\":[\"one\",\"two\"],\"Open\":false}\n"
    );
    world.assert_legal();
}

#[tokio::test(start_paused = true)]
async fn choices_are_whatever_the_creator_sends() {
    let (routes, _world) = service().await;
    for (sent, kept) in [
        ("[]", json!([])),
        ("null", json!(null)),
        (r#"["b", "a", "b", "", " a "]"#, json!(["b", "a", "b", "", " a "])),
        (r#"[null, "½"]"#, json!(["", "½"])),
    ] {
        let created = send(&routes, "POST /", sent).await;
        let path = created.header("location").unwrap();
        let choices = send(&routes, &format!("GET {path}"), "").await.json();
        assert_eq!(choices, json!({ "Choices": kept, "Open": false }), "{sent}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_cannot_be_read_is_refused() {
    let (routes, _world) = service().await;
    let id = create(&routes, &["1"]).await;
    for body in ["", "[", "{}", "[1]", "[\"a\"] x", "\"a\""] {
        send(&routes, "POST /", body).await.is_error(400, "request json decoding");
    }
    for body in ["", "{", "[]", "\"Alice\"", r#"{"Participant": 1, "Choice": "1"}"#] {
        send(&routes, &format!("PUT /{id}"), body).await.is_error(400, "request json decoding");
    }
    for path in ["join", "control/kick"] {
        let method = if path == "join" { "PUT" } else { "PATCH" };
        send(&routes, &format!("{method} /{id}/{path}"), vec![0xff]).await.is_error(400, "wrong body");
    }
    let long = "x".repeat(400 * 1024 + 1);
    send(&routes, &format!("PUT /{id}/join"), long).await.is_error(413, "body is too large");
}

#[tokio::test(start_paused = true)]
async fn an_absent_session_is_not_found() {
    let (routes, _world) = service().await;
    for request in [
        "GET /abcde",
        "PUT /abcde/join",
        "GET /abcde/control",
        "PATCH /abcde/control/start",
        "PATCH /abcde/control/stop",
        "PATCH /abcde/control/reset",
        "PATCH /abcde/control/kick",
    ] {
        send(&routes, request, "Bob").await.is_error(404, "session not exists");
    }
    send(&routes, "PUT /abcde", vote("Alice", "1")).await.is_error(404, "session not exists");
}

#[tokio::test(start_paused = true)]
async fn there_is_nothing_beside_the_routes() {
    let (routes, _world) = service().await;
    send(&routes, "GET /a/b/c/d", "").await.is_error(404, "404 page not found");
    for request in ["DELETE /", "POST /abcde", "GET /abcde/join", "PUT /abcde/control/start"] {
        assert_eq!(send(&routes, request, "").await.status, 405, "{request}");
    }
    for path in ["/", "/abcde", "/abcde/control/start"] {
        let preflight = send(&routes, &format!("OPTIONS {path}"), "").await;
        preflight.is_empty(200);
        assert_eq!(preflight.header("access-control-allow-headers"), Some("Content-Type"), "{path}");
        let methods = preflight.header("access-control-allow-methods");
        assert_eq!(methods, Some("GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"));
    }
}

#[tokio::test(start_paused = true)]
async fn participants_join_once_each() {
    let (routes, world) = service().await;
    let id = create(&routes, &["1"]).await;
    // The text as it is: quotes and spaces are a part of the name.
    let names = ["Alice", " Alice", "\"Alice\"", "Alice\n", "", "Ælfred"];
    for name in names {
        send(&routes, &format!("PUT /{id}/join"), name).await.is_empty(201);
        send(&routes, &format!("PUT /{id}/join"), name).await.is_error(409, "already joined");
    }
    let session = send(&routes, &format!("GET /{id}/control"), "").await.json();
    assert_eq!(session["Participants"], json!(names));
    world.assert_legal();
}

#[tokio::test(start_paused = true)]
async fn a_kick_removes_the_participant_alone() {
    let (routes, _world) = service().await;
    let id = create(&routes, &["1"]).await;
    for name in ["Alice", "Bob", "Carol"] {
        send(&routes, &format!("PUT /{id}/join"), name).await.is_empty(201);
    }
    send(&routes, &format!("PATCH /{id}/control/start"), "").await.is_empty(202);
    send(&routes, &format!("PUT /{id}"), vote("Bob", "1")).await.is_empty(202);
    send(&routes, &format!("PATCH /{id}/control/kick"), "Eve").await.is_error(400, "not a participant");
    send(&routes, &format!("PATCH /{id}/control/kick"), "Bob").await.is_empty(204);
    send(&routes, &format!("PATCH /{id}/control/kick"), "Bob").await.is_error(400, "not a participant");
    let session = send(&routes, &format!("GET /{id}/control"), "").await.json();
    let expected = json!({ "Choices": ["1"], "Participants": ["Alice", "Carol"], "Votes": { "Bob": "1" }, "Open": true });
    assert_eq!(session, expected);
    // The vote of one who was kicked counts towards the number that closes the session.
    send(&routes, &format!("PUT /{id}"), vote("Alice", "1")).await.is_empty(202);
    send(&routes, &format!("PUT /{id}"), vote("Carol", "1")).await.is_error(400, "session is closed");
}

#[tokio::test(start_paused = true)]
async fn a_vote_is_checked_in_order() {
    let (routes, _world) = service().await;
    let id = create(&routes, &["red", "blue"]).await;
    for name in ["Alice", "Bob"] {
        send(&routes, &format!("PUT /{id}/join"), name).await.is_empty(201);
    }
    let put = format!("PUT /{id}");
    // Wrong in all three ways, then in two, then in one.
    send(&routes, &put, vote("Carol", "green")).await.is_error(400, "session is closed");
    send(&routes, &format!("PATCH /{id}/control/start"), "").await.is_empty(202);
    send(&routes, &put, vote("Carol", "green")).await.is_error(400, "not a valid participant");
    send(&routes, &put, vote("alice", "red")).await.is_error(400, "not a valid participant");
    send(&routes, &put, vote("Alice", "green")).await.is_error(400, "not a valid choice");
    for body in ["null", "{}", r#"{"Choice": "red"}"#, r#"{"Participant": null, "Choice": "red"}"#] {
        send(&routes, &put, body).await.is_error(400, "not a valid participant");
    }
    send(&routes, &put, r#"{"Participant": "Alice"}"#).await.is_error(400, "not a valid choice");

    // A vote can change, names of members can be in any case, and others are passed over.
    send(&routes, &put, vote("Alice", "red")).await.is_empty(202);
    send(&routes, &put, r#"{"participant": "Alice", "CHOICE": "blue", "x": 1}"#).await.is_empty(202);
    let session = send(&routes, &format!("GET /{id}/control"), "").await.json();
    assert_eq!((&session["Votes"], &session["Open"]), (&json!({ "Alice": "blue" }), &json!(true)));

    // The last vote closes.
    send(&routes, &put, vote("Bob", "red")).await.is_empty(202);
    send(&routes, &put, vote("Bob", "blue")).await.is_error(400, "session is closed");
    let session = send(&routes, &format!("GET /{id}/control"), "").await.json();
    assert_eq!((&session["Votes"]["Bob"], &session["Open"]), (&json!("red"), &json!(false)));
}

#[tokio::test(start_paused = true)]
async fn a_round_is_started_stopped_and_reset() {
    let (routes, _world) = service().await;
    let id = create(&routes, &["1"]).await;
    for name in ["Alice", "Bob"] {
        send(&routes, &format!("PUT /{id}/join"), name).await.is_empty(201);
    }
    let votes = json!({ "Alice": "1" });
    for (command, open, votes) in [
        ("start", true, json!({})),
        ("vote", true, votes.clone()),
        ("stop", false, votes.clone()),
        ("stop", false, votes.clone()),
        ("start", true, json!({})),
        ("vote", true, votes),
        ("start", true, json!({})),
        ("reset", false, json!({})),
        ("reset", false, json!({})),
    ] {
        if command == "vote" {
            send(&routes, &format!("PUT /{id}"), vote("Alice", "1")).await.is_empty(202);
        } else {
            send(&routes, &format!("PATCH /{id}/control/{command}"), "").await.is_empty(202);
        }
        let session = send(&routes, &format!("GET /{id}/control"), "").await.json();
        assert_eq!((&session["Open"], &session["Votes"]), (&json!(open), &votes), "{command}");
    }
}

/// Another process writes the session between each read and write of this one.
#[tokio::test(start_paused = true)]
async fn five_conflicts_are_a_locking_error() {
    let (routes, world) = service().await;
    let id = create(&routes, &["1"]).await;
    let before = send(&routes, &format!("GET /{id}/control"), "").await.body;
    let conflicts = When::operation("TransactWriteItems").always();
    world.faults.add(conflicts, Fault::canceled(["ConditionalCheckFailed"]));
    for request in [
        format!("PUT /{id}/join"),
        format!("PATCH /{id}/control/start"),
        format!("PATCH /{id}/control/stop"),
        format!("PATCH /{id}/control/reset"),
    ] {
        let writes = world.writes();
        send(&routes, &request, "Alice").await.is_error(500, "locking error, try again later");
        assert_eq!(world.writes() - writes, 5, "{request}");
    }
    // A refusal needs no write.
    send(&routes, &format!("PUT /{id}"), vote("Alice", "1")).await.is_error(400, "session is closed");
    world.faults.stop();
    assert_eq!(send(&routes, &format!("GET /{id}/control"), "").await.body, before);

    for name in ["Alice", "Bob"] {
        send(&routes, &format!("PUT /{id}/join"), name).await.is_empty(201);
    }
    send(&routes, &format!("PATCH /{id}/control/start"), "").await.is_empty(202);
    world.faults.resume();
    let locked = send(&routes, &format!("PUT /{id}"), vote("Alice", "1")).await;
    locked.is_error(500, "locking error, try again later");
    let locked = send(&routes, &format!("PATCH /{id}/control/kick"), "Alice").await;
    locked.is_error(500, "locking error, try again later");
}

#[tokio::test(start_paused = true)]
async fn a_table_that_does_not_answer_is_an_unknown_error() {
    let (routes, world) = service().await;
    let id = create(&routes, &["1"]).await;
    world.faults.add(When::any().always(), Fault::DropBefore);
    for request in ["POST /".into(), format!("GET /{id}"), format!("PATCH /{id}/control/start")] {
        send(&routes, &request, "[]").await.is_error(500, "unknown error");
    }
}

/// An answer is lost, and the change was done: for longer than all tries of one write, too.
#[tokio::test(start_paused = true)]
async fn a_change_whose_answer_is_lost_is_done_once() {
    let (routes, world) = service().await;
    let id = create(&routes, &["1"]).await;
    for (number, lost) in [1, 3].into_iter().enumerate() {
        world.faults.add(When::operation("TransactWriteItems").times(lost), Fault::DropAfter);
        send(&routes, &format!("PUT /{id}/join"), format!("Bob {number}")).await.is_empty(201);
    }
    world.faults.add(When::operation("TransactWriteItems").always(), Fault::DropAfter);
    let (join, faults) = (format!("PUT /{id}/join"), world.faults.clone());
    let over = async {
        tokio::time::sleep(Duration::from_secs(40)).await;
        faults.stop();
    };
    let (joined, ()) = tokio::join!(send(&routes, &join, "Carol"), over);
    joined.is_empty(201);
    let session = send(&routes, &format!("GET /{id}/control"), "").await.json();
    assert_eq!(session["Participants"], json!(["Bob 0", "Bob 1", "Carol"]));
}

/// The vote was saved and closed the session, and so the voter is not told that it is closed.
#[tokio::test(start_paused = true)]
async fn the_last_vote_counts_though_its_answer_is_lost() {
    let (routes, world) = service().await;
    let id = create(&routes, &["1"]).await;
    send(&routes, &format!("PUT /{id}/join"), "Alice").await.is_empty(201);
    for fault in
        [Fault::DropAfter, Fault::ErrorAfter, Fault::HangAfter, Fault::Truncated(0), Fault::DropBefore]
    {
        send(&routes, &format!("PATCH /{id}/control/start"), "").await.is_empty(202);
        world.faults.add(When::operation("TransactWriteItems"), fault);
        send(&routes, &format!("PUT /{id}"), vote("Alice", "1")).await.is_empty(202);
        let session = send(&routes, &format!("GET /{id}/control"), "").await.json();
        assert_eq!((&session["Votes"], &session["Open"]), (&json!({ "Alice": "1" }), &json!(false)));
    }
}

#[tokio::test(start_paused = true)]
async fn an_id_that_is_taken_is_drawn_again() {
    let (routes, world) = service().await;
    for (taken, status) in [(4, 201), (5, 409)] {
        let writes = world.writes();
        let conflict = Fault::canceled(["ConditionalCheckFailed"]);
        world.faults.add(When::operation("TransactWriteItems").times(taken), conflict);
        let created = send(&routes, "POST /", "[]").await;
        assert_eq!((created.status, world.writes() - writes), (status, 5), "{created:?}");
        if status == 409 {
            created.is_error(409, "session already exists");
        }
    }
}
