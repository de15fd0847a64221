"""
Build the wheel for Windows: on Linux with mingw's linker, or on Windows itself.

    python tools/windows/build.py --out dist --profile quick

The compiler's library for Windows is that of tools/rust.py, and the linker is Debian's
mingw-w64, which root installs if it is missing. Python for Windows is not needed.
Prints the path of the wheel. With ``--if-possible``, the program prints why it builds
nothing, and ends with status 0, if this machine lacks a tool and cannot install it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from debian import NotAvailable, install
from rust import ROOT, environment

#: What is kept between the runs.
CACHE = ROOT / ".cache" / "windows"
TARGET = "x86_64-pc-windows-gnu"
LINKER = "x86_64-w64-mingw32-gcc"


def remapping() -> str:
    """Return the flags that keep the paths of this machine out of the wheel."""
    cargo = os.environ.get("CARGO_HOME", os.path.expanduser("~/.cargo"))
    return " ".join(
        [
            "--remap-path-prefix={}=".format(ROOT),
            "--remap-path-prefix={}=".format(
                os.path.join(cargo, "registry", "src", "")
            ),
        ]
    )


def build(out: Path, profile: str) -> Path:
    """Build the wheel and return its path. Raises NotAvailable."""
    variables = dict(os.environ, RUSTFLAGS=remapping())
    target = []
    if os.name != "nt":
        install(["gcc-mingw-w64-x86-64-posix"], [LINKER])
        variables["CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER"] = LINKER
        variables.update(environment(TARGET))
        target = ["--target", TARGET]
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*-win_*.whl"):
        old.unlink()
    command = [
        sys.executable, "-m", "maturin",
        "build", "--quiet", "--locked",
        "--profile", profile,
        "--out", str(out),
        *target,
    ]  # fmt: skip
    subprocess.run(command, check=True, cwd=str(ROOT), env=variables)
    (wheel,) = out.glob("*-win_*.whl")
    return wheel


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--profile", default="release")
    parser.add_argument("--if-possible", action="store_true")
    options = parser.parse_args()
    try:
        print(build(options.out, options.profile))
    except NotAvailable as error:
        print("Windows: NOT BUILT: {}".format(error))
        return 0 if options.if_possible else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
