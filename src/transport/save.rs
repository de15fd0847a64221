//! Saving a download: the target is complete or unchanged, whenever that is possible.
//!
//! Normally, a new file replaces the target when it is complete. If the file system supports it,
//! the new file has no name until then, so that nothing is left behind if the process is killed.
//!
//! Some targets are written in place, because replacing them would lose something: a second hard
//! link, the owner, extended attributes, or the content behind a handle that is open in this
//! process. The download is then received into another file and copied at the end. It is written to
//! the target directly if that is not a regular file, or if there is no space for a second copy.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use tempfile::{NamedTempFile, TempPath};

use super::wait::{self, MAX_PIPE_WRITE, MAX_WAIT};
use crate::error::{Error, Result};

/// How many bytes are collected before they are written.
const BUFFER_SIZE: usize = 64 * 1024;
/// How many bytes are moved at once when the disk is full.
const MOVE_SIZE: usize = 1024 * 1024;

enum Destination {
    /// A new file replaces the target at the end.
    Replacement {
        new_file: NewFile,
        /// The target, with symbolic links resolved.
        target: PathBuf,
        /// Whether the target exists.
        replaces: bool,
    },
    /// The target is overwritten at the end with what is received into another file.
    InPlace { target: File, temporary: Option<File> },
    /// The target is not a regular file. It is opened when the response has arrived.
    Special { file: Option<File>, is_pipe: bool },
}

/// A download that is being saved.
pub struct Download {
    /// The target, as named by the caller.
    target_path: PathBuf,
    destination: Destination,
    /// Bytes that have not been written yet, ...
    pending: Vec<u8>,
    /// ... and how many of them a special file has accepted.
    pending_written: usize,
    /// How many bytes have been written in all.
    total_written: u64,
    /// The minimal size of the file.
    expected_length: u64,
    /// Whether the target has been emptied to free space.
    emptied: bool,
}

impl Download {
    /// Prepares a download and leaves the target unchanged.
    ///
    /// # Errors
    /// If the target cannot be written.
    pub fn begin(target_path: &Path) -> Result<Self> {
        loop {
            match Self::begin_interruptible(target_path) {
                Err(error) if error.is_interrupted() => {}
                outcome => return outcome,
            }
        }
    }

    /// Like [`Self::begin`], but a signal ends it with [`io::ErrorKind::Interrupted`].
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn begin_interruptible(target_path: &Path) -> Result<Self> {
        let destination = prepare(target_path).map_err(|source| Error::io(target_path, source))?;
        Ok(Self {
            target_path: target_path.to_owned(),
            destination,
            pending: Vec::new(),
            pending_written: 0,
            total_written: 0,
            expected_length: 0,
            emptied: false,
        })
    }

    /// Sets the minimal size of the file, in bytes.
    pub const fn set_expected_length(&mut self, length: u64) {
        self.expected_length = length;
    }

