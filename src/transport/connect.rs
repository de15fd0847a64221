//! Connect timeouts.
//!
//! Requests with different connect timeouts share a connection pool. So the timeout belongs to the
//! [`ConnectAttempt`] of a request. The connector finds it in a task-local variable of the task
//! that asks for a connection.

use std::{
    future::{poll_fn, Future},
    io,
    net::SocketAddr,
    pin::{pin, Pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower_layer::Layer;
use tower_service::Service;

tokio::task_local! {
    static ATTEMPT: ConnectAttempt;
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The connect timeout of one request, and the addresses that it has tried.
#[derive(Clone)]
pub(super) struct ConnectAttempt(Arc<Mutex<State>>);

struct State {
    /// The connect timeout.
    limit: Option<Duration>,
    /// When connecting is given up. It is set when connecting begins.
    deadline: Option<Instant>,
    /// When the current address is given up for the next one.
    address_deadline: Option<Instant>,
    /// The number of addresses of the host, counted in the larger address family.
    addresses: usize,
    /// The number of addresses that timed out.
    timed_out: usize,
    /// Whether the request waits for a new connection.
    connecting: bool,
    /// When the request last stopped waiting for a new connection.
    last_connecting: Instant,
}

impl ConnectAttempt {
    /// An attempt with this connect timeout.
    #[must_use]
    pub(super) fn new(limit: Option<Duration>) -> Self {
        Self(Arc::new(Mutex::new(State {
            limit,
            deadline: None,
            address_deadline: None,
            addresses: 0,
            timed_out: 0,
            connecting: false,
            last_connecting: Instant::now(),
        })))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work`. The connections that it makes belong to this attempt.
    pub(super) async fn scope<T>(&self, work: impl Future<Output = T>) -> T {
        ATTEMPT.scope(self.clone(), work).await
    }

    /// When the request last waited for a new connection.
    #[must_use]
    pub(super) fn last_connecting(&self) -> Instant {
        let state = self.lock();
        if state.connecting {
            Instant::now()
        } else {
            state.last_connecting
        }
    }

    /// Whether another address can be tried after the current one has timed out.
    #[must_use]
    pub(super) fn try_next_address(&self) -> bool {
        let mut state = self.lock();
        let in_time = state.deadline.is_some_and(|deadline| Instant::now() < deadline);
        if !in_time || state.timed_out + 1 >= state.addresses {
            return false;
        }
        state.timed_out += 1;
        true
    }

    /// When the current address, or connecting as a whole, is given up.
    fn deadline(&self) -> Option<Instant> {
        let state = self.lock();
        state.address_deadline.or(state.deadline)
    }

    fn begin(&self) {
        let mut state = self.lock();
        let limit = state.limit;
        state.deadline = state.deadline.or_else(|| limit.map(|limit| Instant::now() + limit));
        state.address_deadline = None;
        state.connecting = true;
    }

    fn end(&self) {
        let mut state = self.lock();
        if state.connecting {
            state.connecting = false;
            state.last_connecting = Instant::now();
        }
    }

    /// Whether the current task is the request's own. If the request gets another connection from
    /// the pool first, a task of the pool finishes this one.
    fn is_current_task(&self) -> bool {
        ATTEMPT.try_with(|here| Arc::ptr_eq(&here.0, &self.0)).unwrap_or(false)
    }

    /// Moves the addresses that timed out to the end. The remaining time is divided among the
    /// others.
    fn order_addresses(&self, addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
        let Some(first) = addresses.first().map(SocketAddr::is_ipv4) else { return addresses };
        let (mut ordered, mut others): (Vec<_>, Vec<_>) =
            addresses.into_iter().partition(|address| address.is_ipv4() == first);
        let mut state = self.lock();
        // IPv4 and IPv6 addresses are tried in parallel.
        state.addresses = ordered.len().max(others.len());
        for family in [&mut ordered, &mut others] {
            let turns = state.timed_out % family.len().max(1);
            family.rotate_left(turns);
        }
        let left = state.addresses.saturating_sub(state.timed_out);
        state.address_deadline = state.deadline.filter(|_| left > 1).map(|deadline| {
            let now = Instant::now();
            let parts = u32::try_from(left).unwrap_or(u32::MAX);
            now + deadline.saturating_duration_since(now) / parts
        });
        ordered.append(&mut others);
        ordered
    }
}

/// Marks the end of connecting when it is dropped.
struct ConnectingGuard(ConnectAttempt);

impl Drop for ConnectingGuard {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Looks up host names with the system's resolver.
pub(super) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let attempt = ATTEMPT.try_with(Clone::clone).ok();
        Box::pin(async move {
            let mut found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if let Some(attempt) = attempt {
                found = attempt.order_addresses(found);
            }
            Ok::<Addrs, _>(Box::new(found.into_iter()))
        })
    }
}

/// Adds connect deadlines to connectors.
#[derive(Clone)]
pub(super) struct ConnectDeadlineLayer;

impl<S> Layer<S> for ConnectDeadlineLayer {
    type Service = DeadlineConnector<S>;

    fn layer(&self, inner: S) -> DeadlineConnector<S> {
        DeadlineConnector(inner)
    }
}

/// A connector that gives up at the deadline of the request's attempt.
#[derive(Clone)]
pub(super) struct DeadlineConnector<S>(S);

impl<S, R> Service<R> for DeadlineConnector<S>
where
    S: Service<R, Error = BoxError>,
    S::Response: 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let connection = self.0.call(request);
        match ATTEMPT.try_with(Clone::clone) {
            Ok(attempt) => Box::pin(connect_within_deadline(attempt, connection)),
            Err(_) => Box::pin(connection),
        }
    }
}

async fn connect_within_deadline<T>(
    attempt: ConnectAttempt,
    connection: impl Future<Output = Result<T, BoxError>>,
) -> Result<T, BoxError> {
    attempt.begin();
    let connecting = ConnectingGuard(attempt.clone());
    let mut connection = pin!(ATTEMPT.scope(attempt.clone(), connection));
    let far_future = Instant::now() + Duration::from_secs(86400 * 365);
    let mut timer = pin!(tokio::time::sleep_until(far_future.into()));
    let outcome = poll_fn(|context| {
        if !attempt.is_current_task() {
            attempt.end();
        }
        if let Poll::Ready(outcome) = connection.as_mut().poll(context) {
            return Poll::Ready(outcome);
        }
        // The DNS lookup changes the deadline.
        let deadline = tokio::time::Instant::from(attempt.deadline().unwrap_or(far_future));
        if timer.deadline() != deadline {
            timer.as_mut().reset(deadline);
        }
        timer.as_mut().poll(context).map(|()| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
    })
    .await;
    drop(connecting);
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn an_address_that_times_out_is_followed_by_the_next() {
        let attempt = ConnectAttempt::new(Some(Duration::from_secs(10)));
        attempt.begin();
        let all = addresses(&["[::1]:1", "10.0.0.1:1", "10.0.0.2:1"]);
        assert_eq!(attempt.order_addresses(all.clone()), all);
        let left = attempt.deadline().unwrap().saturating_duration_since(Instant::now());
        assert!(left > Duration::from_secs(4) && left <= Duration::from_secs(5), "{left:?}");
        assert!(attempt.try_next_address());
        let rotated = addresses(&["[::1]:1", "10.0.0.2:1", "10.0.0.1:1"]);
        assert_eq!(attempt.order_addresses(all), rotated);
        let left = attempt.deadline().unwrap().saturating_duration_since(Instant::now());
        assert!(left > Duration::from_secs(9), "{left:?}");
        assert!(!attempt.try_next_address());
    }

    #[test]
    fn a_single_address_gets_the_whole_timeout() {
        for all in [&["10.0.0.1:1"][..], &["[::1]:1", "10.0.0.1:1"]] {
            let attempt = ConnectAttempt::new(Some(Duration::from_secs(10)));
            attempt.begin();
            attempt.order_addresses(addresses(all));
            assert!(attempt.deadline().unwrap() > Instant::now() + Duration::from_secs(9));
            assert!(!attempt.try_next_address());
        }
    }

    #[test]
    fn without_a_timeout_there_is_no_deadline() {
        let attempt = ConnectAttempt::new(None);
        attempt.begin();
        attempt.order_addresses(addresses(&["10.0.0.1:1", "10.0.0.2:1"]));
        assert_eq!(attempt.deadline(), None);
    }
}
