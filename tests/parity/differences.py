"""The differences from upstream that are meant, each with its reason.

A difference changes the two records of a call where they differ on purpose, so
that the rest of them is still compared. One that no call meets any more fails the
suite: it is then no difference, and its line must go.
"""


class Difference(object):
    """One meant difference.

    ``where(call)`` selects calls; ``level(call, reference, ours)`` makes the two
    records equal where the difference applies, and tells whether it did.
    """

    def __init__(self, key, reason, level, where=None):
        self.key = key
        self.reason = reason
        self.level = level
        self.where = where

    def apply(self, call, reference, ours):
        if self.where is not None and not self.where(call):
            return False
        return self.level(reference, ours)


def _same_class(reference, ours):
    left, right = reference.get("error"), ours.get("error")
    return bool(left and right and left["raised"] == right["raised"])


def _message_of_bad_input(reference, ours):
    if not _same_class(reference, ours):
        return False
    changed = False
    for key in ("args", "text", "errno", "filename", "module", "bases"):
        if reference["error"][key] != ours["error"][key]:
            if key in ("module", "bases", "errno", "filename"):
                return False
            ours["error"][key] = reference["error"][key]
            changed = True
    return changed


def _library_error(reference, ours):
    """Level errors of requests and aiohttp with ours of the same name."""
    left, right = reference.get("error"), ours.get("error")
    if not left or not right:
        return False
    if left["module"].split(".")[0] not in ("requests", "aiohttp"):
        return False
    if left["raised"] != right["raised"]:
        return False
    if left["bases"] != right["bases"][: len(left["bases"])] and not set(left["bases"]) <= set(
        right["bases"]
    ):
        return False
    if left == right:
        return False
    ours["error"] = left
    return True


DIFFERENCES = [
    Difference(
        "message of bad input",
        "For an argument that cannot be used, the class of the exception is "
        "upstream's; the message names the argument.",
        _message_of_bad_input,
        where=lambda call: call.get("bad", False),
    ),
    Difference(
        "errors of the HTTP library",
        "Upstream lets exceptions of requests and aiohttp out. Neither is required "
        "here: the exception has the same name and the same built-in bases.",
        _library_error,
    ),
]


def apply(call, reference, ours):
    """Level all meant differences in two records; return the keys of those met."""
    return {d.key for d in DIFFERENCES if d.apply(call, reference, ours)}


# Differences of the surface: key -> (reason, does a line of the comparison show it).
SURFACE = {}


def surface_keys(name, line):
    """Return the keys of the meant differences that *line* about *name* shows."""
    return {key for key, (_, shows) in SURFACE.items() if shows(name, line)}


def surface_is_meant(name, line):
    return bool(surface_keys(name, line))
