//! A multipart form, read in chunks from memory, from files and from a caller's streams.

use std::{
    collections::hash_map::RandomState,
    fs::File,
    hash::BuildHasher,
    io::{self, Read as _, Seek as _},
    path::{Path, PathBuf},
};

use bytes::Bytes;

use super::buffers::Buffers;
use crate::{
    args,
    call::{Content, Part},
    error::{Error, InvalidArgument, Result},
};

/// How much of a file is read at once, in bytes.
const CHUNK: usize = 256 * 1024;

/// The streams that a caller hands in, each under its number.
pub trait Streams {
    /// What reading them may raise.
    type Error: From<Error>;

    /// How much is left to read, in bytes.
    ///
    /// # Errors
    /// When the stream cannot tell.
    fn length(&mut self, stream: usize) -> Result<u64, Self::Error>;

    /// Reads the next bytes, as many as there is room for, and says how many; none at the end.
    ///
    /// # Errors
    /// When the stream cannot be read.
    fn read(&mut self, stream: usize, room: &mut [u8]) -> Result<usize, Self::Error>;

    /// Goes back to the beginning.
    ///
    /// # Errors
    /// When the stream cannot go back.
    fn rewind(&mut self, stream: usize) -> Result<(), Self::Error>;
}

/// The streams of a form that has none.
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

enum Segment {
    Bytes(Bytes),
    File { path: PathBuf, file: File, length: u64 },
    Stream { stream: usize, length: u64 },
}

