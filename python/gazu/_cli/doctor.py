"""What stands between this machine and Kitsu: ``gazu-cli doctor``."""

from __future__ import annotations

import base64
import importlib
import json
import os
import platform
import time
from typing import Any, Callable

import click

from .. import _core
from .. import client as raw
from .._engine.redact import shown_path, shown_text
from . import public
from .app import cli
from .errors import (
    NETWORK,
    NOT_LOGGED_IN,
    SERVER,
    error_message,
    exit_code,
    handled,
)
from .output import is_data
from .stored import login_in_environment, stored_login
from .text import as_one_line, say

_COLUMNS = [("CHECK", "check"), ("RESULT", "result"), ("DETAILS", "details")]
_TIMEOUT = 10
#: From this difference on, tokens may expire too early; in seconds.
_CLOCK = 60


@cli.command()
@click.option("--host", help="Check this host instead of the stored login's.")
@click.pass_context
@handled
def doctor(ctx: click.Context, host: str | None) -> None:
    """
    Check versions, host, network, login and event stream, and say what is wrong.

    It changes nothing, and prints no password or token. The exit code is that of
    the first check that failed.

    Examples:
      gazu-cli doctor
      gazu-cli doctor --host https://kitsu.example.com/api
    """
    checks = _Checks()
    checks.run(host)
    if is_data(ctx) or ctx.obj.get("format"):
        public.output(ctx, checks.rows, _COLUMNS)
    else:
        for row in checks.rows:
            say("{check:<12}  {result:<7}  {details}".format(**row))
    raise SystemExit(checks.code)


class _Checks:
    """The checks, in their order, and the exit code."""

    def __init__(self) -> None:
        self.rows: list = []
        self.code = 0

    def run(self, host: str | None) -> None:
        """Run the checks; those that need an earlier one are left out."""
        self._add("versions", "ok", _versions())
        if not self._host(host):
            return
        self._add("proxy", "ok", _proxies())
        answer = self._try("reachable", _reach)
        if answer is None:
            return
        self._add("encryption", *_encryption())
        self._add("clock", *_clock(answer))
        self._try("API", lambda: _api(answer))
        self._try("event stream", _event_stream)
        if host is None and raw.default_client.access_token:
            self._try("login", _login)
        else:
            text = "not checked: run gazu-cli login --host " + shown_path(
                raw.get_host()
            )
            self._add("login", "warning", text)

    def _add(self, check: str, result: str, details: str) -> None:
        self.rows.append(
            {"check": check, "result": result, "details": details}
        )

    def _try(self, check: str, run: Callable) -> Any:
        """Run a check, which returns its value, result and details."""
        try:
            value, result, details = run()
        except _Failure as failure:
            self._fail(check, failure.text, failure.code)
        except Exception as error:
            text = as_one_line(error_message(error))
            text = text.replace(" Run: gazu-cli doctor", "")
            self._fail(check, text, exit_code(error))
        else:
            self._add(check, result, details)
            return value
        return None

    def _fail(self, check: str, text: str, code: int) -> None:
        self._add(check, "failed", text)
        self.code = self.code or code

    def _host(self, host: str | None) -> bool:
        if host is None:
            try:
                given = stored_login() or login_in_environment()
            except ValueError as error:
                self._fail("host", str(error), NOT_LOGGED_IN)
                return False
            if given is None:
                text = "Not logged in. Run: gazu-cli login --host <URL>"
                self._fail("host", text, NOT_LOGGED_IN)
                return False
            public.setup_client()
        else:
            raw.set_host(host.strip().rstrip("/"))
        self._add("host", "ok", shown_path(raw.get_host()))
        return True


class _Failure(Exception):
    """A check that failed, with its exit code."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.text, self.code = text, code


def _versions() -> str:
    parts = [
        "gazu {}".format(_core.VERSION),
        "Python {}".format(platform.python_version()),
        platform.platform(terse=True),
    ]
    for module in ("click", "rich"):
        try:
            importlib.import_module(module)
        except ImportError:
            parts.append("without " + module)
    return ", ".join(parts)


def _proxies() -> str:
    names = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
    found = [
        "{}={}".format(name, shown_path(os.environ[each]))
        for name in names
        for each in (name, name.lower())
        if os.environ.get(each)
    ]
    return ", ".join(found) or "none is set"


def _get(url: str) -> Any:
    return raw.default_client.session.get(url, timeout=_TIMEOUT)


def _reach() -> tuple[Any, str, str]:
    start = time.perf_counter()
    answer = _get(raw.get_host())
    passed = time.perf_counter() - start
    text = "answered {} in {:.0f} ms".format(answer.status_code, passed * 1000)
    return answer, "ok", text


def _encryption() -> tuple[str, str]:
    if raw.get_host().startswith("https:"):
        return "ok", "TLS, the certificate is trusted"
    return "warning", "none: passwords can be read on the way. Use https://"


def _clock(answer: Any) -> tuple[str, str]:
    from email.utils import parsedate_to_datetime

    try:
        there = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return "ok", "the server does not tell its time"
    difference = time.time() - there
    text = "{:.0f} s from the server's".format(abs(difference))
    if abs(difference) > _CLOCK:
        return "warning", text + ": set this machine's clock"
    return "ok", text


def _api(answer: Any) -> tuple[Any, str, str]:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or "version" not in body:
        text = "this is not Kitsu's API"
        if not raw.get_host().endswith("/api"):
            text += ": did you forget /api at the end of the host?"
        raise _Failure(text, SERVER)
    text = "{} {}".format(body.get("api") or "Zou", body["version"])
    return body, "ok", shown_text(text)


def _event_stream() -> tuple[Any, str, str]:
    # An installation has it beside the API.
    base = raw.get_host().rstrip("/")
    if base.endswith("/api"):
        base = base[: -len("/api")]
    answer = _get(base + "/socket.io/?EIO=4&transport=polling")
    if answer.status_code != 200 or '"sid"' not in answer.text:
        text = "{} answered {}: is the event stream running?".format(
            shown_path(base), answer.status_code
        )
        raise _Failure(text, NETWORK)
    return answer, "ok", shown_path(base)


def _login() -> tuple[Any, str, str]:
    user = raw.get_current_user()
    text = "{} {}, {}, {}".format(
        user.get("first_name"),
        user.get("last_name"),
        user.get("email"),
        user.get("role"),
    )
    expires = _expiry(raw.default_client.access_token or "")
    if expires is not None:
        text += "; the token expires on " + time.strftime(
            "%Y-%m-%d %H:%M", time.localtime(expires)
        )
    return user, "ok", text


def _expiry(token: str) -> float | None:
    """Return when a token expires, in seconds since 1970, or None."""
    try:
        payload = token.split(".")[1]
        padded = payload + "=" * (-len(payload) % 4)
        return float(json.loads(base64.urlsafe_b64decode(padded))["exp"])
    except (IndexError, KeyError, TypeError, ValueError):
        return None
