//! Decompression of a body as it arrives.

use std::io::Write as _;

use flate2::write::{DeflateDecoder, GzDecoder, ZlibDecoder};

use crate::error::{Error, Result, Transport};

/// How many compressed bytes are decompressed at once. A small input keeps the output small,
/// whatever the compression ratio is.
const INPUT_SLICE: usize = 4096;

/// The largest number of encodings of one body.
const MAX_LAYERS: usize = 5;
/// A compressed body is taken for a decompression bomb if it is larger than this, in bytes, ...
pub(super) const BOMB_SIZE: usize = 64 << 20;
/// ... and more than this many times larger than its compressed size.
const BOMB_RATIO: usize = 250;

/// The first byte of a gzip member. A gzip body may have several members.
const GZIP_MAGIC: u8 = 0x1f;

/// Receives the decompressed bytes.
pub type Output<'s> = &'s mut dyn FnMut(&[u8]) -> Result<()>;

enum Codec {
    Gzip(GzDecoder<Vec<u8>>),
    /// `deflate`: either zlib or raw deflate. The first byte decides which.
    Undecided,
    Zlib(ZlibDecoder<Vec<u8>>),
    Deflate(DeflateDecoder<Vec<u8>>),
    /// The compressed data has ended. Bytes after it are ignored.
    Ended,
}

/// One of the encodings of a body.
struct Layer {
    codec: Codec,
    started: bool,
}

/// Decompresses a body chunk by chunk.
pub struct Decoder {
    /// The encoding that was applied last comes first.
    layers: Vec<Layer>,
    /// An unknown encoding in a list that also has known ones.
    unknown: Option<String>,
    received: usize,
    unpacked: usize,
}

impl Decoder {
    /// A decoder for a `Content-Encoding`, which may be a list. If all encodings are unknown, the
    /// body is returned unchanged.
    #[must_use]
    pub fn for_encoding(encoding: &str) -> Self {
        let mut layers = Vec::new();
        let mut unknown = None;
        for name in encoding.split(',').rev().map(|name| name.trim().to_ascii_lowercase()) {
            let codec = match name.as_str() {
                "gzip" | "x-gzip" => Codec::Gzip(GzDecoder::new(Vec::new())),
                "deflate" => Codec::Undecided,
                "" | "identity" => continue,
                _ => {
                    unknown = Some(name);
                    continue;
                }
            };
            layers.push(Layer { codec, started: false });
        }
        unknown = unknown.filter(|_| !layers.is_empty());
        Self { layers, unknown, received: 0, unpacked: 0 }
    }

    /// Whether bytes are returned unchanged.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.layers.is_empty()
    }

    /// Decompresses a chunk.
    ///
    /// # Errors
    /// If the data is invalid or the encoding is unknown, and the errors of `output`.
    pub fn push(&mut self, chunk: &[u8], output: Output<'_>) -> Result<()> {
        if chunk.is_empty() {
            return Ok(());
        }
        if self.is_identity() {
            return output(chunk);
        }
        if let Some(name) = &self.unknown {
            return Err(undecodable(&format!("its encoding {name:?} is not known")));
        }
        if self.layers.len() > MAX_LAYERS {
            return Err(undecodable(&format!("it is packed more than {MAX_LAYERS} times")));
        }
        self.received += chunk.len();
        let (layers, output) = self.counting(output);
        unpack(layers, chunk, &mut { output })
    }

    /// Writes the bytes that are still buffered.
    ///
    /// # Errors
    /// If the compressed data is incomplete, and the errors of `output`.
    pub fn finish(&mut self, output: Output<'_>) -> Result<()> {
        let (layers, output) = self.counting(output);
        finish(layers, &mut { output })
    }

    /// The layers, and an output that counts the decompressed bytes. Only a body with several
    /// encodings is checked here: it could reach a ratio of a million, which no server needs.
    fn counting<'d>(
        &'d mut self,
        output: Output<'d>,
    ) -> (&'d mut [Layer], impl FnMut(&[u8]) -> Result<()> + 'd) {
        let (received, unpacked) = (self.received, &mut self.unpacked);
        let several = self.layers.len() > 1;
        let counted = move |bytes: &[u8]| {
            *unpacked += bytes.len();
            if several && is_bomb(received, *unpacked) {
                return Err(bomb_error());
            }
            output(bytes)
        };
        (&mut self.layers, counted)
    }
}

