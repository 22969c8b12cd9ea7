//! The tables of the README are true.

use std::collections::BTreeSet;

use dynamap::value::Nullable;
use dynamap_local::faults::{Fault, When};
use serde_json::Value;
use session_store::{
    events::{Event, Role},
    http,
    model::Session,
    service::Poker,
};

use crate::{
    client::{create, send, vote},
    world::World,
};

const README: &str = include_str!("../../README.md");
const ROUTES: &str = include_str!("../../src/http.rs");

/// The rows of the table whose first heading is this.
pub(crate) fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let heading = format!("| {heading} |");
    let table = README.lines().skip_while(|line| !line.starts_with(&heading));
    let rows = table.take_while(|line| line.starts_with('|')).skip(2);
    let rows: Vec<_> =
        rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>()).collect();
    assert!(!rows.is_empty(), "no table of {heading}");
    rows
}

/// The text between backticks.
fn code(cell: &str) -> &str {
    cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).unwrap_or(cell)
}

/// The statuses that a route has: for its body, without its session, and while other writers are always faster.
async fn statuses(request: &str, body: &str) -> BTreeSet<u16> {
    let world = World::new().await;
    let routes = http::routes(Poker::new(world.table()));
    let id = create(&routes, &["1", "5"]).await;
    let path = |id: &str| request.replace("{id}", id);
    for name in ["Alice", "Bob"] {
        send(&routes, &format!("PUT /{id}/join"), name).await.is_empty(201);
    }
    let mut found = BTreeSet::new();
    // Open, then closed by the votes of all; a name that is there, and one that is not.
    send(&routes, &format!("PATCH /{id}/control/start"), "").await.is_empty(202);
    found.insert(send(&routes, &path(&id), body.to_owned()).await.status);
    found.insert(send(&routes, &path(&id), body.replace("Alice", "Eve")).await.status);
    found.insert(send(&routes, &path(&id), body.replace("Alice", "Eve")).await.status);
    found.insert(send(&routes, &path("absent"), body.to_owned()).await.status);
    for name in ["Carol", "Dave"] {
        send(&routes, &format!("PUT /{id}/join"), name).await.is_empty(201);
    }
    send(&routes, &format!("PUT /{id}"), vote("Carol", "1")).await;
    let conflict = Fault::canceled(["ConditionalCheckFailed"]);
    world.faults.add(When::operation("TransactWriteItems").always(), conflict);
    let name = if request.ends_with("join") { "Frank" } else { "Carol" };
    found.insert(send(&routes, &path(&id), body.replace("Alice", name)).await.status);
    found
}

#[tokio::test(start_paused = true)]
async fn each_route_has_its_codes() {
    let routes = rows("route");
    for cells in &routes {
        let codes: BTreeSet<u16> = cells[3].split(", ").map(|code| code.parse().unwrap()).collect();
        let request = code(cells[0]);
        if request.ends_with("/ws") {
            // `events` has those.
            assert_eq!(codes, [101, 404].into());
            continue;
        }
        let mut found = statuses(request, code(cells[1])).await;
        // A session is created without a conflict that lasts.
        if request == "POST /" {
            found.retain(|status| *status < 400);
        }
        assert_eq!(found, codes, "{request}");
    }
    let listed: BTreeSet<_> = routes.iter().map(|cells| code(cells[0]).split_once(' ').unwrap().1).collect();
    let in_code: BTreeSet<_> =
        ROUTES.split(".route(\"").skip(1).map(|route| route.split_once('"').unwrap().0).collect();
    assert_eq!(listed, in_code);
}

#[test]
fn each_event_has_its_form_and_its_receivers() {
    let mut session = Session::new(Nullable(None));
    session.participants = vec!["Alice".to_owned()].into();
    session.votes = Nullable(Some([("Alice".to_owned(), "5".to_owned())].into()));
    let events = [
        Event::ENABLED,
        Event::DISABLED,
        Event::RESET,
        Event::votes(&session),
        Event::participants(&session),
    ];
    let rows = rows("event");
    assert_eq!(rows.len(), events.len());
    for (cells, event) in rows.iter().zip(events) {
        let written = serde_json::to_value(&event).unwrap();
        assert_eq!(written["Kind"], code(cells[0]));
        assert_eq!(written["Data"], serde_json::from_str::<Value>(code(cells[1])).unwrap());
        assert_eq!(event.is_for(Role::Voter), cells[3] == "all");
        assert!(event.is_for(Role::Controller));
    }
}
