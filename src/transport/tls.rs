//! The TLS configuration: trusted certificates and the client certificate.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use rustls::{
    pki_types::{pem::PemObject as _, CertificateDer, PrivateKeyDer},
    ClientConfig,
};

use super::trust;
use crate::error::{Error, Result, Transport};

/// Which server certificates are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verify {
    /// Those that the system trusts, and those of the bundle in `SSL_CERT_FILE`.
    System,
    /// Those in a PEM file or a folder of them, and those signed by them.
    Bundle(PathBuf),
    /// All: certificates are not verified.
    Off,
}

/// A client certificate: one PEM file with certificate and key, or two files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The certificate.
    pub certificate: PathBuf,
    /// The private key, if it is in a file of its own.
    pub key: Option<PathBuf>,
}

/// The version of a file, to detect changes of its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileVersion {
    path: PathBuf,
    size: u64,
    modified: Option<SystemTime>,
    /// Device, inode and time of the last status change, if the system has them.
    identity: Option<(u64, u64, i64, i64)>,
}

impl FileVersion {
    /// `None` if the file does not exist.
    pub(super) fn of(path: PathBuf) -> Option<Self> {
        let data = fs::metadata(&path).ok()?;
        #[cfg(unix)]
        let identity = {
            use std::os::unix::fs::MetadataExt as _;
            Some((data.dev(), data.ino(), data.ctime(), data.ctime_nsec()))
        };
        #[cfg(not(unix))]
        let identity = None;
        Some(Self { path, size: data.len(), modified: data.modified().ok(), identity })
    }
}

/// The CA bundles of the system, on systems that have them in a file.
#[cfg(all(unix, not(target_vendor = "apple")))]
const SYSTEM_BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/pki/tls/cert.pem",
];
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
const SYSTEM_BUNDLES: [&str; 0] = [];

/// The versions of all files that a TLS configuration is read from. They may be replaced while a
/// program runs: short-lived certificates change every few hours.
#[must_use]
pub fn file_versions(verify: &Verify, certificate: Option<&ClientCertificate>) -> Vec<FileVersion> {
    let mut paths = Vec::new();
    match verify {
        Verify::Off => {}
        Verify::Bundle(path) => add_files(&mut paths, path),
        Verify::System => {
            paths.extend(SYSTEM_BUNDLES.iter().map(PathBuf::from));
            paths.extend(system_bundle());
            if let Some(folder) = path_in_environment("SSL_CERT_DIR") {
                add_files(&mut paths, &folder);
            }
        }
    }
    if let Some(own) = certificate {
        paths.push(own.certificate.clone());
        paths.extend(own.key.clone());
    }
    paths.into_iter().filter_map(FileVersion::of).collect()
}

/// Adds a path and, if it is a folder, its entries in a fixed order.
fn add_files(paths: &mut Vec<PathBuf>, path: &Path) {
    paths.push(path.to_path_buf());
    if let Ok(entries) = fs::read_dir(path) {
        let mut inside: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        inside.sort();
        paths.append(&mut inside);
    }
}

/// The CA bundle of the environment that is used instead of all others.
#[must_use]
pub fn bundle_of_environment() -> Option<PathBuf> {
    ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"].into_iter().find_map(path_in_environment)
}

/// The CA bundle of the environment that is used in addition to the system's certificates.
#[must_use]
pub fn system_bundle() -> Option<PathBuf> {
    path_in_environment("SSL_CERT_FILE")
}

fn path_in_environment(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Checks that the files of a client certificate exist.
///
/// # Errors
/// If one is missing.
pub fn check_exists(certificate: &ClientCertificate) -> Result<()> {
    if !certificate.certificate.exists() {
        return Err(missing("the TLS certificate file", &certificate.certificate));
    }
    match &certificate.key {
        Some(key) if !key.exists() => Err(missing("the TLS key file", key)),
        _ => Ok(()),
    }
}

/// The TLS configuration for these settings.
///
/// # Errors
/// If a file is missing or invalid.
pub fn configure<'p>(
    verify: &Verify,
    bundles: impl Iterator<Item = &'p Path>,
    certificate: Option<&ClientCertificate>,
) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let failed = |error: rustls::Error| Error::transport(Transport::Tls, error.to_string());
    let verifier = match verify {
        Verify::Off => trust::no_verification(&provider),
        Verify::Bundle(path) => trust::bundle(certificates(path)?, &provider).map_err(failed)?,
        Verify::System => {
            let bundles: Vec<_> = bundles.map(Path::to_path_buf).collect();
            let extra = move || {
                // A bundle that cannot be read is ignored, as OpenSSL does.
                bundles.iter().filter_map(|path| certificates(path).ok()).flatten().collect()
            };
            trust::system(extra, &provider).map_err(failed)?
        }
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match certificate {
        None => builder.with_no_client_auth(),
        Some(own) => {
            let (chain, key) = identity(own)?;
            builder.with_client_auth_cert(chain, key).map_err(|error| match error {
                rustls::Error::InconsistentKeys(_) => {
                    unusable(&own.certificate, "the private key is not that of the certificate")
                }
                error => unusable(&own.certificate, &error.to_string()),
            })?
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

type Chain = Vec<CertificateDer<'static>>;

/// The certificate chain of the client and its private key.
fn identity(own: &ClientCertificate) -> Result<(Chain, PrivateKeyDer<'static>)> {
    let chain: Chain = CertificateDer::pem_slice_iter(&read(&own.certificate)?)
        .filter_map(std::result::Result::ok)
        .collect();
    let key_path = own.key.as_ref().unwrap_or(&own.certificate);
    let key = read(key_path)?;
    if chain.is_empty() {
        return Err(unusable(&own.certificate, "no certificate in it"));
    }
    PrivateKeyDer::from_pem_slice(&key).map(|key| (chain, key)).map_err(|_| {
        let encrypted = contains(&key, b"BEGIN ENCRYPTED PRIVATE KEY")
            || contains(&key, b"Proc-Type: 4,ENCRYPTED");
        let reason = if encrypted {
            "its private key is encrypted with a passphrase, which is not supported: \
             decrypt it, for example with `openssl pkey`"
        } else {
            "no private key in it"
        };
        unusable(key_path, reason)
    })
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// The certificates in a file or folder.
///
/// # Errors
/// If there are none.
pub fn certificates(path: &Path) -> Result<Chain> {
    if !path.exists() {
        return Err(missing("a suitable TLS CA certificate bundle", path));
    }
    let mut found = Vec::new();
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(|source| unusable(path, &source.to_string()))?;
        for entry in entries.flatten() {
            // Other files in a folder of certificates are ignored.
            if let Ok(pem) = fs::read(entry.path()) {
                found.extend(
                    CertificateDer::pem_slice_iter(&pem).filter_map(std::result::Result::ok),
                );
            }
        }
    } else {
        let pem = read(path)?;
        found = CertificateDer::pem_slice_iter(&pem)
            .collect::<std::result::Result<_, _>>()
            .map_err(|_| unusable(path, "not a PEM certificate bundle"))?;
    }
    if found.is_empty() {
        return Err(unusable(path, "no certificate in it"));
    }
    Ok(found)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|source| unusable(path, &source.to_string()))
}

fn missing(what: &str, path: &Path) -> Error {
    Error::transport(
        Transport::Certificate,
        format!("Could not find {what}, invalid path: {}", path.display()),
    )
}

fn unusable(path: &Path, reason: &str) -> Error {
    Error::transport(Transport::Tls, format!("{} cannot be used for TLS: {reason}", path.display()))
}
