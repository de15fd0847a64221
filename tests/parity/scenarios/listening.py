"""``gazu.events``, with a socketio client that only records its calls."""

from . import covers


def fake(calls, wait=None):
    class Client:
        def __init__(self, **kwargs):
            calls.append(
                [
                    "made",
                    {k: v for k, v in sorted(kwargs.items()) if k in CHECKED},
                ]
            )

        def on(self, event, handler=None, namespace=None):
            calls.append(["on", event, handler, namespace])

        def register_namespace(self, namespace):
            calls.append(
                ["namespace", type(namespace).__name__, namespace.namespace]
            )

        def connect(self, url, headers=None, *args, **kwargs):
            calls.append(["connect", url, callable(headers)])
            for _ in range(2):
                calls.append(
                    [
                        "headers",
                        dict(headers() if callable(headers) else headers),
                    ]
                )

        def wait(self):
            calls.append(["wait"])
            if wait is not None:
                raise wait

    return Client


CHECKED = ("ssl_verify", "reconnection", "logger", "extra")


@covers("events.init", "events.EventsNamespace", "events.connect_error")
def init(env):
    events = env.gazu.events
    seen = []
    old = events.socketio.Client
    try:
        for host in (None, "https://h", "https://h/", "http://h:80/sub"):
            for kwargs in (
                {},
                {"ssl_verify": False, "reconnection": False},
                {"logger": True, "extra": 1},
            ):
                calls = []
                env.reset()
                if host:
                    env.default.event_host = host
                events.socketio.Client = fake(calls)
                result = events.init(**kwargs)
                seen.append([type(result).__name__, calls])
        calls = []
        events.socketio.Client = fake(calls)
        second = env.client("second")
        second.session.verify = False
        events.init(second)
        second.tokens = {}
        events.init(client=second)
        second.session.verify = True
        seen.append(calls)
    finally:
        events.socketio.Client = old
    namespace = events.EventsNamespace("/events")
    seen.append(
        [
            namespace.on_connect(),
            namespace.on_disconnect(),
            namespace.on_error("why"),
        ]
    )
    seen.append(events.connect_error("why"))
    return seen


@covers("events.add_listener", "events.run_client")
def listen(env):
    events = env.gazu.events
    calls = []
    client = fake(calls)()

    def handler(data):
        return data

    seen = [events.add_listener(client, "asset:new", handler) is client]
    seen.append(events.run_client(client) is client)
    for error in (
        TypeError("no"),
        KeyboardInterrupt(),
        ValueError("other"),
        SystemExit(3),
    ):
        client = fake(calls, error)()
        try:
            seen.append(events.run_client(client) is client)
        except BaseException as raised:
            seen.append([type(raised).__name__, list(raised.args)])
    seen.append(calls)
    return seen
