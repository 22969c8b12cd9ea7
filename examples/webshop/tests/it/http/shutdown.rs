//! The end of the server: what is under way is answered, and nothing is waited for without end.

use std::time::Duration;

use dynamap_local::faults::{Fault, When};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use webshop::http::{Limits, Stopped};

use super::service::{Service, credentials, soon, until};

#[tokio::test]
async fn a_request_under_way_is_answered_and_then_it_ends() {
    let service = Service::start().await;
    let address = service.address;
    let mut idle = service.client().await;
    idle.get("/info").await;

    let body = credentials("ada@example.com", "umbrella").to_string();
    let (first, rest) = body.split_at(5);
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /login HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The handler waits for the body.
    let mut told = [0; 25];
    soon(stream.read_exact(&mut told)).await.unwrap();
    assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(first.as_bytes()).await.unwrap();

    let serving = service.stop();
    until(async || TcpStream::connect(address).await.is_err()).await;
    assert!(!serving.is_finished());
    stream.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("json-web-token"), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
    assert_eq!(soon(serving).await.unwrap(), Stopped::Drained);
    assert!(idle.client.get("/info").await.is_err());
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_cut() {
    let service = Service::with(Limits { stop_time: Duration::from_millis(1), ..Limits::default() }).await;
    service.faults.add(When::operation("GetItem").always(), Fault::HangBefore);
    let mut client = service.client().await;
    let asking =
        tokio::spawn(async move { client.client.post("/login", &credentials("a@b.c", "guess")).await });
    until(async || !service.faults.log().is_empty()).await;
    assert_eq!(soon(service.stop()).await.unwrap(), Stopped::Cut);
    assert!(asking.await.unwrap().is_err());
}
