//! The process's runtime, and how Python threads wait for it.
//!
//! One runtime with one worker thread is made at the first request, and again in a child
//! after a fork, where the parent's threads do not exist. A Python thread that waits lets go
//! of the interpreter, looks for signals while it waits, and does not come back into an
//! interpreter that is going down.

use std::{
    cell::Cell,
    panic::catch_unwind,
    sync::{
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use pyo3::{
    exceptions::{PyOSError, PyRuntimeError},
    prelude::*,
};
use tokio::runtime::Runtime;

use super::process::PerProcess;

/// How long a thread is kept in which names were looked up.
const KEEP_ALIVE: Duration = Duration::from_secs(2);
/// How often a waiting thread looks for signals.
const POLL: Duration = Duration::from_millis(40);

static CURRENT: PerProcess<Runtime> = PerProcess::new();
/// Set when the interpreter goes down.
static EXITING: AtomicBool = AtomicBool::new(false);
/// The thread that takes the interpreter down, which may go on.
static EXIT_THREAD: AtomicU64 = AtomicU64::new(0);
/// Threads that are in our code and have the interpreter, or are on their way back into it.
/// Those of a parent stay there.
static BUSY: PerProcess<AtomicUsize> = PerProcess::new();
/// How long an interpreter that goes down waits for them.
const PATIENCE: Duration = Duration::from_secs(2);

thread_local! {
    /// How many of our functions, each called from the one before, this thread is in.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Lets the interpreter call `at_exit`. Done when the module is imported: what scripts register
/// afterwards has its turn before, and may wait for threads that send requests.
pub(super) fn hook(py: Python<'_>) -> PyResult<()> {
    let hook = pyo3::wrap_pyfunction!(at_exit, py)?;
    py.import("atexit")?.call_method1("register", (hook,))?;
    Ok(())
}

/// The process's runtime.
pub(super) fn runtime() -> PyResult<&'static Runtime> {
    Ok(CURRENT.get_or_try_init(|_| build())?)
}

fn build() -> PyResult<Runtime> {
    let build = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("gazu")
            .thread_keep_alive(KEEP_ALIVE)
            .on_thread_start(block_signals)
            .enable_all()
            .build()
    };
    // A thread that cannot be started is a panic there.
    match catch_unwind(build) {
        Ok(Ok(runtime)) => Ok(runtime),
        Ok(Err(error)) => Err(match error.raw_os_error() {
            Some(code) => PyOSError::new_err((code, error.to_string())),
            None => PyOSError::new_err(error.to_string()),
        }),
        Err(_) => Err(PyRuntimeError::new_err("can't start new thread")),
    }
}

/// Leaves signals to the threads of Python: one that a script waits for with `sigwait` must
/// not find a thread here that would take it.
fn block_signals() {
    #[cfg(unix)]
    {
        use nix::sys::signal::{SigSet, Signal};
        let mut signals = SigSet::all();
        for fault in [Signal::SIGSEGV, Signal::SIGBUS, Signal::SIGFPE, Signal::SIGILL] {
            signals.remove(fault);
        }
        // It fails for an argument that is none only.
        let _ = signals.thread_block();
    }
}

/// A thread that is in our code and calls Python from there.
///
/// Python ends such a thread where it stands when it asks for an interpreter that goes down
/// meanwhile, and our code cannot be left like that: the process would be aborted. So the
/// interpreter waits until it is out, and nobody enters who comes later.
pub(super) struct Inside(());

impl Inside {
    pub(super) fn enter(py: Python<'_>) -> Self {
        if DEPTH.get() == 0 {
            if is_shut() {
                py.detach(park);
            }
            busy().fetch_add(1, Ordering::SeqCst);
        }
        DEPTH.set(DEPTH.get() + 1);
        Self(())
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
        if DEPTH.get() == 0 {
            no_longer_busy();
        }
    }
}

/// Runs `work` without the interpreter.
pub(super) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> T {
    let inside = DEPTH.get() > 0;
    if inside {
        no_longer_busy();
    }
    let outcome = py.detach(|| {
        let outcome = work();
        busy().fetch_add(1, Ordering::SeqCst);
        if is_shut() {
            no_longer_busy();
            park();
        }
        outcome
    });
    if !inside {
        no_longer_busy();
    }
    outcome
}

fn busy() -> &'static AtomicUsize {
    BUSY.get_or_init(|_| AtomicUsize::default())
}

fn no_longer_busy() {
    // A child forked in our code comes out of it without having been counted there.
    let less = |count: usize| count.checked_sub(1);
    let _ = busy().fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
}

/// Whether this thread may no longer have the interpreter.
fn is_shut() -> bool {
    EXITING.load(Ordering::SeqCst) && EXIT_THREAD.load(Ordering::SeqCst) != thread_number()
}

/// Stands still until the process is gone.
fn park() {
    loop {
        thread::park();
    }
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

/// Called by the interpreter before it goes down: waits for those who are in our code and
/// keeps out those who would come later.
#[pyfunction]
fn at_exit(py: Python<'_>) -> PyResult<()> {
    join_pools(py)?;
    EXIT_THREAD.store(thread_number(), Ordering::SeqCst);
    EXITING.store(true, Ordering::SeqCst);
    py.detach(|| {
        let until = Instant::now() + PATIENCE;
        while busy().load(Ordering::SeqCst) > 0 && Instant::now() < until {
            thread::sleep(Duration::from_millis(1));
        }
    });
    Ok(())
}

/// Lets the pools of `concurrent.futures` end while their threads may still come back. Before
/// Python 3.9 they are joined by a function of `atexit`, which may have its turn after ours and
/// would wait for ever for a thread that is kept out; later ones join them before `atexit`.
fn join_pools(py: Python<'_>) -> PyResult<()> {
    if py.version_info() < (3, 9) {
        let modules = py.import("sys")?.getattr("modules")?;
        let pools = modules.call_method1("get", ("concurrent.futures.thread",))?;
        if !pools.is_none() {
            pools.call_method0("_python_exit")?;
        }
    }
    Ok(())
}

/// A number that tells this thread from all others, never 0.
fn thread_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    thread_local! {
        static NUMBER: u64 = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}
