//! A multipart form, read in chunks from memory, from files and from the caller's streams.

use std::{
    collections::hash_map::RandomState,
    fs::File,
    hash::BuildHasher,
    io::{self, Read, Seek, Write as _},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use tempfile::SpooledTempFile;

use super::{buffers::Buffers, wait};
use crate::{
    args::{self, FilePath, PathKind},
    call::{self, Part},
    error::{Error, InvalidArgument, Result},
};

/// The size of the chunks in which files are read, in bytes.
pub const CHUNK: usize = 256 * 1024;
/// A spool that is larger than this, in bytes, is moved to disk.
const MAX_SPOOL_MEMORY: usize = 4 * 1024 * 1024;

/// The streams of the caller, each with a number.
pub trait Streams {
    /// The error of a read.
    type Error: From<Error>;

    /// Adds a stream for an open file descriptor of this process. Returns its number.
    ///
    /// # Errors
    /// If the descriptor is invalid.
    fn open(&mut self, descriptor: i32) -> Result<usize, Self::Error> {
        let reason =
            io::Error::new(io::ErrorKind::InvalidInput, "file descriptors are not supported here");
        Err(Error::io(format!("{descriptor}"), reason).into())
    }

    /// The remaining length of a stream, in bytes.
    ///
    /// # Errors
    /// If the stream cannot be read.
    fn length(&mut self, stream: usize) -> Result<u64, Self::Error>;

    /// Reads the next bytes into `buffer`. Returns their number; 0 at the end.
    ///
    /// # Errors
    /// If the stream cannot be read.
    fn read(&mut self, stream: usize, buffer: &mut [u8]) -> Result<usize, Self::Error>;

    /// Goes back to the start.
    ///
    /// # Errors
    /// If the stream cannot seek.
    fn rewind(&mut self, stream: usize) -> Result<(), Self::Error>;

    /// Runs `work`, which may block and uses no stream. The Python bindings release the GIL for it.
    fn detached<T: Send>(&mut self, work: impl FnOnce() -> T + Send) -> T {
        work()
    }

    /// Called while waiting. It checks whether the caller still wants to wait.
    ///
    /// # Errors
    /// If the caller has cancelled.
    fn check(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// For a form without streams.
pub struct NoStreams;

impl Streams for NoStreams {
    type Error = Error;

    fn length(&mut self, stream: usize) -> Result<u64> {
        Err(no_stream(stream))
    }

    fn read(&mut self, stream: usize, _room: &mut [u8]) -> Result<usize> {
        Err(no_stream(stream))
    }

    fn rewind(&mut self, stream: usize) -> Result<()> {
        Err(no_stream(stream))
    }
}

fn no_stream(stream: usize) -> Error {
    InvalidArgument::WrongValue(format!("there is no stream {stream}")).into()
}

enum FormSegment {
    Bytes(Bytes),
    File { path: PathBuf, file: FileSource, length: u64 },
    Stream { stream: usize, length: u64 },
}

impl FormSegment {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { length, .. } | Self::Stream { length, .. } => *length,
        }
    }

    const fn is_file(&self) -> bool {
        !matches!(self, Self::Bytes(_))
    }
}

/// A multipart form that can be read several times.
pub struct FormBody {
    boundary: String,
    segments: Vec<FormSegment>,
    /// The segment that is read next, and the number of bytes read of it.
    segment: usize,
    offset: u64,
    /// Bytes of files read since the start.
    files_read: u64,
    buffers: Buffers,
}

impl FormBody {
    /// Builds a form and opens its files.
    ///
    /// # Errors
    /// If a file or stream cannot be read.
    pub fn open<S: Streams>(
        fields: &[(Vec<u8>, args::Form)],
        files: &[Part],
        streams: &mut S,
    ) -> Result<Self, S::Error> {
        let boundary = boundary();
        let mut segments = Vec::new();
        let mut text = Vec::new();
        for (name, values) in fields {
            for value in values.values() {
                write_part_head(&mut text, &boundary, name, None, None, &[]);
                text.extend_from_slice(value);
                text.extend_from_slice(b"\r\n");
            }
        }
        for part in files {
            write_part_head(
                &mut text,
                &boundary,
                &part.name,
                part.file_name.as_deref(),
                part.content_type.as_deref(),
                &part.headers,
            );
            let content = match &part.content {
                call::Content::Bytes(bytes) => {
                    text.extend_from_slice(bytes);
                    None
                }
                call::Content::File(FilePath(_, PathKind::Descriptor(descriptor))) => {
                    let stream = streams.open(*descriptor)?;
                    Some(FormSegment::Stream { stream, length: streams.length(stream)? })
                }
                call::Content::File(path) => Some(open(&path.0, streams)?),
                call::Content::Stream(stream) => {
                    Some(FormSegment::Stream { stream: *stream, length: streams.length(*stream)? })
                }
            };
            if let Some(content) = content {
                segments.push(FormSegment::Bytes(std::mem::take(&mut text).into()));
                segments.push(content);
            }
            text.extend_from_slice(b"\r\n");
        }
        text.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        segments.push(FormSegment::Bytes(text.into()));
        Ok(Self::from_segments(boundary, segments))
    }

    /// A body that consists of one stream, without a form.
    ///
    /// # Errors
    /// If the stream cannot be read.
    pub fn from_stream<S: Streams>(stream: usize, streams: &mut S) -> Result<Self, S::Error> {
        let segment = FormSegment::Stream { stream, length: streams.length(stream)? };
        Ok(Self::from_segments(String::new(), vec![segment]))
    }

    fn from_segments(boundary: String, segments: Vec<FormSegment>) -> Self {
        let buffers = Buffers::default();
        Self { boundary, segments, segment: 0, offset: 0, files_read: 0, buffers }
    }

    /// The content type, with the boundary.
    #[must_use]
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// The length of the whole body in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.segments.iter().map(FormSegment::length).sum()
    }

    /// The total length of the files in bytes.
    #[must_use]
    pub fn files_length(&self) -> u64 {
        self.segments.iter().filter(|segment| segment.is_file()).map(FormSegment::length).sum()
    }

    /// The number of bytes of the files that have been read.
    #[must_use]
    pub const fn files_read(&self) -> u64 {
        self.files_read
    }

    /// Whether the next bytes are read from one of the caller's streams.
    #[must_use]
    pub fn next_is_stream(&self) -> bool {
        let mut segments = self.segments.iter().skip(self.segment);
        let current = segments.next().filter(|segment| segment.length() > self.offset);
        matches!(
            current.or_else(|| segments.find(|s| s.length() > 0)),
            Some(FormSegment::Stream { .. })
        )
    }

    /// Goes back to the start.
    ///
    /// # Errors
    /// If a file or stream cannot seek.
    pub fn rewind<S: Streams>(&mut self, streams: &mut S) -> Result<(), S::Error> {
        if self.segment == 0 && self.offset == 0 {
            return Ok(());
        }
        for segment in &mut self.segments {
            match segment {
                FormSegment::Bytes(_) => {}
                FormSegment::File { path, file, .. } => {
                    file.rewind().map_err(|source| Error::io(path.clone(), source))?;
                }
                FormSegment::Stream { stream, .. } => streams.rewind(*stream)?,
            }
        }
        self.segment = 0;
        self.offset = 0;
        self.files_read = 0;
        Ok(())
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// If a file or stream cannot be read, or became shorter in the meantime.
    pub fn next<S: Streams>(&mut self, streams: &mut S) -> Result<Option<Bytes>, S::Error> {
        loop {
            let Some(segment) = self.segments.get_mut(self.segment) else { return Ok(None) };
            let left = segment.length() - self.offset;
            if left == 0 {
                self.segment += 1;
                self.offset = 0;
                continue;
            }
            let max_length = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
            let chunk = match segment {
                FormSegment::Bytes(bytes) => {
                    self.offset += bytes.len() as u64;
                    return Ok(Some(bytes.clone()));
                }
                FormSegment::File { path, file, .. } => {
                    self.buffers.fill(max_length, |buffer| read(file, path, buffer))?
                }
                FormSegment::Stream { stream, .. } => {
                    self.buffers.fill(max_length, |buffer| streams.read(*stream, buffer))?
                }
            };
            if chunk.is_empty() {
                return Err(shrunk(segment).into());
            }
            self.offset += chunk.len() as u64;
            self.files_read += chunk.len() as u64;
            return Ok(Some(chunk));
        }
    }
}

/// The content of a file: the open file, or a spool of it.
enum FileSource {
    File(File),
    Spool(SpooledTempFile),
}

impl FileSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Spool(spool) => spool.read(buffer),
        }
    }

    fn rewind(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.rewind(),
            Self::Spool(spool) => spool.rewind(),
        }
    }
}

