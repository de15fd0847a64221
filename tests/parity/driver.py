"""One side of the comparison: ``python -m tests.parity.driver MODE INPUT OUTPUT``.

``surface`` writes every public name with its signature. ``run`` makes every call
of a plan against a recording server and writes one line of JSON for each: the
requests, the result or exception, callbacks, warnings, log lines and files.

The same code runs with upstream and with this package, on Python 3.7 and later.
"""

import asyncio
import contextlib
import faulthandler
import importlib
import inspect
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import time
import traceback
import warnings

# Errors have the classes of requests once it is imported, for example by gazu.events.
# Import it first, so that all calls are alike.
import requests as _requests  # noqa: F401

from . import encode, surface
from .recorder import Recorder

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00"
    b"\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01"
    b"\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)
INPUTS = {
    "picture.png": PNG,
    "movie.mp4": b"\x00\x00\x00\x18ftypmp42"
    + bytes(bytearray(range(256))) * 8,
    "table.csv": "name,type\nL\u00e0ma,Props\n".encode("utf-8"),
    "edit.otio": b'{"OTIO_SCHEMA": "Timeline.1"}',
    "empty.txt": b"",
    "n\u00e2me \u4e2d.png": PNG,
    'quo"te;%.txt': b"quoted",
    "semi;%41.txt": b"not quoted",
}
# Only the current time has microseconds.
_NOW = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}"
_ADDRESS = r"(?: |\+|%20)at(?: |\+|%20)0x[0-9a-fA-F]+"
FOLDERS = {"in", "out", "home", "tmp", "folder"}


class CallbackRaised(Exception):
    """Raised by a progress callback."""


