//! Prints the events of a server, until Ctrl-C.
//!
//! ```sh
//! export KITSU_HOST=https://kitsu.mystudio.com/api KITSU_LOGIN=... KITSU_PASSWORD=...
//! cargo run --no-default-features --example listen -- asset:new task:status-changed
//! ```
//!
//! Without names, all events are printed. A line is the name and the data, as JSON.
#![allow(clippy::print_stdout, reason = "it is a command-line program")]

use std::{env, error::Error};

use futures_util::StreamExt as _;
use gazu::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let names: Vec<String> = env::args().skip(1).collect();
    let client = Client::new(env::var("KITSU_HOST")?);
    client.log_in(env::var("KITSU_LOGIN")?, env::var("KITSU_PASSWORD")?).await?;
    let mut builder = client.events();
    if let Ok(host) = env::var("KITSU_EVENT_HOST") {
        builder = builder.host(host);
    }
    let mut events = builder.connect().await?;
    println!("listening");
    while let Some(event) = events.next().await {
        let event = event?;
        if names.is_empty() || names.contains(&event.name) {
            println!("{} {}", event.name, event.data);
        }
    }
    Ok(())
}
