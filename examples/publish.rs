//! Publishes a file on a task of an asset, for review.
//!
//! ```sh
//! export KITSU_HOST=https://kitsu.mystudio.com/api KITSU_LOGIN=... KITSU_PASSWORD=...
//! cargo run --no-default-features --example publish -- turntable.png Caminandes Lama Modeling
//! ```
//!
//! It comments on the task, sets its status to "wfa", uploads the file as the comment's preview,
//! makes it the picture of the asset, and downloads the preview's thumbnail into the working
//! folder, as `thumbnail.png`. `publish.py` does the same from Python.
#![allow(clippy::print_stdout, reason = "it is a command-line program")]

use std::{env, error::Error, path::Path};

use gazu::{
    api::{asset, files, project, task},
    args::{Flag, Json, Model},
    Call, Client, Rejection,
};
use serde::Deserialize;

/// The part of an entity that is needed here.
#[derive(Deserialize)]
struct Entity {
    id: String,
}

/// Finds an entity by name.
async fn find(client: &Client, call: &Call, what: &str) -> Result<Model, Box<dyn Error>> {
    let entity: Option<Entity> = client.fetch(call).await?;
    let entity = entity.ok_or_else(|| format!("there is no {what}"))?;
    Ok(Model::new(entity.id))
}

async fn publish(
    client: &Client,
    path: &str,
    [project_name, asset_name, step]: [&str; 3],
) -> Result<(), Box<dyn Error>> {
    let call = project::get_project_by_name(project_name.into());
    let project = find(client, &call, project_name).await?;
    let call = asset::get_asset_by_name(project, asset_name.into(), None);
    let asset = find(client, &call, asset_name).await?;
    let call = task::get_task_type_by_name(step.into(), None, None);
    let task_type = find(client, &call, step).await?;
    let call = task::get_task_by_entity(asset, task_type, "main".into());
    let task = find(client, &call, "task").await?;
    let call = task::get_task_status_by_short_name("wfa".into());
    let status = find(client, &call, "status wfa").await?;

    let text = Json::from("Ready for review.");
    let call = task::add_comment(task.clone(), status, text, None, None, None, None, false.into());
    let comment = find(client, &call, "comment").await?;
    let preview = find(client, &task::create_preview(task, comment, None), "preview").await?;
    println!("Commented on {project_name} / {asset_name} / {step}");

    let call = task::upload_preview_file(preview.clone(), path.into(), Flag(true), Flag(false));
    let mut sent = 0;
    client.run_with_progress(&call, |progress| sent = progress.done).await?;
    println!("Uploaded {path}: {sent} bytes");

    client.run(&task::set_main_preview(preview.clone(), None)).await?;
    let thumbnail = Path::new("thumbnail.png");
    let call = files::download_preview_file_thumbnail(preview, Some(thumbnail.into()));
    client.run(&call).await?;
    println!("Downloaded {}", thumbnail.display());
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [path, project, asset, step] = arguments.as_slice() else {
        return Err("usage: publish FILE PROJECT ASSET TASK_TYPE".into());
    };
    let client = Client::new(env::var("KITSU_HOST")?);
    let login = client.log_in(env::var("KITSU_LOGIN")?, env::var("KITSU_PASSWORD")?).await;
    let login = match login {
        Err(error) if error.rejection() == Some(Rejection::Login) => {
            return Err(format!("{} does not accept this login", client.host()).into());
        }
        login => login?,
    };
    println!("Logged in as {}", login["user"]["full_name"].as_str().unwrap_or_default());
    publish(&client, path, [project, asset, step]).await?;
    client.log_out().await?;
    Ok(())
}
