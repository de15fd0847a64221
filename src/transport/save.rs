//! A download on its way to disk: a target is whole or as it was before, where that is possible.
//!
//! A new file takes the target's place when it is complete. It has no name until then, where the
//! file system can do that, so that nothing is left of a process that is killed.
//!
//! A target is written into where another file in its place would lose something: another name
//! of it, its owner, its attributes, a handle that this process has on it. What has arrived is
//! then kept elsewhere and copied in the end. What is no regular file is written to as it
//! arrives, and so is a target that leaves no room for a second copy.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    time::Instant,
};

use tempfile::{NamedTempFile, TempPath};

use super::wait::{self, MAX_PIPE_WRITE, MAX_WAIT};
use crate::error::{Error, Result};

/// How much is written at once at least, in bytes, but for the end.
const BUFFER_SIZE: usize = 64 * 1024;
/// How much is moved at once to where there is more room, in bytes.
const MOVE_SIZE: usize = 1024 * 1024;

enum Destination {
    /// A file that takes the target's place at the end.
    Replacement {
        new_file: NewFile,
        /// The target behind its links.
        target: PathBuf,
        /// Whether there is something to replace.
        replaces: bool,
    },
    /// The target itself, into which what is received elsewhere is copied at the end.
    InPlace { target: File, received: Option<File> },
    /// What is no regular file. It is opened when the answer is there.
    Special { file: Option<File>, is_pipe: bool },
}

/// A download on its way to disk.
pub struct Download {
    /// The target as the caller named it.
    named: PathBuf,
    destination: Destination,
    /// What waits to be written, ...
    pending: Vec<u8>,
    /// ... and how much of it has been written.
    written: usize,
    /// How much has been written in all.
    received: u64,
    /// How much the answer holds at least.
    expected: u64,
    /// Whether the target has been emptied to make room.
    emptied: bool,
}

