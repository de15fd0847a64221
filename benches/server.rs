//! The benches' server, and the bare client that shows how fast it is.
//!
//! ```text
//! server serve FOLDER                    answers on a free port, which it prints
//! server probe PORT get PATH N THREADS   N GETs on kept connections
//! server probe PORT post PATH BYTES      one POST of so many bytes
//! ```
//!
//! A GET gives the file of that path in the folder, all of which are held in memory;
//! `NAME.gz` is what stands for `NAME` to those who accept gzip. `/bytes/N` gives N zero
//! bytes. A POST is read to its end and thrown away. There is one thread for each
//! connection, and no work besides copying to and from the socket. A probe does no more than
//! that either, and prints the seconds it took.

use std::{
    collections::HashMap,
    env, fs, io,
    io::{BufReader, Read, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::Arc,
    thread,
    time::Instant,
};

const BLOCK: usize = 1 << 20;

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
        let packed = if name.ends_with(".gz") { "Content-Encoding: gzip\r\n" } else { "" };
        let mut answer = head(body.len(), "application/json", packed);
        answer.extend(body);
        answers.insert(route, answer);
    }
    Ok(())
}

/// The first line of a message, whether gzip is accepted, and the body's length.
fn read_head(reader: &mut impl io::BufRead) -> io::Result<Option<(String, bool, usize)>> {
    let mut first = String::new();
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let (mut gzip, mut length) = (false, 0);
    let mut line = String::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        } else if name.eq_ignore_ascii_case("accept-encoding") {
            gzip = value.contains("gzip");
        }
    }
    Ok(Some((first, gzip, length)))
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

fn serve(stream: &TcpStream, answers: &Answers) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::with_capacity(1 << 16, stream);
    let mut out = stream;
    let mut block = vec![0; BLOCK];
    while let Some((first, gzip, length)) = read_head(&mut reader)? {
        discard(&mut reader, length, &mut block)?;
        let mut words = first.split(' ');
        let method = words.next().unwrap_or_default();
        let route = words.next().unwrap_or_default().split('?').next().unwrap_or_default();
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
        let packed = gzip.then(|| answers.get(&format!("{route}.gz"))).flatten();
        match packed.or_else(|| answers.get(route)) {
            Some(answer) if method == "GET" => out.write_all(answer)?,
            _ => out.write_all(&[&head(2, "application/json", "")[..], b"{}"].concat())?,
        }
    }
    Ok(())
}

/// Sends one request and reads its whole answer.
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
    discard(reader, answer.2, scratch)
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

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse().map_err(|_| io::Error::other("expected a number"));
    match arguments[..] {
        ["serve", folder] => {
            let mut answers = Answers::new();
            load(Path::new(folder), "", &mut answers)?;
            let answers = Arc::new(answers);
            let listener = TcpListener::bind("127.0.0.1:0")?;
            println!("{}", listener.local_addr()?.port());
            // Whoever started this holds the other end: it ends when they do.
            thread::spawn(|| {
                let _ = io::stdin().read_to_end(&mut Vec::new());
                std::process::exit(0);
            });
            for stream in listener.incoming() {
                let (stream, answers) = (stream?, answers.clone());
                // A client that leaves ends its own connection only.
                thread::spawn(move || serve(&stream, &answers));
            }
            Ok(())
        }
        ["probe", port, "get", path, count, threads] => {
            println!("{}", probe(port, "get", path, number(count)?, number(threads)?)?);
            Ok(())
        }
        ["probe", port, "post", path, bytes] => {
            println!("{}", probe(port, "post", path, number(bytes)?, 1)?);
            Ok(())
        }
        _ => Err(io::Error::other("usage: see the first lines of server.rs")),
    }
}
