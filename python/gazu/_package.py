# The functions of the package itself. This module is executed in the namespace of
# the package, at its first use.

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
        str: The URL, as given to ``set_host``.
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
    Log in, and use the tokens for all further requests.

    Args:
        email (str): The user's email or login.
        password (str): The password.
        totp (str | None): The code of an authenticator application.
        email_otp (str | None): The code that ``send_email_otp`` sent.
        fido_authentication_response (dict[str, Any] | None): The answer of
            a security key.
        recovery_code (str | None): A one-time code that replaces the second
            factor.

    Returns:
        Login: The server's reply: ``access_token``, ``refresh_token``,
            ``user``, ``login`` and ``ldap``.

    Raises:
        AuthFailedException: the login was rejected. The message gives the
            reason.

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
    message = () if rejection is None else (str(rejection),)
    raise rejected_login(rejection, *message)


def send_email_otp(email, client=raw.default_client):
    """
    Send a code for the next login by email.

    Args:
        email (str): The user's email.

    Returns:
        dict[str, bool]: The server's answer: ``"success"`` tells whether it
            was sent.

    Route: ``GET auth/email-otp``
    """
    return raw.get("auth/email-otp", params={"email": email}, client=client)


@composition
def log_out(client=raw.default_client):
    """
    Log out and remove the tokens, even if the server rejects the logout.

    Returns:
        dict[str, Any]: An empty dict: there are no tokens.

    Route: ``GET auth/logout``
    """
    tokens: dict = {}
    try:
        raw.get("auth/logout", client=client)
    except (ParameterException, NotAuthenticatedException):
        # An expired token no longer gives access.
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
            expired.

    Route: ``GET auth/refresh-token``
    """
    return client.refresh_access_token()


def get_event_host(client=raw.default_client):
    """
    Return the host of the event stream.

    Returns:
        str: The URL. If none was set, the host that the client was created
            with; ``set_host`` does not change it.
    """
    return raw.get_event_host(client=client)


def set_event_host(url, client=raw.default_client):
    """
    Set the host of the event stream.

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
    Return a logged-in client that logs out at the end of its ``with`` block.

        with gazu.create_session(host, email, password) as client:
            assets = gazu.asset.all_asset_types(client=client)

    Args:
        host (str): The API's URL.
        email (str): The user's email or login.
        password (str): The password.
        totp (str | None): The code of an authenticator application.
        email_otp (str | None): The code that ``send_email_otp`` sent.
        fido_authentication_response (dict[str, Any] | None): The answer of
            a security key.
        recovery_code (str | None): A one-time code that replaces the second
            factor.
        ssl_verify (bool | str): Whether the server's certificate is verified,
            or the path of the certificates to verify it with.
        cert (str | tuple[str, str] | None): The path of the client
            certificate.
        use_refresh_token (bool): Whether an expired token is renewed
            automatically.
        callback_not_authenticated (Callable | None): Called with the client
            and the requested path when a login is required.

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
    Use a token for all further requests.

    Args:
        token (str | dict[str, Any] | Login | Tokens): A dict of tokens, or
            only an access token.

    Returns:
        dict[str, Any]: The tokens' dict.
    """
    if not isinstance(token, dict):
        token = {"access_token": token}
    return raw.set_tokens(token, client=client)


__getattr__ = old_names(__package__)
