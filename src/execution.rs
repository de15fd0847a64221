//! The state machine of a call. It decides what the responses mean and what happens next.
//!
//! [`Execution`] does no I/O. The drivers send requests, wait and renew the token as it decides.
//! There are three: the Rust client, and the blocking and the awaited driver of the Python package.
//! So all share one retry policy, one deadline and one set of errors.

use std::{
    collections::hash_map::RandomState,
    future::Future,
    hash::BuildHasher as _,
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;

use crate::{
    call::{join_url, Body, Call, ReadAs, Verb},
    error::{Error, Rejection, Result, Transport as Kind},
    redact::shown_url,
    reply::says_expired,
    transport::Head,
};

/// The version of the crate without the local label, `+rs.1`.
macro_rules! upstream_version {
    () => {
        concat!(
            env!("CARGO_PKG_VERSION_MAJOR"),
            ".",
            env!("CARGO_PKG_VERSION_MINOR"),
            ".",
            env!("CARGO_PKG_VERSION_PATCH")
        )
    };
}

/// The upstream release that this version corresponds to.
pub const UPSTREAM_VERSION: &str = upstream_version!();
/// The User-Agent of upstream's client.
pub const USER_AGENT: &str = concat!("CGWire Gazu ", upstream_version!());
/// The `Accept` header of a download. JSON is included so that the server can respond that the file
/// is still being processed.
pub const DOWNLOAD_ACCEPT: &str = "application/json, */*;q=0.1";
/// The default interval between requests for a preview that the server is still processing.
pub const DEFAULT_PROCESSING_WAIT: Duration = Duration::from_secs(5);
/// The longest backoff. A `Retry-After` that exceeds it ends the retries.
const MAX_RETRY_WAIT: Duration = Duration::from_secs(30);
/// The shortest wait before a retry, even if `Retry-After` is shorter.
const MIN_RETRY_WAIT: Duration = Duration::from_millis(250);
/// The first backoff; each further backoff is longer by the factor.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);
const BACKOFF_FACTOR: u32 = 4;

/// The default headers of a session, in order.
pub const SESSION_HEADERS: [(&str, &str); 4] = [
    ("User-Agent", USER_AGENT),
    ("Accept-Encoding", "gzip, deflate"),
    ("Accept", "*/*"),
    ("Connection", "keep-alive"),
];

/// The limits on retries and on the duration of a call.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// How many times a read is retried.
    pub retries: u32,
    /// How many times a request is sent at most, with a renewed token in between.
    pub auth_attempts: u32,
    /// How long to wait for a preview that the server is still processing.
    pub processing_timeout: Duration,
    /// The longest duration of a call, with its retries and waits.
    pub deadline: Option<Duration>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            retries: 2,
            auth_attempts: 3,
            processing_timeout: Duration::from_secs(60),
            deadline: None,
        }
    }
}

/// What the driver does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Return the result of the answer.
    Done,
    /// Wait for this long, then send the request again.
    Again(Duration),
    /// Renew the token, then call [`Execution::renewed`]. If the token cannot be renewed, the call
    /// fails with [`Rejection::NotAuthenticated`].
    Renew {
        /// Whether the token has expired, so that a refresh can help. Otherwise only the
        /// application can log in again.
        expired: bool,
    },
    /// Fail: the server rejected the call.
    Rejected(Rejection),
    /// Fail: the server did not process the preview in time.
    StillProcessing,
}

/// The state of one call.
pub struct Execution {
    verb: Verb,
    reading: ReadAs,
    repeatable: bool,
    policy: Policy,
    path: String,
    /// How many times the token was renewed.
    renewals: u32,
    tries: u32,
    processing_deadline: Instant,
    deadline: Option<Instant>,
    /// The `Retry-After` of the last answer.
    retry_after: Option<Duration>,
}

