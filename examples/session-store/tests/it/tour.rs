//! The tour shows what the README's first table lists.

use examples_shared::output::{Output, Paint};

use crate::readme::rows;

const LIB: &str = include_str!("../../src/lib.rs");

async fn tour() -> String {
    let mut text = Vec::new();
    session_store::tour::run(&mut Output { to: &mut text, paint: Paint::OFF }).await.unwrap();
    String::from_utf8(text).unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_tour_stops_at_every_access_pattern() {
    let tour = tour().await;
    let patterns = rows("access pattern");
    assert_eq!(LIB.matches("\npub async fn ").count(), patterns.len(), "{patterns:?}");
    for cells in patterns {
        let (pattern, function) = (cells[0], cells[3].trim_matches('`'));
        let stop = format!(". {pattern}  {function}\n");
        assert!(tour.contains(&stop), "no stop `{stop}` in:\n{tour}");
        assert!(LIB.contains(&format!("pub async fn {function}(")), "no function {function}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_tour_shows_requests_and_outcomes() {
    let tour = tour().await;
    for shown in [
        "\"KeySchema\": [{ \"AttributeName\": \"SessionID\", \"KeyType\": \"HASH\" }],",
        "=> created, and active, by ",
        "\"ConditionExpression\": \"attribute_not_exists(#n0)\"",
        "\"Participants\": { \"L\": [] },",
        "=> session `",
        "\"ConsistentRead\": true",
        "=> refused: there is no session `nobody`\n",
        "\"ConditionExpression\": \"attribute_exists(#n2) AND #n1 = :v2\"",
        "\"UpdateExpression\": \"SET #n0 = :v0, #n1 = :v1\"",
        "has another version\n  => refused: there is a session `",
        "\"Participants\":[\"Alice\",\"Bob\"],\"Votes\":{},\"Open\":true}\n",
        "=> refused after GetItem: not a valid choice\n",
        "\" }  => saved, and the answer lost\n  TransactWriteItems { ..., ",
        "\" }  => success\n",
        "\"Votes\":{\"Alice\":\"5\"},\"Open\":true}\n",
        "=> 100 votes by ",
        " writes; the session is closed\n",
    ] {
        assert!(tour.contains(shown), "no `{shown}` in:\n{tour}");
    }
    assert!(tour.ends_with("That was all. Go on with: cargo run -p session-store -- serve\n"), "{tour}");
    assert!(!tour.contains('\x1b'), "colours without a terminal");
}
