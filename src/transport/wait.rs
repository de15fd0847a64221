//! Reading and writing files that may block: pipes, slow devices, network shares.
//!
//! Each function blocks for [`MAX_WAIT`] at most, except that opening a file may block longer.
//! Unlike in the standard library, a signal ends the wait with [`io::ErrorKind::Interrupted`], so
//! that Ctrl-C is handled.

use std::{fs::File, io, path::Path, time::Duration};

/// The longest time that one wait blocks.
pub const MAX_WAIT: Duration = Duration::from_millis(40);

/// How many bytes can be written to a writable pipe without blocking.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) const MAX_PIPE_WRITE: usize = 4096;
/// The minimum that POSIX guarantees.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
pub(super) const MAX_PIPE_WRITE: usize = 512;
/// Unknown on other systems.
#[cfg(not(unix))]
pub(super) const MAX_PIPE_WRITE: usize = 64 * 1024;

#[cfg(unix)]
mod system {
    use std::{
        fs::{self, File},
        io,
        os::{
            fd::AsFd,
            unix::fs::{FileExt as _, FileTypeExt as _},
        },
        path::Path,
    };

    use nix::{
        errno::Errno,
        fcntl::OFlag,
        poll::{poll, PollFd, PollFlags, PollTimeout},
        sys::stat::Mode,
    };

    use super::MAX_WAIT;

    fn open(path: &Path, flags: OFlag) -> io::Result<File> {
        Ok(nix::fcntl::open(path, flags | OFlag::O_CLOEXEC, Mode::empty())?.into())
    }

    pub(in crate::transport) fn open_to_read(path: &Path) -> io::Result<File> {
        let mut flags = OFlag::O_RDONLY;
        // On other systems, reading a pipe without a writer in non-blocking mode returns the end of
        // the file.
        let waits = cfg!(any(target_os = "linux", target_os = "android"));
        if waits && fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo()) {
            flags |= OFlag::O_NONBLOCK;
        }
        let file = open(path, flags)?;
        if file.metadata()?.is_dir() {
            return Err(Errno::EISDIR.into());
        }
        Ok(file)
    }

    pub(in crate::transport) fn open_to_write(path: &Path) -> io::Result<File> {
        open(path, OFlag::O_WRONLY)
    }

    pub(in crate::transport) fn open_pipe_to_write(path: &Path) -> io::Result<Option<File>> {
        match open(path, OFlag::O_WRONLY | OFlag::O_NONBLOCK) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.raw_os_error() == Some(Errno::ENXIO as i32) => {
                // No process reads the pipe yet, and there is no event for when one does.
                poll(&mut [], PollTimeout::from(10_u8))?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn is_ready(file: &File, wanted: PollFlags) -> io::Result<bool> {
        let timeout = PollTimeout::try_from(MAX_WAIT).unwrap_or(PollTimeout::ZERO);
        Ok(poll(&mut [PollFd::new(file.as_fd(), wanted)], timeout)? > 0)
    }

    pub(in crate::transport) fn is_readable(file: &File) -> io::Result<bool> {
        is_ready(file, PollFlags::POLLIN)
    }

    pub(in crate::transport) fn is_writable(file: &File) -> io::Result<bool> {
        is_ready(file, PollFlags::POLLOUT)
    }

    pub(in crate::transport) fn read_at(
        file: &mut File,
        buffer: &mut [u8],
        offset: u64,
    ) -> io::Result<usize> {
        file.read_at(buffer, offset)
    }
}

#[cfg(not(unix))]
mod system {
    use std::{
        fs::{File, OpenOptions},
        io::{self, Read as _, Seek as _, SeekFrom},
        path::Path,
    };

    pub(in crate::transport) fn open_to_read(path: &Path) -> io::Result<File> {
        File::open(path)
    }

    pub(in crate::transport) fn open_to_write(path: &Path) -> io::Result<File> {
        OpenOptions::new().write(true).open(path)
    }

    pub(in crate::transport) fn open_pipe_to_write(path: &Path) -> io::Result<Option<File>> {
        open_to_write(path).map(Some)
    }

    #[expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
    pub(in crate::transport) fn is_readable(_file: &File) -> io::Result<bool> {
        Ok(true)
    }

    #[expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
    pub(in crate::transport) fn is_writable(_file: &File) -> io::Result<bool> {
        Ok(true)
    }

    pub(in crate::transport) fn read_at(
        file: &mut File,
        buffer: &mut [u8],
        offset: u64,
    ) -> io::Result<usize> {
        file.seek(SeekFrom::Start(offset))?;
        let outcome = file.read(buffer);
        file.rewind()?;
        outcome
    }
}

/// Opens a file for reading. Opening a pipe does not wait for a writer; [`is_readable`] waits for
/// data.
pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    system::open_to_read(path)
}

/// Opens an existing file for writing. Its content is kept.
pub(super) fn open_to_write(path: &Path) -> io::Result<File> {
    system::open_to_write(path)
}

/// Opens a pipe for writing. Returns `None` after a short wait if no process reads it.
pub(super) fn open_pipe_to_write(path: &Path) -> io::Result<Option<File>> {
    system::open_pipe_to_write(path)
}

/// Whether reading would not block. Returns false after [`MAX_WAIT`].
pub(super) fn is_readable(file: &File) -> io::Result<bool> {
    system::is_readable(file)
}

/// Whether writing up to [`MAX_PIPE_WRITE`] bytes would not block. Returns false after
/// [`MAX_WAIT`].
pub(super) fn is_writable(file: &File) -> io::Result<bool> {
    system::is_writable(file)
}

/// Reads at an offset. The file must not have been read from before.
pub(super) fn read_at(file: &mut File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    system::read_at(file, buffer, offset)
}
