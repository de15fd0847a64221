//! Tests of the client with a server in the same process.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::{json, Value};

use super::{Client, ClientBuilder, Credentials, Tokens};
use crate::{
    args::{FilePath, Model},
    call::{create, delete, download, fetch_all, get, post, upload, Call},
    error::{Error, InvalidArgument, Rejection, Transport as Kind},
    path,
};

mod events;

/// A request as the server received it.
#[derive(Clone, Debug)]
struct Received {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Received {
    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn token(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    /// Reads a request. Returns `None` if the connection ends before.
    fn read(stream: &mut BufReader<TcpStream>) -> Option<Self> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let mut first = lines[0].split(' ');
        let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
        let pairs = lines[1..].iter().filter_map(|line| line.split_once(": "));
        let headers = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut received = Self { method, path, headers, body: Vec::new() };
        let length = received.header("content-length").unwrap_or("0").parse().ok()?;
        received.body.resize(length, 0);
        stream.read_exact(&mut received.body).ok()?;
        Some(received)
    }
}

/// What the server does with a request.
enum Behavior {
    /// Answers with a status and a body.
    Answer(u16, Vec<u8>),
    /// Closes the connection after this part of a body.
    Truncate(Vec<u8>),
    /// Closes the connection without an answer.
    Close,
    /// Sends nothing for this long.
    Hang(Duration),
}

fn answers(status: u16, body: &Value) -> Behavior {
    Behavior::Answer(status, body.to_string().into())
}

fn expired() -> Behavior {
    answers(422, &json!({"message": "Signature has expired"}))
}

/// A server with a handler. It records the requests.
struct Server {
    host: String,
    received: Arc<Mutex<Vec<Received>>>,
    /// The number of open connections.
    open: Arc<Mutex<usize>>,
}

impl Server {
    /// `behavior` receives each request and its number, beginning with 1.
    fn start(behavior: impl Fn(usize, &Received) -> Behavior + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = format!("http://{}/api", listener.local_addr().unwrap());
        let (received, open) =
            (Arc::<Mutex<Vec<Received>>>::default(), Arc::<Mutex<usize>>::default());
        let server = Self { host, received: received.clone(), open: open.clone() };
        let behavior = Arc::new(behavior);
        // The thread ends with the test process.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (behavior, received, open) = (behavior.clone(), received.clone(), open.clone());
                thread::spawn(move || {
                    *open.lock().unwrap() += 1;
                    serve(stream.unwrap(), &received, &*behavior);
                    *open.lock().unwrap() -= 1;
                });
            }
        });
        server
    }

    fn client(&self) -> ClientBuilder {
        Client::builder(&self.host).trust_environment(false)
    }

    fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    fn paths(&self) -> Vec<String> {
        self.received().into_iter().map(|received| received.path).collect()
    }
}

