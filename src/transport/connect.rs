//! Whether connections are being made: while one is, silence is not the server's.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        atomic::{AtomicU64, AtomicUsize, Ordering},
        Arc,
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use tower_layer::Layer;
use tower_service::Service;

/// The connections that a pool is making.
#[derive(Clone)]
pub struct Connecting(Arc<State>);

struct State {
    start: Instant,
    now: AtomicUsize,
    /// Milliseconds after the start at which one was last made or given up.
    ended: AtomicU64,
}

impl Connecting {
    /// None so far.
    #[must_use]
    pub fn none() -> Self {
        let state =
            State { start: Instant::now(), now: AtomicUsize::new(0), ended: AtomicU64::new(0) };
        Self(Arc::new(state))
    }

    /// When a connection was last being made: now, or when the last one ended.
    #[must_use]
    pub fn last(&self) -> Instant {
        if self.0.now.load(Ordering::Acquire) > 0 {
            return Instant::now();
        }
        self.0.start + Duration::from_millis(self.0.ended.load(Ordering::Acquire))
    }
}

/// Counts a connection while it is being made, however that ends.
struct Counted(Connecting);

impl Counted {
    fn new(connecting: Connecting) -> Self {
        connecting.0.now.fetch_add(1, Ordering::AcqRel);
        Self(connecting)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let state = &self.0 .0;
        let elapsed = u64::try_from(state.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        state.ended.store(elapsed, Ordering::Release);
        state.now.fetch_sub(1, Ordering::AcqRel);
    }
}

impl<S> Layer<S> for Connecting {
    type Service = Watched<S>;

    fn layer(&self, inner: S) -> Watched<S> {
        Watched { inner, connecting: self.clone() }
    }
}

/// A connector whose work is counted.
#[derive(Clone)]
pub struct Watched<S> {
    inner: S,
    connecting: Connecting,
}

impl<S, R> Service<R> for Watched<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let counted = Counted::new(self.connecting.clone());
        let connection = self.inner.call(request);
        Box::pin(async move {
            let connection = connection.await;
            drop(counted);
            connection
        })
    }
}
