//! The tokio runtime of the process, and the threads that drive it.
//!
//! The runtime is made at the first request, and again in a child after a fork. A Python thread
//! that waits for its answer releases the GIL and drives the runtime itself, so that no other
//! thread has to be woken. If several threads wait, one of them drives it for all. A background
//! thread drives it for the other work: requests of event loops, uploads whose own thread reads
//! files, and idle connections.
//!
//! On Windows, the background thread drives it for all. There a thread that drives the runtime asks
//! the system for the readiness of sockets, and wine forgets what a thread has asked for if the
//! thread ends just then: the request would never end.
//!
//! A waiting thread checks for signals now and then. It does not attach to an interpreter that
//! is shutting down.

use std::{
    cell::Cell,
    future::Future,
    io, ptr,
    sync::{
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError, TryRecvError},
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
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
    time::{timeout, timeout_at},
};

use super::{cancel::check_wait, process::PerProcess};

/// How long an idle thread of the blocking pool (DNS lookups) is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(2);
/// How often a waiting thread checks for signals.
const POLL: Duration = Duration::from_millis(40);
/// How long after the last request the background thread takes over the connections.
const TAKE_OVER_AFTER: Duration = Duration::from_secs(1);
/// How often the background thread checks whether it is still needed.
const CHECK_AGAIN: Duration = Duration::from_secs(10);

static CURRENT: PerProcess<Engine> = PerProcess::new();
/// Set when the interpreter shuts down.
static EXITING: AtomicBool = AtomicBool::new(false);
/// The thread that shuts the interpreter down. It alone may still attach.
static EXIT_THREAD: AtomicU64 = AtomicU64::new(0);
/// How many threads are attached in our code, or about to attach. A forked child counts its own.
static ATTACHED: PerProcess<AtomicUsize> = PerProcess::new();
/// How long an interpreter that shuts down waits for them.
const EXIT_WAIT: Duration = Duration::from_secs(2);

