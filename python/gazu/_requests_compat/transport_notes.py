"""What a transport error means, to which server, and what to do."""

from __future__ import annotations

from .messages import DEFAULT_HOST
from .secrets import shown_path

_EXAMPLE = "https://kitsu.example.com/api"


def transport_note(name: str, message: str, request: tuple | None) -> str:
    """
    Return the explanation of a transport error; empty if its text says it all.

    Args:
        name: The name of the error's class, or ``Lost`` if the connection broke.
        message: The message of the native transport.
        request: The method, the URL and the headers of the request, if they are
            known.
    """
    if name in ("MissingSchema", "InvalidSchema"):
        if "URL '/" in message:
            return 'The host is empty: call gazu.set_host("{}")'.format(
                _EXAMPLE
            )
        return (
            "The host must start with https:// or http://, as {} does"
        ).format(_EXAMPLE)
    if request is None:
        return ""
    method, url, _ = request
    host, port, path = _parts(url)
    if host == DEFAULT_HOST:
        return ""
    server = "{}:{}".format(host, port)
    asked = "{} {}".format(method, shown_path(path))
    if name == "ReadTimeout":
        return (
            "{} did not answer {} in time: the limits are the client's timeout "
            "and deadline, or GAZU_TIMEOUT and GAZU_DEADLINE"
        ).format(server, asked)
    if name == "ConnectTimeout":
        return (
            "{} cannot be reached: is the host right, and does no firewall "
            "or missing proxy stand before it?"
        ).format(server)
    if name == "ConnectionError":
        if "resolve" in message or "lookup" in message:
            return "The name {!r} is not known: is the host right?".format(
                host
            )
        return (
            "{} takes no connection: is the host right, and does the server "
            "run?"
        ).format(server)
    if name == "SSLError" and "certificate" in message:
        return (
            "The certificate of {} is not trusted: name the file of its "
            "authority with SSL_CERT_FILE or ssl_verify"
        ).format(server)
    if name == "ProxyError":
        return (
            "The proxy is set by HTTPS_PROXY, HTTP_PROXY or the system; "
            "NO_PROXY lists servers to reach without it, such as {}"
        ).format(host)
    if name == "Lost" and method not in ("GET", "HEAD"):
        return ("{} may have done {}: look before it is sent again").format(
            server, asked
        )
    return ""


def _parts(url: str) -> tuple[str, str, str]:
    """
    Return the host, the port and the path of a URL.

    The standard library's function would have to be imported, which fails where
    a process has no file descriptors left.
    """
    scheme, _, rest = url.partition("://")
    location, _, path = rest.partition("/")
    server = location.rpartition("@")[2].lower()
    host, _, port = server.rpartition(":")
    if not port.isdigit():
        host, port = server, "443" if scheme.lower() == "https" else "80"
    return host, port, "/" + path.partition("?")[0]
