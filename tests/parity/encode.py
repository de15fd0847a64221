"""Values in and out of JSON: arguments of a call, results, exceptions."""

import base64
import collections
import datetime
import decimal
import enum
import os
import uuid

# ---------------------------------------------------------------------------
# Arguments. The plan is JSON; what JSON lacks is written as {"$": kind, ...}.


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Text(str):
    pass


class Number(int):
    pass


class Several(list):
    pass


class Identified:
    """An object whose text is an id."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


class Mute:
    """An object that has no text."""

    def __str__(self):
        raise RuntimeError("no text")


class Opaque:
    """An object without meaning, whose text is the same in every process."""

    def __repr__(self):
        return "<opaque>"


def _cycle():
    value = {}
    value["self"] = value
    return value


def decode(value, env):
    """Return the argument that *value* describes; *env* has files and clients."""
    if isinstance(value, list):
        return [decode(item, env) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("$")
    if kind is None:
        return {key: decode(item, env) for key, item in value.items()}
    return _DECODERS[kind](value, env)


def _pairs(value, env):
    return {decode(key, env): decode(item, env) for key, item in value["v"]}


_DECODERS = {
    "tuple": lambda value, env: tuple(
        decode(item, env) for item in value["v"]
    ),
    "set": lambda value, env: {decode(item, env) for item in value["v"]},
    "pairs": _pairs,
    "bytes": lambda value, env: value["v"].encode("utf-8"),
    "date": lambda value, env: datetime.datetime.strptime(
        value["v"], "%Y-%m-%d"
    ).date(),
    "datetime": lambda value, env: datetime.datetime.strptime(
        value["v"], "%Y-%m-%dT%H:%M:%S"
    ),
    "uuid": lambda value, env: uuid.UUID(value["v"]),
    "decimal": lambda value, env: decimal.Decimal(value["v"]),
    "float": lambda value, env: float(value["v"]),
    "object": lambda value, env: Opaque(),
    "identified": lambda value, env: Identified(value["v"]),
    "mute": lambda value, env: Mute(),
    "cycle": lambda value, env: _cycle(),
    "str": lambda value, env: Text(value["v"]),
    "int": lambda value, env: Number(value["v"]),
    "colour": lambda value, env: Colour.RED,
    "level": lambda value, env: Level.HIGH,
    "generator": lambda value, env: (decode(item, env) for item in value["v"]),
    "file": lambda value, env: env.file(value["v"]),
    "open file": lambda value, env: env.open_file(value["v"]),
    "output": lambda value, env: os.path.join("out", value["v"]),
    "folder": lambda value, env: env.folder(),
    "pathlike": lambda value, env: env.pathlike(value["v"]),
    "url": lambda value, env: env.host + value["v"],
    "client": lambda value, env: env.client(value["v"]),
    "callback": lambda value, env: env.callback(),
    "ordered": lambda value, env: collections.OrderedDict(
        _pairs(value, env).items()
    ),
    "mapping": lambda value, env: collections.ChainMap(value["v"]),
    "listed": lambda value, env: Several(decode(value["v"], env)),
    "answering": lambda value, env: env.answering(value["v"]),
    "raising callback": lambda value, env: env.callback(raising=True),
}


# ---------------------------------------------------------------------------
# Results.


def encode(value, env, depth=0):
    """Return *value* as JSON data in which different Python values differ."""
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return env.portable(value) if kind is str else value
    if kind is float:
        return {"float": repr(value)}
    if depth > 40:
        return "..."
    if kind is list:
        return [encode(item, env, depth + 1) for item in value]
    if kind is dict:
        if all(type(key) is str for key in value):
            return {
                key: encode(item, env, depth + 1)
                for key, item in value.items()
            }
        return {
            "dict": [
                [encode(key, env, depth + 1), encode(item, env, depth + 1)]
                for key, item in value.items()
            ]
        }
    if kind is tuple:
        return {"tuple": [encode(item, env, depth + 1) for item in value]}
    if kind in (bytes, bytearray):
        return {kind.__name__: base64.b64encode(bytes(value)).decode("ascii")}
    if isinstance(value, BaseException):
        return encode_error(value, env)
    if kind.__name__ == "Response":
        return encode_response(value, env)
    if kind.__name__ in ("KitsuClient", "AsyncKitsuClient"):
        return {
            "client": kind.__name__,
            "host": encode(value.host, env),
            "event_host": encode(value.event_host, env),
            "tokens": encode(value.tokens, env),
            "use_refresh_token": encode(value.use_refresh_token, env),
        }
    if isinstance(value, type):
        return {"type": type_name(value)}
    if callable(value) and hasattr(value, "__name__"):
        return {"callable": value.__name__}
    return {"object": type_name(kind), "text": env.portable(plain_text(value))}


def plain_text(value):
    if type(value).__repr__ is object.__repr__:
        return ""
    return repr(value)


def type_name(kind):
    module = kind.__module__
    if module in ("builtins", "__builtin__"):
        return kind.__name__
    return module + "." + kind.__name__


def encode_response(value, env):
    """Return the attributes of a download's response that scripts use."""
    record = {
        "status_code": value.status_code,
        "ok": value.ok,
        "reason": value.reason,
        "url": env.portable(value.url),
        "headers": sorted(
            [name.lower(), text] for name, text in value.headers.items()
        ),
    }
    try:
        record["content"] = base64.b64encode(value.content).decode("ascii")
    except Exception as error:
        record["content"] = encode_error(error, env)
    return {"response": record}


def file_name(value):
    return os.fsdecode(value) if isinstance(value, bytes) else str(value)


def encode_error(error, env):
    """Return class, bases, arguments and text of an exception."""
    kind = type(error)
    try:
        text = str(error)
    except Exception as other:
        text = "str() raised " + type(other).__name__
    return {
        "raised": kind.__name__,
        "module": kind.__module__,
        "bases": [
            base.__name__
            for base in kind.__mro__[1:]
            if base.__module__ in ("builtins", "json.decoder")
            or base.__module__.split(".")[0] == "gazu"
        ],
        "args": [encode(item, env, 20) for item in error.args],
        "text": env.portable(text),
        "errno": getattr(error, "errno", None),
        "filename": env.portable(file_name(getattr(error, "filename", None))),
        "doc": getattr(error, "doc", None),
    }
