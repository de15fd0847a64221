//! Making connections: how long that may take, and whether a request is waiting for it.
//!
//! A pool serves requests with different deadlines. So the deadline to connect belongs to a
//! request's [`ConnectAttempt`], which the connector finds in the task that asks for a connection.

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

/// One request's way to a connection: a new one, or one that the pool has.
#[derive(Clone)]
pub(super) struct ConnectAttempt(Arc<Mutex<State>>);

struct State {
    /// How long connecting may take.
    limit: Option<Duration>,
    /// When connecting is given up; set when it begins.
    deadline: Option<Instant>,
    /// When the address in use is given up for the host's next one.
    address_deadline: Option<Instant>,
    /// How many addresses of one family the host has.
    addresses: usize,
    /// How many of them did not answer.
    timed_out: usize,
    /// Whether this request waits for a connection that is being made.
    connecting: bool,
    /// When that last last_connecting.
    last_connecting: Instant,
}

impl ConnectAttempt {
    /// An attempt that may take so long to connect.
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

    /// Does work whose connections are this attempt's.
    pub(super) async fn scope<T>(&self, work: impl Future<Output = T>) -> T {
        ATTEMPT.scope(self.clone(), work).await
    }

    /// When the request last waited for a connection that was being made.
    #[must_use]
    pub(super) fn last_connecting(&self) -> Instant {
        let state = self.lock();
        if state.connecting {
            Instant::now()
        } else {
            state.last_connecting
        }
    }

    /// Whether the host has another address to try after the present one has been timed_out.
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

    /// When the connection that is being made is given up.
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

    /// Whether the present task is the request's own. One that has got another connection
    /// meanwhile leaves the making of this one to a task of the pool.
    fn is_current_task(&self) -> bool {
        ATTEMPT.try_with(|here| Arc::ptr_eq(&here.0, &self.0)).unwrap_or(false)
    }

    /// A host's addresses with those that were timed_out last. Each gets its part of the time.
    fn order_addresses(&self, addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
        let Some(first) = addresses.first().map(SocketAddr::is_ipv4) else { return addresses };
        let (mut ordered, mut others): (Vec<_>, Vec<_>) =
            addresses.into_iter().partition(|address| address.is_ipv4() == first);
        let mut state = self.lock();
        // The two families are tried beside each other.
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

/// Ends an attempt's connecting, however that ends.
struct ConnectingGuard(ConnectAttempt);

impl Drop for ConnectingGuard {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Looks hosts up with the system's resolver.
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

/// Has connectors keep the deadlines of attempts.
#[derive(Clone)]
pub(super) struct ConnectDeadlineLayer;

impl<S> Layer<S> for ConnectDeadlineLayer {
    type Service = DeadlineConnector<S>;

    fn layer(&self, inner: S) -> DeadlineConnector<S> {
        DeadlineConnector(inner)
    }
}

/// A connector that keeps the deadlines of attempts.
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
        // Looking the host up has moved it.
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
    fn a_silent_address_makes_room_for_the_next() {
        let attempt = ConnectAttempt::new(Some(Duration::from_secs(10)));
        attempt.begin();
        let all = addresses(&["[::1]:1", "10.0.0.1:1", "10.0.0.2:1"]);
        assert_eq!(attempt.order_addresses(all.clone()), all);
        let left = attempt.deadline().unwrap().saturating_duration_since(Instant::now());
        assert!(left > Duration::from_secs(4) && left <= Duration::from_secs(5), "{left:?}");
        assert!(attempt.try_next_address());
        let turned = addresses(&["[::1]:1", "10.0.0.2:1", "10.0.0.1:1"]);
        assert_eq!(attempt.order_addresses(all), turned);
        let left = attempt.deadline().unwrap().saturating_duration_since(Instant::now());
        assert!(left > Duration::from_secs(9), "{left:?}");
        assert!(!attempt.try_next_address());
    }

    #[test]
    fn the_only_address_has_all_the_time() {
        for all in [&["10.0.0.1:1"][..], &["[::1]:1", "10.0.0.1:1"]] {
            let attempt = ConnectAttempt::new(Some(Duration::from_secs(10)));
            attempt.begin();
            attempt.order_addresses(addresses(all));
            assert!(attempt.deadline().unwrap() > Instant::now() + Duration::from_secs(9));
            assert!(!attempt.try_next_address());
        }
    }

    #[test]
    fn without_a_limit_nothing_is_given_up() {
        let attempt = ConnectAttempt::new(None);
        attempt.begin();
        attempt.order_addresses(addresses(&["10.0.0.1:1", "10.0.0.2:1"]));
        assert_eq!(attempt.deadline(), None);
    }
}
