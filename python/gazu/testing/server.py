"""The HTTP server on the loopback: logins, injected faults and a request log."""

from __future__ import annotations

import http.server
import json
import socket
import socketserver
import sys
import threading
import time
import traceback
from typing import Any
from urllib.parse import urlsplit

from ..client import KitsuClient
from . import browser_login, conditional
from .request import Request
from .routes import ROUTES, Content, compile_path
from .store import Refusal, Store, rejected, unreadable
from .validation import required_text

EMAIL = "admin@example.com"
PASSWORD = "mysecretpassword"


#: The methods of the login routes, which are not in ROUTES.
_LOGINS = {
    "auth/login": "POST",
    "auth/logout": "GET",
    "auth/refresh-token": "GET",
    browser_login.CODE_PATH: "POST",
    browser_login.TOKEN_PATH: "POST",
}


def to_content(answer: Any) -> Content:
    """Serialize an answer. Raises TypeError, ValueError if it is not JSON."""
    if isinstance(answer, Content):
        return answer
    data = b"" if answer is None else json.dumps(answer).encode("utf-8")
    return Content(data, "application/json")


def failure_body(error: Exception) -> dict:
    """Print the traceback of a failed route function, and return the answer."""
    traceback.print_exception(type(error), error, error.__traceback__)
    last = traceback.format_exception_only(type(error), error)[-1]
    return {"error": True, "message": last.strip()}


class Fault:
    """A fault that is injected into the next matching requests."""

    def __init__(
        self,
        status: int | None,
        times: int,
        method: str | None,
        path: str | None,
        json: Any,
        delay: float,
        drop: bool,
    ) -> None:
        self.status = status
        self.times = times
        self.method = method
        self.path = compile_path(path) if path else None
        self.json = json
        self.delay = delay
        self.drop = drop

    def applies_to(self, request: Request) -> bool:
        """Return whether it applies to a request. If so, one time is used up."""
        if self.times == 0 or self.method not in (None, request.method):
            return False
        if self.path is not None and not self.path.match(request.path):
            return False
        self.times -= 1
        return True


