//! The package's modules as they were when it was imported.
//!
//! They are executed at first use. Meanwhile their files may be deleted, edited, or replaced by
//! those of another release. What was imported then comes from here: the core of a wheel contains
//! the sources, so that the import reads none. An unoptimised core reads them at the import.

mod files;

use std::{
    fs,
    fs::Metadata,
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use flate2::read::ZlibDecoder;
use pyo3::{prelude::*, types::PyBytes};

/// Names and compressed sources, sorted by name.
static CONTAINED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/contained.rs"));

/// How far the time of a new file may be behind the clock: file systems take it from the
/// system's last tick.
const TICK: Duration = Duration::from_millis(16);

/// The sources of the modules, and what tells whether a file has changed since the import.
#[pyclass(name = "Sources", module = "gazu._core", frozen)]
pub struct PySources {
    /// Names and sources, sorted by name, if the core contains none.
    read: Vec<(String, Vec<u8>)>,
    imported: SystemTime,
    core: PathBuf,
    core_at_import: Option<Identity>,
}

/// What differs between the cores of two releases, whatever the clock of a server says.
#[derive(PartialEq)]
struct Identity {
    size: u64,
    modified: Option<SystemTime>,
    inode: u64,
}

impl Identity {
    fn of(path: &Path) -> Option<Self> {
        let data = fs::metadata(path).ok()?;
        Some(Self { size: data.len(), modified: data.modified().ok(), inode: inode(&data) })
    }
}

#[cfg(unix)]
fn inode(data: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(data)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

/// Returns when a file was changed or put in its place. A program that copies files may set the
/// time of modification, but not this one.
#[cfg(unix)]
fn changed(data: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt as _;
    let seconds = Duration::from_secs(data.ctime().try_into().ok()?);
    let rest = Duration::from_nanos(data.ctime_nsec().try_into().ok()?);
    SystemTime::UNIX_EPOCH.checked_add(seconds + rest)
}

/// Returns when a file was changed or created.
#[cfg(not(unix))]
fn changed(data: &Metadata) -> Option<SystemTime> {
    Some(data.modified().ok()?.max(data.created().ok()?))
}

#[pymethods]
impl PySources {
    /// Takes the folder of the package and the path of the core, when the package is imported.
    #[new]
    fn new(package: PathBuf, core: PathBuf) -> io::Result<Self> {
        let mut read = Vec::new();
        if CONTAINED.is_empty() {
            for (name, path) in files::modules(&package)? {
                read.push((name, fs::read(path)?));
            }
        }
        let core_at_import = Identity::of(&core);
        Ok(Self { read, imported: SystemTime::now() - TICK, core, core_at_import })
    }

    /// Returns the names of the packages below the package, with those of their modules.
    fn packages(&self) -> Vec<(&str, Vec<&str>)> {
        let mut packages: Vec<(&str, Vec<&str>)> = Vec::new();
        let contained = CONTAINED.iter().map(|(name, _)| *name);
        for name in contained.chain(self.read.iter().map(|(name, _)| name.as_str())) {
            if let Some((package, module)) = name.split_once('.') {
                if packages.last().is_none_or(|(known, _)| *known != package) {
                    packages.push((package, Vec::new()));
                }
                if let Some((_, modules)) = packages.last_mut() {
                    modules.push(module);
                }
            }
        }
        packages
    }

    /// Returns the source of a module if its file is not the one of the import, and None if the
    /// file can be used.
    fn replaced<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        path: PathBuf,
    ) -> io::Result<Option<Bound<'py, PyBytes>>> {
        if self.is_unchanged(&path) {
            return Ok(None);
        }
        let source = self.kept(name)?;
        // The same release may have been installed again.
        let source = source.filter(|source| !fs::read(path).is_ok_and(|now| now == *source));
        Ok(source.map(|source| PyBytes::new(py, &source)))
    }

    /// Returns the source of a module as it was at the import, and None if it is not known.
    fn source<'py>(&self, py: Python<'py>, name: &str) -> io::Result<Option<Bound<'py, PyBytes>>> {
        Ok(self.kept(name)?.map(|source| PyBytes::new(py, &source)))
    }
}

impl PySources {
    /// A release is replaced with its core. A single file that is edited has a later time.
    fn is_unchanged(&self, path: &Path) -> bool {
        let changed = fs::metadata(path).ok().and_then(|data| changed(&data));
        changed.is_some_and(|time| time < self.imported)
            && Identity::of(&self.core) == self.core_at_import
    }

    fn kept(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        if let Ok(place) = CONTAINED.binary_search_by_key(&name, |(name, _)| name) {
            let mut source = Vec::new();
            ZlibDecoder::new(CONTAINED[place].1).read_to_end(&mut source)?;
            return Ok(Some(source));
        }
        let read = self.read.iter().find(|(known, _)| known == name);
        Ok(read.map(|(_, source)| source.clone()))
    }
}
