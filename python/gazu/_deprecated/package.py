"""Old names of ``gazu`` itself."""

from __future__ import annotations

from .. import client as raw
from ..__version__ import __version__
from .._engine.composition import composition
from ..client import KitsuClient
from . import by_name, deprecated


@deprecated("gazu.refresh_access_token")
@composition
def refresh_token(
    client: KitsuClient = raw.default_client,
) -> dict[str, str]:
    """
    Renew the access token, and return the server's reply.

    Unlike its successor, it also sends the request without a refresh token, and
    it ignores a new refresh token in the reply.

    Route: ``GET auth/refresh-token``
    """
    path = "auth/refresh-token"
    headers = {"User-Agent": "CGWire Gazu " + __version__}
    if "refresh_token" in client.tokens:
        token = client.tokens["refresh_token"]
        headers["Authorization"] = "Bearer {}".format(token)
    response = client.session.get(
        raw.get_full_url(path, client=client), headers=headers
    )
    raw.check_status(response, path)
    tokens = response.json()
    client.tokens["access_token"] = tokens["access_token"]
    return tokens


NAMES = by_name(refresh_token)
VALUES: tuple[str, ...] = ()
