//! The server of the benchmarks, and minimal clients that show its speed.
//!
//! ```text
//! server serve FOLDER CERTIFICATE KEY    serve on two free ports, and print them: http and https
//! server probe PORT get PATH N THREADS   N GETs on keep-alive connections
//! server probe PORT post PATH BYTES      one POST with a body of BYTES bytes
//! server hyper PORT PATH N               N sequential GETs with plain hyper
//! ```
//!
//! The answer to a GET is the file with this path in the folder, or `NAME.get` if `NAME` is a
//! folder, or `NAME.ndjson` for lines of JSON, which have a tag: a client that knows it gets status
//! 304. All files are kept in memory. `NAME.gz` is the answer for clients that accept gzip, `NAME.7` the answer to `NAME?page=7`, and `NAME.post` the answer to a POST. `/bytes/N` returns
//! N zero bytes. A route that starts with `/after/MS` is answered after MS milliseconds. Request
//! bodies are read and discarded. Each connection has a thread, which only copies to and from the
//! socket. A probe does no more than that, either. It prints the wall time and the CPU time in
//! seconds.

use std::{
    collections::HashMap,
    env,
    error::Error,
    fs, io,
    io::{BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use http_body_util::BodyExt as _;
use rustls::{
    pki_types::{pem::PemObject as _, CertificateDer, PrivateKeyDer},
    ServerConfig, ServerConnection, StreamOwned,
};

const BLOCK: usize = 1 << 20;
const TAG: &str = "ETag: \"1\"\r\n";

type Answers = HashMap<String, Vec<u8>>;

fn head(length: usize, kind: &str, more: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{more}Content-Length: {length}\r\n\r\n")
        .into_bytes()
}

fn load(folder: &Path, below: &str, answers: &mut Answers) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let route = format!("{below}/{name}");
        if path.is_dir() {
            load(&path, &route, answers)?;
            continue;
        }
        let body = fs::read(&path)?;
        let lines = name.ends_with(".ndjson");
        let more = match name.rsplit_once('.') {
            Some((_, "gz")) => "Content-Encoding: gzip\r\n",
            Some((_, "ndjson")) => TAG,
            _ => "",
        };
        let kind = if lines { "application/x-ndjson" } else { "application/json" };
        let mut answer = head(body.len(), kind, more);
        answer.extend(body);
        answers.insert(route, answer);
    }
    Ok(())
}

/// The head of a message.
#[derive(Default)]
struct Head {
    first: String,
    /// Whether it accepts gzip.
    gzip: bool,
    /// Whether it asks for what has changed only.
    conditional: bool,
    /// The length of the body.
    length: usize,
}

fn read_head(reader: &mut impl io::BufRead) -> io::Result<Option<Head>> {
    let mut head = Head::default();
    if reader.read_line(&mut head.first)? == 0 {
        return Ok(None);
    }
    let mut line = String::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            head.length = value.trim().parse().unwrap_or(0);
        } else if name.eq_ignore_ascii_case("accept-encoding") {
            head.gzip = value.contains("gzip");
        } else if name.eq_ignore_ascii_case("if-none-match") {
            head.conditional = true;
        }
    }
    Ok(Some(head))
}

fn discard(reader: &mut impl Read, mut left: usize, scratch: &mut [u8]) -> io::Result<()> {
    while left > 0 {
        let most = left.min(scratch.len());
        let read = reader.read(&mut scratch[..most])?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        left -= read;
    }
    Ok(())
}

/// The delay of the answer in milliseconds, and the route after it.
fn delay(route: &str) -> (u64, &str) {
    let Some(rest) = route.strip_prefix("/after/") else { return (0, route) };
    let (number, _) = rest.split_once('/').unwrap_or((rest, ""));
    (number.parse().unwrap_or(0), &rest[number.len()..])
}

fn page(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("page="))
}

fn serve(stream: impl Read + Write, answers: &Answers) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(1 << 16, stream);
    let mut block = vec![0; BLOCK];
    while let Some(Head { first, gzip, conditional, length }) = read_head(&mut reader)? {
        discard(&mut reader, length, &mut block)?;
        let out = reader.get_mut();
        if conditional {
            out.write_all(format!("HTTP/1.1 304 NOT MODIFIED\r\n{TAG}\r\n").as_bytes())?;
            continue;
        }
        let mut words = first.split(' ');
        let method = words.next().unwrap_or_default();
        let target = words.next().unwrap_or_default();
        let (route, query) = target.split_once('?').unwrap_or((target, ""));
        let (wait, route) = delay(route);
        if wait > 0 {
            thread::sleep(Duration::from_millis(wait));
        }
        if let Some(count) = route.rsplit_once("/bytes/").and_then(|(_, n)| n.parse().ok()) {
            out.write_all(&head(count, "application/octet-stream", ""))?;
            let mut left: usize = count;
            while left > 0 {
                let most = left.min(BLOCK);
                out.write_all(&block[..most])?;
                left -= most;
            }
            continue;
        }
        let below = |end: &str| answers.get(&format!("{route}.{end}"));
        let answer = match method {
            "GET" => page(query)
                .and_then(below)
                .or_else(|| gzip.then(|| below("gz")).flatten())
                .or_else(|| below("get"))
                .or_else(|| below("ndjson"))
                .or_else(|| answers.get(route)),
            _ => below("post"),
        };
        match answer {
            Some(answer) => out.write_all(answer)?,
            None => out.write_all(&[&head(2, "application/json", "")[..], b"{}"].concat())?,
        }
    }
    Ok(())
}

