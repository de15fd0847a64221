"""
The client and the functions that send requests: ``get``, ``post`` and others.

The functions of the other modules create a call and pass it to
``KitsuClient.run``. The Rust core sends it, unless the script has replaced a
function of this module or a method of the session: then the replacement is
called, as with upstream's gazu.
"""

from __future__ import annotations

import os
import sys
import time

from . import _core
from .__version__ import __version__  # noqa: F401
from ._deprecated import old_names
from ._engine import environment, explanations, hooks, logs, renewal
from ._engine.composition import composition
from ._engine.dispatch import CHAINS, Dispatch
from ._engine.environment import UNSET
from ._engine.late import LateNames
from ._engine.login import auth_header, only_tokens
from ._engine.redact import Hidden, confidential, shown_path
from ._requests_compat.session import Session, deadlines, new_session
from .exception import (  # noqa: F401
    MethodNotAllowedException,
    NotAllowedException,
    NotAuthenticatedException,
    ParameterException,
    PreviewFileProcessingException,
    RouteNotFoundException,
    ServerErrorException,
    TooBigFileException,
    TooManyRequestsException,
    UploadFailedException,
    ValidationException,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging
    from typing import Any, Callable, Iterable

    import requests

    from .encoder import CustomJSONEncoder  # noqa: TC004

    logger: logging.Logger
else:
    from ._requests_compat.stand_in import requests

MAX_AUTH_RETRIES = 3
DOWNLOAD_ACCEPT_HEADER = "application/json, */*;q=0.1"
DEFAULT_PROCESSING_TIMEOUT = 60
DEFAULT_RETRY_AFTER = 5

if os.getenv("GAZU_DEBUG", "false").lower() == "true":
    import logging

    logs.logger().setLevel(logging.DEBUG)
    logs.logger().addHandler(logging.StreamHandler())
elif "logging" in sys.modules:
    # What configures logging also finds the logger, as with upstream.
    logs.logger()


class KitsuClient(object):
    """
    A client for one Kitsu server and one user.

    Threads may share it, and it also works in a forked child process. Changes
    of its attributes take effect with the next request.

    Attributes:
        host (str): The API's URL, such as ``https://kitsu.example.com/api``.
        event_host (str): The URL of the event stream.
        tokens (dict[str, Any]): The reply to the login, or a dict with
            ``access_token`` and ``refresh_token``.
        use_refresh_token (bool): Whether an expired token is renewed
            automatically.
        callback_not_authenticated (Callable | None): Called with the client
            and the requested path when a login is required. If it returns
            True, the request is sent again.
        session (Session): The session, with the interface of
            ``requests.Session``.
        on_tokens (Callable[[dict[str, Any]], object] | None): Called with the
            new ``access_token`` and ``refresh_token`` when the client has
            received them, by a login or a renewal. An exception that it raises
            comes out of the call that needed the token.
    """

    on_tokens: Callable | None = None
    #: Keeps a stored login in step with this client, if it is not None.
    _stored_tokens: Any = None
    #: The core calls these functions to create exceptions and to renew the token.
    _hooks: Any = hooks
    #: The host whose version is known, and its version.
    _api_version: tuple[str, str] | None = None
    #: Cancels the client's requests from another thread, if it is not None.
    _cancel: Any = None

    def __init__(
        self,
        host: str,
        ssl_verify: bool = True,
        cert: str | None = None,
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
            self.access_token = access_token
        if refresh_token:
            self.refresh_token = refresh_token
        self.use_refresh_token = use_refresh_token
        self.callback_not_authenticated = callback_not_authenticated
        self.session = new_session(globals().get("requests"))
        self.session.verify = ssl_verify
        self.session.cert = cert
        self.timeout = environment.timeout() if timeout is UNSET else timeout
        self.retries = environment.retries() if retries is UNSET else retries
        self.deadline = (
            environment.deadline() if deadline is UNSET else deadline
        )
        self.host = host
        self.event_host = host
        self._renewing: dict[int, Any] = {}
        self._renewals = 0
        self._renewal_failure: Exception | None = None

    def __getstate__(self) -> dict:
        state = dict(self.__dict__)
        del state["_renewing"]
        state["_renewal_failure"] = None
        return state

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self._renewing = {}

    def __repr__(self) -> str:
        tokens = self.tokens
        token = isinstance(tokens, dict) and tokens.get("access_token")
        return "<KitsuClient {}, {}>".format(
            shown_path(str(self.host)),
            "logged in" if token else "not logged in",
        )

    @property
    def timeout(self) -> Any:
        """
        The seconds to connect, and the seconds without receiving data.

        Assign a pair, a number for both, or None for no limit. The value is
        always returned as a pair. The default is the environment variable
        ``GAZU_TIMEOUT``, or ``(15, 300)``.
        """
        return self._deadlines

    @timeout.setter
    def timeout(self, timeout: Any) -> None:
        self._deadlines = deadlines(timeout)
        # An AsyncKitsuClient sends its requests with this session.
        session = getattr(self, "_blocking_session", None) or self.session
        if isinstance(session, Session):
            session._timeout = self._deadlines

    @property
    def retries(self) -> int:
        """
        The number of attempts for a read that fails on the network.

        With 1, a read is not retried. The default is the environment variable
        ``GAZU_RETRIES``, or 3.
        """
        return self._retries

    @retries.setter
    def retries(self, retries: int) -> None:
        self._retries = environment.attempts(retries)

    @property
    def deadline(self) -> float | None:
        """
        The seconds that a call may take in total, with retries and waiting.

        None means no limit. The default is the environment variable
        ``GAZU_DEADLINE``, or None.
        """
        return self._deadline

    @deadline.setter
    def deadline(self, deadline: float | None) -> None:
        if isinstance(deadline, (tuple, list)):
            raise ValueError(
                "deadline: expected seconds or None, not {!r}".format(deadline)
            )
        self._deadline = deadlines(deadline, "deadline")[0]

    @property
    def access_token(self) -> str | None:
        """The token that authenticates requests."""
        return self.tokens.get("access_token", None)

    @access_token.setter
    def access_token(self, token: str) -> None:
        self.tokens["access_token"] = token

    @property
    def refresh_token(self) -> str | None:
        """The token with which the access token is renewed."""
        return self.tokens.get("refresh_token", None)

    @refresh_token.setter
    def refresh_token(self, token: str) -> None:
        self.tokens["refresh_token"] = token

    @confidential
    def refresh_access_token(self) -> dict[str, str]:
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
        tokens = _dispatch.send(call, renewal.FixedToken(self, used))
        self.access_token = tokens["access_token"]
        self.refresh_token = tokens.get("refresh_token", used)
        if self._stored_tokens is not None:
            self._stored_tokens.save(self, used)
        self._report_tokens()
        return tokens

    def _report_tokens(self) -> None:
        if self.on_tokens is not None:
            self.on_tokens(only_tokens(self.tokens))

    def __enter__(self) -> KitsuClient:
        return self

    def __exit__(self, exc_type, exc_val, exc_tb) -> None:
        try:
            _dispatch.send(
                _core.client_call("get", "auth/logout", None, False),
                renewal.FixedToken(self, self.access_token),
            )
        except Exception as error:
            # The client forgets the tokens, even if the server rejects this.
            logs.debug("logout failed: %s", error)
        self.tokens = {"access_token": None, "refresh_token": None}
        self.session.close()

    def make_auth_header(self) -> dict[str, str]:
        """Return the headers that identify gazu and the user."""
        return auth_header(self.access_token)

    def run(
        self,
        call: Any,
        progress_callback: Callable | None = None,
        processing_timeout: float = DEFAULT_PROCESSING_TIMEOUT,
    ) -> Any:
        """
        Run a call and return its result.

        Args:
            call: The call, as ``gazu.client.call`` returns it.
            progress_callback: Called with the transferred bytes and all bytes
                of a file.
            processing_timeout: Seconds to wait for a preview that the server
                is still processing.

        Returns:
            The result of the call.

        Raises:
            GazuException: the server answered with an error.
        """
        return _dispatch.run(call, self, progress_callback, processing_timeout)

    def _send(
        self,
        call: Any,
        progress_callback: Callable | None = None,
        processing_timeout: float = DEFAULT_PROCESSING_TIMEOUT,
        streams: Any = (),
    ) -> Any:
        """Send a call without looking for replaced functions of this module."""
        try:
            return _dispatch.send_for(
                self, call, progress_callback, processing_timeout, streams
            )
        except hooks.exception.GazuException as error:
            explanations.add_what_is_known(error, self)
            raise


def call(function: Callable, *args: Any, **kwargs: Any) -> Any:
    """
    Create a call without sending it, for ``run_all``.

        calls = [gazu.client.call(gazu.task.get_task, id) for id in ids]
        tasks = gazu.client.run_all(calls)

    Args:
        function (Callable): A function of gazu that makes one request, such
            as ``gazu.task.get_task``. Its cache is not used.
        args (Any): Its arguments by position.
        kwargs (Any): Its arguments by name, without ``client``.

    Returns:
        Any: The call.

    Raises:
        TypeError: the function makes more than one request, or changes the
            server's answer before it returns it.
    """
    from ._engine import batch as batches

    return batches.describe(function, args, kwargs)


def run_all(
    calls: Iterable[Any],
    client: KitsuClient | None = None,
    concurrency: int | None = None,
    return_exceptions: bool = False,
    progress_callback: Callable | None = None,
) -> list[Any]:
    """
    Run many calls concurrently.

    If the script has replaced a function of this module or the session, the
    calls run one after another.

    Args:
        calls (Iterable[Any]): The calls, as ``call`` returns them.
        client (KitsuClient | None): The client that sends the calls. None uses
            the default client. With an ``AsyncKitsuClient``, await the result.
        concurrency (int | None): The highest number of concurrent requests.
            None means 10.
        return_exceptions (bool): Whether exceptions are returned in place of
            the results. Otherwise, no further call is sent after a failure.
            When the running calls have ended, the exception of the earliest
            call is raised.
        progress_callback (Callable | None): Called on this thread with the
            number of finished calls and the number of all calls. If it raises
            an exception, the batch ends.

    Returns:
        list[Any]: The results, in the order of the calls.

    Raises:
        TypeError: an item is not a call. Nothing is sent.
        ValueError: ``concurrency`` is less than 1.

    Example:
        shots = gazu.shot.all_shots_for_project(project)
        calls = [
            gazu.client.call(gazu.task.all_tasks_for_shot, shot)
            for shot in shots
        ]
        for shot, tasks in zip(shots, gazu.client.run_all(calls)):
            print(shot["name"], len(tasks))
    """
    if client is None:
        client = default_client
    from ._engine import batch as batches

    if concurrency is None:
        concurrency = batches.CONCURRENCY
    batch = batches.Batch(calls, concurrency, return_exceptions)
    awaited = getattr(type(client), "_run_all", None)
    if awaited is not None:
        return awaited(client, batch, progress_callback)
    verbs = {name for item in batch.calls for name in CHAINS[item.verb]}
    if _dispatch.may_use_threads(verbs, client):
        return batches.run(
            batch, _dispatch.send_in_thread, client, progress_callback
        )
    return _run_sequentially(batch, client, progress_callback)


def _run_sequentially(
    batch: Any, client: Any, progress_callback: Callable | None
) -> list:
    for number, call in enumerate(batch.calls):
        if batch.stopped:
            break
        try:
            batch.succeeded(number, client.run(call))
        except Exception as error:
            batch.failed(number, error)
        if progress_callback is not None:
            progress_callback(number + 1, len(batch.calls))
    return batch.result()


def create_client(
    host: str,
    ssl_verify: bool = True,
    cert: str | None = None,
    use_refresh_token: bool = False,
    callback_not_authenticated: Callable | None = None,
    **kwargs: Any,
) -> KitsuClient:
    """
    Return a new client.

    Args:
        host: The API's URL, such as ``https://kitsu.example.com/api``.
        ssl_verify: Whether the server's certificate is verified, or the path
            of the certificates to verify it with.
        cert: The path of the client certificate, or a pair of paths of the
            certificate and its key.
        use_refresh_token: Whether an expired token is renewed automatically.
        callback_not_authenticated: Called with the client and the requested
            path when a login is required. If it returns True, the request is
            sent again.
        kwargs: Further arguments of ``KitsuClient``.

    Returns:
        KitsuClient: The client. It is not logged in.

    Example:
        client = gazu.client.create_client("https://kitsu.example.com/api")
        gazu.log_in("user@example.com", "password", client=client)
        projects = gazu.project.all_projects(client=client)
    """
    return KitsuClient(
        host,
        ssl_verify,
        cert=cert,
        use_refresh_token=use_refresh_token,
        callback_not_authenticated=callback_not_authenticated,
        **kwargs,
    )


host = "http://gazu.change.serverhost/api"
default_client: KitsuClient = create_client(host)


@composition
def host_is_up(client: KitsuClient = default_client) -> bool:
    """
    Return whether the host answers a HEAD request with status 200.

    Returns:
        bool: False for any other status, and if there is no answer.
    """
    from ._engine.through_session import deadline_options

    try:
        options = deadline_options(client)
        response = client.session.head(client.host, **options)
    except Exception:
        return False
    return response.status_code == 200


@composition
def host_is_valid(client: KitsuClient = default_client) -> bool:
    """
    Return whether the host is the API of a Kitsu server.

    To find out, a login with an empty email is sent.

    Example:
        if not gazu.client.host_is_valid():
            print("This is not a Kitsu server, or /api is missing")

    Route: ``HEAD /``, then ``POST auth/login``
    """
    if not host_is_up(client):
        return False
    try:
        post("auth/login", {"email": ""}, client=client)
    except (NotAuthenticatedException, ParameterException):
        return True
    except Exception:
        return False
    return True


def get_host(client: KitsuClient = default_client) -> str:
    """Return the API's URL of a client."""
    return client.host


def get_api_url_from_host(client: KitsuClient = default_client) -> str:
    """Return the URL of Kitsu's web pages: the API's URL without ``/api``."""
    if client.host.endswith("/api"):
        return client.host[:-4]
    return client.host


def set_host(new_host: str, client: KitsuClient = default_client) -> str:
    """
    Set the API's URL.

    Args:
        new_host: The URL, such as ``https://kitsu.example.com/api``.

    Returns:
        str: The URL.
    """
    client.host = new_host
    return client.host


def get_event_host(client: KitsuClient = default_client) -> str:
    """
    Return the URL of the event stream.

    If none was set, it is the host that the client was created with;
    ``set_host`` does not change it.
    """
    return client.event_host or client.host


def set_event_host(new_host: str, client: KitsuClient = default_client) -> str:
    """
    Set the URL of the event stream.

    Args:
        new_host: The URL, such as ``https://kitsu.example.com``.

    Returns:
        str: The URL.
    """
    client.event_host = new_host
    return client.event_host


def set_tokens(
    new_tokens: dict[str, str], client: KitsuClient = default_client
) -> dict[str, str]:
    """
    Use tokens for all further requests.

    Args:
        new_tokens (dict[str, Any] | Login | Tokens | None): A dict with
            ``access_token`` and ``refresh_token``. It is not copied.

    Returns:
        Any: The same dict.
    """
    client.tokens = new_tokens
    return client.tokens


def make_auth_header(client: KitsuClient = default_client) -> dict[str, str]:
    """Return the headers that identify gazu and the user."""
    return client.make_auth_header()


def url_path_join(*items: str) -> str:
    """
    Join the parts of a URL with single slashes.

    Args:
        items (str): The parts. Slashes at their ends are removed.

    Returns:
        str: The URL.
    """
    return "/".join(item.strip("/") for item in items)


def get_full_url(path: str, client: KitsuClient = default_client) -> str:
    """
    Return the complete URL of a path of the API.

    Args:
        path: The path, relative to the host.
    """
    return url_path_join(get_host(client), path)


def build_path_with_params(path: str, params: dict) -> str:
    """
    Return a path with a query.

    Args:
        path: The path. It may already have a query.
        params: The values by name. A list becomes several values of the name.
    """
    if not params:
        return path
    if not isinstance(path, str):
        if not isinstance(path, list):
            raise TypeError("path: expected a str, not {!r}".format(path))
        # As upstream does: append the characters of the query to the list.
        query = _core.client_call("get", "", params).route_and_query
        path.extend("&" + query[1:] if "?" in path else query)
        return path
    return _core.client_call("get", path, params).route_and_query


def get(
    path: str,
    json_response: bool = True,
    params: dict | None = None,
    client: KitsuClient = default_client,
) -> Any:
    """
    Send a GET request.

    Args:
        path: The path, relative to the host.
        json_response: Whether to return the JSON value. Otherwise, return the
            text of the answer.
        params: The query's values by name. A list becomes several values of
            the name.

    Returns:
        Any: The JSON value or the text of the answer.

    Raises:
        GazuException: the server answered with an error.
        JSONDecodeError: the answer is not JSON.

    Example:
        shots = gazu.client.get("data/projects/{}/shots".format(project["id"]))
    """
    call = _core.client_call("get", path, params or None, bool(json_response))
    return _dispatch.send(call, client)


def post(path: str, data: Any, client: KitsuClient = default_client) -> Any:
    """
    Send a POST request with JSON.

    Args:
        path: The path, relative to the host.
        data: The value to send. Dates are encoded as ISO 8601 text.

    Returns:
        Any: The JSON value of the answer.

    Raises:
        GazuException: the server answered with an error.
        TypeError: the data cannot be encoded as JSON.
        JSONDecodeError: the answer is not JSON.
    """
    call = _with_json_body(_core.client_call("post", path), data)
    # Keep the data out of tracebacks from here on.
    del data
    return _dispatch.send(call, client)


def put(path: str, data: dict, client: KitsuClient = default_client) -> Any:
    """
    Send a PUT request with JSON.

    Args:
        path: The path, relative to the host.
        data: The value to send. Dates are encoded as ISO 8601 text.

    Returns:
        Any: The JSON value of the answer.

    Raises:
        GazuException: the server answered with an error.
        TypeError: the data cannot be encoded as JSON.
        JSONDecodeError: the answer is not JSON.
    """
    call = _with_json_body(_core.client_call("put", path), data)
    # Keep the data out of tracebacks from here on.
    del data
    return _dispatch.send(call, client)


def delete(
    path: str, params: dict | None = None, client: KitsuClient = default_client
) -> str:
    """
    Send a DELETE request.

    Args:
        path: The path, relative to the host.
        params: The query's values by name. A list becomes several values of
            the name.

    Returns:
        str: The text of the answer, which is usually empty.

    Raises:
        GazuException: the server answered with an error.
    """
    call = _core.client_call("delete", path, params or None)
    return _dispatch.send(call, client)


def get_message_from_data(
    message_json: Any,
    default_message: str = "No additional information",
) -> str:
    """
    Return the server's message in the JSON value of an answer.

    Args:
        message_json: The value.
        default_message: The result if the answer has no message.

    Returns:
        str: The message, with the invalid fields in parentheses.
    """
    return hooks.message_of(message_json, default_message)


def get_message_from_response(
    response: requests.Response,
    default_message: str = "No additional information",
) -> str:
    """
    Return the server's message in a response.

    Args:
        response: The response.
        default_message: The result if the response has no message.
    """
    try:
        body = response.json()
    except ValueError:
        return default_message
    return get_message_from_data(body, default_message)


def check_status(
    request: requests.Response, path: str, client: KitsuClient = None
) -> tuple[int, bool]:
    """
    Raise the exception for the status of a response, if it is an error.

    Args:
        request: The response, in spite of the name.
        path: The requested path.
        client: The client whose token is renewed if it has expired.

    Returns:
        tuple[int, bool]: The status, and whether the token was renewed, so
            that the request should be sent again.

    Raises:
        ParameterException: 400
        NotAuthenticatedException: 401
        NotAllowedException: 403
        RouteNotFoundException: 404
        MethodNotAllowedException: 405
        TooBigFileException: 413
        ValidationException: 422
        TooManyRequestsException: 429
        ServerErrorException: 500 to 599
    """
    status = request.status_code
    name = (
        _core.rejection_of_status(status)
        if isinstance(status, int) and 0 <= status < 1000
        else None
    )
    if name is None:
        return status, False
    error, expired = hooks.response_error(request, path)
    if not isinstance(error, NotAuthenticatedException):
        raise error
    sent = getattr(getattr(request, "request", None), "headers", None)
    sent = sent.get("Authorization") if isinstance(sent, dict) else None
    sent = sent and Hidden(sent)
    renewal.renew_token(client, path, expired, error, sent)
    return status, True


@composition
def fetch_all(
    path: str,
    params: dict | None = None,
    client: KitsuClient = default_client,
    paginated: bool = False,
    limit: int | None = None,
    fields: list[str] | str | None = None,
) -> list[dict]:
    """
    Return all entries of a list.

    Args:
        path: The path after ``data/``, such as ``"tasks"``. It may have a
            query.
        params: The query's values by name. If the dict is not empty, the
            values of the other arguments are added to it.
        paginated: Whether to request one page after another.
        limit: The number of entries on a page. Only used if ``paginated``.
        fields: The names of the attributes to return, as a list or separated
            by commas. Not all routes support it.

    Returns:
        list[dict[str, Any]]: The entries in the server's order.

    Example:
        persons = gazu.client.fetch_all("persons", {"active": "true"})

    Route: ``GET data/{path}``
    """
    params = _list_params(params, paginated, limit, fields)
    url = url_path_join("data", path)
    if not paginated:
        return get(url, params=params, client=client)
    first = get(url, params=params, client=client)
    last_page = first.get("nb_pages", 1)
    entries = first.get("data", [])
    if first.get("page", 1) != last_page:
        _fetch_remaining_pages(entries, url, params, last_page, client)
    return entries


def _fetch_remaining_pages(
    entries: list, url: str, params: dict, last_page: int, client: KitsuClient
) -> None:
    """Fetch all pages after the first, concurrently, and add their entries."""
    pages = range(2, last_page + 1)
    if not _dispatch.may_use_threads(["get"], client):
        for page in pages:
            params["page"] = page
            answer = get(url, params=params, client=client)
            entries.extend(answer.get("data", []))
        return
    calls = []
    for page in pages:
        params["page"] = page
        calls.append(_core.client_call("get", url, params))
    from ._engine import batch as batches

    batch = batches.Batch(calls, batches.CONCURRENCY, False)
    try:
        answers = batches.run(batch, _dispatch.send_in_thread, client, None)
    except BaseException as error:
        # Leave the same value as one request after another would.
        for page, answer in zip(pages, batch.outcomes):
            if answer is error:
                params["page"] = page
        raise
    for answer in answers:
        entries.extend(answer.get("data", []))


def _list_params(
    params: dict | None,
    paginated: bool,
    limit: int | None,
    fields: list[str] | str | None,
) -> Any:
    """Return the query of a list. A dict that is not empty is changed."""
    if fields is not None:
        params = params or {}
        params["fields"] = (
            fields if isinstance(fields, str) else ",".join(fields)
        )
    if paginated:
        params = params or {}
        params["page"] = 1
        if limit is not None:
            params["limit"] = limit
    return params


def fetch_first(
    path: str, params: dict | None = None, client: KitsuClient = default_client
) -> dict | None:
    """
    Return the first entry of a list.

    Args:
        path: The path after ``data/``.
        params: The query's values by name.

    Returns:
        dict[str, Any] | None: The entry, or None if the list is empty.

    Route: ``GET data/{path}``
    """
    call = _core.client_call("fetch_first", path, params or None)
    return _dispatch.run_beneath(call, client)


def fetch_one(
    model_name: str,
    id: str,
    params: dict | None = None,
    client: KitsuClient = default_client,
) -> dict:
    """
    Return one entry.

    Args:
        model_name: The model, such as ``"shots"``.
        id: The entry's id.
        params: The query's values by name.

    Returns:
        dict[str, Any]: The entry.

    Raises:
        RouteNotFoundException: there is no such entry.

    Route: ``GET data/{model_name}/{id}``
    """
    path = url_path_join(model_name, id)
    call = _core.client_call("fetch_one", path, params or None)
    return _dispatch.run_beneath(call, client)


def create(
    model_name: str, data: dict, client: KitsuClient = default_client
) -> dict:
    """
    Create an entry.

    Args:
        model_name: The model, such as ``"shots"``.
        data: Its attributes.

    Returns:
        dict[str, Any]: The entry as created.

    Route: ``POST data/{model_name}``
    """
    return post(url_path_join("data", model_name), data, client=client)


def update(
    model_name: str,
    model_id: str,
    data: dict,
    client: KitsuClient = default_client,
) -> dict:
    """
    Change an entry.

    Args:
        model_name: The model, such as ``"shots"``.
        model_id: The entry's id.
        data: The attributes to change.

    Returns:
        dict[str, Any]: The changed entry.

    Route: ``PUT data/{model_name}/{model_id}``
    """
    path = url_path_join("data", model_name, model_id)
    return put(path, data, client=client)


def upload(
    path: str,
    file_path: str = None,
    data: dict | None = None,
    extra_files: list | None = None,
    files: dict = None,
    client: KitsuClient = default_client,
    progress_callback: Callable | None = None,
) -> Any:
    """
    Upload files as a multipart form. They are streamed from disk.

    Args:
        path: The path, relative to the host.
        file_path: The path of the file.
        data: The fields of the form, without files.
        extra_files: The paths of further files.
        files: Used instead of the paths: file objects, bytes or tuples by
            field name, as for ``requests``.
        progress_callback: Called on this thread with the read bytes and the
            bytes of all files. If it raises an exception, the upload stops.

    Returns:
        Any: The JSON value of the answer.

    Raises:
        FileNotFoundError: a file does not exist. Nothing is sent.
        UploadFailedException: the server accepted the files, but reports a
            failure.
        GazuException: the server answered with an error.
    """
    if files and progress_callback and not hasattr(files, "values"):
        raise AttributeError(
            "files: expected a dict with progress_callback, not {!r}".format(
                type(files).__name__
            )
        )
    paths = [] if files else [file_path] + list(extra_files or [])
    call, streams = _core.upload_call(path, data or {}, files or None, paths)
    return _dispatch.send(
        call, client, progress=progress_callback, streams=streams
    )


def download(
    path: str,
    file_path: str,
    params: dict | None = None,
    client: KitsuClient = default_client,
    progress_callback: Callable | None = None,
    processing_timeout: float = DEFAULT_PROCESSING_TIMEOUT,
) -> requests.Response:
    """
    Download a file. It is streamed to disk.

    The data is written to a temporary file in the target's folder, which
    replaces the target when it is complete. If the server is still processing
    a preview, this function waits.

    Args:
        path: The path, relative to the host.
        file_path: The path of the file to write. None keeps the content in
            memory.
        params: The query's values by name.
        progress_callback: Called on this thread with the received bytes and
            all bytes (0 if unknown). If it raises an exception, the download
            stops.
        processing_timeout: Seconds to wait for a preview that the server is
            still processing.

    Returns:
        Response: The response. If ``file_path`` is None, its ``content`` is the
            file.

    Raises:
        PreviewFileProcessingException: the server is still processing the
            preview after ``processing_timeout``.
        GazuException: the server answered with an error.
        OSError: the file cannot be written.
    """
    call = _core.client_call("download", path, params or None)
    return _dispatch.send(
        call.with_target(file_path),
        client,
        progress=progress_callback,
        processing_timeout=processing_timeout,
    )


def _retry_after(response: Any, deadline: float) -> float:
    """
    Return the seconds until a preview is asked for again.

    The core decides this for our requests. Upstream has this function, and tests it.
    """
    try:
        seconds = float(response.headers.get("Retry-After"))
    except (TypeError, ValueError):
        seconds = DEFAULT_RETRY_AFTER
    left = deadline - time.monotonic()
    return max(0, min(max(0, seconds), left))


def get_file_data_from_url(
    url: str, full: bool = False, client: KitsuClient = default_client
) -> bytes:
    """
    Return the content of a URL.

    Args:
        url: The path, relative to the host.
        full: Whether ``url`` is a complete URL. The token is sent to it.

    Returns:
        bytes: The content.

    Raises:
        GazuException: the server answered with an error.
    """
    if not full:
        url = get_full_url(url, client=client)
    elif not isinstance(url, str):
        # Like a session of requests.
        url = url.decode() if isinstance(url, bytes) else str(url)
    return _dispatch.send(
        _core.client_call("get_file_data_from_url", url), client
    )


def import_data(
    model_name: str, data: dict, client: KitsuClient = default_client
) -> dict:
    """
    Import an entry from another Kitsu server, with the same id.

    Args:
        model_name: The model, such as ``"shots"``.
        data: The attributes of the entry, including its id. It may also be a
            list of entries.

    Returns:
        Any: The imported entry. For a list, the entries that were created.

    Route: ``POST import/kitsu/{model_name}``
    """
    return post("/import/kitsu/{}".format(model_name), data, client=client)


@composition
def get_api_version(client: KitsuClient = default_client) -> str:
    """
    Return the server's version.

    Returns:
        str: The version, such as ``"1.0.97"``.

    Route: ``GET /``
    """
    version = get("", client=client)["version"]
    if isinstance(version, str) and hasattr(type(client), "_api_version"):
        client._api_version = (client.host, version)
    return version


@composition
def get_current_user(client: KitsuClient = default_client) -> dict:
    """
    Return the person who is logged in.

    Returns:
        Person: The person.

    Raises:
        NotAuthenticatedException: nobody is logged in.

    Example:
        user = gazu.client.get_current_user()
        print(user["full_name"], user["role"])

    Route: ``GET auth/authenticated``
    """
    return get("auth/authenticated", client=client)["user"]


def _with_json_body(call: Any, data: Any) -> Any:
    """Return a call with JSON. If the script replaced the encoder, use that."""
    if not _late.is_replaced("CustomJSONEncoder"):
        return call.with_json(data)
    library = _late.value("json")
    return call.with_text(library.dumps(data, cls=CustomJSONEncoder))


_dispatch = Dispatch(globals())

_late = LateNames(
    globals(),
    old_names(__name__),
    {
        "Any": "typing",
        "Callable": "typing",
        "CustomJSONEncoder": ".encoder",
        "Iterable": "typing",
        "json": "json",
        "logger": logs.logger,
        "logging": "logging",
    },
)
__getattr__ = _late.get
