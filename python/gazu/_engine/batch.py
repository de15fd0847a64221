"""Many calls at once, and calls described without being sent."""

from __future__ import annotations

import inspect
import queue
import threading
from typing import Any, Callable, Iterable

from .. import _core

#: How many requests are on their way at once, unless somebody says otherwise.
CONCURRENCY = 10


class Describing:
    """What stands for a client while a function describes its call."""

    #: Caches have nothing to do with a description.
    _describes = True

    def __init__(self) -> None:
        self.described: list = []
        self.asked_for: str | None = None

    def __getattr__(self, name: str) -> Any:
        # A real client's host or session: what is made of it is no call.
        self.asked_for = name
        raise AttributeError(name)

    def run(
        self,
        call: Any,
        progress_callback: Callable | None = None,
        processing_timeout: float | None = None,
        streams: Any = (),
    ) -> Any:
        """Keep a call instead of sending it."""
        for name, value in (
            ("progress_callback", progress_callback),
            ("streams", streams),
        ):
            if value:
                raise TypeError(
                    "{}: cannot be given for one call among many".format(name)
                )
        self.described.append(call)
        return call

    _send = run

    def _run_composition(
        self, function: Callable, args: tuple, kwargs: dict
    ) -> Any:
        """Refuse a function that decides by its first answer what to do."""
        # A list that is not asked for page by page is one request.
        if function.__name__ == "fetch_all":
            return function(*args, **kwargs)
        self.asked_for = function.__name__
        raise TypeError


def describe(function: Callable, args: tuple, kwargs: dict) -> Any:
    """Return the call that a function makes, without sending it."""
    if not callable(function):
        raise TypeError(
            "function: expected a function of gazu, not {!r}".format(function)
        )
    if "client" in kwargs:
        raise TypeError("client: give it to run_all, which sends the call")
    describing = Describing()
    inspect.signature(function).bind(*args, client=describing, **kwargs)
    cause = value = None
    try:
        value = function(*args, client=describing, **kwargs)
    except Exception as error:
        if not (describing.described or describing.asked_for):
            # A mistake in the arguments.
            raise
        cause = error
    if len(describing.described) == 1 and describing.described[0] is value:
        return value
    raise TypeError(
        "function: {} makes more than one request, or makes something else "
        "of the answer, so that it is no call".format(
            getattr(function, "__name__", function)
        )
    ) from cause


class Batch:
    """Calls on their way, and what has become of them."""

    def __init__(
        self, calls: Iterable, concurrency: int, keep_failures: bool
    ) -> None:
        self.calls = list(calls)
        for number, call in enumerate(self.calls):
            if not isinstance(call, _core.Call):
                raise TypeError(
                    "calls: number {} is not a call but {!r}; "
                    "gazu.client.call makes one".format(number, call)
                )
        if isinstance(concurrency, bool) or not isinstance(concurrency, int):
            raise TypeError(
                "concurrency: expected a number, not {!r}".format(concurrency)
            )
        if concurrency < 1:
            raise ValueError(
                "concurrency: must be 1 or more, not {!r}".format(concurrency)
            )
        self.width = min(concurrency, len(self.calls))
        self.outcomes: list = [None] * len(self.calls)
        self.failures: dict[int, BaseException] = {}
        self.stopped = False
        self._keep_failures = keep_failures
        self._numbers = iter(range(len(self.calls)))

    def next(self) -> int | None:
        """Return the number of a call to send; None when no more is sent."""
        return None if self.stopped else next(self._numbers, None)

    def succeeded(self, number: int, value: Any) -> None:
        """Keep a call's value."""
        self.outcomes[number] = value

    def failed(self, number: int, error: BaseException) -> None:
        """Keep a call's failure, after which nothing more is sent."""
        self.failures[number] = error
        self.outcomes[number] = error
        if not (self._keep_failures and isinstance(error, Exception)):
            self.stopped = True

    def result(self) -> list:
        """Return what became of the calls, or raise the first failure."""
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
        send: Runs one call, given the call, the client, and what another
            thread cancels it with.
        client: The client, whose own cancelling is heeded.
        progress_callback: Called here with the calls done and all calls.
    """
    cancel = _core.Cancel()
    finished: Any = queue.SimpleQueue()

    def work() -> None:
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
                # Windows answers Ctrl-C between waits only.
                number = finished.get(timeout=0.05)
            except queue.Empty:
                if getattr(client, "_cancel", None) is not None:
                    client._cancel.check()
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
