//! Verification of server certificates, and messages for TLS errors.

use std::{
    env, fmt, fs,
    path::Path,
    sync::{Arc, Mutex, OnceLock},
    time::SystemTime,
};

use rustls::{
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name, WebPkiServerVerifier,
    },
    crypto::CryptoProvider,
    pki_types::{pem::PemObject as _, CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
    AlertDescription, CertificateError, DigitallySignedStruct, Error, InvalidMessage, OtherError,
    PeerIncompatible, RootCertStore, SignatureScheme,
};

use super::tls::FileVersion;

type Verifier = Arc<dyn ServerCertVerifier>;
type Certificates = Vec<CertificateDer<'static>>;
type LastRoots = Mutex<Option<(FileVersion, Arc<RootCertStore>)>>;

/// The bundles of Linux systems that are in a folder whose files are all trusted. Each has, as a
/// rule, the certificates of all other files there.
const BUNDLES: [&str; 2] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

/// The root certificates that were last read from a system's bundle. A forked child has them, too.
/// It must not wait for the lock, which another thread may have held at the fork.
static LAST_ROOTS: LastRoots = Mutex::new(None);

/// A verifier that accepts every certificate.
pub(super) fn no_verification(provider: &Arc<CryptoProvider>) -> Verifier {
    Arc::new(NoVerification(provider.clone()))
}

/// A verifier that accepts these certificates and those signed by them.
///
/// # Errors
/// If none of the certificates is usable.
pub(super) fn bundle(
    trusted: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Verifier, Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(trusted.iter().cloned());
    let inner = WebPkiServerVerifier::builder_with_provider(roots.into(), provider.clone())
        .build()
        .map_err(|error| Error::General(error.to_string()))?;
    Ok(Arc::new(TrustedCertificateVerifier { inner, trusted }))
}

/// A verifier that accepts what the system trusts, the extra certificates, and those signed by
/// them. What is not needed is not read: usually, the system's bundle is enough.
///
/// # Errors
/// If a certificate is not usable.
pub(super) fn system(
    extra: impl Fn() -> Certificates + Send + Sync + 'static,
    provider: &Arc<CryptoProvider>,
) -> Result<Verifier, Error> {
    let first = roots_of_system().and_then(|roots| {
        WebPkiServerVerifier::builder_with_provider(roots, provider.clone()).build().ok()
    });
    let Some(first) = first else { return complete(extra(), provider) };
    let provider = provider.clone();
    let read = Box::new(move || complete(extra(), &provider));
    Ok(Arc::new(LateVerifier { first, complete: OnceLock::new(), read }))
}

/// The root certificates of the system's bundle; `None` if the system has none, or if another one
/// takes its place.
fn roots_of_system() -> Option<Arc<RootCertStore>> {
    let is_linux = cfg!(all(unix, not(target_vendor = "apple")));
    let replaced = ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| env::var_os(name).is_some());
    if !is_linux || replaced {
        return None;
    }
    BUNDLES.iter().find_map(|path| roots_of(Path::new(path), &LAST_ROOTS))
}

/// The root certificates in a file, or those that were last read, if they are the same; `None` if
/// there are none.
fn roots_of(path: &Path, last_roots: &LastRoots) -> Option<Arc<RootCertStore>> {
    // The version is read before the file, so that a later change is detected.
    let version = FileVersion::of(path.to_path_buf())?;
    if let Ok(last) = last_roots.try_lock() {
        if let Some((_, roots)) = last.as_ref().filter(|(known, _)| *known == version) {
            return Some(roots.clone());
        }
    }
    let pem = fs::read(path).ok()?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok));
    if roots.is_empty() {
        return None;
    }
    let roots = Arc::new(roots);
    if let Ok(mut last) = last_roots.try_lock() {
        *last = Some((version, roots.clone()));
    }
    Some(roots)
}

