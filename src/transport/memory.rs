//! A body that is body in memory, up to what a machine can bear.

use bytes::Bytes;

use super::decode::{bomb_error, is_bomb, Decoder, BOMB_SIZE};
use crate::error::{Error, Result, Transport};

/// The largest body that is body, in bytes.
const MAX_SIZE: usize = 4 << 30;

/// A body on its way into memory.
#[derive(Default)]
pub struct MemoryBody {
    body: Vec<u8>,
    received: usize,
}

impl MemoryBody {
    /// Prepares for a body of so many bytes.
    ///
    /// # Errors
    /// When that is too large.
    pub fn reserve(&mut self, length: usize) -> Result<()> {
        if length > MAX_SIZE {
            return Err(too_large());
        }
        // As far as the number can be believed; where there is no room, writing will tell.
        drop(self.body.try_reserve_exact(length.min(BOMB_SIZE)));
        Ok(())
    }

    /// Takes what has arrived.
    ///
    /// # Errors
    /// When its compression is broken, and when the body becomes too large.
    pub fn receive(&mut self, chunk: &[u8], decoder: &mut Decoder) -> Result<()> {
        self.received += chunk.len();
        decoder.push(chunk, &mut |bytes| self.write(bytes))
    }

    /// Takes unpacked bytes.
    ///
    /// # Errors
    /// When the body becomes too large.
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

    /// The body, when all of it has arrived.
    ///
    /// # Errors
    /// As [`Self::receive`].
    pub fn finish(mut self, decoder: &mut Decoder) -> Result<Bytes> {
        decoder.finish(&mut |bytes| self.write(bytes))?;
        Ok(self.body.into())
    }

    /// The body as it stands.
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
    fn what_says_that_it_is_too_large_is_believed() {
        assert!(MemoryBody::default().reserve(MAX_SIZE).is_ok());
        assert!(MemoryBody::default().reserve(MAX_SIZE + 1).is_err());
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let mut body = MemoryBody { body: Vec::new(), received: 1000 };
        let block = vec![0; 16 << 20];
        let outcomes: Vec<bool> = (0..5).map(|_| body.write(&block).is_ok()).collect();
        assert_eq!(outcomes, [true, true, true, true, false]);
        body.received = 80 << 20;
        assert!(body.write(&block).is_ok());
    }
}
