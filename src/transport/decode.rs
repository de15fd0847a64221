//! Decompression of a body while it arrives.

use std::io::Write as _;

use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::error::{Error, Result, Transport};

/// How much is unpacked before the outcome is handed on, in compressed bytes: what comes out
/// of it stays small however well it was packed.
const SLICE: usize = 4096;

/// Where unpacked bytes go.
pub type Sink<'s> = &'s mut dyn FnMut(&[u8]) -> Result<()>;

enum Method {
    Identity,
    Gzip(MultiGzDecoder<Vec<u8>>),
    /// Zlib or bare deflate; the first byte tells.
    Undecided,
    Zlib(ZlibDecoder<Vec<u8>>),
    Deflate(DeflateDecoder<Vec<u8>>),
}

/// Unpacks a body chunk by chunk.
pub struct Decoder {
    method: Method,
    started: bool,
}

impl Decoder {
    /// A decoder for a `Content-Encoding`; one that is not known leaves the body as it is.
    #[must_use]
    pub fn for_encoding(encoding: Option<&str>) -> Self {
        let method = match encoding.map(|text| text.trim().to_ascii_lowercase()).as_deref() {
            Some("gzip" | "x-gzip") => Method::Gzip(MultiGzDecoder::new(Vec::new())),
            Some("deflate") => Method::Undecided,
            _ => Method::Identity,
        };
        Self { method, started: false }
    }

    /// Whether bytes pass as they are.
    #[must_use]
    pub const fn is_identity(&self) -> bool {
        matches!(self.method, Method::Identity)
    }

    /// Unpacks a chunk.
    ///
    /// # Errors
    /// When it is not what its encoding says, and what the sink returns.
    pub fn push(&mut self, chunk: &[u8], sink: Sink<'_>) -> Result<()> {
        if chunk.is_empty() {
            return Ok(());
        }
        self.started = true;
        if let Method::Undecided = self.method {
            let zlib = chunk[0] & 0x0f == 8;
            self.method = if zlib {
                Method::Zlib(ZlibDecoder::new(Vec::new()))
            } else {
                Method::Deflate(DeflateDecoder::new(Vec::new()))
            };
        }
        for slice in chunk.chunks(SLICE) {
            match &mut self.method {
                Method::Identity | Method::Undecided => {
                    sink(slice)?;
                    continue;
                }
                Method::Gzip(decoder) => decoder.write_all(slice),
                Method::Zlib(decoder) => decoder.write_all(slice),
                Method::Deflate(decoder) => decoder.write_all(slice),
            }
            .map_err(|error| broken(&error))?;
            self.drain(sink)?;
        }
        Ok(())
    }

    /// Hands on what is left.
    ///
    /// # Errors
    /// When the body ends too early, and what the sink returns.
    pub fn finish(&mut self, sink: Sink<'_>) -> Result<()> {
        if !self.started {
            return Ok(());
        }
        match &mut self.method {
            Method::Identity | Method::Undecided => return Ok(()),
            Method::Gzip(decoder) => decoder.try_finish(),
            Method::Zlib(decoder) => decoder.try_finish(),
            Method::Deflate(decoder) => decoder.try_finish(),
        }
        .map_err(|error| broken(&error))?;
        self.drain(sink)
    }

    fn drain(&mut self, sink: Sink<'_>) -> Result<()> {
        let out = match &mut self.method {
            Method::Identity | Method::Undecided => return Ok(()),
            Method::Gzip(decoder) => decoder.get_mut(),
            Method::Zlib(decoder) => decoder.get_mut(),
            Method::Deflate(decoder) => decoder.get_mut(),
        };
        if out.is_empty() {
            return Ok(());
        }
        let outcome = sink(out);
        out.clear();
        outcome
    }
}

fn broken(error: &std::io::Error) -> Error {
    Error::transport(
        Transport::ContentEncoding,
        format!("Received a compressed answer, but failed to decode it: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{write, Compression};

    fn unpack(encoding: &str, packed: &[u8]) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        let mut decoder = Decoder::for_encoding(Some(encoding));
        let mut sink = |bytes: &[u8]| {
            out.extend_from_slice(bytes);
            Ok(())
        };
        for chunk in packed.chunks(7) {
            decoder.push(chunk, &mut sink)?;
        }
        decoder.finish(&mut sink)?;
        Ok(out)
    }

    #[test]
    fn every_encoding_is_unpacked() {
        let text = b"hello hello hello hello".repeat(50);
        let mut gzip = write::GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(&text).unwrap();
        let mut zlib = write::ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(&text).unwrap();
        let mut deflate = write::DeflateEncoder::new(Vec::new(), Compression::default());
        deflate.write_all(&text).unwrap();
        assert_eq!(unpack("gzip", &gzip.finish().unwrap()).unwrap(), text);
        assert_eq!(unpack("deflate", &zlib.finish().unwrap()).unwrap(), text);
        assert_eq!(unpack("deflate", &deflate.finish().unwrap()).unwrap(), text);
        assert_eq!(unpack("br", b"as it is").unwrap(), b"as it is");
    }

    #[test]
    fn what_is_broken_is_told() {
        assert!(unpack("gzip", b"not gzip").is_err());
    }
}
