"""Names that upstream's modules import are there, though they are imported late."""

from __future__ import annotations

import sys

import pytest

LATE = """
    import sys
    import gazu
    gazu.client.get_host
    LATE = ["typing", "json", "logging", "datetime", "re"]
    """


def test_attributes_are_imported_when_they_are_read(python):
    python(
        [
            LATE,
            """
            import builtins
            for name in LATE:
                assert name not in sys.modules, name
            assert {"json", "logging", "logger", "Any", "CustomJSONEncoder"} <= set(dir(gazu.client))
            assert dir(gazu.client) == sorted(dir(gazu.client))
            from gazu.client import json, logger, logging
            import json as own
            assert json is own is gazu.client.json and vars(gazu.client)["json"] is own
            assert logger is logging.getLogger("gazu")
            assert gazu.client.CustomJSONEncoder is gazu.encoder.CustomJSONEncoder
            assert gazu.person.datetime.date and gazu.cache.copy.copy
            for module in (gazu.client, gazu.cache):
                try:
                    module.nonsense
                except AttributeError as error:
                    assert "nonsense" in str(error)
                else:
                    raise AssertionError(module)
            """,
        ]
    )


def test_what_a_script_sets_before_it_is_imported_counts(python, server):
    server.on("POST", "data/x", {})
    python(
        [
            LATE,
            """
            from unittest import mock
            gazu.set_host(sys.argv[1])
            class Encoder(gazu.encoder.CustomJSONEncoder):
                def default(self, value):
                    return "mine"
            with mock.patch("gazu.client.CustomJSONEncoder", Encoder):
                gazu.client.post("data/x", {"a": object()})
            with mock.patch("gazu.client.json") as json:
                gazu.client.CustomJSONEncoder = Encoder
                json.dumps.return_value = "patched"
                gazu.client.post("data/x", {"a": 1})
            import importlib
            importlib.reload(gazu.client)
            assert gazu.client.CustomJSONEncoder is gazu.encoder.CustomJSONEncoder
            gazu.client.post("data/x", {"a": 2}, client=gazu.client.create_client(sys.argv[1]))
            """,
        ],
        server.url + "/api",
    )
    assert [request.body for request in server.requests] == [
        b'{"a": "mine"}',
        b"patched",
        b'{"a": 2}',
    ]


def test_logging_that_is_configured_later_shows_later_lines(python, server):
    server.on("GET", "data/x", [])
    process = python(
        [
            LATE,
            """
            gazu.set_host(sys.argv[1])
            gazu.client.get("data/x")
            assert "logging" not in sys.modules
            import logging
            logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, format="%(name)s %(message)s")
            gazu.client.get("data/x")
            """,
        ],
        server.url + "/api",
    )
    assert process.stdout == "gazu GET {}/api/data/x\n".format(server.url)
    assert process.stderr == ""


@pytest.mark.parametrize(
    "first", ["", "import logging", "import gazu.sync, gazu.aio, gazu.events"]
)
def test_without_a_handler_nothing_is_written(python, server, first):
    """Python writes warnings of loggers without any handler to the standard error."""
    from ..recording_server import Answer

    server.on("GET", "data/x", Answer({}, status=500))
    process = python(
        [
            LATE,
            first,
            """
            gazu.set_host(sys.argv[1])
            try:
                gazu.client.get("data/x")
            except gazu.exception.ServerErrorException:
                pass
            import logging
            assert logging.getLogger("gazu").handlers
            gazu.sync.logger.warning("not shown")
            """,
        ],
        server.url + "/api",
    )
    assert (process.stdout, process.stderr) == ("", "")


@pytest.mark.skipif(sys.version_info < (3, 10), reason="needs eval_str")
@pytest.mark.parametrize("loaded", ["", "import typing"])
def test_annotations_are_evaluated_whoever_does_it(python, loaded):
    python(
        [
            loaded,
            LATE,
            """
            import inspect
            assert "Any" not in vars(gazu.client)
            shown = inspect.signature(gazu.client.get)
            assert shown.return_annotation == "Any"
            found = inspect.signature(gazu.client.post, eval_str=True)
            import typing
            assert found.return_annotation is typing.Any
            assert typing.get_type_hints(gazu.client.KitsuClient)["on_tokens"] == (
                typing.Callable | None)
            hints = typing.get_type_hints(gazu.client.run_all)
            assert hints["calls"] == typing.Iterable[typing.Any]
            annotations = gazu.person.get_time_spents_by_date.__annotations__
            assert annotations == dict(annotations)
            """,
        ]
    )
