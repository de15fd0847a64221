//! Verification of server certificates, and messages for TLS errors.

use std::{sync::Arc, time::SystemTime};

use rustls::{
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name, WebPkiServerVerifier,
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
    AlertDescription, CertificateError, DigitallySignedStruct, Error, InvalidMessage, OtherError,
    PeerIncompatible, RootCertStore, SignatureScheme,
};

type Verifier = Arc<dyn ServerCertVerifier>;

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

/// A verifier that accepts what the system trusts, these certificates, and those signed by them.
///
/// # Errors
/// If a certificate is not usable.
pub(super) fn system(
    extra: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Verifier, Error> {
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

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.first.verify_tls12_signature(message, cert, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.first.verify_tls13_signature(message, cert, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.first.supported_verify_schemes()
    }
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

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
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
    use super::*;

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
