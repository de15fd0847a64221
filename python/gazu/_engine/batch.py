"""Sends many calls concurrently, and creates calls without sending them."""

from __future__ import annotations

import inspect
import queue
import threading

from .. import _core
from . import scopes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable

#: The default number of concurrent requests in a batch.
CONCURRENCY = 10


class CallRecorder:
    """
    A stand-in for a client that records calls instead of sending them.

    Attributes:
        calls: The recorded calls.
        accessed: The name of another attribute that the function used; None
            if it only ran calls.
    """

    #: ``gazu.cache`` looks at this: recorded calls are never cached.
    _records_calls = True

    def __init__(self) -> None:
        self.calls: list = []
        self.accessed: str | None = None

    def __getattr__(self, name: str) -> Any:
        # A function that reads the host or the session of its client does
        # more than run one call.
        self.accessed = name
        raise AttributeError(name)

    def run(
        self,
        call: Any,
        progress_callback: Callable | None = None,
        processing_timeout: float | None = None,
        streams: Any = (),
    ) -> Any:
        """Record a call instead of sending it."""
        for name, value in (
            ("progress_callback", progress_callback),
            ("streams", streams),
        ):
            if value:
                raise TypeError(
                    "{}: not supported for a call that run_all sends".format(
                        name
                    )
                )
        self.calls.append(call)
        return call

    _send = run

    def _run_composition(
        self, function: Callable, args: tuple, kwargs: dict
    ) -> Any:
        """
        Raise TypeError: the function makes several requests.

        Only ``fetch_all`` may make one request, if it is not paginated.
        """
        if function.__name__ == "fetch_all":
            return function(*args, **kwargs)
        self.accessed = function.__name__
        raise TypeError


def describe(function: Callable, args: tuple, kwargs: dict) -> Any:
    """
    Return the call that a function would send, without sending it.

    Args:
        function: A function of gazu that makes one request.
        args: Its arguments by position.
        kwargs: Its arguments by name, without ``client``.

    Raises:
        TypeError: the function makes more than one request, or does not
            return the server's answer unchanged.
    """
    if not callable(function):
        raise TypeError(
            "function: expected a function of gazu, not {!r}".format(function)
        )
    if "client" in kwargs:
        raise TypeError(
            "client: pass it to run_all, which sends the call, and not to call"
        )
    recorder = CallRecorder()
    inspect.signature(function).bind(*args, client=recorder, **kwargs)
    cause = value = None
    try:
        value = function(*args, client=recorder, **kwargs)
    except Exception as error:
        if not (recorder.calls or recorder.accessed):
            # The arguments were invalid.
            raise
        cause = error
    if len(recorder.calls) == 1 and recorder.calls[0] is value:
        return value
    raise TypeError(
        "function: {} makes more than one request or changes the answer, so "
        "it cannot be sent with run_all".format(
            getattr(function, "__name__", function)
        )
    ) from cause


def check_count(argument: str, count: Any) -> None:
    """
    Check an argument that says how many, such as ``concurrency``.

    Raises:
        TypeError: it is not a number.
        ValueError: it is less than 1.
    """
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError(
            "{}: expected a number, not {!r}".format(argument, count)
        )
    if count < 1:
        raise ValueError(
            "{}: must be 1 or more, not {!r}".format(argument, count)
        )


class Batch:
    """
    The calls of a batch, and their results.

    Attributes:
        width: The number of workers that send calls at the same time.
        outcomes: The result or the exception of each call, in the calls'
            order.
        failures: The exceptions, by the calls' positions.
        stopped: Whether no more calls are started.
    """

    def __init__(
        self, calls: Iterable, concurrency: int, keep_failures: bool
    ) -> None:
        self.calls = list(calls)
        for number, call in enumerate(self.calls):
            if not isinstance(call, _core.Call):
                raise TypeError(
                    "calls: item {} is not a call but {!r}; create calls "
                    "with gazu.client.call".format(number, call)
                )
        check_count("concurrency", concurrency)
        self.width = min(concurrency, len(self.calls))
        self.outcomes: list = [None] * len(self.calls)
        self.failures: dict[int, BaseException] = {}
        self.stopped = False
        self._keep_failures = keep_failures
        self._numbers = iter(range(len(self.calls)))

    def next(self) -> int | None:
        """Return the position of the next call to send, or None at the end."""
        return None if self.stopped else next(self._numbers, None)

    def succeeded(self, number: int, value: Any) -> None:
        """Store the result of a call."""
        self.outcomes[number] = value

    def failed(self, number: int, error: BaseException) -> None:
        """Store the exception of a call. Unless failures are kept, stop."""
        self.failures[number] = error
        self.outcomes[number] = error
        if not (self._keep_failures and isinstance(error, Exception)):
            self.stopped = True

    def result(self) -> list:
        """Return all outcomes, or raise the failure of the earliest call."""
        if self.stopped and self.failures:
            raise self.failures[min(self.failures)]
        return self.outcomes


def run(
    batch: Batch,
    send: Callable,
    client: Any,
    progress_callback: Callable | None,
) -> list:
    """
    Run a batch in threads.

    Args:
        batch: The batch.
        send: Sends one call. Its arguments are the call, the client and a
            ``Cancel`` object, which cancels the call from another thread.
        client: The client.
        progress_callback: Called on this thread with the number of finished
            calls and the number of all calls.

    Returns:
        The outcomes, in the order of the calls.
    """
    cancel = _core.Cancel()
    finished: Any = queue.SimpleQueue()
    scope = scopes.current_scope()

    def work() -> None:
        with scopes.scope_of(scope):
            work_on()

    def work_on() -> None:
        while True:
            number = batch.next()
            if number is None:
                break
            try:
                batch.succeeded(
                    number, send(batch.calls[number], client, cancel)
                )
            except BaseException as error:
                batch.failed(number, error)
            finished.put(number)
        finished.put(None)

    threads = [
        threading.Thread(target=work, name="gazu", daemon=True)
        for _ in range(batch.width)
    ]
    done, working = 0, len(threads)
    try:
        for thread in threads:
            thread.start()
        while working:
            try:
                # On Windows, Ctrl-C only takes effect between two waits.
                number = finished.get(timeout=0.05)
            except queue.Empty:
                _core.check_cancelled()
                continue
            if number is None:
                working -= 1
                continue
            done += 1
            if progress_callback is not None:
                progress_callback(done, len(batch.calls))
    except BaseException:
        batch.stopped = True
        cancel.cancel()
        raise
    return batch.result()
