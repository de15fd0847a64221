"""Random calls: ``python -m tests.parity.randomised --seed 1 --rounds 10``.

Every public function is called with random arguments and answers, valid and invalid
ones, on both sides. Differences are printed, with the call to repeat them. The same seed
makes the same calls.
"""

import argparse
import json
import os
import random
import sys
import tempfile

from . import environment, plan, replies
from .compare import CLIENTS, differ, run_jobs
from .plan import OMIT, model_name
from .replies import uid
from .values import (
    FILES,
    LISTS,
    VALUES,
    file,
    model_dict,
    model_id,
    output,
    special,
)

# Modules whose functions send no requests, or use a terminal.
LEFT_OUT = {"cache", "cli", "encoder", "events", "exception"}
LEFT_OUT_NAMES = {
    "client.KitsuClient",
    "client.check_status",
    "client.get_message_from_response",
    "aio.AsyncKitsuClient",
    "aio.check_status",
    "aio.create_session",
}
WAITS = {"timeout", "poll_interval", "processing_timeout"}

TEXTS = [
    "",
    " ",
    "x",
    "main",
    "A name & more",
    "\u00e9t\u00e9 \u4e2d\U0001f600",
    "it's",
    'a"b',
    "a/b",
    "/lead/",
    "a?b=c&d",
    "a#b",
    "50%",
    "%41%zz",
    "a+b",
    "a;b,c:d",
    "tab\there",
    "line\nbreak",
    "back\\slash",
    "..",
    "None",
    "true",
    "123",
    "2024-03-05",
    "2024-3-5",
    "2024-02-30",
    "2024-01-02T03:04:05",
    "~-._",
    "<b>{x}|^`[y]",
    "\ud800",
    "\x00",
    "\x7f\x80",
]
NUMBERS = [0, 1, -1, 2, 12, 1.5, -0.0, 1e21, 2**63, 2**70, True, False]


