"""
The client: where the server is, who asks, and the verbs that everything else
goes through.

``KitsuClient.run`` runs a call that a function of ``gazu`` describes. Scripts
replace verbs and session methods; a call goes through what they put there, and
the native path is taken where everything is our own.
"""

from __future__ import annotations

import json
import logging
import os
import time  # noqa: F401
from typing import TYPE_CHECKING, Any, Callable, Iterable

from . import _core
from .__version__ import __version__  # noqa: F401
from ._deprecated import old_names
from ._engine import environment, hooks
from ._engine.composition import composition
from ._engine.dispatch import (
    CHAINS,
    DEFAULT_PROCESSING_TIMEOUT,
    MAX_AUTH_RETRIES,  # noqa: F401
    Dispatch,
)
from ._engine.environment import UNSET
from ._engine.login import auth_header
from ._engine.redact import Hidden, confidential, shown_path
from ._engine.renewal import FixedToken, renew_token
from ._requests_compat.session import Session, deadlines, new_session
from .encoder import CustomJSONEncoder
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

if TYPE_CHECKING:
    import requests
else:
    from ._requests_compat.stand_in import requests

logger = logging.getLogger("gazu")
logger.addHandler(logging.NullHandler())

DOWNLOAD_ACCEPT_HEADER = "application/json, */*;q=0.1"
DEFAULT_RETRY_AFTER = 5

if os.getenv("GAZU_DEBUG", "false").lower() == "true":
    logger.setLevel(logging.DEBUG)
    logger.addHandler(logging.StreamHandler())


