"""Sending events to a URL, signed as https://www.standardwebhooks.com describes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
import uuid
from urllib.parse import urlsplit

from .._requests_compat.session import Session

_PREFIX = "whsec_"


class Webhook:
    """
    A handler that sends events to a URL.

    The receiver gets the event as JSON, and the headers ``webhook-id`` (the id
    of the event, the same each time that it is sent), ``webhook-timestamp``
    (Unix time) and ``webhook-signature``.

    Args:
        url: Where to send events, with ``http`` or ``https``.
        secret: A text, or ``whsec_`` followed by a key in Base64.
        timeout: Seconds to connect, and without receiving data.

    Raises:
        ValueError: the URL or the secret is not valid.
    """

    def __init__(self, url: str, secret: str, timeout: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(
                "The URL of a webhook must begin with http:// or https://"
            )
        self._url = url
        # Everything else in the URL may be a secret.
        self._shown = "{}://{}".format(parts.scheme, parts.hostname)
        self._key = _key_of(secret)
        self._timeout = timeout
        self._session = Session()
        self.__qualname__ = "the webhook"

    def __call__(self, event: dict) -> None:
        """
        Send an event.

        Raises:
            OSError: there was no answer, or one without a status of success.
        """
        body = json.dumps(event).encode("ascii")
        # Events that are not in the log have no id.
        number = event["id"] or "live-" + uuid.uuid4().hex
        stamp = str(int(time.time()))
        try:
            response = self._session.post(
                self._url,
                data=body,
                headers={
                    "Content-Type": "application/json",
                    "webhook-id": number,
                    "webhook-timestamp": stamp,
                    "webhook-signature": signature(
                        self._key, number, stamp, body
                    ),
                },
                timeout=self._timeout,
                # Another address must not receive what was signed for this one.
                allow_redirects=False,
            )
        except OSError as error:
            raise OSError(
                "{} cannot be reached: {}".format(
                    self._shown, type(error).__name__
                )
            ) from None
        if not 200 <= response.status_code < 300:
            raise OSError(
                "{} answered with status {}".format(
                    self._shown, response.status_code
                )
            )


def _key_of(secret: str) -> bytes:
    if not secret.startswith(_PREFIX):
        return secret.encode("utf-8")
    try:
        key = base64.b64decode(secret[len(_PREFIX) :], validate=True)
    except binascii.Error:
        key = b""
    if not key:
        raise ValueError("The secret after {!r} is no Base64".format(_PREFIX))
    return key


def signature(key: bytes, number: str, stamp: str, body: bytes) -> str:
    """Return the header that shows who has sent a body, and when."""
    signed = "{}.{}.".format(number, stamp).encode("ascii") + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode("ascii")
