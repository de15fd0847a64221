//! The process's runtime, and the threads that run it.
//!
//! It is made at the first request, and again in a child after a fork. A Python thread that
//! waits for its answer lets go of the interpreter and runs the runtime meanwhile, so that no
//! other thread has to be woken for a request; of several one does so for all. A thread in
//! the background runs it for what nobody waits for like this: the requests of event loops,
//! transfers whose own thread reads or writes files, and connections when all are silent.
//!
//! A waiting thread looks for signals now and then, and does not come back into an
//! interpreter that is going down.

use std::{
    cell::Cell,
    future::Future,
    io,
    sync::{
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        Condvar, Mutex, MutexGuard, PoisonError,
    },
    thread,
    time::{Duration, Instant},
};

use pyo3::{
    exceptions::{PyOSError, PyRuntimeError},
    prelude::*,
};
use tokio::{
    runtime::Runtime,
    sync::Notify,
    task::{yield_now, JoinHandle},
    time::timeout,
};

use super::process::PerProcess;

/// How long a thread is kept in which names were looked up.
const KEEP_ALIVE: Duration = Duration::from_secs(2);
/// How often a waiting thread looks for signals.
const POLL: Duration = Duration::from_millis(40);
/// How long after the last request the connections are looked after in the background.
const QUIET: Duration = Duration::from_secs(1);
/// How often the thread there looks whether it is still needed.
const LOOK: Duration = Duration::from_secs(10);

static CURRENT: PerProcess<Engine> = PerProcess::new();
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
struct Engine {
    runtime: Runtime,
    state: Mutex<State>,
    /// The state has changed, for a thread in the background that rests, ...
    changed: Condvar,
    /// ... and for one that runs the runtime.
    called: Notify,
}

#[derive(Default)]
struct State {
    /// Whether there is a thread in the background, ...
    attended: bool,
    /// ... and it runs the runtime.
    driven: bool,
    /// Tasks that it has to run.
    tasks: usize,
    /// Threads that run the runtime themselves.
    callers: usize,
    /// Whether there have been some since the thread in the background looked last.
    called: bool,
}

fn engine() -> PyResult<&'static Engine> {
    Ok(CURRENT.get_or_try_init(|_| Engine::new().map_err(exception))?)
}

fn exception(error: io::Error) -> PyErr {
    match error.raw_os_error() {
        Some(code) => PyOSError::new_err((code, error.to_string())),
        None => PyOSError::new_err(error.to_string()),
    }
}

impl Engine {
    fn new() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .thread_name("gazu")
            .thread_keep_alive(KEEP_ALIVE)
            .on_thread_start(block_signals)
            .enable_all()
            .build()?;
        Ok(Self {
            runtime,
            state: Mutex::default(),
            changed: Condvar::new(),
            called: Notify::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, once there is a thread in the background.
    fn attended(&'static self) -> io::Result<MutexGuard<'static, State>> {
        let mut state = self.lock();
        if !state.attended {
            let thread = thread::Builder::new().name("gazu".into());
            thread.spawn(|| self.run_in_background())?;
            state.attended = true;
        }
        Ok(state)
    }

    fn run_in_background(&self) {
        block_signals();
        while self.rest() {
            self.runtime.block_on(self.attend());
            self.lock().driven = false;
        }
    }

    /// Waits, without running the runtime, while others do and for a while after that. False
    /// when there is nothing left to look after.
    fn rest(&self) -> bool {
        let mut state = self.lock();
        loop {
            if state.tasks > 0 || state.callers == 0 && !state.called {
                state.driven = state.tasks > 0 || self.has_connections();
                state.attended = state.driven;
                return state.driven;
            }
            state.called = false;
            let waited = self.changed.wait_timeout(state, QUIET);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Keeps the runtime running for tasks, or until others want to run it. What servers close
    /// meanwhile, or has not been used for long, is closed.
    async fn attend(&self) {
        while self.is_wanted() {
            // No connections left is what nobody tells.
            drop(timeout(LOOK, self.called.notified()).await);
        }
    }

    /// Whether the runtime is to be run in the background.
    fn is_wanted(&self) -> bool {
        let state = self.lock();
        state.tasks > 0 || state.callers == 0 && self.has_connections()
    }

    /// Whether there may be connections.
    fn has_connections(&self) -> bool {
        self.runtime.metrics().num_alive_tasks() > 0
    }
}

/// A task that the thread in the background runs.
struct Task(&'static Engine);

impl Task {
    fn new(engine: &'static Engine) -> io::Result<Self> {
        let mut state = engine.attended()?;
        state.tasks += 1;
        if !state.driven {
            engine.changed.notify_one();
        }
        Ok(Self(engine))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.tasks -= 1;
        if state.tasks == 0 && state.callers > 0 {
            self.0.called.notify_one();
        }
    }
}

/// A thread that runs the runtime itself.
struct Caller(&'static Engine);

impl Caller {
    fn new(engine: &'static Engine) -> Self {
        // It needs no thread in the background, which may have to wait for another day.
        let mut state = engine.attended().unwrap_or_else(|_| engine.lock());
        state.callers += 1;
        state.called = true;
        if state.driven && state.tasks == 0 {
            engine.called.notify_one();
        }
        Self(engine)
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.lock().callers -= 1;
    }
}

/// Lets connections end that nobody needs any more.
async fn settle() {
    for _ in 0..3 {
        yield_now().await;
    }
}

/// Closes what has been let go of, where a runtime has been made.
pub(super) fn tidy(py: Python<'_>) {
    // A process that ends closes them all.
    if EXITING.load(Ordering::SeqCst) {
        return;
    }
    if let Some(engine) = CURRENT.get() {
        detached(py, || engine.runtime.block_on(settle()));
    }
}

/// Has work done while its task exists, in the background.
pub(super) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> PyResult<JoinHandle<()>> {
    let engine = engine()?;
    let task = Task::new(engine).map_err(|_| PyRuntimeError::new_err("can't start new thread"))?;
    Ok(engine.runtime.spawn(async move {
        let _task = task;
        work.await;
    }))
}

/// Does work on this thread, without the interpreter. Now and then it looks for signals, and
/// for what else ends the work, which then raises.
pub(super) fn drive<T: Send + 'static>(
    py: Python<'_>,
    work: impl Future<Output = T> + Send + 'static,
    look: impl Fn() -> PyResult<()>,
) -> PyResult<T> {
    let engine = engine()?;
    let _caller = Caller::new(engine);
    // A task that is made within the runtime does not have to wake it up.
    let begin = async {
        let mut task = tokio::spawn(work);
        let outcome = timeout(POLL, &mut task).await;
        (task, outcome)
    };
    let (mut task, mut outcome) = detached(py, || engine.runtime.block_on(begin));
    loop {
        match outcome {
            Ok(Ok(outcome)) => return Ok(outcome),
            Ok(Err(_)) => {
                return Err(PyRuntimeError::new_err("the transfer ended without an outcome"))
            }
            Err(_) => {
                if let Err(error) = py.check_signals().and_then(|()| look()) {
                    task.abort();
                    tidy(py);
                    return Err(error);
                }
            }
        }
        let wait = async { timeout(POLL, &mut task).await };
        outcome = detached(py, || engine.runtime.block_on(wait));
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
pub(super) struct AttachGuard(());

impl AttachGuard {
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

impl Drop for AttachGuard {
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
