//! Tests of the event stream.

use futures_util::StreamExt as _;

use super::super::{Event, Events};
use super::*;

const CONNECTED: &str = r#"40/events,{"sid":"x"}"#;
const REJECTED: &str = r#"44/events,{"message":"Access token expired."}"#;
/// The server waits before it answers.
const SILENT: &str = "silent";

/// A server whose event stream answers the polls of each connection with these bodies. After the last
/// one, the connection is lost. A further connection is rejected.
fn streaming(connections: &'static [&'static [&'static str]]) -> Server {
    let next = Mutex::new(vec![0; 99]);
    let opened = Mutex::new(0);
    Server::start(move |_, received| {
        let answer = |text: &str| Behavior::Answer(200, text.into());
        if received.path.starts_with("/api/auth/refresh-token") {
            return answers(200, &json!({"access_token": "new"}));
        }
        if received.method == "POST" {
            return answer("ok");
        }
        let Some((_, sid)) = received.path.split_once("&sid=") else {
            let mut opened = opened.lock().unwrap();
            *opened += 1;
            let sid = (*opened - 1).to_string();
            let shake =
                json!({"sid": sid, "upgrades": [], "pingInterval": 25000, "pingTimeout": 20000});
            return answer(&format!("0{shake}"));
        };
        let number: usize = sid.split('&').next().unwrap().parse().unwrap();
        let body = match connections.get(number) {
            None => REJECTED,
            Some(bodies) => {
                let mut next = next.lock().unwrap();
                next[number] += 1;
                let Some(body) = bodies.get(next[number] - 1) else {
                    return answers(400, &json!("Invalid session"));
                };
                body
            }
        };
        if body == SILENT {
            return Behavior::Hang(Duration::from_secs(30));
        }
        answer(body)
    })
}

async fn listen(client: &Client) -> crate::error::Result<Events> {
    client.events().backoff(Duration::from_millis(1), Duration::from_millis(1)).connect().await
}

/// The tokens with which connections were opened.
fn logins(server: &Server) -> Vec<String> {
    let received = server.received();
    let first = received.iter().filter(|one| one.path.starts_with("/socket.io/"));
    let first = first.filter(|one| one.method == "GET" && !one.path.contains("&sid="));
    first.map(|one| one.token().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn events_arrive_in_order_across_lost_connections() {
    let server = streaming(&[
        &[
            CONNECTED,
            "42/events,[\"asset:new\",{\"asset_id\":\"1\"}]\u{1e}42[\"other\",{}]\u{1e}7\u{1e}",
        ],
        &[CONNECTED, "42/events,[\"one\"]\u{1e}42/events,{}\u{1e}42/events,[1]\u{1e}4?"],
        &[CONNECTED, "2", r#"42/events,["two",1,[2]]"#, "41/events"],
        &["40/events,{}\u{1e}42/events,[\"three\",null]", SILENT],
    ]);
    let client = server.client().tokens(logged_in("old")).build();
    let mut events = listen(&client).await.unwrap();
    let mut arrived = Vec::new();
    for _ in 0..3 {
        let Event { name, data } = events.next().await.unwrap().unwrap();
        arrived.push((name, data));
    }
    let named = |name: &str, data| (name.to_owned(), data);
    // The first connection ended with what is no packet. None of its packets counts.
    assert_eq!(
        arrived,
        [named("one", Value::Null), named("two", json!([1, [2]])), named("three", Value::Null),]
    );
    assert_eq!(logins(&server), ["old", "new", "new", "new"]);
    let bodies = |server: &Server| -> Vec<String> {
        let received = server.received().into_iter().filter(|one| one.method == "POST");
        received.map(|one| String::from_utf8(one.body).unwrap()).collect()
    };
    assert!(bodies(&server).contains(&"3".into()), "a ping is answered");
    let before = bodies(&server).len();
    drop(events);
    let limit = Instant::now() + Duration::from_secs(30);
    while bodies(&server).len() == before {
        assert!(Instant::now() < limit, "the connection was not closed");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(bodies(&server)[before], "1");
    assert_eq!(logins(&server).len(), 4);
}

#[tokio::test]
async fn a_rejected_login_is_renewed_once() {
    for (tokens, expected) in [
        (logged_in("old"), vec!["old", "new"]),
        (Tokens { access: Some("old".into()), refresh: None }, vec!["old"]),
        (Tokens::default(), vec![""]),
    ] {
        let server = streaming(&[]);
        let client = server.client().tokens(tokens).build();
        let error = listen(&client).await.unwrap_err();
        assert!(matches!(error, Error::Transport { kind: Kind::EventsRejected, .. }), "{error:?}");
        assert!(error.to_string().contains("Access token expired."), "{error}");
        assert_eq!(logins(&server), expected);
    }
    let server = streaming(&[&[REJECTED], &[CONNECTED, "42/events,[\"one\",7]", SILENT]]);
    let client = server.client().tokens(logged_in("old")).build();
    let event = listen(&client).await.unwrap().next().await.unwrap().unwrap();
    assert_eq!(event, Event { name: "one".into(), data: json!(7) });
}

#[tokio::test]
async fn the_stream_ends_when_the_login_is_rejected_again_and_again() {
    let server = streaming(&[&[CONNECTED, "42/events,[\"one\"]"]]);
    let client = server.client().tokens(logged_in("old")).build();
    let mut events = listen(&client).await.unwrap();
    assert!(events.next().await.unwrap().is_ok());
    let error = events.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Transport { kind: Kind::EventsRejected, .. }), "{error:?}");
    assert!(events.next().await.is_none());
    assert_eq!(logins(&server).len(), 6);
}

#[tokio::test]
async fn a_server_without_a_stream_is_an_error() {
    let server = Server::start(|_, _| answers(404, &json!({})));
    let error = listen(&server.client().build()).await.unwrap_err();
    assert!(matches!(error, Error::Transport { kind: Kind::Malformed, .. }), "{error:?}");
    let client = Client::new("kitsu.example.com/api");
    let error = client.events().connect().await.unwrap_err();
    assert!(matches!(error, Error::Transport { kind: Kind::MissingSchema, .. }), "{error:?}");
    let client = Client::new("http://user:s3cret@h/api");
    assert!(!format!("{:?}", client.events()).contains("s3cret"));
}
