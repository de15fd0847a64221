//! The process's runtime, and how Python threads wait for it.
//!
//! One runtime with one worker thread is made at the first request, and again in a child
//! after a fork, where the parent's threads do not exist. A Python thread that waits lets go
//! of the interpreter, looks for signals while it waits, and does not come back into an
//! interpreter that is going down.

use std::{
    sync::{
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use pyo3::{exceptions::PyRuntimeError, prelude::*};
use tokio::runtime::Runtime;

use super::process::PerProcess;

/// How often a waiting thread looks for signals.
const POLL: Duration = Duration::from_millis(40);

static CURRENT: PerProcess<Runtime> = PerProcess::new();
/// Whether the interpreter calls `at_exit`, in this process or its children.
static HOOKED: AtomicBool = AtomicBool::new(false);
/// Set when the interpreter goes down.
static EXITING: AtomicBool = AtomicBool::new(false);
/// The thread that takes the interpreter down, which may go on.
static EXIT_THREAD: AtomicU64 = AtomicU64::new(0);
/// Threads on their way back into the interpreter. Those of a parent stay there.
static RETURNING: PerProcess<AtomicUsize> = PerProcess::new();

/// The process's runtime.
pub(super) fn runtime(py: Python<'_>) -> PyResult<&'static Runtime> {
    let runtime = CURRENT.get_or_try_init(|_| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("gazu")
            .enable_all()
            .build()
            .map_err(|error| PyRuntimeError::new_err(error.to_string()))
    })?;
    if !HOOKED.swap(true, Ordering::SeqCst) {
        let hook = pyo3::wrap_pyfunction!(at_exit, py)?;
        py.import("atexit")?.call_method1("register", (hook,))?;
    }
    Ok(runtime)
}

/// Runs `work` without the interpreter.
pub(super) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> T {
    let returning = RETURNING.get_or_init(|_| AtomicUsize::default());
    let outcome = py.detach(|| {
        let outcome = work();
        returning.fetch_add(1, Ordering::SeqCst);
        if EXITING.load(Ordering::SeqCst) && EXIT_THREAD.load(Ordering::SeqCst) != thread_number() {
            returning.fetch_sub(1, Ordering::SeqCst);
            loop {
                thread::park();
            }
        }
        outcome
    });
    returning.fetch_sub(1, Ordering::SeqCst);
    outcome
}

/// Waits for a message, without the interpreter, answering signals.
pub(super) fn wait<T: Send>(py: Python<'_>, receiver: &mut Receiver<T>) -> PyResult<T> {
    loop {
        let waiting = &mut *receiver;
        match detached(py, move || waiting.recv_timeout(POLL)) {
            Ok(message) => return Ok(message),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err("the transfer ended without an outcome"))
            }
        }
    }
}

/// Called by the interpreter before it goes down: waits for those who are coming back and
/// keeps out those who would come later.
#[pyfunction]
fn at_exit(py: Python<'_>) {
    EXIT_THREAD.store(thread_number(), Ordering::SeqCst);
    EXITING.store(true, Ordering::SeqCst);
    let returning = RETURNING.get_or_init(|_| AtomicUsize::default());
    py.detach(|| {
        while returning.load(Ordering::SeqCst) > 0 {
            thread::sleep(Duration::from_millis(1));
        }
    });
}

/// A number that tells this thread from all others, never 0.
fn thread_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    thread_local! {
        static NUMBER: u64 = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}
