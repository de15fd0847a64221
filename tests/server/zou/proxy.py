"""The reverse proxy in front of a Zou server, with the paths of a studio's nginx.

``/api`` goes to the API with the prefix taken off, ``/socket.io`` to the event
stream with its prefix kept, websockets included, and anything else is the page
of the Kitsu interface. Bodies are passed on as they come, in both directions.

Runs inside the server's own environment; it is not imported by tests.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

# Headers that describe a connection and not its messages.
HOP_BY_HOP = frozenset(
    [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "expect",
    ]
)
CHUNK = 256 * 1024
COMPRESSIBLE = ("application/json", "text/")
KITSU_PAGE = "<!DOCTYPE html><html><head><title>Kitsu</title></head><body></body></html>\n"
BAD_GATEWAY = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)


class Proxy:
    def __init__(
        self, api: int, events: int, max_body: int, compress: bool
    ) -> None:
        self.api = f"http://127.0.0.1:{api}"
        self.events = f"http://127.0.0.1:{events}"
        self.max_body = max_body
        self.compress = compress
        self.session: aiohttp.ClientSession

    def target(self, raw_path: str):
        """Return the URL a request is passed on to, or None for Kitsu's page."""
        path = raw_path.split("?", 1)[0]
        if path == "/api" or path.startswith("/api/"):
            rest = raw_path[len("/api") :]
            return URL(
                self.api + (rest if rest.startswith("/") else "/" + rest),
                encoded=True,
            )
        if path.startswith("/socket.io"):
            return URL(self.events + raw_path, encoded=True)
        return None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        target = self.target(request.raw_path)
        if target is None:
            if request.method not in ("GET", "HEAD"):
                return web.Response(
                    status=405,
                    text="405 Not Allowed",
                    content_type="text/html",
                )
            return web.Response(text=KITSU_PAGE, content_type="text/html")
        if self.max_body and (request.content_length or 0) > self.max_body:
            return web.Response(
                status=413,
                text="413 Request Entity Too Large",
                content_type="text/html",
            )
        headers = CIMultiDict(
            (name, value)
            for name, value in request.headers.items()
            if name.lower() not in HOP_BY_HOP
        )
        headers["X-Forwarded-For"] = request.remote or "127.0.0.1"
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self.tunnel(request, target, headers)
        try:
            answer = await self.session.request(
                request.method,
                target,
                headers=headers,
                data=request.content if request.body_exists else None,
                allow_redirects=False,
                skip_auto_headers=(
                    "User-Agent",
                    "Accept",
                    "Accept-Encoding",
                    "Content-Type",
                ),
            )
        except aiohttp.ClientConnectionError:
            return web.Response(
                status=502, text=BAD_GATEWAY, content_type="text/html"
            )
        async with answer:
            return await self.pass_back(request, answer)

    async def pass_back(
        self, request: web.Request, answer: aiohttp.ClientResponse
    ) -> web.StreamResponse:
        response = web.StreamResponse(
            status=answer.status,
            reason=answer.reason,
            headers=CIMultiDict(
                (name, value)
                for name, value in answer.headers.items()
                if name.lower() not in HOP_BY_HOP
            ),
        )
        if (
            self.compress
            and answer.status == 200
            and answer.headers.get("Content-Type", "").startswith(COMPRESSIBLE)
            and "gzip" in request.headers.get("Accept-Encoding", "")
        ):
            response.headers.popall("Content-Length", None)
            response.enable_compression(web.ContentCoding.gzip)
        await response.prepare(request)
        if request.method != "HEAD":
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
        await response.write_eof()
        return response

    async def tunnel(
        self, request: web.Request, target: URL, headers: CIMultiDict
    ) -> web.StreamResponse:
        for name in [
            name
            for name in headers
            if name.lower().startswith("sec-websocket-")
        ]:
            headers.popall(name, None)
        try:
            upstream = await self.session.ws_connect(
                target, headers=headers, max_msg_size=0, autoping=False
            )
        except aiohttp.WSServerHandshakeError as error:
            return web.Response(status=error.status, text=error.message)
        except aiohttp.ClientConnectionError:
            return web.Response(
                status=502, text=BAD_GATEWAY, content_type="text/html"
            )
        async with upstream:
            client = web.WebSocketResponse(max_msg_size=0, autoping=False)
            await client.prepare(request)
            ways = [
                asyncio.ensure_future(forward(upstream, client)),
                asyncio.ensure_future(forward(client, upstream)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
                await client.close()
            return client


async def forward(source, sink) -> None:
    """Pass the messages of one websocket on to another until it closes."""
    async for message in source:
        if message.type is aiohttp.WSMsgType.TEXT:
            await sink.send_str(message.data)
        elif message.type is aiohttp.WSMsgType.BINARY:
            await sink.send_bytes(message.data)
        elif message.type is aiohttp.WSMsgType.PING:
            await sink.ping(message.data)
        elif message.type is aiohttp.WSMsgType.PONG:
            await sink.pong(message.data)


async def main(options: argparse.Namespace) -> None:
    proxy = Proxy(
        options.api, options.events, options.max_body, options.compress
    )
    # The API closes connections that are idle for two seconds. Close them well before
    # that, so that no request is lost.
    proxy.session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=1.0),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None),
        read_bufsize=CHUNK,
    )
    server = web.Server(
        proxy.handle,
        access_log=None,
        keepalive_timeout=75.0,
        handler_cancellation=True,
        auto_decompress=False,
        read_bufsize=CHUNK,
    )
    runner = web.ServerRunner(server, shutdown_timeout=0.5)
    await runner.setup()
    listener = socket.socket(fileno=options.fd)
    listener.setblocking(False)
    await web.SockSite(runner, listener).start()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await runner.cleanup()
    await proxy.session.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--fd", type=int, required=True, help="the listening socket"
    )
    parser.add_argument(
        "--api", type=int, required=True, help="the port of the API"
    )
    parser.add_argument(
        "--events",
        type=int,
        required=True,
        help="the port of the event stream",
    )
    parser.add_argument(
        "--max-body", type=int, default=0, help="bytes; 0 for no limit"
    )
    parser.add_argument(
        "--compress", action="store_true", help="gzip JSON and text"
    )
    asyncio.run(main(parser.parse_args()))
