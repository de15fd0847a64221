"""
The login through the browser: the authorization code flow with PKCE (RFC 7636).

Kitsu's page ``app-login`` asks the person, who may be logged in by any means that
the studio uses, and sends the browser back to a port of this machine, with a code.
Only this process can exchange the code for tokens, because only it knows the text
whose hash was part of the page's URL.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import http.server
import os
import queue
import secrets
import socketserver
import sys
import threading
import time
from typing import Any, Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from .. import _core
from .. import client as raw
from .._engine.redact import shown_path
from .._engine.renewal import FixedToken
from ..exception import (
    AuthFailedException,
    HostException,
    MethodNotAllowedException,
    ParameterException,
    RouteNotFoundException,
)

TOKEN_PATH = "auth/app-login/token"
#: The highest number of characters of the name that Kitsu shows.
LONGEST_NAME = 50
#: Seconds between two looks at whether the login has been cancelled.
_INTERVAL = 0.05

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body style="font-family: sans-serif; text-align: center; margin-top: 4em">
<h1>{title}</h1>
<p>{text}</p>
</body>
</html>
"""


class _OtherHost(FixedToken):
    """A view of a client for another host, to which the token is not sent."""

    def __init__(self, client: Any, host: str) -> None:
        super().__init__(client, None)
        self.host = host


def log_in(
    host: str,
    app_name: str,
    timeout: float | None,
    open_browser: Callable | bool,
    port: int,
    cancel: Any,
    client: Any,
) -> dict:
    """
    Let the person log in through the browser, and return the server's reply.

    The arguments are those of ``gazu.log_in_with_browser``, checked by ``checked``.
    """
    server: Any = _OtherHost(client, host)
    _require_support(server)
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    with _Listener(port, app_name) as listener:
        url = "{}/app-login?{}".format(
            raw.get_api_url_from_host(server),
            urlencode(
                {
                    "port": listener.port,
                    "code_challenge": _base64url(digest),
                    "state": listener.state,
                    "app_name": app_name,
                }
            ),
        )
        _show(url, open_browser)
        code = listener.wait(timeout, cancel)
    try:
        reply = raw.post(
            TOKEN_PATH,
            {"code": code, "code_verifier": verifier},
            client=server,
        )
    except ParameterException as error:
        raise _failed(str(error.args[-1]), error) from None
    if not isinstance(reply, dict) or not reply.get("access_token"):
        raise _failed("The server's answer has no token.", None)
    return reply


def checked(
    host: Any,
    app_name: Any,
    timeout: Any,
    open_browser: Any,
    port: Any,
    cancel: Any,
) -> None:
    """Raise TypeError or ValueError if an argument is invalid."""
    for name, value in (("host", host), ("app_name", app_name)):
        if not isinstance(value, str):
            raise TypeError(
                "{}: expected text, not {!r}".format(name, type(value))
            )
    if urlsplit(host).scheme not in ("http", "https"):
        raise ValueError(
            "host: expected a URL that starts with https:// or http://"
        )
    if len(app_name) > LONGEST_NAME:
        raise ValueError(
            "app_name: Kitsu shows {} characters, not {}".format(
                LONGEST_NAME, len(app_name)
            )
        )
    if timeout is not None:
        if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
            raise TypeError(
                "timeout: expected seconds or None, not {!r}".format(timeout)
            )
        if not timeout > 0:
            raise ValueError(
                "timeout: must be more than 0, not {!r}".format(timeout)
            )
    if not isinstance(open_browser, bool) and not callable(open_browser):
        raise TypeError(
            "open_browser: expected a function, True or False, not {!r}".format(
                open_browser
            )
        )
    if isinstance(port, bool) or not isinstance(port, int):
        raise TypeError("port: expected a number, not {!r}".format(port))
    if port and not 1024 <= port <= 65535:
        raise ValueError(
            "port: must be 1024 to 65535, or 0 for any, not {!r}".format(port)
        )
    if cancel is not None and not callable(getattr(cancel, "is_set", None)):
        raise TypeError(
            "cancel: expected a threading.Event, not {!r}".format(cancel)
        )


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _failed(message: str, cause: Any) -> AuthFailedException:
    error = AuthFailedException(message)
    if cause is not None:
        error.status_code = cause.status_code
        error.body = cause.body
        error.path = cause.path
    return error


def _require_support(server: Any) -> None:
    """Raise if the server has no login through the browser, before one opens."""
    status = None
    try:
        raw.post(TOKEN_PATH, {}, client=server)
    except ParameterException:
        # The server has the route, and misses the code.
        return
    except (RouteNotFoundException, MethodNotAllowedException) as error:
        status = error.status_code
    except ValueError:
        # The answer is not JSON.
        pass
    failure = HostException(
        "{} has no login through the browser: it needs a recent Zou (1.0.97 "
        "has it), and the URL of its API, such as "
        "https://kitsu.example.com/api".format(shown_path(server.host))
    )
    failure.status_code = status
    failure.path = TOKEN_PATH
    raise failure


