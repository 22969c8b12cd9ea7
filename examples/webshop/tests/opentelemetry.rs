//! The spans that a collector gets, with the feature `opentelemetry`.
#![cfg(feature = "opentelemetry")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::mpsc,
    thread,
};

/// A collector that takes what it is sent: the path and the body of each request.
fn collector() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (sender, received) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let sender = sender.clone();
            thread::spawn(move || answer(stream.unwrap(), &sender));
        }
    });
    (endpoint, received)
}

/// Reads requests of a connection and answers each with success, until it is closed.
fn answer(stream: TcpStream, sender: &mpsc::Sender<(String, Vec<u8>)>) {
    let (mut reader, mut writer) = (BufReader::new(stream.try_clone().unwrap()), stream);
    loop {
        let (mut first, mut length) = (String::new(), 0);
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).unwrap();
            let Some((name, value)) = header.trim().split_once(": ") else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let path = first.split(' ').nth(1).unwrap().to_owned();
        writer
            .write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n",
            )
            .unwrap();
        if sender.send((path, body)).is_err() {
            return;
        }
    }
}

#[test]
fn a_collector_gets_the_spans_of_the_tour() {
    let (endpoint, received) = collector();
    let tour = Command::new(env!("CARGO_BIN_EXE_webshop"))
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        .env_remove("RUST_LOG")
        .output()
        .unwrap();
    assert!(tour.status.success(), "{tour:?}");
    let requests: Vec<(String, Vec<u8>)> = received.try_iter().collect();
    assert!(!requests.is_empty(), "nothing was sent: {tour:?}");
    assert!(requests.iter().all(|(path, _)| path == "/v1/traces"), "another path");
    // Texts stand in protobuf as they are.
    let sent: String = requests.iter().map(|(_, body)| String::from_utf8_lossy(body).into_owned()).collect();
    for name in [
        "GetItem webshop",
        "Query webshop",
        "UpdateItem webshop",
        "BatchWriteItem webshop",
        "CreateTableIfAbsent webshop",
        "db.system.name",
        "aws.dynamodb",
        "db.collection.name",
        "dynamap.outcome",
        "service.name",
    ] {
        assert!(sent.contains(name), "no {name}");
    }
    // What the SDK says of its requests is not sent.
    assert!(!sent.contains("aws_smithy"), "a span of the SDK");
}
