"""The second distribution name: what it changes in a wheel, and what it refuses."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import gazu
import pytest
from gazu._engine import channel

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "channel.py"
PACKAGE = Path(gazu.__file__).resolve().parent
OLD = "gazu-1.2.3+rs.4"
NEW = "gazu_rs-1.2.3.4"
METADATA = """\
Metadata-Version: 2.4
Name: gazu
Version: 1.2.3+rs.4
Provides-Extra: cli
"""

needs_the_tool = pytest.mark.skipif(
    not TOOL.is_file(), reason="only the wheel is here"
)


@pytest.fixture
def wheel(tmp_path):
    """A wheel with the files that are changed, under its new name."""
    path = tmp_path / (OLD + "-cp37-abi3-win_amd64.whl")
    with zipfile.ZipFile(str(path), "w") as archive:
        archive.write(str(PACKAGE / "__init__.py"), "gazu/__init__.py")
        archive.writestr("gazu/texts.py", "'pip install gazu[events]'")
        archive.writestr(OLD + ".dist-info/METADATA", METADATA)
        archive.writestr(OLD + ".dist-info/RECORD", "")
    done = subprocess.run(
        [sys.executable, str(TOOL), "gazu-rs", str(path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert not path.exists()
    return tmp_path / (NEW + "-cp37-abi3-win_amd64.whl")


@needs_the_tool
def test_the_metadata_have_the_new_name(wheel):
    with zipfile.ZipFile(str(wheel)) as archive:
        metadata = archive.read(NEW + ".dist-info/METADATA").decode()
        texts = archive.read("gazu/texts.py").decode()
    assert metadata == METADATA.replace("Name: gazu", "Name: gazu-rs").replace(
        "1.2.3+rs.4", "1.2.3.4"
    )
    assert texts == "'pip install gazu-rs[events]'"


@needs_the_tool
def test_the_record_is_right(wheel):
    with zipfile.ZipFile(str(wheel)) as archive:
        record = archive.read(NEW + ".dist-info/RECORD").decode()
        rows = [line.split(",") for line in record.splitlines()]
        assert sorted(row[0] for row in rows) == sorted(archive.namelist())
        for name, digest, size in rows:
            if name.endswith("RECORD"):
                assert (digest, size) == ("", "")
                continue
            content = archive.read(name)
            encoded = base64.urlsafe_b64encode(
                hashlib.sha256(content).digest()
            )
            assert digest == "sha256=" + encoded.rstrip(b"=").decode()
            assert int(size) == len(content)


@needs_the_tool
def test_it_refuses_to_share_a_folder_with_upstream(
    wheel, vendored, python, tmp_path
):
    package = vendored("site", "gazu")
    with zipfile.ZipFile(str(wheel)) as archive:
        changed = archive.read("gazu/__init__.py")
    (package / "__init__.py").write_bytes(changed)
    site = str(package.parent)
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import gazu;"
        " print(gazu.__file__); assert not hasattr(gazu, '_check')"
    )
    assert site in python(program, site).stdout
    (package.parent / "gazu-1.2.2.dist-info").mkdir()
    refused = python(program, site, check=False)
    assert refused.returncode == 1
    assert "gazu-rs and gazu-1.2.2.dist-info are installed" in refused.stderr
    assert "pip uninstall gazu gazu-rs" in refused.stderr


def test_other_distributions_are_allowed(tmp_path):
    for name in ("gazu_rs-1.dist-info", "gazu_tools-1.dist-info", "gazu"):
        (tmp_path / name).mkdir()
    channel.check("gazu-rs", os.path.join(str(tmp_path), "gazu"))


@needs_the_tool
def test_the_conda_recipe_names_what_the_extra_wants():
    recipe = (ROOT / "tools" / "conda" / "recipe.yaml").read_text("utf-8")
    limits = recipe.partition("run_constraints:")[2].partition("\n\n")[0]
    named = re.findall(r"^ +- (\S+ [<>=].*)$", limits, re.M)
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    wanted = re.search(r"^cli = \[(.*)\]$", project, re.M).group(1)
    assert sorted(one.replace(" ", "") for one in named) == sorted(
        [*re.findall(r'"(.*?)"', wanted), "gazu<0"]
    )
