//! The program as it is called from a shell.

use std::process::Stdio;
#[cfg(unix)]
use std::{process::Command, time::Duration};

use dynamap_local::Local;

#[cfg(unix)]
use crate::scratch::Ran;
use crate::scratch::Scratch;

/// Arguments of a shop that is kept in the scratch folder.
fn kept<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["--db", "shop.db"], arguments].concat()
}

#[test]
fn without_arguments_it_gives_the_tour() {
    let scratch = Scratch::new("tour");
    assert!(scratch.run(&[""; 0]).succeeded().starts_with("A web shop on one DynamoDB table\n"));
    let refused = scratch.run(&kept(&[])).failed();
    assert_eq!(refused, "error: the tour runs in memory; name a command, such as `groups`\n");
}

#[test]
fn what_is_imported_into_a_file_stays_there() {
    let scratch = Scratch::new("kept");
    let mut import = vec!["--db".to_owned(), "shop.db".to_owned()];
    import.extend(scratch.write_catalogue());
    for _ in 0..2 {
        let imported = scratch.run(&import).succeeded();
        assert!(imported.starts_with("3 product groups, 12 products, 2 users written in "), "{imported}");
    }
    assert_eq!(
        scratch.run(&kept(&["groups"])).succeeded(),
        "id  name\n 1  Books\n 2  Movies\n 3  Board games\n3 product groups\n"
    );
    assert_eq!(
        scratch.run(&kept(&["products", "2"])).succeeded(),
        "id  title              price\n20  The Quiet Harbour  19.99\n21  Eleven Umbrellas    8.40\n\
         22  Signal from Tuva   24.05\n23  The Last Ferry     11.00\n4 products\n"
    );
    assert_eq!(
        scratch.run(&kept(&["product", "1", "9"])).succeeded(),
        "Title     Salt and Cedar\nPrice     9.50\nAuthor    Marek Dvořák\nYear      2004\n\
         Country   Czechia\nLanguage  Czech\n"
    );
    let session = scratch.run(&kept(&["login", "Ada@example.com", "umbrella"])).succeeded();
    assert!(session.starts_with("Email     ada@example.com\nToken     "), "{session}");
}

#[test]
fn products_are_searched_in_a_file() {
    let scratch = Scratch::new("search");
    let mut import = vec!["--db".to_owned(), "shop.db".to_owned()];
    import.extend(scratch.write_catalogue());
    scratch.run(&import).succeeded();
    for command in [&["search", "harbour"][..], &["similar", "20"]] {
        let refused = scratch.run(&kept(command)).failed();
        assert_eq!(refused, "error: there is no table `webshop-search` here; `index` creates it\n");
    }
    let indexed = scratch.run(&kept(&["index"])).succeeded();
    assert_eq!(indexed, "12 products searchable, in the table webshop-search\n");
    let found = scratch.run(&kept(&["search", "quiet", "harbor", "--count", "2"])).succeeded();
    assert!(found.starts_with(" id  title") && found.ends_with("\n2 products\n"), "{found}");
    assert!(found.lines().nth(1).unwrap().starts_with(" 20  The Quiet Harbour  19.99  0."), "{found}");
    let games = scratch.run(&["search", "quiet", "harbor", "--group", "3", "--count", "1"]).succeeded();
    assert!(games.contains("302  Harbour Master"), "in memory, too: {games}");
    assert!(scratch.run(&kept(&["similar", "302", "--count", "3"])).succeeded().contains("Knucklebones"));
    assert_eq!(scratch.run(&kept(&["similar", "999"])).failed(), "error: no such product\n");
    assert_eq!(scratch.run(&kept(&["search", "?"])).failed(), "error: a search needs a word\n");
}

#[test]
fn pages_go_on_at_their_cursor() {
    let scratch = Scratch::new("pages");
    let first = scratch.run(&["products", "1", "--limit", "3"]).succeeded();
    let (page, cursor) = first.split_once("more: --after ").unwrap();
    assert!(page.ends_with("10  A Short History of Rain  22.00\n3 products\n"), "{page}");
    let rest = scratch.run(&["products", "1", "--after", cursor.trim()]).succeeded();
    assert!(rest.contains(" 11  The Cartographer's Sister"), "{rest}");
    assert!(rest.ends_with("2 products\n"), "{rest}");
    let other = scratch.run(&["products", "2", "--after", cursor.trim()]).failed();
    assert!(other.starts_with("error: "), "{other}");
}

