"""The version, which only `Cargo.toml` states."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import gazu
import pytest

from . import needs

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "Cargo.toml"

pytestmark = pytest.mark.skipif(
    not MANIFEST.is_file(), reason="only the wheel is here"
)


@pytest.fixture(scope="module")
def version():
    found = re.search(
        r'^version = "(.+)"$', MANIFEST.read_text("utf-8"), re.MULTILINE
    )
    return found.group(1)


@pytest.fixture(scope="module")
def files():
    """Return the text of each file of the repository by its path."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=str(ROOT), stdout=subprocess.PIPE
    )
    if listed.returncode:
        pytest.skip("no repository is here")
    found = {}
    for path in listed.stdout.decode("utf-8").split("\n"):
        if path and (ROOT / path).is_file():
            content = (ROOT / path).read_bytes()
            found[path] = content.decode("utf-8", "replace")
    return found


def test_the_package_has_upstreams_version(version):
    upstream, _, label = version.partition("+")
    assert gazu.__version__ == gazu.client.__version__ == upstream
    assert re.fullmatch(r"rs\.\d+", label)


@needs.git
def test_no_other_source_file_states_the_version(version, files):
    """Lock files and recordings are excepted, because programs write them."""
    upstream = re.escape(version.partition("+")[0])
    stated = {
        path
        for path, text in files.items()
        if re.search(r"\.(py|pyi|rs|toml|yml)$|akefile", path)
        and re.search(r"(?<![\w.])%s(?![\d.]*\d)" % upstream, text)
    }
    assert stated == {"Cargo.toml"}


@needs.git
def test_documentation_names_this_release(version, files):
    """The changelog is excepted, because it describes earlier releases, too."""
    upstream = version.partition("+")[0]
    other = {
        (path, named)
        for path, text in files.items()
        if path.endswith(".md") and path != "CHANGELOG.md"
        for pattern, right in (
            (r"\b(\d+\.\d+\.\d+\+rs\.\d+)", version),
            (r"gazu(?:==|`\s)(\d+\.\d+\.\d+)", upstream),
        )
        for named in re.findall(pattern, text)
        if named != right
    }
    assert not other
