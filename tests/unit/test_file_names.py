"""File names of a server: they stay in the folder, and are valid on all systems."""

from __future__ import annotations

import os

import pytest
from gazu import helpers, sync
from gazu._engine.file_names import distinct, file_name
from hypothesis import given
from hypothesis import strategies as st

from .recording_server import Answer

DEVICES = ["con", "PRN", "Aux", "NUL", "COM1", "lpt9", "COM²", "CONIN$"]


@pytest.mark.parametrize(
    "said, expected",
    [
        ("front.png", "front.png"),
        ("Überflug 2.mov", "Überflug 2.mov"),
        ("猫.exr", "猫.exr"),
        ("../.config/autostart/evil", "evil"),
        ("/etc/passwd", "passwd"),
        ("/etc/cron.d/", "cron.d"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("\\\\host\\share\\evil", "evil"),
        ("C:\\Windows\\evil", "evil"),
        ("C:evil", "C_evil"),
        ("evil:stream", "evil_stream"),
        ("a\x00b\n\x1b[2J\x7f\x9b", "a_b__[2J__"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("a\u2028b\ufeffc", "a_b_c"),
        ("a\ud800b\udcffc", "a_b_c"),
        ("a\u2215b\uff0fc\u2044d\uff3ce\uff1af", "a_b_c_d_e_f"),
        ("\uff0e\uff0e", "__"),
        ('a<b>c|d?e*f"g', "a_b_c_d_e_f_g"),
        ("COM1.", "_COM1"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("con .txt", "_con .txt"),
        ("console", "console"),
        ("name. . .", "name"),
        (" name ", "name"),
        (".bashrc", "bashrc"),
        ("...x", "x"),
    ],
)
def test_a_name_is_cleaned(said, expected):
    assert file_name(said) == expected


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_name_is_changed(device):
    assert file_name(device) == "_" + device
    assert file_name(device, extension="mov") == "_" + device + ".mov"
    assert file_name(device + ".x") == "_" + device + ".x"


@pytest.mark.parametrize(
    "said", ["", None, ".", "..", "../..", "\\", "/", " ", " . ", 3, [], {}]
)
def test_an_empty_name_becomes_the_fallback(said):
    assert file_name(said, "an-id") == "an-id"
    assert file_name(said, "../an-id", "png") == "an-id.png"
    assert file_name(said, "..") == "file"
    assert file_name(said, None, "png") == "file.png"


def test_the_extension_is_added_or_kept():
    assert file_name("a", extension="png") == "a.png"
    assert file_name("a.PNG", extension="png") == "a.png"
    assert file_name("a.b", extension="tar.gz") == "a.b.tar.gz"
    assert file_name("a", extension="../../x") == "a.x"
    assert file_name("a", extension="..") == "a"
    assert file_name("a", extension=None) == "a"
    assert file_name(".png", "an-id", "png") == "png.png"


def test_a_hidden_name_is_allowed_on_request():
    assert file_name(".a", hidden=True) == ".a"
    assert file_name("../.a", hidden=True) == ".a"
    assert file_name("..", "an-id", hidden=True) == "an-id"


@pytest.mark.parametrize("letter", ["a", "é", "猫", "🐈"])
@pytest.mark.parametrize("extension", ["", "mov", "x" * 300])
def test_a_long_name_is_shortened(letter, extension):
    for said in (letter * 300, letter * 300 + ".mov"):
        name = file_name(said, extension=extension)
        assert len(name.encode("utf-8")) <= 255
        assert name.startswith(letter * 30)
        if extension == "mov" or (extension == "" and "mov" in said):
            assert name.endswith(letter + ".mov")


@pytest.mark.parametrize(
    "names, expected",
    [
        (["a.png", "a.png", "A.PNG"], ["a.png", "a_2.png", "A_3.PNG"]),
        (["a_2.png", "a.png", "a.png"], ["a_2.png", "a.png", "a_3.png"]),
        (["é", "e\u0301", "É"], ["é", "e\u0301_2", "É_3"]),
        (["x" * 255, "x" * 255], ["x" * 255, "x" * 253 + "_2"]),
        (["b" * 251 + ".mov"] * 2, ["b" * 251 + ".mov", "b" * 249 + "_2.mov"]),
        (["b." + "c" * 253] * 2, ["b." + "c" * 253, "b." + "c" * 251 + "_2"]),
    ],
)
def test_equal_names_are_numbered(names, expected):
    taken = set()
    assert [distinct(name, taken) for name in names] == expected


@given(st.one_of(st.none(), st.text()), st.text(), st.text())
def test_any_text_becomes_a_valid_name(said, fallback, extension):
    name = file_name(said, fallback, extension)
    name.encode("utf-8")
    assert name and name == os.path.basename(name)
    assert not name.startswith(".") and not name.endswith((".", " "))
    assert not set(name) & set('/\\:\0<>"|?*')
    assert 0 < len(name.encode("utf-8")) <= 255
    assert file_name(name) == name
    taken = set()
    pair = [distinct(name, taken), distinct(name, taken)]
    assert len({each.casefold() for each in pair}) == 2
    assert all(len(each.encode("utf-8")) <= 255 for each in pair)


@pytest.mark.parametrize(
    "path, expected",
    [
        ("/.bashrc", "bashrc"),
        ("/a/..", "_"),
        ("/%2e%2e%2fevil", "2e2e2fevil"),
        ("/..\\evil", "_evil"),
        ("/NUL.png", "_NUL.png"),
        ("/" + "a" * 300 + ".png", "a" * 251 + ".png"),
        ("/", "file"),
    ],
)
def test_a_download_is_named_by_its_url(server, tmp_path, path, expected):
    answer = Answer(body=b"x", content_type="application/x-none")
    server.on("GET", "*", answer)
    found = helpers.download_file(server.url + path, str(tmp_path))
    assert os.listdir(str(tmp_path)) == [os.path.basename(found)]
    if "/.." not in path:
        assert os.path.basename(found) == expected


def test_synchronized_files_stay_in_their_folder(server, client, tmp_path):
    """The source's server names the attachments and previews."""
    names = ["../../evil", "evil", "/evil", "EVIL", ".evil", "NUL", "n" * 300]
    (tmp_path / "evil").write_bytes(b"mine")

    def answer(request):
        key = request.path.rpartition("/")[2]
        if "/data/attachment-files/" in request.path and key.isdigit():
            return Answer({"id": key, "name": names[int(key)]})
        return Answer(body=request.path.encode())

    server.on("GET", "*", answer)
    comment = {"attachment_files": [str(n) for n in range(len(names))]}
    with sync._CommentFiles(str(tmp_path)) as files:
        paths = sync._fetch_attachments(comment, files, client)
        assert len(set(paths)) == len(names)
        for path in paths:
            inside = os.path.relpath(os.path.abspath(path), str(tmp_path))
            assert not inside.startswith("..") and os.path.isfile(path)
    assert (tmp_path / "evil").read_bytes() == b"mine"
