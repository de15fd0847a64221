//! A download on its way to disk: a file beside the target, renamed when complete.

use std::{
    env,
    fs::{self, File, OpenOptions},
    io::{self, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

enum Place {
    /// A file beside the target that takes its place at the end.
    Beside(NamedTempFile),
    /// The target itself, which is no file: a device, a pipe.
    Direct(File),
    /// A temporary file elsewhere that is copied into a target whose folder takes no new file.
    Aside(NamedTempFile),
}

/// A download on its way to disk.
pub struct Download {
    /// The target as the caller named it.
    named: PathBuf,
    /// The target behind its links.
    target: PathBuf,
    place: Place,
}

impl Download {
    /// Prepares the way to a target.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn begin(named: &Path) -> Result<Self> {
        let failed = |source| Error::io(named, source);
        if named.as_os_str().is_empty() {
            return Err(failed(io::Error::from(io::ErrorKind::NotFound)));
        }
        let existing = match fs::metadata(named) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            // A name that is too long, or a folder that may not be entered.
            Err(error) => return Err(failed(error)),
        };
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(failed(io::Error::from(io::ErrorKind::IsADirectory)));
        }
        let target = fs::canonicalize(named).unwrap_or_else(|_| behind_links(named));
        if let Some(existing) = &existing {
            // A target that cannot be written is refused now, and not after the transfer.
            let opened = OpenOptions::new().write(true).open(&target).map_err(failed)?;
            if !existing.is_file() {
                let place = Place::Direct(opened);
                return Ok(Self { named: named.to_owned(), target, place });
            }
        }
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let place = match beside(folder, existing.as_ref()) {
            Ok(file) => Place::Beside(file),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && existing.is_some() => {
                Place::Aside(temporary(&env::temp_dir(), 0o600).map_err(failed)?)
            }
            Err(error) => return Err(failed(error)),
        };
        Ok(Self { named: named.to_owned(), target, place })
    }

    /// Writes what has arrived.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.place {
            Place::Beside(file) | Place::Aside(file) => file.as_file_mut().write_all(bytes),
            Place::Direct(file) => file.write_all(bytes),
        }
        .map_err(|source| Error::io(&self.named, source))
    }

    /// The transfer is complete: the file takes the target's place.
    ///
    /// # Errors
    /// When it cannot.
    pub fn finish(self) -> Result<()> {
        let outcome = match self.place {
            Place::Beside(file) => {
                let (file, path) = file.into_parts();
                close(file).and_then(|()| path.persist(&self.target).map_err(|error| error.error))
            }
            Place::Direct(file) => close(file),
            Place::Aside(mut file) => copy(file.as_file_mut(), &self.target),
        };
        outcome.map_err(|source| Error::io(&self.named, source))
    }
}

/// Copies a whole file into an existing one.
fn copy(file: &mut File, target: &Path) -> io::Result<()> {
    file.rewind()?;
    let mut target = OpenOptions::new().write(true).truncate(true).open(target)?;
    io::copy(file, &mut target)?;
    close(target)
}

/// Closes a file; network file systems tell only then that a disk or a quota is full.
#[cfg(unix)]
fn close(file: File) -> io::Result<()> {
    nix::unistd::close(file).map_err(io::Error::from)
}

#[cfg(not(unix))]
fn close(mut file: File) -> io::Result<()> {
    file.flush()
}

/// Where a link leads that leads nowhere yet.
fn behind_links(named: &Path) -> PathBuf {
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

/// A file in the target's folder with the rights that the target has or would get.
fn beside(folder: &Path, existing: Option<&fs::Metadata>) -> io::Result<NamedTempFile> {
    let file = temporary(folder, 0o666)?;
    if let Some(existing) = existing {
        file.as_file().set_permissions(existing.permissions())?;
    }
    Ok(file)
}

/// A new file in a folder, which goes when it is dropped.
fn temporary(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    // Opened here: the library's own errors tell the path and hide the system's code.
    let open = |path: &Path| {
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        options.read(true).write(true).create_new(true).open(path)
    };
    tempfile::Builder::new().prefix(".gazu-").suffix(".part").make_in(folder, open)
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

    #[test]
    fn a_target_is_whole_or_absent() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a");
        let mut download = Download::begin(&target).unwrap();
        download.write(b"half").unwrap();
        assert!(!target.exists());
        drop(download);
        assert!(names(folder.path()).is_empty());

        let mut download = Download::begin(&target).unwrap();
        download.write(b"whole").unwrap();
        download.finish().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"whole");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn a_missing_folder_and_a_folder_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Download::begin(&folder.path().join("no/a")).is_err());
        assert!(Download::begin(folder.path()).is_err());
    }
}