impl Segment {
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

/// A multipart form that can be read, and read again.
pub struct FormBody {
    boundary: String,
    segments: Vec<Segment>,
    /// Which segment is read next, and how much of it has been read.
    segment: usize,
    offset: u64,
    /// Bytes of files read so far.
    files_read: u64,
    buffers: Buffers,
}

impl FormBody {
    /// Lays out a form and opens its files.
    ///
    /// # Errors
    /// When a file cannot be opened or a stream cannot tell its length.
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
                head(&mut text, &boundary, name, None, None, &[]);
                text.extend_from_slice(value);
                text.extend_from_slice(b"\r\n");
            }
        }
        for part in files {
            head(
                &mut text,
                &boundary,
                &part.name,
                part.file_name.as_deref(),
                part.content_type.as_deref(),
                &part.headers,
            );
            let content = match &part.content {
                Content::Bytes(bytes) => {
                    text.extend_from_slice(bytes);
                    None
                }
                Content::File(path) => Some(open(&path.0)?),
                Content::Stream(stream) => {
                    Some(Segment::Stream { stream: *stream, length: streams.length(*stream)? })
                }
            };
            if let Some(content) = content {
                segments.push(Segment::Bytes(std::mem::take(&mut text).into()));
                segments.push(content);
            }
            text.extend_from_slice(b"\r\n");
        }
        text.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        segments.push(Segment::Bytes(text.into()));
        Ok(Self::of(boundary, segments))
    }

    /// A body that is one stream, and no form.
    ///
    /// # Errors
    /// When the stream cannot tell its length.
    pub fn of_stream<S: Streams>(stream: usize, streams: &mut S) -> Result<Self, S::Error> {
        let segment = Segment::Stream { stream, length: streams.length(stream)? };
        Ok(Self::of(String::new(), vec![segment]))
    }

    fn of(boundary: String, segments: Vec<Segment>) -> Self {
        let buffers = Buffers::default();
        Self { boundary, segments, segment: 0, offset: 0, files_read: 0, buffers }
    }

    /// The content type, with the boundary.
    #[must_use]
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// The whole body's length in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.segments.iter().map(Segment::length).sum()
    }

    /// The length of the files in it, in bytes.
    #[must_use]
    pub fn files_length(&self) -> u64 {
        self.segments.iter().filter(|segment| segment.is_file()).map(Segment::length).sum()
    }

    /// How many bytes of the files have been read.
    #[must_use]
    pub const fn files_read(&self) -> u64 {
        self.files_read
    }

    /// Whether the next bytes come from a stream of the caller's.
    #[must_use]
    pub fn next_is_stream(&self) -> bool {
        let mut segments = self.segments.iter().skip(self.segment);
        let current = segments.next().filter(|segment| segment.length() > self.offset);
        matches!(
            current.or_else(|| segments.find(|s| s.length() > 0)),
            Some(Segment::Stream { .. })
        )
    }

    /// Goes back to the beginning.
    ///
    /// # Errors
    /// When a file or stream cannot go back.
    pub fn rewind<S: Streams>(&mut self, streams: &mut S) -> Result<(), S::Error> {
        if self.segment == 0 && self.offset == 0 {
            return Ok(());
        }
        for segment in &mut self.segments {
            match segment {
                Segment::Bytes(_) => {}
                Segment::File { path, file, .. } => {
                    file.rewind().map_err(|source| Error::io(path.clone(), source))?;
                }
                Segment::Stream { stream, .. } => streams.rewind(*stream)?,
            }
        }
        self.segment = 0;
        self.offset = 0;
        self.files_read = 0;
        Ok(())
    }

    /// The next bytes; none at the end.
    ///
    /// # Errors
    /// When a file or stream cannot be read, or has become shorter meanwhile.
    pub fn next<S: Streams>(&mut self, streams: &mut S) -> Result<Option<Bytes>, S::Error> {
        loop {
            let Some(segment) = self.segments.get_mut(self.segment) else { return Ok(None) };
            let left = segment.length() - self.offset;
            if left == 0 {
                self.segment += 1;
                self.offset = 0;
                continue;
            }
            let most = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
            let chunk = match segment {
                Segment::Bytes(bytes) => {
                    self.offset += bytes.len() as u64;
                    return Ok(Some(bytes.clone()));
                }
                Segment::File { path, file, .. } => {
                    self.buffers.fill(most, |room| read(file, path, room))?
                }
                Segment::Stream { stream, .. } => {
                    self.buffers.fill(most, |room| streams.read(*stream, room))?
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

fn open(path: &Path) -> Result<Segment> {
    let failed = |source| Error::io(path, source);
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(failed(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    Ok(Segment::File { path: path.to_owned(), file, length: metadata.len() })
}

/// Reads what comes next in a file, and says how much.
fn read(file: &mut File, path: &Path, room: &mut [u8]) -> Result<usize> {
    loop {
        match file.read(room) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => return outcome.map_err(|source| Error::io(path, source)),
        }
    }
}

fn shrunk(segment: &Segment) -> Error {
    let path = match segment {
        Segment::File { path, .. } => path.clone(),
        _ => "stream".into(),
    };
    let reason = "the file became shorter while it was read";
    Error::io(path, io::Error::new(io::ErrorKind::UnexpectedEof, reason))
}

/// Thirty-two hexadecimal digits that no content can foresee.
fn boundary() -> String {
    let random = || RandomState::new().hash_one(0_u8);
    format!("{:016x}{:016x}", random(), random())
}

fn head(
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

/// Escapes what would end a quoted name, as the HTML standard says.
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
    use crate::args::FilePath;
    use proptest::prelude::*;

    fn read(form: &mut FormBody) -> Vec<u8> {
        let mut all = Vec::new();
        while let Some(chunk) = form.next(&mut NoStreams).unwrap() {
            all.extend_from_slice(&chunk);
        }
        all
    }

    #[test]
    fn a_form_is_laid_out_and_can_be_read_again() {
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
            content: Content::File(FilePath(path)),
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
    fn a_missing_file_is_told_before_anything_is_sent() {
        let path = FilePath("/no/such/file".into());
        let part = Part {
            name: b"file".to_vec(),
            file_name: None,
            content_type: None,
            headers: Vec::new(),
            content: Content::File(path),
        };
        let outcome = FormBody::open(&[], &[part], &mut NoStreams);
        assert!(matches!(outcome, Err(Error::Io { .. })));
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn parts_stay_apart_whatever_their_names(
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
                    content: Content::Bytes(content.clone()),
                })
                .collect();
            let mut form = FormBody::open(&plain, &parts, &mut NoStreams).unwrap();
            let body = read(&mut form);
            prop_assert_eq!(form.length(), body.len() as u64);
            // As a server takes it apart: heads have one line each, contents are untouched.
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