fn serve(
    stream: TcpStream,
    all: &Mutex<Vec<Received>>,
    behavior: &(impl Fn(usize, &Received) -> Behavior + ?Sized),
) {
    let mut stream = BufReader::new(stream);
    while let Some(received) = Received::read(&mut stream) {
        let number = {
            let mut all = all.lock().unwrap();
            all.push(received.clone());
            all.len()
        };
        let to = stream.get_mut();
        let sent = match behavior(number, &received) {
            Behavior::Answer(status, body) => to
                .write_all(
                    format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n", body.len())
                        .as_bytes(),
                )
                .and_then(|()| to.write_all(&body)),
            Behavior::Truncate(body) => {
                let head = format!("HTTP/1.1 200 X\r\nContent-Length: {}\r\n\r\n", body.len() + 9);
                drop(to.write_all(head.as_bytes()).and_then(|()| to.write_all(&body)));
                return;
            }
            Behavior::Close => return,
            Behavior::Hang(time) => {
                to.set_read_timeout(Some(time)).unwrap();
                // Wait until the client closes the connection.
                drop(to.read(&mut [0]));
                return;
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

fn logged_in(access: &str) -> Tokens {
    Tokens { access: Some(access.into()), refresh: Some("renewing".into()) }
}

/// A server for which the token `old` has expired. A refresh is answered by `renewal`.
fn renewing(renewal: impl Fn() -> Behavior + Send + Sync + 'static) -> Server {
    Server::start(move |_, received| match (received.path.as_str(), received.token()) {
        ("/api/auth/refresh-token", _) => renewal(),
        (_, Some("new")) => answers(200, &json!([])),
        _ => expired(),
    })
}

#[tokio::test]
async fn further_calls_use_the_tokens_of_a_login() {
    let server = Server::start(|_, received| match received.path.as_str() {
        "/api/auth/login" => answers(
            200,
            &json!({"access_token": "a", "refresh_token": "r", "login": true, "user": {"id": "1"}}),
        ),
        "/api/auth/logout" => answers(200, &json!({"logout": true})),
        _ => answers(200, &json!({"id": "2"})),
    });
    let client = server.client().build();
    let reply = client.log_in("user@example.com", "s3cret").await.unwrap();
    assert_eq!(
        reply,
        json!({"login": true, "user": {"id": "1"}}),
        "the answer is returned without the tokens"
    );
    let tokens = Tokens { access: Some("a".into()), refresh: Some("r".into()) };
    assert_eq!(client.tokens(), tokens);
    // A clone shares the tokens.
    let user: Value = client.clone().fetch(&get("data/user")).await.unwrap();
    assert_eq!(user["id"], "2");
    client.log_out().await.unwrap();
    assert_eq!(client.tokens(), Tokens::default());

    let received = server.received();
    assert_eq!(
        String::from_utf8_lossy(&received[0].body),
        r#"{"email": "user@example.com", "password": "s3cret", "totp": null, "email_otp": null, "fido_authentication_response": null, "recovery_code": null}"#
    );
    let sent: Vec<_> = received.iter().map(|one| (one.method.as_str(), one.token())).collect();
    assert_eq!(sent, [("POST", None), ("GET", Some("a")), ("GET", Some("a"))]);
    assert_eq!(received[1].header("user-agent"), Some(crate::execution::USER_AGENT));
}

#[tokio::test]
async fn a_rejected_login_is_an_error_with_the_servers_message() {
    for (status, body) in [
        (401, json!({"message": "Wrong credentials"})),
        (400, json!({"message": "Wrong credentials", "login": false})),
        (200, json!({"message": "Wrong credentials", "login": false, "access_token": "a"})),
        (200, json!({"message": "Wrong credentials"})),
    ] {
        let server = Server::start(move |_, _| answers(status, &body));
        let client = server.client().build();
        let error = client.log_in("user@example.com", "s3cret").await.unwrap_err();
        assert_eq!((error.rejection(), error.status()), (Some(Rejection::Login), Some(status)));
        assert_eq!(error.server_message().as_deref(), Some("Wrong credentials"));
        assert!(!format!("{error} {error:?}").contains("s3cret"));
        assert_eq!(client.tokens(), Tokens::default());
    }
    let server = Server::start(|_, _| answers(500, &json!({})));
    let error = server.client().build().log_in("user", "s3cret").await.unwrap_err();
    assert_eq!(
        error.rejection(),
        Some(Rejection::ServerError),
        "a server error is not a rejected login"
    );
}

#[test]
fn debug_text_has_no_secrets() {
    let client = Client::new("https://user:s3cret@kitsu.example.com/api");
    client.set_tokens(logged_in("s3cret"));
    let credentials = Credentials::new("user", "s3cret").totp("s3cret").recovery_code("s3cret");
    let shown = format!("{client:?} {:?} {credentials:?}", client.tokens());
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(shown.contains("kitsu.example.com") && shown.contains("access"), "{shown}");
}

#[tokio::test]
async fn a_token_is_renewed_once_for_all_waiting_calls() {
    let server = renewing(|| {
        thread::sleep(Duration::from_millis(100));
        answers(200, &json!({"access_token": "new"}))
    });
    let client = server.client().tokens(logged_in("old")).build();
    let calls = (0..8).map(|number| {
        let client = client.clone();
        tokio::spawn(async move { client.fetch::<Value>(&get(format!("data/{number}"))).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().unwrap(), json!([]));
    }
    let renewals: Vec<_> =
        server.received().into_iter().filter(|one| one.path.ends_with("refresh-token")).collect();
    assert_eq!(renewals.len(), 1);
    assert_eq!(renewals[0].token(), Some("renewing"));
    assert_eq!(client.tokens(), logged_in("new"), "the refresh token is kept");
}

#[tokio::test]
async fn waiting_calls_share_the_failure_of_a_renewal() {
    let server = renewing(|| {
        thread::sleep(Duration::from_millis(200));
        answers(401, &json!({"message": "revoked"}))
    });
    let client = server.client().tokens(logged_in("old")).build();
    let calls: Vec<_> = (0..4)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.run(&get("data/x")).await.map(drop) })
        })
        .collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.rejection(), Some(Rejection::NotAuthenticated));
        assert_eq!(error.server_message().as_deref(), Some("revoked"));
    }
    let renewals = || server.paths().iter().filter(|path| path.ends_with("refresh-token")).count();
    assert_eq!(renewals(), 1);
    // The next call tries to renew it again.
    assert!(client.run(&get("data/x")).await.is_err());
    assert_eq!(renewals(), 2);
}

