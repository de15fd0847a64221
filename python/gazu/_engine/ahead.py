"""
Reads ahead: sends requests in threads before their answers are needed.

The function that needs the answers asks for them in its own order, so that its
results, its exceptions and its writes are the same as without threads.
"""

from __future__ import annotations

import collections
import contextvars
import types
from typing import Any, Callable, Iterable, Iterator

from .. import _core
from . import scopes


def is_ours(function: Any) -> bool:
    """
    Return whether a function is one of this package.

    It is not if a script has replaced it: by a function of its own, also one
    that ``functools.wraps`` makes look like ours, or by a mock. Such a function
    may not be thread-safe, and expects to be called in the order of the
    requests.
    """
    if not isinstance(function, types.FunctionType):
        return False
    package = __name__.partition(".")[0]
    return function.__globals__["__name__"].partition(".")[0] == package


class Ahead:
    """
    Runs jobs in threads before their results are asked for.

    At the end of its block, what has not finished is cancelled.
    """

    def __init__(self, width: int) -> None:
        """
        Args:
            width: The number of threads. With 0, a job runs when its result is
                asked for, on the thread that asks.
        """
        # In such a scope, an old answer in place of an error lets the next write
        # fail, so that the reads must keep their places.
        self.width = width if scopes.current_scope() is None else 0
        self._cancel = _core.Cancel()
        self._jobs: collections.deque[_Job] = collections.deque()
        self._executor: Any = None

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._executor is not None:
            self._cancel.cancel()
            for job in self._jobs:
                job.forget()
            self._executor.shutdown()

    def start(self, function: Callable) -> _Job:
        """Start a job, a function without arguments, and return it."""
        job = _Job(function)
        if self.width:
            if self._executor is None:
                from concurrent.futures import ThreadPoolExecutor

                self._executor = ThreadPoolExecutor(self.width, "gazu.ahead")
            while self._jobs and self._jobs[0].is_done():
                self._jobs.popleft()
            self._jobs.append(job)
            job.begin(self._executor, self._cancel)
        return job

    def through(
        self,
        items: Iterable,
        function: Callable,
        depth: int,
        is_worth_it: Callable = lambda item: True,
    ) -> Iterator[tuple[Any, _Job]]:
        """
        Yield each item with its job, which calls a function with the item.

        Args:
            items: The items.
            function: The function.
            depth: How many items are taken, and their jobs started, before they
                are asked for.
            is_worth_it: Whether the job of an item is worth a thread.
        """
        waiting: collections.deque[tuple[Any, _Job]] = collections.deque()
        for item in items:
            work = _applied(function, item)
            job = self.start(work) if is_worth_it(item) else _Job(work)
            waiting.append((item, job))
            if len(waiting) > (depth if self.width else 0):
                yield waiting.popleft()
        yield from waiting


def _applied(function: Callable, item: Any) -> Callable:
    return lambda: function(item)


class _Job:
    """A job that has been started, or runs when its result is asked for."""

    def __init__(self, function: Callable) -> None:
        self._function = function
        self._future: Any = None

    def begin(self, executor: Any, cancel: Any) -> None:
        """Run the job on another thread, until it is cancelled."""
        context = contextvars.copy_context()

        def work() -> Any:
            with cancel:
                cancel.check()
                return context.run(self._function)

        self._future = executor.submit(work)

    def is_done(self) -> bool:
        """Return whether it has ended on another thread."""
        return self._future.done()

    def forget(self) -> None:
        """Do not run the job if it is not running yet."""
        self._future.cancel()

    def result(self) -> Any:
        """Return the result of the job, or raise its exception."""
        if self._future is None:
            return self._function()
        from concurrent.futures import wait

        while not self._future.done():
            # On Windows, Ctrl-C only takes effect between two waits.
            wait([self._future], 0.05)
            _core.check_cancelled()
        return self._future.result()
