//! The log that `RUST_LOG` asks for, on the standard error.
#![allow(clippy::unwrap_used, missing_docs)]

use std::process::Command;

/// The standard error of the tour.
fn log(asked: Option<&str>) -> String {
    let mut tour = Command::new(env!("CARGO_BIN_EXE_webshop"));
    match asked {
        Some(asked) => tour.env("RUST_LOG", asked),
        None => tour.env_remove("RUST_LOG"),
    };
    let output = tour.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn each_operation_has_a_line_where_it_is_asked_for() {
    assert_eq!(log(None), "");
    let lines = log(Some("dynamap=info"));
    let get = lines.lines().find(|line| line.contains("GetItem webshop")).unwrap();
    for attribute in ["db.system.name=\"aws.dynamodb\"", "dynamap.outcome=\"ok\"", "dynamap.attempts=1"] {
        assert_eq!(get.matches(attribute).count(), 1, "{get}");
    }
    assert!(!lines.contains("dynamap::request"), "requests are at DEBUG");
}

/// Whatever is asked for, the SDK writes no bodies unless it is named.
#[test]
fn the_sdk_writes_no_bodies() {
    let quiet = log(Some("trace"));
    assert!(
        quiet.contains("dynamap::request") && !quiet.contains("aws_smithy_runtime::client::orchestrator")
    );
    let named = log(Some("off,aws_smithy_runtime=trace"));
    assert!(named.contains("aws_smithy_runtime::client::orchestrator"), "the test sees what the SDK writes");
}