impl Execution {
    /// The state of a call that has not been sent.
    #[must_use]
    pub fn new(call: &Call, policy: Policy) -> Self {
        let path = match call.verb {
            Verb::Get
            | Verb::Delete
            | Verb::FetchAll
            | Verb::FetchFirst
            | Verb::FetchOne
            | Verb::Download => call.route_and_query(),
            _ => call.route(),
        };
        let now = Instant::now();
        let processing_deadline = now + policy.processing_timeout;
        let deadline = policy.deadline.map(|limit| now + limit);
        let Call { verb, reading, .. } = *call;
        let repeatable = call.is_repeatable();
        Self {
            verb,
            reading,
            repeatable,
            policy,
            path,
            renewals: 0,
            tries: 0,
            processing_deadline,
            deadline,
            retry_after: None,
        }
    }

    /// When the call ends at the latest; `None` without a deadline.
    #[must_use]
    pub const fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The seconds until the deadline; `None` without one.
    #[must_use]
    pub fn seconds_left(&self) -> Option<f64> {
        self.deadline
            .map(|deadline| deadline.saturating_duration_since(Instant::now()).as_secs_f64())
    }

    /// The path and query of the request.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The URL of the request. The path of `GetFileData` is already a URL.
    #[must_use]
    pub fn url(&self, host: &str) -> String {
        if self.verb == Verb::GetFileData {
            return self.path.clone();
        }
        join_url(host, &self.path)
    }

    /// Whether the body of an answer with this status is streamed to the target of a download.
    #[must_use]
    pub fn is_streamed(&self, status: u16) -> bool {
        self.reading == ReadAs::Response && is_file(status)
    }

    /// Decides what an answer means. `retry_after` and `says_expired` read the answer; they are
    /// called only if needed.
    pub fn answered(
        &mut self,
        status: u16,
        retry_after: impl FnOnce() -> Option<String>,
        says_expired: impl FnOnce() -> bool,
    ) -> Step {
        if status == 202 && self.reading == ReadAs::Response {
            return self.processing(retry_after().as_deref());
        }
        if status == 429 || status >= 500 {
            let header = retry_after();
            if is_transient(status) {
                if let Some(wait) = self.retry(header.as_deref()) {
                    return Step::Again(wait);
                }
            }
            self.retry_after = header.as_deref().and_then(parse_retry_after);
        }
        let Some(rejection) = Rejection::of_status(status) else { return Step::Done };
        if rejection.may_be_expiry() {
            let expired = says_expired();
            if expired || rejection == Rejection::NotAuthenticated {
                return Step::Renew { expired };
            }
        }
        Step::Rejected(rejection)
    }

    /// Decides what an answer of our own transport means.
    pub fn answered_by(&mut self, head: &Head, body: &[u8]) -> Step {
        let retry_after = || head.header("retry-after").map(str::to_owned);
        self.answered(head.status, retry_after, || says_expired(body))
    }

    /// The error of a rejected call.
    #[must_use]
    pub fn rejected(&self, rejection: Rejection, status: u16, body: Bytes) -> Error {
        let path = shown_url(&self.path);
        Error::Rejected { rejection, status, path, body, retry_after: self.retry_after }
    }

    /// The error if the server did not process the preview in time.
    #[must_use]
    pub fn still_processing(&self) -> Error {
        Error::Processing { path: shown_url(&self.path) }
    }

    /// Decides after a request without an answer. Returns the wait before a retry, or `None` if the
    /// call fails. A timeout is not retried, because the caller would wait for it again.
    pub fn failed(&mut self, kind: Kind) -> Option<Duration> {
        matches!(kind, Kind::Connect | Kind::Lost | Kind::Truncated)
            .then(|| self.retry(None))
            .flatten()
    }

    /// Called after the token was renewed, or the application asked for another try. Returns
    /// whether the request may be sent again.
    pub fn renewed(&mut self) -> bool {
        self.renewals += 1;
        self.renewals < self.policy.auth_attempts
    }

