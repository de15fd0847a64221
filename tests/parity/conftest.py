import pytest

from . import environment
from .compare import Comparison


@pytest.fixture(scope="session")
def comparison():
    """Both sides, recorded once for the whole session."""
    return Comparison()


@pytest.fixture
def compared(record_property):
    """Notes which public name a test compares, for the summary."""
    return lambda name: record_property(COMPARED, name)


COMPARED = "compared with upstream"


def pytest_terminal_summary(terminalreporter):
    # From the reports, which come from other processes where there are several.
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
