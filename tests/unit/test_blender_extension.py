"""The extension of Blender that `make blender-extension` builds."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "blender" / "build.py"
TAGS = (
    "manylinux2014_x86_64.manylinux_2_17_x86_64",
    "manylinux2014_aarch64.manylinux_2_17_aarch64",
    "musllinux_1_2_x86_64",
    "win_amd64",
    "win_arm64",
    "macosx_10_15_x86_64.macosx_11_0_arm64.macosx_10_15_universal2",
)

pytestmark = pytest.mark.skipif(
    not TOOL.is_file(), reason="only the wheel is here"
)


def build(folder, names):
    for name in names:
        (folder / name).write_bytes(b"wheel")
    paths = [str(folder / name) for name in names]
    return subprocess.run(
        [sys.executable, str(TOOL), *paths, "--out", str(folder)],
        capture_output=True,
        text=True,
    )


def test_it_contains_the_wheels_of_the_platforms_that_blender_has(tmp_path):
    names = ["gazu-1.2.3+rs.4-cp37-abi3-%s.whl" % tag for tag in TAGS]
    done = build(tmp_path, names)
    assert done.returncode == 0, done.stderr
    path = Path(done.stdout.strip())
    assert path.name == "gazu-blender-1.2.3-rs.4.zip"
    wheels = ["wheels/" + name for name in names if "musl" not in name]
    with zipfile.ZipFile(str(path)) as archive:
        assert sorted(archive.namelist()) == sorted(
            ["__init__.py", "blender_manifest.toml", *wheels]
        )
        manifest = archive.read("blender_manifest.toml").decode()
    assert re.findall(r'^    "\./(.+)",$', manifest, re.M) == wheels
    (platforms,) = re.findall(r"^platforms = \[(.+)\]$", manifest, re.M)
    assert platforms.replace('"', "").split(", ") == [
        "linux-arm64",
        "linux-x64",
        "macos-arm64",
        "macos-x64",
        "windows-arm64",
        "windows-x64",
    ]
    assert 'version = "1.2.3-rs.4"' in manifest


@pytest.mark.parametrize(
    "names, message",
    [
        (["gazu-1.2.3+rs.4-cp37-abi3-musllinux_1_2_x86_64.whl"], "none of"),
        (
            [
                "gazu-1.2.3+rs.4-cp37-abi3-win_amd64.whl",
                "gazu-1.2.3+rs.5-cp37-abi3-win_arm64.whl",
            ],
            "several versions",
        ),
    ],
)
def test_unusable_wheels_are_an_error(tmp_path, names, message):
    done = build(tmp_path, names)
    assert done.returncode == 1
    assert message in done.stderr
