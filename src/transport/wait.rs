//! Files that keep their caller waiting: a pipe without its other end, a slow device, a network
//! share that does not answer.
//!
//! Nothing here waits longer than [`MAX_WAIT`], but for a system that does not come back from
//! opening a file. A signal ends each wait with [`io::ErrorKind::Interrupted`], as the standard
//! library's own functions do not, so that Ctrl-C can be answered.

use std::{fs::File, io, path::Path, time::Duration};

/// How long one wait lasts at most.
pub const MAX_WAIT: Duration = Duration::from_millis(40);

/// How much can be written at once to a pipe that has buffer: more may wait for the reader.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) const MAX_PIPE_WRITE: usize = 4096;
/// As POSIX promises it at least.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
pub(super) const MAX_PIPE_WRITE: usize = 512;
/// Nothing is known of it.
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
        // Elsewhere a pipe without a writer would seem to be at its end.
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
                // Nobody reads it yet, and nothing tells when somebody does.
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

    pub(in crate::transport) fn is_readable(_file: &File) -> io::Result<bool> {
        Ok(true)
    }

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

/// Opens a file to read it. A pipe without a writer is opened at once; [`is_readable`] then
/// tells when there is something.
pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    system::open_to_read(path)
}

/// Opens an existing file to write to it, and leaves its content as it is.
pub(super) fn open_to_write(path: &Path) -> io::Result<File> {
    system::open_to_write(path)
}

/// Opens a pipe to write to it; `None` when nobody has opened it to read for a while.
pub(super) fn open_pipe_to_write(path: &Path) -> io::Result<Option<File>> {
    system::open_pipe_to_write(path)
}

/// Whether reading would not wait; tells after [`MAX_WAIT`] that it would.
pub(super) fn is_readable(file: &File) -> io::Result<bool> {
    system::is_readable(file)
}

/// Whether writing up to [`MAX_PIPE_WRITE`] bytes would not wait; tells after [`MAX_WAIT`] that it would.
pub(super) fn is_writable(file: &File) -> io::Result<bool> {
    system::is_writable(file)
}

/// Reads at a place of a file that has not been read from yet.
pub(super) fn read_at(file: &mut File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    system::read_at(file, buffer, offset)
}