class KitsuClient(object):
    """
    A client of one Kitsu server, for one user.

    It may be shared by threads, and works in a forked child. All its
    attributes may be assigned and take effect with the next request.

    Attributes:
        host (str): The API's URL, such as ``https://kitsu.example.com/api``.
        event_host (str): Where events come from.
        tokens (dict[str, Any]): The login's reply, or a dict with
            ``access_token`` and ``refresh_token``.
        use_refresh_token (bool): Whether an expired token is renewed.
        callback_not_authenticated (Callable | None): Called with the client
            and the path when a login is needed; the request is sent again when
            it returns True.
        session (Session): What the requests share, as a ``requests.Session``.
    """

    #: What the core calls to make exceptions and to renew the token.
    _hooks: Any = hooks
    #: Stops what is on its way, for those who run a client in a thread.
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
        return state

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self._renewing = {}

    def __repr__(self) -> str:
        return "<KitsuClient {}>".format(shown_path(str(self.host)))

    @property
    def timeout(self) -> Any:
        """
        Seconds to connect and seconds without a byte.

        Assign a pair, seconds for both, or None for no deadline; it reads as a
        pair. At first it is what ``GAZU_TIMEOUT`` says, else 15 and 300.
        """
        return self._deadlines

    @timeout.setter
    def timeout(self, timeout: Any) -> None:
        self._deadlines = deadlines(timeout)
        # An awaited client's requests go through this session too.
        session = getattr(self, "_blocking_session", None) or self.session
        if isinstance(session, Session):
            session._timeout = self._deadlines

    @property
    def retries(self) -> int:
        """
        How often a read is tried that fails on the way; 1 for once.

        At first it is what ``GAZU_RETRIES`` says, else 3.
        """
        return self._retries

    @retries.setter
    def retries(self, retries: int) -> None:
        self._retries = environment.attempts(retries)

    @property
    def deadline(self) -> float | None:
        """
        Seconds that a call may take in all, with its retries and waits.

        None is no limit. At first it is what ``GAZU_DEADLINE`` says, else None.
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
        """The token that requests carry."""
        return self.tokens.get("access_token", None)

    @access_token.setter
    def access_token(self, token: str) -> None:
        self.tokens["access_token"] = token

    @property
    def refresh_token(self) -> str | None:
        """The token that renews the other."""
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
                expired too.

        Route: ``GET auth/refresh-token``
        """
        path = "auth/refresh-token"
        if not self.refresh_token:
            raise NotAuthenticatedException(path)
        call = _core.client_call("get", path)
        tokens = _dispatch.send(call, FixedToken(self, self.refresh_token))
        self.access_token = tokens["access_token"]
        self.refresh_token = tokens.get("refresh_token", self.refresh_token)
        return tokens

    def __enter__(self) -> KitsuClient:
        return self

    def __exit__(self, exc_type, exc_val, exc_tb) -> None:
        try:
            _dispatch.send(
                _core.client_call("get", "auth/logout", None, False),
                FixedToken(self, self.access_token),
            )
        except Exception as error:
            # The login ends here whatever the server says to it.
            logger.debug("logout failed: %s", error)
        self.tokens = {"access_token": None, "refresh_token": None}
        self.session.close()

    def make_auth_header(self) -> dict[str, str]:
        """Return the headers that say who asks."""
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
            call: What a function of the core describes.
            progress_callback: Called with the bytes done and the bytes in
                total while a file is transferred.
            processing_timeout: Seconds to wait for a preview that the server
                is still building.
        """
        return _dispatch.run(call, self, progress_callback, processing_timeout)

    def _send(
        self,
        call: Any,
        progress_callback: Callable | None = None,
        processing_timeout: float = DEFAULT_PROCESSING_TIMEOUT,
        streams: Any = (),
    ) -> Any:
        """Send a call, without going through the verbs."""
        return _dispatch.send_for(
            self, call, progress_callback, processing_timeout, streams
        )


def call(function: Callable, *args: Any, **kwargs: Any) -> Any:
    """
    Describe a call without sending it, for ``run_all``.

        calls = [gazu.client.call(gazu.task.get_task, id) for id in ids]
        tasks = gazu.client.run_all(calls)

    Args:
        function (Callable): A function of gazu that makes one request, such
            as ``gazu.task.get_task``. Caches do not count.
        args (Any): Its arguments by position.
        kwargs (Any): Its arguments by name, but for ``client``.

    Returns:
        Any: The call.

    Raises:
        TypeError: the function makes more than one request, or makes
            something else of the answer.
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
    Run many calls at once.

    Where a verb or the session has been replaced, they run one after another.

    Args:
        calls (Iterable[Any]): What ``call`` describes.
        client (KitsuClient | None): The client that sends them, the default
            one for None. With an ``AsyncKitsuClient`` the result is awaited.
        concurrency (int | None): How many are on their way at once; 10 for
            None.
        return_exceptions (bool): Return failures in the calls' places. Else
            nothing more is sent after a failure, and the one of the earliest
            call is raised when those on their way have ended.
        progress_callback (Callable | None): Called with the calls done and
            all calls, on the calling thread. An exception that it raises
            ends the batch.

    Returns:
        list[Any]: The calls' results, in the order of the calls.

    Raises:
        TypeError: something is not a call. Nothing is sent.
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
    verbs = {name for each in batch.calls for name in CHAINS[each.verb]}
    if _dispatch.may_use_threads(verbs, client):
        return batches.run(
            batch, _dispatch.send_in_thread, client, progress_callback
        )
    return _one_by_one(batch, client, progress_callback)


