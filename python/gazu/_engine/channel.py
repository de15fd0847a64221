"""
The second name under which the package is published.

Package indexes that take no local versions have it as ``gazu-rs``. It installs the
same files as ``gazu``, so that pip would let both write into each other's files.
``tools/channel.py`` makes that package call ``check``.
"""

from __future__ import annotations

import os


def check(name: str, package: str) -> None:
    """
    Check that no other distribution has written into the package's folder.

    Args:
        name: The name of this distribution.
        package: The folder of the package.

    Raises:
        ImportError: a distribution ``gazu`` is installed in the same folder.
    """
    site = os.path.dirname(package)
    for entry in os.listdir(site):
        if entry.startswith("gazu-") and entry.endswith(
            (".dist-info", ".egg-info")
        ):
            raise ImportError(
                "{0} and {1} are installed in the same folder, {2}, and each has "
                "overwritten files of the other: remove both with `pip uninstall "
                "gazu {0}`, and install one of them".format(name, entry, site)
            )
