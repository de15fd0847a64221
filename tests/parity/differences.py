"""The intended differences from upstream, each with its reason.

A difference makes two records of a call equal where they differ on purpose, so that
the rest of them is still compared. The suite fails if no call shows a difference any
more; then remove its entry.
"""

import base64
import gzip
import json
import re
import sys
import urllib.parse

# Variables of our side's process. They switch off what upstream does not have, for all
# calls except those of the scenario that shows it.
SETTINGS = {
    "GAZU_RETRIES": (
        "0",
        "Reads that fail on the way are tried again; upstream gives up.",
    ),
}

# Prefixes of the names of functions that write a file.
WRITERS = ("download", "extract", "export")

# Classes whose text comes from the HTTP library. The texts of all other exceptions have
# the server's message, and are compared.
_OWN_WORDS = {
    "AttributeError",
    "IndexError",
    "KeyError",
    "TaskStatusNotFoundException",
    "TypeError",
    "ValueError",
}


class Difference:
    """One intended difference: ``level(call, reference, ours)`` makes two records equal
    where it applies, and returns whether it did."""

    def __init__(self, key, reason, level):
        self.key = key
        self.reason = reason
        self.level = level


def _errors(left, right):
    """Yield the exceptions at the same place of both records."""
    if isinstance(left, dict) and isinstance(right, dict):
        if "raised" in left and "raised" in right:
            yield left, right
            return
        for key in left:
            if key in right:
                for pair in _errors(left[key], right[key]):
                    yield pair
    elif isinstance(left, list) and isinstance(right, list):
        for one, other in zip(left, right):
            for pair in _errors(one, other):
                yield pair


def _own_words(call, reference, ours):
    met = False
    for left, right in _errors(reference, ours):
        same = (
            left["raised"] == right["raised"] and left["raised"] in _OWN_WORDS
        )
        if same and (left["args"], left["text"]) != (
            right["args"],
            right["text"],
        ):
            right["args"], right["text"] = left["args"], left["text"]
            met = True
    return met


def _codes(call, reference, ours):
    met = False
    for left, right in _errors(reference, ours):
        same = ("raised", "errno", "filename")
        if right["text"].startswith("[WinError ") and all(
            left[key] == right[key] for key in same
        ):
            right["args"], right["text"] = left["args"], left["text"]
            met = True
    return met


def _line_ends(call, reference, ours):
    met = False
    for name, left in reference.get("files", {}).items():
        right = ours.get("files", {}).get(name, left)
        if left != right and "bytes" in left and "bytes" in right:
            one, other = (
                base64.b64decode(each["bytes"]) for each in (left, right)
            )
            if one.replace(b"\r\n", b"\n") == other:
                right["bytes"] = left["bytes"]
                met = True
    return met


def _refused_early(call, reference, ours):
    left, right = reference.get("error"), ours.get("error")
    if not left or not right:
        return False
    fewer = len(ours.get("requests", ())) < len(reference.get("requests", ()))
    name = call.get("function", "").rpartition(".")[2]
    # Another error may have come before.
    named = name.startswith(WRITERS) or name == "publish_preview"
    early = (fewer and right["errno"] and named) or (
        "requests" not in ours
        and right["raised"] in ("TypeError", "ValueError")
        and right["text"].endswith(("is not a mapping", "is needed"))
    )
    if early:
        ours["error"] = left
        for key in ("result", "log", "tokens", "warnings"):
            if key in reference:
                ours[key] = reference[key]
    elif left["raised"] != right["raised"] or left["module"] != "builtins":
        return False
    sent, fewer = reference.get("requests", []), ours.get("requests", [])
    if len(fewer) >= len(sent) or sent[: len(fewer)] != fewer:
        return False
    ours["requests"] = sent
    for key in ("callbacks", "files"):
        if key in reference:
            ours.setdefault(key, reference[key])
    return True


def _several_bad(call, reference, ours):
    left, right = reference.get("error"), ours.get("error")
    if call.get("odd", 0) < 2 or not left or not right or left == right:
        return False
    own = ("builtins", "requests.exceptions", "gazu._requests_compat.errors")
    if left["module"] not in own or right["module"] not in own:
        return False
    if "requests" in reference or "requests" in ours:
        return False
    ours["error"] = left
    return True


def _surrogates(call, reference, ours):
    error = ours.get("error", {})
    given = json.dumps([call.get("args"), call.get("kwargs")])
    if error.get("raised") != "UnicodeEncodeError" or "\\ud800" not in given:
        return False
    if "requests" in ours or not ({"requests", "result"} & set(reference)):
        return False
    reference.clear()
    reference.update(ours)
    return True


