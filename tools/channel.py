"""
Give a wheel or a source archive another distribution name.

    python tools/channel.py gazu-rs dist/gazu-*.whl dist/gazu-*.tar.gz

PyPI has upstream's package as ``gazu``, and takes no versions with a local label. So
the package can be published as ``gazu-rs``, too: version 1.2.3+rs.4 is 1.2.3.4 there.
It installs the same package ``gazu``, which refuses to be imported where upstream's
package is in the same folder (``gazu._engine.channel``).

The new file replaces the old one, and its path is printed.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import re
import sys
import tarfile
import zipfile
from pathlib import Path

IMPORTED = "from ._engine import lazy\n"
CHECK = """\
from ._engine import lazy
from ._engine.channel import check as _check

_check("{name}", __path__[0])
del _check
"""


class Renaming:
    """The old and the new name and version."""

    def __init__(self, name: str, old: str) -> None:
        self.name = name
        self.old = old
        self.file_name = re.sub(r"[-_.]+", "_", name).lower()
        self.old_version = old.split("-")[1]
        self.version = self.old_version.replace("+rs", "")

    @property
    def folder(self) -> str:
        return "{}-{}".format(self.file_name, self.version)

    def path(self, path: str) -> str:
        """Return the new path of a member."""
        first, slash, rest = path.partition("/")
        if first == self.old:
            first = self.folder
        elif first == self.old + ".dist-info":
            first = self.folder + ".dist-info"
        return first + slash + rest

    def content(self, path: str, content: bytes) -> bytes:
        """Return the new content of a member."""
        name = path.rpartition("/")[2]
        if name in ("METADATA", "PKG-INFO"):
            return self._replaced(
                content,
                ("Name: gazu\n", "Name: {}\n".format(self.name)),
                ("Version: " + self.old_version, "Version: " + self.version),
            )
        if path.endswith("pyproject.toml") and path.count("/") == 1:
            return self._replaced(
                content,
                ('name = "gazu"', 'name = "{}"'.format(self.name)),
                ('dynamic = ["version"]', 'version = "%s"' % self.version),
            )
        if re.search(r"^(gazu|.*/python/gazu)/__init__\.py$", path):
            content = self._replaced(
                content, (IMPORTED, CHECK.format(name=self.name))
            )
        if name.endswith(".py"):
            extras = rb"\bgazu\[(cli|events)\]"
            content = re.sub(extras, self.name.encode() + rb"[\1]", content)
        return content

    @staticmethod
    def _replaced(content: bytes, *pairs) -> bytes:
        for old, new in pairs:
            if old.encode() not in content:
                raise SystemExit("there is no {!r} to replace".format(old))
            content = content.replace(old.encode(), new.encode(), 1)
        return content


def convert_wheel(name: str, wheel: Path) -> Path:
    """Write the wheel under its new name."""
    renaming = Renaming(name, "-".join(wheel.name.split("-")[:2]))
    tags = wheel.name.split("-", 2)[2]
    target = wheel.with_name("{}-{}".format(renaming.folder, tags))
    record = []
    with zipfile.ZipFile(str(wheel)) as old, zipfile.ZipFile(
        str(target), "w", zipfile.ZIP_DEFLATED
    ) as new:
        for member in old.infolist():
            if member.filename.endswith(".dist-info/RECORD"):
                last = member
                continue
            path = renaming.path(member.filename)
            content = renaming.content(member.filename, old.read(member))
            digest = hashlib.sha256(content).digest()
            encoded = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            record.append(
                "{},sha256={},{}".format(path, encoded, len(content))
            )
            member.filename = path
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, content)
        last.filename = renaming.path(last.filename)
        record.append(last.filename + ",,")
        new.writestr(last, "\n".join(record) + "\n")
    wheel.unlink()
    return target


def convert_archive(name: str, archive: Path) -> Path:
    """Write the source archive under its new name."""
    renaming = Renaming(name, archive.name[: -len(".tar.gz")])
    target = archive.with_name(renaming.folder + ".tar.gz")
    with tarfile.open(str(archive)) as old, tarfile.open(
        str(target), "w:gz"
    ) as new:
        for member in old:
            stream = old.extractfile(member)
            if stream is None:
                raise SystemExit("{} is no file".format(member.name))
            content = renaming.content(member.name, stream.read())
            member.name = renaming.path(member.name)
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    archive.unlink()
    return target


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args()
    for path in options.files:
        convert = convert_wheel if path.suffix == ".whl" else convert_archive
        print(convert(options.name, path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