#[tokio::test]
async fn nothing_is_renewed_without_a_refresh_token() {
    let server = renewing(|| answers(200, &json!({"access_token": "new"})));
    let client = server.client().build();
    let error = client.run(&get("data/x")).await.unwrap_err();
    assert_eq!(error.rejection(), Some(Rejection::NotAuthenticated));
    assert_eq!(server.paths(), ["/api/data/x"]);
}

#[tokio::test]
async fn only_reads_are_retried() {
    let server = Server::start(|number, _| match number {
        2 => answers(503, &json!({})),
        3 => answers(200, &json!([1])),
        _ => Behavior::Close,
    });
    let client = server.client().build();
    let read: Value = client.fetch(&fetch_all("x")).await.unwrap();
    assert_eq!(read, json!([1]));
    assert_eq!(server.paths().len(), 3);
    for write in [post("data/x"), create("x"), delete("data/x")] {
        let before = server.paths().len();
        let error = client.run(&write).await.unwrap_err();
        assert!(matches!(error, Error::Transport { kind: Kind::Lost, .. }), "{error:?}");
        assert_eq!(server.paths().len(), before + 1, "{write}");
    }
}

#[tokio::test]
async fn a_deadline_covers_the_renewal() {
    let server = renewing(|| Behavior::Hang(Duration::from_secs(20)));
    let deadline = Duration::from_millis(300);
    let client = server.client().tokens(logged_in("old")).deadline(deadline).build();
    let started = Instant::now();
    let error = client.run(&get("data/x")).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(server.paths(), ["/api/data/x", "/api/auth/refresh-token"]);
}