def _control_characters(call, reference, ours):
    error = ours.get("error", {})
    if error.get("raised") != "InvalidHeader" or "requests" in ours:
        return False
    if reference.get("error", {}).get("raised") == "InvalidHeader":
        return False
    tokens = json.dumps(call.get("client", {}).get("tokens"))
    if not re.search(r"\\u00[01]|\\u007f", tokens):
        return False
    reference.clear()
    reference.update(ours)
    return True


def _apostrophes(call, reference, ours):
    met = False
    for left, right in _request_pairs(reference, ours):
        path, mark, query = left["target"].partition("?")
        escaped = path + mark + query.replace("'", "%27")
        if left["target"] != right["target"] == escaped:
            right["target"] = left["target"]
            met = True
    answers = [
        side["result"]["response"]
        for side in (reference, ours)
        if met
        and isinstance(side.get("result"), dict)
        and "response" in side["result"]
    ]
    if len(answers) == 2:
        answers[1]["url"] = answers[1]["url"].replace("%27", "'")
    return met


def _unnamed_charset(call, reference, ours):
    # Include the requests of earlier calls, whose results a cache may have.
    answers = list(call.get("script", ()))
    for step in call.get("repeated", ()):
        answers.extend(step["script"])
    if not any(map(_names_no_charset, answers)):
        return False
    return _take_over_text(reference, ours)


def _names_no_charset(answer):
    headers = {name.lower(): text for name, text in answer.get("headers", ())}
    kind = headers.get("content-type", "application/octet-stream")
    known = "charset" in kind or "text" in kind or "json" in kind
    return "base64" in answer and not known


def _take_over_text(left, right):
    """Replace our texts that are not UTF-8 by upstream's; return whether there were any."""
    met = False
    places = []
    if isinstance(left, dict) and isinstance(right, dict):
        places = [key for key in left if key in right]
    elif isinstance(left, list) and isinstance(right, list):
        places = range(min(len(left), len(right)))
    for place in places:
        one, other = left[place], right[place]
        if isinstance(one, str) and isinstance(other, str):
            if one != other and re.search("[\ufffd\0]", other):
                right[place] = one
                met = True
        else:
            met = _take_over_text(one, other) or met
    return met


def _library_errors(call, reference, ours):
    met = False
    for left, right in _errors(reference, ours):
        library = left["module"].split(".")[0]
        # requests raises a plain OSError for missing certificates.
        plain = left["raised"] == "OSError" and left["errno"] is None
        own = library == "json" and _is_async(call)
        if OLD_LIBRARIES and call.get("variant", "") in _OLD_CERTIFICATES:
            right.clear()
            right.update(left)
            met = True
            continue
        if not plain and not own and library not in ("requests", "aiohttp"):
            continue
        name = left["raised"]
        if library == "aiohttp":
            name = _NAMES_OF_AIOHTTP.get(name, name)
        named = name == right["raised"]
        if OLD_LIBRARIES and {name, right["raised"]} == _NO_URL:
            named = True
        elif not set(left["bases"]) <= set(right["bases"]):
            continue
        if not named:
            continue
        if left != right:
            right.clear()
            right.update(left)
            met = True
    return met


# The last requests for older Pythons raises other exceptions for invalid URLs, and does
# not check the type of a certificate.
OLD_LIBRARIES = sys.version_info < (3, 10)
_NO_URL = {"MissingSchema", "InvalidURL"}
_OLD_CERTIFICATES = ("bad: cert is list", "bad: cert is dict without id")

# Exceptions of awaited requests whose names differ from those of blocking ones.
_NAMES_OF_AIOHTTP = {
    "ClientConnectorError": "ConnectionError",
    "ContentTypeError": "JSONDecodeError",
}


def _data(text):
    """Return the parts of a log line that a script may parse: ids, numbers, markup."""
    return sorted(re.findall(r"<[^<>]+>|[\w-]*\d[\w-]*", text))


def _log_words(call, reference, ours):
    left, right = reference.get("log", []), ours.get("log", [])
    met = False
    if len(left) == len(right):
        for one, other in zip(left, right):
            if one[2] != other[2] and _data(one[2]) == _data(other[2]):
                other[2] = one[2]
                met = True
    return met


def _header_case(call, reference, ours):
    met = False
    for left, right in _request_pairs(reference, ours):
        for one, other in zip(left["headers"], right["headers"]):
            if one[0] != other[0] and one[0].title() == other[0]:
                other[0] = one[0]
                met = True
    return met


def _is_async(call):
    return (
        call.get("function", "").startswith("aio.")
        or call.get("module") == "awaited"
    )


