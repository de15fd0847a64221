import pytest

from . import environment
from .compare import Comparison

_RESULTS = {}


@pytest.fixture(scope="session")
def comparison():
    """Both sides, recorded once for the whole session."""
    return Comparison()


@pytest.fixture
def verdicts():
    """Collects ``{public name: identical}`` for the summary."""
    return _RESULTS


def pytest_terminal_summary(terminalreporter):
    if not _RESULTS:
        return
    same = sum(_RESULTS.values())
    terminalreporter.section("parity with gazu " + environment.VERSION)
    terminalreporter.line("identical: %d of %d" % (same, len(_RESULTS)))
    for name in sorted(
        name for name, identical in _RESULTS.items() if not identical
    ):
        terminalreporter.line("  differs: gazu." + name)
