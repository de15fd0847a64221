"""session.mount: settings of plain adapters apply natively, other adapters are called."""

from __future__ import annotations

import threading

import gazu
import pytest
from gazu import client as raw

from ..recording_server import Answer, free_port

requests = pytest.importorskip("requests")

from requests.adapters import HTTPAdapter  # noqa: E402
from urllib3.util.retry import Retry  # noqa: E402


def allowing(**kwargs):
    """Return a Retry for some methods; urllib3 has renamed this argument."""
    methods = kwargs.pop("methods")
    try:
        return Retry(allowed_methods=methods, **kwargs)
    except TypeError:
        return Retry(method_whitelist=methods, **kwargs)


@pytest.fixture
def session(client):
    return client.session


@pytest.fixture
def mount(session):
    def mount(**kwargs):
        adapter = HTTPAdapter(**kwargs)
        session.mount("http://", adapter)
        assert session.is_unchanged()
        return adapter

    return mount


@pytest.fixture(params=["gazu", "session"])
def get(request, server, client, session):
    """Return a function that sends a GET of data/x, through gazu or the session."""
    if request.param == "gazu":
        return lambda: raw.get("data/x", client=client)
    return lambda: session.get(client.host + "/data/x").json()


class TestRetries:
    def test_a_status_is_repeated(self, server, mount, get):
        mount(max_retries=Retry(total=3, status_forcelist=[500, 503]))
        server.on(
            "GET",
            "data/x",
            Answer({}, status=500),
            Answer({}, status=503),
            {"a": 1},
        )
        assert get() == {"a": 1}
        assert len(server.requests) == 3

    def test_retries_are_counted(self, server, mount, get):
        mount(max_retries=Retry(total=9, status=4, status_forcelist=[500]))
        server.on("GET", "data/x", Answer({}, status=500))
        with pytest.raises(requests.exceptions.RetryError) as caught:
            get()
        assert "too many 500 error responses" in str(caught.value)
        assert len(server.requests) == 5

    def test_the_last_answer_may_be_returned(
        self, server, mount, client, session
    ):
        mount(
            max_retries=Retry(
                total=1, status_forcelist=[500, 503], raise_on_status=False
            )
        )
        server.on("GET", "data/x", Answer({}, status=500))
        with pytest.raises(gazu.exception.ServerErrorException):
            raw.get("data/x", client=client)
        assert session.get(client.host + "/data/x").status_code == 500
        assert len(server.requests) == 4

    def test_only_allowed_methods_are_repeated(self, server, mount, client):
        mount(max_retries=Retry(total=2, status_forcelist=[503]))
        server.on("*", "data/x", Answer({"a": 1}, status=503))
        with pytest.raises(gazu.exception.ServerErrorException):
            raw.post("data/x", {}, client=client)
        assert len(server.requests) == 1
        mount(
            max_retries=allowing(
                total=2, status_forcelist=[503], methods=["POST"]
            )
        )
        with pytest.raises(requests.exceptions.RetryError):
            raw.post("data/x", {}, client=client)
        assert len(server.requests) == 4

    def test_an_upload_is_repeated_whole(
        self, server, mount, client, make_file
    ):
        mount(
            max_retries=allowing(
                total=2, status_forcelist=[503], methods=["POST"]
            )
        )
        server.on("POST", "data/x", Answer({}, status=503), {"a": 1})
        raw.upload("data/x", make_file(content=b"abc"), client=client)
        bodies = [[p.content for p in r.parts] for r in server.requests]
        assert bodies == [[b"abc"], [b"abc"]]

    @pytest.mark.parametrize("place", [0, 1])
    def test_a_stream_is_repeated_from_its_first_position(
        self, server, mount, client, session, make_file, place
    ):
        mount(
            max_retries=allowing(
                total=2, status_forcelist=[503], methods=["POST"]
            )
        )
        server.on("POST", "data/x", Answer({}, status=503), {"a": 1})
        with open(make_file(content=b"abc"), "rb") as stream:
            stream.seek(place)
            session.post(client.host + "/data/x", data=stream)
        assert [r.body for r in server.requests] == [b"abc"[place:]] * 2

    def test_a_download_is_repeated(self, server, mount, client, tmp_path):
        mount(max_retries=Retry(total=2, status_forcelist=[503]))
        server.on("GET", "data/x", Answer({}, status=503), b"film")
        target = tmp_path / "film"
        raw.download("data/x", str(target), client=client)
        assert target.read_bytes() == b"film"

    def test_the_last_answer_of_a_download_may_be_returned(
        self, server, mount, client, tmp_path
    ):
        mount(
            max_retries=Retry(
                total=1, status_forcelist=[503], raise_on_status=False
            )
        )
        server.on("GET", "data/x", Answer(body=b"no", status=503))
        target = tmp_path / "film"
        with pytest.raises(gazu.exception.ServerErrorException) as caught:
            raw.download("data/x", str(target), client=client)
        assert caught.value.body == "no"
        assert not target.exists()
        assert len(server.requests) == 2

    def test_retry_after_is_waited_for(self, server, mount, get, monkeypatch):
        slept = []
        monkeypatch.setattr("time.sleep", slept.append)
        mount(max_retries=Retry(total=2))
        busy = Answer({}, status=503, headers=[("Retry-After", "7")])
        server.on("GET", "data/x", busy, {"a": 1})
        assert get() == {"a": 1}
        assert slept == [7]

    def test_a_repeated_request_is_always_delayed(
        self, server, mount, get, monkeypatch
    ):
        slept = []
        monkeypatch.setattr("time.sleep", slept.append)
        mount(max_retries=Retry(total=2))
        busy = Answer({}, status=503, headers=[("Retry-After", "0")])
        server.on("GET", "data/x", busy, {"a": 1})
        assert get() == {"a": 1}
        assert slept == [0.25]

    @pytest.mark.parametrize("when", ["soon", "0.5", "-1"])
    def test_an_invalid_retry_after_raises_or_is_ignored(
        self, server, mount, get, when
    ):
        """urllib3 knows whole seconds and dates."""
        mount(max_retries=Retry(total=2))
        busy = Answer({}, status=503, headers=[("Retry-After", when)])
        server.on("GET", "data/x", busy)
        with pytest.raises(requests.exceptions.InvalidHeader):
            get()
        assert len(server.requests) == 1

    def test_retry_after_may_be_ignored(self, server, mount, client, session):
        mount(max_retries=Retry(total=2, respect_retry_after_header=False))
        busy = Answer({"b": 2}, status=503, headers=[("Retry-After", "7")])
        server.on("GET", "data/x", busy)
        assert session.get(client.host + "/data/x").json() == {"b": 2}
        with pytest.raises(gazu.exception.ServerErrorException) as caught:
            raw.get("data/x", client=client)
        assert caught.value.body == {"b": 2}
        assert len(server.requests) == 2

    def test_the_backoff_is_waited_for(self, server, mount, get, monkeypatch):
        slept = []
        monkeypatch.setattr("time.sleep", slept.append)
        mount(
            max_retries=Retry(
                total=3, status_forcelist=[500], backoff_factor=0.5
            )
        )
        server.on("GET", "data/x", *[Answer({}, status=500)] * 3, {"a": 1})
        get()
        assert slept == [1.0, 2.0]

    def test_a_subclass_of_retry_is_asked(self, server, mount, get):
        seen = []

        class Counting(Retry):
            def is_retry(self, method, status_code, has_retry_after=False):
                seen.append((method, status_code, has_retry_after))
                return status_code == 418

        mount(max_retries=Counting(total=3, status_forcelist=[418]))
        server.on("GET", "data/x", Answer({}, status=418), {"a": 1})
        assert get() == {"a": 1}
        assert seen == [("GET", 418, False), ("GET", 200, False)]

    def test_connection_errors_are_repeated(self, server, mount, client, get):
        mount(max_retries=Retry(total=9, connect=2, backoff_factor=0))
        tried = []

        class Counting(Retry):
            def increment(self, *args, **kwargs):
                tried.append(type(kwargs["error"]).__name__)
                return super().increment(*args, **kwargs)

        mount(max_retries=Counting(total=9, connect=2))
        client.host = "http://127.0.0.1:%d/api" % free_port()
        with pytest.raises(requests.exceptions.ConnectionError) as caught:
            get()
        assert not isinstance(caught.value, requests.exceptions.Timeout)
        assert tried == ["NewConnectionError"] * 3

    def test_connection_errors_of_writes_are_repeated(self, mount, client):
        tried = []

        class Counting(Retry):
            def increment(self, *args, **kwargs):
                tried.append(kwargs["error"])
                return super().increment(*args, **kwargs)

        mount(max_retries=Counting(2))
        client.host = "http://127.0.0.1:%d/api" % free_port()
        with pytest.raises(requests.exceptions.ConnectionError):
            raw.post("data/x", {}, client=client)
        assert len(tried) == 3

    def test_read_errors_are_repeated(self, server, mount, get):
        mount(max_retries=Retry(total=9, read=1))
        server.on("GET", "data/x", Answer({}, reset="headers"), {"a": 1})
        assert get() == {"a": 1}
        server.on("GET", "data/x", Answer({}, reset="headers"))
        with pytest.raises(requests.exceptions.ConnectionError):
            get()
        assert len(server.requests) == 4

    def test_read_errors_of_writes_are_not_repeated(
        self, server, mount, client
    ):
        mount(max_retries=Retry(3))
        server.on("POST", "data/x", Answer({}, reset="headers"))
        with pytest.raises(requests.exceptions.ConnectionError):
            raw.post("data/x", {}, client=client)
        assert len(server.requests) == 1

    def test_timeouts_are_repeated(self, server, mount, client, session):
        mount(max_retries=Retry(total=1))
        server.on("GET", "data/x", Answer(hang="headers"))
        # After several attempts requests raises another class than Timeout.
        with pytest.raises(requests.exceptions.ConnectionError):
            session.get(client.host + "/data/x", timeout=(10, 1))
        server.wait_requests(2)
        assert len(server.requests) == 2

    def test_an_adapter_without_retries_keeps_the_clients(
        self, server, mount, client
    ):
        """The retries of the client apply."""
        mount(pool_maxsize=20)
        client.retries = 3
        server.on("GET", "data/x", Answer({}, reset="headers"), {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}

    def test_retries_of_an_adapter_replace_the_clients(
        self, server, mount, client
    ):
        mount(max_retries=Retry(total=9, read=0, connect=5))
        server.on("GET", "data/x", Answer({}, reset="headers"), {"a": 1})
        with pytest.raises(requests.exceptions.ConnectionError):
            raw.get("data/x", client=client)
        assert len(server.requests) == 1

    def test_changed_retries_of_an_adapter_apply(self, server, session, get):
        session.adapters["http://"].max_retries = Retry(
            total=1, status_forcelist=[500]
        )
        server.on("GET", "data/x", Answer({}, status=500), {"a": 1})
        assert get() == {"a": 1}


def in_threads(count, work):
    errors = []

    def run():
        try:
            work()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


class TestPools:
    def test_a_blocking_pool_bounds_connections(self, server, mount, client):
        mount(pool_maxsize=2, pool_block=True)
        most = []

        def answer(request):
            most.append(len(server.open))
            return Answer({}, delay=0.05)

        server.on("GET", "data/x", answer)
        in_threads(8, lambda: raw.get("data/x", client=client))
        assert len(server.requests) == 8
        assert server.opened <= 2 and max(most) <= 2

    def test_an_open_stream_occupies_the_pool(
        self, server, mount, client, session
    ):
        mount(pool_maxsize=1, pool_block=True)
        server.on("GET", "data/x", Answer(size=1 << 24))
        response = session.get(client.host + "/data/x", stream=True)
        done = threading.Event()

        def later():
            raw.get("data/y", client=client)
            done.set()

        thread = threading.Thread(target=later)
        thread.start()
        assert not done.wait(0.3)
        response.close()
        assert done.wait(5)
        thread.join()

    def test_the_size_of_a_pool_bounds_idle_connections(
        self, server, mount, client
    ):
        mount(pool_maxsize=1)
        server.on("GET", "data/x", Answer({}, delay=0.2))
        in_threads(4, lambda: raw.get("data/x", client=client))
        assert server.wait(lambda: len(server.open) <= 1)

    def test_many_threads_share_a_small_pool(self, server, mount, client):
        mount(pool_connections=8, pool_maxsize=16, max_retries=3)
        in_threads(
            8, lambda: [raw.get("data/x", client=client) for _ in range(5)]
        )
        assert len(server.requests) == 40


class TestOtherAdapters:
    """Other adapters are called with objects of requests."""

    def test_a_subclass_is_called(self, server, client, session):
        sent = []

        class Adapter(HTTPAdapter):
            def send(self, request, **kwargs):
                assert isinstance(request, requests.PreparedRequest)
                sent.append((request.method, request.url, sorted(kwargs)))
                request.headers["X-Mine"] = "1"
                return super().send(request, **kwargs)

        session.mount("http://", Adapter())
        assert not session.is_unchanged()
        server.on("*", "data/x", {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}
        assert raw.post("data/x", {"b": "é"}, client=client) == {"a": 1}
        assert raw.delete("data/x", client=client) == '{"a": 1}'
        assert server.last.header("X-Mine") == "1"
        assert [method for method, _, _ in sent] == ["GET", "POST", "DELETE"]
        assert sent[0][2] == ["cert", "proxies", "stream", "timeout", "verify"]

    def test_files_go_through_an_adapter(
        self, server, client, session, make_file, tmp_path
    ):
        class Adapter(HTTPAdapter):
            pass

        session.mount("http://", Adapter())
        raw.upload("data/x", make_file(content=b"abc"), client=client)
        assert [p.content for p in server.last.parts] == [b"abc"]
        server.on("GET", "data/x", b"film")
        raw.download("data/x", str(tmp_path / "film"), client=client)
        assert (tmp_path / "film").read_bytes() == b"film"

    def test_deadlines_apply_to_an_adapter(self, client, session):
        seen = []

        class Adapter(HTTPAdapter):
            def send(self, request, **kwargs):
                seen.append(kwargs["timeout"])
                return super().send(request, **kwargs)

        session.mount("http://", Adapter())
        client.timeout = (3, 4)
        raw.get("data/x", client=client)
        session.get(client.host, timeout=5)
        assert seen == [(3, 4), 5]

    def test_an_adapter_may_answer_itself(self, server, client, session):
        class Canned(requests.adapters.BaseAdapter):
            def send(self, request, **kwargs):
                response = requests.Response()
                response.status_code = 200
                response._content = b'{"canned": true}'
                response.request, response.url = request, request.url
                return response

            def close(self):
                pass

        session.mount("http://", Canned())
        assert raw.get("data/x", client=client) == {"canned": True}
        assert server.requests == []
        session.close()

    def test_a_replaced_method_of_an_adapter_is_called(
        self, server, client, session
    ):
        adapter = HTTPAdapter()
        original, sent = adapter.send, []

        def send(request, **kwargs):
            sent.append(request.url)
            return original(request, **kwargs)

        adapter.send = send
        session.mount("http://", adapter)
        raw.get("data/x", client=client)
        assert sent == [client.host + "/data/x"]

    def test_an_adapter_with_pool_arguments_is_called(
        self, server, client, session
    ):
        """The native transport does not support such arguments, for example a TLS context."""
        adapter = HTTPAdapter()
        adapter.init_poolmanager(1, 1, source_address=("127.0.0.1", 0))
        session.mount("http://", adapter)
        assert not session.is_unchanged()
        raw.get("data/x", client=client)
        assert len(server.requests) == 1

    def test_the_longest_prefix_takes_precedence(
        self, server, client, session
    ):
        sent = []

        class Adapter(HTTPAdapter):
            def send(self, request, **kwargs):
                sent.append(request.path_url)
                return super().send(request, **kwargs)

        mine = Adapter()
        session.mount(client.host + "/data/mine", mine)
        assert next(iter(session.adapters)) == client.host + "/data/mine"
        assert session.get_adapter(client.host + "/data/MINE") is mine
        assert session.get_adapter("http://other") is not mine
        raw.get("data/mine/x", client=client)
        raw.get("data/x", client=client)
        assert sent == ["/api/data/mine/x"]
        with pytest.raises(requests.exceptions.InvalidSchema):
            session.get_adapter("ftp://h")

    def test_another_scheme_may_be_mounted(self, client, session):
        class Local(requests.adapters.BaseAdapter):
            def send(self, request, **kwargs):
                response = requests.Response()
                response.status_code, response._content = 200, b"[1]"
                return response

            def close(self):
                pass

        session.mount("studio://", Local())
        client.host = "studio://kitsu/api"
        assert raw.get("data/x", client=client) == [1]