/// A copy of a source of unknown length, read in advance. A large copy is kept on disk.
#[derive(Debug)]
pub struct Spool {
    file: SpooledTempFile,
    length: u64,
}

impl Default for Spool {
    fn default() -> Self {
        Self { file: SpooledTempFile::new(MAX_SPOOL_MEMORY), length: 0 }
    }
}

impl Spool {
    /// Appends bytes.
    ///
    /// # Errors
    /// If the disk is full or fails.
    pub fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    /// The length in bytes.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Goes back to the start.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn rewind(&mut self) -> io::Result<()> {
        self.file.rewind()
    }
}

impl Read for Spool {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

/// Opens a file. If the size in its metadata is not its real length, as for a pipe or a file in
/// /proc, the file is read into a spool.
fn open<S: Streams>(path: &Path, streams: &mut S) -> Result<FormSegment, S::Error> {
    let opening = || {
        let mut file = wait::open_to_read(path)?;
        // Windows knows nothing about its devices and named pipes.
        let regular = file.metadata().ok().filter(std::fs::Metadata::is_file);
        let length = regular.map(|metadata| metadata.len());
        let length = length.filter(|length| ends_at(*length, &mut file));
        Ok((file, length))
    };
    let (file, length) = wait_for(path, streams, || opening().map(Some))?;
    let path = path.to_owned();
    match length {
        Some(length) => Ok(FormSegment::File { path, file: FileSource::File(file), length }),
        None => spool(path, file, streams),
    }
}

/// Whether the content of a file ends at this offset.
fn ends_at(length: u64, file: &mut File) -> bool {
    let mut buffer = [0];
    let mut holds = |offset| wait::read_at(file, &mut buffer, offset).ok();
    (length == 0 || holds(length - 1) == Some(1)) && holds(length) == Some(0)
}

/// Reads a file to its end, into a spool.
fn spool<S: Streams>(
    path: PathBuf,
    mut file: File,
    streams: &mut S,
) -> Result<FormSegment, S::Error> {
    let mut spool = Spool::default();
    let mut buffer = vec![0; CHUNK];
    loop {
        let read = wait_for(&path, streams, || {
            if !wait::is_readable(&file)? {
                return Ok(None);
            }
            let read = match file.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                read => read?,
            };
            spool.push(&buffer[..read])?;
            Ok(Some(read))
        })?;
        if read == 0 {
            break;
        }
        streams.check()?;
    }
    let Spool { mut file, length } = spool;
    file.rewind().map_err(|source| Error::io(path.clone(), source))?;
    Ok(FormSegment::File { path, file: FileSource::Spool(file), length })
}

