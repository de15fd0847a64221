"""
The client for asyncio, and its verbs.

    async with await gazu.aio.create_session(host, email, password) as client:
        projects = await gazu.project.all_open_projects(client=client)

Every function of gazu with a ``client`` argument also accepts an
``AsyncKitsuClient``; then await its result. A single request runs on the event
loop. Uploads, downloads and functions that make several requests run in a thread.
Cancelling the awaiting task cancels the request.

There is no default client for asyncio: always pass one.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import logging
import os
import threading
import weakref
from typing import Any, AsyncIterator, Awaitable, Callable, Iterable

from . import _core
from . import client as raw
from .__version__ import __version__  # noqa: F401
from ._engine import explanations, hooks, keeping, logs
from ._engine.environment import UNSET
from ._engine.login import (
    auth_header,
    is_accepted,
    login_body,
    rejected_login,
    report_tokens,
)
from ._engine.redact import Hidden, confidential, shown_path
from ._engine.renewal import FixedToken, has_other_token, past_deadline
from ._requests_compat.aiohttp_errors import for_aiohttp
from ._requests_compat.session import Session
from .client import (
    DEFAULT_PROCESSING_TIMEOUT,
    MAX_AUTH_RETRIES,  # noqa: F401
    KitsuClient,
    build_path_with_params,  # noqa: F401
    get_message_from_data,  # noqa: F401
    url_path_join,
)
from .encoder import CustomJSONEncoder  # noqa: F401
from .exception import (  # noqa: F401
    AuthFailedException,
    GazuException,
    MethodNotAllowedException,
    NotAllowedException,
    NotAuthenticatedException,
    ParameterException,
    RouteNotFoundException,
    ServerErrorException,
    TooBigFileException,
    TooManyRequestsException,
    UploadFailedException,
    ValidationException,
)

logger: logging.Logger = logs.logger("aio")


class _Hooks:
    """The hooks of the engine, with the logger and the errors of this module."""

    loads = staticmethod(functools.partial(hooks.loads, log=logger))
    rejected = staticmethod(functools.partial(hooks.rejected, log=logger))

    def transport(self, *failure: Any) -> Exception:
        """Return the exception for a request without a usable answer."""
        return for_aiohttp(hooks.transport(*failure))

    def __getattr__(self, name: str) -> Any:
        return getattr(hooks, name)


_hooks = _Hooks()


class _Bridge:
    """Delivers results of the core's threads to the futures of an event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = weakref.ref(loop)
        self._completions = _core.Completions()
        self._futures: dict[int, asyncio.Future] = {}
        self._socket: Any = None
        self._in_thread = False
        try:
            loop.add_reader(self._completions.fileno(), self._pick_up)
            return
        except NotImplementedError:
            pass
        # The default loop of Windows. It has no public way to be woken up without
        # a thread, and receives from its own socket as this class does.
        proactor = getattr(loop, "_proactor", None)
        if hasattr(proactor, "recv"):
            import socket

            self._socket = socket.socket(fileno=self._completions.duplicate())
            self._receive(loop)
        else:
            self._in_thread = True

    def _receive(self, loop: Any) -> None:
        """Let a loop of Windows call `_received` when an answer has arrived."""
        received = loop._proactor.recv(self._socket, 64)
        received.add_done_callback(self._received)

    def _received(self, received: Any) -> None:
        loop = self._loop()
        if received.cancelled() or loop is None or loop.is_closed():
            return
        if received.exception() is not None or not received.result():
            # The connection within this process has been lost.
            self._in_thread = True
            self._watch()
            return
        # Receive again first: an answer may arrive meanwhile.
        self._receive(loop)
        self._pick_up()

    def _watch(self) -> None:
        """Start a thread that wakes up the loop. It ends with the last request."""
        if self._in_thread and self._completions.needs_watcher():
            threading.Thread(
                target=self._wait_in_thread, name="gazu.aio", daemon=True
            ).start()

    def _wait_in_thread(self) -> None:
        while self._completions.wait():
            loop = self._loop()
            if loop is None or loop.is_closed():
                self._completions.close()
                continue
            picked_up = threading.Event()

            def pick_up(picked_up: threading.Event = picked_up) -> None:
                self._pick_up()
                picked_up.set()

            try:
                loop.call_soon_threadsafe(pick_up)
            except RuntimeError:
                continue
            del loop
            picked_up.wait(1)

    def _pick_up(self) -> None:
        for number, answer in self._completions.drain():
            future = self._futures.pop(number, None)
            if future is not None and not future.done():
                future.set_result(answer)

    def release(self) -> None:
        """Close the descriptors. The event loop is already closed."""
        del self._completions
        if self._socket is not None:
            self._socket.close()

    def send(
        self, loop: asyncio.AbstractEventLoop, *request: Any
    ) -> tuple[int, asyncio.Future]:
        """Send a request. Return its number, and a future for the outcome."""
        future = loop.create_future()
        number = self._completions.submit(*request)
        self._futures[number] = future
        self._watch()
        return number, future

    def cancel_request(self, number: int) -> None:
        """Cancel a request: the task that waited for it was cancelled."""
        self._futures.pop(number, None)
        self._completions.cancel(number)