class KitsuServer:
    """
    An in-memory Kitsu server on a free loopback port.

        with gazu.testing.KitsuServer() as server:
            client = server.log_in()
            project = gazu.project.new_project("Lama", client=client)

    It starts with the records of a newly installed server: asset types, task types,
    statuses, departments and an administrator. It checks passwords, but not the
    permissions of roles. This package's own tests compare its answers with those of a
    real server. A request for an unknown route is answered with 404, or 405 if the
    path exists with another method, and is listed in `unknown`. If the function of a
    route raises an exception, the answer is 500.

    Attributes:
        email: The administrator's email.
        password: The password of all persons, the administrator included.
        requests: The received requests, the oldest first.
        unknown: The requests for which no route was found, as text.
        store: The records, which tests can read and change:
            ``server.store.all("tasks", entity_id=...)``,
            ``server.store.add("departments", name="Mud", color="#553311")``.
        browser_logins: ``browser_logins.person`` is the person (dict) who allows
            logins through the browser, the administrator at first. None refuses
            them.
    """

    email = EMAIL
    password = PASSWORD

    def __init__(self) -> None:
        self.store = Store()
        self.requests: list[Request] = []
        self.unknown: list[str] = []
        self._routes: list = []
        self._faults: list[Fault] = []
        self._lock = threading.RLock()
        self._http: Any = None
        self._stream: Any = None
        self.store.add(
            "persons",
            first_name="Super",
            last_name="Admin",
            email=EMAIL,
            phone="",
            desktop_login="",
            role="admin",
        )
        self.browser_logins = browser_login.BrowserLogins(
            self.store.first("persons", email=EMAIL)
        )

    # Start and stop.

    def __enter__(self) -> KitsuServer:
        return self.start()

    def __exit__(self, *error: Any) -> None:
        self.stop()

    def start(self) -> KitsuServer:
        """Start listening, and return the server itself."""
        self._http = _Listener(("127.0.0.1", 0), _Handler)
        self._http.kitsu = self
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and close all connections. It can be called twice."""
        if self._http is not None:
            self._http.shutdown()
            if self._stream is not None:
                self._stream.stop()
                self._stream = None
                self.store.on_event = lambda event: None
            self._http.end_connections()
            self._http.server_close()
            self._thread.join()
            self._http = None

    @property
    def host(self) -> str:
        """The API's URL, for ``gazu.set_host``."""
        return "http://127.0.0.1:{}/api".format(self._http.server_address[1])

    @property
    def events(self) -> list[dict]:
        """
        The emitted events, the oldest first.

        They are dicts with ``name``, ``data``, ``user_id`` and ``project_id``. Listeners
        of ``gazu.events`` receive the same events.
        """
        return self.store.events

    # Controls for tests.

    def log_in(self, person: dict | None = None) -> KitsuClient:
        """
        Return a logged-in client.

        Args:
            person: The person (dict) to log in. The default is the administrator.
        """
        from .. import client as clients

        if person is None:
            person = self.store.first("persons", email=EMAIL)
        client = clients.create_client(self.host, use_refresh_token=True)
        client.tokens = self.make_tokens(person["id"])
        return client

    def make_tokens(self, person_id: str) -> dict[str, str]:
        """Return new tokens for a person, in the form of a login's answer."""
        pair = {}
        for name in ("access_token", "refresh_token"):
            pair[name] = self.store.new_token(person_id, name)
        return pair

    def expire_tokens(self, refresh: bool = False) -> None:
        """
        Expire the access tokens of all logins.

        Tokens of bots do not expire.

        Args:
            refresh: Expire the refresh tokens, too.
        """
        kinds = ("access", "refresh") if refresh else ("access",)
        for name, token in self.store.tokens.items():
            if name.startswith(kinds):
                token[1] = "expired"

    def fail_next(
        self,
        status: int | None = 503,
        times: int = 1,
        method: str | None = None,
        path: str | None = None,
        json: Any = None,
        delay: float = 0,
        drop: bool = False,
    ) -> None:
        """
        Make the next matching requests fail.

        Args:
            status: The status of the answer. With None, requests are answered as usual,
                for example after a delay.
            times: The number of requests to apply it to.
            method: Apply it only to requests with this method, such as ``"GET"``.
            path: Apply it only to requests for this path, such as
                ``data/shots/{shot}``.
            json: The body of the answer.
            delay: Seconds to wait before answering.
            drop: Execute the request, then close the connection without an answer.
        """
        fault = Fault(status, times, method, path, json, delay, drop)
        with self._lock:
            self._faults.append(fault)

    def emit(
        self, name: str, data: dict, project_id: str | None = None
    ) -> None:
        """
        Send an event to the listeners, in addition to the events of changes.

        Args:
            name: The name of the event, such as ``"shot:update"``.
            data: The data that listeners receive, a dict.
            project_id: The id of the event's project.
        """
        with self._lock:
            self.store.emit(name, data, project_id)

    def route(
        self, method: str, path: str, answer: Any, status: int = 200
    ) -> None:
        """
        Add a route, or replace one.

        Args:
            method: The HTTP method, such as ``"GET"``.
            path: The path, such as ``data/playlists/{playlist}``.
            answer: The answer, serialized as JSON. It can also be a function that
                returns the answer. It is called with the store, the request, and the
                path's parameters by name.
            status: The status of the answer.
        """
        if not callable(answer):
            value = answer

            def answer(store: Any, request: Any, **names: Any) -> Any:
                return value

        with self._lock:
            self._routes.insert(
                0, (method, compile_path(path), status, answer)
            )

    # Request handling.

    def answer(self, request: Request) -> tuple[int | None, Any]:
        """
        Return the status and the body of the answer to a request.

        The body is a Content or a value to serialize as JSON; None is an empty body.
        If the status is None, the connection is to be closed.
        """
        with self._lock:
            self.requests.append(request)
            fault = next(
                (f for f in self._faults if f.applies_to(request)), None
            )
        if fault is not None and fault.delay:
            time.sleep(fault.delay)
        if fault is not None and fault.status is not None and not fault.drop:
            request.status = fault.status
            return fault.status, fault.json
        with self._lock:
            try:
                status, body = self._answer(request)
            except Refusal as refusal:
                status, body = refusal.status, refusal.body
            except Exception as error:
                status, body = 500, failure_body(error)
        if fault is not None and fault.drop:
            return None, None
        request.status = status
        return status, body

    def _answer(self, request: Request) -> tuple[int, Any]:
        asked = (request.method, request.path)
        if asked == ("POST", "auth/login"):
            return 200, self._log_in(request.json)
        if asked == ("GET", "auth/refresh-token"):
            self._authenticate(request, "refresh")
            token = self.make_tokens(request.person["id"])["access_token"]
            return 200, {"access_token": token}
        if asked == ("GET", "auth/logout"):
            self._authenticate(request, "access")
            self._token_of(request.headers["Authorization"])[1] = "revoked"
            return 200, {"logout": True}
        if asked == ("POST", browser_login.TOKEN_PATH):
            person_id = self.browser_logins.exchange(request.json)
            person = self.store.get("persons", person_id)
            return 200, self._login_of(person)
        if asked == ("POST", browser_login.CODE_PATH):
            self._authenticate(request, "access")
            return 201, self.browser_logins.new_code(
                request.person["id"], request.json
            )
        status, function, names = self._route_of(request)
        if request.path not in ("", "status"):
            self._authenticate(request, "access")
        # A route that a test added may accept bodies that are not JSON.
        if request.is_malformed and all(
            function is not r[3] for r in self._routes
        ):
            raise unreadable()
        return status, function(self.store, request, **names)

    def _route_of(self, request: Request) -> tuple[int, Any, dict]:
        """Return the status, function and path parameters for a request."""
        methods = [_LOGINS[request.path]] if request.path in _LOGINS else []
        wanted = "GET" if request.method == "HEAD" else request.method
        for method, path, status, function in self._routes + ROUTES:
            found = path.match(request.path)
            if found and method == wanted:
                return status, function, found.groupdict()
            if found:
                methods.append(method)
        self.unknown.append("{0.method} {0.path}".format(request))
        message = (
            "gazu.testing does not know the route {0.method} {0.path}: "
            "add it with KitsuServer.route().".format(request)
        )
        if methods:
            message += " It knows the path with {}.".format(
                " and ".join(sorted(set(methods)))
            )
        raise rejected(message, 405 if methods else 404)

    def _log_in(self, body: Any) -> dict:
        email = required_text(body, "email", least=1).lower()
        person = next(
            (
                one
                for one in self.store.all("persons", is_bot=False)
                if email
                in (one["email"], (one["desktop_login"] or "").lower())
            ),
            None,
        )
        if person is None or body.get("password") != PASSWORD:
            raise Refusal(
                400, {"login": False, "message": "Wrong email or password."}
            )
        return self._login_of(person)

    def _login_of(self, person: Any) -> dict:
        answer = {
            "user": person,
            "organisation": self.store.first("organisations"),
            "login": True,
        }
        answer.update(self.make_tokens(person["id"]))
        return answer

    def _token_of(self, authorization: str) -> Any:
        return self.store.tokens.get(authorization.partition("Bearer ")[2])

    def _authenticate(self, request: Request, kind: str) -> None:
        authorization = request.headers.get("Authorization")
        if authorization is None:
            raise Refusal(
                401,
                {
                    "msg": "Missing JWT in cookies or headers (Missing cookie "
                    '"access_token_cookie"; Missing Authorization Header)'
                },
            )
        token = self._token_of(authorization)
        if token is None:
            raise Refusal(422, {"msg": "Not enough segments"})
        person, state = token
        if state == "expired":
            raise Refusal(
                401, {"error": True, "message": "Signature has expired"}
            )
        if state == "revoked":
            raise Refusal(401, {"msg": "Token has been revoked"})
        is_refresh = "refresh_token" in authorization
        if is_refresh != (kind == "refresh"):
            only = "Only {} tokens are allowed"
            if kind == "access":
                only = "Only non-refresh tokens are allowed"
            raise Refusal(422, {"msg": only.format(kind)})
        request.person = self.store.get("persons", person)
        self.store.user_id = person

    def knows(self, authorization: str) -> bool:
        """Return whether an Authorization header holds a valid access token."""
        token = self._token_of(authorization)
        return token is not None and (
            token[1] == "good" and "refresh_token" not in authorization
        )

    def stream(self) -> Any:
        """Return the event stream. The first call creates it."""
        from .stream import Stream

        with self._lock:
            if self._stream is None:
                self._stream = Stream(self.knows)
                self.store.on_event = self._stream.emit
            return self._stream


