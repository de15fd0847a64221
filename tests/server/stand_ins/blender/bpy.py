"""The part of Blender's module that the cookbook uses. It renders a picture of one pixel."""

from types import SimpleNamespace

from gazu.testing.routes.comments import PIXEL

_render = SimpleNamespace(
    image_settings=SimpleNamespace(file_format="JPEG"), filepath=""
)
context = SimpleNamespace(scene=SimpleNamespace(render=_render))


def _write(write_still):
    assert write_still
    assert _render.image_settings.file_format == "PNG"
    with open(_render.filepath, "wb") as stream:
        stream.write(PIXEL)


ops = SimpleNamespace(render=SimpleNamespace(render=_write))