def _request_pairs(left, right):
    """Yield the requests at the same place of both records."""
    if isinstance(left, dict) and isinstance(right, dict):
        if "target" in left and "target" in right:
            yield left, right
            return
        for key in left:
            if key in right:
                for pair in _request_pairs(left[key], right[key]):
                    yield pair
    elif (
        isinstance(left, list)
        and isinstance(right, list)
        and len(left) == len(right)
    ):
        for one, other in zip(left, right):
            for pair in _request_pairs(one, other):
                yield pair


# Headers that an HTTP library adds itself.
_LIBRARY_HEADERS = ("accept", "accept-encoding", "connection", "user-agent")


def _async_headers(call, reference, ours):
    if not _is_async(call):
        return False
    met = False
    for left, right in _request_pairs(reference, ours):
        if left["headers"] == right["headers"]:
            continue
        kept = [
            sorted(
                [name.lower(), value]
                for name, value in side["headers"]
                if name.lower() not in _LIBRARY_HEADERS or "CGWire" in value
                # aiohttp sends a content type without a body.
                if value != "application/octet-stream" or side.get("body")
            )
            for side in (left, right)
        ]
        if not any("CGWire" in value for _, value in left["headers"]):
            kept[1] = [pair for pair in kept[1] if pair[0] != "user-agent"]
        if kept[0] == kept[1]:
            right["headers"] = left["headers"]
            met = True
    return met


def _async_quoting(call, reference, ours):
    if not _is_async(call):
        return False
    met = False
    for left, right in _request_pairs(reference, ours):
        if left["target"] != right["target"] and _meaning(
            left["target"]
        ) == _meaning(right["target"]):
            right["target"] = left["target"]
            met = True
    return met


def _async_parts(call, reference, ours):
    if not _is_async(call):
        return False
    met = False
    for left, right in _request_pairs(reference, ours):
        for one, other in zip(left.get("parts", []), right.get("parts", [])):
            kept = [
                line
                for line in one["headers"]
                if not line.startswith(("Content-Type:", "Content-Length:"))
            ]
            if one["headers"] != other["headers"]:
                # aiohttp escapes other characters than browsers do.
                names = [
                    [
                        urllib.parse.unquote(line.replace("\\", ""))
                        for line in side
                    ]
                    for side in (kept, other["headers"])
                ]
                if names[0] == names[1]:
                    other["headers"] = one["headers"]
                    met = True
    return met


def _async_text(call, reference, ours):
    error = reference.get("error", {})
    if not _is_async(call) or error.get("raised") != "UnicodeDecodeError":
        return False
    seen = [ours.get("result"), ours.get("error", {}).get("doc")]
    if "\ufffd" not in json.dumps(seen, ensure_ascii=False):
        return False
    reference.clear()
    reference.update(ours)
    return True


def _async_form(call, reference, ours):
    if call.get("function") != "aio.upload":
        return False
    met = False
    for left, right in _request_pairs(reference, ours):
        if "parts" in left or "parts" not in right:
            continue
        fields = [
            [part["headers"][0].split('"')[1], part["content"]]
            for part in right["parts"]
        ]
        sent = urllib.parse.parse_qsl(left.get("body", ""), True)
        if [list(pair) for pair in sent] == fields:
            right.clear()
            right.update(left)
            met = True
    return met


def _async_content_type(call, reference, ours):
    error = reference.get("error", {})
    if not _is_async(call):
        return False
    if "No additional information" in error.get("args", ()):
        # The body of an error is JSON, too.
        right = ours.get("error", {})
        met = error["raised"] == right.get("raised") and error != right
        if met:
            ours["error"] = error
        return met
    logs = reference.get("log", []), ours.get("log", [])
    said = all("Server error response" in line[2] for line in logs[0])
    if logs[0] != logs[1] and len(logs[0]) == len(logs[1]) and said:
        ours["log"] = logs[0]
        return True
    if error.get("raised") != "ContentTypeError":
        return False
    # Later steps depend on the value, so that they differ, too.
    if "result" not in ours and "error" not in ours:
        return False
    requests = reference.get("requests", [])
    if len(ours.get("requests", [])) < len(requests):
        return False
    reference.clear()
    reference.update(ours)
    return True


def _async_dates(call, reference, ours):
    error = reference.get("error", {})
    refused = re.match("Object of type date", error.get("text", ""))
    if not _is_async(call) or not refused or "result" not in ours:
        return False
    reference.clear()
    reference.update(ours)
    return True


def _async_processing(call, reference, ours):
    if (
        call.get("function") != "aio.download"
        or call["script"][0].get("status") != 202
        or len(ours["requests"]) < 2
    ):
        return False
    reference["requests"] = ours["requests"]
    reference["files"] = ours["files"]
    return True


