"""Groups of the functions of a module, by what the functions are about."""

from __future__ import annotations

from collections import Counter
from typing import Iterator

Words = tuple[str, ...]

#: Words after which a name goes on about something else: ``all_tasks_for_shot``.
PREPOSITIONS = {
    *("for", "by", "from", "to", "into", "in", "with", "of", "at", "as"),
    *("and", "on"),
}
#: Words without a plural.
UNCOUNTABLE = ("casting", "spent")
#: A group has at least so many functions.
SMALLEST = 3
#: So many functions are a group of their own, beside that of a wider subject.
LARGE = 5
#: A module with fewer functions has no groups.
WORTH_GROUPS = 12
OTHERS = "More"


def subjects(name: str) -> list[Words]:
    """
    Return what a function is about, as words in the singular.

    The first word of a name is a verb. So ``all_task_types_for_shot`` is about
    ``("task", "type")``, and then about ``("shot",)``.
    """
    found: list[list[str]] = [[]]
    for word in name.split("_")[1:]:
        if word in PREPOSITIONS:
            found.append([])
        elif word != "all" or found[-1]:
            found[-1].append(singular(word))
    return [tuple(words) for words in found if words]


def singular(word: str) -> str:
    """Return the singular of an English plural; other words as they are."""
    if word.endswith("statuses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "os")):
        return word[:-1]
    return word


def title(words: Words) -> str:
    """Return the heading of a group."""
    text = " ".join(words).replace("url", "URL")
    if text.endswith("y"):
        text = text[:-1] + "ies"
    elif text.endswith("us"):
        text += "es"
    elif not text.endswith(("s", *UNCOUNTABLE)):
        text += "s"
    return text[0].upper() + text[1:]


def parts(words: Words) -> Iterator[Words]:
    """Yield the parts of a subject: those at its end, at its start, and within."""
    size = len(words)
    for start in range(1, size):
        yield words[start:]
    for end in range(size - 1, 0, -1):
        yield words[:end]
    for start in range(1, size - 1):
        for end in range(size - 1, start, -1):
            yield words[start:end]


def grouped(names: list[str]) -> dict[str, list[str]]:
    """
    Return the names by the headings of their groups, the largest group first.

    A name belongs to what it is about if enough names are about the same, or else to
    a part of that: ``get_open_tasks_stats`` to the tasks. Modules of different kinds
    of functions are grouped by verbs, and small ones not at all: the heading is then
    empty.

    Args:
        names: The names of all functions of a module.
    """
    if len(names) < WORTH_GROUPS:
        return {"": names} if names else {}
    groups = by_subject(names)
    if len(groups.get(OTHERS, ())) > len(names) / 2:
        groups = by_verb(names)
    if len(groups.get(OTHERS, ())) > len(names) / 2 or len(groups) == 1:
        return {"": names}
    order = sorted(
        groups, key=lambda each: (each == OTHERS, -len(groups[each]))
    )
    return {heading: groups[heading] for heading in order}


def by_verb(names: list[str]) -> dict[str, list[str]]:
    """Return the names by their first words."""
    counts = Counter(name.partition("_")[0] for name in names)
    groups: dict[str, list[str]] = {}
    for name in names:
        verb = name.partition("_")[0]
        heading = verb.capitalize() if counts[verb] >= SMALLEST else OTHERS
        groups.setdefault(heading, []).append(name)
    return groups


def by_subject(names: list[str]) -> dict[str, list[str]]:
    """Return the names by what they are about."""
    about = {name: subjects(name) for name in names}
    exact = Counter(found[0] for found in about.values() if found)
    ends = Counter(
        found[0][start:]
        for found in about.values()
        if found
        for start in range(len(found[0]))
    )

    def group(name: str) -> Words | None:
        for words in about[name]:
            if exact[words] >= LARGE:
                return words
            for part in parts(words):
                if exact[part] >= SMALLEST:
                    return part
            for part in (words, *parts(words)):
                if ends[part] >= SMALLEST:
                    return part
        return None

    chosen = {name: group(name) for name in names}
    sizes = Counter(chosen.values())
    groups: dict[str, list[str]] = {}
    for name, words in chosen.items():
        large = words is not None and sizes[words] >= SMALLEST
        groups.setdefault(title(words) if large else OTHERS, []).append(name)
    return groups