_bridges: Any = weakref.WeakKeyDictionary()


def _reset_after_fork() -> None:
    """Let a forked child process create new threads: it has none of its parent."""
    global _bridges, _executor_lock
    _bridges = weakref.WeakKeyDictionary()
    _executors.clear()
    _executor_lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_after_fork)


def _bridge(loop: asyncio.AbstractEventLoop) -> _Bridge:
    bridge = _bridges.get(loop)
    if bridge is None:
        # Event loops of Qt stay in memory after they are closed.
        for closed in [other for other in _bridges if other.is_closed()]:
            _bridges.pop(closed).release()
        bridge = _bridges[loop] = _Bridge(loop)
    return bridge


class _BlockingView(KitsuClient):
    """A blocking client with the login and the session of an asynchronous one."""

    _hooks = _hooks

    def __init__(self, awaited: AsyncKitsuClient) -> None:
        self._awaited = awaited
        super().__init__(awaited.host, tokens=awaited.tokens)
        self.session = awaited._blocking_session
        self.timeout = awaited.timeout
        self.retries = awaited.retries
        self.deadline = awaited.deadline
        self.use_refresh_token = awaited.use_refresh_token
        self.callback_not_authenticated = self._call_callback
        self.event_host = awaited.event_host
        self.on_tokens = awaited.on_tokens
        self._stored_tokens = awaited._stored_tokens
        self._renewing = awaited._renewing

    def _call_callback(self, client: KitsuClient, path: str) -> bool:
        callback = self._awaited.callback_not_authenticated
        return bool(callback and callback(self._awaited, path))

    @property
    def host(self) -> str:
        """The API's URL of the asynchronous client."""
        return self._awaited.host

    @host.setter
    def host(self, host: str) -> None:
        self._awaited.host = host

    @property
    def tokens(self) -> dict:
        """The tokens of the asynchronous client."""
        return self._awaited.tokens

    @tokens.setter
    def tokens(self, tokens: dict) -> None:
        self._awaited.tokens = tokens


