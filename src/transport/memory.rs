//! Response bodies in memory, with limits on their size.

use bytes::Bytes;

use super::decode::{bomb_error, is_bomb, Decoder, BOMB_SIZE};
use crate::error::{Error, Result, Transport};

/// The largest body that is kept in memory, in bytes.
const MAX_SIZE: usize = 4 << 30;

/// A body that is received into memory.
#[derive(Default)]
pub struct MemoryBody {
    body: Vec<u8>,
    received: usize,
}

impl MemoryBody {
    /// Reserves memory for a body of this length.
    ///
    /// # Errors
    /// If the length exceeds the limit.
    pub fn reserve(&mut self, length: usize) -> Result<()> {
        if length > MAX_SIZE {
            return Err(too_large());
        }
        // A large length is not trusted. If memory is short, `write` returns the error.
        drop(self.body.try_reserve_exact(length.min(BOMB_SIZE)));
        Ok(())
    }

    /// Decompresses and appends received bytes.
    ///
    /// # Errors
    /// If the compressed data is invalid, or the body becomes too large.
    pub fn receive(&mut self, chunk: &[u8], decoder: &mut Decoder) -> Result<()> {
        self.received += chunk.len();
        decoder.push(chunk, &mut |bytes| self.write(bytes))
    }

    /// Appends decompressed bytes.
    ///
    /// # Errors
    /// If the body becomes too large.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let size = self.body.len() + bytes.len();
        if size > MAX_SIZE {
            return Err(too_large());
        }
        if is_bomb(self.received, size) {
            return Err(bomb_error());
        }
        self.body.try_reserve(bytes.len()).map_err(|_| {
            let message = format!("There is no memory for more than {size} bytes of the answer.");
            Error::transport(Transport::OutOfMemory, message)
        })?;
        self.body.extend_from_slice(bytes);
        Ok(())
    }

    /// The complete body.
    ///
    /// # Errors
    /// As [`Self::receive`].
    pub fn finish(mut self, decoder: &mut Decoder) -> Result<Bytes> {
        decoder.finish(&mut |bytes| self.write(bytes))?;
        Ok(self.body.into())
    }

    /// The body received so far.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.body.into()
    }
}

fn too_large() -> Error {
    let message = "The answer is larger than 4 GiB, too large to be kept in memory.";
    Error::transport(Transport::TooLarge, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_above_the_limit_is_an_error() {
        assert!(MemoryBody::default().reserve(MAX_SIZE).is_ok());
        assert!(MemoryBody::default().reserve(MAX_SIZE + 1).is_err());
    }

    #[test]
    fn a_decompression_bomb_is_an_error() {
        let mut body = MemoryBody { body: Vec::new(), received: 1000 };
        let block = vec![0; 16 << 20];
        let outcomes: Vec<bool> = (0..5).map(|_| body.write(&block).is_ok()).collect();
        assert_eq!(outcomes, [true, true, true, true, false]);
        body.received = 80 << 20;
        assert!(body.write(&block).is_ok());
    }
}