    /// Writes bytes. Waits until a special file has accepted them.
    ///
    /// # Errors
    /// If the bytes cannot be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.push(bytes)?;
        while !self.advance()? {}
        Ok(())
    }

    /// Adds bytes. For a special file, such as a pipe, [`Self::advance`] writes them.
    ///
    /// # Errors
    /// If the bytes cannot be written.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let is_special = matches!(self.destination, Destination::Special { .. });
        if !is_special && self.pending.len() + bytes.len() > BUFFER_SIZE {
            self.write_pending()?;
            if bytes.len() >= BUFFER_SIZE {
                return self.write_to_file(bytes).map_err(|source| self.error(source));
            }
        }
        self.pending.extend_from_slice(bytes);
        Ok(())
    }

    /// Writes pending bytes to a special file, for [`MAX_WAIT`] at most. Returns false if some are
    /// left: call it again then.
    ///
    /// # Errors
    /// If the bytes cannot be written.
    pub fn advance(&mut self) -> Result<bool> {
        match self.advance_once() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(false),
            outcome => outcome.map_err(|source| self.error(source)),
        }
    }

    /// Completes the download: the target gets its new content.
    ///
    /// # Errors
    /// If the target cannot be written.
    pub fn finish(mut self) -> Result<()> {
        while !self.advance()? {}
        self.write_pending()?;
        let outcome = match self.destination {
            Destination::Replacement { new_file, target, replaces } => {
                new_file.persist(&target).or_else(|mut failed| match &mut failed.content {
                    // On Windows, another download may have created the target meanwhile.
                    Some(content) if replaces || cfg!(windows) => {
                        let open = || retry_interrupted(|| wait::open_to_write(&self.target_path));
                        match retry_denied(open) {
                            Ok(target) => copy(content, target),
                            Err(error) => Err(if replaces { error } else { failed.error }),
                        }
                    }
                    _ => Err(failed.error),
                })
            }
            Destination::InPlace { target, temporary: Some(mut temporary) } => {
                copy(&mut temporary, target)
            }
            Destination::InPlace { target, temporary: None } => {
                // The body is empty, so the target becomes empty.
                let emptied = if self.total_written == 0 { target.set_len(0) } else { Ok(()) };
                emptied.and_then(|()| close(target))
            }
            Destination::Special { file, .. } => file.map_or(Ok(()), close),
        };
        outcome.map_err(|source| Error::io(&self.target_path, source))
    }

    /// Whether the target is unchanged, so that the download can be retried.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        !self.emptied
            && match &self.destination {
                Destination::Replacement { .. }
                | Destination::InPlace { temporary: Some(_), .. } => true,
                Destination::InPlace { temporary: None, .. } => self.total_written == 0,
                Destination::Special { file, .. } => file.is_none(),
            }
    }

    fn error(&self, source: io::Error) -> Error {
        Error::io(&self.target_path, source)
    }

    fn advance_once(&mut self) -> io::Result<bool> {
        let Destination::Special { file, is_pipe } = &mut self.destination else { return Ok(true) };
        let until = Instant::now() + MAX_WAIT;
        let file = match file {
            Some(file) => file,
            None if *is_pipe => match wait::open_pipe_to_write(&self.target_path)? {
                Some(opened) => file.insert(opened),
                None => return Ok(false),
            },
            None => file.insert(wait::open_to_write(&self.target_path)?),
        };
        while self.pending_written < self.pending.len() {
            if Instant::now() >= until || !wait::is_writable(file)? {
                return Ok(false);
            }
            let left = &self.pending[self.pending_written..];
            match file.write(&left[..left.len().min(MAX_PIPE_WRITE)]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => self.pending_written += written,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        self.pending.clear();
        self.pending_written = 0;
        Ok(true)
    }

    /// Writes the pending bytes to a regular file.
    fn write_pending(&mut self) -> Result<()> {
        let pending = std::mem::take(&mut self.pending);
        self.write_to_file(&pending).map_err(|source| self.error(source))?;
        self.pending = pending;
        self.pending.clear();
        Ok(())
    }

    fn write_to_file(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let file = match &mut self.destination {
                Destination::Replacement { new_file, .. } => new_file.file(),
                Destination::InPlace { temporary: Some(temporary), .. } => temporary,
                Destination::InPlace { target, temporary: None } => {
                    if self.total_written == 0 {
                        target.set_len(0)?;
                    }
                    target
                }
                Destination::Special { file: Some(file), .. } => file,
                Destination::Special { file: None, .. } => return Ok(()),
            };
            match file.write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    self.total_written += written as u64;
                    bytes = &bytes[written..];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_full(&error) && !self.emptied && self.free_space()? => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Empties the target to free space on a full disk. Returns false if that would not be enough.
    fn free_space(&mut self) -> io::Result<bool> {
        self.emptied = true;
        let missing = self.expected_length.saturating_sub(self.total_written);
        match &mut self.destination {
            Destination::Replacement { replaces: true, new_file, .. } => {
                let target = retry_interrupted(|| wait::open_to_write(&self.target_path))?;
                if missing > freeable_space(&target, new_file.file())? {
                    return Ok(false);
                }
                target.set_len(0)?;
                Ok(true)
            }
            Destination::InPlace { target, temporary } => {
                let Some(from) = temporary else { return Ok(false) };
                if missing > freeable_space(target, from)? {
                    return Ok(false);
                }
                target.set_len(0)?;
                move_content(from, target)?;
                *temporary = None;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

/// Chooses how the target is written, and prepares it.
fn prepare(target_path: &Path) -> io::Result<Destination> {
    if target_path.as_os_str().is_empty() {
        return Err(io::ErrorKind::NotFound.into());
    }
    if cfg!(windows) && is_windows_device(target_path) {
        return Ok(Destination::Special { file: None, is_pipe: false });
    }
    let existing = match retry_denied(|| fs::metadata(target_path)) {
        Ok(metadata) => metadata,
        // The name of an existing file with a separator at its end. Linux reports a directory when
        // such a file is created.
        Err(error)
            if error.kind() == io::ErrorKind::NotADirectory
                && is_file_with_separator(target_path) =>
        {
            return Err(io::ErrorKind::IsADirectory.into())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return prepare_new(target_path),
        // For example, the name is too long, or a folder is not accessible.
        Err(error) => return Err(error),
    };
    if !existing.is_file() && !existing.is_dir() {
        return Ok(Destination::Special { file: None, is_pipe: is_pipe(&existing) });
    }
    // A target that cannot be written, such as a folder, is an error now, not after the transfer.
    let open = || wait::open_to_write(target_path);
    let target = if existing.is_file() { retry_denied(open)? } else { open()? };
    let existing = target.metadata()?;
    // The file has been removed and is named by a handle, as in /dev/fd: it cannot be replaced.
    let Ok(path) = fs::canonicalize(target_path) else { return Ok(in_place(target, None)) };
    if is_shared(&existing, &target)? {
        return Ok(in_place(target, Some(&path)));
    }
    if let Ok(mut new_file) = NewFile::create(folder_of(&path), Some(&existing)) {
        if copy_attributes(new_file.file(), &existing, &target) {
            return Ok(Destination::Replacement { new_file, target: path, replaces: true });
        }
    }
    Ok(in_place(target, Some(&path)))
}

fn prepare_new(target_path: &Path) -> io::Result<Destination> {
    let target = resolve_links(target_path);
    let folder = folder_of(&target);
    if ends_with_separator(target_path) {
        // An error of the folder itself comes first.
        fs::metadata(folder)?;
        return Err(error_of_folder_name(target_path));
    }
    let new_file = NewFile::create(folder, None)?;
    Ok(Destination::Replacement { new_file, target, replaces: false })
}

/// A target that is overwritten at the end, with a temporary file for the download.
fn in_place(target: File, path: Option<&Path>) -> Destination {
    let beside = path.and_then(|path| tempfile::tempfile_in(folder_of(path)).ok());
    // Without a temporary file, the target is written directly.
    let temporary = beside.or_else(|| tempfile::tempfile().ok());
    Destination::InPlace { target, temporary }
}

/// Whether a name ends with a separator.
fn ends_with_separator(target_path: &Path) -> bool {
    let last = target_path.as_os_str().as_encoded_bytes().last();
    last.is_some_and(|byte| std::path::is_separator(char::from(*byte)))
}

/// The error for creating a file whose name ends with a separator: the one that the system has for
/// it.
#[cfg(windows)]
fn error_of_folder_name(target_path: &Path) -> io::Error {
    match File::options().write(true).create_new(true).open(target_path) {
        Ok(_) => io::ErrorKind::IsADirectory.into(),
        Err(error) => error,
    }
}

#[cfg(not(windows))]
fn error_of_folder_name(_target_path: &Path) -> io::Error {
    io::ErrorKind::IsADirectory.into()
}

/// Whether a name is that of an existing file, but ends with a separator.
fn is_file_with_separator(target_path: &Path) -> bool {
    // The path without the separator at its end.
    ends_with_separator(target_path) && fs::metadata(target_path.components().as_path()).is_ok()
}

/// Whether a path names a Windows device. Device names such as `NUL` are valid in every folder.
fn is_windows_device(path: &Path) -> bool {
    let text = path.to_string_lossy().replace('/', "\\");
    if text.starts_with(r"\\.\") {
        return true;
    }
    let name = text.rsplit('\\').next().unwrap_or_default();
    let stem = name.split(['.', ':']).next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |kind| stem.strip_prefix(kind).is_some_and(is_device_number);
    matches!(stem.as_str(), "NUL" | "CON" | "AUX" | "PRN" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}

fn is_device_number(text: &str) -> bool {
    matches!(text, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The target of a symbolic link that does not exist yet.
fn resolve_links(target_path: &Path) -> PathBuf {
    let mut path = target_path.to_owned();
    // The limit of Linux.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or_else(|| Path::new("")).join(next),
            Err(_) => break,
        }
    }
    path
}

/// Repeats `work` while signals interrupt it.
fn retry_interrupted<T>(mut work: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match work() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => return outcome,
        }
    }
}

/// Repeats `work` for a tenth of a second while Windows denies it. It does so with a file that
/// another thread or process is replacing at the same time.
fn retry_denied<T>(mut work: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    const ERROR_ACCESS_DENIED: i32 = 5;
    const ERROR_SHARING_VIOLATION: i32 = 32;
    const PAUSE: Duration = Duration::from_millis(10);
    for _ in 0..10 {
        match work() {
            Err(error)
                if cfg!(windows)
                    && matches!(
                        error.raw_os_error(),
                        Some(ERROR_ACCESS_DENIED | ERROR_SHARING_VIOLATION)
                    ) =>
            {
                std::thread::sleep(PAUSE);
            }
            outcome => return outcome,
        }
    }
    work()
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Replaces the content of an existing file.
fn copy(from: &mut File, mut target: File) -> io::Result<()> {
    from.rewind()?;
    target.set_len(0)?;
    match io::copy(from, &mut target) {
        Ok(_) => {}
        Err(error) if is_full(&error) => {
            target.set_len(0)?;
            move_content(from, &mut target)?;
        }
        Err(error) => return Err(error),
    }
    close(target)
}

/// Moves the content of a file into an empty one. It begins at the end and truncates the source, so
/// that both together never need more space than the content.
fn move_content(from: &mut File, target: &mut File) -> io::Result<()> {
    let length = from.seek(SeekFrom::End(0))?;
    let mut buffer = vec![0; MOVE_SIZE];
    let mut left = length;
    while left > 0 {
        let size = left.min(MOVE_SIZE as u64);
        left -= size;
        let piece = &mut buffer[..usize::try_from(size).unwrap_or(MOVE_SIZE)];
        from.seek(SeekFrom::Start(left))?;
        from.read_exact(piece)?;
        from.set_len(left)?;
        target.seek(SeekFrom::Start(left))?;
        target.write_all(piece)?;
    }
    target.seek(SeekFrom::Start(length))?;
    Ok(())
}

/// Closes a file and returns the error. Network file systems report a full disk or an exceeded
/// quota only here.
#[cfg(unix)]
fn close(file: File) -> io::Result<()> {
    match nix::unistd::close(file) {
        // The file is closed nevertheless.
        Ok(()) | Err(nix::errno::Errno::EINTR) => Ok(()),
        Err(code) => Err(code.into()),
    }
}

#[cfg(not(unix))]
fn close(mut file: File) -> io::Result<()> {
    file.flush()
}

/// A new file that replaces the target.
enum NewFile {
    /// A file without a name. The system removes it with the process.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    Unnamed(File),
    /// A file next to the target. It is removed when it is dropped.
    Named(NamedTempFile),
}

/// The error of a file that could not replace the target, and the file's content.
struct PersistError {
    error: io::Error,
    content: Option<File>,
    /// Removes the file when it is dropped.
    _path: Option<TempPath>,
}

impl PersistError {
    const fn without_content(error: io::Error) -> Self {
        Self { error, content: None, _path: None }
    }
}

impl NewFile {
    /// Creates a file in a folder: with the default permissions, or for its owner only if it
    /// replaces another file.
    fn create(folder: &Path, replaced: Option<&fs::Metadata>) -> io::Result<Self> {
        let mode = mode_of(replaced);
        #[cfg(any(target_os = "linux", target_os = "android"))]
        if let Some(file) = unnamed::create(folder, mode) {
            return Ok(Self::Unnamed(file));
        }
        create_named(folder, mode).map(Self::Named)
    }

    fn file(&mut self) -> &mut File {
        match self {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            Self::Unnamed(file) => file,
            Self::Named(file) => file.as_file_mut(),
        }
    }

    /// Closes the file and gives it the name of the target.
    fn persist(self, target: &Path) -> std::result::Result<(), PersistError> {
        match self {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            Self::Unnamed(file) => {
                // The file can get a name only while it is open. Closing a second handle first
                // reports the errors of closing.
                let closed = file.try_clone().and_then(close);
                closed.map_err(PersistError::without_content)?;
                match unnamed::persist(&file, target) {
                    Ok(()) => close(file).map_err(PersistError::without_content),
                    Err(error) => Err(PersistError { error, content: Some(file), _path: None }),
                }
            }
            Self::Named(file) => {
                let (file, path) = file.into_parts();
                close(file).map_err(PersistError::without_content)?;
                // The library's own function takes no long paths on Windows.
                match retry_denied(|| fs::rename(&path, target)) {
                    // Nothing is left to remove.
                    Ok(()) => drop(path.keep()),
                    Err(error) => {
                        let content = File::open(&path).ok();
                        return Err(PersistError { error, content, _path: Some(path) });
                    }
                }
                Ok(())
            }
        }
    }
}

/// A new file with a name in a folder. It is removed when it is dropped.
fn create_named(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    // Opened here because the library's own errors contain the path and hide the system's error
    // code.
    let open = |path: &Path| {
        let mut options = fs::OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        #[cfg(not(unix))]
        let _ = mode;
        options.read(true).write(true).create_new(true).open(path)
    };
    tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).make_in(folder, open)
}

/// The names of files that are being downloaded.
const PREFIX: &str = ".gazu-";
const SUFFIX: &str = ".part";

/// Files without a name (`O_TMPFILE`).
#[cfg(any(target_os = "linux", target_os = "android"))]
mod unnamed {
    use std::{
        collections::hash_map::RandomState,
        fs::{self, File},
        hash::BuildHasher as _,
        io,
        os::{fd::AsRawFd as _, unix::fs::MetadataExt as _},
        path::{Path, PathBuf},
    };

    use nix::{
        errno::Errno,
        fcntl::{AtFlags, OFlag, AT_FDCWD},
        sys::stat::Mode,
    };

    use super::{PREFIX, SUFFIX};

    /// How many names are tried.
    const TRIES: usize = 100;

    /// Creates a file without a name. Returns `None` if the file system does not support it.
    pub(super) fn create(folder: &Path, mode: u32) -> Option<File> {
        let flags = OFlag::O_TMPFILE | OFlag::O_RDWR | OFlag::O_CLOEXEC;
        let file: File =
            nix::fcntl::open(folder, flags, Mode::from_bits_truncate(mode)).ok()?.into();
        // Without /proc the file could not get a name. Old kernels did not apply the umask.
        let metadata = file.metadata().ok()?;
        let is_usable = fs::metadata(path_of(&file)).is_ok() && metadata.mode() & 0o777 != 0o666;
        is_usable.then_some(file)
    }

    fn path_of(file: &File) -> PathBuf {
        format!("/proc/self/fd/{}", file.as_raw_fd()).into()
    }

    fn link(file: &File, name: &Path) -> nix::Result<()> {
        let flags = AtFlags::AT_SYMLINK_FOLLOW;
        nix::unistd::linkat(AT_FDCWD, &path_of(file), AT_FDCWD, name, flags)
    }

    /// Gives a file the name of the target.
    pub(super) fn persist(file: &File, target: &Path) -> io::Result<()> {
        match link(file, target) {
            Err(Errno::EEXIST) => {}
            outcome => return Ok(outcome?),
        }
        for _ in 0..TRIES {
            let number = RandomState::new().hash_one(0_u8);
            let name = super::folder_of(target).join(format!("{PREFIX}{number:016x}{SUFFIX}"));
            match link(file, &name) {
                Ok(()) => {
                    return fs::rename(&name, target).inspect_err(|_| {
                        // Report the error of the rename.
                        let _ = fs::remove_file(&name);
                    });
                }
                Err(Errno::EEXIST) => {}
                Err(code) => return Err(code.into()),
            }
        }
        Err(Errno::EEXIST.into())
    }
}

#[cfg(unix)]
fn is_pipe(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
const fn is_pipe(_metadata: &fs::Metadata) -> bool {
    false
}

/// The mode of a new file: the default, or for the owner only while it lacks the permissions of the
/// file that it replaces.
#[cfg(unix)]
fn mode_of(replaced: Option<&fs::Metadata>) -> u32 {
    use std::os::unix::fs::MetadataExt as _;
    replaced.map_or(0o666, |replaced| replaced.mode() & 0o700)
}

#[cfg(not(unix))]
const fn mode_of(_replaced: Option<&fs::Metadata>) -> u32 {
    0o666
}

/// Whether a file has no name or several names, or is open elsewhere in this process. Replacing it
/// would leave the old content there.
#[cfg(unix)]
fn is_shared(existing: &fs::Metadata, opened: &File) -> io::Result<bool> {
    use std::os::{fd::AsRawFd as _, unix::fs::MetadataExt as _};
    if existing.nlink() != 1 {
        return Ok(true);
    }
    let linux = cfg!(any(target_os = "linux", target_os = "android"));
    let own = opened.as_raw_fd().to_string();
    let Ok(handles) = fs::read_dir(if linux { "/proc/self/fd" } else { "/dev/fd" }) else {
        return Ok(false);
    };
    for handle in handles {
        let handle = handle?;
        // A handle that was closed in the meantime.
        let Ok(other) = fs::metadata(handle.path()) else { continue };
        let is_same = (other.dev(), other.ino()) == (existing.dev(), existing.ino());
        if is_same && handle.file_name() != own.as_str() {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
const fn is_shared(_existing: &fs::Metadata, _opened: &File) -> io::Result<bool> {
    Ok(false)
}

/// Gives a new file the owner, the permissions and the attributes of an existing one. Returns false
/// if that is not possible.
#[cfg(unix)]
fn copy_attributes(new_file: &File, existing: &fs::Metadata, target: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    use nix::unistd::{fchown, Gid, Uid};
    let copy = || -> io::Result<bool> {
        let made = new_file.metadata()?;
        let owner = (made.uid() != existing.uid()).then(|| Uid::from_raw(existing.uid()));
        let group = (made.gid() != existing.gid()).then(|| Gid::from_raw(existing.gid()));
        if owner.is_some() || group.is_some() {
            fchown(new_file, owner, group)?;
        }
        new_file.set_permissions(existing.permissions())?;
        Ok(attributes_of(new_file)? == attributes_of(target)?)
    };
    copy().unwrap_or(false)
}

#[cfg(not(unix))]
fn copy_attributes(new_file: &File, existing: &fs::Metadata, _target: &File) -> bool {
    new_file.set_permissions(existing.permissions()).is_ok()
}

/// The extended attributes of a file, including access control lists.
#[cfg(unix)]
fn attributes_of(
    file: &File,
) -> io::Result<std::collections::BTreeMap<std::ffi::OsString, Option<Vec<u8>>>> {
    use xattr::FileExt as _;
    let names = match file.list_xattr() {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok([].into()),
        names => names?,
    };
    names.map(|name| file.get_xattr(&name).map(|value| (name, value))).collect()
}

/// How many bytes become free when the target is emptied: its size on the full file system. If it
/// is on another file system, the free space there is unknown, and no limit is assumed.
#[cfg(unix)]
fn freeable_space(target: &File, temporary: &File) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt as _;
    let (target, temporary) = (target.metadata()?, temporary.metadata()?);
    let is_same_device = target.dev() == temporary.dev();
    Ok(if is_same_device { target.blocks().saturating_mul(512) } else { u64::MAX })
}

#[cfg(not(unix))]
fn freeable_space(target: &File, _temporary: &File) -> io::Result<u64> {
    Ok(target.metadata()?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn save(target: &Path, content: &[u8]) -> Result<()> {
        let mut download = Download::begin(target)?;
        download.write(content)?;
        download.finish()
    }

    #[test]
    fn a_target_is_complete_or_missing() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a");
        let mut download = Download::begin(&target).unwrap();
        download.write(b"half").unwrap();
        assert!(!target.exists());
        drop(download);
        assert!(names(folder.path()).is_empty());

        let long = vec![7; 3 * BUFFER_SIZE + 1];
        for content in [&b"whole"[..], b"", &long, b"again"] {
            let mut download = Download::begin(&target).unwrap();
            for byte in content {
                download.write(&[*byte]).unwrap();
            }
            download.finish().unwrap();
            assert_eq!(fs::read(&target).unwrap(), content);
            assert_eq!(names(folder.path()), ["a"]);
        }
    }

    #[test]
    fn a_target_in_a_missing_folder_or_a_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Download::begin(&folder.path().join("no/a")).is_err());
        assert!(Download::begin(&folder.path().join("no/a/")).is_err());
        assert!(Download::begin(&folder.path().join("a/")).is_err());
        assert!(Download::begin(folder.path()).is_err());
        assert!(Download::begin(Path::new("")).is_err());
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn windows_devices_are_recognized_by_name() {
        for device in
            ["NUL", "nul", r"C:\a\nul", "a/Con.txt", "com1", "LPT9.", r"\\.\pipe\a", "nul "]
        {
            assert!(is_windows_device(Path::new(device)), "{device}");
        }
        for file in ["null", "a", "com", "com10", "nul_", r"nul\a", "", "a.nul"] {
            assert!(!is_windows_device(Path::new(file)), "{file}");
        }
    }

    #[test]
    fn content_of_any_length_is_moved() {
        for length in [0, 1, MOVE_SIZE - 1, MOVE_SIZE, 3 * MOVE_SIZE + 7] {
            let content: Vec<u8> = (0..=250).cycle().take(length).collect();
            let mut from = tempfile::tempfile().unwrap();
            from.write_all(&content).unwrap();
            let mut target = tempfile::tempfile().unwrap();
            move_content(&mut from, &mut target).unwrap();
            target.write_all(b"rest").unwrap();
            target.rewind().unwrap();
            let mut moved = Vec::new();
            target.read_to_end(&mut moved).unwrap();
            assert_eq!(moved, [&content[..], b"rest"].concat());
            assert_eq!(from.metadata().unwrap().len(), 0);
        }
    }

    #[cfg(unix)]
    mod unix {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

        use super::*;

        #[test]
        fn a_file_with_two_hard_links_keeps_them() {
            let folder = tempfile::tempdir().unwrap();
            let (target, other) = (folder.path().join("a"), folder.path().join("b"));
            fs::write(&target, "old and long").unwrap();
            fs::hard_link(&target, &other).unwrap();
            save(&target, b"new").unwrap();
            assert_eq!(fs::read(&other).unwrap(), b"new");
            assert_eq!(names(folder.path()), ["a", "b"]);
        }

        #[test]
        fn a_file_that_is_open_in_this_process_is_overwritten() {
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join("a");
            let mut opened = File::create_new(&target).unwrap();
            save(&target, b"new").unwrap();
            assert_eq!(opened.metadata().unwrap().len(), 3);
            opened.rewind().unwrap();
            assert_eq!(fs::read(&target).unwrap(), b"new");
        }

        #[test]
        fn a_new_file_gets_the_mode_of_the_old_one() {
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join("a");
            for mode in [0o600, 0o644, 0o755, 0o777] {
                fs::write(&target, "old").unwrap();
                fs::set_permissions(&target, fs::Permissions::from_mode(mode)).unwrap();
                let before = fs::metadata(&target).unwrap();
                save(&target, b"new").unwrap();
                let after = fs::metadata(&target).unwrap();
                assert_eq!(after.mode(), before.mode());
                assert_ne!(after.ino(), before.ino(), "it is replaced");
            }
        }

        #[test]
        fn a_named_file_works_without_o_tmpfile() {
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join("a");
            fs::write(&target, "old").unwrap();
            let new_file = create_named(folder.path(), 0o600).unwrap();
            assert_eq!(names(folder.path()).len(), 2);
            let mut new_file = NewFile::Named(new_file);
            new_file.file().write_all(b"new").unwrap();
            assert!(new_file.persist(&target).is_ok());
            assert_eq!(fs::read(&target).unwrap(), b"new");
            assert_eq!(names(folder.path()), ["a"]);

            let mut new_file = NewFile::Named(create_named(folder.path(), 0o600).unwrap());
            new_file.file().write_all(b"kept").unwrap();
            let mut failed = new_file.persist(&folder.path().join("no/a")).err().unwrap();
            let mut content = String::new();
            failed.content.as_mut().unwrap().read_to_string(&mut content).unwrap();
            assert_eq!(content, "kept");
            drop(failed);
            assert_eq!(names(folder.path()), ["a"]);
        }

        #[test]
        fn a_pipe_is_opened_when_it_has_a_reader() {
            let folder = tempfile::tempdir().unwrap();
            let pipe = folder.path().join("pipe");
            nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
            let content = vec![7; 300_000];
            let mut download = Download::begin(&pipe).unwrap();
            download.push(&content).unwrap();
            assert!(!download.advance().unwrap());
            let reader = std::thread::spawn(move || fs::read(pipe).unwrap());
            download.finish().unwrap();
            assert_eq!(reader.join().unwrap(), content);
        }
    }
}