class AsyncKitsuClient:
    """
    An asynchronous client for one Kitsu server and one user.

    Attributes:
        host (str): The API's URL, such as ``https://kitsu.example.com/api``.
        event_host (str): The URL of the event stream.
        tokens (dict[str, Any]): The reply to the login, or a dict with
            ``access_token`` and ``refresh_token``.
        use_refresh_token (bool): Whether an expired token is renewed
            automatically.
        callback_not_authenticated (Callable | None): Called with the client
            and the requested path when a login is required. It may be
            asynchronous. If its result is True, the request is sent again.
        access_token (str | None): The token that authenticates requests.
        refresh_token (str | None): The token with which the access token is
            renewed.
        timeout (Any): The seconds to connect, and the seconds without
            receiving data, as for ``KitsuClient``.
        retries (int): The number of attempts for a read that fails on the
            network, as for ``KitsuClient``.
        deadline (float | None): The seconds that a call may take in total, as
            for ``KitsuClient``.
        on_tokens (Callable[[dict[str, Any]], object] | None): Called on the
            event loop with the new tokens, as for ``KitsuClient``.
    """

    on_tokens: Callable | None = None
    _stored_tokens: Any = None
    access_token = KitsuClient.access_token
    refresh_token = KitsuClient.refresh_token
    timeout = KitsuClient.timeout
    retries = KitsuClient.retries
    deadline = KitsuClient.deadline

    def __init__(
        self,
        host: str,
        ssl_verify: bool = True,
        use_refresh_token: bool = True,
        callback_not_authenticated: Callable | None = None,
        tokens: dict | None = None,
        access_token: str | None = None,
        refresh_token: str | None = None,
        *,
        timeout: float | tuple[float | None, float | None] | None = UNSET,
        retries: int = UNSET,
        deadline: float | None = UNSET,
    ) -> None:
        if tokens is None:
            tokens = {"access_token": None, "refresh_token": None}
        self.tokens = tokens
        if access_token:
            self.tokens["access_token"] = access_token
        if refresh_token:
            self.tokens["refresh_token"] = refresh_token
        self.use_refresh_token = use_refresh_token
        self.callback_not_authenticated = callback_not_authenticated
        self.host = host
        self.event_host = host
        settings = KitsuClient(
            host,
            ssl_verify,
            timeout=timeout,
            retries=retries,
            deadline=deadline,
        )
        self._blocking_session = settings.session
        self._session = AsyncSession(settings.session)
        self.timeout = settings.timeout
        self.retries = settings.retries
        self.deadline = settings.deadline
        self._renewing: dict[int, Any] = {}
        self._renewal: asyncio.Future | None = None

    def __repr__(self) -> str:
        return "<AsyncKitsuClient {}, {}>".format(
            shown_path(str(self.host)),
            "logged in" if self.access_token else "not logged in",
        )

    @property
    def session(self) -> AsyncSession:
        """The session, with the verbs of ``aiohttp.ClientSession``."""
        if self._session.closed:
            self._session = AsyncSession(self._blocking_session)
        return self._session

    def make_auth_header(self) -> dict[str, str]:
        """Return the headers that identify gazu and the user."""
        return auth_header(self.access_token)

    @confidential
    async def refresh_access_token(self) -> dict[str, str]:
        """
        Renew the access token with the refresh token.

        Returns:
            The server's reply, with the new token.

        Raises:
            NotAuthenticatedException: there is no refresh token, or it has
                expired.

        Route: ``GET auth/refresh-token``
        """
        path = "auth/refresh-token"
        if not self.refresh_token:
            raise NotAuthenticatedException(path)
        call = _core.client_call("get", path)
        used = self.refresh_token
        tokens = await FixedToken(self, used)._send(call)
        self.access_token = tokens["access_token"]
        self.refresh_token = tokens.get("refresh_token", used)
        if self._stored_tokens is not None:
            self._stored_tokens.save(self, used)
        self._report_tokens()
        return tokens

    _report_tokens = KitsuClient._report_tokens

    async def __aenter__(self) -> AsyncKitsuClient:
        return self

    async def __aexit__(self, exc_type, exc_val, exc_tb) -> None:
        try:
            call = _core.client_call("get", "auth/logout", None, False)
            await FixedToken(self, self.access_token)._send(call)
        except Exception as error:
            # The client forgets the tokens, even if the server rejects this.
            logger.debug("logout failed: %s", error)
        self.tokens = {"access_token": None, "refresh_token": None}
        await self.session.close()

    async def run(
        self,
        call: Any,
        progress_callback: Callable | None = None,
        processing_timeout: float = DEFAULT_PROCESSING_TIMEOUT,
    ) -> Any:
        """
        Run a call and return its result.

        Args:
            call: The call, as ``gazu.client.call`` returns it.
            progress_callback: Called on the event loop with the transferred
                bytes and all bytes of a file.
            processing_timeout: Seconds to wait for a preview that the server
                is still processing.

        Returns:
            The result of the call.

        Raises:
            GazuException: the server answered with an error.
        """
        if call.verb == "get_file_data_from_url":
            call = call.with_path(get_full_url(call.path, client=self))
        return await self._send(call, progress_callback, processing_timeout)

    async def _send(
        self,
        call: Any,
        progress_callback: Callable | None = None,
        processing_timeout: float = DEFAULT_PROCESSING_TIMEOUT,
        streams: Any = (),
    ) -> Any:
        if call.is_upload or call.verb == "download" or call.streams_rows:
            return await self._transfer(
                call, progress_callback, processing_timeout, streams
            )
        session = self._blocking_session
        if not session.is_unchanged():
            return await _in_thread(_BlockingView(self)._send, call)
        if logger.isEnabledFor(logging.DEBUG):
            raw._dispatch.log(call, self, logger)
        exchange = keeping.exchange(call, self)
        value = await self._send_on_loop(call, processing_timeout, exchange)
        if exchange is None:
            return value
        value = exchange.finished(value)
        question = exchange.question()
        if question is not None:
            with contextlib.suppress(OSError, GazuException):
                exchange.learn(await self._send(question))
        if exchange.uses_disk:
            await _in_thread(exchange.save)
        return value

    async def _send_on_loop(
        self, call: Any, processing_timeout: float, exchange: Any
    ) -> Any:
        session = self._blocking_session
        policy = raw._dispatch.policy(self, self.retries, processing_timeout)
        execution = _core.Execution(call, policy, exchange)
        loop = asyncio.get_running_loop()
        bridge = _bridge(loop)
        while True:
            if exchange is not None and exchange.uses_disk:
                await _in_thread(
                    exchange.load,
                    url_path_join(self.host, execution.path),
                    self.make_auth_header().get("Authorization"),
                )
            transport, settings, headers, _ = session.transport_settings(
                self.timeout
            )
            number, future = bridge.send(
                loop, transport, self, _hooks, settings, headers, execution
            )
            try:
                answer = await future
            except asyncio.CancelledError:
                bridge.cancel_request(number)
                raise
            try:
                step = execution.step(_hooks, answer)
            except hooks.exception.GazuException as error:
                explanations.add_what_is_known(error, self)
                raise
            if isinstance(step, _core.Step.Done):
                return step.value
            if isinstance(step, _core.Step.Again):
                await asyncio.sleep(step.seconds)
            elif isinstance(step, _core.Step.Renew):
                await self._renew(
                    execution.path,
                    step.expired,
                    step.error,
                    step.authorization,
                    step.left,
                )
                execution.renewed(_hooks)

    async def _run_all(
        self, batch: Any, progress_callback: Callable | None
    ) -> list:
        """Run a batch. Each task sends one request at a time."""
        done = 0

        async def work() -> None:
            nonlocal done
            while True:
                number = batch.next()
                if number is None:
                    return
                try:
                    batch.succeeded(
                        number, await self.run(batch.calls[number])
                    )
                except Exception as error:
                    batch.failed(number, error)
                done += 1
                if progress_callback is not None:
                    progress_callback(done, len(batch.calls))

        tasks = [asyncio.ensure_future(work()) for _ in range(batch.width)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        return batch.result()

    async def _transfer(
        self,
        call: Any,
        progress_callback: Callable | None,
        processing_timeout: float,
        streams: Any,
    ) -> Any:
        view = _BlockingView(self)
        if progress_callback is not None:
            progress_callback = _on_loop(progress_callback)
        return await _in_thread(
            view._send,
            call,
            progress_callback,
            processing_timeout,
            streams,
        )

    async def _next_rows(self, rows: Any) -> list:
        """Wait for the next rows of a board, in a thread."""
        return await _in_thread(rows.batch)

    async def _renew(
        self,
        path: str,
        expired: bool,
        error: Exception,
        sent: str | None = None,
        left: float | None = None,
    ) -> None:
        """Renew the token once. All waiting tasks share the result."""
        sent = sent and Hidden(sent)
        if has_other_token(self, sent):
            return
        if self._renewal is None:
            renewal = asyncio.ensure_future(
                self._renew_now(path, expired, error)
            )
            self._renewal = renewal
            renewal.add_done_callback(self._renewed)
        try:
            await asyncio.wait_for(asyncio.shield(self._renewal), left)
        except asyncio.TimeoutError:
            raise past_deadline() from None

    def _renewed(self, renewal: asyncio.Future) -> None:
        self._renewal = None
        if not renewal.cancelled():
            # Mark the exception as retrieved: all waiting tasks may have been
            # cancelled.
            renewal.exception()

    async def _renew_now(
        self, path: str, expired: bool, error: Exception
    ) -> None:
        try:
            if expired and self.refresh_token and self.use_refresh_token:
                if self._stored_tokens is None:
                    await self.refresh_access_token()
                else:
                    await self._renew_stored()
                logger.debug("token refreshed for %s", shown_path(path))
                return
            raise error
        except NotAuthenticatedException:
            callback = self.callback_not_authenticated
            allowed = callback(self, path) if callback else False
            if inspect.isawaitable(allowed):
                allowed = await allowed
            if not allowed:
                raise

    async def _renew_stored(self) -> None:
        """Renew the token, or take the one that another process has stored."""
        view = _BlockingView(self)
        view.on_tokens = None
        was_asked = await _in_thread(self._stored_tokens.renew, view)
        if was_asked:
            self._report_tokens()

    async def _run_composition(
        self, function: Callable, args: tuple, kwargs: dict
    ) -> Any:
        """Run a function that makes several requests, in a thread."""
        views: dict[AsyncKitsuClient, _BlockingView] = {}

        def with_view(value: Any) -> Any:
            if not isinstance(value, AsyncKitsuClient):
                return value
            if value not in views:
                views[value] = _BlockingView(value)
            return views[value]

        args = tuple(with_view(value) for value in args)
        kwargs = {name: with_view(value) for name, value in kwargs.items()}
        if kwargs.get("progress_callback") is not None:
            kwargs["progress_callback"] = _on_loop(kwargs["progress_callback"])
        return await _in_thread(function, *args, **kwargs)


#: The thread pool, once it has been made.
_executors: list[Any] = []
_executor_lock = threading.Lock()


def _threads() -> Any:
    with _executor_lock:
        if not _executors:
            from concurrent.futures import ThreadPoolExecutor

            _executors.append(ThreadPoolExecutor(64, "gazu.aio"))
        return _executors[0]


def _cancellable(
    cancel: Any, function: Callable, *args: Any, **kwargs: Any
) -> Any:
    """Run a function. Cancelling ends its requests and thereby the thread."""
    cancel.check()
    with cancel:
        return function(*args, **kwargs)


async def _in_thread(function: Callable, *args: Any, **kwargs: Any) -> Any:
    """Run a function in a thread. Cancelling the task cancels its requests."""
    cancel = _core.Cancel()
    loop = asyncio.get_running_loop()
    work = functools.partial(_cancellable, cancel, function, *args, **kwargs)
    try:
        return await loop.run_in_executor(_threads(), work)
    except asyncio.CancelledError:
        cancel.cancel()
        raise
    except OSError as error:
        awaited = for_aiohttp(error)
        if awaited is error:
            raise
        raise awaited.with_traceback(error.__traceback__) from error.__cause__


def _on_loop(callback: Callable) -> Callable:
    """Return a function for other threads, which calls a callback on the loop."""
    import concurrent.futures

    loop = asyncio.get_running_loop()

    async def call(*args: Any) -> Any:
        return callback(*args)

    def proxy(*args: Any) -> Any:
        called = asyncio.run_coroutine_threadsafe(call(*args), loop)
        while not concurrent.futures.wait([called], 0.2).done:
            if loop.is_closed():
                raise concurrent.futures.CancelledError
        return called.result()

    return proxy


class AsyncResponse:
    """A response, with the common attributes of ``aiohttp.ClientResponse``."""

    def __init__(self, response: Any) -> None:
        self._response = response
        self.status: int = response.status_code
        self.reason: str = response.reason
        self.headers = response.headers
        self.url = response.url

    def __repr__(self) -> str:
        return "<AsyncResponse [{}]>".format(self.status)

    @property
    def ok(self) -> bool:
        """Whether the status is below 400."""
        return self._response.ok

    async def json(self, **kwargs: Any) -> Any:
        """Return the JSON value of the body."""
        return self._response.json()

    async def text(self, **kwargs: Any) -> str:
        """Return the body as text."""
        return self._response.text

    async def read(self) -> bytes:
        """Return the body."""
        return self._response.content

    def release(self) -> None:
        """Close the connection without reading the rest of the body."""
        self._response.close()

    def raise_for_status(self) -> None:
        """
        Raise an exception if the status is an error status.

        Raises:
            HTTPError: the status is 400 to 599.
        """
        self._response.raise_for_status()


class _PendingRequest:
    """A request that is sent by ``await`` or ``async with``."""

    def __init__(self, send: Callable[[], Awaitable]) -> None:
        self._send = send

    def __await__(self) -> Any:
        return self._send().__await__()

    async def __aenter__(self) -> AsyncResponse:
        self._response = await self._send()
        return self._response

    async def __aexit__(self, *args: Any) -> None:
        self._response.release()


class AsyncSession:
    """A session, with the verbs of ``aiohttp.ClientSession``."""

    def __init__(self, session: Session) -> None:
        self._blocking = session
        self.closed = False

    @property
    def headers(self) -> Any:
        """The headers sent with every request."""
        return self._blocking.headers

    def request(self, method: str, url: str, **kwargs: Any) -> _PendingRequest:
        """Send a request when the result is awaited."""

        async def send() -> AsyncResponse:
            answer = await _in_thread(
                self._blocking.request, method, url, **kwargs
            )
            return AsyncResponse(answer)

        return _PendingRequest(send)

    def get(self, url: str, **kwargs: Any) -> _PendingRequest:
        """Send a GET request."""
        return self.request("GET", url, **kwargs)

    def post(self, url: str, **kwargs: Any) -> _PendingRequest:
        """Send a POST request."""
        return self.request("POST", url, **kwargs)

    def put(self, url: str, **kwargs: Any) -> _PendingRequest:
        """Send a PUT request."""
        return self.request("PUT", url, **kwargs)

    def delete(self, url: str, **kwargs: Any) -> _PendingRequest:
        """Send a DELETE request."""
        return self.request("DELETE", url, **kwargs)

    def head(self, url: str, **kwargs: Any) -> _PendingRequest:
        """Send a HEAD request. By default, redirects are not followed."""
        kwargs.setdefault("allow_redirects", False)
        return self.request("HEAD", url, **kwargs)

    async def close(self) -> None:
        """Close idle connections."""
        self.closed = True
        self._blocking.close()


def events(
    client: AsyncKitsuClient,
    names: str | Iterable[str] | None = None,
    **options: Any,
) -> AsyncIterator[Any]:
    """
    Receive events, one after the other.

        async for event in gazu.aio.events(client, ["asset:new", "task:*"]):
            print(event.name, event.data)

    If the connection is lost, it is established again, and the token is renewed
    if the client allows it. Events that happen meanwhile are not received.
    Cancelling the task or closing the generator ends the connection.

    Args:
        client: The client.
        names: A name or names, such as ``"asset:new"`` or ``"task:*"``. None
            means all events.
        options: Further arguments of ``gazu.events.init``.

    Returns:
        AsyncIterator[LiveEvent]: The events, each with ``name``, and ``data``:
            a dict.

    Raises:
        ValueError: a name is neither like ``task:new`` nor a pattern.
        AuthFailedException: the server rejected the token several times.
        ConnectionError: the server cannot be reached. If the process has
            imported ``socketio``, this is its class.
    """
    from ._events import awaited
    from ._events.names import Names
    from .events import _listen

    bridge = awaited.Bridge(Names("*" if names is None else names))
    connect = functools.partial(_listen, bridge, options, client=client)
    return awaited.events(bridge, connect, _threads())


def get_full_url(path: str, client: AsyncKitsuClient) -> str:
    """
    Return the complete URL of a path of the API.

    Args:
        path: The path, relative to the host.
    """
    return url_path_join(client.host, path)


async def check_status(
    response: Any, path: str, client: AsyncKitsuClient | None = None
) -> tuple[int, bool]:
    """
    Raise the exception for the status of a response, if it is an error.

    Args:
        response: The response.
        path: The requested path.
        client: The client whose token is renewed if it has expired.

    Returns:
        tuple[int, bool]: The status, and whether the token was renewed, so
            that the request should be sent again.

    Raises:
        GazuException: the status is an error. The class depends on the status,
            as for ``gazu.client.check_status``.
    """
    status = response.status
    if _core.rejection_of_status(status) is None:
        return status, False
    try:
        body, is_json = await response.json(), True
    except Exception:
        body, is_json = None, False
    text = "" if is_json else await response.text()
    error, expired = hooks.status_error(
        status,
        path,
        body,
        is_json,
        text,
        logger,
        hooks.retry_after_of(getattr(response, "headers", None)),
    )
    if not isinstance(error, NotAuthenticatedException) or client is None:
        raise error
    await client._renew(path, expired, error)
    return status, True


async def get(
    path: str,
    json_response: bool = True,
    params: dict | None = None,
    client: AsyncKitsuClient = None,
) -> Any:
    """
    Send a GET request, as ``gazu.client.get``.

    Args:
        path: The path, relative to the host.
        json_response: Whether to return the JSON value. Otherwise, return the
            text of the answer.
        params: The query's values by name. A list becomes several values of
            the name.
        client: The client. It is required.

    Returns:
        Any: The JSON value or the text of the answer.

    Raises:
        GazuException: the server answered with an error.
    """
    return await raw.get(path, json_response, params, client=client)


async def post(path: str, data: Any, client: AsyncKitsuClient = None) -> Any:
    """
    Send a POST request with JSON, as ``gazu.client.post``.

    If ``data`` is None, no body is sent.

    Args:
        path: The path, relative to the host.
        data: The value to send. Dates are encoded as ISO 8601 text.
        client: The client. It is required.

    Returns:
        Any: The JSON value of the answer.

    Raises:
        GazuException: the server answered with an error.
    """
    return await _send("post", path, data, client)


async def put(path: str, data: dict, client: AsyncKitsuClient = None) -> Any:
    """
    Send a PUT request with JSON, as ``gazu.client.put``.

    If ``data`` is None, no body is sent.

    Args:
        path: The path, relative to the host.
        data: The value to send. Dates are encoded as ISO 8601 text.
        client: The client. It is required.

    Returns:
        Any: The JSON value of the answer.

    Raises:
        GazuException: the server answered with an error.
    """
    return await _send("put", path, data, client)


async def _send(
    verb: str, path: str, data: Any, client: AsyncKitsuClient
) -> Any:
    if data is None:
        call = _core.client_call(verb, path).without_body()
        return await client._send(call)
    return await getattr(raw, verb)(path, data, client=client)


async def delete(
    path: str,
    params: dict | None = None,
    client: AsyncKitsuClient = None,
) -> str:
    """
    Send a DELETE request, as ``gazu.client.delete``.

    Args:
        path: The path, relative to the host.
        params: The query's values by name. A list becomes several values of
            the name.
        client: The client. It is required.

    Returns:
        str: The text of the answer, which is usually empty.

    Raises:
        GazuException: the server answered with an error.
    """
    return await raw.delete(path, params, client=client)


async def fetch_all(
    path: str,
    params: dict | None = None,
    client: AsyncKitsuClient = None,
    paginated: bool = False,
    limit: int | None = None,
    fields: list[str] | str | None = None,
) -> list[dict]:
    """
    Return all entries of a list, as ``gazu.client.fetch_all``.

    Args:
        path: The path after ``data/``, such as ``"tasks"``.
        params: The query's values by name. A list becomes several values of
            the name.
        client: The client. It is required.
        paginated: Whether to request one page after another.
        limit: The number of entries on a page. Only used if ``paginated``.
        fields: The names of the attributes to return, as a list or separated
            by commas. Not all routes support it.

    Returns:
        list[dict[str, Any]]: The entries in the server's order.

    Raises:
        GazuException: the server answered with an error.

    Route: ``GET data/{path}``
    """
    params = raw._list_params(params, paginated, limit, fields)
    url = url_path_join("data", path)
    answer = await get(url, params=params, client=client)
    if not paginated:
        return answer
    last_page = answer.get("nb_pages", 1)
    entries = answer.get("data", [])
    if answer.get("page", 1) != last_page:
        calls = []
        for page in range(2, last_page + 1):
            params["page"] = page
            calls.append(_core.client_call("get", url, params))
        for answer in await raw.run_all(calls, client=client):
            entries.extend(answer.get("data", []))
    return entries


async def fetch_first(
    path: str,
    params: dict | None = None,
    client: AsyncKitsuClient = None,
) -> dict | None:
    """
    Return the first entry of a list, as ``gazu.client.fetch_first``.

    Args:
        path: The path after ``data/``, such as ``"tasks"``.
        params: The query's values by name. A list becomes several values of
            the name.
        client: The client. It is required.

    Returns:
        dict[str, Any] | None: The entry, or None if the list is empty.

    Raises:
        GazuException: the server answered with an error.

    Route: ``GET data/{path}``
    """
    url = url_path_join("data", path)
    entries = await get(url, params=params, client=client)
    return entries[0] if entries else None


async def fetch_one(
    model_name: str,
    id: str,
    params: dict | None = None,
    client: AsyncKitsuClient = None,
) -> dict:
    """
    Return one entry, as ``gazu.client.fetch_one``.

    Args:
        model_name: The model, such as ``"tasks"``.
        id: The entry's id.
        params: The query's values by name. A list becomes several values of
            the name.
        client: The client. It is required.

    Returns:
        dict[str, Any]: The entry.

    Raises:
        GazuException: the server answered with an error.

    Route: ``GET data/{model_name}/{id}``
    """
    url = url_path_join("data", model_name, id)
    return await get(url, params=params, client=client)


async def create(
    model_name: str, data: dict, client: AsyncKitsuClient = None
) -> dict:
    """
    Create an entry, as ``gazu.client.create``.

    Args:
        model_name: The model, such as ``"tasks"``.
        data: The entry's attributes.
        client: The client. It is required.

    Returns:
        dict[str, Any]: The entry as created.

    Raises:
        GazuException: the server answered with an error.

    Route: ``POST data/{model_name}``
    """
    return await post(url_path_join("data", model_name), data, client=client)


async def update(
    model_name: str, model_id: str, data: dict, client: AsyncKitsuClient = None
) -> dict:
    """
    Change an entry, as ``gazu.client.update``.

    Args:
        model_name: The model, such as ``"tasks"``.
        model_id: The entry's id.
        data: The attributes to change.
        client: The client. It is required.

    Returns:
        dict[str, Any]: The changed entry.

    Raises:
        GazuException: the server answered with an error.

    Route: ``PUT data/{model_name}/{model_id}``
    """
    url = url_path_join("data", model_name, model_id)
    return await put(url, data, client=client)


async def upload(
    path: str,
    file_path: str = None,
    data: dict | None = None,
    extra_files: list | None = None,
    client: AsyncKitsuClient = None,
    progress_callback: Callable | None = None,
) -> Any:
    """
    Upload files as a multipart form, as ``gazu.client.upload``.

    The progress callback runs on the event loop.

    Args:
        path: The path, relative to the host.
        file_path: The path of the file.
        data: The fields of the form, without files.
        extra_files: The paths of further files.
        client: The client. It is required.
        progress_callback: Called with the transferred bytes and all bytes.

    Returns:
        Any: The JSON value of the answer.

    Raises:
        GazuException: the server answered with an error.
    """
    paths = [] if file_path is None else [file_path]
    paths.extend(extra_files or [])
    fields = {name: str(value) for name, value in (data or {}).items()}
    call, streams = _core.upload_call(
        path, fields, None, paths, file_path is None
    )
    return await client._send(
        call, progress_callback=progress_callback, streams=streams
    )


async def download(
    path: str,
    file_path: str,
    params: dict | None = None,
    client: AsyncKitsuClient = None,
    progress_callback: Callable | None = None,
) -> None:
    """
    Download a file, as ``gazu.client.download``, and return nothing.

    The progress callback runs on the event loop.

    Args:
        path: The path, relative to the host.
        file_path: The path of the file to write.
        params: The query's values by name. A list becomes several values of
            the name.
        client: The client. It is required.
        progress_callback: Called with the transferred bytes and all bytes.

    Raises:
        GazuException: the server answered with an error.
    """
    call = _core.client_call("download", path, params or None)
    await client._send(
        call.with_target(os.fspath(file_path)),
        progress_callback=progress_callback,
    )


@confidential
async def log_in(
    email: str,
    password: str,
    totp: str | None = None,
    email_otp: str | None = None,
    fido_authentication_response=None,
    recovery_code: str | None = None,
    client: AsyncKitsuClient = None,
) -> dict:
    """
    Log in, and use the tokens for all further requests.

    Args:
        email: The user's email or login.
        password: The password.
        totp: The code of an authenticator application.
        email_otp: The code that ``send_email_otp`` sent.
        fido_authentication_response (dict[str, Any] | None): The answer of
            a security key.
        recovery_code: A one-time code that replaces the second factor.

    Returns:
        Login: The server's reply, as ``gazu.log_in``.

    Raises:
        AuthFailedException: the login was rejected.

    Route: ``POST auth/login``
    """
    tokens = {}
    rejection = None
    try:
        tokens = await post(
            "auth/login",
            login_body(
                email,
                password,
                totp,
                email_otp,
                fido_authentication_response,
                recovery_code,
            ),
            client=client,
        )
    except (NotAuthenticatedException, ParameterException) as error:
        rejection = error
    if is_accepted(tokens):
        client.tokens = tokens
        report_tokens(client)
        return tokens
    raise rejected_login(rejection)


async def log_out(client: AsyncKitsuClient) -> dict:
    """
    Log out and remove the tokens.

    Returns:
        dict[str, Any]: The tokens of the client: a dict with ``access_token``
            and ``refresh_token``, which are None.

    Raises:
        GazuException: the server answered with an error other than 400. The
            tokens are kept.

    Route: ``GET auth/logout``
    """
    try:
        await get("auth/logout", client=client)
    except ParameterException:
        # The server no longer knows this login.
        pass
    client.tokens = {"access_token": None, "refresh_token": None}
    return client.tokens


async def check_server_status(client: AsyncKitsuClient) -> bool:
    """
    Return whether the host answers a HEAD request with status 200.

    Returns:
        bool: False for any other status, and if there is no answer.
    """
    try:
        response = await client.session.head(client.host)
    except Exception:
        return False
    return response.status == 200


@confidential
async def create_session(
    host: str,
    email: str,
    password: str,
    totp: str | None = None,
    email_otp: str | None = None,
    fido_authentication_response=None,
    recovery_code: str | None = None,
    ssl_verify: bool = True,
    use_refresh_token: bool = False,
    callback_not_authenticated: Callable | None = None,
) -> AsyncKitsuClient:
    """
    Return a logged-in client that logs out at the end of its ``async with``
    block.

    Args:
        host: The API's URL.
        email: The user's email or login.
        password: The password.
        totp: The code of an authenticator application.
        email_otp: The code that ``send_email_otp`` sent.
        fido_authentication_response (dict[str, Any] | None): The answer of
            a security key.
        recovery_code: A one-time code that replaces the second factor.
        ssl_verify: Whether the server's certificate is verified.
        use_refresh_token: Whether an expired token is renewed automatically.
        callback_not_authenticated: Called with the client and the requested
            path when a login is required.

    Returns:
        AsyncKitsuClient: The client.

    Raises:
        AuthFailedException: the login was rejected.

    Route: ``POST auth/login``
    """
    client = AsyncKitsuClient(
        host,
        ssl_verify=ssl_verify,
        use_refresh_token=use_refresh_token,
        callback_not_authenticated=callback_not_authenticated,
    )
    await log_in(
        email,
        password,
        totp=totp,
        email_otp=email_otp,
        fido_authentication_response=fido_authentication_response,
        recovery_code=recovery_code,
        client=client,
    )
    return client


async def connect(
    profile: str | None = None, **kwargs: Any
) -> AsyncKitsuClient:
    """
    Return a client that is logged in as ``gazu.connect`` describes.

    Args:
        profile: The name of the profile. None means the variables of the
            environment, or else the profile ``default``.
        kwargs (Any): Further arguments of ``AsyncKitsuClient``.

    Returns:
        AsyncKitsuClient: The client.

    Raises:
        NotAuthenticatedException: there is no login.
        AuthFailedException: the server rejected the email and the password.
        ValueError: the variables are incomplete, or the profile's name or file
            is invalid.

    Route: ``POST auth/login``, if the environment has a password

    Not in upstream.
    """
    from ._login import connection

    found = await _in_thread(connection.find, profile)
    client = AsyncKitsuClient(found.host, **kwargs)
    if found.tokens is None:
        await log_in(found.email, found.password, client=client)
    else:
        client.tokens = found.tokens
        client._stored_tokens = found.store
    return client
