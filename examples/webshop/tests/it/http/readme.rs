//! The tables of the README on HTTP say what the code does.

use std::{collections::BTreeSet, time::Duration};

use webshop::http::{Code, Limits, ROUTES, Rate};

use super::document::{self, DOCUMENT};

const README: &str = include_str!("../../../README.md");

/// The refusals that need not be told of each route.
const COMMON: [&str; 4] = ["headers_too_large", "internal", "unavailable", "timed_out"];

/// The rows of the table with this first heading.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let is_head = |line: &&str| line.starts_with(&format!("| {heading} |"));
    let rows = README.lines().skip_while(|line| !is_head(line)).take_while(|line| line.starts_with('|'));
    let cells = |row: &'static str| row.trim_matches('|').split('|').map(str::trim).collect();
    let rows: Vec<Vec<&str>> = rows.skip(2).map(cells).collect();
    assert!(!rows.is_empty(), "no table of {heading}");
    rows
}

#[test]
fn it_has_the_routes_with_their_refusals() {
    let mut told = BTreeSet::new();
    for row in table("route") {
        let (method, path) = row[0].trim_matches('`').split_once(' ').unwrap();
        told.insert((method, path));
        let operation = &DOCUMENT["paths"][path][method.to_lowercase()];
        assert_eq!(row[1] == "yes", operation.get("security").is_some(), "{path}");
        let refusals: BTreeSet<String> = row[3]
            .split(", ")
            .filter(|code| !code.is_empty())
            .map(|code| code.trim_matches('`').to_owned())
            .collect();
        let of_route = document::described().into_iter().filter(|(_, described, ..)| described == path);
        let described: BTreeSet<String> = of_route.map(|(.., code)| code).collect();
        let described: BTreeSet<String> =
            described.into_iter().filter(|code| !code.is_empty() && !COMMON.contains(&&**code)).collect();
        assert_eq!(refusals, described, "{path}");
    }
    let is_file = |path: &str| path == "/" || path.contains('.');
    assert_eq!(told, ROUTES.iter().copied().filter(|(_, path)| !is_file(path)).collect());
}

#[test]
fn it_has_the_codes_with_their_statuses_and_messages() {
    let told: Vec<Vec<String>> =
        table("code").into_iter().map(|row| row.into_iter().map(str::to_owned).collect()).collect();
    let codes = Code::ALL.iter().map(|code| {
        let message = match code {
            Code::ProductNotFound => format!("{} for pg-id: 2, and p-id: 10000", code.message()),
            code => code.message().to_owned(),
        };
        vec![format!("`{code}`"), code.status().as_str().to_owned(), message]
    });
    assert_eq!(told, codes.collect::<Vec<_>>());
}

#[test]
fn it_has_the_limits() {
    let seconds = |time: Duration| format!("{} s", time.as_secs());
    let rate = |Rate { burst, interval }| format!("{burst}, and one more each {}", seconds(interval));
    let kibibytes = |bytes: usize| format!("{} KiB", bytes / 1024);
    let limits = Limits::default();
    let times = [limits.header_time, limits.body_time, limits.request_time].map(seconds).join(", ");
    let headers = format!("{}, and {}", limits.headers, kibibytes(limits.header_bytes));
    let told: Vec<&str> = table("limit").into_iter().map(|row| row[1]).collect();
    let expected = [
        limits.connections.to_string(),
        headers,
        kibibytes(limits.body_bytes),
        times,
        seconds(limits.stop_time),
        rate(limits.logins_of_email),
        rate(limits.logins_from_address),
    ];
    assert_eq!(told, expected);
}