#[test]
fn what_is_refused_has_an_exit_code_and_a_reason() {
    let scratch = Scratch::new("refused");
    for (arguments, reason) in [
        (&["login", "ada@example.com", "guess"][..], "wrong email address or password"),
        (&["product", "2", "999"], "there is no product 999 in group 2"),
        (&["products", "9"], "there is no product group 9"),
        (&["--db", "absent.db", "groups"], "there is no file \"absent.db\"; `import` makes one"),
        (&["--endpoint", "localhost:8000", "groups"], "the endpoint must begin with http:// or https://"),
        (
            &["--endpoint", "http://127.0.0.1:9", "serve-database"],
            "only an embedded DynamoDB can be served itself: use --db FILE",
        ),
    ] {
        assert_eq!(scratch.run(arguments).failed(), format!("error: {reason}\n"));
    }
    assert_eq!(scratch.run(&["--db", "a.db", "--aws", "groups"]).code, Some(2));
    assert_eq!(scratch.run(&["import"]).code, Some(2));
}

#[test]
fn products_are_restocked_and_sold() {
    let scratch = Scratch::new("stock");
    let import = scratch.write_catalogue();
    scratch.run(&[&["--db".to_owned(), "shop.db".to_owned()], &import[..]].concat()).succeeded();
    let shop = |arguments: &[&str]| scratch.run(&[&["--db", "shop.db"], arguments].concat());
    assert_eq!(shop(&["sell", "22", "1"]).failed(), "error: only 0 left\n");
    assert_eq!(shop(&["restock", "22", "3"]).succeeded(), "product 22: 3 in stock\n");
    assert_eq!(shop(&["restock", "22", "2"]).succeeded(), "product 22: 5 in stock\n");
    assert_eq!(shop(&["sell", "22", "6"]).failed(), "error: only 5 left\n");
    assert_eq!(shop(&["sell", "22", "4"]).succeeded(), "product 22: 4 sold, 1 left\n");
    assert_eq!(shop(&["sell", "9", "1"]).failed(), "error: only 0 left\n");
    assert_eq!(shop(&["restock", "999", "1"]).failed(), "error: there is no product 999\n");
    for arguments in [["sell", "22", "0"], ["restock", "22", "1000001"], ["sell", "22", "-1"]] {
        assert_eq!(shop(&arguments).code, Some(2), "{arguments:?}");
    }
    let in_memory = scratch.run(&["restock", "22", "3"]).succeeded();
    assert_eq!(
        in_memory,
        "product 22: 3 in stock\n(in memory, so they are gone now; --db FILE keeps them)\n"
    );
    let absent = scratch.run(&["--db", "shop.db", "--table", "other", "restock", "22", "3"]).failed();
    assert_eq!(absent, "error: there is no table `other` here; `import` creates it\n");
}

#[test]
fn an_import_has_a_budget() {
    let scratch = Scratch::new("budget");
    let import = scratch.write_catalogue();
    let budget = |units: &str| [&import[..], &["--wcu".to_owned(), units.to_owned()]].concat();
    let imported = scratch.run(&budget("100")).succeeded();
    assert!(imported.contains("\n17 write units, and 15 of the index\n"), "{imported}");
    assert_eq!(scratch.run(&budget("0")).code, Some(2));
    assert_eq!(scratch.run(&["import", "--wcu", "100"]).code, Some(2));
}

/// Ctrl-C in the middle, and the same import again.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_stopped_goes_on_by_the_same_import() {
    let scratch = Scratch::new("stopped");
    scratch.write("groups.tsv", (1..=500).map(|id| format!("{id}\tGroup {id}\n")).collect::<String>());
    let local = Local::memory().unwrap();
    let server = local.serve(("127.0.0.1", 0)).await.unwrap();
    let url = server.url();
    let import = ["--endpoint", &url, "import", "--groups", "groups.tsv"];

    // One unit each second: it is in the middle when something is there.
    let mut slow = scratch.command(&[&import[..], &["--wcu", "1"]].concat());
    let child = slow.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let stored = async || match local.client().scan().table_name("webshop").send().await {
        Ok(page) => page.count,
        Err(_) => 0,
    };
    while stored().await == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let stopped = Ran::from(child.wait_with_output().unwrap());
    assert!(
        stopped.stdout.contains(" items written\n") && stopped.stdout.contains(" write units"),
        "{stopped:?}"
    );
    assert!(stopped.failed().starts_with("error: stopped; "));
    assert!((1..500).contains(&stored().await));

    assert!(scratch.run(&import).succeeded().starts_with("500 product groups, "));
    assert_eq!(stored().await, 500);
}

