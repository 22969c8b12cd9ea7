//! The function as Lambda runs it: the program `bootstrap`, with the interface of the runtime.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, SystemTime},
};

use dynamap_local::Local;
use serde_json::{Value, json};
use stream_processor::{TableNames, create_tables, poison_records, sales};
use webshop::model::ProductId;

use crate::events::event;

/// The interface of the runtime, from which the program takes its events.
struct RuntimeInterface {
    address: String,
    responses: mpsc::Receiver<(String, Value)>,
}

impl RuntimeInterface {
    fn serve(events: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, responses) = mpsc::channel();
        let events = Arc::new(Mutex::new(events.into_iter()));
        thread::spawn(move || {
            for connection in listener.incoming() {
                let (sender, events) = (sender.clone(), events.clone());
                thread::spawn(move || answer(&connection.unwrap(), &sender, &events));
            }
        });
        Self { address, responses }
    }

    /// The next response, or error, of the program.
    fn response(&self) -> (String, Value) {
        self.responses.recv_timeout(Duration::from_secs(120)).unwrap()
    }
}

/// Answers the requests of one connection, one after another. Without an event left, it waits for ever.
fn answer(
    mut connection: &TcpStream,
    sender: &mpsc::Sender<(String, Value)>,
    events: &Mutex<std::vec::IntoIter<Vec<u8>>>,
) {
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    while let Some((path, body)) = request(&mut reader) {
        if !path.ends_with("/next") {
            let kind = path.rsplit('/').next().unwrap().to_owned();
            sender.send((kind, serde_json::from_slice(&body).unwrap())).unwrap();
            connection.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n").unwrap();
            continue;
        }
        let next = events.lock().unwrap().next();
        let Some(event) = next else { return thread::sleep(Duration::from_secs(3600)) };
        let deadline = SystemTime::now() + Duration::from_secs(60);
        let deadline = deadline.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             lambda-runtime-aws-request-id: r-1\r\nlambda-runtime-deadline-ms: {deadline}\r\n\
             lambda-runtime-invoked-function-arn: arn:aws:lambda:eu-central-1:123456789012:function:views\r\n\r\n",
            event.len()
        );
        connection.write_all(&[head.as_bytes(), &event].concat()).unwrap();
    }
}

/// The path and the body of a request; `None` at the end of the connection.
fn request(reader: &mut impl BufRead) -> Option<(String, Vec<u8>)> {
    let (mut path, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if path.is_none() {
            path = Some(line.split(' ').nth(1)?.to_owned());
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path?, body))
}

/// The program, killed at the end.
struct Function(Child);

impl Function {
    fn start(runtime: &RuntimeInterface, endpoint: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bootstrap"));
        command
            .env("AWS_LAMBDA_RUNTIME_API", &runtime.address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "views")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("VIEWS_TABLE", "views")
            .env("DYNAMODB_ENDPOINT", endpoint);
        Self(command.spawn().unwrap())
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_the_events_of_lambda() {
    let local = Local::memory().unwrap();
    let tables = TableNames::default().tables(&local.client());
    create_tables(&tables).await.unwrap();
    let server = local.serve("127.0.0.1:0").await.unwrap();
    let events = ["sale", "sale", "poison", "empty", "keys_only"].map(event);
    let events = [&events[..], &[br#"{"detail": "no stream"}"#.to_vec(), event("both_images")]].concat();
    let runtime = RuntimeInterface::serve(events);
    let function = Function::start(&runtime, &server.url().to_string());
    let done = ("response".to_owned(), json!({ "batchItemFailures": [] }));
    for _ in 0..4 {
        assert_eq!(runtime.response(), done);
    }
    // The stream has not both images: it is stopped at the first record.
    let first = json!({ "batchItemFailures": [{ "itemIdentifier": "442158450000000001745043909117" }] });
    assert_eq!(runtime.response(), ("response".to_owned(), first));
    let (kind, error) = runtime.response();
    assert_eq!((&*kind, &error["errorType"]), ("error", &json!("StreamHandlerError")));
    assert_eq!(runtime.response(), done);
    drop(function);

    let sales = sales(&tables.views, ProductId(10)).await.unwrap();
    assert_eq!((sales.sales, sales.sold), (1, 2));
    assert_eq!(poison_records(&tables.views).await.unwrap().len(), 1);
    server.shutdown().await.unwrap();
}
