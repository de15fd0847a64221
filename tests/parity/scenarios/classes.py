"""Exceptions, the JSON encoder and the clients as objects."""

import copy
import datetime
import enum
import json
import pickle

from . import covers

EXCEPTIONS = [
    "AuthFailedException",
    "DownloadFileException",
    "FileDoesntExistException",
    "GazuException",
    "HostException",
    "MethodNotAllowedException",
    "NotAllowedException",
    "NotAuthenticatedException",
    "ParameterException",
    "PreviewFileProcessingException",
    "ProjectDoesntExistException",
    "RouteNotFoundException",
    "ServerErrorException",
    "TaskMustBeADictException",
    "TaskStatusNotFoundException",
    "TooBigFileException",
    "UploadFailedException",
    "ValidationException",
]


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return error


@covers(*("exception." + name for name in EXCEPTIONS))
def exceptions(env):
    seen = []
    for name in EXCEPTIONS:
        kind = getattr(env.gazu.exception, name)
        for args in ((), ("a path",), ("a path", "a message"), (3,), (None,)):
            error = kind(*args)
            seen.append(
                [name, error, str(error), repr(error), list(error.args)]
            )
        error = kind("path")
        error.status_code = 404
        error.anything = "x"
        seen.append(
            [error.status_code, error.anything, isinstance(error, Exception)]
        )
        seen.append(
            [
                name,
                pickle.loads(pickle.dumps(kind("a", "b"))),
                copy.copy(kind("c")),
            ]
        )
        seen.append(attempt(kind, keyword=1))

        class Mine(kind):
            pass

        seen.append(
            [
                isinstance(Mine("x"), env.gazu.exception.GazuException),
                str(Mine("x")),
            ]
        )
    return seen


class Colour(enum.Enum):
    RED = 1


@covers("encoder.CustomJSONEncoder")
def encoder(env):
    kind = env.gazu.encoder.CustomJSONEncoder
    seen = [
        env.gazu.client.CustomJSONEncoder is kind,
        issubclass(kind, json.JSONEncoder),
    ]
    for value in (
        {
            "d": datetime.date(2024, 1, 2),
            "t": datetime.datetime(2024, 1, 2, 3, 4, 5, 6),
        },
        datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc),
        datetime.time(1, 2),
        datetime.timedelta(1),
        Colour.RED,
        {1, 2},
        object(),
        [1, (2, 3), {"a": None}],
    ):
        seen.append(attempt(json.dumps, value, cls=kind))
        seen.append(attempt(kind(indent=1, sort_keys=True).encode, value))
        seen.append(attempt(kind().default, value))
    return seen


@covers("client.KitsuClient")
def client(env):
    kind = env.gazu.client.KitsuClient
    seen = []
    made = kind(env.host)
    seen.append(
        [made, made.host, made.event_host, made.tokens, made.use_refresh_token]
    )
    seen.append(
        [
            made.access_token,
            made.refresh_token,
            made.callback_not_authenticated,
        ]
    )
    seen.append(
        [made.session.verify, made.session.cert, made.make_auth_header()]
    )
    tokens = {"access_token": "a", "more": 1}
    made = kind(env.host, False, tokens=tokens, refresh_token="r")
    seen.append(
        [
            made.tokens is tokens,
            tokens,
            made.session.verify,
            made.make_auth_header(),
        ]
    )
    made.access_token = "b"
    made.refresh_token = None
    seen.append(
        [
            tokens,
            made.access_token,
            made.refresh_token,
            made.make_auth_header(),
        ]
    )
    made.tokens = {}
    seen.append(
        [made.access_token, made.refresh_token, made.make_auth_header()]
    )
    made.access_token = "c"
    seen.append(made.tokens)
    made = kind(
        env.host, cert="x.pem", tokens={}, access_token="", refresh_token=""
    )
    seen.append([made.tokens, made.session.cert])
    made.anything = "set"
    seen.append(
        [
            made.anything,
            made == made,
            made == kind(env.host),
            len({made, made}),
        ]
    )
    seen.append(attempt(kind))
    seen.append(attempt(kind, env.host, unknown=1))
    return seen


@covers("client.KitsuClient")
def client_in_use(env):
    kind = env.gazu.client.KitsuClient
    seen = []
    made = kind(env.host, access_token="t", refresh_token="r")
    seen.append([made.refresh_access_token(), made.tokens])
    made.tokens = {"access_token": "t"}
    seen.append([attempt(made.refresh_access_token), made.tokens])
    with kind(env.host, access_token="t") as inside:
        seen.append(env.gazu.client.get("data/shots", client=inside))
    seen.append(inside.tokens)

    class Stop(Exception):
        pass

    try:
        with kind(env.host, access_token="t") as inside:
            raise Stop("out")
    except Stop as error:
        seen.append([error, inside.tokens])
    with kind("http://127.0.0.1:9/api", access_token="t") as inside:
        pass
    seen.append(inside.tokens)
    return seen


EXPIRED = {"status": 401, "json": {"message": "Signature has expired"}}
REFUSED = {"status": 401, "json": {"msg": "Missing Authorization Header"}}
USUAL = {"synth": "usual"}


