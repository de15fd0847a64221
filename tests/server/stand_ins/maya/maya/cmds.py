"""Commands that play back a picture of one pixel."""

from builtins import open as _open

from gazu.testing.routes.comments import PIXEL

_scene = ""


def file(*names, query=False, sceneName=False, open=False, force=False):
    global _scene
    if query and sceneName:
        return _scene
    assert open and force
    (_scene,) = names
    return _scene


def currentTime(query):
    assert query
    return 101.0


def playblast(completeFilename, frame, format, compression, **options):
    assert (frame, format, compression) == (101.0, "image", "png")
    assert options["viewer"] is False
    assert _scene == "lama.ma"
    with _open(completeFilename, "wb") as stream:
        stream.write(PIXEL)
    return completeFilename