#[tokio::test]
async fn a_deadline_covers_the_retries() {
    let server = Server::start(|_, _| answers(503, &json!({"message": "restarting"})));
    let deadline = Duration::from_millis(100);
    let client = server.client().deadline(deadline).retries(1000).build();
    let started = Instant::now();
    let error = client.fetch::<Value>(&get("data/x")).await.unwrap_err();
    assert_eq!(error.server_message().as_deref(), Some("restarting"));
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_call_with_an_invalid_argument_is_not_sent() {
    let server = Server::start(|_, _| answers(200, &json!([])));
    let client = server.client().build();
    let task = json!({"name": "no id"});
    let call = fetch_all(path!["tasks", Model::from(&task), "comments"]);
    let error = client.run(&call).await.unwrap_err();
    assert!(matches!(error, Error::Argument(InvalidArgument::MissingKey(_))), "{error:?}");
    assert_eq!(server.paths().len(), 0);
}

/// A file that is larger than what is read in advance.
fn large_file(folder: &Path) -> (FilePath, Vec<u8>) {
    let path = folder.join("shot.mov");
    let content: Vec<u8> = (0..3_000_000_u32).map(|number| number.to_le_bytes()[1]).collect();
    fs::write(&path, &content).unwrap();
    (path.into(), content)
}

#[tokio::test]
async fn an_upload_is_streamed_and_sent_again_after_a_renewal() {
    let folder = tempfile::tempdir().unwrap();
    let (file, content) = large_file(folder.path());
    let server = Server::start(|_, received| match (received.path.as_str(), received.token()) {
        ("/api/auth/refresh-token", _) => answers(200, &json!({"access_token": "new"})),
        (_, Some("new")) => answers(201, &json!({"id": "1"})),
        _ => expired(),
    });
    let client = server.client().tokens(logged_in("old")).build();
    let mut seen = Vec::new();
    let call = upload("pictures/x").form_field("revision", "3").file("file", file);
    let report = |progress: super::Progress| seen.push((progress.done, progress.total));
    let reply: Value = client.run_with_progress(&call, report).await.unwrap().json().unwrap();
    assert_eq!(reply, json!({"id": "1"}));

    let whole = Some(content.len() as u64);
    assert_eq!(seen.last().unwrap(), &(content.len() as u64, whole));
    assert!(seen.len() > 10, "each chunk is reported: {}", seen.len());
    let received = server.received();
    for sent in [&received[0], &received[2]] {
        let kind = sent.header("content-type").unwrap();
        assert!(kind.starts_with("multipart/form-data; boundary="), "{kind}");
        assert!(sent.body.windows(content.len()).any(|part| part == content));
    }
}

#[tokio::test]
async fn an_upload_fails_if_its_file_cannot_be_read() {
    let server = Server::start(|_, _| answers(201, &json!({})));
    let client = server.client().build();
    let missing = upload("pictures/x").file("file", "/no/such/file".into());
    let error = client.run(&missing).await.unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error:?}");
    assert_eq!(server.paths().len(), 0, "nothing is sent");

    let folder = tempfile::tempdir().unwrap();
    let (file, _) = large_file(folder.path());
    let path = file.0.clone();
    let call = upload("pictures/x").file("file", file);
    let shorten = move |_| drop(fs::File::create(&path).unwrap());
    let error = client.run_with_progress(&call, shorten).await.unwrap_err();
    assert!(error.to_string().contains("became shorter"), "{error:?}");
}

#[tokio::test]
async fn an_upload_that_the_server_cannot_process_is_an_error() {
    let server = Server::start(|_, _| answers(200, &json!({"message": "Not a movie"})));
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = large_file(folder.path());
    let call = upload("pictures/x").file("file", file);
    let error = server.client().build().run(&call).await.unwrap_err();
    assert_eq!(error.server_message().as_deref(), Some("Not a movie"));
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn download_to(folder: &Path) -> Call {
    download("pictures/x", Some(folder.join("still.png").into()))
}

#[tokio::test]
async fn a_target_is_complete_or_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let content: Vec<u8> = (0..2_000_000_u32).map(|number| number.to_le_bytes()[1]).collect();
    let whole = content.clone();
    let server = Server::start(move |number, _| match number {
        2 => Behavior::Answer(200, whole.clone()),
        _ => Behavior::Truncate(whole[..1_000_000].to_vec()),
    });
    let client = server.client().build();
    let mut last = None;
    let call = download_to(folder.path());
    let reply = client.run_with_progress(&call, |progress| last = Some(progress)).await.unwrap();
    assert_eq!(reply.into_bytes().unwrap().len(), 0, "the body is at the target");
    assert_eq!(fs::read(folder.path().join("still.png")).unwrap(), content);
    assert_eq!(last.map(|last| (last.done, last.total)), Some((2_000_000, Some(2_000_000))));
    assert_eq!(server.paths().len(), 2, "a truncated download is retried");

    fs::write(folder.path().join("still.png"), "before").unwrap();
    let error = server.client().retries(0).build().run(&call).await.unwrap_err();
    assert!(matches!(error, Error::Transport { kind: Kind::Truncated, .. }), "{error:?}");
    assert_eq!(fs::read(folder.path().join("still.png")).unwrap(), b"before");
    wait_until(|| names(folder.path()) == ["still.png"]).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_gets_each_byte_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("still.png");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let part = vec![7; 300_000];
    let answer = part.clone();
    let server = Server::start(move |number, _| match number {
        1 => Behavior::Close,
        _ => Behavior::Truncate(answer.clone()),
    });
    let reader = thread::spawn(move || fs::read(pipe).unwrap());
    let call = download_to(folder.path());
    let error = server.client().retries(9).build().run(&call).await.unwrap_err();
    let is_after_write = matches!(error, Error::Transport { kind: Kind::TruncatedAfterWrite, .. });
    assert!(is_after_write, "{error:?}");
    assert_eq!(server.paths().len(), 2, "only a request without an answer is retried");
    let written = reader.join().unwrap();
    assert!(!written.is_empty());
    assert!(part.starts_with(&written));
}