/// A verifier that has read everything that is trusted.
fn complete(extra: Certificates, provider: &Arc<CryptoProvider>) -> Result<Verifier, Error> {
    // Skip the certificates that cannot be parsed, so that the others are still used.
    let extra: Vec<_> = extra
        .into_iter()
        .filter(|certificate| webpki::anchor_from_trusted_cert(certificate).is_ok())
        .collect();
    let new = |roots| platform_verifier(roots, provider);
    let inner = new(extra.clone()).or_else(|_| {
        // The machine has no certificate store: use Mozilla's root certificates.
        let mut roots = extra.clone();
        roots.extend(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
        new(roots)
    })?;
    Ok(Arc::new(TrustedCertificateVerifier { inner, trusted: extra }))
}

/// The verifier of the platform, with further root certificates.
#[cfg(not(any(windows, target_vendor = "apple")))]
fn platform_verifier(
    roots: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Verifier, Error> {
    let made = rustls_platform_verifier::Verifier::new_with_extra_roots(roots, provider.clone())?;
    Ok(Arc::new(made))
}

/// The verifier of the platform, with further root certificates. Those are not given to the system:
/// Windows would do without the user's own settings then, and wine refuses them.
#[cfg(any(windows, target_vendor = "apple"))]
fn platform_verifier(
    roots: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Verifier, Error> {
    let system: Verifier = Arc::new(rustls_platform_verifier::Verifier::new(provider.clone())?);
    if roots.is_empty() {
        return Ok(system);
    }
    let extra = bundle(roots, provider)?;
    Ok(Arc::new(EitherVerifier { first: extra, second: system }))
}

/// The methods of a verifier that another one, in this field, does for it: the signatures of a
/// handshake do not depend on what is trusted.
macro_rules! signatures_by {
    ($field:ident) => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            cert: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            self.$field.verify_tls12_signature(message, cert, signed)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            cert: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            self.$field.verify_tls13_signature(message, cert, signed)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.$field.supported_verify_schemes()
        }
    };
}

/// Accepts what a bundle trusts. Everything else that is trusted is read when the bundle does not
/// suffice, and then decides.
struct LateVerifier {
    first: Arc<WebPkiServerVerifier>,
    complete: OnceLock<Result<Verifier, Error>>,
    read: Box<dyn Fn() -> Result<Verifier, Error> + Send + Sync>,
}

impl fmt::Debug for LateVerifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LateVerifier").finish_non_exhaustive()
    }
}

impl ServerCertVerifier for LateVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let by = |verifier: &dyn ServerCertVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        by(&*self.first).or_else(|_| {
            let complete = self.complete.get_or_init(|| (self.read)());
            by(&**complete.as_ref().map_err(Clone::clone)?)
        })
    }

    signatures_by!(first);
}

/// Accepts what one of two verifiers trusts. The second one is asked if the first one does not know
/// the authority.
#[cfg_attr(
    not(any(windows, target_vendor = "apple")),
    allow(dead_code, reason = "elsewhere, one verifier has all root certificates")
)]
#[derive(Debug)]
struct EitherVerifier {
    first: Verifier,
    second: Verifier,
}

impl ServerCertVerifier for EitherVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let by = |verifier: &Verifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        match by(&self.first) {
            Err(error) if is_untrusted(&error) => by(&self.second),
            outcome => outcome,
        }
    }

    signatures_by!(first);
}

/// Also accepts the given certificates themselves, not only those signed by them. Studios hand out
/// the self-signed certificate of their server, and OpenSSL accepts it.
#[derive(Debug)]
struct TrustedCertificateVerifier {
    inner: Verifier,
    trusted: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for TrustedCertificateVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let outcome = self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match outcome {
            // The inner verifier has checked the dates before, but not the name.
            Err(error)
                if is_untrusted(&error) && self.trusted.iter().any(|it| it == end_entity) =>
            {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            outcome => outcome,
        }
    }

    signatures_by!(inner);
}

/// Accepts every certificate, for `verify=False`.
#[derive(Debug)]
struct NoVerification(Arc<CryptoProvider>);

impl ServerCertVerifier for NoVerification {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Whether the certificate is not signed by a trusted authority.
fn is_untrusted(error: &Error) -> bool {
    match error {
        // The signature does not match: a trusted authority has the same name, but another key.
        Error::InvalidCertificate(
            CertificateError::UnknownIssuer
            | CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. },
        ) => true,
        Error::InvalidCertificate(CertificateError::Other(OtherError(other))) => {
            other.downcast_ref() == Some(&webpki::Error::CaUsedAsEndEntity)
                || is_incomplete_chain(&other.to_string())
        }
        _ => false,
    }
}

/// Whether the verifier of Windows reports that it cannot complete the chain, because the server
/// sends only its own certificate and nobody knows who has signed it. Its texts are localized, but
/// end with the code.
fn is_incomplete_chain(message: &str) -> bool {
    const CERT_E_CHAINING: i32 = 0x800B_010A_u32.cast_signed();
    message.ends_with(&format!("(os error {CERT_E_CHAINING})"))
}

/// The message for a TLS error. It says what to do.
#[must_use]
pub(super) fn explain(error: &Error) -> String {
    if is_untrusted(error) {
        return "certificate verify failed: it is self-signed, or signed by an authority that is \
                not trusted here. Name the studio's own certificate in ssl_verify or in \
                REQUESTS_CA_BUNDLE"
            .to_owned();
    }
    match error {
        Error::InvalidCertificate(reason) => {
            format!("certificate verify failed: {}", certificate_reason(reason))
        }
        Error::AlertReceived(AlertDescription::ProtocolVersion)
        | Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => {
            "the server does not support TLS 1.2 or 1.3, and older versions are not safe".to_owned()
        }
        Error::AlertReceived(AlertDescription::CertificateRequired) => {
            "the server asks for a client certificate: set cert".to_owned()
        }
        Error::AlertReceived(AlertDescription::HandshakeFailure) => {
            "the server rejected the handshake: it may ask for a client certificate (set cert), or \
             support only encryption that is not safe"
                .to_owned()
        }
        Error::AlertReceived(
            alert @ (AlertDescription::BadCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::UnsupportedCertificate),
        ) => format!("the server does not accept the client certificate: {alert:?}"),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the server does not speak TLS at this port; is its URL http:// ?".to_owned()
        }
        other => other.to_string(),
    }
}

