//! The end of the service: what is under way is answered, and nothing is waited for without end.

use std::time::Duration;

use session_store::{http::Stopped, service::Poker};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    sync::oneshot,
    time::{Instant, sleep},
};

use crate::{sockets::Server, world::World};

const BODY: &str = r#"["1","2"]"#;

/// A request of which the service has the first byte of the body, and waits for the rest.
async fn begin(server: &Server) -> DuplexStream {
    let mut connection = server.connect();
    let length = BODY.len();
    let head =
        format!("POST / HTTP/1.1\r\nHost: poker\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n");
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut told = [0; 25];
    connection.read_exact(&mut told).await.unwrap();
    assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");
    connection.write_all(&BODY.as_bytes()[..1]).await.unwrap();
    connection
}

#[tokio::test(start_paused = true)]
async fn a_request_under_way_has_ten_seconds_at_the_end() {
    for (rest_after, expected) in [
        (Duration::ZERO, Stopped::Drained),
        (Duration::from_millis(9_990), Stopped::Drained),
        (Duration::from_secs(3600), Stopped::Cut),
    ] {
        let world = World::new().await;
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { stopped.await.unwrap() };
        let (server, serving) = Server::until(stopped, Poker::new(world.table()));
        let mut connection = begin(&server).await;
        let idle = server.connect();
        // Without a signal nothing is cut.
        sleep(Duration::from_secs(60)).await;
        assert!(!serving.is_finished());

        stop.send(()).unwrap();
        let begun = Instant::now();
        let client = tokio::spawn(async move {
            sleep(rest_after).await;
            connection.write_all(&BODY.as_bytes()[1..]).await.unwrap();
            let mut response = String::new();
            connection.read_to_string(&mut response).await.unwrap();
            response
        });
        assert_eq!(serving.await.unwrap().unwrap(), expected, "{rest_after:?}");
        match expected {
            Stopped::Drained => assert!(client.await.unwrap().starts_with("HTTP/1.1 201 Created\r\n")),
            Stopped::Cut => assert_eq!(begun.elapsed().as_secs(), 10),
        }
        drop(idle);
    }
}