def _meaning(target):
    path, _, query = target.partition("?")
    # yarl decodes percent escapes first; here a percent sign is a character.
    plain = urllib.parse.unquote(urllib.parse.unquote(path))
    # yarl removes line ends; here they are sent escaped.
    for character in "\t\r\n":
        plain = plain.replace(character, "")
    return plain, urllib.parse.parse_qsl(query, keep_blank_values=True)


def _async_upload(call, reference, ours):
    if call.get("function") != "aio.upload" or "error" not in reference:
        return False
    text = reference["error"]["text"]
    # The exception comes at once, or while the form is sent.
    if "seek of closed file" in text:
        reference["requests"] = ours["requests"]
    elif "unexpected keyword argument 'default'" not in text:
        return False
    if ours.get("error", {}).get("raised") == "CallbackRaised":
        # Upstream's progress callback is never called.
        reference.clear()
        reference.update(ours)
        return True
    error = reference.pop("error")
    if "result" in ours:
        reference["result"] = ours["result"]
        return True
    if ours.get("error", {}).get("module") == "gazu.exception":
        reference["error"] = ours["error"]
        return True
    reference["error"] = error
    return False


def _user_agent(call, reference, ours):
    met = False
    for left, right in _request_pairs(reference, ours):
        for one, other in zip(left["headers"], right["headers"]):
            if one[1].startswith("python-requests/") and other[1].startswith(
                "CGWire Gazu"
            ):
                other[1] = one[1]
                met = True
    return met


def _compressed(call, reference, ours):
    if not call.get("variant", "").startswith("extra: compressed"):
        return False
    left, right = reference.get("files"), ours.get("files")
    if left == right or not left or not right:
        return False
    for name, content in left.items():
        packed = base64.b64decode(content["bytes"])
        if gzip.decompress(packed) != base64.b64decode(right[name]["bytes"]):
            return False
    ours["files"] = left
    return True


def _whole_or_absent(call, reference, ours):
    raised = reference.get("error", {}).get("raised")
    if (
        raised not in ("CallbackRaised", "TypeError")
        or "progress_callback" not in call.get("kwargs", {})
        or "files" not in reference
        or "files" in ours
    ):
        return False
    ours["files"] = reference["files"]
    return True


def _left_behind(call, reference, ours):
    copied = call.get("function", "").startswith("sync.push_task")
    if not copied or "files" in ours or "files" not in reference:
        return False
    ours["files"] = reference["files"]
    return True


def _progress(call, reference, ours):
    left, right = reference.get("callbacks"), ours.get("callbacks")
    if left == right or not right:
        return False
    if (
        "error" in reference
        and reference["error"]["raised"] == "CallbackRaised"
    ):
        # requests reads all files before it sends; here they are read while sending.
        ours["callbacks"] = left
        for key in ("requests",):
            if key not in reference:
                ours.pop(key, None)
        return True
    done, total = right[-1]
    if done != total or (left and left[-1][1] != total):
        return False
    if left:
        ours["callbacks"] = left
    else:
        del ours["callbacks"]
    return True


def _pages_together(call, reference, ours):
    left, right = reference.get("requests", []), ours.get("requests", [])
    if not call.get("function", "").endswith("fetch_all") or len(left) < 2:
        return False
    targets, asked = (
        [request["target"] for request in side] for side in (left, right)
    )
    in_order = targets == asked[: len(targets)]
    if in_order and len(right) == len(left):
        return False
    # Only the requests after a failed page differ.
    if not set(targets) <= set(asked) or (
        len(right) > len(left) and "error" not in reference
    ):
        return False
    ours["requests"] = [right[asked.index(target)] for target in targets]
    return True


def _retries(call, reference, ours):
    if call.get("scenario") != "retries":
        return False
    met = False
    for left, right in zip(reference["result"], ours["result"]):
        if left["reads"] == 1 and right["reads"] == 3:
            right["reads"] = 1
            met = True
    return met


# Statuses whose JSON upstream returns as the result, and the exceptions here.
_RAISES = {429: "TooManyRequestsException"}
_RAISES.update(
    (status, "ServerErrorException")
    for status in range(500, 600)
    if status not in (500, 502)
)


