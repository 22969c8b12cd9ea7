//! The page at `/`, in a browser.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use session_store::{http, service::Poker};
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

use crate::{
    client::{send, vote},
    world::World,
};

/// The longest time until the browser is where a test wants it.
const LATEST: Duration = Duration::from_secs(60);

/// A browser with one page, which is driven by its DevTools protocol.
struct Browser {
    process: Child,
    profile: PathBuf,
    socket: WebSocketStream<TcpStream>,
    page: Value,
    calls: u64,
}

impl Browser {
    async fn open(url: &str) -> Self {
        let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join("session-store-browser");
        let _ = fs::remove_dir_all(&profile);
        let mut process = Command::new("chromium")
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix("DevTools listening on ").map(str::to_owned));
        let address = address.unwrap();
        // Nobody reads what it prints later, and it waits for nobody to do so.
        std::thread::spawn(move || lines.for_each(drop));
        let host = address.strip_prefix("ws://").unwrap().split('/').next().unwrap();
        let stream = TcpStream::connect(host).await.unwrap();
        let (socket, _) = client_async(&address, stream).await.unwrap();
        let mut browser = Self { process, profile, socket, page: Value::Null, calls: 0 };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" })).await;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        browser.page = browser.call("Target.attachToTarget", attach).await["sessionId"].take();
        browser.call("Page.enable", json!({})).await;
        browser.call("Page.navigate", json!({ "url": url })).await;
        while browser.message().await["method"] != "Page.loadEventFired" {}
        browser
    }

    /// The next message of the browser.
    async fn message(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.socket.next().await.unwrap().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    /// Calls a method of the protocol.
    async fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut call = json!({ "id": self.calls, "method": method, "params": params });
        if self.page.is_string() {
            call["sessionId"] = self.page.clone();
        }
        self.socket.send(Message::text(call.to_string())).await.unwrap();
        loop {
            let mut message = self.message().await;
            if message["id"] == self.calls {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].take();
            }
        }
    }

    /// Runs a script in the page, and returns its value.
    async fn run(&mut self, script: &str) -> Value {
        let params = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        let mut result = self.call("Runtime.evaluate", params).await;
        assert!(result["exceptionDetails"].is_null(), "{script}: {result}");
        result["result"]["value"].take()
    }

    /// Waits until a condition is true in the page.
    async fn until(&mut self, condition: &str) {
        let script = format!(
            "new Promise(done => {{ const look = () => ({condition}) ? done(true) : setTimeout(look, 10); look(); }})"
        );
        if timeout(LATEST, self.run(&script)).await.is_err() {
            panic!("never: {condition}");
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

#[tokio::test]
#[ignore = "needs chromium"]
async fn a_round_is_played_on_the_page() {
    let world = World::new().await;
    let poker = Poker::new(world.table());
    let routes = http::routes(poker.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(http::serve(listener, poker, std::future::pending()));

    let mut page = Browser::open(&format!("http://{address}/")).await;
    page.until("!document.querySelector('#create').hidden").await;
    page.run("document.querySelector('#create').choices.value = ' 1  2 ?'").await;
    page.run("document.querySelector('#create').requestSubmit()").await;
    page.until("!document.querySelector('#session').hidden").await;
    let id = page.run("location.hash.slice(1)").await.as_str().unwrap().to_owned();
    let choices = "[...document.querySelectorAll('#choices button')].map(button => button.textContent)";
    assert_eq!(page.run(choices).await, json!(["1", "2", "?"]));

    // One joins by the page, another one elsewhere, with a name that is no markup.
    page.run("document.querySelector('#join').name.value = 'Alice'").await;
    page.run("document.querySelector('#join').requestSubmit()").await;
    page.until("document.querySelector('#participants').textContent.includes('Alice')").await;
    send(&routes, &format!("PUT /{id}/join"), "<b>Bob").await.is_empty(201);
    page.until("document.querySelector('#participants').textContent.includes('<b>Bob')").await;

    page.run("document.querySelector('[data-command=start]').click()").await;
    page.until("document.querySelector('#state').textContent === 'open'").await;
    page.run("document.querySelectorAll('#choices button')[1].click()").await;
    page.until("document.querySelector('#participants').textContent.includes('Alice: has voted')").await;
    // No vote is shown before the last one.
    send(&routes, &format!("PUT /{id}"), vote("<b>Bob", "?")).await.is_empty(202);
    page.until("document.querySelector('#state').textContent === 'closed'").await;
    page.until("document.querySelector('#participants').textContent.includes('Alice: 2')").await;
    page.until("document.querySelector('#participants').textContent.includes('<b>Bob: ?')").await;

    page.run("document.querySelectorAll('#participants button')[1].click()").await;
    page.until("document.querySelectorAll('#participants li').length === 1").await;
    page.run("document.querySelector('[data-command=reset]').click()").await;
    page.until("!document.querySelector('#participants').textContent.includes('2')").await;
    page.run("document.querySelectorAll('#choices button')[0].click()").await;
    page.until("document.querySelector('#error').textContent === 'session is closed\\n'").await;

    page.run("location.hash = 'absent'").await;
    page.until("document.querySelector('#session').hidden").await;
    page.until("document.querySelector('#error').textContent === 'there is no such session'").await;
}