#[test]
#[cfg(not(feature = "aws"))]
fn aws_needs_its_feature() {
    let refused = Scratch::new("aws").run(&["--aws", "groups"]).failed();
    assert!(refused.contains("cargo run -p webshop --features aws -- "), "{refused}");
}

#[test]
fn nothing_is_written_of_files_with_mistakes() {
    let scratch = Scratch::new("mistakes");
    scratch.write("groups.tsv", "1\tBooks\nx\tMovies\n");
    let files = ["import", "--groups", "groups.tsv", "--products", "absent.tsv"];
    let ran = scratch.run(&kept(&files));
    assert_eq!(ran.stdout, "0 written\n");
    let stderr = ran.failed();
    let lines: Vec<&str> = stderr.lines().collect();
    assert_eq!(lines[0], "error: the files have mistakes");
    assert!(lines[1].starts_with("absent.tsv: cannot be read: "), "{stderr}");
    assert_eq!(
        lines[2..],
        ["groups.tsv:2: group id \"x\": expected a whole number from 0 to 4294967295", "2 mistakes"]
    );
    assert!(scratch.run(&kept(&["groups"])).failed().contains("there is no file"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_endpoint_will_do() {
    let scratch = Scratch::new("endpoint");
    let server = Local::memory().unwrap().serve(("127.0.0.1", 0)).await.unwrap();
    let at = |arguments: &[&str]| -> Vec<String> {
        let url = server.url();
        ["--endpoint", &url, "--table", "shop-2"]
            .iter()
            .chain(arguments)
            .map(|&text| text.to_owned())
            .collect()
    };
    for command in [&["groups"][..], &["serve", "--port", "0"]] {
        let absent = scratch.run(&at(command)).failed();
        assert_eq!(absent, "error: there is no table `shop-2` here; `import` creates it\n");
    }

    let files = scratch.write_catalogue();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    assert!(scratch.run(&at(&files)).succeeded().contains("12 products"));
    assert!(scratch.run(&at(&["products", "3"])).succeeded().ends_with("3 products\n"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_webshop"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}

/// The shop over HTTP, as a program: its port is told, it answers, and it ends at a signal.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shop_is_served_until_a_signal() {
    use std::io::{BufRead, BufReader};
    let scratch = Scratch::new("serve");
    for signal in ["-INT", "-TERM"] {
        let mut serve = scratch.command(&["serve", "--port", "0"]);
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut told = String::new();
        stdout.read_line(&mut told).unwrap();
        let address = told.strip_prefix("Web shop at http://").unwrap();
        let address = address.strip_suffix("; Ctrl-C ends it\n").unwrap().parse().unwrap();
        let mut client = webshop::load::Client::connect(address).await.unwrap();
        // The built-in catalogue, and passwords by Argon2id.
        let ada = serde_json::json!({ "email": "ada@example.com", "password": "umbrella" });
        let login = client.post("/login", &ada).await.unwrap();
        client.token = login.json()["json-web-token"].as_str().map(str::to_owned);
        let groups = client.get("/product-groups").await.unwrap();
        assert_eq!((groups.status.as_u16(), &groups.json()["product-groups"]["2"]), (200, &"Movies".into()));

        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        told.clear();
        stdout.read_line(&mut told).unwrap();
        let ended = Ran::from(child.wait_with_output().unwrap());
        assert_eq!((ended.code, told.as_str()), (Some(0), "stopped\n"), "{ended:?}");
        let log: Vec<&str> = ended.stderr.lines().collect();
        assert_eq!(log.len(), 2, "{log:?}");
        assert!(log[0].contains("route=\"/login\"") && log[0].contains("status=200"), "{log:?}");
    }
}

#[test]
fn a_load_prints_its_times() {
    let scratch = Scratch::new("load");
    let load = scratch.run(&["load", "--clients", "2", "--seconds", "0"]).succeeded();
    assert!(load.starts_with("route ") && load.ends_with("\n0 failures\n"), "{load}");
    for arguments in [&["--db", "a.db", "load"][..], &["load", "--endpoint", "http://a"], &["load", "--aws"]]
    {
        let refused = scratch.run(arguments).failed();
        assert_eq!(refused, "error: the load runs in memory, on a server in this program\n");
    }
    let options = ["--db <FILE>", "--endpoint <URL>", "--aws", "--table <NAME>"];
    let (load, serve) =
        (scratch.run(&["load", "--help"]).succeeded(), scratch.run(&["serve", "--help"]).succeeded());
    for option in options {
        assert!(!load.contains(option) && serve.contains(option), "{load}{serve}");
    }
}
