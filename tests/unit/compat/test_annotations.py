"""Tools such as pydantic evaluate the annotations of functions."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
import typing

import gazu
import pytest

NAMES = [
    "gazu",
    *("gazu." + m.name for m in pkgutil.iter_modules(gazu.__path__)),
    *(
        "gazu.testing." + name
        for name in ("answers", "checks", "media", "models", "server", "store")
    ),
    "gazu.testing",
]


def functions(module):
    """Return the functions and classes of a module, and the members of its classes."""
    for name, value in sorted(vars(module).items()):
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(value):
            yield name, value
        elif inspect.isclass(value):
            yield name, value
            for own_name, own in sorted(vars(value).items()):
                if isinstance(own, (classmethod, staticmethod)):
                    own = own.__func__
                if isinstance(own, property):
                    own = own.fget
                if inspect.isfunction(own):
                    yield name + "." + own_name, own


@pytest.mark.parametrize(
    "name", [name for name in NAMES if "._" not in name and "main" not in name]
)
def test_annotations_evaluate(name):
    try:
        module = importlib.import_module(name)
    except ImportError:
        pytest.skip("needs a library that is not here")
    looked_at = 0
    for where, function in functions(module):
        looked_at += 1
        try:
            typing.get_type_hints(function)
            if sys.version_info >= (3, 10) and inspect.isfunction(function):
                inspect.signature(function, eval_str=True)
        except TypeError:
            # Upstream's `str | None` and `list[dict]` need later Pythons, too.
            if sys.version_info >= (3, 10):
                raise
        except NameError as error:
            raise AssertionError((where, error)) from error
    assert looked_at or name in ("gazu.testing.answers", "gazu.testing")


@pytest.mark.skipif(sys.version_info < (3, 10), reason="needs `str | None`")
def test_annotations_evaluate_without_any_library(python):
    python(
        """
        import sys, typing
        for name in ("requests", "socketio", "typing_extensions"):
            sys.modules[name] = None
        import gazu
        from gazu._requests_compat.response import Response
        hints = typing.get_type_hints(gazu.client.download)
        assert issubclass(hints["return"], Response), hints
        client = typing.get_type_hints(gazu.events.init)["return"]
        assert client is gazu.events.socketio.Client
        assert typing.get_type_hints(gazu.cache.enable)["return"] == typing.Literal[True]
        """
    )


def test_annotations_evaluate_with_requests(python):
    pytest.importorskip("requests")
    python(
        """
        import typing, gazu
        hints = typing.get_type_hints(gazu.client.get_message_from_response.__wrapped__
            if hasattr(gazu.client.get_message_from_response, "__wrapped__")
            else gazu.client.get_message_from_response)
        import requests
        assert hints["response"] is requests.Response
        """
    )


def test_requests_is_found_under_upstreams_names(python):
    """Tests of scripts patch the library where upstream imports it."""
    pytest.importorskip("requests")
    python(
        """
        import sys
        from unittest import mock
        import gazu
        gazu.client.get_host
        assert "requests" not in sys.modules
        with mock.patch("gazu.client.requests.get") as patched:
            import requests
            assert requests.get is patched
        assert requests.get is not patched
        assert gazu.task.requests.Session is requests.Session
        """
    )


@pytest.mark.skipif(sys.version_info < (3, 10), reason="needs `str | None`")
def test_pydantic_validates_calls(python):
    pytest.importorskip("pydantic")
    python(
        """
        import gazu, pydantic
        call = pydantic.validate_call(config=dict(arbitrary_types_allowed=True))
        assert call(gazu.client.get_host)() == gazu.client.host
        for function in (gazu.task.add_comment, gazu.client.download, gazu.shot.new_shot,
                         gazu.playlist.new_playlist, gazu.person.set_avatar):
            call(function)
        """
    )
