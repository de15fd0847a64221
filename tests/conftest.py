"""Which tests share a process in ``make test`` and ``pytest -n 2 --dist loadgroup``."""

from __future__ import annotations

import pytest

#: Folders whose tests share servers or recordings that take long to create.
TOGETHER = ("tests/parity/", "tests/server/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Run the tests of a file in one process, and those of each of these folders."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            for folder in TOGETHER:
                if nodeid.startswith(folder):
                    return folder
            return nodeid.partition("::")[0]

    return Together(config, log)