def _busy(call, reference, ours):
    """The server rejects too many requests, or is unavailable."""
    if call.get("scenario") == "statuses":
        met = False
        for left, right in zip(reference["result"], ours["result"]):
            status = left[0] if isinstance(left, list) else None
            if status not in _RAISES or left == right:
                continue
            # The last entry is the outcome.
            if (
                right[:-1] == left[:-1]
                and right[-1].get("raised") == _RAISES[status]
            ):
                right[-1] = left[-1]
                met = True
        if met and len(reference.get("log", [])) < len(ours.get("log", [])):
            reference["log"] = ours["log"]
        return met
    raised = ours.get("error", {}).get("raised")
    answers = call.get("script") or ()
    statuses = [answer.get("status", 200) for answer in answers]
    if raised not in {_RAISES.get(status) for status in statuses} - {None}:
        return False
    left = reference.get("error", {}).get("raised")
    sent, fewer = reference.get("requests", []), ours.get("requests", [])
    # With the same error, it is another answer that both raise for. The headers
    # of awaited requests differ by themselves.
    if left == raised or len(fewer) > len(sent):
        return False
    ours.clear()
    ours.update(reference)
    return True


def _one_line(call, reference, ours):
    if call.get("module") != "commands" or "result" not in ours:
        return False
    met = False
    for left, right in _commands(reference["result"], ours["result"]):
        code, output, error = (
            ("exit code", "output", "error")
            if isinstance(left, dict)
            else (1, 2, 3)
        )
        if left[error] is None or right[error] is not None:
            continue
        before, after = left[output], right[output]
        if isinstance(after, str):
            before, after = before.splitlines(), after.splitlines()
        if left[code] == 1 <= right[code] <= 7 and before == after[:-1]:
            right[output], right[error] = left[output], left[error]
            right[code] = left[code]
            met = True
    return met


def _said_more(call, reference, ours):
    """A table has names instead of ids, and an error says more than upstream's."""
    if call.get("module") != "commands" or "result" not in ours:
        return False
    met = False
    for left, right in _commands(reference["result"], ours["result"]):
        code, output, error, requests = (
            ("exit code", "output", "error", "requests")
            if isinstance(left, dict)
            else (1, 2, 3, None)
        )
        if left == right or left[error] != right[error]:
            continue
        before, after = left[output], right[output]
        is_text = isinstance(before, str)
        if is_text:
            before, after = before.splitlines(), after.splitlines()
        if before[:1] and before[0][:1] in ("[", "{"):
            # JSON is the same.
            continue
        if requests is not None:
            sent = left[requests]
            if right[requests][: len(sent)] != sent:
                continue
        if left[code] == 0:
            titles = " ".join(after[:1]).split()
            kept = right[code] == 0 and all(
                word in titles or line[:1].islower()
                for line in before[:1]
                for word in line.split()
            )
        else:
            kept = 1 <= right[code] <= 7 and all(
                any(line in more for more in after) for line in before
            )
        if kept:
            right.update(left) if isinstance(right, dict) else None
            if not isinstance(right, dict):
                right[:] = left
            met = True
    return met


def _exit_codes(call, reference, ours):
    """A helper that exits does so with the code for its kind of error."""
    if call.get("module") != "commands" or "result" not in ours:
        return False
    met = False
    pairs = list(zip(reference["result"], ours["result"]))
    if call.get("scenario") == "helpers":
        for left, right in pairs:
            # Either the outcome and the requests, or the outcome alone.
            both = (left, right)
            if isinstance(left, list) and isinstance(left[0], list):
                both = (left[0], right[0])
                if left[0][:1] == ["exit"]:
                    sent = len(left[1])
                    if right[1][:sent] != left[1]:
                        continue
                    right[1] = left[1]
            met = _take_over_exit(*both) or met
        # Near names are suggested from the list of projects.
        ours["requests"] = [
            each
            for each in ours.get("requests", [])
            if each in reference.get("requests", [])
        ]
    elif call.get("scenario") == "configuration":
        left, right = reference["result"][-1], ours["result"][-1]
        if left == 1 < right <= 7:
            ours["result"][-1] = left
            met = True
    return met


def _take_over_exit(left, right):
    if (
        not isinstance(left, list)
        or left[:1] != ["exit"]
        or right[:1] != ["exit"]
        or not left[1] == 1 < right[1] <= 7
    ):
        return False
    right[1] = left[1]
    return True


def _more_options(call, reference, ours):
    if call.get("scenario") != "structure" or "result" not in ours:
        return False
    met = False
    there, here = reference["result"][0], ours["result"][0]
    for name, options in there.items():
        known = [each[1] for each in options if isinstance(each, list)]
        kept = [
            each
            for each in here.get(name, [])
            if not isinstance(each, list) or each[1] in known
        ]
        met = met or len(kept) < len(here.get(name, []))
        here[name] = kept
    return met


