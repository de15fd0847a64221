"""Names that upstream has removed behave as in their last release."""

import pytest

from . import old_names


@pytest.mark.parametrize("name", sorted(old_names.load()))
def test_an_old_name_behaves_as_in_its_last_release(comparison, name):
    known = old_names.known()
    lines = []
    for call, expected, record in comparison.old[name]:
        assert "missing" not in record, record["missing"]
        found = old_names.essence(record, known)
        if old_names.is_meant(name, call, expected, found):
            continue
        for key in sorted(set(expected) | set(found)):
            if expected.get(key) != found.get(key):
                lines.append(
                    "%s: %s was %.300s, is %.300s"
                    % (call["variant"], key, expected.get(key), found.get(key))
                )
    release = old_names.load()[name]["release"]
    assert not lines, "gazu.%s is not as in %s:\n%s" % (
        name,
        release,
        "\n".join(lines[:8]),
    )


@pytest.mark.parametrize("name", sorted(old_names.load()))
def test_an_old_name_warns_once_and_names_its_successor(comparison, name):
    _, _, record = comparison.old[name][0]
    warned = [
        text
        for kind, text in record.get("warnings", [])
        if kind == "DeprecationWarning"
    ]
    assert len(warned) == 1, warned
    assert "gazu." in warned[0]


def test_all_old_names_are_recorded():
    assert set(old_names.load()) == set(old_names.RELEASES)


@pytest.mark.parametrize("name", sorted(old_names.ALIASES))
def test_a_misspelt_name_calls_the_function(comparison, name):
    calls = comparison.aliases[name]
    assert calls
    for call, meant, found in calls:
        if old_names.is_of_another_form(name, call):
            continue
        warned = found.pop("warnings", [])
        assert [kind for kind, _ in warned] == ["DeprecationWarning"], call[
            "variant"
        ]
        # Python's TypeError contains the name of the called function.
        for record in (meant, found):
            error = record.get("error", {})
            if error.get("raised") == "TypeError":
                error.update(args=[], text="")
        assert found == meant, call["variant"]
