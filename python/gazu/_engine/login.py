"""The request and the answer of a login, for both clients."""

from __future__ import annotations

from ..__version__ import __version__
from ..exception import AuthFailedException

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def auth_header(token: str | None) -> dict[str, str]:
    """Return the headers that identify gazu and, with a token, the user."""
    headers = {"User-Agent": "CGWire Gazu " + __version__}
    if token:
        headers["Authorization"] = "Bearer " + token
    return headers


def login_body(
    email: Any,
    password: Any,
    totp: Any,
    email_otp: Any,
    fido_authentication_response: Any,
    recovery_code: Any,
) -> dict[str, Any]:
    """Return the body of ``POST auth/login``."""
    return {
        "email": email,
        "password": password,
        "totp": totp,
        "email_otp": email_otp,
        "fido_authentication_response": fido_authentication_response,
        "recovery_code": recovery_code,
    }


def only_tokens(tokens: dict) -> dict[str, Any]:
    """Return a copy of tokens without what else a login's reply contains."""
    return {
        name: tokens[name]
        for name in ("access_token", "refresh_token")
        if tokens.get(name)
    }


def report_tokens(client: Any) -> None:
    """Tell a client's ``on_tokens`` its new tokens, if it is a client of ours."""
    report = getattr(type(client), "_report_tokens", None)
    if report is not None:
        report(client)


def is_accepted(reply: Any) -> bool:
    """Return whether the server's reply means that the login succeeded."""
    return bool(reply) and reply.get("login") is not False


def rejected_login(rejection: Any, *message: str) -> AuthFailedException:
    """
    Return the exception for a login that the server rejected.

    Args:
        rejection: The exception that the answer raised; None if its status was
            not an error.
        message: The message of the new exception, if it has one.
    """
    error = AuthFailedException(*message)
    if rejection is not None:
        error.status_code = rejection.status_code
        error.body = rejection.body
        error.path = rejection.path
        note = _reason(error, message)
        if note:
            from .._requests_compat.errors import explain

            explain(error, note)
    return error


def _reason(error: AuthFailedException, message: tuple) -> str:
    """Return what the exception's text does not say about a rejected login."""
    if error.otp_missing:
        return (
            "The password is right, and a second factor is missing: pass "
            "totp=..., email_otp=... or recovery_code=..., or use "
            "gazu.log_in_with_browser"
        )
    if error.otp_wrong:
        return "The password is right, and the second factor is wrong"
    body = error.body if isinstance(error.body, dict) else {}
    said = body.get("message")
    return said if isinstance(said, str) and not message else ""
