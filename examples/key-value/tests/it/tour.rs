//! The tour shows what the README's table lists.

use examples_shared::output::{Output, Paint};

use crate::readme::{LIB, access_patterns, functions};

async fn tour() -> String {
    let mut text = Vec::new();
    key_value::tour::run(&mut Output { to: &mut text, paint: Paint::OFF }).await.unwrap();
    String::from_utf8(text).unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_tour_stops_at_every_access_pattern() {
    let tour = tour().await;
    let patterns = access_patterns();
    for (pattern, function) in &patterns {
        let stop = format!(". {pattern}  {function}\n");
        assert!(tour.contains(&stop), "no stop `{stop}` in:\n{tour}");
        assert!(functions(LIB).contains(function), "no function {function}");
    }
    for function in functions(LIB) {
        assert!(patterns.iter().any(|(_, of)| *of == function), "no access pattern of {function}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_tour_shows_requests_and_outcomes() {
    let tour = tour().await;
    for shown in [
        "=> active, by DescribeTable, CreateTable, ",
        "\"sk\": { \"S\": \"KEY#user:1\" }",
        "=> {\"name\":\"Alice\",\"visits\":41}\n",
        "=> hello!\n",
        "=> {\"address\":{\"city\":\"Oslo\"},\"name\":\"Alice\",\"visits\":41}\n",
        "=> address.city: Some(String(\"Oslo\"))\n",
        "=> address.street: None\n",
        "=> refused: the key is at another revision\n",
        "  GetItem, PutItem, PutItem\n  => {\"address\":{\"city\":\"Oslo\"},\"name\":\"Alice\",\"visits\":43}\n",
        "=> [\"new\",\"sale\"]\n",
        "=> what was written\n",
        "=> user:1: a value, written at ",
        "=> true, then false\n",
        "=> greeting, product:7, user:1, by 16 queries\n",
        "=> refused: `a` is not at the expected revision\n",
        "=> refused: 101 keys in one call, of which there may be 100\n",
        "=> {\"a\": Number(3), \"b\": Number(2)}\n",
        "=> {\"a\": true, \"b\": true, \"c\": false}\n",
        "=> opened, paid, shipped\n",
        "=> the longest entry has 7 letters\n",
        "\"pk\": { \"S\": \"CHUNK#",
        "=> 32 bytes: The first text, cut into chunks.\n",
        "=> the key has: The first text, cut into chunks.\n",
        "=> collected: 1\n",
        "DeleteTable {",
        "=> table: ",
    ] {
        assert!(tour.contains(shown), "no `{shown}` in:\n{tour}");
    }
    assert!(!tour.contains('\x1b'), "colours without a terminal");
}
