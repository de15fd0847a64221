"""The index of the search: with the words of each name, so that each of them finds it."""

from __future__ import annotations

import json
import re

#: A name, such as ``download_preview_file_thumbnail``. A tag has no such part.
NAME = re.compile(r"\w+_\w+")


def with_words(index: str) -> str:
    """
    Return the index with the words of the names in its titles, which are not shown.

    Args:
        index: The index as JSON.
    """
    found = json.loads(index)
    for each in found["docs"]:
        names = NAME.findall(each["title"])
        words = " ".join(names).replace("_", " ")
        if words:
            each["title"] += "<span hidden> {}</span>".format(words)
    return json.dumps(found)
