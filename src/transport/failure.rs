//! Transport errors, with messages that name the host, and the proxy if there is one.

use std::error::Error as StdError;

use ::url::Url;

use super::{proxy, trust};
use crate::error::{Error, Transport as Kind};

/// The message of the innermost error in the chain. It names the actual cause.
pub(super) fn reason(error: &(dyn StdError + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// The error for a failed request. `proxy` must not contain credentials.
pub(super) fn transport_error(error: &reqwest::Error, url: &Url, proxy: Option<&str>) -> Error {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    let mut tls = None;
    let mut tunnel = false;
    let mut malformed = false;
    let mut next = error.source();
    while let Some(source) = next {
        next = source.source();
        tls = tls.or_else(|| tls_error(source));
        tunnel |= source.to_string().contains("tunnel");
        malformed |= source.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse);
    }
    let message = match reason(error) {
        message if message == "tls handshake eof" => {
            "it closed the connection in the TLS handshake".into()
        }
        message => message,
    };
    let through = proxy.map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default();
    let (kind, message) = if let Some(tls) = tls {
        let explain = trust::explain(tls);
        (Kind::Tls, format!("TLS with {host}:{port}{through} failed: {explain}"))
    } else if error.is_timeout() && error.is_connect() {
        (Kind::ConnectTimeout, format!("Connection to {host}:{port}{through} timed out."))
    } else if proxy.is_some() && (error.is_connect() || tunnel) {
        let message = proxy::explain(&message);
        (Kind::Proxy, format!("Unable to connect to {host}:{port}{through}: {message}"))
    } else if error.is_builder() {
        (Kind::InvalidUrl, format!("The request to {host}:{port} cannot be sent: {message}"))
    } else if error.is_timeout() {
        (Kind::ReadTimeout, format!("{host}:{port}: Read timed out."))
    } else if malformed {
        (
            Kind::Malformed,
            format!("The answer of {host}:{port}{through} is not valid HTTP: {message}"),
        )
    } else if error.is_connect() {
        (Kind::Connect, format!("Failed to establish a connection to {host}:{port}: {message}"))
    } else {
        (Kind::Lost, format!("Connection to {host}:{port}{through} aborted: {message}"))
    };
    Error::transport(kind, message)
}

/// The TLS error in an error, also if it is wrapped in I/O errors.
fn tls_error<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e rustls::Error> {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(error);
    }
    tls_error(error.downcast_ref::<std::io::Error>()?.get_ref()?)
}