def _show(url: str, open_browser: Any) -> None:
    """Open the URL in a browser, or else print it."""
    if open_browser is True:
        open_browser = _open
    if open_browser and open_browser(url) is not False:
        return
    text = "Open this page in a browser to log in:\n  " + url
    print(text, file=sys.stderr, flush=True)


def _open(url: str) -> bool:
    """Open a URL in the person's browser. Return whether there is one."""
    import webbrowser

    has_display = (
        sys.platform in ("win32", "darwin", "cygwin")
        or os.environ.get("DISPLAY")
        or os.environ.get("WAYLAND_DISPLAY")
        or os.environ.get("BROWSER")
    )
    # Without a display, Python would start a browser inside the terminal, which
    # cannot show Kitsu.
    return bool(has_display) and webbrowser.open(url)


class _Listener:
    """
    A server on the loopback that waits for the browser to come back.

    Attributes:
        state: The random text that the browser must bring back.
        port: The port of 127.0.0.1.
    """

    def __init__(self, port: int, app_name: str) -> None:
        self.state = secrets.token_urlsafe(32)
        self.app_name = app_name
        self.outcomes: Any = queue.Queue()
        self._taken = threading.Lock()
        try:
            self._server = _Server(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise OSError(
                error.errno,
                "port: cannot listen on 127.0.0.1:{}: {}".format(
                    port, error.strerror
                ),
            ) from None
        self._server.listener = self
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            args=(_INTERVAL,),
            name="gazu.login",
            daemon=True,
        )

    def __enter__(self) -> _Listener:
        self._thread.start()
        return self

    def __exit__(self, *error: Any) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self) -> bool:
        """Return whether this is the first request with the right state."""
        return self._taken.acquire(blocking=False)

    def wait(self, timeout: float | None, cancel: Any) -> str:
        """
        Return the code that the browser brings.

        Raises AuthFailedException if the person refuses, the time is over or
        the login is cancelled.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                code, error = self.outcomes.get(timeout=_INTERVAL)
            except queue.Empty:
                pass
            else:
                if code:
                    return str(code)
                if error == "access_denied":
                    raise AuthFailedException(
                        "The login was refused in Kitsu."
                    )
                raise AuthFailedException(
                    "Kitsu answered with {!r}.".format(error)
                )
            if cancel is not None and cancel.is_set():
                raise AuthFailedException("The login was cancelled.")
            _core.check_cancelled()
            if timeout and until and time.monotonic() >= until:
                raise AuthFailedException(
                    "Nobody logged in through the browser within {:g} "
                    "seconds.".format(timeout)
                )


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # On Windows, another program could otherwise listen on the same port.
    allow_reuse_address = os.name != "nt"
    listener: Any = None

    def server_bind(self) -> None:
        # HTTPServer.server_bind looks up the host name, which can take seconds.
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a browser that closes a connection without a request."""


class _Handler(http.server.BaseHTTPRequestHandler):
    # Browsers open connections that they may not use.
    timeout = 10

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: the URL contains the code."""

    def do_GET(self) -> None:
        listener = self.server.listener  # type: ignore[attr-defined]
        url = urlsplit(self.path)
        if url.path != "/":
            self._send(404, "Not found", "There is nothing here.")
            return
        query = parse_qs(url.query)
        state = query.get("state", [""])[0]
        code = query.get("code", [""])[0]
        error = query.get("error", [""])[0]
        if not hmac.compare_digest(
            state.encode("utf-8", "replace"), listener.state.encode()
        ):
            # Any page could send the browser here: keep waiting for Kitsu.
            self._send(400, "Not logged in", "This login is not known here.")
            return
        if not code and not error:
            self._send(400, "Not logged in", "The login has no code.")
            return
        if not listener.take():
            self._send(410, "Already answered", "You may close this page.")
            return
        program = html.escape(listener.app_name) or "the program"
        if code:
            title = "Logged in"
            text = "You may close this page and go back to {}.".format(program)
        else:
            title = "Not logged in"
            text = "{} was refused. You may close this page.".format(
                program[0].upper() + program[1:]
            )
        try:
            self._send(200, title, text)
        finally:
            listener.outcomes.put((code, error))

    def _send(self, status: int, title: str, text: str) -> None:
        body = _PAGE.format(title=title, text=text).encode("utf-8")
        self.send_response(status)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'",
            ),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
