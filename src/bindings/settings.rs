//! The transport settings of a session, from its options.

use std::time::Duration;

use pyo3::{exceptions::PyValueError, prelude::*};
use serde::Deserialize;

use crate::transport::{ClientCertificate, ConnectionLimits, Proxies, Settings, Verify};

/// The options of a session.
#[derive(Deserialize)]
struct Options {
    verify: VerifyOption,
    also_trusted: Option<String>,
    cert: Option<CertOption>,
    proxies: Vec<(String, String)>,
    asked_proxies: Vec<(String, Option<String>)>,
    trust_env: bool,
    environment_first: bool,
    connect: Option<f64>,
    idle: Option<f64>,
    kept: Option<usize>,
    in_use: Option<usize>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum VerifyOption {
    Switch(bool),
    Bundle(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum CertOption {
    One(String),
    Pair(String, String),
}

/// The transport settings of a session.
#[pyclass(name = "Settings", module = "gazu._core", frozen)]
pub struct PySettings(pub(super) Settings);

#[pymethods]
impl PySettings {
    /// Settings from a dict with the fields of [`Options`]. `connect` and `idle` are timeouts in
    /// seconds. `kept` and `in_use` limit the idle and the used connections to one server.
    #[new]
    fn new(options: &Bound<'_, PyAny>) -> PyResult<Self> {
        let options: Options = pythonize::depythonize(options)?;
        let seconds = |name: &str, value: Option<f64>| match value {
            None => Ok(None),
            Some(value) if value.is_finite() && value > 0.0 => {
                Ok(Some(Duration::from_secs_f64(value.min(1e9))))
            }
            Some(value) => Err(PyValueError::new_err(format!(
                "timeout: the {name} deadline must be more than 0 seconds, not {value}"
            ))),
        };
        Ok(Self(Settings {
            verify: match options.verify {
                VerifyOption::Switch(true) => Verify::System,
                VerifyOption::Switch(false) => Verify::Off,
                VerifyOption::Bundle(path) => Verify::Bundle(path.into()),
            },
            also_trusted: options.also_trusted.map(Into::into),
            certificate: options.cert.map(|cert| match cert {
                CertOption::One(path) => ClientCertificate { certificate: path.into(), key: None },
                CertOption::Pair(certificate, key) => {
                    ClientCertificate { certificate: certificate.into(), key: Some(key.into()) }
                }
            }),
            proxies: Proxies { session: options.proxies, request: options.asked_proxies },
            trust_env: options.trust_env,
            environment_first: options.environment_first,
            connect_timeout: seconds("connect", options.connect)?,
            idle_timeout: seconds("idle", options.idle)?,
            connections: ConnectionLimits { idle: options.kept, in_use: options.in_use },
        }))
    }
}
