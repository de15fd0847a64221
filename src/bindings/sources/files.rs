//! The files of the package's modules. The build script uses this, too.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

/// What `import gazu` does not import.
const LEFT_OUT: [&str; 5] = ["_cli", "_docs", "cli", "testing", "types"];

/// Returns the names of the modules below a package, sorted, with their files. The name of a
/// package comes before those of its modules.
pub(super) fn modules(package: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(package)? {
        let path = entry?.path();
        let Some(name) = path.file_stem().and_then(OsStr::to_str) else { continue };
        if name.starts_with("__") || LEFT_OUT.contains(&name) {
            continue;
        }
        let init = path.join("__init__.py");
        if init.is_file() {
            found.push((name.to_owned(), init));
            for (module, file) in modules(&path)? {
                found.push((format!("{name}.{module}"), file));
            }
        } else if path.extension().is_some_and(|ending| ending == "py") {
            found.push((name.to_owned(), path));
        }
    }
    found.sort();
    Ok(found)
}
