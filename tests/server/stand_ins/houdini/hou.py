"""The part of Houdini's module that the cookbook uses. It renders a picture of one pixel."""

from types import SimpleNamespace

from gazu.testing.routes.comments import PIXEL

_loaded = []
hipFile = SimpleNamespace(load=_loaded.append)


def isUIAvailable():
    return False


def frame():
    return 24.0


class _Rop:
    def render(self, frame_range, output_file):
        assert frame_range == (24.0, 24.0)
        with open(output_file, "wb") as stream:
            stream.write(PIXEL)


def node(path):
    assert _loaded == ["lama.hip"]
    return {"/out/turntable": _Rop()}[path]
