"""Passwords, and the second factor of a login."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def reset_password(email: str, client: KitsuClient = default) -> dict:
    """
    Ask for a mail with a link to choose a new password. This needs no login.

    Args:
        email: The address of the account.

    Returns:
        dict[Literal["success"], str]: The server's answer, which is the same
            if no account has this address.

    Not in upstream.

    Route: ``POST auth/reset-password``
    """
    return run(client, _core.auth.reset_password(email))


def set_password_with_token(
    email: str, token: str, password: str, client: KitsuClient = default
) -> dict:
    """
    Choose a new password, with the token of the link that `reset_password` or
    `gazu.person.new_password_reset_link` made. This needs no login.

    Args:
        email: The address of the account.
        token: The token in the link.
        password: The new password, of at least 8 characters.

    Returns:
        dict[Literal["success"], bool]: The server's answer.

    Raises:
        ParameterException: the token is wrong or expired, or the password is
            too short.

    Not in upstream.

    Route: ``PUT auth/reset-password``
    """
    return run(
        client, _core.auth.set_password_with_token(email, token, password)
    )


def change_password(
    old_password: str, password: str, client: KitsuClient = default
) -> dict:
    """
    Change the user's own password.

    Args:
        old_password: The present password.
        password: The new password, of at least 8 characters.

    Returns:
        dict[Literal["success"], bool]: The server's answer.

    Raises:
        ParameterException: the present password is wrong, or the new one is
            too short.

    Not in upstream.

    Route: ``POST auth/change-password``
    """
    return run(client, _core.auth.change_password(old_password, password))


def prepare_totp(client: KitsuClient = default) -> dict:
    """
    Begin to use codes of an authenticator app: get the secret for the app.
    Then call `enable_totp` with the app's first code.

    Returns:
        TotpSecret: The secret, and the URI that apps read from a QR code.

    Raises:
        ParameterException: such codes are enabled already.

    Not in upstream.

    Route: ``PUT auth/totp``
    """
    return run(client, _core.auth.prepare_totp())


def enable_totp(totp: str, client: KitsuClient = default) -> dict:
    """
    Enable the codes of an authenticator app, after `prepare_totp`.

    Args:
        totp: A code of the app.

    Returns:
        RecoveryCodes: Codes for a login without the app, each of which works
            once.

    Raises:
        ParameterException: the code is wrong, or such codes are enabled
            already.

    Not in upstream.

    Route: ``POST auth/totp``
    """
    return run(client, _core.auth.enable_totp(totp))


def disable_totp(
    totp: str | None = None,
    email_otp: str | None = None,
    recovery_code: str | None = None,
    client: KitsuClient = default,
) -> str:
    """
    Disable the codes of an authenticator app. One of the codes is needed.

    Args:
        totp: A code of the app.
        email_otp: A code from a mail.
        recovery_code: A recovery code.

    Returns:
        str: The server's answer as JSON text.

    Raises:
        ParameterException: the code is wrong, or no second factor is enabled.

    Not in upstream.

    Route: ``DELETE auth/totp``
    """
    return run(client, _core.auth.disable_totp(totp, email_otp, recovery_code))


def prepare_email_otp(client: KitsuClient = default) -> dict:
    """
    Begin to use codes that are sent by mail: the server sends the first one.
    Then call `enable_email_otp` with it.

    Returns:
        dict[Literal["success"], bool]: The server's answer.

    Raises:
        ParameterException: such codes are enabled already.

    Not in upstream.

    Route: ``PUT auth/email-otp``
    """
    return run(client, _core.auth.prepare_email_otp())


def enable_email_otp(email_otp: str, client: KitsuClient = default) -> dict:
    """
    Enable the codes that are sent by mail, after `prepare_email_otp`.

    Args:
        email_otp: The code in the mail.

    Returns:
        RecoveryCodes: Codes for a login without the mail, each of which works
            once.

    Raises:
        ParameterException: the code is wrong, or such codes are enabled
            already.

    Not in upstream.

    Route: ``POST auth/email-otp``
    """
    return run(client, _core.auth.enable_email_otp(email_otp))


def disable_email_otp(
    totp: str | None = None,
    email_otp: str | None = None,
    recovery_code: str | None = None,
    client: KitsuClient = default,
) -> str:
    """
    Disable the codes that are sent by mail. One of the codes is needed.

    Args:
        totp: A code of the app.
        email_otp: A code from a mail.
        recovery_code: A recovery code.

    Returns:
        str: The server's answer as JSON text.

    Raises:
        ParameterException: the code is wrong, or no second factor is enabled.

    Not in upstream.

    Route: ``DELETE auth/email-otp``
    """
    return run(
        client, _core.auth.disable_email_otp(totp, email_otp, recovery_code)
    )


def new_recovery_codes(
    totp: str | None = None,
    email_otp: str | None = None,
    recovery_code: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Replace the user's recovery codes. One of the codes is needed.

    Args:
        totp: A code of the app.
        email_otp: A code from a mail.
        recovery_code: A recovery code.

    Returns:
        RecoveryCodes: The new codes.

    Raises:
        ParameterException: the code is wrong, or no second factor is enabled.

    Not in upstream.

    Route: ``PUT auth/recovery-codes``
    """
    return run(
        client, _core.auth.new_recovery_codes(totp, email_otp, recovery_code)
    )
