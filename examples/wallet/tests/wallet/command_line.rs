//! The program as it is run.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_wallet"))
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
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("wallet-{test}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        run(program().arg("--db").arg(self.0.join("wallets.db")).args(arguments))
    }

    #[track_caller]
    fn prints(&self, arguments: &[&str], expected: &str) {
        assert_eq!(self.run(arguments), (0, expected.to_owned(), String::new()), "{arguments:?}");
    }

    #[track_caller]
    fn refuses(&self, arguments: &[&str], expected: &str) {
        let (code, _, stderr) = self.run(arguments);
        assert_eq!((code, stderr), (1, format!("error: {expected}\n")), "{arguments:?}");
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that stays is found and emptied by the next run.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_bank_in_a_file() {
    let bank = Scratch::new("file");
    let (code, _, absent) = bank.run(&["show", "ada"]);
    assert!(code == 1 && absent.ends_with("; `create-table` makes one\n"), "{absent}");
    for about_the_table in [&["describe"][..], &["throughput", "--on-demand"]] {
        let (code, _, absent) = bank.run(about_the_table);
        assert!(code == 1 && absent.ends_with("; `create-table` makes one\n"), "{absent}");
    }
    bank.prints(&["create-table", "--read", "2", "--write", "3"], "created\n");
    bank.prints(&["create-table"], "it was there already\n");
    bank.prints(
        &["throughput", "--rcu", "2", "--wcu", "3"],
        "it was before: 2 read and 3 write units per second\n",
    );
    bank.prints(&["throughput", "--on-demand"], "changed to on demand\n");
    bank.prints(
        &["throughput", "--rcu", "5", "--wcu", "5"],
        "changed to 5 read and 5 write units per second\n",
    );
    let (code, described, _) = bank.run(&["describe"]);
    assert!(
        code == 0 && described.contains("\nthroughput  5 read and 5 write units per second\n"),
        "{described}"
    );
    let absent = "there is no table `other` here; `create-table` creates it";
    for about_the_table in
        [&["--table", "other", "describe"][..], &["--table", "other", "throughput", "--on-demand"]]
    {
        bank.refuses(about_the_table, absent);
    }
    bank.prints(&["open", "ada", "Ada Aalto"], "ada of Ada Aalto: 0 (version 1)\n");
    bank.prints(&["open", "bob", "Bob Bull"], "bob of Bob Bull: 0 (version 1)\n");
    bank.refuses(&["open", "bob", "Bob Bull"], "there is a wallet `bob` already");
    bank.prints(&["deposit", "d-1", "ada", "1000"], "done\n");
    bank.prints(&["transfer", "t-1", "ada", "bob", "300"], "done\n");
    bank.prints(&["transfer", "t-1", "ada", "bob", "300"], "it was done before\n");
    bank.refuses(&["transfer", "t-2", "ada", "bob", "701"], "wallet `ada` has only 700");
    bank.prints(&["show", "ada"], "ada of Ada Aalto: 700 (version 3)\n");
    bank.refuses(&["show", "eve"], "there is no wallet `eve`");
    bank.refuses(
        &["--table", "other", "show", "ada"],
        "there is no table `other` here; `create-table` creates it",
    );

    let (code, first, _) = bank.run(&["statement", "ada", "--limit", "1"]);
    let (page, cursor) = first.split_once("more: --after ").unwrap();
    assert!(code == 0 && page.ends_with("  t-1       bob     -300\n"), "{first}");
    let (code, rest, _) = bank.run(&["statement", "ada", "--after", cursor.trim()]);
    assert!(code == 0 && rest.ends_with("  d-1       (outside)   +1000\n"), "{rest}");
}

#[test]
fn nothing_is_kept_in_memory() {
    let (code, _, stderr) = run(program().args(["open", "ada", "Ada"]));
    assert_eq!(
        (code, stderr.as_str()),
        (1, "error: nothing is kept in memory; say where the table is, such as --db wallets.db\n")
    );
    let (code, _, _) = run(program().args(["--db", "wallets.db", "stress"]));
    assert_eq!(code, 1);
}

#[test]
fn a_table_in_memory_is_described_and_changed() {
    let first = "a table in memory, created for this command; --db wallets.db keeps one\n";
    let (code, described, stderr) = run(program().arg("describe"));
    assert!(code == 0 && described.starts_with(first), "{described}{stderr}");
    assert!(
        described.contains("\nname        wallets\n") && described.contains("\nstatus      ACTIVE\n"),
        "{described}"
    );
    let (code, changed, _) = run(program().args(["throughput", "--rcu", "5", "--wcu", "5"]));
    assert_eq!((code, changed), (0, format!("{first}changed to 5 read and 5 write units per second\n")));
    let (code, changed, _) = run(program().args(["throughput", "--on-demand"]));
    assert_eq!((code, changed), (0, format!("{first}changed to on demand\n")));
}

#[test]
#[cfg(not(feature = "aws"))]
fn aws_needs_its_feature() {
    let (code, _, stderr) = run(program().args(["--aws", "show", "ada"]));
    assert!(code == 1 && stderr.contains("cargo run -p wallet --features aws -- "), "{stderr}");
}

#[test]
fn the_stress_ends_with_its_result() {
    let stress = ["stress", "--wallets", "5", "--transfers", "40", "--faults", "0.2", "--seed", "9"];
    let (code, stdout, stderr) = run(program().args(stress));
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(
        stdout
            .starts_with("5 wallets, 40 transfers by 8 clients, 20 % of the requests with a fault, seed 9\n")
    );
    let result = stdout.lines().last().unwrap();
    assert!(result.starts_with("RESULT wallets=5 transfers=40 applied="), "{result}");
    assert!(result.ends_with(" sum_before=5000 sum_after=5000 ledger_equals_balances=true"), "{result}");
    // Without a terminal, a line for each tenth.
    assert_eq!(stderr.lines().count(), 10, "{stderr}");
    assert!(stderr.lines().last().unwrap().starts_with("40/40 transfers, "), "{stderr}");
}

#[test]
fn wrong_arguments_have_an_exit_code() {
    for arguments in [
        &["stress", "--faults", "1.5"][..],
        &["stress", "--faults", "nan"],
        &["stress", "--wallets", "1"],
        &["stress", "--transfers", "0"],
        &["create-table", "--read", "5"],
        &["throughput"],
        &["throughput", "--rcu", "5"],
        &["throughput", "--rcu", "0", "--wcu", "5"],
        &["throughput", "--rcu", "5", "--wcu=-1"],
        &["throughput", "--on-demand", "--rcu", "5", "--wcu", "5"],
        &["--db", "a.db", "--aws", "show", "ada"],
    ] {
        assert_eq!(run(program().args(arguments)).0, 2, "{arguments:?}");
    }
}
