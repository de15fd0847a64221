//! Decompression of a body while it arrives.

use std::io::Write as _;

use flate2::write::{DeflateDecoder, GzDecoder, ZlibDecoder};

use crate::error::{Error, Result, Transport};

/// How much is unpacked before the outcome is handed on, in compressed bytes: what comes out
/// of it stays small however well it was packed.
const SLICE: usize = 4096;

/// The first byte of a gzip member; a body may be several of them.
const GZIP_MAGIC: u8 = 0x1f;

/// Where unpacked bytes go.
pub type Sink<'s> = &'s mut dyn FnMut(&[u8]) -> Result<()>;

enum Method {
    Identity,
    Gzip(GzDecoder<Vec<u8>>),
    /// Zlib or bare deflate; the first byte tells.
    Undecided,
    Zlib(ZlibDecoder<Vec<u8>>),
    Deflate(DeflateDecoder<Vec<u8>>),
    /// What comes after the end is no part of the body.
    Ended,
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
            Some("gzip" | "x-gzip") => Method::Gzip(GzDecoder::new(Vec::new())),
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
        if self.is_identity() {
            return sink(chunk);
        }
        if let Method::Undecided = self.method {
            let zlib = chunk[0] & 0x0f == 8;
            self.method = if zlib {
                Method::Zlib(ZlibDecoder::new(Vec::new()))
            } else {
                Method::Deflate(DeflateDecoder::new(Vec::new()))
            };
        }
        for slice in chunk.chunks(SLICE) {
            let mut rest = slice;
            while !rest.is_empty() {
                let taken = match &mut self.method {
                    Method::Identity | Method::Undecided => sink(rest).map(|()| rest.len())?,
                    Method::Ended => rest.len(),
                    Method::Gzip(decoder) => decoder.write(rest).map_err(|e| broken(&e))?,
                    Method::Zlib(decoder) => decoder.write(rest).map_err(|e| broken(&e))?,
                    Method::Deflate(decoder) => decoder.write(rest).map_err(|e| broken(&e))?,
                };
                if taken == 0 {
                    self.finish(sink)?;
                    let another = matches!(self.method, Method::Gzip(_)) && rest[0] == GZIP_MAGIC;
                    self.method = if another {
                        Method::Gzip(GzDecoder::new(Vec::new()))
                    } else {
                        Method::Ended
                    };
                }
                rest = &rest[taken..];
            }
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
            Method::Identity | Method::Undecided | Method::Ended => return Ok(()),
            Method::Gzip(decoder) => decoder.try_finish(),
            Method::Zlib(decoder) => decoder.try_finish(),
            Method::Deflate(decoder) => decoder.try_finish(),
        }
        .map_err(|error| broken(&error))?;
        self.drain(sink)
    }

    fn drain(&mut self, sink: Sink<'_>) -> Result<()> {
        let out = match &mut self.method {
            Method::Identity | Method::Undecided | Method::Ended => return Ok(()),
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
    use proptest::prelude::*;

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

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut gzip = write::GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(text).unwrap();
        gzip.finish().unwrap()
    }

    #[test]
    fn members_follow_one_another_and_what_comes_after_is_left() {
        let two = [gzip(b"hello "), gzip(b"world")].concat();
        assert_eq!(unpack("gzip", &two).unwrap(), b"hello world");
        for garbage in [&b"\0\0\0"[..], b"trailing"] {
            let packed = [&gzip(b"hello")[..], garbage].concat();
            assert_eq!(unpack("gzip", &packed).unwrap(), b"hello");
        }
        let mut zlib = write::ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(b"hello").unwrap();
        let packed = [&zlib.finish().unwrap()[..], b"trailing"].concat();
        assert_eq!(unpack("deflate", &packed).unwrap(), b"hello");
    }

    #[test]
    fn what_is_broken_is_told() {
        assert!(unpack("gzip", b"not gzip").is_err());
        assert!(unpack("gzip", &gzip(b"hello")[..12]).is_err());
        let mut wrong = gzip(b"hello");
        let checksum = wrong.len() - 8;
        wrong[checksum] ^= 1;
        assert!(unpack("gzip", &wrong).is_err());
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn what_was_packed_is_unpacked_however_it_arrives(
            content: Vec<u8>, cuts in prop::collection::vec(1..40_usize, 1..20),
        ) {
            let mut zlib = write::ZlibEncoder::new(Vec::new(), Compression::default());
            zlib.write_all(&content).unwrap();
            for (encoding, packed) in [
                ("gzip", gzip(&content)),
                ("deflate", zlib.finish().unwrap()),
                ("identity", content.clone()),
            ] {
                let mut out = Vec::new();
                let mut sink = |bytes: &[u8]| {
                    out.extend_from_slice(bytes);
                    Ok(())
                };
                let mut decoder = Decoder::for_encoding(Some(encoding));
                let mut rest = &packed[..];
                for cut in cuts.iter().cycle() {
                    let (chunk, after) = rest.split_at(rest.len().min(*cut));
                    decoder.push(chunk, &mut sink).unwrap();
                    rest = after;
                    if rest.is_empty() {
                        break;
                    }
                }
                decoder.finish(&mut sink).unwrap();
                prop_assert_eq!(&out, &content);
            }
        }

        #[test]
        fn any_bytes_are_unpacked_or_refused(encoding: String, body: Vec<u8>, cut: usize) {
            for encoding in ["gzip", "deflate", &encoding] {
                let _ = unpack(encoding, &body);
                let mut packed = gzip(&body);
                packed.truncate(cut % (packed.len() + 1));
                let _ = unpack(encoding, &packed);
            }
        }
    }
}
