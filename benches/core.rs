//! Benchmarks of single parts of the core, without Python and a server: `make bench-core`.

use std::{error::Error, fs, hint::black_box, io::Write as _};

use criterion::{criterion_group, criterion_main, Criterion, Throughput};
use gazu::{
    args::{FilePath, Form, Json, Query},
    call::{self, Content, Part},
    execution::{merge_headers, SESSION_HEADERS},
    transport::{
        form::{FormBody, NoStreams},
        save::Download,
        url, Decoder, Payload, Request,
    },
};

const MIB: usize = 1 << 20;
/// The size of the transferred file.
const FILE: usize = 64 * MIB;
/// The size of the chunks in which the HTTP library delivers a body.
const CHUNK: usize = 400 * 1024;

const HOST: &str = "https://kitsu.example.com/api";
const PATH: &str = "data/projects/4f1c6a52-9f0a-4a3f-8d0e-0b1d2a6f2c11/shots";

fn words(criterion: &mut Criterion) {
    criterion.bench_function("url: joined and parsed", |bencher| {
        bencher.iter(|| url::parse(&call::join_url(black_box(HOST), black_box(PATH))));
    });
    let query = [("name", Query::from("Sé 10/*")), ("relations", true.into()), ("page", 7.into())];
    criterion.bench_function("query: three values", |bencher| {
        bencher.iter(|| call::with_query(black_box(PATH).to_owned(), black_box(&query)));
    });
    let text = "Lighting is final, waiting for the client's word. ".repeat(20);
    criterion.bench_function("json: a text of 1 kB", |bencher| {
        bencher.iter(|| Json::from(black_box(text.as_str())));
    });
    let login = format!("Bearer {}", "t".repeat(300));
    let address = call::join_url(HOST, PATH);
    criterion.bench_function("request: headers, login and URL", |bencher| {
        bencher.iter(|| {
            let session = SESSION_HEADERS.iter().map(|(name, value)| (*name, value.as_bytes()));
            let own = [("User-Agent", "CGWire Gazu"), ("Authorization", &login)];
            let merged = merge_headers(session, own.map(|(name, value)| (name, value.as_bytes())));
            Request::new("GET", black_box(&address), merged, Payload::Empty)
        });
    });
}

fn files(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("preview.mov");
    fs::write(&path, vec![7; FILE])?;
    let fields = [(b"revision".to_vec(), Form::from("3"))];
    let part = Part {
        name: b"file".to_vec(),
        file_name: Some(b"preview.mov".to_vec()),
        content_type: None,
        headers: Vec::new(),
        content: Content::File(path.into()),
    };
    let mut group = criterion.benchmark_group("64 MiB");
    group.sample_size(20).throughput(Throughput::Bytes(FILE as u64));
    group.bench_function("form: read from a file", |bencher| {
        bencher.iter(|| -> gazu::error::Result<()> {
            let mut form = FormBody::open(&fields, std::slice::from_ref(&part), &mut NoStreams)?;
            while let Some(chunk) = form.next(&mut NoStreams)? {
                black_box(chunk);
            }
            Ok(())
        });
    });
    let target = folder.path().join("download.mov");
    let chunk = vec![7; CHUNK];
    group.bench_function("save: written and put in place", |bencher| {
        bencher.iter(|| {
            let mut download = Download::begin(&target)?;
            for piece in 0..FILE.div_ceil(CHUNK) {
                download.write(&chunk[..CHUNK.min(FILE - piece * CHUNK)])?;
            }
            download.finish()
        });
    });
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let entry = b"{\"id\": 1, \"name\": \"SH010\", \"nb_frames\": 120}, ";
    packed.write_all(&entry.repeat(FILE / entry.len() + 1)[..FILE])?;
    let packed = packed.finish()?;
    group.bench_function("gzip: unpacked", |bencher| {
        bencher.iter(|| -> gazu::error::Result<usize> {
            let mut decoder = Decoder::for_encoding("gzip");
            let mut length = 0;
            for chunk in packed.chunks(CHUNK) {
                decoder.push(chunk, &mut |bytes| {
                    length += bytes.len();
                    Ok(())
                })?;
            }
            Ok(length)
        });
    });
    group.finish();
    Ok(())
}

fn transfers(criterion: &mut Criterion) {
    files(criterion).expect("a folder for temporary files takes them");
}

criterion_group!(core, words, transfers);
criterion_main!(core);
