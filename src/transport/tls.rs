//! Who is trusted, and how the client shows who it is.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use reqwest::{Certificate, ClientBuilder, Identity};

use crate::error::{Error, Result, Transport};

/// Which servers are trusted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Verify {
    /// Those that the system trusts, and the bundles named by the environment.
    System,
    /// Those that these certificates vouch for: a PEM file, or a folder of them.
    Bundle(PathBuf),
    /// Everyone.
    Off,
}

/// The client's own certificate: one PEM file of certificate and key, or a pair.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientCertificate {
    /// The certificate.
    pub certificate: PathBuf,
    /// The key, where it stands in a file of its own.
    pub key: Option<PathBuf>,
}

/// The bundles that the environment names besides the system's store.
pub fn bundles_of_environment() -> Vec<PathBuf> {
    ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"]
        .iter()
        .filter_map(env::var_os)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .collect()
}

/// Whether the environment names a bundle for programs that make HTTP requests.
#[must_use]
pub fn environment_has_bundle() -> bool {
    ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Refuses a client certificate whose files are not there.
///
/// # Errors
/// When one is missing.
pub fn must_exist(certificate: &ClientCertificate) -> Result<()> {
    for path in std::iter::once(&certificate.certificate).chain(&certificate.key) {
        if !path.exists() {
            return Err(unusable(path, "no such file"));
        }
    }
    Ok(())
}

/// Configures a client's trust and certificate.
///
/// # Errors
/// When a file is missing or holds no certificate.
pub fn configure(
    mut builder: ClientBuilder,
    verify: &Verify,
    bundles: &[PathBuf],
    certificate: Option<&ClientCertificate>,
) -> Result<ClientBuilder> {
    builder = match verify {
        Verify::Off => {
            builder.tls_danger_accept_invalid_certs(true).tls_danger_accept_invalid_hostnames(true)
        }
        Verify::Bundle(path) => builder.tls_certs_only(certificates(path)?),
        Verify::System => {
            let mut extra = Vec::new();
            for path in bundles {
                extra.extend(certificates(path)?);
            }
            builder.tls_certs_merge(extra)
        }
    };
    identify(builder, certificate)
}

/// Gives a client its own certificate.
///
/// # Errors
/// When a file is missing or holds no certificate and key.
pub fn identify(
    mut builder: ClientBuilder,
    certificate: Option<&ClientCertificate>,
) -> Result<ClientBuilder> {
    if let Some(certificate) = certificate {
        let mut pem = read(&certificate.certificate)?;
        if let Some(key) = &certificate.key {
            pem.push(b'\n');
            pem.extend(read(key)?);
        }
        let identity = Identity::from_pem(&pem).map_err(|_| {
            unusable(&certificate.certificate, "no certificate with its private key")
        })?;
        builder = builder.identity(identity);
    }
    Ok(builder)
}

/// The authorities that browsers trust, for machines that have no store of their own.
#[must_use]
pub fn bundled_roots() -> Vec<Certificate> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .filter_map(|der| Certificate::from_der(der).ok())
        .collect()
}

/// The certificates in a file or folder.
///
/// # Errors
/// When there is none.
pub fn certificates(path: &Path) -> Result<Vec<Certificate>> {
    let mut found = Vec::new();
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(|source| unusable(path, &source.to_string()))?;
        for entry in entries.flatten() {
            // A folder of certificates holds other files too: these are passed over.
            if let Ok(pem) = fs::read(entry.path()) {
                found.extend(Certificate::from_pem_bundle(&pem).unwrap_or_default());
            }
        }
    } else {
        let pem = read(path)?;
        found = Certificate::from_pem_bundle(&pem)
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

fn unusable(path: &Path, reason: &str) -> Error {
    Error::transport(
        Transport::Certificate,
        format!(
            "Could not find a suitable TLS certificate, invalid path: {} ({reason})",
            path.display()
        ),
    )
}
