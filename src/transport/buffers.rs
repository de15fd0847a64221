//! A pool of buffers for reading files. A buffer is reused once its bytes have been sent.
//!
//! The system clears newly allocated memory, which takes as long as reading a file from the page
//! cache.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

/// The alignment of a buffer in bytes. Large blocks from the allocator begin 16 bytes after the
/// start of a page. Some processors copy a page to such an address four times slower.
const ALIGNMENT: usize = 64;

/// The buffers that are not in use.
#[derive(Clone, Default)]
pub(super) struct Buffers(Arc<Mutex<Vec<Vec<u8>>>>);

impl Buffers {
    fn lock(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads at most `max_length` bytes into a buffer and returns them.
    pub(super) fn fill<E>(
        &self,
        max_length: usize,
        read: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Result<Bytes, E> {
        let spare = self.lock().pop().filter(|memory| memory.len() >= max_length + ALIGNMENT);
        let memory = spare.unwrap_or_else(|| vec![0; max_length + ALIGNMENT]);
        let start = memory.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT);
        let mut chunk = Chunk { memory, start, end: start, buffers: self.clone() };
        chunk.end += read(&mut chunk.memory[start..start + max_length])?;
        Ok(Bytes::from_owner(chunk))
    }
}

/// Bytes in a buffer. The buffer goes back to the pool when they are dropped.
struct Chunk {
    memory: Vec<u8>,
    start: usize,
    end: usize,
    buffers: Buffers,
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        &self.memory[self.start..self.end]
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.memory);
        self.buffers.lock().push(memory);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_reused_after_its_bytes_are_dropped() {
        let buffers = Buffers::default();
        let fill = |text: &'static [u8]| {
            let read = |buffer: &mut [u8]| {
                buffer[..text.len()].copy_from_slice(text);
                Ok::<_, ()>(text.len())
            };
            buffers.fill(100, read).unwrap()
        };
        let first = fill(b"first");
        let address = first.as_ptr();
        assert_eq!(address.align_offset(ALIGNMENT), 0);
        let part = first.slice(1..3);
        drop(first);
        let second = fill(b"second");
        assert_ne!(second.as_ptr(), address);
        assert_eq!((&part[..], &second[..]), (&b"ir"[..], &b"second"[..]));
        drop(part);
        let third = fill(b"3");
        assert_eq!(third.as_ptr(), address);
        assert_eq!(&third[..], b"3");
    }

    #[test]
    fn a_buffer_goes_back_to_the_pool_when_reading_fails() {
        let buffers = Buffers::default();
        assert_eq!(buffers.fill(10, |_| Err("broken")), Err("broken"));
        assert_eq!(buffers.lock().len(), 1);
        let larger = buffers.fill(20, |buffer| Ok::<_, ()>(buffer.len()));
        assert_eq!(larger.unwrap().len(), 20);
    }
}