def _rejected_logout(call, reference, ours):
    if call.get("module") != "commands" or "result" not in ours:
        return False
    met = False
    for left, right in _commands(reference["result"], ours["result"]):
        code, output, _ = (
            ("exit code", "output", "error")
            if isinstance(left, dict)
            else (1, 2, 3)
        )
        after = right[output]
        if isinstance(after, str):
            after = after.splitlines()
        if (left[code], right[code]) == (1, 0) and (
            after[-1:] == ["Logged out."]
            and after[0].startswith("The logout request failed. ")
        ):
            right[code], right[output] = left[code], left[output]
            met = True
    return met


def _stored_login(call, reference, ours):
    if call.get("module") != "commands" or "result" not in ours:
        return False
    met = False
    for left, right in _configurations(reference["result"], ours["result"]):
        kept, fewer = left["tokens"], right["tokens"]
        if len(fewer) < len(kept) and all(
            name.endswith("_token") and kept.get(name) == fewer[name]
            for name in fewer
        ):
            right["tokens"] = kept
            right.pop("user", None)
            met = True
    return met


def _configurations(left, right):
    """Yield the stored configurations, on both sides."""
    if isinstance(left, dict) and isinstance(right, dict):
        if isinstance(left.get("tokens"), dict) and isinstance(
            right.get("tokens"), dict
        ):
            yield left, right
            return
        for key in left:
            if key in right:
                yield from _configurations(left[key], right[key])
    elif isinstance(left, list) and isinstance(right, list):
        for one, other in zip(left, right):
            yield from _configurations(one, other)


def _shortest_wait(call, reference, ours):
    waits = ours.get("waits", [])
    asked_at_once = any(
        dict(answer.get("headers", {})).get("Retry-After") in ("0", "-3")
        for answer in call.get("script") or ()
    )
    if not waits or not asked_at_once or reference.get("waits"):
        return False
    if any(wait != {"float": "0.2"} for wait in waits):
        return False
    del ours["waits"]
    return True


def _commands(left, right):
    """Yield the output of a command, on both sides."""
    if isinstance(left, dict) and isinstance(right, dict):
        if "exit code" in left:
            yield left, right
    elif isinstance(left, list) and isinstance(right, list):
        named = len(left) == 4 and isinstance(left[0], str)
        if named and left[0].endswith("Exception"):
            yield left, right
            return
        for one, other in zip(left, right):
            yield from _commands(one, other)


