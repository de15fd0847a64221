"""Every public name of upstream has the same signature, requests and results."""

import json

import pytest

from . import compare_surface, differences, plan
from .compare import title

ROWS = plan.load_rows()
SHOWN = 12


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_name_behaves_as_upstreams(comparison, compared, name):
    compared(name)
    lines = compare_surface.differ(comparison.surfaces, name)
    calls = comparison.differences(name)
    assert calls, "no call and no scenario for gazu." + name
    for call, found, _ in calls:
        lines.extend(
            "%s\n      %s" % (title(call), line) for line in found[:3]
        )
    text = "\n".join("  - " + line for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        text += "\n  and %d more" % (len(lines) - SHOWN)
    assert not lines, "gazu.%s differs from upstream:\n%s" % (name, text)


def test_every_public_name_has_a_row(comparison):
    missing = sorted(
        set(compare_surface.public(comparison.surfaces["upstream"]))
        - set(ROWS)
    )
    assert not missing, "no row for: " + ", ".join(missing)
    extinct = sorted(
        set(ROWS)
        - set(compare_surface.public(comparison.surfaces["upstream"]))
    )
    assert not extinct, "rows for names that upstream has not: " + ", ".join(
        extinct
    )


def test_upstream_sends_requests(comparison):
    """A call that fails before upstream sends it compares no requests."""
    wrong = []
    for call, reference, _ in _reference_calls(comparison):
        record = json.loads(reference)
        for key in ("driver failed", "missing"):
            if key in record:
                wrong.append("%s: %s" % (title(call), record[key]))
        if call.get("variant") not in (
            "ids",
            "dicts",
            "all",
            "positional",
            "client",
        ):
            continue
        row = ROWS[call["function"]]
        if row.silent == ("requests" in record):
            wrong.append(
                title(call) + (": sends" if row.silent else ": sends nothing")
            )
        if not row.raises and "error" in record:
            wrong.append(
                "%s: raises %s" % (title(call), record["error"]["text"])
            )
    assert not wrong, "\n".join(wrong)


def test_every_intended_difference_exists(comparison):
    met = set()
    for name in comparison.by_function:
        for _, _, keys in comparison.differences(name):
            met |= keys
    met |= compare_surface.meant(comparison.surfaces)
    listed = {d.key for d in differences.DIFFERENCES} | set(
        differences.SURFACE
    )
    assert listed == met, "no difference any more: %s" % sorted(listed - met)


def test_our_side_is_not_upstream(comparison):
    """Otherwise the package would be compared with itself."""
    assert "auth" in comparison.surfaces["ours"]


def test_leaked_names_exist(comparison):
    """Scripts use names that modules leak: see ``compare_surface.differ_leaks``."""
    lines = compare_surface.differ_leaks(comparison.surfaces)
    assert not lines, "\n".join(lines)


def test_dir_lists_no_more_helpers_than_upstreams(comparison):
    """Names that upstream leaks are listed: see the test above."""
    found = compare_surface.noise(comparison.surfaces)
    commands = [name for name in found if name.startswith("gazu.cli.")]
    assert (
        sorted(
            set(found)
            - {
                *commands,
                "gazu.cache.StaleAnswerWarning",
                "gazu.events.Consumer",
            }
        )
        == []
    )


def _reference_calls(comparison):
    seen = set()
    for calls in comparison.by_function.values():
        for call, reference, ours in calls:
            key = title(call)
            if key not in seen:
                seen.add(key)
                yield call, reference, ours
