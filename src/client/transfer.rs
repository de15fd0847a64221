//! Uploads and downloads. Files are read and written by tokio's blocking threads.
//!
//! A blocking thread is used for one chunk at a time, and never while waiting for the network. So
//! enough threads are left for DNS lookups, whatever the number of transfers is.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::future::{select, Either};
use tokio::{
    runtime::Handle,
    sync::mpsc::{unbounded_channel, UnboundedReceiver},
    task::spawn_blocking,
};

use crate::{
    call::{Body, Call, ReadAs},
    error::{Error, Result, Transport as Kind},
    transport::{
        form::{FormBody, NoStreams},
        save::Download,
        Decoder, Payload, ReadCommand, Response, StreamedBody,
    },
};

/// The progress of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes of files that have been read, or bytes that have been written.
    pub done: u64,
    /// The total size in bytes; `None` if the server does not send it. The size of a compressed
    /// file is its compressed size.
    pub total: Option<u64>,
}

/// Runs `work` on a blocking thread.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Error::transport(
                Kind::Closed,
                "The download was stopped because the program ends",
            )),
        },
    }
}

/// The form of a call. It is opened once and used for all attempts.
pub(super) struct Upload {
    form: Arc<Mutex<FormBody>>,
    content_type: String,
    length: u64,
}

impl Upload {
    pub(super) async fn open(call: &Call) -> Result<Option<Self>> {
        let Body::Form { fields, files } = &call.body else { return Ok(None) };
        let (fields, files) = (fields.clone(), files.clone());
        let form = blocking(move || FormBody::open(&fields, &files, &mut NoStreams)).await?;
        let (content_type, length) = (form.content_type(), form.length());
        Ok(Some(Self { form: Arc::new(Mutex::new(form)), content_type, length }))
    }

    pub(super) fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The payload of one attempt, and the channel on which it requests chunks.
    pub(super) fn payload(&self) -> (Payload, UnboundedReceiver<ReadCommand>) {
        let (sender, commands) = unbounded_channel();
        // The receiver is dropped when the attempt has ended.
        let body = StreamedBody::new(self.length, move |command| drop(sender.send(command)));
        (Payload::Streamed(body), commands)
    }

    /// Waits for the answer and reads the form in the meantime.
    pub(super) async fn send<T>(
        &self,
        commands: UnboundedReceiver<ReadCommand>,
        progress: &mut (dyn FnMut(Progress) + Send),
        answer: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        let answer = std::pin::pin!(answer);
        let reading = std::pin::pin!(self.answer_commands(commands, progress));
        match select(answer, reading).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right((Ok(()), answer)) => answer.await,
            Either::Right((Err(error), _)) => Err(error),
        }
    }

    async fn answer_commands(
        &self,
        mut commands: UnboundedReceiver<ReadCommand>,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<()> {
        while let Some(command) = commands.recv().await {
            match command {
                ReadCommand::Rewind => self.with_form(|form| form.rewind(&mut NoStreams)).await?,
                ReadCommand::NextChunk(chunk) => {
                    let read = |form: &mut FormBody| {
                        let next = form.next(&mut NoStreams)?;
                        Ok((next, form.files_read(), form.files_length()))
                    };
                    let (next, done, total) = self.with_form(read).await?;
                    if let Some(bytes) = next {
                        progress(Progress { done, total: Some(total) });
                        // The receiver is dropped if the request was given up.
                        drop(chunk.send(bytes));
                    }
                }
            }
        }
        Ok(())
    }

    async fn with_form<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut FormBody) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let form = self.form.clone();
        blocking(move || work(&mut form.lock().unwrap_or_else(PoisonError::into_inner))).await
    }
}

/// The target of a download that is not complete.
pub(super) struct DownloadTarget(Option<Download>);

impl DownloadTarget {
    /// Prepares the target of a call, if it has one.
    pub(super) async fn begin(call: &Call) -> Result<Option<Self>> {
        let Some(target) = call.target.clone().filter(|_| call.reading == ReadAs::Response) else {
            return Ok(None);
        };
        let download = blocking(move || Download::begin(&target.0)).await?;
        Ok(Some(Self(Some(download))))
    }

    /// Runs `work` with the download on a blocking thread.
    async fn with<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Download) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let Some(mut download) = self.0.take() else { return Err(ended_error()) };
        let work = move || {
            let outcome = work(&mut download)?;
            Ok((outcome, download))
        };
        let (outcome, download) = blocking(work).await?;
        self.0 = Some(download);
        Ok(outcome)
    }

    /// Completes the download.
    async fn finish(mut self) -> Result<()> {
        let Some(download) = self.0.take() else { return Err(ended_error()) };
        blocking(move || download.finish()).await
    }

    /// Writes the body of an answer as it arrives.
    pub(super) async fn save(
        mut self,
        response: &mut Response,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<()> {
        let total =
            response.head.header("content-length").and_then(|text| text.trim().parse().ok());
        let decoder = Arc::new(Mutex::new(response.decoder()));
        let mut done = 0;
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => return Err(self.failed(error)),
            };
            done += self.unpack(&decoder, Some(chunk)).await?;
            progress(Progress { done, total });
        }
        let rest = self.unpack(&decoder, None).await?;
        if rest > 0 {
            progress(Progress { done: done + rest, total });
        }
        self.finish().await
    }

    /// The error of a body that did not arrive completely.
    fn failed(&self, error: Error) -> Error {
        match &self.0 {
            Some(download) if !download.is_untouched() => error.after_write(),
            _ => error,
        }
    }

    /// Decompresses and writes a chunk, or at the end the bytes that the decoder still holds.
    /// Returns the number of bytes written.
    async fn unpack(&mut self, decoder: &Arc<Mutex<Decoder>>, chunk: Option<Bytes>) -> Result<u64> {
        let decoder = decoder.clone();
        self.with(move |download| {
            let mut decoder = decoder.lock().unwrap_or_else(PoisonError::into_inner);
            let mut written = 0;
            let mut write = |bytes: &[u8]| {
                written += bytes.len() as u64;
                download.write(bytes)
            };
            match chunk {
                Some(chunk) => decoder.push(&chunk, &mut write)?,
                None => decoder.finish(&mut write)?,
            }
            Ok(written)
        })
        .await
    }

    /// Writes a body that is in memory.
    pub(super) async fn write_whole(mut self, body: Bytes) -> Result<()> {
        self.with(move |download| download.write(&body)).await?;
        self.finish().await
    }
}

impl Drop for DownloadTarget {
    /// Removes an incomplete file on a blocking thread.
    fn drop(&mut self) {
        if let (Some(download), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn_blocking(move || drop(download));
        }
    }
}

/// The error for a download that has already failed.
fn ended_error() -> Error {
    Error::transport(Kind::Closed, "the download has ended")
}
