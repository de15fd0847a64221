"""
Windows' CPythons, and wine to run them.

There is no installer of CPython on the package indexes, but panda3d's wheels contain
its libraries and extension modules, as they are released for Windows. The modules in
Python are those of this machine's CPython of the same version, which has them for all
platforms. ``python.exe`` starts the interpreter, and ``python3.dll`` forwards the
stable ABI to it; both are compiled here.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import matrix
from build import CACHE, LINKER
from debian import NotAvailable, install, output
from rust import ROOT

HERE = Path(__file__).resolve().parent
REQUIREMENTS = ROOT / "tests" / "requirements.txt"
OBJDUMP = "x86_64-w64-mingw32-objdump"
COMPILE = (LINKER, "-O2", "-s", "-o")
#: What wine prints when its server ends by a fault of its own, and all programs with it.
CRASHED = re.compile(rb"wineserver(64: .* Assertion| crashed)")
# What a test must not need is left out: tests, windows, and what only runs elsewhere.
LEFT_OUT = (
    "site-packages", "test", "tests", "lib-dynload", "config-*", "idlelib", "tkinter",
    "turtledemo", "ensurepip", "__pycache__", "*.a",
)  # fmt: skip


def wine_of(home: Path, number: int = 1) -> Path:
    """
    Return the folder of one of a Python's wines.

    Each has its own drives, registry and server. Tests change the registry, and the
    server of wine 8 has crashed when several programs tested networks under it.
    """
    return home / "wine-{}".format(number)


def variables(wine: Path) -> dict:
    """Return the environment of programs under a wine."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    }
    return dict(
        environment,
        WINEPREFIX=str(wine),
        WINEDEBUG="-all",
        # No .NET, no browser, no entries in the menu, no debugger of a crash.
        WINEDLLOVERRIDES="mscoree=d;mshtml=d;winemenubuilder.exe=d;winedbg.exe=d",
        PYTHONDONTWRITEBYTECODE="1",
    )


def prepare_wine(wine: Path) -> None:
    """Make a wine, unless it is there."""
    if (wine / "complete").exists():
        return
    quiet(wine, "wineboot", "--init")
    quiet(wine, "wineserver", "--wait")
    if not (wine / "system.reg").exists():
        raise NotAvailable("wine cannot make its drive C")
    # Instead of drive Z, on which tests would find Linux's /proc and /dev.
    (wine / "dosdevices" / "z:").unlink()
    (wine / "dosdevices" / "p:").symlink_to(ROOT)
    # \\localhost\c$, which Windows itself shares.
    share = wine / "dosdevices" / "unc" / "localhost" / "c$"
    share.parent.mkdir(parents=True, exist_ok=True)
    share.symlink_to("../../../drive_c")
    # Python 3.7 looks for it only where Windows has it.
    random = wine / "drive_c/windows/system32/bcryptprimitives.dll"
    if not random.exists():
        output(
            *COMPILE, random, "-shared",
            HERE / "bcryptprimitives.c", "-ladvapi32",
        )  # fmt: skip
    (wine / "complete").touch()


