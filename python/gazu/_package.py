# The names of the package itself: executed as the package, at its first use.

from __future__ import annotations

from . import client as raw
from ._deprecated import old_names
from ._engine.composition import composition
from ._engine.login import is_accepted, login_body, rejected_login
from ._engine.redact import confidential
from .exception import (
    AuthFailedException,  # noqa: F401
    NotAuthenticatedException,
    ParameterException,
)


def get_host(client=raw.default_client):
    """
    Return the API's URL.

    Returns:
        str: The URL, as it was set.
    """
    return raw.get_host(client=client)


def set_host(url, client=raw.default_client):
    """
    Set the API's URL.

    Args:
        url (str): The URL, such as ``https://kitsu.example.com/api``.
    """
    raw.set_host(url, client=client)


@confidential
@composition
def log_in(
    email,
    password,
    totp=None,
    email_otp=None,
    fido_authentication_response=None,
    recovery_code=None,
    client=raw.default_client,
):
    """
    Log in, and use the tokens for all requests from now on.

    Args:
        email (str): The user's email or login.
        password (str): The password.
        totp (str | None): The code of an authenticator application.
        email_otp (str | None): The code that ``send_email_otp`` had sent.
        fido_authentication_response (dict[str, Any] | None): The answer of
            a security key.
        recovery_code (str | None): A code that replaces the second factor
            once.

    Returns:
        Login: The server's reply: ``access_token``, ``refresh_token``,
            ``user``, ``login`` and ``ldap``.

    Raises:
        AuthFailedException: the login was rejected; it says why.

    Route: ``POST auth/login``
    """
    tokens = {}
    rejection = None
    try:
        tokens = raw.post(
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
        raw.set_tokens(tokens, client=client)
        return tokens
    said = () if rejection is None else (str(rejection),)
    raise rejected_login(rejection, *said)


def send_email_otp(email, client=raw.default_client):
    """
    Have a code for the next login sent by email.

    Args:
        email (str): The user's email.

    Returns:
        dict[str, bool]: The server's answer: whether it did, as ``"success"``.

    Route: ``GET auth/email-otp``
    """
    return raw.get("auth/email-otp", params={"email": email}, client=client)


@composition
def log_out(client=raw.default_client):
    """
    Log out, and forget the tokens, also where the server rejects the logout.

    Returns:
        dict[str, Any]: The empty dict that stands for no tokens.

    Route: ``GET auth/logout``
    """
    tokens: dict = {}
    try:
        raw.get("auth/logout", client=client)
    except (ParameterException, NotAuthenticatedException):
        # An expired token logs nobody in any more.
        pass
    raw.set_tokens(tokens, client=client)
    return tokens


def refresh_access_token(client=raw.default_client):
    """
    Renew the access token with the refresh token.

    Returns:
        Tokens: The server's reply, with the new token.

    Raises:
        NotAuthenticatedException: there is no refresh token, or it has
            expired too.

    Route: ``GET auth/refresh-token``
    """
    return client.refresh_access_token()


def get_event_host(client=raw.default_client):
    """
    Return the URL that events come from.

    Returns:
        str: The URL; where none is set, the host that the client was made
            with, which ``set_host`` does not change.
    """
    return raw.get_event_host(client=client)


def set_event_host(url, client=raw.default_client):
    """
    Set the URL that events come from.

    Args:
        url (str): The URL, such as ``https://kitsu.example.com``.
    """
    raw.set_event_host(url, client=client)


@confidential
def create_session(
    host,
    email,
    password,
    totp=None,
    email_otp=None,
    fido_authentication_response=None,
    recovery_code=None,
    ssl_verify=True,
    cert=None,
    use_refresh_token=False,
    callback_not_authenticated=None,
):
    """
    Return a client that is logged in, and logs out at the end of its block.

        with gazu.create_session(host, email, password) as client:
            assets = gazu.asset.all_asset_types(client=client)

    Args:
        host (str): The API's URL.
        email (str): The user's email or login.
        password (str): The password.
        totp (str | None): The code of an authenticator application.
        email_otp (str | None): The code that ``send_email_otp`` had sent.
        fido_authentication_response (dict[str, Any] | None): The answer of
            a security key.
        recovery_code (str | None): A code that replaces the second factor
            once.
        ssl_verify (bool | str): Whether the server's certificate is checked,
            or the path of the certificates to check it against.
        cert (str | tuple[str, str] | None): Path of the client's own
            certificate.
        use_refresh_token (bool): Whether an expired token is renewed.
        callback_not_authenticated (Callable | None): Called with the client
            and the path when a login is needed.

    Returns:
        KitsuClient: The client.

    Raises:
        AuthFailedException: the login was rejected.

    Route: ``POST auth/login``
    """
    client = raw.create_client(
        host,
        ssl_verify=ssl_verify,
        cert=cert,
        use_refresh_token=use_refresh_token,
        callback_not_authenticated=callback_not_authenticated,
    )
    try:
        log_in(
            email,
            password,
            totp=totp,
            email_otp=email_otp,
            fido_authentication_response=fido_authentication_response,
            recovery_code=recovery_code,
            client=client,
        )
    except BaseException:
        client.session.close()
        raise
    return client


def set_token(token, client=raw.default_client):
    """
    Use a token for all requests from now on.

    Args:
        token (str | dict[str, Any] | Login | Tokens): The tokens' dict, or an access token alone.

    Returns:
        dict[str, Any]: The tokens' dict.
    """
    if not isinstance(token, dict):
        token = {"access_token": token}
    return raw.set_tokens(token, client=client)


__getattr__ = old_names(__package__)