fn certificate_reason(reason: &CertificateError) -> String {
    let date = |time: &UnixTime| {
        let since = std::time::Duration::from_secs(time.as_secs());
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + since)
    };
    match reason {
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("the certificate has expired on {}", date(not_after))
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("the certificate is not valid before {}", date(not_before))
        }
        CertificateError::NotValidForNameContext { expected, presented }
            if presented.is_empty() =>
        {
            format!(
                "hostname mismatch, the certificate names no host; it needs a subjectAltName of {}",
                expected.to_str()
            )
        }
        CertificateError::NotValidForNameContext { expected, presented } => format!(
            "hostname mismatch, the certificate is not valid for {}, only for {}",
            expected.to_str(),
            presented.iter().map(|name| name_value(name)).collect::<Vec<_>>().join(", ")
        ),
        // The verifiers of macOS and Windows return these.
        CertificateError::Expired => "the certificate has expired".to_owned(),
        CertificateError::NotValidYet => "the certificate is not valid yet".to_owned(),
        CertificateError::NotValidForName => "hostname mismatch".to_owned(),
        CertificateError::Revoked => "the certificate has been revoked".to_owned(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "it is not a server's certificate".to_owned()
        }
        CertificateError::UnsupportedSignatureAlgorithmContext { .. } => {
            "it is signed in a way that is no longer safe, as with SHA-1".to_owned()
        }
        other => other.to_string(),
    }
}

/// The name in the debug text of a name: `kitsu` for `DnsName("kitsu")`.
fn name_value(name: &str) -> &str {
    let inner = name.split_once('(').map_or(name, |(_, rest)| rest.trim_end_matches(')'));
    inner.trim_matches('"')
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write as _,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use base64::{prelude::BASE64_STANDARD, Engine as _};

    use super::*;

    fn pem(certificates: &[CertificateDer<'_>]) -> String {
        let section = |certificate| {
            let code = BASE64_STANDARD.encode(certificate);
            format!("-----BEGIN CERTIFICATE-----\n{code}\n-----END CERTIFICATE-----\n")
        };
        certificates.iter().map(section).collect()
    }

    #[test]
    fn a_bundle_is_read_again_when_it_has_changed() {
        let all = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let last = Mutex::new(None);
        assert!(roots_of(file.path(), &last).is_none());
        file.write_all(pem(&all[..2]).as_bytes()).unwrap();
        let roots = roots_of(file.path(), &last).unwrap();
        assert_eq!(roots.len(), 2);
        assert!(Arc::ptr_eq(&roots, &roots_of(file.path(), &last).unwrap()));
        file.write_all(pem(&all[2..3]).as_bytes()).unwrap();
        assert_eq!(roots_of(file.path(), &last).unwrap().len(), 3);
    }

    #[test]
    fn a_child_that_was_forked_while_the_roots_were_read_reads_them_itself() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let all = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
        file.write_all(pem(&all[..1]).as_bytes()).unwrap();
        let last = Mutex::new(None);
        let _held_by_no_thread = last.lock().unwrap();
        assert_eq!(roots_of(file.path(), &last).unwrap().len(), 1);
    }

    #[test]
    fn everything_is_read_once_and_decides_when_the_bundle_does_not_suffice() {
        static READ: AtomicUsize = AtomicUsize::new(0);
        let all = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(all[0].clone()).unwrap();
        let first = WebPkiServerVerifier::builder_with_provider(roots.into(), provider.clone());
        let trusting = no_verification(&provider);
        let verifier = LateVerifier {
            first: first.build().unwrap(),
            complete: OnceLock::new(),
            read: Box::new(move || {
                READ.fetch_add(1, Ordering::SeqCst);
                Ok(trusting.clone())
            }),
        };
        let name = ServerName::try_from("kitsu").unwrap();
        for _ in 0..2 {
            verifier.verify_server_cert(&all[1], &[], &name, &[], UnixTime::now()).unwrap();
        }
        assert_eq!(READ.load(Ordering::SeqCst), 1);
    }

    fn windows_error(message: &str) -> Error {
        Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::from(Box::from(
            message,
        )))))
    }

    #[test]
    fn an_incomplete_chain_is_an_unknown_authority() {
        let message = "Eine Zertifikatkette konnte nicht erstellt werden. (os error -2146762486)";
        let error = windows_error(message);
        assert!(is_untrusted(&error));
        assert!(explain(&error).contains("ssl_verify"));
        // CERT_E_REVOCATION_FAILURE
        assert!(!is_untrusted(&windows_error("No answer. (os error -2146762482)")));
    }
}