class _Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True
    kitsu: Any = None

    def __init__(self, *args: Any) -> None:
        self._open: dict = {}
        http.server.ThreadingHTTPServer.__init__(self, *args)

    def server_bind(self) -> None:
        # HTTPServer.server_bind looks up the host name, which can take seconds.
        socketserver.TCPServer.server_bind(self)

    def process_request_thread(self, connection: Any, address: Any) -> None:
        self._open[connection] = threading.current_thread()
        try:
            super().process_request_thread(connection, address)
        finally:
            self._open.pop(connection, None)

    def handle_error(self, connection: Any, address: Any) -> None:
        # A client that disconnects is not an error of the server.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(connection, address)

    def end_connections(self) -> None:
        for connection, thread in list(self._open.items()):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            thread.join(5)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes. Nagle's algorithm would delay the second.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if self.path.startswith("/socket.io/"):
            self.server.kitsu.stream().answer(self, body)
            return
        if urlsplit(self.path).path == browser_login.PAGE:
            self._browser_login()
            return
        request = Request(self.command, self.path, self.headers, body)
        status, answer = self.server.kitsu.answer(request)
        if status is None:
            self.close_connection = True
            return
        try:
            content = to_content(answer)
        except (TypeError, ValueError) as error:
            status = request.status = 500
            content = to_content(failure_body(error))
        headers: dict[str, str] = {}
        answered = None
        if (status, self.command) == (200, "GET"):
            if conditional.is_tagged(request.path, request.query):
                answered = conditional.unless_known
            elif isinstance(answer, Content):
                answered = conditional.answer
        if answered is not None:
            status, headers, data = answered(content.data, self.headers)
            content = Content(data, content.content_type)
            request.status = status
        self._send(status, content, headers)

    def _browser_login(self) -> None:
        back = self.server.kitsu.browser_logins.answer_page(self.path)
        if back is None:
            self._send(400, Content(b"Invalid request", "text/plain"))
            return
        self.send_response(302)
        self.send_header("Location", back)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(
        self, status: int, content: Content, headers: Any = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", content.content_type)
        if status == 202:
            self.send_header("Retry-After", "5")
        if status != 304:
            self.send_header("Content-Length", str(len(content.data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content.data)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any
    do_PATCH = do_OPTIONS = handle_any