DIFFERENCES = [
    Difference(
        "pages that travel together",
        "The pages of a list are requested together, so that those after a failed "
        "page are requested, too.",
        _pages_together,
    ),
    Difference(
        "errors of the command line",
        "Where upstream's command ends with a traceback, ours ends with a line on "
        "stderr, and the exit code says what failed.",
        _one_line,
    ),
    Difference(
        "what the command line says",
        "Tables have names where upstream's are empty, for which more is requested; "
        "errors say more than upstream's, with an exit code for their kind; JSON is "
        "the same.",
        _said_more,
    ),
    Difference(
        "exit codes of the command line",
        "The exit code says what failed; upstream's is 1 for every error.",
        _exit_codes,
    ),
    Difference(
        "more options of the command line",
        "Commands have more options than upstream's.",
        _more_options,
    ),
    Difference(
        "a logout that the server rejects",
        "gazu-cli removes the stored login whatever the server answers, and says so.",
        _rejected_logout,
    ),
    Difference(
        "what a login stores",
        "gazu-cli stores the tokens only; upstream stores the whole reply, with the "
        "person and the organisation.",
        _stored_login,
    ),
    Difference("retries", SETTINGS["GAZU_RETRIES"][1], _retries),
    Difference(
        "shortest wait",
        "At least a quarter of a second passes before a preview is asked for again; "
        "upstream asks at once where Retry-After is 0.",
        _shortest_wait,
    ),
    Difference(
        "a server that is asked for too much or is not there",
        "429 and every 5xx raise; upstream raises for 500 and 502 only, and returns "
        "the JSON of the others as the result.",
        _busy,
    ),
    Difference(
        "messages",
        "The texts of exceptions that are raised without an answer of the server are "
        "our own, and name the argument; class and bases are upstream's.",
        _own_words,
    ),
    Difference(
        "refused early",
        "An invalid argument raises before anything is sent; upstream sends requests "
        "until it uses the argument.",
        _refused_early,
    ),
    Difference(
        "several bad arguments",
        "Of several invalid arguments, another one may be named.",
        _several_bad,
    ),
    Difference(
        "lone surrogates",
        "Text that is not valid Unicode raises in a path, too, as it does in a query; no "
        "server can read it.",
        _surrogates,
    ),
    Difference(
        "control characters in headers",
        "A token with a control character raises; proxies reject such a header.",
        _control_characters,
    ),
    Difference(
        "apostrophes in a query",
        "An apostrophe in the query of a path is sent as %27, which has the same "
        "meaning.",
        _apostrophes,
    ),
    Difference(
        "text in no named character set",
        "It is read as UTF-8; upstream's HTTP library guesses the encoding with the "
        "library that is installed for it.",
        _unnamed_charset,
    ),
    Difference(
        "errors of the HTTP library",
        "Upstream raises exceptions of requests and aiohttp. Neither is required "
        "here: the exception has the same name and the same built-in bases.",
        _library_errors,
    ),
    Difference(
        "words of the log",
        "Log lines have the logger, the level and the data of upstream's, but other "
        "words.",
        _log_words,
    ),
    Difference(
        "case of header names",
        "The names of headers have capitals, which has the same meaning.",
        _header_case,
    ),
    Difference(
        "headers of asynchronous requests",
        "gazu.aio sends what the rest of gazu sends; upstream's goes through another "
        "HTTP library, with its own Accept, Connection and User-Agent.",
        _async_headers,
    ),
    Difference(
        "quoting of asynchronous requests",
        "gazu.aio quotes a URL as the rest of gazu does; aiohttp leaves more "
        "characters unquoted, and drops line breaks.",
        _async_quoting,
    ),
    Difference(
        "parts of asynchronous uploads",
        "gazu.aio sends the forms that the rest of gazu sends; aiohttp gives parts a "
        "Content-Type, which the server does not read.",
        _async_parts,
    ),
    Difference(
        "asynchronous form without a file",
        "It is a form of parts, as it is with one; aiohttp sends another kind of form.",
        _async_form,
    ),
    Difference(
        "undecodable text of asynchronous answers",
        "It holds U+FFFD where it cannot be decoded, as in the rest of gazu; upstream's "
        "raises UnicodeDecodeError.",
        _async_text,
    ),
    Difference(
        "content types of asynchronous answers",
        "gazu.aio reads JSON whatever its Content-Type, as the rest of gazu does; "
        "aiohttp raises for all but application/json.",
        _async_content_type,
    ),
    Difference(
        "dates in asynchronous requests",
        "gazu.aio encodes dates as the rest of gazu does; upstream's raises TypeError.",
        _async_dates,
    ),
    Difference(
        "asynchronous download of a preview that is still built",
        "gazu.aio waits for it as the rest of gazu does; upstream's stores the server's "
        "notice in the file.",
        _async_processing,
    ),
    Difference(
        "asynchronous upload",
        "Upstream's aio.upload always raises TypeError after it has uploaded, and cannot "
        "send its files again after a token has been refreshed.",
        _async_upload,
    ),
    Difference(
        "user agent",
        "Requests have gazu's User-Agent where upstream's have that of its HTTP library.",
        _user_agent,
    ),
    Difference(
        "compressed download",
        "Upstream writes a compressed download still compressed when no progress "
        "callback is given.",
        _compressed,
    ),
    Difference(
        "temporary files",
        "Upstream leaves the files of a comment that could not be copied.",
        _left_behind,
    ),
    Difference(
        "whole or absent",
        "A download that ends early leaves no part of a file behind.",
        _whole_or_absent,
    ),
    Difference(
        "progress",
        "Uploads are read while they are sent, so progress comes in other steps, "
        "starts again with another attempt, and an exception of the callback ends the "
        "request. A download into memory reports progress, too.",
        _progress,
    ),
]

#: Whether the system has errors with codes of its own, as Windows has.
HAS_CODES = hasattr(OSError(), "winerror")
if HAS_CODES:
    DIFFERENCES.append(
        Difference(
            "codes of Windows",
            "Errors of files have the code and the text of Windows; `open` has those of "
            "the C library.",
            _codes,
        )
    )
    DIFFERENCES.append(
        Difference(
            "line ends",
            "The saved login has the same line ends everywhere; upstream's has those of "
            "Windows.",
            _line_ends,
        )
    )


def apply(call, reference, ours):
    """Apply all intended differences to two records; return the keys of those found."""
    if "repeated" in reference and "repeated" in ours:
        steps = zip(call["repeated"], reference["repeated"], ours["repeated"])
        met = set()
        for step, left, right in steps:
            met |= apply(dict(call, **step), left, right)
        return met
    return {d.key for d in DIFFERENCES if d.level(call, reference, ours)}


def _is_foreign_name(name, line):
    if not line.endswith("is missing") or line.startswith(
        "gazu.events.socketio "
    ):
        return False
    origin = line[line.index("(") + 1 : line.index(")")]
    return not origin.startswith("gazu") and origin != "value"