class Records(logging.Handler):
    def __init__(self):
        logging.Handler.__init__(self, logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append([record.name, record.levelname, record.getMessage()])


class Environment:
    """The server, the clients and the files of one side."""

    def __init__(self):
        self.server = Recorder()
        self.host = "http://%s/api" % self.server.address
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="parity_"))
        for name in FOLDERS:
            os.mkdir(os.path.join(self.root, name))
        # As in texts, in a `repr`, and in that of a text with one.
        self.forms_of_root = [
            self.root.replace("\\", "\\" * count) for count in (4, 2, 1)
        ]
        self.inputs = set()
        for name, content in INPUTS.items():
            # Windows refuses quotes: there, both sides look for a missing file.
            with contextlib.suppress(OSError):
                with open(os.path.join(self.root, "in", name), "wb") as file:
                    file.write(content)
                self.inputs.add(name)
        for name in ("HOME", "USERPROFILE"):
            os.environ[name] = os.path.join(self.root, "home")
        os.environ["TMPDIR"] = tempfile.tempdir = os.path.join(
            self.root, "tmp"
        )
        os.chdir(self.root)
        self.gazu = importlib.import_module("gazu")
        # Releases before 0.8 have no client objects.
        self.default = getattr(self.gazu.client, "default_client", None)
        self.clients = {}
        self.twins = {}
        self.calls = []
        self.opened = []
        self.loop = None
        self.log = Records()
        logging.getLogger("gazu").addHandler(self.log)
        logging.getLogger("gazu").propagate = False

    def close(self):
        self.server.close()
        os.chdir("/")
        shutil.rmtree(self.root, ignore_errors=True)

    # Values for arguments.

    def file(self, name):
        return os.path.join("in", name)

    def open_file(self, name):
        stream = open(self.file(name), "rb")  # noqa: SIM115
        self.opened.append(stream)
        return stream

    def folder(self):
        return os.path.join(self.root, "folder")

    def pathlike(self, name):
        import pathlib

        return pathlib.Path(self.file(name))

    def callback(self, raising=False):
        calls = self.calls

        def progress(*args):
            calls.append(list(args))
            if raising:
                raise CallbackRaised("stop")

        return progress

    def answering(self, answer):
        """Return a callback for a client that needs a login."""
        calls = self.calls

        def asked(client, path):
            calls.append([type(client).__name__, path])
            return answer

        return asked

    def client(self, name):
        """Return the client *name*: with the host ``/<name>/api``, and the name as its token."""
        if name == "default":
            return self.default
        if name == "async":
            return self.async_client()
        if name not in self.clients:
            self.clients[name] = self.gazu.client.create_client(
                "http://%s/%s/api" % (self.server.address, name)
            )
        client = self.clients[name]
        client.host = client.event_host = "http://%s/%s/api" % (
            self.server.address,
            name,
        )
        client.tokens = {
            "access_token": name,
            "refresh_token": name + "-refresh",
        }
        return client

    def awaited(self, client):
        """Return the asynchronous client that corresponds to a blocking one."""
        twin = self.twins.get(id(client))
        if twin is None:
            twin = self.gazu.aio.AsyncKitsuClient(client.host)
            self.twins[id(client)] = twin
        for name in ("host", "event_host", "use_refresh_token"):
            setattr(twin, name, getattr(client, name))
        twin.tokens = dict(client.tokens)
        return twin

    def async_client(self):
        client = self.gazu.aio.AsyncKitsuClient(
            self.host, access_token="token", refresh_token="refresh"
        )
        self.clients["async"] = client
        return client

    # Records without what differs between runs.

    def portable(self, text):
        text = text.replace(self.server.address, "SERVER")
        for form in self.forms_of_root:
            text = text.replace(form, "ROOT")
        if "gazu_" in text or "zou_sync_" in text:
            text = re.sub(r"(gazu|zou_sync)_[a-z0-9_]{8}", r"\1_RANDOM", text)
        if "0x" in text:
            # Also replace the form that is used in URLs.
            text = re.sub(_ADDRESS, "", text)
        return text

    def reset(self):
        del self.calls[:]
        del self.log.lines[:]
        client = self.default
        if client is None:
            self.gazu.client.set_host(self.host)
            self.gazu.client.set_tokens({"access_token": "token"})
            return
        client.host = client.event_host = self.host
        client.tokens = {"access_token": "token", "refresh_token": "refresh"}
        client.use_refresh_token = True
        client.callback_not_authenticated = None
        for one in [client] + list(self.clients.values()):
            if hasattr(one.session, "cookies"):
                one.session.cookies.clear()
        cache = self.gazu.cache
        if cache.cache_settings["enabled"]:
            cache.disable()
            cache.clear_all()

    def collect_files(self):
        """Return the files that the call wrote, and remove them."""
        found = {}
        for top in ("out", "tmp", "home", "folder"):
            if not os.listdir(top):
                continue
            for folder, _, names in os.walk(os.path.join(self.root, top)):
                place = os.path.relpath(folder, self.root)
                for name in names:
                    path = os.path.join(folder, name)
                    with open(path, "rb") as stream:
                        content = stream.read()
                    content = content.replace(
                        self.server.address.encode(), b"SERVER"
                    )
                    key = self.portable(place + "/" + name)
                    found[key] = encode.encode(content, self)
            shutil.rmtree(os.path.join(self.root, top))
            os.mkdir(os.path.join(self.root, top))
        for name in set(os.listdir(self.root)) - FOLDERS:
            with open(name, "rb") as stream:
                found[name] = encode.encode(stream.read(), self)
            os.remove(name)
        return found

    def requests(self):
        """Return the requests since the last ``play``, comparable between sides."""
        records = []
        for request in self.server.requests:
            record = request.encode()
            record["target"] = self.portable(record["target"])
            for pair in record["headers"]:
                pair[1] = self.portable(pair[1])
            if isinstance(record.get("body"), str):
                record["body"] = re.sub(
                    _NOW, "NOW", self.portable(record["body"])
                )
            records.append(record)
        return records

    def missing_inputs(self):
        return sorted(self.inputs - set(os.listdir("in")))

    def run(self, awaitable):
        """Run a coroutine, and close the async client in the same loop."""
        client = self.clients.pop("async", None)

        async def body():
            try:
                return await awaitable
            finally:
                if (
                    client is not None
                    and getattr(client, "_session", None) is not None
                ):
                    await client._session.close()

        if self.loop is None:
            self.loop = asyncio.new_event_loop()
        return self.loop.run_until_complete(body())


