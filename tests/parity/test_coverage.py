"""The suite calls every function in all the ways that it should."""

import inspect

import pytest

from . import plan, replies, scenarios

ROWS = plan.load_rows()
CALLED = sorted(name for name, row in ROWS.items() if not row.scenario)


def described(comparison, name):
    module, _, function = name.rpartition(".")
    return comparison.surfaces["upstream"][module][function]


def calls_of(comparison, name):
    """Return the calls of a function, without scenarios and repetitions."""
    calls = [call for call, _, _ in comparison.by_function[name]]
    return [call for call in calls if "variant" in call]


def parameters_of(comparison, name):
    return [
        p
        for p in described(comparison, name).get("parameters", [])
        if not p["kind"].startswith("VAR_")
    ]


@pytest.mark.parametrize("name", CALLED)
def test_every_argument_is_passed(comparison, name):
    """Optional arguments are also passed alone, by name."""
    parameters = parameters_of(comparison, name)
    calls = calls_of(comparison, name)
    passed = {key for call in calls for key in call.get("kwargs", {})}
    missing = {p["name"] for p in parameters} - passed
    assert not missing, "no call passes %s" % sorted(missing)
    # The row passes these with every call, because the function needs one of them.
    needed = {p["name"] for p in parameters if "default" not in p}
    needed |= set(ROWS[name].args)
    for p in parameters:
        if "default" in p and p["name"] != "client":
            alone = [
                call
                for call in calls
                if not call.get("bad")
                and p["name"] in call["kwargs"]
                and set(call["kwargs"]) - needed <= {p["name"], "client"}
            ]
            assert alone, "no call passes %s alone" % p["name"]


@pytest.mark.parametrize("name", CALLED)
def test_every_argument_receives_bad_input(comparison, name):
    variants = {call["variant"] for call in calls_of(comparison, name)}
    for p in parameters_of(comparison, name):
        if p["name"] != "client":
            for kind in ("None", "int"):
                label = "bad: %s is %s" % (p["name"], kind)
                # open() reads a number as a file descriptor of this process.
                skipped = kind == "int" and p["name"] in plan.FILES
                assert label in variants or skipped
    assert "bad: unknown keyword" in variants


@pytest.mark.parametrize("name", CALLED)
def test_every_answer_is_sent(comparison, name):
    if ROWS[name].silent:
        return
    variants = {call["variant"] for call in calls_of(comparison, name)}
    missing = {"answer: " + key for key in replies.ANSWERS} - variants
    assert not missing, sorted(missing)


@pytest.mark.parametrize(
    "name", sorted(name for name, row in ROWS.items() if row.scenario)
)
def test_scenarios_pass_every_argument(comparison, name):
    parameters = parameters_of(comparison, name)
    source = "".join(
        inspect.getsource(scenarios.find(call))
        for call, _, _ in comparison.by_function[name]
    )
    missing = [
        p["name"]
        for p in parameters
        if "default" in p and p["name"] not in source
    ]
    assert not missing, missing