def _one_by_one(
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
        ssl_verify: Whether the server's certificate is checked, or the path
            of the certificates to check it against.
        cert: Path of the client's own certificate, or a pair of certificate
            and key.
        use_refresh_token: Whether an expired token is renewed.
        callback_not_authenticated: Called with the client and the path when
            a login is needed; the request is sent again when it returns True.
        kwargs: Further arguments of ``KitsuClient``.
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
    """Return whether anything answers at the host with a 200 to a HEAD."""
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
    Return whether a Kitsu API is at the host, by an empty login.

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
    """Return the API's URL."""
    return client.host


def get_api_url_from_host(client: KitsuClient = default_client) -> str:
    """Return the URL of Kitsu's web pages: the API's without ``/api``."""
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
    Return the URL that events come from.

    Where none is set, it is the host that the client was made with, which
    ``set_host`` does not change.
    """
    return client.event_host or client.host


def set_event_host(new_host: str, client: KitsuClient = default_client) -> str:
    """
    Set the URL that events come from.

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
    Use tokens for all requests from now on.

    Args:
        new_tokens (dict[str, Any] | Login | Tokens | None): A dict with
            ``access_token`` and ``refresh_token``. It is kept as it is, not
            copied.

    Returns:
        Any: The same dict.
    """
    client.tokens = new_tokens
    return client.tokens


def make_auth_header(client: KitsuClient = default_client) -> dict[str, str]:
    """Return the headers that say who asks."""
    return client.make_auth_header()


def url_path_join(*items: str) -> str:
    """
    Join the parts of a URL by one slash each.

    Args:
        items (str): The parts. Slashes at their ends do not count.

    Returns:
        str: The URL.
    """
    return "/".join(item.strip("/") for item in items)


def get_full_url(path: str, client: KitsuClient = default_client) -> str:
    """
    Return the whole URL of a path of the API.

    Args:
        path: The path, below the host.
    """
    return url_path_join(get_host(client), path)


def build_path_with_params(path: str, params: dict) -> str:
    """
    Return a path with a query.

    Args:
        path: The path, which may have a query already.
        params: Values by name. A list repeats its name.
    """
    if not params:
        return path
    if not isinstance(path, str):
        if not isinstance(path, list):
            raise TypeError("path: expected text, not {!r}".format(path))
        # The query is added to the list itself, a character at a time.
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
        path: The path, below the host.
        json_response: Return the JSON value; the text when False.
        params: The query's values by name. A list repeats its name.

    Returns:
        Any: The JSON value or the text of the answer.

    Raises:
        GazuException: the server answered with an error.
        JSONDecodeError: the answer is not JSON.
    """
    call = _core.client_call("get", path, params or None, bool(json_response))
    return _dispatch.send(call, client)


def post(path: str, data: Any, client: KitsuClient = default_client) -> Any:
    """
    Send a POST request with JSON.

    Args:
        path: The path, below the host.
        data: What to send. Dates become ISO 8601 text.

    Returns:
        Any: The JSON value of the answer.

    Raises:
        GazuException: the server answered with an error.
        TypeError: the data cannot be encoded as JSON.
        JSONDecodeError: the answer is not JSON.
    """
    call = _with_body(_core.client_call("post", path), data)
    # A traceback from here on does not show it.
    del data
    return _dispatch.send(call, client)


def put(path: str, data: dict, client: KitsuClient = default_client) -> Any:
    """
    Send a PUT request with JSON.

    Args:
        path: The path, below the host.
        data: What to send. Dates become ISO 8601 text.

    Returns:
        Any: The JSON value of the answer.

    Raises:
        GazuException: the server answered with an error.
        TypeError: the data cannot be encoded as JSON.
        JSONDecodeError: the answer is not JSON.
    """
    call = _with_body(_core.client_call("put", path), data)
    # A traceback from here on does not show it.
    del data
    return _dispatch.send(call, client)


def delete(
    path: str, params: dict | None = None, client: KitsuClient = default_client
) -> str:
    """
    Send a DELETE request.

    Args:
        path: The path, below the host.
        params: The query's values by name. A list repeats its name.

    Returns:
        str: The text of the answer, which is mostly empty.

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
    Return what the server says in the JSON value of an answer.

    Args:
        message_json: The value.
        default_message: Returned where it says nothing.

    Returns:
        str: The message, with the fields that are not valid in parentheses.
    """
    return hooks.message_of(message_json, default_message)


def get_message_from_response(
    response: requests.Response,
    default_message: str = "No additional information",
) -> str:
    """
    Return what the server says in an answer.

    Args:
        response: The answer.
        default_message: Returned where it says nothing.
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
    Raise the exception that an answer's status stands for, if it does.

    Args:
        request: The answer.
        path: The path that was asked for.
        client: The client whose token is renewed when it has expired.

    Returns:
        tuple[int, bool]: The status, and whether to send the request again.

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
    renew_token(client, path, expired, error, sent)
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
        path: The path below ``data/``, such as ``"tasks"``; it may have a
            query.
        params: The query's values by name. A dict that is not empty is
            completed in place.
        paginated: Ask page by page.
        limit: Entries on a page; only with ``paginated``.
        fields: Names of the attributes to return, as a list or joined by
            commas, where the route knows them.

    Returns:
        list[dict[str, Any]]: The entries in the server's order.

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
        _further_pages(entries, url, params, last_page, client)
    return entries


def _further_pages(
    entries: list, url: str, params: dict, last_page: int, client: KitsuClient
) -> None:
    """Add the pages after the first, which travel together."""
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
        # As far as one page after another would have come.
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
    """Return a list's query; a dict that is not empty is completed."""
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
        path: The path below ``data/``.
        params: The query's values by name.

    Returns:
        dict[str, Any] | None: The entry, or None where the list is empty.

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
        dict[str, Any]: The entry as it is now.

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
    Send files as a multipart form, straight from disk.

    Args:
        path: The path, below the host.
        file_path: The file.
        data: The form's plain fields.
        extra_files: Paths of further files.
        files: The form's files instead, as ``requests`` takes them: file
            objects, contents or tuples by field name.
        progress_callback: Called with the bytes read and the bytes of all
            files, on the calling thread. An exception that it raises stops
            the upload.

    Returns:
        Any: The JSON value of the answer.

    Raises:
        FileNotFoundError: there is no such file. Nothing is sent.
        UploadFailedException: the server took the files and says that it
            failed.
        GazuException: the server answered with an error.
    """
    if files and progress_callback and not hasattr(files, "values"):
        raise AttributeError(
            "files: expected a dict to report the progress of, not {!r}".format(
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
    Download a file, straight to disk.

    It is written beside its target and takes its place when it is complete.
    A preview that the server is still building is waited for.

    Args:
        path: The path, below the host.
        file_path: Where to store it; None to keep it in memory.
        params: The query's values by name.
        progress_callback: Called with the bytes received and the bytes in
            total (0 where that is not known), on the calling thread. An
            exception that it raises stops the download.
        processing_timeout: Seconds to wait for a preview that the server is
            still building.

    Returns:
        Response: The response. Its ``content`` is the file where ``file_path``
            is None.

    Raises:
        PreviewFileProcessingException: the preview was not built in time.
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


def get_file_data_from_url(
    url: str, full: bool = False, client: KitsuClient = default_client
) -> bytes:
    """
    Return the bytes found at a URL.

    Args:
        url: The path, below the host.
        full: Whether it is a whole URL instead. The token is sent to it.
    """
    if not full:
        url = get_full_url(url, client=client)
    elif not isinstance(url, str):
        # As the sessions of requests take it.
        url = url.decode() if isinstance(url, bytes) else str(url)
    return _dispatch.send(
        _core.client_call("get_file_data_from_url", url), client
    )


def import_data(
    model_name: str, data: dict, client: KitsuClient = default_client
) -> dict:
    """
    Import an entry as it was in another Kitsu.

    Args:
        model_name: The model, such as ``"shots"``.
        data: Its attributes, with its id.

    Returns:
        Any: The server's answer: the entry, or for a list of them the new
            ones.

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
    return get("", client=client)["version"]


@composition
def get_current_user(client: KitsuClient = default_client) -> dict:
    """
    Return the person who is logged in.

    Returns:
        Person: The person.

    Raises:
        NotAuthenticatedException: nobody is.

    Route: ``GET auth/authenticated``
    """
    return get("auth/authenticated", client=client)["user"]


def _with_body(call: Any, data: Any) -> Any:
    """Return a call with JSON, encoded by whatever encoder stands here."""
    if CustomJSONEncoder is _OWN_ENCODER:
        return call.with_json(data)
    return call.with_text(json.dumps(data, cls=CustomJSONEncoder))


_OWN_ENCODER = CustomJSONEncoder


_dispatch = Dispatch(globals())

__getattr__ = old_names(__name__)