def quiet(wine: Path, *command) -> int:
    return subprocess.call(
        command,
        env=variables(wine),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def stop(version) -> None:
    """End all programs under the wines of a Python."""
    for wine in home_of(version).glob("wine-*"):
        quiet(wine, "wineserver", "--kill")


def run(home, arguments, log, extra=None, timeout=None, number=1) -> int:
    """Run a Python under a wine, write its output to a log, and return its status."""
    process = subprocess.Popen(
        ["wine", str(home / "python.exe"), *map(str, arguments)],
        cwd=str(ROOT),
        env=dict(variables(wine_of(home, number)), **(extra or {})),
        stdin=subprocess.DEVNULL,
        # wine closes the output of a program only if it is a pipe.
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )

    def copy():
        # `read` would wait until it has all the bytes that it is asked for.
        for piece in iter(lambda: process.stdout.read1(65536), b""):
            log.write(piece)
            log.flush()
            if CRASHED.search(piece):
                # Its programs would wait for it for ever.
                process.kill()

    copier = threading.Thread(target=copy, daemon=True)
    copier.start()
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        log.write(b"\nended after %d seconds\n" % timeout)
        return 124
    # Programs that the tests left behind may hold the pipe open.
    copier.join(5)
    return code


def home_of(version) -> Path:
    return CACHE / "python-{}.{}".format(*version)


def install_programs() -> None:
    """Install wine and mingw, as root, unless they are there."""
    install(["wine", "wine64"], ["wine", "wineserver"])
    install(["gcc-mingw-w64-x86-64-posix"], [LINKER, OBJDUMP])


def prepare(version, with_upstream: bool, wines: int) -> None:
    """Put a Python together, with what the tests need."""
    home = home_of(version)
    stamp = home / "requirements"
    wanted = REQUIREMENTS.read_text()
    if not (stamp.exists() and stamp.read_text() == wanted):
        make(version, home)
        stamp.write_text(wanted)
    for number in range(1, wines + 1):
        prepare_wine(wine_of(home, number))
    if with_upstream:
        prepare_upstream(version)


def make(version, home: Path) -> None:
    """Put a Python together in a folder."""
    library = output(
        host(version), "-c",
        "import sysconfig; print(sysconfig.get_path('stdlib'))",
    ).strip()  # fmt: skip
    shutil.rmtree(str(home), ignore_errors=True)
    shutil.copytree(
        library, str(home / "Lib"), ignore=shutil.ignore_patterns(*LEFT_OUT)
    )
    binaries(version, home)
    short = "python{}{}".format(*version)
    output(
        *COMPILE, home / "python.exe", "-municode",
        '-DPYTHON_DLL=L"{}.dll"'.format(short), HERE / "python.c",
    )  # fmt: skip
    definition = home / "python3.def"
    definition.write_text(
        "LIBRARY python3.dll\nEXPORTS\n"
        + "".join(
            "  {0} = {1}.{0}\n".format(name, short)
            for name in exports(home / (short + ".dll"))
        )
    )
    output(
        *COMPILE, home / "python3.dll", "-shared",
        HERE / "empty.c", definition,
    )  # fmt: skip
    uv(version, home, "--requirement", REQUIREMENTS)
    compile_modules(version, home / "Lib")


@functools.lru_cache(maxsize=None)
def host(version) -> str:
    """Return this machine's Python of a version, whose modules the Windows one gets."""
    found = matrix.find()
    if version not in found:
        raise NotAvailable(
            "there is no CPython {}.{}, whose modules it needs".format(
                *version
            )
        )
    return found[version]


def prepare_upstream(version) -> None:
    """Make the environment of tests/parity, with upstream's release, as it would."""
    release = re.search(
        r'^version = "([\d.]+)', (ROOT / "Cargo.toml").read_text(), re.M
    ).group(1)
    home = home_of(version)
    folder = ROOT / ".cache" / "parity"
    folder /= "{}-py{}.{}-windows".format(release, *version)
    packages = ["gazu==" + release]
    packages += (ROOT / "tests/parity/requirements.txt").read_text().split()
    done = folder / "complete"
    wanted = "\n".join(packages)
    if done.exists() and done.read_text() == wanted:
        return
    shutil.rmtree(str(folder), ignore_errors=True)
    scripts = folder / "Scripts"
    scripts.mkdir(parents=True)
    for path in [home / "python.exe", *home.glob("*.dll")]:
        shutil.copy(str(path), str(scripts))
    (folder / "pyvenv.cfg").write_text(
        "include-system-site-packages = false\nhome = P:\\{}\n".format(
            str(home.relative_to(ROOT)).replace("/", "\\")
        )
    )
    uv(version, folder, *packages)
    compile_modules(version, folder / "Lib")
    done.write_text(wanted)


def compile_modules(version, folder: Path) -> None:
    """Compile modules, as installers do: programs that tests start need them at once."""
    # It fails for files that are no Python of this version, which nothing imports.
    command = [host(version), "-m", "compileall", "-q", str(folder)]
    subprocess.call(command, stdout=subprocess.DEVNULL)


def binaries(version, home: Path) -> None:
    """Unpack the libraries and extension modules of CPython from a wheel."""
    short = "{}{}".format(*version)
    wheels = CACHE / "wheels"
    output(
        sys.executable, "-m", "pip", "download", "--quiet",
        "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
        "--platform", "win_amd64", "--implementation", "cp",
        "--python-version", short,
        "--abi", "cp" + short + ("m" if version < (3, 8) else ""),
        "--dest", wheels, "panda3d",
    )  # fmt: skip
    (wheel,) = wheels.glob("panda3d-*-cp{}-*.whl".format(short))
    with zipfile.ZipFile(str(wheel)) as archive:
        for member in archive.namelist():
            name = member.rpartition("/")[2]
            if not re.match(r"deploy_libs/[^/]+\.(dll|pyd)$", member, re.I):
                continue
            # Without the GIL; windows; and what wine 8 cannot run, which `platform`
            # does without.
            if re.match(r"python3\d+t|(api-ms|tcl|tk|_wmi)", name, re.I):
                continue
            beside = re.match(r"(python|vcruntime|msvcp)", name, re.I)
            target = home / ("." if beside else "DLLs") / name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(archive.read(member))
    wheel.unlink()


def exports(library: Path) -> list:
    """Return the names that a library exports."""
    text = output(OBJDUMP, "-p", library)
    table = text.partition("[Ordinal/Name Pointer] Table")[2]
    return re.findall(r"^\s*\[\s*\d+\].*?\b(\w+)$", table, re.M)


def uv(version, home: Path, *arguments) -> None:
    """Install packages for a Windows Python, without running it."""
    output(
        Path(sys.executable).with_name("uv"),
        "pip", "install", "--quiet", "--only-binary", ":all:",
        "--python-platform", "x86_64-pc-windows-msvc",
        "--python-version", "{}.{}".format(*version),
        "--target", home / "Lib" / "site-packages", *arguments,
    )  # fmt: skip


def put(wheel: Path, version) -> None:
    """Replace the gazu of a Python by that of a wheel."""
    shutil.copy(str(HERE / "sitecustomize.py"), str(home_of(version) / "Lib"))
    packages = home_of(version) / "Lib" / "site-packages"
    for old in packages.glob("*gazu*"):
        shutil.rmtree(str(old))
    with zipfile.ZipFile(str(wheel)) as archive:
        archive.extractall(str(packages))
    compile_modules(version, packages / "gazu")