/// Repeats `work` until it returns a value. Calls [`Streams::check`] in between.
fn wait_for<S: Streams, T: Send>(
    path: &Path,
    streams: &mut S,
    mut work: impl FnMut() -> io::Result<Option<T>> + Send,
) -> Result<T, S::Error> {
    loop {
        match streams.detached(&mut work) {
            Ok(Some(outcome)) => return Ok(outcome),
            Ok(None) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::io(path, error).into()),
        }
        streams.check()?;
    }
}

/// Reads the next bytes of a file. Returns their number.
fn read(file: &mut FileSource, path: &Path, buffer: &mut [u8]) -> Result<usize> {
    loop {
        match file.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => return outcome.map_err(|source| Error::io(path, source)),
        }
    }
}

fn shrunk(segment: &FormSegment) -> Error {
    let path = match segment {
        FormSegment::File { path, .. } => path.clone(),
        _ => "stream".into(),
    };
    let reason = "the file became shorter while it was read";
    Error::io(path, io::Error::new(io::ErrorKind::UnexpectedEof, reason))
}

/// A random boundary of 32 hexadecimal digits, so that it does not occur in the content.
fn boundary() -> String {
    let random = || RandomState::new().hash_one(0_u8);
    format!("{:016x}{:016x}", random(), random())
}

