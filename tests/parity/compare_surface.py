"""Compare what both packages offer: names, kinds, signatures, classes."""

from . import differences

_LEAK_ORIGINS = ("gazu",)


def public(surface):
    """Return the public names that a module defines itself."""
    names = []
    for module, namespace in surface.items():
        full = "gazu." + module if module else "gazu"
        for name, record in namespace.items():
            if name.startswith("_"):
                continue
            own = record.get("module") == full and record["kind"] != "object"
            command = module == "cli" and record.get("module", "").startswith(
                "click"
            )
            if own or command:
                names.append((module + "." if module else "") + name)
    return names


def _find(surface, name):
    module, _, attribute = name.rpartition(".")
    return surface.get(module, {}).get(attribute)


def differ(surfaces, name):
    """Return how a public name differs, as lines of text."""
    left, right = (
        _find(surfaces["upstream"], name),
        _find(surfaces["ours"], name),
    )
    if right is None:
        return ["missing"]
    if left is None:
        return ["not upstream"]
    lines = []
    _compare("", left, right, lines)
    return [
        line for line in lines if not differences.surface_is_meant(name, line)
    ]


def meant(surfaces):
    """Return the keys of the intended differences of the surface that were found."""
    found = set()
    for name in public(surfaces["upstream"]):
        left, right = (
            _find(surfaces["upstream"], name),
            _find(surfaces["ours"], name),
        )
        if left is not None and right is not None:
            lines = []
            _compare("", left, right, lines)
            for line in lines:
                found |= differences.surface_keys(name, line)
    for line in _leaks(surfaces):
        found |= differences.surface_keys("", line)
    return found


def _compare(path, left, right, lines):
    for key in left:
        place = (path + "/" + key).strip("/")
        if key == "documented":
            if left[key] and not right[key]:
                lines.append("no docstring")
        elif key not in right:
            lines.append("%s: missing" % place)
        elif key == "members":
            # A class here may have more members than upstream's.
            for member, record in left[key].items():
                if member not in right[key]:
                    lines.append("member %s: missing" % member)
                else:
                    _compare(
                        "member " + member, record, right[key][member], lines
                    )
        elif key == "parameters":
            _compare_parameters(place, left[key], right[key], lines)
        elif key == "bases":
            # A class here may have additional bases.
            if [b for b in right[key] if b in left[key]] != left[key]:
                lines.append(
                    "%s: %s, here %s" % (place, left[key], right[key])
                )
        elif left[key] != right[key]:
            lines.append("%s: %s, here %s" % (place, left[key], right[key]))


def _compare_parameters(place, left, right, lines):
    names = [p["name"] for p in left], [p["name"] for p in right]
    more = right[len(left) :]
    if (
        names[0] == names[1][: len(left)]
        and more
        and all("default" in p for p in more)
    ):
        lines.append(
            "%s: more arguments: %s"
            % (place, ", ".join(p["name"] for p in more))
        )
    elif names[0] != names[1]:
        lines.append("%s: %s, here %s" % (place, names[0], names[1]))
        return
    for one, other in zip(left, right):
        for key in sorted(set(one) | set(other)):
            if one.get(key) != other.get(key):
                lines.append(
                    "parameter %s, %s: %s, here %s"
                    % (
                        one["name"],
                        key,
                        one.get(key, "none"),
                        other.get(key, "none"),
                    )
                )


def differ_leaks(surfaces):
    """Return the names that upstream's modules leak and that are missing here, as lines."""
    return [
        line
        for line in _leaks(surfaces)
        if not differences.surface_keys("", line)
    ]


def _leaks(surfaces):
    public_names = set(public(surfaces["upstream"]))
    lines = []
    for module, namespace in surfaces["upstream"].items():
        for name, record in namespace.items():
            full = (module + "." if module else "") + name
            if full in public_names or (
                name.startswith("_") and name != "__version__"
            ):
                continue
            other = surfaces["ours"].get(module, {}).get(name)
            if other is None:
                lines.append(
                    "gazu.%s (%s) is missing" % (full, _origin(record))
                )
            elif (
                record["kind"] in ("function", "class", "module")
                and other != record
            ):
                if _identity(record) != _identity(other):
                    lines.append(
                        "gazu.%s is %s, here %s"
                        % (full, _identity(record), _identity(other))
                    )
            elif "value" in record and record != other:
                lines.append("gazu.%s: %s, here %s" % (full, record, other))
    return lines


def noise(surfaces):
    """Return the names that ``dir`` lists here, that upstream's lacks, and that a module imports."""
    found = []
    for module, namespace in surfaces["upstream"].items():
        full = "gazu." + module if module else "gazu"
        for name, record in surfaces["ours"].get(module, {}).items():
            imported = record.get("module", full) not in (full, "value") or (
                record["kind"] == "module"
                and not record["of"].startswith("gazu.")
            )
            if imported and name not in namespace:
                found.append(full + "." + name)
    return found


def _origin(record):
    return record.get("of") or record.get("module") or record["kind"]


def _identity(record):
    return (
        record["kind"],
        record.get("of") or record.get("module"),
        record.get("name"),
    )
