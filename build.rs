//! Puts the sources of the package's modules into the core of a wheel.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use flate2::{write::ZlibEncoder, Compression};

#[path = "src/bindings/sources/files.rs"]
mod files;

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/bindings/sources/files.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut table = b"&[".to_vec();
    // An unoptimised core has no sources, so that a change of one does not rebuild it.
    if env::var_os("CARGO_FEATURE_PYTHON").is_some()
        && env::var("PROFILE").is_ok_and(|profile| profile == "release")
    {
        for (name, path) in files::modules(Path::new("python/gazu"))? {
            println!("cargo:rerun-if-changed={}", path.display());
            let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
            packed.write_all(&fs::read(path)?)?;
            fs::write(out.join(&name), packed.finish()?)?;
            writeln!(
                table,
                "(\"{name}\", include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\"))),"
            )?;
        }
    }
    table.push(b']');
    fs::write(out.join("contained.rs"), table)
}