    fn processing(&self, retry_after: Option<&str>) -> Step {
        let now = Instant::now();
        if now >= self.processing_deadline {
            return Step::StillProcessing;
        }
        // As upstream does, a negative wait counts as none.
        let is_negative = |text: &str| text.trim().parse::<f64>().is_ok_and(|wait| wait < 0.0);
        let requested = match retry_after {
            Some(text) if is_negative(text) => Some(Duration::ZERO),
            text => text.and_then(parse_retry_after),
        };
        let wait = requested.unwrap_or(DEFAULT_PROCESSING_WAIT).max(MIN_RETRY_WAIT);
        let left = self.deadline.map_or(Duration::MAX, |deadline| deadline - now);
        Step::Again(wait.min(self.processing_deadline - now).min(left))
    }

    /// The wait before a retry; `None` if there is no retry.
    fn retry(&mut self, retry_after: Option<&str>) -> Option<Duration> {
        if !self.repeatable || self.tries >= self.policy.retries {
            return None;
        }
        let backoff = FIRST_BACKOFF.saturating_mul(BACKOFF_FACTOR.saturating_pow(self.tries));
        self.tries += 1;
        let wait = match retry_after.and_then(parse_retry_after) {
            Some(requested) if requested > MAX_RETRY_WAIT => return None,
            Some(requested) => requested.max(MIN_RETRY_WAIT),
            None => backoff.min(MAX_RETRY_WAIT).mul_f64(0.5 + jitter() / 2.0),
        };
        // A retry after the deadline would be in vain.
        let within_deadline = self.deadline.is_none_or(|deadline| Instant::now() + wait < deadline);
        within_deadline.then_some(wait)
    }
}

/// Whether a status is temporary: the server is restarting or overloaded.
const fn is_transient(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

/// Whether the body of a download with this status is the file.
#[must_use]
pub const fn is_file(status: u16) -> bool {
    status != 202 && !is_transient(status) && Rejection::of_status(status).is_none()
}

/// The wait in a `Retry-After` header, which has seconds or a date.
#[must_use]
pub fn parse_retry_after(text: &str) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        let wait = || Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        return (seconds.is_finite() && seconds >= 0.0).then(wait);
    }
    let until = httpdate::parse_http_date(text).ok()?;
    Some(until.duration_since(SystemTime::now()).unwrap_or_default())
}

/// A random number between 0 and 1, so that many clients do not retry at the same time.
fn jitter() -> f64 {
    let random = u32::try_from(RandomState::new().hash_one(0_u8) >> 32).unwrap_or_default();
    f64::from(random) / f64::from(u32::MAX)
}

/// The headers of a request: those of the session, overridden by those of the call.
#[must_use]
pub fn merge_headers<'h>(
    session: impl IntoIterator<Item = (&'h str, &'h [u8])>,
    own: impl IntoIterator<Item = (&'h str, &'h [u8])>,
) -> Vec<(&'h str, &'h [u8])> {
    let mut headers: Vec<(&str, &[u8])> = session.into_iter().collect();
    for (name, value) in own {
        match headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some(header) => *header = (name, value),
            None => headers.push((name, value)),
        }
    }
    headers
}

/// The header that depends on the kind of call.
#[must_use]
pub fn header_for(call: &Call) -> Option<(&'static str, &'static str)> {
    match (&call.body, call.verb) {
        (Body::Json(_) | Body::Object(_), _) => Some(("Content-Type", "application/json")),
        (_, Verb::Download) => Some(("Accept", DOWNLOAD_ACCEPT)),
        _ => None,
    }
}