#[tokio::test]
async fn a_download_without_a_target_is_kept_in_memory() {
    let server = Server::start(|_, _| Behavior::Answer(200, b"picture".to_vec()));
    let reply = server.client().build().run(&download("pictures/x", None)).await.unwrap();
    assert_eq!(reply.into_bytes().unwrap(), "picture");
}

#[tokio::test]
async fn a_preview_that_is_processed_for_too_long_is_an_error() {
    let server = Server::start(|_, _| Behavior::Answer(202, Vec::new()));
    let client = server.client().processing_timeout(Duration::ZERO).build();
    let folder = tempfile::tempdir().unwrap();
    let error = client.run(&download_to(folder.path())).await.unwrap_err();
    assert!(matches!(error, Error::Processing { .. }), "{error:?}");
    assert_eq!(error.status(), Some(202));
    wait_until(|| names(folder.path()).is_empty()).await;
}

#[tokio::test]
async fn a_rejected_download_leaves_the_target_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_, _| answers(404, &json!({"message": "no such preview"})));
    let client = server.client().build();
    let error = client.run(&download_to(folder.path())).await.unwrap_err();
    assert_eq!(error.rejection(), Some(Rejection::RouteNotFound));
    wait_until(|| names(folder.path()).is_empty()).await;
    let missing = client.run(&download_to(&folder.path().join("no"))).await.unwrap_err();
    assert!(matches!(missing, Error::Io { .. }), "{missing:?}");
    assert_eq!(server.paths().len(), 1, "nothing is sent if the target is invalid");
}

/// Waits for a result of other threads.
async fn wait_until(holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(20), "timed out");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_call_stops_when_its_future_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_, _| Behavior::Hang(Duration::from_secs(60)));
    let client = server.client().build();
    for call in [get("data/x"), download_to(folder.path())] {
        let expected = server.paths().len() + 1;
        let running = client.clone();
        let task = tokio::spawn(async move { running.run(&call).await.map(drop) });
        wait_until(|| server.paths().len() == expected).await;
        task.abort();
        wait_until(|| *server.open.lock().unwrap() == 0).await;
        wait_until(|| names(folder.path()).is_empty()).await;
    }
    // A cancelled renewal does not block other calls.
    let server = renewing(|| Behavior::Hang(Duration::from_secs(60)));
    let client = server.client().tokens(logged_in("old")).build();
    let running = client.clone();
    let task = tokio::spawn(async move { running.run(&get("data/x")).await.map(drop) });
    wait_until(|| server.paths().len() == 2).await;
    task.abort();
    client.set_tokens(logged_in("new"));
    client.run(&get("data/x")).await.unwrap();
}

#[tokio::test]
async fn an_answer_is_deserialized_as_the_requested_type() {
    #[derive(serde::Deserialize)]
    struct Shot {
        name: String,
    }

    let server = Server::start(|_, received| match received.method.as_str() {
        "DELETE" => Behavior::Answer(204, Vec::new()),
        _ => answers(200, &json!([{"name": "b"}, {"name": "A"}])),
    });
    let client = server.client().build();
    let shots: Vec<Shot> = client.fetch(&fetch_all("shots")).await.unwrap();
    assert_eq!(shots.iter().map(|shot| &*shot.name).collect::<String>(), "bA");
    let shots: Vec<Shot> = client.fetch(&fetch_all("shots").sorted_by_name()).await.unwrap();
    assert_eq!(shots.iter().map(|shot| &*shot.name).collect::<String>(), "Ab");
    assert_eq!(client.fetch::<String>(&delete("data/x")).await.unwrap(), "");
    let error = client.fetch::<String>(&fetch_all("shots")).await.unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
}

#[test]
fn futures_of_calls_are_send() {
    fn is_send<T: Send>(_: T) {}

    let client = Client::new("http://127.0.0.1:1");
    let call = get("data/x");
    is_send(client.run(&call));
    is_send(client.run_with_progress(&call, |_| {}));
    is_send(client.fetch::<Value>(&call));
    is_send(client.log_in("user", "password"));
}
