"""``gazu.aio``: the client, the session and what one call cannot show."""

import asyncio

from . import covers
from .classes import REPLIES, STATUSES

EXPIRED = {"status": 401, "json": {"message": "Signature has expired"}}
USUAL = {"synth": "usual"}


async def attempt(awaitable):
    try:
        return await awaitable
    except Exception as error:
        return error


def run(coroutine):
    return asyncio.new_event_loop().run_until_complete(coroutine)


async def close(client):
    """Close what upstream leaves open; a closed client is still a client."""
    session = client.session
    result = session.close()
    if result is not None:
        await result


@covers("aio.AsyncKitsuClient")
def client(env):
    kind = env.gazu.aio.AsyncKitsuClient
    seen = []
    made = kind(env.host)
    seen.append(
        [
            made,
            made.tokens,
            made.use_refresh_token,
            made.callback_not_authenticated,
        ]
    )
    seen.append(
        [made.access_token, made.refresh_token, made.make_auth_header()]
    )
    tokens = {"access_token": "a", "more": 1}
    made = kind(env.host, False, tokens=tokens, refresh_token="r")
    seen.append([made.tokens is tokens, tokens, made.make_auth_header()])
    made.access_token = "b"
    made.refresh_token = "s"
    seen.append([tokens, made.access_token, made.refresh_token])
    made.tokens = {}
    seen.append([made.access_token, made.make_auth_header()])
    for args, kwargs in (((), {}), ((env.host,), {"cert": "x"})):
        try:
            seen.append(kind(*args, **kwargs))
        except TypeError as error:
            seen.append(type(error).__name__)
    return seen


@covers("aio.AsyncKitsuClient")
def in_use(env):
    aio = env.gazu.aio
    seen = []

    async def body():
        async with aio.AsyncKitsuClient(
            env.host, access_token="t", refresh_token="r"
        ) as made:
            seen.append(await aio.get("data/shots", client=made))
            seen.append([await made.refresh_access_token(), made.tokens])
        seen.append(made.tokens)
        made = aio.AsyncKitsuClient(env.host)
        seen.append(await attempt(made.refresh_access_token()))
        try:
            async with aio.AsyncKitsuClient(
                env.host, access_token="t"
            ) as inside:
                raise KeyError("out")
        except KeyError as error:
            seen.append([error, inside.tokens])

    run(body())
    return seen


@covers("aio.AsyncKitsuClient")
def callbacks(env):
    aio = env.gazu.aio
    seen = []

    async def body():
        for answer in (True, False, "raise"):
            for script in (
                [{"status": 401, "json": {}}, USUAL],
                [{"status": 401, "json": {}}],
            ):
                calls = []

                def callback(client, path, answer=answer, calls=calls):
                    calls.append(path)
                    if answer == "raise":
                        raise KeyError("from the callback")
                    return answer

                made = aio.AsyncKitsuClient(
                    env.host,
                    access_token="t",
                    callback_not_authenticated=callback,
                )
                env.server.play(script)
                result = await attempt(aio.get("data/shots", client=made))
                targets = [request.target for request in env.server.requests]
                seen.append([answer, result, calls, targets])
                await close(made)

    run(body())
    env.server.play([])
    return seen


@covers("aio.create_session")
def session(env):
    aio = env.gazu.aio
    seen = []

    async def body():
        for script, kwargs in (
            ([USUAL], {}),
            (
                [USUAL],
                {
                    "totp": "1",
                    "email_otp": "2",
                    "recovery_code": "3",
                    "use_refresh_token": True,
                },
            ),
            (
                [USUAL],
                {
                    "fido_authentication_response": {"a": 1},
                    "ssl_verify": False,
                    "callback_not_authenticated": lambda client, path: True,
                },
            ),
            ([{"status": 400, "json": {"login": False}}], {}),
            ([{"json": {"login": False}}], {}),
            ([{"status": 401, "json": {}}], {}),
            ([{"status": 500, "json": {}}], {}),
        ):
            env.server.play(script)
            made = await attempt(
                aio.create_session(env.host, "a@b.c", "pw", **kwargs)
            )
            seen.append([made, env.requests()])
            if not isinstance(made, Exception):
                await close(made)

    run(body())
    env.server.play([])
    return seen


class Reply:
    """What ``check_status`` reads of a response."""

    def __init__(self, status, body):
        self.status = status
        self.body = body

    async def json(self):
        if isinstance(self.body, Exception):
            raise self.body
        return self.body

    async def text(self):
        return "text of the reply"


@covers("aio.check_status")
def statuses(env):
    aio = env.gazu.aio
    seen = []

    async def body():
        for status in STATUSES:
            for data in REPLIES:
                seen.append(
                    [
                        status,
                        await attempt(
                            aio.check_status(
                                Reply(status, data), "a/path", client=None
                            )
                        ),
                    ]
                )

    run(body())
    return seen
