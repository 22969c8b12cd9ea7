//! The program as it is run.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_session-store"))
}

/// Runs the program; gives its exit code, standard output and standard error.
fn run(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A file for a table, gone at the end of the test with those that SQLite keeps next to it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("session-store-{test}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.arg("--db").arg(self.0.join("sessions.db")).args(arguments);
        command
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that stays is found and emptied by the next run.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The program while it serves.
struct Serving {
    process: Child,
    stdout: BufReader<ChildStdout>,
    address: String,
}

impl Serving {
    fn start(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self { process, stdout, address }
    }

    /// Sends a request on a connection of its own, and returns the whole response.
    fn send(&self, request: &str, body: &str) -> String {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            connection,
            "{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).unwrap();
        response
    }

    /// Subscribes to the events of a session, and returns the connection.
    fn subscribe(&self, id: &str) -> TcpStream {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        write!(
            connection,
            "GET /{id}/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        .unwrap();
        let mut status = [0; 12];
        connection.read_exact(&mut status).unwrap();
        assert_eq!(&status, b"HTTP/1.1 101");
        connection
    }

    /// Ends the program as a supervisor does; returns what it printed since.
    #[cfg(unix)]
    fn stop(mut self) -> String {
        let kill = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(kill.success());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        assert!(self.process.wait().unwrap().success());
        rest
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
#[cfg(unix)]
fn sessions_outlive_the_service() {
    let scratch = Scratch::new("serve");
    let serving = Serving::start(scratch.command(&["serve", "--port", "0"]));
    assert!(serving.address.starts_with("127.0.0.1:"), "{}", serving.address);
    let created = serving.send("POST /", r#"["1","2"]"#);
    assert!(created.starts_with("HTTP/1.1 201 Created\r\n"), "{created}");
    let (_, id) = created.split_once("location: /").unwrap();
    let id = &id[..5];
    assert!(serving.send(&format!("PUT /{id}/join"), "Alice").starts_with("HTTP/1.1 201 "));
    assert!(serving.send(&format!("PATCH /{id}/control/start"), "").starts_with("HTTP/1.1 202 "));
    assert!(serving.send("GET /", "").contains("<title>Planning poker</title>"));
    // A subscriber does not hold up the end.
    let subscriber = serving.subscribe(id);
    assert_eq!(serving.stop(), "stopped\n");
    drop(subscriber);

    let serving = Serving::start(scratch.command(&["serve", "--port", "0"]));
    let vote = serving.send(&format!("PUT /{id}"), r#"{"Participant":"Alice","Choice":"2"}"#);
    assert!(vote.starts_with("HTTP/1.1 202 "), "{vote}");
    assert_eq!(serving.stop(), "stopped\n");

    let (code, shown, stderr) = run(&mut scratch.command(&["show", id]));
    let (version, session) = shown.split_once('\n').unwrap();
    assert_eq!((code, stderr.as_str(), version.len()), (0, "", "version ".len() + 36), "{shown}");
    assert_eq!(
        session,
        "{\"Choices\":[\"1\",\"2\"],\"Participants\":[\"Alice\"],\"Votes\":{\"Alice\":\"2\"},\"Open\":false}\n"
    );
}

#[test]
fn the_table_is_created_once() {
    let scratch = Scratch::new("table");
    let (code, _, stderr) = run(&mut scratch.command(&["show", "abcde"]));
    assert!(code == 1 && stderr.ends_with("; `create-table` makes one\n"), "{stderr}");
    let printed = |text: &str| (0, text.to_owned(), String::new());
    assert_eq!(run(&mut scratch.command(&["create-table"])), printed("created\n"));
    assert_eq!(run(&mut scratch.command(&["create-table"])), printed("it was there already\n"));
    for (arguments, error) in [
        (&["show", "abcde"][..], "error: there is no session `abcde`\n"),
        (
            &["--table", "other", "show", "abcde"],
            "error: there is no table `other` here; `create-table` creates it\n",
        ),
    ] {
        assert_eq!(run(&mut scratch.command(arguments)), (1, String::new(), error.to_owned()));
    }
}

#[test]
fn nothing_is_kept_in_memory() {
    let refused = |error: &str| (1, String::new(), format!("error: {error}\n"));
    let nothing = refused("nothing is kept in memory; say where the table is, such as --db sessions.db");
    assert_eq!(run(program().args(["show", "abcde"])), nothing);
    let tour = refused("the tour runs in memory; name a command, such as `serve`");
    assert_eq!(run(program().args(["--db", "sessions.db"])), tour);
}

#[test]
#[cfg(not(feature = "aws"))]
fn aws_needs_its_feature() {
    let (code, _, stderr) = run(program().args(["--aws", "show", "abcde"]));
    assert!(code == 1 && stderr.contains("cargo run -p session-store --features aws -- "), "{stderr}");
}

#[test]
fn wrong_arguments_have_an_exit_code() {
    for arguments in [
        &["serve", "--port", "65536"][..],
        &["serve", "--host", "nowhere"],
        &["show"],
        &["--db", "a.db", "--aws", "serve"],
    ] {
        assert_eq!(run(program().args(arguments)).0, 2, "{arguments:?}");
    }
}
