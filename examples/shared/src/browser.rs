//! Chromium without a window, led by its DevTools protocol over a pipe: for tests of pages, which it fails by a panic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// The longest time that the browser may take for a message.
const PATIENCE: Duration = Duration::from_secs(60);

/// The browser reads messages from descriptor 3 and writes them to 4: the standard input and output of this process's
/// child.
const ON_PIPES: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null"#;

/// A page in a browser, which ends with the test.
pub struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    session: String,
    sent: u64,
    /// The events since the last look.
    events: Vec<Value>,
}

impl Browser {
    /// Starts Chromium with a profile of its own in a folder.
    ///
    /// # Panics
    /// There is no `chromium`, or it does not answer; so do all methods.
    pub fn start(folder: &Path) -> Self {
        let mut child = Command::new("sh")
            .args(["-c", ON_PIPES, "chromium", "--headless=new", "--no-sandbox", "--disable-gpu"])
            .args(["--remote-debugging-pipe", "--no-first-run", "--disable-background-networking"])
            .arg(format!("--user-data-dir={}", folder.display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, pipe) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (messages, from) = channel();
        thread::spawn(move || {
            for message in BufReader::new(pipe).split(0) {
                let Ok(message) = message else { break };
                if messages.send(serde_json::from_slice(&message).unwrap()).is_err() {
                    break;
                }
            }
        });
        let mut browser = Self { child, to, from, session: String::new(), sent: 0, events: Vec::new() };
        let targets = browser.call("Target.getTargets", json!({}));
        let page = targets["targetInfos"].as_array().unwrap().iter().find(|target| target["type"] == "page");
        let attach = json!({ "targetId": page.unwrap()["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", attach)["sessionId"].as_str().unwrap().to_owned();
        browser.session = session;
        for domain in ["Page", "Runtime", "Network", "Log"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Sends a command and returns its result.
    #[track_caller]
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let message = self.from.recv_timeout(PATIENCE).expect("an answer of the browser");
            if message["id"] == self.sent {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    /// The value of an expression, which may be a promise.
    #[track_caller]
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let result = self.call("Runtime.evaluate", parameters);
        assert!(result.get("exceptionDetails").is_none(), "{expression}: {result:#}");
        result["result"]["value"].clone()
    }

    /// Waits until an expression is neither false nor null, and returns it.
    #[track_caller]
    pub fn wait(&mut self, expression: &str) -> Value {
        self.evaluate(&format!(
            "new Promise((resolve, reject) => {{
                const end = Date.now() + 20000;
                (function look() {{
                    const value = {expression};
                    if (value) resolve(value);
                    else if (Date.now() > end) reject(new Error('not so: ' + document.body.innerText));
                    else setTimeout(look, 10);
                }})();
            }})"
        ))
    }

    /// The events until now.
    pub fn events(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.events)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
