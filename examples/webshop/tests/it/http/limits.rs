//! The limits of bodies, headers, connections and times.

use std::time::Duration;

use axum::{body::Body, http::Request};
use dynamap_local::faults::{Fault, When};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use webshop::http::Limits;

use super::service::{Service, assert_refused, credentials, soon, until};

/// What the server answers to these bytes until it closes the connection.
async fn raw(service: &Service, request: impl AsRef<[u8]>) -> String {
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    // The server may answer and close before it has all.
    let _ = stream.write_all(request.as_ref()).await;
    let mut answer = Vec::new();
    let _ = soon(stream.read_to_end(&mut answer)).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let limit = 1000;
    let service = Service::with(Limits { body_bytes: limit, ..Limits::default() }).await;
    for path in ["/signin", "/login"] {
        for (bytes, status, code) in [(limit, 400, "malformed_json"), (limit + 1, 413, "body_too_large")] {
            let mut client = service.client().await;
            let refused = client.post_text(path, "x".repeat(bytes)).await;
            assert_refused(&refused, status, code);
        }
        // Without a length beforehand.
        let chunked = format!(
            "POST {path} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n",
            limit + 1,
            "x".repeat(limit + 1)
        );
        let answer = raw(&service, chunked).await;
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("body_too_large"), "{answer}");
    }
}

#[tokio::test]
async fn headers_have_a_limit() {
    let limits = Limits { headers: 10, header_bytes: 2000, ..Limits::default() };
    let service = Service::with(limits).await;
    // `host` is the tenth.
    for (count, status) in [(9, 200), (10, 431), (15, 431)] {
        let mut request = Request::get("/info");
        for number in 0..count {
            request = request.header(format!("x-{number}"), "x");
        }
        let reply = service.client().await.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, status, "{count} headers");
        if status == 431 {
            assert_refused(&reply, 431, "headers_too_large");
        }
    }
    let mut client = service.client().await;
    let rest = "/info".len() + "x-large".len() + "host".len() + service.address.to_string().len();
    for (bytes, status) in [(2000 - rest, 200), (2001 - rest, 431), (3000, 431)] {
        let request = Request::get("/info").header("x-large", "x".repeat(bytes)).body(Body::empty()).unwrap();
        assert_eq!(client.send(request).await.status, status, "{bytes} bytes");
    }
    let target = format!("/info?{}", "x".repeat(2000));
    assert_refused(&client.get(&target).await, 431, "headers_too_large");
    // Far beyond, nothing is read to the end.
    let headers: String = (0..1000).map(|number| format!("x-{number}: x\r\n")).collect();
    let answer = raw(&service, format!("GET /info HTTP/1.1\r\n{headers}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let answer = raw(&service, format!("GET /info HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(100_000))).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
    assert_eq!(service.client().await.get("/info").await.status, 200);
}

#[tokio::test]
async fn a_body_and_headers_that_do_not_arrive_are_not_waited_for() {
    let time = Duration::from_millis(1);
    let service = Service::with(Limits { body_time: time, ..Limits::default() }).await;
    let answer = raw(&service, "POST /login HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{").await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("body_timed_out"), "{answer}");

    let service = Service::with(Limits { header_time: time, ..Limits::default() }).await;
    for nothing in ["", "GET /info HTTP/1.1\r\nhost: "] {
        let answer = raw(&service, nothing).await;
        assert!(!answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    // A connection between two requests is not kept for ever either, and a client opens another.
    let answer = raw(&service, "GET /info HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let mut client = service.client().await;
    client.get("/info").await;
    until(async || client.client.is_closed()).await;
    assert_eq!(client.get("/info").await.status, 200);
}

#[tokio::test]
async fn a_request_that_takes_too_long_ends() {
    let service = Service::with(Limits { request_time: Duration::from_millis(1), ..Limits::default() }).await;
    service.faults.add(When::operation("GetItem").always(), Fault::HangBefore);
    let mut client = service.client().await;
    let refused = client.post("/login", &credentials("ada@example.com", "umbrella")).await;
    assert_refused(&refused, 503, "timed_out");
}

#[tokio::test]
async fn there_are_no_more_connections_than_the_limit() {
    let service = Service::with(Limits { connections: 1, ..Limits::default() }).await;
    let mut first = service.client().await;
    first.get("/info").await;
    let mut second = service.client().await;
    let second = tokio::spawn(async move { second.get("/info").await });
    for _ in 0..20 {
        first.get("/info").await;
    }
    assert!(!second.is_finished());
    drop(first);
    assert_eq!(soon(second).await.unwrap().status, 200);
}