@covers("client.KitsuClient")
def callbacks(env):
    """``callback_not_authenticated``: who is called, and what its answer does."""
    raw = env.gazu.client
    seen = []
    for verb in (
        "get",
        "post",
        "put",
        "delete",
        "upload",
        "download",
        "get_file_data_from_url",
    ):
        for answer in (True, False, None, "raise", "log in"):
            for script in ([REFUSED, USUAL], [REFUSED], [EXPIRED, USUAL]):
                env.reset()
                env.default.use_refresh_token = script[0] is REFUSED
                calls = []

                def callback(client, path, answer=answer, calls=calls):
                    calls.append([client is env.default, path])
                    if answer == "raise":
                        raise KeyError("from the callback")
                    if answer == "log in":
                        client.tokens = {"access_token": "by the callback"}
                        return True
                    return answer

                env.default.callback_not_authenticated = callback
                env.server.play(script)
                args = {
                    "post": ("data/shots", {"a": 1}),
                    "put": ("data/shots", {"a": 1}),
                    "upload": ("data/shots", env.file("table.csv")),
                    "download": ("data/shots", "out/x"),
                }.get(verb, ("/data/shots?a=b",))
                result = attempt(getattr(raw, verb), *args)
                headers = [
                    [
                        request.method,
                        request.target,
                        request.header("authorization"),
                        len(request.body),
                    ]
                    for request in env.server.requests
                ]
                seen.append([verb, answer, result, calls, headers])
    env.server.play([])
    return seen


def given(kwargs):
    return sorted(key for key, value in kwargs.items() if value is not None)


@covers("client.KitsuClient")
def patched(env):
    """What tests replace is what gazu uses."""
    gazu = env.gazu
    raw = gazu.client
    seen = []
    old = raw.get
    raw.get = lambda path, *args, **kwargs: (
        seen.append(["get", path, args, given(kwargs)]) or []
    )
    try:
        gazu.asset.all_assets_for_open_projects()
        gazu.project.get_project_by_name("x")
        gazu.task.get_task("6f1e0a52-3c5b-4d0b-9a59-0c4f5b1d7e11")
    finally:
        raw.get = old
    old = raw.fetch_one
    raw.fetch_one = lambda *args, **kwargs: (
        seen.append(["fetch_one", args, given(kwargs)]) or {}
    )
    try:
        gazu.shot.get_shot("x")
    finally:
        raw.fetch_one = old
    old = raw.post
    raw.post = lambda *args, **kwargs: (
        seen.append(["post", args, given(kwargs)]) or {"login": True}
    )
    try:
        gazu.log_in("a", "b")
        raw.create("shots", {})
    finally:
        raw.post = old
    env.reset()
    old = env.default.session.request
    calls = []

    def request(method, url, **kwargs):
        calls.append([method, url, sorted(kwargs)])
        kwargs["timeout"] = 5
        return old(method, url, **kwargs)

    env.default.session.request = request
    try:
        raw.get("data/shots")
        raw.post("data/shots", {"a": 1})
        raw.delete("data/shots")
    finally:
        del env.default.session.request
    seen.append([[method, url] for method, url, _ in calls])
    old = gazu.client.default_client
    try:
        gazu.client.default_client = None
        seen.append(attempt(raw.get_host))
    finally:
        gazu.client.default_client = old
    refreshed = []
    env.default.refresh_access_token = lambda: refreshed.append(1) or {}
    env.server.play([EXPIRED, USUAL])
    try:
        seen.append(attempt(raw.get, "data/projects"))
    finally:
        del env.default.refresh_access_token
    seen.append(refreshed)
    return seen


@covers("client.KitsuClient")
def retries(env):
    """How often a read is sent that fails; upstream sends it once."""
    seen = []
    env.default.retries = 3
    try:
        for status in (429, 502, 503):
            env.server.play(
                [{"status": status, "headers": [["Retry-After", "0"]]}]
            )
            attempt(env.gazu.client.get, "data/shots")
            reads = len(env.server.requests)
            env.server.play(
                [{"status": status, "headers": [["Retry-After", "0"]]}]
            )
            attempt(env.gazu.client.post, "data/shots", {})
            seen.append(
                {
                    "status": status,
                    "reads": reads,
                    "writes": len(env.server.requests),
                }
            )
    finally:
        env.default.retries = 0
    env.server.play([])
    return seen


@covers("client.url_path_join")
def joins(env):
    join = env.gazu.client.url_path_join
    return [
        attempt(join, *items)
        for items in (
            (),
            ("a",),
            ("/a/", "/b/", "c/"),
            ("http://h/api/", "/data/"),
            ("a", "", "b"),
            ("//a//", "b"),
            ("a", None),
            ("a", 3),
            ("a", b"b"),
        )
    ]


class Reply:
    """What ``check_status`` reads of a response."""

    def __init__(self, status, body):
        self.status_code = status
        self.body = body
        self.text = "text of the reply"

    def json(self):
        if isinstance(self.body, Exception):
            raise self.body
        return self.body


STATUSES = (
    200,
    201,
    204,
    302,
    400,
    401,
    403,
    404,
    405,
    409,
    413,
    418,
    422,
    429,
    500,
    502,
    503,
    504,
)
REPLIES = (
    {"message": "m"},
    {"message": "Signature has expired"},
    {"error": "e", "stacktrace": "s"},
    ["list"],
    ValueError("not JSON"),
)


@covers("client.check_status", "client.get_message_from_response")
def statuses(env):
    raw = env.gazu.client
    seen = []
    for status in STATUSES:
        for body in REPLIES:
            for given in (None, env.default):
                env.reset()
                seen.append(
                    [
                        status,
                        given is None,
                        attempt(
                            raw.check_status,
                            Reply(status, body),
                            "a/path",
                            given,
                        ),
                    ]
                )
    for body in REPLIES:
        seen.append(raw.get_message_from_response(Reply(400, body)))
        seen.append(raw.get_message_from_response(Reply(400, body), "default"))
        seen.append(
            raw.get_message_from_response(
                response=Reply(400, body), default_message=""
            )
        )
    response = env.default.session.get(env.host + "/data/shots")
    seen.append(raw.check_status(response, "data/shots"))
    return seen