def resolve(gazu, name):
    module, _, function = name.rpartition(".")
    return getattr(
        importlib.import_module("gazu." + module) if module else gazu, function
    )


SHORT = 0.5
#: The longest part of a wait that can be cancelled, in seconds.
SLICE = 0.04


class Waits:
    """Replaces ``time.sleep``, which records its seconds and returns at once.

    A short wait is real, because native code uses other clocks.
    """

    def __init__(self):
        self.seconds = []
        self.sliced = 0
        self._real = time.sleep, time.monotonic, asyncio.sleep

    def __enter__(self):
        async def awaited(seconds, *args):
            if seconds > 0:
                self.seconds.append(seconds)
            return await self._real[2](
                seconds if seconds < SHORT else 0, *args
            )

        def sleep(seconds):
            # Raise what time.sleep raises for invalid values.
            if seconds < 0:
                raise ValueError("sleep length must be non-negative")
            if 0 < seconds <= SLICE:
                # A part of one wait, between two checks for a cancellation.
                self.sliced += seconds
            elif seconds > 0:
                self.seconds.append(seconds)
            if 0 < seconds < SHORT:
                self._real[0](seconds)

        time.sleep = sleep
        time.monotonic = lambda: (
            self._real[1]()
            + sum(seconds for seconds in self.seconds if seconds >= SHORT)
        )
        asyncio.sleep = awaited
        return self

    def __exit__(self, *_):
        time.sleep, time.monotonic, asyncio.sleep = self._real