# Differences of the surface: key -> (reason, does a line of the comparison show it).
SURFACE = {
    "more arguments of the clients": (
        "Deadlines and retries are arguments of the clients.",
        lambda name, line: (
            name.endswith("KitsuClient")
            and line.startswith("member __init__/parameters: more arguments")
        ),
    ),
    "more filters of the log": (
        "The server has further filters, and returns at most 1000 events at once.",
        lambda name, line: (
            name == "sync.get_last_events"
            and line.startswith("parameters: more arguments")
        ),
    ),
    "entities at once": (
        "The comments of several entities can be written at the same time.",
        lambda name, line: (
            name == "sync.push_tasks_comments"
            and line.startswith("parameters: more arguments")
        ),
    ),
    "more arguments of the cache": (
        "With arguments, the cache keeps answers of the server.",
        lambda name, line: (
            name == "cache.enable"
            and line.startswith("parameters: more arguments")
        ),
    ),
    "names of other libraries": (
        "Modules do not have all the names that upstream's modules import from the "
        "standard library and from requests.",
        _is_foreign_name,
    ),
    "a class of its own for commands": (
        "Commands have the options of the output before and after their name, by a "
        "subclass of click's.",
        lambda name, line: (
            (
                name.startswith("cli.")
                and line.startswith("module: click.core, here gazu._cli.app")
            )
            or (name == "cli.cli" and line.startswith("name: Group, here "))
        ),
    ),
    "types of other libraries": (
        "Annotations cannot name classes of aiohttp.",
        lambda name, line: "aiohttp." in line and name.startswith("aio."),
    ),
}


def surface_keys(name, line):
    """Return the keys of the intended differences that *line* about *name* shows."""
    return {key for key, (_, shows) in SURFACE.items() if shows(name, line)}


def surface_is_meant(name, line):
    return bool(surface_keys(name, line))


# The rows of docs/differences.md, by their first words, and the differences of each row. Rows
# without differences describe what no call here shows; unit tests show it.
DOCUMENTED = {
    "A read (GET) that fails": [
        "retries",
        "more arguments of the clients",
        "shortest wait",
    ],
    "Status 429 and every 5xx": [
        "a server that is asked for too much or is not there"
    ],
    "15 s to connect": [],
    "An answer that stays slower": [],
    "A compressed answer": [],
    "Exceptions have": [],
    "On Windows, errors of files": ["codes of Windows", "line ends"]
    if HAS_CODES
    else [],
    "There are functions for all routes": [],
    "All entities of a project come": [],
    "A download is written": ["whole or absent", "compressed download"],
    "Invalid arguments": [
        "refused early",
        "several bad arguments",
        "lone surrogates",
        "control characters in headers",
        "messages",
    ],
    "A file is sent while": ["progress"],
    "`requests` and `aiohttp` are not needed": [
        "errors of the HTTP library",
        "names of other libraries",
        "types of other libraries",
    ],
    "`gazu.aio` treats": [
        "headers of asynchronous requests",
        "quoting of asynchronous requests",
        "parts of asynchronous uploads",
        "asynchronous form without a file",
        "undecodable text of asynchronous answers",
        "content types of asynchronous answers",
        "dates in asynchronous requests",
        "asynchronous download of a preview that is still built",
        "asynchronous upload",
    ],
    "`gazu.sync` copies previews": [],
    "`gazu.sync` removes": ["temporary files"],
    "`gazu.sync.get_last_events` also": ["more filters of the log"],
    "`gazu.sync` reads several": ["entities at once"],
    "`gazu-cli download`, `gazu.sync`": [],
    "`gazu.cache` has a cache": [],
    "`gazu.cache.enable` has": ["more arguments of the cache"],
    "Log lines": ["words of the log"],
    "`fetch_all` requests": ["pages that travel together"],
    "Responses without a charset": ["text in no named character set"],
    "An apostrophe": ["apostrophes in a query"],
    "`~/.netrc`": [],
    "`ssl_verify=None`": [],
    "A proxy's own certificate": [],
    "A session's requests": ["user agent"],
    "The result of `gazu.events.init`": [],
    "`gazu.events.run_client`": [],
    "`gazu-cli login` stores": ["what a login stores"],
    "`gazu-cli`": [
        "errors of the command line",
        "what the command line says",
        "exit codes of the command line",
        "more options of the command line",
        "a class of its own for commands",
        "a logout that the server rejects",
    ],
    "The names of headers": ["case of header names"],
    "`session.mount`": [],
    "With a custom adapter": [],
    "Functions of earlier releases": [],
}
