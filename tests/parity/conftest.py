import os

import pytest

from . import environment
from .added import Added
from .compare import Comparison

#: Seconds for one test: the first of them installs upstream and records both sides.
LIMIT = 1800


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Set the limit of the tests here, before other folders set theirs."""
    if not config.pluginmanager.hasplugin("timeout"):
        return
    here = os.path.dirname(os.path.abspath(__file__)) + os.sep
    for item in items:
        if str(item.fspath).startswith(here):
            item.add_marker(pytest.mark.timeout(LIMIT))


@pytest.fixture(scope="session")
def comparison():
    """Both sides, recorded once for the whole session."""
    return Comparison()


@pytest.fixture(scope="session")
def added():
    """The calls of the functions that upstream does not have, recorded once."""
    return Added()


@pytest.fixture
def compared(record_property):
    """Notes which public name a test compares, for the summary."""
    return lambda name: record_property(COMPARED, name)


COMPARED = "compared with upstream"


def pytest_terminal_summary(terminalreporter):
    # Read the reports, which may come from other processes.
    verdicts = {}
    for outcome in ("failed", "passed"):
        for report in terminalreporter.stats.get(outcome, []):
            found = dict(getattr(report, "user_properties", ()))
            if COMPARED in found and report.when == "call":
                verdicts[found[COMPARED]] = outcome == "passed"
    if not verdicts:
        return
    terminalreporter.section("parity with gazu " + environment.VERSION)
    terminalreporter.line(
        "identical: %d of %d" % (sum(verdicts.values()), len(verdicts))
    )
    for name in sorted(name for name in verdicts if not verdicts[name]):
        terminalreporter.line("  differs: gazu." + name)
