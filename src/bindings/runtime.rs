//! The process's runtime, and how Python threads wait for it.
//!
//! One runtime with one worker thread is made at the first request, and again in a child
//! after a fork, where the parent's threads do not exist. A Python thread that waits lets go
//! of the interpreter, looks for signals while it waits, and does not come back into an
//! interpreter that is going down.

use std::{
    ptr,
    sync::{
        atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use pyo3::{exceptions::PyRuntimeError, prelude::*};
use tokio::runtime::Runtime;

/// How often a waiting thread looks for signals.
const POLL: Duration = Duration::from_millis(40);

struct Current {
    process: u32,
    runtime: Runtime,
}

static CURRENT: AtomicPtr<Current> = AtomicPtr::new(ptr::null_mut());
/// Set when the interpreter goes down.
static EXITING: AtomicBool = AtomicBool::new(false);
/// The thread that takes the interpreter down, which may go on.
static EXIT_THREAD: AtomicU64 = AtomicU64::new(0);
/// Threads on their way back into the interpreter.
static RETURNING: AtomicUsize = AtomicUsize::new(0);

/// The process's runtime.
pub(super) fn runtime(py: Python<'_>) -> PyResult<&'static Runtime> {
    let process = std::process::id();
    let current = CURRENT.load(Ordering::Acquire);
    // SAFETY: what `CURRENT` points to is never freed.
    if let Some(current) = unsafe { current.as_ref() } {
        if current.process == process {
            return Ok(&current.runtime);
        }
        // The threads that were on their way back stayed in the parent.
        RETURNING.store(0, Ordering::SeqCst);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("gazu")
        .enable_all()
        .build()
        .map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    let made = Box::into_raw(Box::new(Current { process, runtime }));
    match CURRENT.compare_exchange(current, made, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => {
            if current.is_null() {
                let hook = pyo3::wrap_pyfunction!(at_exit, py)?;
                py.import("atexit")?.call_method1("register", (hook,))?;
            }
            // SAFETY: just made, and never freed.
            Ok(unsafe { &(*made).runtime })
        }
        Err(winner) => {
            // SAFETY: nobody else has seen ours; the winner's is never freed.
            let (ours, winner) = unsafe { (Box::from_raw(made), &*winner) };
            ours.runtime.shutdown_background();
            Ok(&winner.runtime)
        }
    }
}

/// Runs `work` without the interpreter.
pub(super) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> T {
    let outcome = py.detach(|| {
        let outcome = work();
        RETURNING.fetch_add(1, Ordering::SeqCst);
        if EXITING.load(Ordering::SeqCst) && EXIT_THREAD.load(Ordering::SeqCst) != thread_number() {
            RETURNING.fetch_sub(1, Ordering::SeqCst);
            loop {
                thread::park();
            }
        }
        outcome
    });
    RETURNING.fetch_sub(1, Ordering::SeqCst);
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
    py.detach(|| {
        while RETURNING.load(Ordering::SeqCst) > 0 {
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