/// Decompresses a chunk through all layers.
fn unpack(layers: &mut [Layer], chunk: &[u8], output: Output<'_>) -> Result<()> {
    match layers.split_first_mut() {
        None => output(chunk),
        Some((layer, rest)) => layer.push(chunk, &mut |bytes| unpack(rest, bytes, output)),
    }
}

/// Finishes the layers in order.
fn finish(layers: &mut [Layer], output: Output<'_>) -> Result<()> {
    let Some((layer, rest)) = layers.split_first_mut() else { return Ok(()) };
    layer.finish(&mut |bytes| unpack(rest, bytes, output))?;
    finish(rest, output)
}

impl Layer {
    fn push(&mut self, chunk: &[u8], output: Output<'_>) -> Result<()> {
        let Some(first) = chunk.first() else { return Ok(()) };
        self.started = true;
        if let Codec::Undecided = self.codec {
            let zlib = first & 0x0f == 8;
            self.codec = if zlib {
                Codec::Zlib(ZlibDecoder::new(Vec::new()))
            } else {
                Codec::Deflate(DeflateDecoder::new(Vec::new()))
            };
        }
        for slice in chunk.chunks(INPUT_SLICE) {
            let mut rest = slice;
            while !rest.is_empty() {
                let consumed = match &mut self.codec {
                    Codec::Undecided | Codec::Ended => rest.len(),
                    Codec::Gzip(decoder) => decoder.write(rest).map_err(|e| invalid_data(&e))?,
                    Codec::Zlib(decoder) => decoder.write(rest).map_err(|e| invalid_data(&e))?,
                    Codec::Deflate(decoder) => decoder.write(rest).map_err(|e| invalid_data(&e))?,
                };
                if consumed == 0 {
                    self.finish(output)?;
                    let another = matches!(self.codec, Codec::Gzip(_)) && rest[0] == GZIP_MAGIC;
                    self.codec = if another {
                        Codec::Gzip(GzDecoder::new(Vec::new()))
                    } else {
                        Codec::Ended
                    };
                }
                rest = &rest[consumed..];
            }
            self.drain(output)?;
        }
        Ok(())
    }

    fn finish(&mut self, output: Output<'_>) -> Result<()> {
        if !self.started {
            return Ok(());
        }
        match &mut self.codec {
            Codec::Undecided | Codec::Ended => return Ok(()),
            Codec::Gzip(decoder) => decoder.try_finish(),
            Codec::Zlib(decoder) => decoder.try_finish(),
            Codec::Deflate(decoder) => decoder.try_finish(),
        }
        .map_err(|error| invalid_data(&error))?;
        self.drain(output)
    }

    fn drain(&mut self, output: Output<'_>) -> Result<()> {
        let out = match &mut self.codec {
            Codec::Undecided | Codec::Ended => return Ok(()),
            Codec::Gzip(decoder) => decoder.get_mut(),
            Codec::Zlib(decoder) => decoder.get_mut(),
            Codec::Deflate(decoder) => decoder.get_mut(),
        };
        if out.is_empty() {
            return Ok(());
        }
        let outcome = output(out);
        out.clear();
        outcome
    }
}

/// Whether the sizes are those of a decompression bomb.
pub(super) const fn is_bomb(received: usize, unpacked: usize) -> bool {
    unpacked > BOMB_SIZE && unpacked / BOMB_RATIO > received
}

/// The error for a decompression bomb.
pub(super) fn bomb_error() -> Error {
    let message = format!(
        "The compressed answer unpacks to more than {BOMB_RATIO} times its size, \
         too much to be kept in memory."
    );
    Error::transport(Transport::ContentEncoding, message)
}

fn undecodable(reason: &str) -> Error {
    Error::transport(
        Transport::ContentEncoding,
        format!("Received a compressed answer, but failed to decode it: {reason}"),
    )
}