class Draw:
    """Random values, as the plan writes them."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.odd_arguments = 0

    def one(self, values):
        return values[self.random.randrange(len(values))]

    def chance(self, share):
        return self.random.random() < share

    def text(self):
        return self.one(TEXTS)

    def scalar(self):
        kind = self.random.randrange(8)
        if kind < 3:
            return self.text()
        if kind < 5:
            return self.one(NUMBERS)
        if kind == 5:
            return None
        if kind == 6:
            return self.one([uid("x"), uid("y").upper(), uid("z")[:-1]])
        return self.odd()

    def odd(self):
        """Return a value that JSON does not have."""
        return self.one(
            [
                special("bytes", "text"),
                special("tuple", [uid("a"), "b"]),
                special("tuple", []),
                special("set", ["one"]),
                special("object"),
                special("identified", uid("identified")),
                special("identified", "no id"),
                special("uuid", uid("uuid")),
                special("decimal", "1.50"),
                special("float", "nan"),
                special("float", "inf"),
                special("date", "2024-01-02"),
                special("datetime", "2024-01-02T03:04:05"),
                special("colour"),
                special("level"),
                special("str", uid("text")),
                special("str", "sub"),
                special("int", 5),
                special("generator", [uid("a"), {"id": uid("b")}]),
                special("ordered", [["id", uid("ordered")], ["name", "o"]]),
                special("mapping", {"id": uid("mapping"), "name": "m"}),
                special("listed", [uid("a"), {"id": "b"}]),
                special("pathlike", "picture.png"),
                special("file", "picture.png"),
            ]
        )

    def model(self, name):
        kind = self.random.randrange(14)
        if kind < 4:
            return model_id(name)
        if kind < 7:
            return model_dict(name)
        if kind < 9:
            # A model with some of the keys that functions read, with valid or invalid values.
            value = dict(model_dict(name))
            for key in list(value):
                if self.chance(0.2):
                    del value[key]
                elif self.chance(0.1):
                    value[key] = self.scalar()
            return value
        if kind == 9:
            return {"id": self.scalar()}
        if kind == 10:
            return uid(name).upper()
        return self.any()

    def any(self, depth=0):
        kind = self.random.randrange(10)
        if kind < 6 or depth > 2:
            return self.scalar()
        count = self.random.randrange(4)
        if kind < 8:
            return [self.any(depth + 1) for _ in range(count)]
        names = ["id", "name", "data", "a b", "", "project_id", "\u00e9"]
        return {self.one(names): self.any(depth + 1) for _ in range(count)}

    def json(self, depth=0):
        """Return what a server may send."""
        kind = self.random.randrange(12)
        if kind < 4 or depth > 3:
            return self.one(
                [None, True, False, 0, 3, -2.5, "", "text", uid("x")]
            )
        if kind < 6:
            return replies.model(self.random.randrange(6), "usual")
        if kind < 9:
            return [
                self.json(depth + 1) for _ in range(self.random.randrange(4))
            ]
        names = [
            "id",
            "name",
            "data",
            "message",
            "error",
            "nb_pages",
            "page",
            "login",
            "user",
            "shots",
            "entity_id",
            "next_revision",
            "path",
            "status",
        ]
        return {
            self.one(names): self.json(depth + 1)
            for _ in range(self.random.randrange(5))
        }

    def answer(self):
        kind = self.random.randrange(20)
        if kind < 7:
            return {"synth": self.one(["usual", "usual", "tvshow", "bare"])}
        if kind < 10:
            return {"json": self.json()}
        if kind == 10:
            return {
                "text": self.one(list(replies.TEXTS.values()) + ["", "ok"])
            }
        if kind == 11:
            return {
                "base64": self.one(list(replies.BYTES.values())),
                "headers": self.headers(),
            }
        if kind == 12:
            return {"status": 204}
        if kind == 13:
            return {
                "synth": "usual",
                "status": self.one([200, 201, 203, 206]),
                "headers": self.headers(),
            }
        if kind == 14:
            return {
                "status": self.one([301, 302, 303, 307, 308]),
                "headers": [
                    [
                        "Location",
                        self.one(
                            [
                                "/api/data/other",
                                "{server}/api/data/other?x=1",
                                "other",
                                "?a=b",
                                # UTF-8, as its bytes go out.
                                "/api/a b/\u00c3\u00a9",
                                "",
                            ]
                        ),
                    ]
                ]
                + self.headers(),
            }
        status = self.one(
            [
                400,
                401,
                401,
                403,
                404,
                404,
                405,
                409,
                413,
                422,
                429,
                500,
                502,
                503,
            ]
        )
        body = self.one(
            [
                {"message": "said"},
                {"message": "Signature has expired"},
                {"error": "said", "stacktrace": "line"},
                {"message": self.json(2)},
                {"data": {"errors": [{"field": "f", "message": "m"}]}},
                self.json(1),
            ]
        )
        if self.chance(0.2):
            return {"status": status, "text": "<html>no</html>"}
        return {"status": status, "json": body, "headers": self.headers()}

    def headers(self):
        found = []
        if self.chance(0.2):
            found.append(
                [
                    "Content-Type",
                    self.one(
                        [
                            "application/json",
                            "text/plain",
                            "text/html; charset=utf-8",
                            "application/json; charset=latin-1",
                            "application/octet-stream",
                            "text/csv",
                            "nonsense",
                        ]
                    ),
                ]
            )
        if self.chance(0.1):
            found.append(
                [
                    "Set-Cookie",
                    self.one(["a=b", "c=d; Path=/api", "e=f; Path=/x"]),
                ]
            )
        if self.chance(0.1):
            found.append(["Retry-After", self.one(["0", "-1", "x"])])
        return found

    def script(self, awaited=False):
        found = [self.answer() for _ in range(self.random.randrange(1, 5))]
        if awaited:
            # aiohttp follows redirects by other rules, and reads the body of an error only
            # if it is application/json.
            found = [a for a in found if "Location" not in str(a)]
            found = found or [{"json": {}}]
            for answer in found:
                if answer.get("status", 200) >= 400:
                    answer.pop("headers", None)
        if self.chance(0.6):
            found[0] = {"synth": "usual"}
        if self.chance(0.05):
            found.insert(
                0,
                {"status": 202, "json": {}, "headers": [["Retry-After", "0"]]},
            )
            found.append({"synth": "usual"})
        return found

    def state(self):
        """Return the state of the client before the call."""
        tokens = self.one(
            [
                {},
                {"access_token": None, "refresh_token": None},
                {"access_token": "a"},
                {"access_token": "a", "refresh_token": ""},
                {"refresh_token": "r"},
                {"access_token": self.text(), "refresh_token": "r"},
                {"access_token": "\u00e9\u00a0", "refresh_token": "r"},
            ]
        )
        found = {"tokens": tokens}
        if self.chance(0.3):
            found["use_refresh_token"] = False
        if self.chance(0.3):
            found["host"] = special(
                "url", self.one(["/", "//", "/x", "?a=b", " "])
            )
        if self.chance(0.3):
            found["callback_not_authenticated"] = special(
                "answering", self.one([True, False, None, 1])
            )
        return found

    def argument(self, parameter, writes, given):
        name = parameter["name"]
        if name in WAITS:
            return self.one([0, 0.01, None, "x", -1])
        if name == "progress_callback":
            return self.one(
                [special("callback"), None, special("raising callback")]
            )
        if name in FILES:
            self.odd_arguments += 1
            if writes:
                return self.one(
                    [
                        output("target.bin"),
                        output("n\u00e2me \u4e2d.png"),
                        None,
                    ]
                    + [
                        special("folder"),
                        output("missing/x"),
                        special("bytes", "b.bin"),
                    ]
                )
            return self.one(
                [file("picture.png"), file("empty.txt"), file('quo"te;%.txt')]
                + [file("missing.png"), special("folder"), None, "", 1.5]
                + [
                    special("pathlike", "table.csv"),
                    file("n\u00e2me \u4e2d.png"),
                ]
            )
        if name in CLIENTS:
            return VALUES[name]
        if name == "headers":
            return self.one([None, {}, {"X-One": "1"}, {"X-One": self.text()}])
        if name == "path" and not self.chance(0.05):
            return self.one(["data/shots", "data/shots/", self.text()])
        usual = self.chance(0.55)
        if usual and name in given:
            return given[name]
        kind = model_name(parameter)
        if kind:
            value = self.model(kind)
            known = value in (model_id(kind), model_dict(kind))
            self.odd_arguments += not known
            return value
        # A list may hold more than one.
        self.odd_arguments += 0 if usual else 2 if name in LISTS else 1
        if usual and name in LISTS:
            return LISTS[name][self.one(["ids", "dicts"])]
        if usual and name in VALUES:
            return VALUES[name]
        if name in LISTS and self.chance(0.6):
            return [self.model(name) for _ in range(self.random.randrange(4))]
        if parameter.get("default") in ("True", "False") and self.chance(0.6):
            return self.one([True, False, None, 0, 1, ""])
        return self.any()


def functions(surface, rows):
    """Yield ``(name, description, row)`` of the functions that are called."""
    for name, table_row in sorted(rows.items()):
        module, _, function = name.rpartition(".")
        description = surface[module].get(function, {})
        if (
            module in LEFT_OUT
            or name in LEFT_OUT_NAMES
            or "parameters" not in description
        ):
            continue
        yield name, description, table_row


def call_of(draw, name, description, table_row):
    builder = plan.Builder(name, description, table_row)
    given = {k: v for k, v in builder.args.items() if v != OMIT}
    kwargs, args = {}, []
    for parameter in builder.required:
        if draw.chance(0.98):
            kwargs[parameter["name"]] = draw.argument(
                parameter, builder.writes, given
            )
    share = draw.one([0, 0.3, 0.8])
    for parameter in builder.optional:
        if draw.chance(share):
            kwargs[parameter["name"]] = draw.argument(
                parameter, builder.writes, given
            )
    if draw.chance(0.3):
        # Pass arguments by position up to the first that is left out.
        for parameter in builder.parameters:
            if (
                parameter["name"] not in kwargs
                or parameter["kind"] != "POSITIONAL_OR_KEYWORD"
                or len(args) == _before_client(description)
            ):
                break
            args.append(kwargs.pop(parameter["name"]))
    if draw.chance(0.02):
        kwargs["no_such_keyword"] = 1
    call = {
        "function": name,
        "variant": "random",
        "args": args,
        "kwargs": kwargs,
        "script": draw.script(builder.is_async),
        "shape": builder.shape if draw.chance(0.9) else None,
        "odd": draw.odd_arguments,
    }
    if builder.has_client:
        if builder.is_async:
            kwargs["client"] = special("client", "async")
        elif draw.chance(0.1):
            kwargs["client"] = special("client", "second")
        elif draw.chance(0.15):
            call["client"] = draw.state()
    if draw.chance(0.1):
        call["refresh"] = draw.one(
            [
                {"json": {"access_token": "only"}},
                {"json": draw.json()},
                {"status": 401, "json": {"message": "Signature has expired"}},
                {"status": 422, "json": {"message": "no"}},
                {"status": 500, "json": {}},
                {"text": "<html>"},
            ]
        )
    if description["cached"] and draw.chance(0.15):
        call["repeated"] = [
            {
                "args": args,
                "kwargs": dict(kwargs, **more),
                "script": draw.script(),
            }
            for more in (
                {},
                draw.one([{}, {}, {"client": special("client", "second")}]),
                draw.one([{}, {"client": special("client", "default")}]),
            )
        ]
    return call


def _before_client(description):
    names = [p["name"] for p in description["parameters"]]
    return names.index("client") if "client" in names else len(names)


def calls(surface, rows, seed, rounds, only=""):
    """Return the calls of a seed."""
    found = []
    for number in range(rounds):
        for name, description, table_row in functions(surface, rows):
            if only and not name.startswith(only):
                continue
            # The calls of a name do not depend on those of other names.
            draw = Draw("%s %s %s" % (seed, number, name))
            call = call_of(draw, name, description, table_row)
            call["seed"] = "%s, round %d" % (seed, number)
            found.append(call)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--seed", default="1", help="what the calls are drawn from"
    )
    parser.add_argument(
        "--rounds", type=int, default=5, help="calls of each function"
    )
    parser.add_argument(
        "--only", default="", help="functions whose name begins so"
    )
    parser.add_argument(
        "--most", type=int, default=40, help="differences to print"
    )
    chosen = parser.parse_args()
    pythons = {"upstream": environment.reference(), "ours": sys.executable}
    with tempfile.TemporaryDirectory(prefix="parity_random_") as folder:
        surface = json.loads(
            run_jobs(
                pythons,
                folder,
                "surface",
                {"upstream": ("upstream", os.devnull)},
            )["upstream"]
        )
        asked = calls(
            surface, plan.load_rows(), chosen.seed, chosen.rounds, chosen.only
        )
        source = os.path.join(folder, "plan.json")
        with open(source, "w", encoding="utf-8") as stream:
            json.dump(asked, stream)
        texts = run_jobs(
            pythons, folder, "run", {side: (side, source) for side in pythons}
        )
    lines = {side: text.splitlines() for side, text in texts.items()}
    same, shown = 0, 0
    for number, call in enumerate(asked):
        records = [
            lines[side][number] if number < len(lines[side]) else None
            for side in ("upstream", "ours")
        ]
        if records[0] is None:
            sys.exit("upstream's side ended before " + json.dumps(call))
        if "driver failed" in records[0] and records[0] == records[1]:
            print("not called:", json.dumps(call), records[0][:600])
            continue
        found = differ(call, records[0], records[1])
        if not found:
            same += 1
            continue
        shown += 1
        if shown <= chosen.most:
            print(
                "gazu.%s differs (seed %s)" % (call["function"], call["seed"])
            )
            print("  " + json.dumps(call, ensure_ascii=True)[:1500])
            for line in found[:4]:
                print(
                    "  - " + line.encode("ascii", "backslashreplace").decode()
                )
    print("identical: %d of %d random calls" % (same, len(asked)))
    sys.exit(same < len(asked))


if __name__ == "__main__":
    main()
