//! The page at `/`, in a browser.

use std::{fs, path::Path};

use axum::Router;
use examples_shared::browser::Browser;
use serde_json::json;
use session_store::{http, service::Poker};
use tokio::{net::TcpListener, runtime::Handle, task::spawn_blocking};

use crate::{
    client::{send, vote},
    world::World,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs chromium"]
async fn a_round_is_played_on_the_page() {
    let world = World::new().await;
    let poker = Poker::new(world.table());
    let routes = http::routes(poker.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let home = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(http::serve(listener, poker, std::future::pending()));
    spawn_blocking(move || play(&home, &routes)).await.unwrap();
}

fn play(home: &str, routes: &Router) {
    let elsewhere = Handle::current();
    let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join("session-store-browser");
    let _ = fs::remove_dir_all(&profile);
    let mut page = Browser::start(&profile);
    page.call("Page.navigate", json!({ "url": home }));
    page.wait("document.querySelector('#create')?.hidden === false");
    page.evaluate("document.querySelector('#create').choices.value = ' 1  2 ?'");
    page.evaluate("document.querySelector('#create').requestSubmit()");
    page.wait("!document.querySelector('#session').hidden");
    let id = page.evaluate("location.hash.slice(1)").as_str().unwrap().to_owned();
    let choices = "[...document.querySelectorAll('#choices button')].map(button => button.textContent)";
    assert_eq!(page.evaluate(choices), json!(["1", "2", "?"]));

    // One joins by the page, another one elsewhere, with a name that is no markup.
    page.evaluate("document.querySelector('#join').name.value = 'Alice'");
    page.evaluate("document.querySelector('#join').requestSubmit()");
    page.wait("document.querySelector('#participants').textContent.includes('Alice')");
    elsewhere.block_on(send(routes, &format!("PUT /{id}/join"), "<b>Bob")).is_empty(201);
    page.wait("document.querySelector('#participants').textContent.includes('<b>Bob')");

    page.evaluate("document.querySelector('[data-command=start]').click()");
    page.wait("document.querySelector('#state').textContent === 'open'");
    page.evaluate("document.querySelectorAll('#choices button')[1].click()");
    page.wait("document.querySelector('#participants').textContent.includes('Alice: has voted')");
    // No vote is shown before the last one.
    elsewhere.block_on(send(routes, &format!("PUT /{id}"), vote("<b>Bob", "?"))).is_empty(202);
    page.wait("document.querySelector('#state').textContent === 'closed'");
    page.wait("document.querySelector('#participants').textContent.includes('Alice: 2')");
    page.wait("document.querySelector('#participants').textContent.includes('<b>Bob: ?')");

    page.evaluate("document.querySelectorAll('#participants button')[1].click()");
    page.wait("document.querySelectorAll('#participants li').length === 1");
    page.evaluate("document.querySelector('[data-command=reset]').click()");
    page.wait("!document.querySelector('#participants').textContent.includes('2')");
    page.evaluate("document.querySelectorAll('#choices button')[0].click()");
    page.wait("document.querySelector('#error').textContent === 'session is closed\\n'");

    page.evaluate("location.hash = 'absent'");
    page.wait("document.querySelector('#session').hidden");
    page.wait("document.querySelector('#error').textContent === 'there is no such session'");
    drop(page);
    let _ = fs::remove_dir_all(&profile);
}