/// The settings of TLS, with a certificate and its key from PEM files.
fn tls(certificate: &str, key: &str) -> Result<ServerConfig, Box<dyn Error + Send + Sync>> {
    let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<_, _>>()?;
    let key = PrivateKeyDer::from_pem_file(key)?;
    Ok(ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?)
}

/// Passes each connection to a thread of its own.
fn listen(
    listener: TcpListener,
    handle: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static,
) {
    let handle = Arc::new(handle);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let handle = handle.clone();
            // A client that disconnects only ends its own connection.
            thread::spawn(move || stream.set_nodelay(true).and_then(|()| handle(stream)));
        }
    });
}

/// Sends a request and reads its complete answer.
fn exchange(
    stream: &TcpStream,
    reader: &mut impl io::BufRead,
    request: &[u8],
    body: usize,
    scratch: &mut [u8],
) -> io::Result<()> {
    let mut out = stream;
    out.write_all(request)?;
    let zeros = vec![0; BLOCK.min(body)];
    let mut left = body;
    while left > 0 {
        let most = left.min(BLOCK);
        out.write_all(&zeros[..most])?;
        left -= most;
    }
    let answer = read_head(reader)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    discard(reader, answer.length, scratch)
}

fn probe(port: &str, method: &str, path: &str, count: usize, threads: usize) -> io::Result<f64> {
    let body = if method == "post" { count } else { 0 };
    let rounds = if method == "post" { 1 } else { count / threads };
    let request = format!(
        "{} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nContent-Length: {body}\r\n\r\n",
        method.to_uppercase()
    );
    let streams = (0..threads)
        .map(|_| TcpStream::connect(format!("127.0.0.1:{port}")))
        .collect::<io::Result<Vec<_>>>()?;
    let start = Instant::now();
    let work: Vec<_> = streams
        .into_iter()
        .map(|stream| {
            let request = request.clone();
            thread::spawn(move || -> io::Result<()> {
                stream.set_nodelay(true)?;
                let mut reader = BufReader::with_capacity(1 << 16, &stream);
                let mut scratch = vec![0; BLOCK];
                for _ in 0..rounds {
                    exchange(&stream, &mut reader, request.as_bytes(), body, &mut scratch)?;
                }
                Ok(())
            })
        })
        .collect();
    for thread in work {
        thread.join().expect("a probe's thread ends")?;
    }
    Ok(start.elapsed().as_secs_f64())
}

/// Sends GETs with plain hyper, and waits like a blocking client.
fn hyper(port: &str, path: &str, count: usize) -> Result<f64, Box<dyn Error + Send + Sync>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let stream = tokio::net::TcpStream::connect(format!("127.0.0.1:{port}")).await?;
        stream.set_nodelay(true)?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(hyper_util::rt::TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let start = Instant::now();
        for _ in 0..count {
            let request = http::Request::get(path)
                .header("Host", "127.0.0.1")
                .body(http_body_util::Empty::<bytes::Bytes>::new())?;
            sender.send_request(request).await?.into_body().collect().await?;
        }
        let seconds = start.elapsed().as_secs_f64();
        connection.abort();
        Ok(seconds)
    })
}

/// The CPU time of this process in seconds.
fn cpu() -> f64 {
    let status = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = status.rsplit(')').next().unwrap_or_default();
    let field = |index: usize| {
        after_name.split_whitespace().nth(index).and_then(|text| text.parse().ok()).unwrap_or(0.0)
    };
    // User and system time, in ticks. Linux always has 100 ticks per second.
    (field(11) + field(12)) / 100.0
}

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve", folder, certificate, key] => {
            let mut answers = Answers::new();
            load(Path::new(folder), "", &mut answers)?;
            let answers = Arc::new(answers);
            let config = Arc::new(tls(certificate, key)?);
            let listeners = [TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?];
            for listener in &listeners {
                println!("{}", listener.local_addr()?.port());
            }
            let [plain, encrypted] = listeners;
            let shared = answers.clone();
            listen(plain, move |stream| serve(stream, &shared));
            listen(encrypted, move |stream| {
                let connection = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
                serve(StreamOwned::new(connection, stream), &answers)
            });
            // The parent process holds the other end of this pipe. It closes when the parent ends.
            io::stdin().read_to_end(&mut Vec::new())?;
        }
        ["probe", port, "get", path, count, threads] => {
            let seconds = probe(port, "get", path, count.parse()?, threads.parse()?)?;
            println!("{seconds} {}", cpu());
        }
        ["probe", port, "post", path, bytes] => {
            println!("{} {}", probe(port, "post", path, bytes.parse()?, 1)?, cpu());
        }
        ["hyper", port, path, count] => {
            println!("{} {}", hyper(port, path, count.parse()?)?, cpu());
        }
        _ => return Err("usage: see the first lines of server.rs".into()),
    }
    Ok(())
}