/// Runs `work` until the deadline.
///
/// # Errors
/// If the deadline passes, and the errors of `work`.
pub async fn within_deadline<T>(
    deadline: Option<Instant>,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    match deadline {
        None => work.await,
        Some(deadline) => tokio::time::timeout_at(deadline.into(), work)
            .await
            .unwrap_or_else(|_| Err(Error::past_deadline())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        call::{download, get, post},
        transport::{HeaderMap, Method},
    };
    use proptest::prelude::*;

    fn head(status: u16, retry_after: Option<&str>) -> Head {
        Head {
            status,
            reason: "".into(),
            url: String::new(),
            method: Method::GET,
            headers: retry_after
                .map(|text| ("retry-after".parse().unwrap(), text.parse().unwrap()))
                .into_iter()
                .collect(),
            sent: HeaderMap::new(),
        }
    }

    #[test]
    fn only_reads_are_retried() {
        let (read, write) = (get("a"), post("a"));
        let mut execution = Execution::new(&read, Policy::default());
        assert!(execution.failed(Kind::Connect).is_some());
        assert!(execution.failed(Kind::Connect).is_some());
        assert!(execution.failed(Kind::Connect).is_none());
        assert!(Execution::new(&write, Policy::default()).failed(Kind::Connect).is_none());
    }

    #[test]
    fn a_get_with_side_effects_is_not_retried() {
        let mut execution = Execution::new(&get("actions/persons/1/invite"), Policy::default());
        assert!(execution.failed(Kind::Lost).is_none());
        let step = execution.answered_by(&head(503, None), b"");
        assert!(!matches!(step, Step::Again(_)));
    }

    #[test]
    fn a_timeout_is_not_retried() {
        for kind in [Kind::ConnectTimeout, Kind::ReadTimeout] {
            assert!(Execution::new(&get("a"), Policy::default()).failed(kind).is_none());
        }
    }

    #[test]
    fn there_is_always_a_minimal_wait_before_a_retry() {
        let is_long_enough = |step| matches!(step, Step::Again(wait) if wait >= MIN_RETRY_WAIT);
        let past = "Sun, 06 Nov 1994 08:49:37 GMT";
        for text in ["0", "0.0001", "-0", "-5", "nan", "inf", "", "soon", past] {
            let mut execution = Execution::new(&download("a", None), Policy::default());
            assert!(is_long_enough(execution.answered_by(&head(202, Some(text)), b"")), "{text}");
            for status in [429, 503] {
                let mut execution = Execution::new(&get("a"), Policy::default());
                assert!(
                    is_long_enough(execution.answered_by(&head(status, Some(text)), b"")),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn retry_after_is_followed_up_to_a_limit() {
        let call = get("a");
        let mut execution = Execution::new(&call, Policy::default());
        let step = execution.answered_by(&head(503, Some("7")), b"");
        assert!(matches!(step, Step::Again(wait) if wait == Duration::from_secs(7)));
        let step = execution.answered_by(&head(503, Some("3600")), b"");
        assert_eq!(step, Step::Rejected(Rejection::ServerError));
    }

    #[test]
    fn retry_after_may_be_a_date() {
        let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(5));
        let wait = parse_retry_after(&soon).unwrap();
        assert!(wait > Duration::from_secs(3) && wait <= Duration::from_secs(5), "{wait:?}");
        assert_eq!(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        assert_eq!(parse_retry_after(" 0.5 "), Some(Duration::from_millis(500)));
        assert_eq!(parse_retry_after("1e300"), Some(Duration::MAX));
        for invalid in ["soon", "nan", "inf", "-1", ""] {
            assert_eq!(parse_retry_after(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn a_deadline_ends_the_retries() {
        let call = get("a");
        let policy = Policy { deadline: Some(Duration::from_millis(1)), ..Policy::default() };
        assert!(Execution::new(&call, policy).failed(Kind::Connect).is_none());
        let policy = Policy { deadline: Some(Duration::from_secs(60)), ..Policy::default() };
        assert!(Execution::new(&call, policy).failed(Kind::Connect).is_some());
    }

    #[test]
    fn an_expired_token_is_renewed_twice_at_most() {
        let call = get("a");
        let mut execution = Execution::new(&call, Policy::default());
        let body = br#"{"message": "Signature has expired"}"#;
        for attempt in 1..=3 {
            let step = execution.answered_by(&head(422, None), body);
            assert_eq!(step, Step::Renew { expired: true });
            assert_eq!(execution.renewed(), attempt < 3);
        }
    }

    #[test]
    fn the_wait_for_a_preview_is_limited() {
        let call = download("a", None);
        let policy = Policy { processing_timeout: Duration::from_secs(2), ..Policy::default() };
        let mut execution = Execution::new(&call, policy);
        let step = execution.answered_by(&head(202, Some("3600")), b"");
        assert!(matches!(step, Step::Again(wait) if wait <= Duration::from_secs(2)));
        let policy = Policy { processing_timeout: Duration::ZERO, ..Policy::default() };
        let step = Execution::new(&call, policy).answered_by(&head(202, None), b"");
        assert_eq!(step, Step::StillProcessing);
    }

    #[test]
    fn headers_of_a_call_override_those_of_the_session() {
        let merged = merge_headers(
            [("User-Agent", &b"a"[..]), ("Accept", b"*/*")],
            [("user-agent", &b"b"[..]), ("X", b"1")],
        );
        assert_eq!(merged, [("user-agent", &b"b"[..]), ("Accept", b"*/*"), ("X", b"1")]);
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn retry_after_is_in_seconds_or_a_date(seconds in 0..1_000_000_u32) {
            let exact = Duration::from_secs(seconds.into());
            prop_assert_eq!(parse_retry_after(&format!(" {seconds}")), Some(exact));
            let date = httpdate::fmt_http_date(SystemTime::now() + exact);
            let wait = parse_retry_after(&date).unwrap();
            prop_assert!(wait <= exact && wait + Duration::from_secs(3) >= exact, "{:?}", wait);
        }

        #[test]
        fn any_retry_after_is_followed_or_ignored(
            text: String, number in "[-+0-9.eEinfa]{0,12}",
            date in "[A-Z][a-z]{2,8},? [0-9]{1,2}[ -][A-Z][a-z]{2}[ -][0-9]{2,5} [0-9:]{5,9}( GMT)?",
        ) {
            for text in [text, number, date] {
                let wait = parse_retry_after(&text);
                let mut execution = Execution::new(&get("a"), Policy::default());
                let step = execution.answered_by(&head(503, Some(&text)), b"");
                match step {
                    Step::Again(again) => prop_assert!(again <= MAX_RETRY_WAIT),
                    Step::Done => prop_assert!(wait.is_some_and(|wait| wait > MAX_RETRY_WAIT)),
                    other => prop_assert!(false, "{:?}", other),
                }
            }
        }

        #[test]
        fn merged_headers_have_each_name_once(
            session in prop::collection::btree_map("[A-C]{1,2}", any::<Vec<u8>>(), 0..4),
            own in prop::collection::btree_map("[a-c]{1,2}", any::<Vec<u8>>(), 0..4),
        ) {
            let pairs = |map: &'_ std::collections::BTreeMap<String, Vec<u8>>| {
                map.iter().map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<_>>()
            };
            let (session, own) = (pairs(&session), pairs(&own));
            let slices = |pairs| {
                let pairs: &Vec<(String, Vec<u8>)> = pairs;
                pairs.iter().map(|(k, v)| (k.as_str(), v.as_slice())).collect::<Vec<_>>()
            };
            let merged = merge_headers(slices(&session), slices(&own));
            for (name, value) in slices(&own) {
                prop_assert!(merged.contains(&(name, value)));
            }
            for (name, value) in slices(&session) {
                let replaced = own.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
                prop_assert_eq!(merged.contains(&(name, value)), !replaced);
            }
            let mut names: Vec<_> = merged.iter().map(|(n, _)| n.to_ascii_lowercase()).collect();
            names.sort();
            names.dedup();
            prop_assert_eq!(names.len(), merged.len());
        }
    }
}