impl Download {
    /// Prepares the way to a target, and leaves it as it is.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn begin(named: &Path) -> Result<Self> {
        loop {
            match Self::begin_interruptible(named) {
                Err(error) if error.is_interrupted() => {}
                outcome => return outcome,
            }
        }
    }

    /// As [`Self::begin`], but a signal ends it with [`io::ErrorKind::Interrupted`].
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn begin_interruptible(named: &Path) -> Result<Self> {
        let destination = prepare(named).map_err(|source| Error::io(named, source))?;
        Ok(Self {
            named: named.to_owned(),
            destination,
            pending: Vec::new(),
            written: 0,
            received: 0,
            expected: 0,
            emptied: false,
        })
    }

    /// Says how many bytes the answer holds at least.
    pub const fn set_expected_length(&mut self, length: u64) {
        self.expected = length;
    }

    /// Writes what has arrived.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.push(bytes)?;
        while !self.advance()? {}
        Ok(())
    }

    /// Takes what has arrived. What has to wait for somebody who reads it stays here until
    /// [`Self::advance`] has written it.
    ///
    /// # Errors
    /// When the disk does not take it.
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

    /// Goes on with what waits, for a moment. False when something is left, for which this is
    /// to be called again.
    ///
    /// # Errors
    /// When what is written to does not take it.
    pub fn advance(&mut self) -> Result<bool> {
        match self.advance_once() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(false),
            outcome => outcome.map_err(|source| self.error(source)),
        }
    }

    /// The transfer is complete: the file takes the target's destination.
    ///
    /// # Errors
    /// When it cannot.
    pub fn finish(mut self) -> Result<()> {
        while !self.advance()? {}
        self.write_pending()?;
        let outcome = match self.destination {
            Destination::Replacement { new_file, target, replaces } => {
                new_file.persist(&target).or_else(|mut failed| match &mut failed.content {
                    Some(content) if replaces => {
                        let target = retry_interrupted(|| wait::open_to_write(&self.named))?;
                        copy(content, target)
                    }
                    _ => Err(failed.error),
                })
            }
            Destination::InPlace { target, received: Some(mut received) } => {
                copy(&mut received, target)
            }
            Destination::InPlace { target, received: None } => {
                // Nothing has arrived: what was there goes, as it would have before.
                let emptied = if self.received == 0 { target.set_len(0) } else { Ok(()) };
                emptied.and_then(|()| close(target))
            }
            Destination::Special { file, .. } => file.map_or(Ok(()), close),
        };
        outcome.map_err(|source| Error::io(&self.named, source))
    }

    /// Whether the target is as it was before, so that another answer can take this one's destination.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        !self.emptied
            && match &self.destination {
                Destination::Replacement { .. }
                | Destination::InPlace { received: Some(_), .. } => true,
                Destination::InPlace { received: None, .. } => self.received == 0,
                Destination::Special { file, .. } => file.is_none(),
            }
    }

    fn error(&self, source: io::Error) -> Error {
        Error::io(&self.named, source)
    }

    fn advance_once(&mut self) -> io::Result<bool> {
        let Destination::Special { file, is_pipe } = &mut self.destination else { return Ok(true) };
        let until = Instant::now() + MAX_WAIT;
        let file = match file {
            Some(file) => file,
            None if *is_pipe => match wait::open_pipe_to_write(&self.named)? {
                Some(opened) => file.insert(opened),
                None => return Ok(false),
            },
            None => file.insert(wait::open_to_write(&self.named)?),
        };
        while self.written < self.pending.len() {
            if Instant::now() >= until || !wait::is_writable(file)? {
                return Ok(false);
            }
            let left = &self.pending[self.written..];
            match file.write(&left[..left.len().min(MAX_PIPE_WRITE)]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => self.written += written,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        self.pending.clear();
        self.written = 0;
        Ok(true)
    }

    /// Writes what waits to a regular file.
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
                Destination::InPlace { received: Some(received), .. } => received,
                Destination::InPlace { target, received: None } => {
                    if self.received == 0 {
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
                    self.received += written as u64;
                    bytes = &bytes[written..];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_full(&error) && !self.emptied && self.free_space()? => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Empties the target where it holds what is missing. False when that would not help.
    fn free_space(&mut self) -> io::Result<bool> {
        self.emptied = true;
        let missing = self.expected.saturating_sub(self.received);
        match &mut self.destination {
            Destination::Replacement { replaces: true, new_file, .. } => {
                let target = retry_interrupted(|| wait::open_to_write(&self.named))?;
                if missing > freeable_space(&target, new_file.file())? {
                    return Ok(false);
                }
                target.set_len(0)?;
                Ok(true)
            }
            Destination::InPlace { target, received } => {
                let Some(from) = received else { return Ok(false) };
                if missing > freeable_space(target, from)? {
                    return Ok(false);
                }
                target.set_len(0)?;
                move_content(from, target)?;
                *received = None;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

/// Looks at a target and makes room for what comes.
fn prepare(named: &Path) -> io::Result<Destination> {
    if named.as_os_str().is_empty() {
        return Err(io::ErrorKind::NotFound.into());
    }
    if cfg!(windows) && is_windows_device(named) {
        return Ok(Destination::Special { file: None, is_pipe: false });
    }
    let existing = match fs::metadata(named) {
        Ok(metadata) => metadata,
        // Whose name says that it is a folder, as far as systems look when they make a file.
        Err(error)
            if error.kind() == io::ErrorKind::NotADirectory && is_file_with_separator(named) =>
        {
            return Err(io::ErrorKind::IsADirectory.into())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return prepare_new(named),
        // A name that is too long, or a folder that may not be entered.
        Err(error) => return Err(error),
    };
    if !existing.is_file() && !existing.is_dir() {
        return Ok(Destination::Special { file: None, is_pipe: is_pipe(&existing) });
    }
    // A target that cannot be written, such as a folder, is refused now, and not after the
    // transfer.
    let target = wait::open_to_write(named)?;
    let existing = target.metadata()?;
    // A file that has been removed has no destination.
    let Ok(path) = fs::canonicalize(named) else { return Ok(in_place(target, None)) };
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

fn prepare_new(named: &Path) -> io::Result<Destination> {
    let target = resolve_links(named);
    let folder = folder_of(&target);
    if names_a_folder(named) {
        // What the system says of the folder that it would be in comes first.
        fs::metadata(folder)?;
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let new_file = NewFile::create(folder, None)?;
    Ok(Destination::Replacement { new_file, target, replaces: false })
}

/// The target itself, with a place for what is received before.
fn in_place(target: File, path: Option<&Path>) -> Destination {
    let beside = path.and_then(|path| tempfile::tempfile_in(folder_of(path)).ok());
    // Where there is no place for it, it is written as it arrives.
    let received = beside.or_else(|| tempfile::tempfile().ok());
    Destination::InPlace { target, received }
}

/// Whether a name ends as those of folders may.
fn names_a_folder(named: &Path) -> bool {
    let last = named.as_os_str().as_encoded_bytes().last();
    last.is_some_and(|byte| std::path::is_separator(char::from(*byte)))
}

/// Whether a name is that of a file, and ends as those of folders may.
fn is_file_with_separator(named: &Path) -> bool {
    // Its components leave the separator out.
    names_a_folder(named) && fs::metadata(named.components().as_path()).is_ok()
}

/// Whether a path leads to a device wherever it seems to be, as Windows has it.
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

/// Where a link leads that leads nowhere yet.
fn resolve_links(named: &Path) -> PathBuf {
    let mut path = named.to_owned();
    // As many links as systems follow.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or_else(|| Path::new("")).join(next),
            Err(_) => break,
        }
    }
    path
}

/// Does what a signal may interrupt until it is done.
fn retry_interrupted<T>(mut work: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match work() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => return outcome,
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Copies a whole file into an existing one, in the place of its content.
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

/// Moves a file's content into an empty one and its room along: from the end on, so that both
/// together never need more than one of them.
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

/// Closes a file; network file systems tell only then that a disk or a quota is full.
#[cfg(unix)]
fn close(file: File) -> io::Result<()> {
    match nix::unistd::close(file) {
        // It is closed all the same.
        Ok(()) | Err(nix::errno::Errno::EINTR) => Ok(()),
        Err(code) => Err(code.into()),
    }
}

#[cfg(not(unix))]
fn close(mut file: File) -> io::Result<()> {
    file.flush()
}

/// A new file that is to take a target's destination.
enum NewFile {
    /// One without a name, which goes with the process.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    Unnamed(File),
    /// One beside the target, which goes when it is dropped.
    Named(NamedTempFile),
}

/// A file that cannot take a target's destination, and what is in it.
struct PersistError {
    error: io::Error,
    content: Option<File>,
    /// Removes it.
    _path: Option<TempPath>,
}

impl PersistError {
    const fn without_content(error: io::Error) -> Self {
        Self { error, content: None, _path: None }
    }
}

impl NewFile {
    /// A file in a folder with the rights that a new one gets, or for its owner only.
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

    /// Closes the file and gives it the target's name.
    fn persist(self, target: &Path) -> std::result::Result<(), PersistError> {
        match self {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            Self::Unnamed(file) => {
                // It can be given a name while it is open only; what closing it would tell, the
                // close of a second handle tells before.
                let told = file.try_clone().and_then(close);
                told.map_err(PersistError::without_content)?;
                match unnamed::persist(&file, target) {
                    Ok(()) => close(file).map_err(PersistError::without_content),
                    Err(error) => Err(PersistError { error, content: Some(file), _path: None }),
                }
            }
            Self::Named(file) => {
                let (file, path) = file.into_parts();
                close(file).map_err(PersistError::without_content)?;
                path.persist(target).map_err(|failed| PersistError {
                    error: failed.error,
                    content: File::open(&failed.path).ok(),
                    _path: Some(failed.path),
                })
            }
        }
    }
}

/// A new file with a name in a folder, which goes when it is dropped.
fn create_named(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    // Opened here: the library's own errors tell the path and hide the system's code.
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

/// How files are named while they are written, where they have a name.
const PREFIX: &str = ".gazu-";
const SUFFIX: &str = ".part";

/// Files that have no name yet.
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

    /// How often a name is tried that is in use.
    const TRIES: usize = 100;

    /// A file in a folder, where its file system knows such files.
    pub(super) fn create(folder: &Path, mode: u32) -> Option<File> {
        let flags = OFlag::O_TMPFILE | OFlag::O_RDWR | OFlag::O_CLOEXEC;
        let file: File =
            nix::fcntl::open(folder, flags, Mode::from_bits_truncate(mode)).ok()?.into();
        // Without /proc it could not be given a name. Old systems did not apply the umask.
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

    /// Gives a file the target's name.
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
                        // The error of the renaming is the one that counts.
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

/// The mode of a new file: what the user lets others do, or nothing while it is not yet like
/// the one that it replaces.
#[cfg(unix)]
fn mode_of(replaced: Option<&fs::Metadata>) -> u32 {
    use std::os::unix::fs::MetadataExt as _;
    replaced.map_or(0o666, |replaced| replaced.mode() & 0o700)
}

#[cfg(not(unix))]
const fn mode_of(_replaced: Option<&fs::Metadata>) -> u32 {
    0o666
}

/// Whether a file is known by another name too, or by none, or is open in this process, which
/// would go on to see the old content.
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
        // One that is closed meanwhile.
        let Ok(other) = fs::metadata(handle.path()) else { continue };
        let is_same = (other.dev(), other.ino()) == (existing.dev(), existing.ino());
        if is_same && handle.file_name() != own.as_str() {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(not(unix))]
const fn is_shared(_existing: &fs::Metadata, _opened: &File) -> io::Result<bool> {
    Ok(false)
}

/// Gives a new file the owner, the rights and the attributes of an existing one. False when
/// that cannot be done.
#[cfg(unix)]
fn copy_attributes(new_file: &File, existing: &fs::Metadata, target: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    use nix::unistd::{fchown, Gid, Uid};
    let alike = || -> io::Result<bool> {
        let made = new_file.metadata()?;
        let owner = (made.uid() != existing.uid()).then(|| Uid::from_raw(existing.uid()));
        let group = (made.gid() != existing.gid()).then(|| Gid::from_raw(existing.gid()));
        if owner.is_some() || group.is_some() {
            fchown(new_file, owner, group)?;
        }
        new_file.set_permissions(existing.permissions())?;
        Ok(attributes_of(new_file)? == attributes_of(target)?)
    };
    alike().unwrap_or(false)
}

#[cfg(not(unix))]
fn copy_attributes(new_file: &File, existing: &fs::Metadata, _target: &File) -> bool {
    new_file.set_permissions(existing.permissions()).is_ok()
}

/// A file's extended attributes, access control lists among them.
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

/// How much room there is, in bytes, once a target is empty: as much as it holds where it is on
/// the full file system, else nobody knows.
#[cfg(unix)]
fn freeable_space(target: &File, received: &File) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt as _;
    let (target, received) = (target.metadata()?, received.metadata()?);
    let is_there = target.dev() == received.dev();
    Ok(if is_there { target.blocks().saturating_mul(512) } else { u64::MAX })
}

#[cfg(not(unix))]
fn freeable_space(target: &File, _received: &File) -> io::Result<u64> {
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
    fn a_target_is_whole_or_absent() {
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
    fn a_missing_folder_and_a_folder_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Download::begin(&folder.path().join("no/a")).is_err());
        assert!(Download::begin(&folder.path().join("no/a/")).is_err());
        assert!(Download::begin(&folder.path().join("a/")).is_err());
        assert!(Download::begin(folder.path()).is_err());
        assert!(Download::begin(Path::new("")).is_err());
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn devices_of_windows_are_known_by_their_names() {
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
    fn content_is_moved_whatever_its_length() {
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
        fn a_file_with_two_names_keeps_them() {
            let folder = tempfile::tempdir().unwrap();
            let (target, other) = (folder.path().join("a"), folder.path().join("b"));
            fs::write(&target, "old and long").unwrap();
            fs::hard_link(&target, &other).unwrap();
            save(&target, b"new").unwrap();
            assert_eq!(fs::read(&other).unwrap(), b"new");
            assert_eq!(names(folder.path()), ["a", "b"]);
        }

        #[test]
        fn a_file_that_is_open_here_is_written_into() {
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join("a");
            let mut opened = File::create_new(&target).unwrap();
            save(&target, b"new").unwrap();
            assert_eq!(opened.metadata().unwrap().len(), 3);
            opened.rewind().unwrap();
            assert_eq!(fs::read(&target).unwrap(), b"new");
        }

        #[test]
        fn another_file_has_the_modes_of_the_first() {
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
        fn a_named_file_does_as_well_where_there_is_no_other() {
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
        fn a_pipe_is_opened_when_somebody_reads_it() {
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
