//! The program as it is called from a shell.

use std::process::Command;

use crate::scratch::Scratch;

/// Runs a command; gives its exit code, standard output and standard error.
fn run(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stream-processor"));
    command.args(arguments);
    command
}

#[tokio::test]
async fn the_views_of_a_shop_in_a_file() {
    let scratch = Scratch::new("views");
    let (code, _, absent) = run(&mut scratch.command(&["sales", "10"]));
    assert!(code == 1 && absent.ends_with("; `create-tables` makes one\n"), "{absent}");
    let created = "the tables are there, and the shop has a stream\n";
    for _ in 0..2 {
        let created_again = run(&mut scratch.command(&["create-tables"]));
        assert_eq!(created_again, (0, created.to_owned(), String::new()));
    }
    let (code, _, absent) = run(&mut scratch.command(&["--views", "other", "alerts"]));
    assert_eq!((code, &*absent), (1, "error: there is no table `other` here; `create-tables` creates it\n"));

    let (tables, _) = scratch.tables();
    for event in ["sale", "poison"] {
        let records = crate::events::event(event);
        let handler = stream_processor::stream_handler(&tables.views);
        assert!(handler.handle(&records, None).await.unwrap().is_complete());
    }
    let (_, sales, _) = run(&mut scratch.command(&["sales", "10"]));
    assert_eq!(sales, "product 10: 2 sold in 1 sales\n");
    let (_, outbox, _) = run(&mut scratch.command(&["outbox", "--item", "stock of product 10"]));
    assert!(
        outbox.ends_with("MODIFY  stock of product 10  7 in stock -> 5 in stock\n1 changes\n"),
        "{outbox}"
    );
    for search in [["--entity", "Stock"], ["--day", "2026-11-30"]] {
        let (_, outbox, _) = run(scratch.command(&["outbox"]).args(search));
        assert!(outbox.ends_with("3 changes\n"), "{outbox}");
    }
    let (_, poison, _) = run(&mut scratch.command(&["poison"]));
    assert!(poison.ends_with("its item could not be read\n1 records\n"), "{poison}");
}

#[test]
fn what_is_refused_has_an_exit_code_and_a_reason() {
    for (arguments, code, reason) in [
        (&["alerts"][..], 1, "nothing is kept in memory; say where the tables are, such as --db shop.db"),
        (&["--endpoint", "localhost:8000"], 1, "the endpoint must begin with http:// or https://"),
        (&["--db", "shop.db", "outbox"], 2, "required arguments"),
        (&["--db", "shop.db", "outbox", "--day", "x", "--item", "y"], 2, "cannot be used with"),
    ] {
        let (exit, _, stderr) = run(&mut program(arguments));
        assert!(exit == code && stderr.contains(reason), "{arguments:?}: {exit} {stderr}");
    }
}
