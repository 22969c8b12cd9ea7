//! The program as it is run.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A directory for a store in a file, gone at the end of the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("key-value-{test}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_key-value"));
        command.current_dir(&self.0).args(arguments);
        command
    }

    /// Runs the program; gives its exit code, standard output and standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    #[track_caller]
    fn prints(&self, arguments: &[&str], expected: &str) {
        assert_eq!(self.run(arguments), (0, expected.to_owned(), String::new()), "{arguments:?}");
    }

    /// Runs a write; gives the revision that it prints.
    #[track_caller]
    fn writes(&self, arguments: &[&str]) -> String {
        let (code, out, error) = self.run(arguments);
        assert_eq!((code, error.as_str()), (0, ""), "{arguments:?}");
        assert_eq!(out.trim_end().len(), 32, "{out}");
        out.trim_end().to_owned()
    }

    #[track_caller]
    fn refuses(&self, arguments: &[&str], expected: &str) {
        let (code, _, error) = self.run(arguments);
        assert_eq!((code, error), (1, format!("error: {expected}\n")), "{arguments:?}");
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that stays is found and emptied by the next run.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn values_in_a_file() {
    let store = Scratch::new("values");
    let first = store.writes(&["assoc", "user:1", r#"{"name":"Alice"}"#]);
    store.prints(&["get", "user:1"], "{\"name\":\"Alice\"}\n");
    store.prints(&["get", "user:1", "name"], "\"Alice\"\n");
    store.refuses(&["get", "user:1", "age"], "there is nothing");
    store.writes(&["assoc-in", "user:1", r#"["a","b"]"#, "address", "lines"]);
    store.prints(&["get", "user:1", "address", "lines", "1"], "\"b\"\n");
    store.writes(&["increment", "user:1", "-3", "visits"]);
    store.prints(&["get", "user:1", "visits"], "-3\n");
    store.refuses(
        &["assoc", "user:1", "1", "--if-revision", &first],
        "`user:1` is not at the expected revision",
    );
    store.refuses(&["assoc", "user:1", "1", "--if-absent"], "`user:1` is not at the expected revision");
    store.prints(&["exists", "user:1"], "true\n");
    store.prints(&["dissoc", "user:1"], "true\n");
    store.prints(&["dissoc", "user:1"], "false\n");
    store.prints(&["exists", "user:1"], "false\n");
    assert!(store.0.join("key-value.db").is_file());
}

#[test]
fn numbers_keep_all_their_digits() {
    let store = Scratch::new("digits");
    let longest = "-9.9999999999999999999999999999999999999E-130";
    for (written, read) in [
        ("12345678901234567890.123456", "12345678901234567890.123456"),
        ("98765432109876543210987654321098765432", "98765432109876543210987654321098765432"),
        (longest, longest),
        ("18446744073709551616", "18446744073709551616"),
        ("0.1000", "0.1"),
        (" -25e+1 ", "-250"),
        ("-0", "0"),
    ] {
        store.writes(&["assoc", "number", "--", written]);
        store.prints(&["get", "number"], &format!("{read}\n"));
        store.writes(&["assoc", "deep", &format!(r#"{{ "z": [true, {{"a\"b":{written}}}], "b" : "-1" }}"#)]);
        store.prints(&["get", "deep"], &format!("{{\"b\":\"-1\",\"z\":[true,{{\"a\\\"b\":{read}}}]}}\n"));
        store.writes(&["assoc-in", "path", "--", written, "to", "it"]);
        store.prints(&["get", "path", "to"], &format!("{{\"it\":{read}}}\n"));
        assert_eq!(store.run(&["multi-assoc", &format!(r#"{{"one":{written},"two":[{written}]}}"#)]).0, 0);
        store.prints(&["multi-get", "one", "two"], &format!("{{\"one\":{read},\"two\":[{read}]}}\n"));
        store.writes(&["append", &format!("log {written}"), "--", written]);
        store.prints(&["log", &format!("log {written}")], &format!("{read}\n"));
    }
    let (digits, deep) = ("1".repeat(39), "[".repeat(33) + &"]".repeat(33));
    for (refused, reason) in [
        (&*digits, "a number with more than 38 significant digits"),
        ("1e126", "a number of a greater magnitude than DynamoDB stores"),
        (&*deep, "nested more than 32 levels deep"),
        ("01", "invalid number"),
        ("[1,]", "expected value"),
    ] {
        let (code, _, error) = store.run(&["assoc", "number", refused]);
        assert!(code == 2 && error.contains(reason), "{refused}: {error}");
    }
    assert_eq!(store.run(&["multi-assoc", "[1]"]).0, 2);
}

#[test]
fn logs_and_several_values_in_a_file() {
    let store = Scratch::new("several");
    store.writes(&["append", "log", "1"]);
    store.writes(&["append", "log", "null"]);
    store.prints(&["log", "log"], "1\nnull\n");
    store.refuses(&["get", "log"], "`log` is a log, not a value");
    let (code, out, _) = store.run(&["multi-assoc", r#"{"a":1,"b":[2]}"#]);
    assert_eq!((code, out.lines().count()), (0, 2), "{out}");
    store.prints(&["multi-get", "a", "b", "c"], "{\"a\":1,\"b\":[2]}\n");
    let (_, keys, _) = store.run(&["keys"]);
    let kinds: Vec<_> = keys.lines().map(|line| line.split("  ").next().unwrap().trim()).collect();
    assert_eq!(kinds, ["key", "a", "b", "log"], "{keys}");
    let (_, meta, _) = store.run(&["meta", "log"]);
    assert!(meta.lines().nth(1).unwrap().starts_with("log  log   20"), "{meta}");
    store.prints(&["multi-dissoc", "a", "c"], "{\"a\":true,\"c\":false}\n");
    store.prints(&["collect"], "0\n");
    store.prints(&["delete-store"], "true\n");
    store.prints(&["delete-store"], "false\n");
    store.refuses(&["get", "log"], "there is nothing");
}

#[test]
fn bytes_from_files_and_the_standard_input() {
    let store = Scratch::new("bytes");
    let bytes = crate::place::some_bytes(700_000, 9);
    fs::write(store.0.join("input"), &bytes).unwrap();
    store.writes(&["bassoc", "file", "input"]);
    store.prints(&["bget", "file", "output"], "700000 bytes\n");
    assert!(fs::read(store.0.join("output")).unwrap() == bytes);
    assert!(store.command(&["bget", "file"]).output().unwrap().stdout == bytes);

    let mut child = store
        .command(&["bassoc", "piped", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"piped in").unwrap();
    assert!(child.wait().unwrap().success());
    store.prints(&["bget", "piped"], "piped in");
    store.prints(&["bget", "piped", "-"], "piped in");
    assert!(!store.0.join("-").exists());
    store.refuses(&["bget", "absent"], "there is no such key");
    let (code, _, error) = store.run(&["bassoc", "file", "no-such-file"]);
    assert!(code == 1 && error.starts_with("error: no-such-file: "), "{error}");
}

#[test]
fn the_suite_runs_on_any_profile() {
    let store = Scratch::new("suite");
    let (code, out, error) = store.run(&["compliance"]);
    assert_eq!(code, 0, "{out}{error}");
    assert!(out.ends_with(" passed, 0 failed, 0 left out\n"), "{out}");
}

#[test]
fn what_is_not_there_is_told() {
    let store = Scratch::new("absent");
    let (code, _, error) = store.run(&["--no-create", "get", "k"]);
    assert_eq!((code, error.as_str()), (1, "error: there is no table `key-value`\n"));
    let (code, _, error) = store.run(&["--db", "other.db"]);
    assert!(code == 1 && error.contains("the tour runs in memory"), "{error}");
    for arguments in [&["assoc", "k", "{"][..], &["get"], &["assoc", "k", "1", "--read", "5"]] {
        assert_eq!(store.run(arguments).0, 2, "{arguments:?}");
    }
}

#[test]
#[cfg(not(feature = "aws"))]
fn aws_needs_its_feature() {
    let (code, _, error) = Scratch::new("aws").run(&["--aws", "get", "k"]);
    assert!(code == 1 && error.contains("cargo run -p key-value --features aws -- "), "{error}");
}