fn invalid_data(error: &std::io::Error) -> Error {
    undecodable(&error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{write, Compression};
    use proptest::prelude::*;

    fn unpack(encoding: &str, packed: &[u8]) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        let mut decoder = Decoder::for_encoding(encoding);
        let mut output = |bytes: &[u8]| {
            out.extend_from_slice(bytes);
            Ok(())
        };
        for chunk in packed.chunks(7) {
            decoder.push(chunk, &mut output)?;
        }
        decoder.finish(&mut output)?;
        Ok(out)
    }

    #[test]
    fn every_known_encoding_is_decompressed() {
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
    fn a_list_of_encodings_is_decoded_from_its_end() {
        let deflate = |text: &[u8]| {
            let mut zlib = write::ZlibEncoder::new(Vec::new(), Compression::default());
            zlib.write_all(text).unwrap();
            zlib.finish().unwrap()
        };
        let twice = gzip(&gzip(b"hello"));
        assert_eq!(unpack("gzip, gzip", &twice).unwrap(), b"hello");
        assert_eq!(unpack("gzip,identity , X-GZIP,", &twice).unwrap(), b"hello");
        assert_eq!(unpack("deflate, gzip", &gzip(&deflate(b"hello"))).unwrap(), b"hello");
        assert_eq!(unpack("gzip, deflate", &deflate(&gzip(b"hello"))).unwrap(), b"hello");
        assert_eq!(unpack("identity", b"hello").unwrap(), b"hello");
        assert_eq!(unpack("br, zstd", b"hello").unwrap(), b"hello");
        for wrong in ["gzip, deflate", "gzip, gzip, gzip", "br, gzip", "gzip, br"] {
            assert!(unpack(wrong, &twice).is_err(), "{wrong}");
        }
        let mut many = b"hello".to_vec();
        for _ in 0..6 {
            many = gzip(&many);
        }
        assert!(unpack("gzip, gzip, gzip, gzip, gzip, gzip", &many).is_err());
    }

    #[test]
    fn a_bomb_with_two_encodings_is_an_error() {
        let mut inner = write::GzEncoder::new(Vec::new(), Compression::best());
        let block = vec![0; 1 << 20];
        for _ in 0..256 {
            inner.write_all(&block).unwrap();
        }
        let bomb = gzip(&inner.finish().unwrap());
        let (mut total, mut largest) = (0, 0);
        let mut decoder = Decoder::for_encoding("gzip, gzip");
        let outcome = decoder.push(&bomb, &mut |bytes| {
            total += bytes.len();
            largest = largest.max(bytes.len());
            Ok(())
        });
        assert!(outcome.is_err());
        assert!(total < 80 << 20 && largest < 8 << 20, "{total} {largest}");
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut gzip = write::GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(text).unwrap();
        gzip.finish().unwrap()
    }

    #[test]
    fn gzip_members_are_joined_and_trailing_bytes_ignored() {
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
    fn invalid_data_is_an_error() {
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
        fn compressed_data_is_decompressed_in_chunks_of_any_size(
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
                let mut output = |bytes: &[u8]| {
                    out.extend_from_slice(bytes);
                    Ok(())
                };
                let mut decoder = Decoder::for_encoding(encoding);
                let mut rest = &packed[..];
                for cut in cuts.iter().cycle() {
                    let (chunk, after) = rest.split_at(rest.len().min(*cut));
                    decoder.push(chunk, &mut output).unwrap();
                    rest = after;
                    if rest.is_empty() {
                        break;
                    }
                }
                decoder.finish(&mut output).unwrap();
                prop_assert_eq!(&out, &content);
            }
        }

        #[test]
        fn any_bytes_are_decompressed_or_an_error(encoding: String, body: Vec<u8>, cut: usize) {
            for encoding in ["gzip", "deflate", "gzip, deflate", "deflate, gzip", &encoding] {
                let _ = unpack(encoding, &body);
                let mut packed = gzip(&body);
                packed.truncate(cut % (packed.len() + 1));
                let _ = unpack(encoding, &packed);
            }
        }
    }
}