def observe(env, record, call):
    """Run *call*, and write all its effects into *record*."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            record["result"] = encode.encode(call(), env)
        except (Exception, SystemExit) as error:
            record["error"] = encode.encode_error(error, env)
    if env.server.requests:
        record["requests"] = env.requests()
    seen = [
        [item.category.__name__, env.portable(str(item.message))]
        for item in caught
        if item.category is not ResourceWarning
    ]
    if seen:
        record["warnings"] = seen
    if env.calls:
        record["callbacks"] = encode.encode(env.calls, env)
    if env.log.lines:
        record["log"] = encode.encode(env.log.lines, env)
    files = env.collect_files()
    if files:
        record["files"] = files
    missing = env.missing_inputs()
    if missing:
        record["removed inputs"] = missing
    for stream in env.opened:
        record.setdefault("closed", []).append(stream.closed)
        stream.close()
    del env.opened[:]


def run_call(env, row, record, reset=True):
    function = resolve(env.gazu, row["function"])
    if reset:
        env.reset()
    env.server.play(row["script"], row.get("shape"), row.get("refresh"))
    for name, value in row.get("client", {}).items():
        setattr(env.default, name, encode.decode(value, env))
    args = [encode.decode(value, env) for value in row.get("args", [])]
    kwargs = {
        key: encode.decode(value, env)
        for key, value in row.get("kwargs", {}).items()
    }
    names = set(inspect.signature(function).parameters)
    asks = env.default
    if row.get("awaited"):
        kind = type(env.default)
        if "client" in names:
            kwargs.setdefault("client", env.default)
        args = [env.awaited(v) if type(v) is kind else v for v in args]
        kwargs = {
            key: env.awaited(value) if type(value) is kind else value
            for key, value in kwargs.items()
        }
        asks = env.twins.get(id(env.default))
    values = list(args) + [kwargs[key] for key in kwargs if key != "client"]
    before = json.dumps(encode.encode(values, env))

    def call():
        result = function(*args, **kwargs)
        if inspect.isawaitable(result):
            result = env.run(result)
        elif row.get("awaited") and env.server.requests:
            record["sent at once"] = True
        for position, value in enumerate(values):
            if result is value and isinstance(value, (dict, list)):
                record["returned argument"] = position
        return result

    with Waits() as waits:
        observe(env, record, call)
    if waits.sliced:
        waits.seconds.append(waits.sliced)
    if waits.seconds:
        # The rest of a deadline differs between runs.
        record["waits"] = encode.encode(
            [round(seconds, 1) for seconds in waits.seconds], env
        )
    env.clients.pop("async", None)
    after = encode.encode(values, env)
    if json.dumps(after) != before:
        record["changed arguments"] = after
    if asks is not None and asks.tokens != {
        "access_token": "token",
        "refresh_token": "refresh",
    }:
        record["tokens"] = encode.encode(asks.tokens, env)


def run_repeated(env, row, record):
    """Make one call several times, and record what the cache returns."""
    env.gazu.cache.enable()
    record["repeated"] = []
    try:
        for step in row["repeated"]:
            seen = {}
            run_call(env, dict(row, **step), seen, reset=False)
            record["repeated"].append(seen)
    finally:
        env.gazu.cache.disable()
        env.gazu.cache.clear_all()


def run_cache(env, row, record):
    """Call a cached function again and again, and count its requests."""
    function = resolve(env.gazu, row["function"])
    env.reset()
    args = [encode.decode(value, env) for value in row["args"]]
    kwargs = {
        key: encode.decode(value, env) for key, value in row["kwargs"].items()
    }
    steps = []

    def step(label, *given, **named):
        env.server.play([{"synth": "usual"}], row["shape"])
        try:
            result = function(*given, **named)
        except Exception as error:
            steps.append([label, encode.encode_error(error, env)])
            return None
        requests = env.requests()
        steps.append([label, [[r["method"], r["target"]] for r in requests]])
        return result

    env.gazu.cache.enable()
    try:
        function.clear_cache()
        first = step("first", **kwargs)
        second = step("again", **kwargs)
        steps.append(["equal", first == second, "same", first is second])
        if isinstance(second, dict):
            second["changed"] = True
        elif isinstance(second, list):
            del second[:]
        steps.append(["a copy", step("after a change", **kwargs) == first])
        step("by position", *args)
        step("client", client=env.client("second"), **kwargs)
        step("default client", client=env.default, **kwargs)
        step("client by position", *(args + [env.default]))
        steps.append(["infos", function.get_cache_infos()])
        function.clear_cache()
        step("cleared", **kwargs)
        function.disable_cache()
        step("disabled", **kwargs)
        steps.append(["infos", function.get_cache_infos()])
        function.enable_cache()
        env.gazu.cache.clear_all()
        steps.append(["infos", function.get_cache_infos()])
    finally:
        function.clear_cache()
        env.gazu.cache.disable()
    record["cache"] = encode.encode(steps, env)
    env.server.play([])
    env.collect_files()


def run_scenario(env, row, record):
    module = importlib.import_module(
        __package__ + ".scenarios." + row["module"]
    )
    env.reset()
    env.server.play([{"synth": "usual"}])
    observe(env, record, lambda: getattr(module, row["scenario"])(env))


def run(plan_path, output_path):
    env = Environment()
    with open(plan_path, encoding="utf-8") as stream:
        plan = json.load(stream)
    # A missing name ends its own row only, not the run.
    try:
        with open(output_path, "w", encoding="utf-8") as output:
            for row in plan:
                record = {}
                try:
                    if "scenario" in row:
                        run_scenario(env, row, record)
                    elif "repeated" in row:
                        env.reset()
                        run_repeated(env, row, record)
                    elif row.get("cache"):
                        run_cache(env, row, record)
                    else:
                        run_call(env, row, record)
                except (ImportError, AttributeError) as error:
                    record["missing"] = "%s: %s" % (
                        type(error).__name__,
                        error,
                    )
                except Exception:
                    record["driver failed"] = env.portable(
                        traceback.format_exc()
                    )
                output.write(json.dumps(record) + "\n")
    finally:
        env.close()


def main():
    mode, source, target = sys.argv[1:4]
    faulthandler.enable()
    sys.stdout.flush()
    target = os.path.abspath(target)
    if mode == "surface":
        with open(target, "w", encoding="utf-8") as stream:
            json.dump(surface.read(), stream)
    else:
        run(os.path.abspath(source), target)


if __name__ == "__main__":
    main()