fn write_part_head(
    out: &mut Vec<u8>,
    boundary: &str,
    name: &[u8],
    file_name: Option<&[u8]>,
    content_type: Option<&[u8]>,
    headers: &[(String, String)],
) {
    out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
    out.extend_from_slice(b"Content-Disposition: form-data; name=\"");
    quote(out, name);
    out.push(b'"');
    if let Some(file_name) = file_name {
        out.extend_from_slice(b"; filename=\"");
        quote(out, file_name);
        out.push(b'"');
    }
    out.extend_from_slice(b"\r\n");
    if let Some(content_type) = content_type {
        out.extend_from_slice(b"Content-Type: ");
        out.extend(content_type.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')));
        out.extend_from_slice(b"\r\n");
    }
    for (name, value) in headers {
        let line: String =
            format!("{name}: {value}").chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        out.extend_from_slice(line.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
}

/// Escapes the characters that would end a quoted name, as in the HTML standard.
fn quote(out: &mut Vec<u8>, name: &[u8]) {
    for byte in name {
        match byte {
            b'\n' => out.extend_from_slice(b"%0A"),
            b'\r' => out.extend_from_slice(b"%0D"),
            b'"' => out.extend_from_slice(b"%22"),
            byte => out.push(*byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(form: &mut FormBody) -> Vec<u8> {
        let mut all = Vec::new();
        while let Some(chunk) = form.next(&mut NoStreams).unwrap() {
            all.extend_from_slice(&chunk);
        }
        all
    }

    #[test]
    fn a_form_is_encoded_and_can_be_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "hello").unwrap();
        let fields =
            [(b"flag".to_vec(), args::Form::from(true)), (b"none".to_vec(), args::Form::default())];
        let part = Part {
            name: b"file".to_vec(),
            file_name: Some("a\"\n\u{e9}.txt".into()),
            content_type: None,
            headers: Vec::new(),
            content: call::Content::File(path.into()),
        };
        let mut form = FormBody::open(&fields, &[part], &mut NoStreams).unwrap();
        let b = form.boundary.clone();
        let expected = format!(
            "--{b}\r\nContent-Disposition: form-data; name=\"flag\"\r\n\r\nTrue\r\n\
             --{b}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22%0A\u{e9}.txt\"\r\n\r\n\
             hello\r\n--{b}--\r\n"
        );
        assert_eq!(String::from_utf8(read(&mut form)).unwrap(), expected);
        assert_eq!(form.length(), expected.len() as u64);
        assert_eq!((form.files_read(), form.files_length()), (5, 5));
        form.rewind(&mut NoStreams).unwrap();
        assert_eq!(String::from_utf8(read(&mut form)).unwrap(), expected);
    }

    #[test]
    fn a_missing_file_is_an_error_of_opening_the_form() {
        let path = PathBuf::from("/no/such/file").into();
        let part = Part {
            name: b"file".to_vec(),
            file_name: None,
            content_type: None,
            headers: Vec::new(),
            content: call::Content::File(path),
        };
        let outcome = FormBody::open(&[], &[part], &mut NoStreams);
        assert!(matches!(outcome, Err(Error::Io { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        for length in [0, 1, 300_000, MAX_SPOOL_MEMORY + 1] {
            let content = vec![7; length];
            let (to, written) = (pipe.clone(), content.clone());
            let writer = std::thread::spawn(move || std::fs::write(to, written).unwrap());
            let FormSegment::File { mut file, length, .. } = open(&pipe, &mut NoStreams).unwrap()
            else {
                panic!("no file")
            };
            writer.join().unwrap();
            assert_eq!(length, content.len() as u64);
            for _ in 0..2 {
                let mut all = vec![0; content.len() + 1];
                let mut done = 0;
                while let Ok(read @ 1..) = file.read(&mut all[done..]) {
                    done += read;
                }
                assert!(all[..done] == content);
                file.rewind().unwrap();
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_wrong_size_in_the_metadata_is_not_used() {
        let path = Path::new("/proc/version");
        let Ok(FormSegment::File { length, .. }) = open(path, &mut NoStreams) else {
            panic!("no file")
        };
        assert_eq!(length, std::fs::read(path).unwrap().len() as u64);
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn names_cannot_break_the_structure_of_a_form(
            fields in prop::collection::vec((any::<Vec<u8>>(), any::<Vec<u8>>()), 0..3),
            files in prop::collection::vec(
                (any::<String>(), prop::option::of(any::<String>()), "[ -~\r\n]{0,12}", any::<Vec<u8>>()),
                0..3,
            ),
        ) {
            let plain: Vec<_> = fields
                .iter()
                .map(|(name, value)| (name.clone(), args::Form::from(vec![value.clone()])))
                .collect();
            let parts: Vec<_> = files
                .iter()
                .map(|(name, file_name, kind, content)| Part {
                    name: name.clone().into_bytes(),
                    file_name: file_name.clone().map(String::into_bytes),
                    content_type: Some(kind.clone().into_bytes()),
                    headers: vec![("X".into(), kind.clone())],
                    content: call::Content::Bytes(content.clone()),
                })
                .collect();
            let mut form = FormBody::open(&plain, &parts, &mut NoStreams).unwrap();
            let body = read(&mut form);
            prop_assert_eq!(form.length(), body.len() as u64);
            // Parse the body as a server would: each part has one line per header, and its content
            // is unchanged.
            let mut rest = &body[..];
            let contents =
                fields.iter().map(|(_, v)| (v, 1)).chain(files.iter().map(|(.., c)| (c, 3)));
            let first = format!("--{}\r\n", form.boundary);
            for (content, lines) in contents {
                rest = rest.strip_prefix(first.as_bytes()).unwrap();
                let end = rest.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
                let (head, after) = rest.split_at(end);
                let text = String::from_utf8_lossy(head).into_owned();
                prop_assert_eq!(text.split("\r\n").count(), lines, "{}", text);
                prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{}", text);
                let quotes = text.lines().next().unwrap().matches('"').count();
                prop_assert!(matches!(quotes, 2 | 4), "{}", text);
                rest = after[4..].strip_prefix(&content[..]).unwrap();
                rest = rest.strip_prefix(b"\r\n").unwrap();
            }
            let last = format!("--{}--\r\n", form.boundary);
            prop_assert_eq!(rest, last.as_bytes());
            form.rewind(&mut NoStreams).unwrap();
            prop_assert_eq!(read(&mut form), body);
        }
    }
}
