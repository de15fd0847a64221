"""The package itself: logging in and out, sessions, log lines."""

import logging

from . import covers
from .classes import attempt

USUAL = {"synth": "usual"}


def requests_of(env):
    return [
        [r.method, r.target, r.header("authorization"), r.body]
        for r in env.server.requests
    ]


@covers("log_in", "log_out", "set_token", "refresh_access_token")
def login(env):
    gazu = env.gazu
    seen = []
    replies = [
        USUAL,
        {"json": {"login": False, "message": "no"}},
        {"json": {}},
        {"json": None},
        {"json": {"access_token": "a"}},
        {"json": ["x"]},
        {"status": 400, "json": {"login": False, "message": "wrong"}},
        {
            "status": 400,
            "json": {
                "login": False,
                "missing_OTP": True,
                "preferred_two_factor_authentication": "totp",
            },
        },
        {"status": 401, "json": {"msg": "no"}},
        {"status": 403, "json": {}},
        {"status": 500, "json": {}},
        {"text": "<html>"},
    ]
    for reply in replies:
        env.reset()
        env.server.play([reply])
        result = attempt(gazu.log_in, "a@b.c", "pw")
        seen.append(
            [
                result,
                env.default.tokens,
                result is env.default.tokens,
                requests_of(env),
            ]
        )
    for reply in replies[:1] + replies[6:]:
        env.reset()
        env.server.play([reply])
        seen.append(
            [attempt(gazu.log_out), env.default.tokens, requests_of(env)]
        )
    for token in ("text", {"access_token": "d", "x": 1}, None, {}):
        seen.append([gazu.set_token(token), env.default.tokens])
        env.server.play([USUAL])
        seen.append(
            [
                attempt(gazu.refresh_access_token),
                env.default.tokens,
                requests_of(env),
            ]
        )
    return seen


@covers("create_session")
def sessions(env):
    gazu = env.gazu
    seen = []
    for kwargs in (
        {},
        {"ssl_verify": False, "use_refresh_token": True},
        {"totp": "1", "email_otp": "2", "recovery_code": "3"},
    ):
        env.server.play([USUAL])
        with gazu.create_session(env.host, "a@b.c", "pw", **kwargs) as client:
            seen.append([client, client.session.verify, client.session.cert])
            seen.append(gazu.shot.get_shot("x", client=client))
            seen.append(gazu.client.get_current_user(client=client)["id"])
        seen.append([client.tokens, requests_of(env)])
    return seen


@covers("get_host", "set_host", "get_event_host", "set_event_host")
def hosts(env):
    gazu = env.gazu
    seen = [
        gazu.set_host("http://a/api"),
        gazu.get_host(),
        gazu.client.get_host(),
    ]
    seen += [
        gazu.get_event_host(),
        gazu.set_event_host("http://e"),
        gazu.get_event_host(),
    ]
    seen += [
        env.default.host,
        env.default.event_host,
        gazu.set_event_host(None),
        gazu.get_event_host(),
    ]
    seen += [gazu.raw is gazu.client, gazu.__version__]
    return seen


@covers(
    "client.get", "client.post", "client.put", "client.delete", "client.upload"
)
def log_lines(env):
    """What ``GAZU_DEBUG`` shows: the lines at debug level."""
    raw = env.gazu.client
    logger = logging.getLogger("gazu")
    lines = []

    class Lines(logging.Handler):
        def emit(self, record):
            lines.append([record.name, record.levelname, record.getMessage()])

    handler = Lines()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        raw.get("data/shots", params={"a": "b"})
        raw.post("data/shots", {"name": "x"})
        raw.post("auth/login", {"password": "secret"})
        raw.post("data/shots", ["token"])
        raw.post("data/shots", 3)
        raw.put("data/shots", {"name": "x"})
        raw.delete("data/shots", {"force": True})
        raw.upload("data/shots", env.file("table.csv"))
        env.gazu.shot.all_shots_for_project(
            "6f1e0a52-3c5b-4d0b-9a59-0c4f5b1d7e11"
        )
        env.server.play(
            [
                {"status": 401, "json": {"message": "Signature has expired"}},
                USUAL,
            ]
        )
        raw.get("data/shots")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    return lines