thread_local! {
    /// How deeply calls of our functions are nested on this thread.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Registers `at_exit` when the module is imported. Functions that scripts register later run
/// before it, and may wait for threads that send requests.
pub(super) fn hook(py: Python<'_>) -> PyResult<()> {
    let hook = pyo3::wrap_pyfunction!(at_exit, py)?;
    py.import("atexit")?.call_method1("register", (hook,))?;
    Ok(())
}

/// The process's runtime.
struct Engine {
    runtime: Runtime,
    state: Mutex<State>,
    /// Wakes the background thread while it waits.
    changed: Condvar,
    /// Wakes the background thread while it drives the runtime.
    called: Notify,
}

#[derive(Default)]
struct State {
    /// Whether there is a background thread.
    has_background: bool,
    /// Whether it drives the runtime.
    driven: bool,
    /// The tasks that the background thread has to drive.
    tasks: usize,
    /// The threads that drive the runtime themselves.
    callers: usize,
    /// Whether there have been such threads since the background thread last checked.
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

    /// The state, after a background thread has been started if there was none.
    fn with_background_thread(&'static self) -> io::Result<MutexGuard<'static, State>> {
        let mut state = self.lock();
        if !state.has_background {
            let thread = thread::Builder::new().name("gazu".into());
            thread.spawn(|| self.run_in_background())?;
            state.has_background = true;
        }
        Ok(state)
    }

    fn run_in_background(&self) {
        block_signals();
        while self.wait_for_work() {
            self.runtime.block_on(self.attend());
            self.lock().driven = false;
        }
    }

    /// Waits while other threads drive the runtime, and for a while after that. Returns false
    /// when no task and no connection is left.
    fn wait_for_work(&self) -> bool {
        let mut state = self.lock();
        loop {
            if state.tasks > 0 || state.callers == 0 && !state.called {
                state.driven = state.tasks > 0 || self.has_connections();
                state.has_background = state.driven;
                return state.driven;
            }
            state.called = false;
            let waited = self.changed.wait_timeout(state, TAKE_OVER_AFTER);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Drives the runtime for its tasks, or until another thread wants to. Connections that
    /// servers close, or that have been idle for long, are closed meanwhile.
    async fn attend(&self) {
        while self.is_wanted() {
            // Nothing notifies us when the last connection closes.
            drop(timeout(CHECK_AGAIN, self.called.notified()).await);
        }
    }

    /// Whether the background thread has to drive the runtime.
    fn is_wanted(&self) -> bool {
        let state = self.lock();
        state.tasks > 0 || state.callers == 0 && self.has_connections()
    }

    /// Whether there may be connections.
    fn has_connections(&self) -> bool {
        self.runtime.metrics().num_alive_tasks() > 0
    }
}

/// A task that the background thread drives.
struct Task(&'static Engine);

impl Task {
    fn new(engine: &'static Engine) -> io::Result<Self> {
        let mut state = engine.with_background_thread()?;
        state.tasks += 1;
        if !state.driven {
            engine.changed.notify_one();
        }
        Ok(Self(engine))
    }

    /// A task for the work that a thread waits for, on Windows. Elsewhere the thread drives the
    /// runtime itself, as it does if no background thread can be started.
    fn on_windows(engine: &'static Engine) -> Option<Self> {
        if cfg!(windows) {
            Self::new(engine).ok()
        } else {
            None
        }
    }
}

impl Task {
    /// Starts the work of the task.
    fn spawn(self, work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        self.0.runtime.spawn(async move {
            let _task = self;
            work.await;
        })
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

/// A thread that drives the runtime itself.
struct Caller(&'static Engine);

impl Caller {
    fn new(engine: &'static Engine) -> Self {
        // If no background thread can be started, the caller can still drive the runtime.
        let mut state = engine.with_background_thread().unwrap_or_else(|_| engine.lock());
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

/// Gives the tasks of dropped connections a chance to close them.
async fn close_dropped() {
    for _ in 0..3 {
        yield_now().await;
    }
}

/// Closes dropped connections, if there is a runtime.
pub(super) fn close_connections(py: Python<'_>) {
    // The end of the process closes them all.
    if EXITING.load(Ordering::SeqCst) {
        return;
    }
    let Some(engine) = CURRENT.get() else { return };
    detached(py, || match Task::on_windows(engine) {
        // The connections are closed later, too, so that the outcome does not matter.
        Some(task) => drop(start(task, close_dropped()).1.recv_timeout(POLL)),
        None => engine.runtime.block_on(close_dropped()),
    });
}

/// Starts work of a task, and returns what receives its outcome.
fn start<T: Send + 'static>(
    task: Task,
    work: impl Future<Output = T> + Send + 'static,
) -> (JoinHandle<()>, mpsc::Receiver<T>) {
    let (sender, outcome) = mpsc::sync_channel(1);
    // Nobody receives it if the wait was interrupted.
    let handle = task.spawn(async move { drop(sender.send(work.await)) });
    (handle, outcome)
}

/// Starts work that the background thread drives.
pub(super) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> PyResult<JoinHandle<()>> {
    let task =
        Task::new(engine()?).map_err(|_| PyRuntimeError::new_err("can't start new thread"))?;
    Ok(task.spawn(work))
}

/// Does work, and waits for it with the GIL released. A signal or a cancellation ends the work.
pub(super) fn drive<T: Send + 'static>(
    py: Python<'_>,
    work: impl Future<Output = T> + Send + 'static,
) -> PyResult<T> {
    let engine = engine()?;
    if let Some(task) = Task::on_windows(engine) {
        return wait_for(py, start(task, work));
    }
    let _caller = Caller::new(engine);
    // Spawning inside the runtime saves a wake-up.
    let begin = async {
        let mut task = tokio::spawn(work);
        let outcome = timeout(POLL, &mut task).await;
        (task, outcome)
    };
    let (mut task, mut outcome) = detached(py, || engine.runtime.block_on(begin));
    loop {
        match outcome {
            Ok(Ok(outcome)) => return Ok(outcome),
            Ok(Err(_)) => return Err(without_outcome()),
            Err(_) => check_or_end(py, &task)?,
        }
        let wait = async { timeout(POLL, &mut task).await };
        outcome = detached(py, || engine.runtime.block_on(wait));
    }
}

/// Waits for the outcome of work that the background thread does.
fn wait_for<T: Send>(
    py: Python<'_>,
    (handle, outcome): (JoinHandle<()>, mpsc::Receiver<T>),
) -> PyResult<T> {
    let mut outcome = outcome;
    loop {
        let received;
        (received, outcome) = detached(py, move || (outcome.recv_timeout(POLL), outcome));
        match received {
            Ok(outcome) => return Ok(outcome),
            Err(RecvTimeoutError::Disconnected) => return Err(without_outcome()),
            Err(RecvTimeoutError::Timeout) => check_or_end(py, &handle)?,
        }
    }
}

/// Ends the work that a thread waits for if a signal or a cancellation ends the wait.
fn check_or_end<T>(py: Python<'_>, work: &JoinHandle<T>) -> PyResult<()> {
    check_wait(py).inspect_err(|_| {
        work.abort();
        close_connections(py);
    })
}

/// Work that sends events to the thread that waits for them. It ends when this is dropped.
pub(super) struct Work<E> {
    engine: &'static Engine,
    in_background: bool,
    handle: JoinHandle<()>,
    events: mpsc::Receiver<E>,
    arrived: Arc<Notify>,
}

/// Sends the events of work.
pub(super) struct EventSender<E> {
    sender: mpsc::Sender<E>,
    arrived: Arc<Notify>,
}

impl<E> Clone for EventSender<E> {
    fn clone(&self) -> Self {
        Self { sender: self.sender.clone(), arrived: self.arrived.clone() }
    }
}

impl<E> EventSender<E> {
    /// Sends an event. Returns false if the waiting thread has left.
    pub(super) fn send(&self, event: E) -> bool {
        let is_sent = self.sender.send(event).is_ok();
        self.arrived.notify_one();
        is_sent
    }
}

impl<E> Work<E> {
    /// Starts work.
    ///
    /// The waiting thread drives it, and nobody does while that thread does something else. With
    /// `in_background`, the background thread drives it, so that both go on at the same time. On
    /// Windows, it always does.
    pub(super) fn start<F: Future<Output = ()> + Send + 'static>(
        in_background: bool,
        work: impl FnOnce(EventSender<E>) -> F,
    ) -> PyResult<Self> {
        let (sender, events) = mpsc::channel();
        let arrived = Arc::<Notify>::default();
        let work = work(EventSender { sender, arrived: arrived.clone() });
        let engine = engine()?;
        let in_background = in_background || cfg!(windows);
        let handle = if in_background { spawn(work)? } else { engine.runtime.spawn(work) };
        Ok(Self { engine, in_background, handle, events, arrived })
    }

    /// Whether the background thread drives the work.
    pub(super) const fn is_in_background(&self) -> bool {
        self.in_background
    }

    /// Waits for the next event. The caller must not hold the GIL.
    pub(super) fn next(&self, until: Instant) -> Result<E, RecvTimeoutError> {
        if !self.is_of_this_process() {
            return Err(RecvTimeoutError::Disconnected);
        }
        if self.in_background {
            return self.events.recv_timeout(until.saturating_duration_since(Instant::now()));
        }
        let _caller = Caller::new(self.engine);
        loop {
            match self.events.try_recv() {
                Ok(event) => return Ok(event),
                Err(TryRecvError::Disconnected) => return Err(RecvTimeoutError::Disconnected),
                Err(TryRecvError::Empty) if Instant::now() >= until => {
                    return Err(RecvTimeoutError::Timeout)
                }
                Err(TryRecvError::Empty) => {}
            }
            let arrived = async { timeout_at(until.into(), self.arrived.notified()).await };
            // Whether it has arrived is seen above.
            drop(self.engine.runtime.block_on(arrived));
        }
    }

    /// Whether this is not a child that was forked by a callback.
    fn is_of_this_process(&self) -> bool {
        CURRENT.get().is_some_and(|engine| ptr::eq(Arc::as_ptr(engine), self.engine))
    }
}

impl<E> Drop for Work<E> {
    fn drop(&mut self) {
        if self.is_of_this_process() {
            self.handle.abort();
        }
    }
}

fn without_outcome() -> PyErr {
    PyRuntimeError::new_err("the transfer ended without an outcome")
}

/// Blocks signals on our threads. Otherwise one of them could take a signal that a script waits
/// for with `sigwait`.
fn block_signals() {
    #[cfg(unix)]
    {
        use nix::sys::signal::{SigSet, Signal};
        let mut signals = SigSet::all();
        for fault in [Signal::SIGSEGV, Signal::SIGBUS, Signal::SIGFPE, Signal::SIGILL] {
            signals.remove(fault);
        }
        // It fails only for an invalid argument.
        let _ = signals.thread_block();
    }
}

/// Marks a thread that runs our code and calls Python from it.
///
/// Python kills a thread that attaches to an interpreter which is shutting down. Rust code must
/// not be unwound like that: the process would abort. So the interpreter waits until all marked
/// threads have left our code, and a thread that comes later is parked.
pub(super) struct AttachGuard(());

impl AttachGuard {
    pub(super) fn enter(py: Python<'_>) -> Self {
        if DEPTH.get() == 0 {
            if is_shut_down() {
                py.detach(park);
            }
            attached().fetch_add(1, Ordering::SeqCst);
        }
        DEPTH.set(DEPTH.get() + 1);
        Self(())
    }
}

impl Drop for AttachGuard {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
        if DEPTH.get() == 0 {
            no_longer_attached();
        }
    }
}

/// Runs `work` with the GIL released.
pub(super) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> T {
    let inside = DEPTH.get() > 0;
    if inside {
        no_longer_attached();
    }
    let outcome = py.detach(|| {
        let outcome = work();
        attached().fetch_add(1, Ordering::SeqCst);
        if is_shut_down() {
            no_longer_attached();
            park();
        }
        outcome
    });
    if !inside {
        no_longer_attached();
    }
    outcome
}

/// Leaves Python for ever if the interpreter shuts down. Long work with the GIL calls this.
pub(super) fn park_if_shut_down(py: Python<'_>) {
    if is_shut_down() {
        detached(py, || ());
    }
}

fn attached() -> &'static AtomicUsize {
    ATTACHED.get_or_init(|_| AtomicUsize::default())
}

fn no_longer_attached() {
    // In a child that was forked inside our code, this thread has not been counted.
    let less = |count: usize| count.checked_sub(1);
    let _ = attached().fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
}

/// Whether this thread may no longer attach to the interpreter.
fn is_shut_down() -> bool {
    EXITING.load(Ordering::SeqCst) && EXIT_THREAD.load(Ordering::SeqCst) != thread_number()
}

/// Parks the thread until the process ends.
fn park() {
    loop {
        thread::park();
    }
}

/// Called by the interpreter before it shuts down. It waits for the threads in our code, and
/// keeps later ones out.
#[pyfunction]
fn at_exit(py: Python<'_>) -> PyResult<()> {
    join_pools(py)?;
    EXIT_THREAD.store(thread_number(), Ordering::SeqCst);
    EXITING.store(true, Ordering::SeqCst);
    py.detach(|| {
        let until = Instant::now() + EXIT_WAIT;
        while attached().load(Ordering::SeqCst) > 0 && Instant::now() < until {
            thread::sleep(Duration::from_millis(1));
        }
    });
    Ok(())
}

/// Joins the thread pools of `concurrent.futures` while their threads may still attach. Before
/// Python 3.9 a function of `atexit` joins them. It may run after ours, and would wait for ever
/// for a parked thread. Later versions join them before `atexit`.
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

/// A number that identifies this thread; never 0.
fn thread_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    thread_local! {
        static NUMBER: u64 = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}
