"""
Keeps answers of the server, as bytes: each result is decoded anew.

An answer belongs to its whole URL and to the login that asked for it. The server
says with a tag whether it has changed. Only answers whose tags cover all that is
in them are asked for with their tags, see ``covered``.
"""

from __future__ import annotations

import base64
import collections
import datetime
import hashlib
import json
import re
import threading
import time
import warnings
from urllib.parse import parse_qs, urlsplit

from .. import _core
from . import logs
from .keeping import StaleAnswerWarning
from .scopes import Scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

logger = logs.logger()

#: A change that began before another one may be committed after it. Zou's tag has
#: the time of the latest change, so it misses such a change. So an answer is only
#: trusted if it was asked for this many seconds after its tag was first seen.
SETTLING = 2.0

#: The bytes that an entry takes besides its body and its URL.
_OVERHEAD = 512

#: How many seconds the clocks of two processes that share a folder may differ.
CLOCK_ERROR = 60.0

_SHOTS = re.compile(r"/data/shots/with-tasks$")
_TASKS = re.compile(r"/data/projects/[^/]+/tasks$")
#: The queries with which the tag of a task list still covers the list. It does not
#: with ``episode_id``: a sequence that moves to another episode changes no task.
_TASK_QUERIES = {"page", "task_type_id"}


class StaleDict(dict):
    """A dict that was last seen before the server went down."""

    seen_at: datetime.datetime


class StaleList(list):
    """A list that was last seen before the server went down."""

    seen_at: datetime.datetime


def covered(url: str) -> bool:
    """
    Return whether the tag of an answer changes whenever the answer does.

    Found out with Zou 1.0.97. Not covered are boards of assets, which contain the
    episodes that an asset is cast in, and lists of an episode's tasks. No other
    answers but files have tags.
    """
    parts = urlsplit(url)
    if _SHOTS.search(parts.path):
        return True
    names = set(parse_qs(parts.query, keep_blank_values=True))
    return bool(_TASKS.search(parts.path)) and names <= _TASK_QUERIES


def login_of(authorization: str | None) -> str | None:
    """Return whom an Authorization header belongs to, or None without one."""
    if not authorization:
        return None
    token = authorization.rpartition(" ")[2]
    try:
        claims = token.split(".")[1]
        padded = claims + "=" * (-len(claims) % 4)
        subject = json.loads(base64.urlsafe_b64decode(padded))["sub"]
    except (LookupError, TypeError, ValueError):
        return "token " + hashlib.sha256(token.encode()).hexdigest()
    return "person {}".format(subject)


class Key:
    """
    Whose answer it is, and to which URL.

    Attributes:
        url: The whole URL.
        owner: The name of a server and a login, which is no secret.
        name: The name of the URL, which is no secret.
    """

    def __init__(self, url: str, login: str) -> None:
        self.url = url
        self.login = login
        self.owner = owner_of(url, login)
        self.name = hashlib.sha256(url.encode()).hexdigest()[:32]
        self.pair = (self.owner, url)


def owner_of(url: str, login: str) -> str:
    """Return the name of a server and a login."""
    parts = urlsplit(url)
    text = "{}://{} {}".format(parts.scheme, parts.netloc, login)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Kept:
    """
    An answer.

    Attributes:
        body: The bytes, decompressed.
        content_type: The Content-Type, or None.
        tag: The ETag, or None.
        seen_at: When the server last said that it is like this, in seconds
            since 1970.
        tag_since: When the tag was first seen, on the monotonic clock.
        is_trusted: Whether the server may say that the answer has not changed.
    """

    __slots__ = (
        "body",
        "content_type",
        "is_trusted",
        "seen_at",
        "tag",
        "tag_since",
    )

    def __init__(
        self,
        body: bytes,
        content_type: str | None,
        tag: str | None,
        seen_at: float,
        is_trusted: bool = False,
        tag_seen_at: float = 0,
    ) -> None:
        """
        Args:
            tag_seen_at: When another process first saw the tag, in seconds since
                1970. 0 means that it is seen now.
        """
        self.body = body
        self.content_type = content_type
        self.tag = tag
        self.seen_at = seen_at
        self.tag_since = time.monotonic()
        age = time.time() - tag_seen_at
        if tag_seen_at and age > CLOCK_ERROR:
            self.tag_since -= age
        self.is_trusted = is_trusted

    @property
    def tag_seen_at(self) -> float:
        """When the tag was first seen, in seconds since 1970."""
        return time.time() - (time.monotonic() - self.tag_since)


def _size_of(pair: tuple, kept: Kept) -> int:
    return len(kept.body) + len(pair[1]) + _OVERHEAD


class Store:
    """
    The kept answers of all clients of this process.

    Attributes:
        revalidates: Whether answers are asked for with their tags.
        serves_when_down: Whether reads get what was last seen while the server
            is down.
    """

    def __init__(
        self,
        revalidates: bool,
        serves_when_down: bool,
        folder: Any,
        max_bytes: int,
    ) -> None:
        self.revalidates = revalidates
        self.serves_when_down = serves_when_down
        self.folder = folder
        self.counts = {"asked": 0, "unchanged": 0, "stale": 0}
        self._max_bytes = max_bytes
        self._entries: Any = collections.OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._has_warned = False

    def unlock(self) -> None:
        """Replace the lock, which no thread of a forked child will release."""
        self._lock = threading.Lock()

    def count(self, name: str) -> None:
        """Count an answer."""
        with self._lock:
            self.counts[name] += 1

    def exchange(self, call: Any, scope: Scope | None) -> Exchange:
        """Return what keeps the answers to a call."""
        return Exchange(self, call, scope)

    def find(self, key: Key) -> Kept | None:
        """Return a kept answer from memory, or from the folder."""
        with self._lock:
            kept = self._entries.get(key.pair)
            if kept is not None:
                self._entries.move_to_end(key.pair)
                return kept
        if self.folder is None:
            return None
        found = self.folder.read(key)
        if found is None:
            return None
        kept = Kept(*found)
        self.put(key, kept)
        return kept

    def newest(self, key: Key, kept: Kept | None) -> Kept | None:
        """Return what another process has seen, if that was later."""
        found = None if self.folder is None else self.folder.read(key)
        if found is None or (kept is not None and kept.seen_at >= found[3]):
            return kept
        return Kept(*found)

    def put(self, key: Key, kept: Kept) -> None:
        """Keep an answer in memory."""
        with self._lock:
            self._remove(key.pair)
            size = _size_of(key.pair, kept)
            if size > self._max_bytes:
                return
            self._entries[key.pair] = kept
            self._size += size
            while self._size > self._max_bytes:
                self._remove(next(iter(self._entries)))

    def _remove(self, pair: tuple) -> None:
        kept = self._entries.pop(pair, None)
        if kept is not None:
            self._size -= _size_of(pair, kept)

    def clear(self) -> None:
        """Forget all answers."""
        with self._lock:
            self._entries.clear()
            self._size = 0
        if self.folder is not None:
            self.folder.clear()

    def forget_client(self, client: Any, wanted: str | None = None) -> int:
        """
        Forget the answers of a client's login.

        Args:
            client: The client.
            wanted: Forget only those that have this text in their URL or body.

        Returns:
            int: How many answers were forgotten.
        """
        header = getattr(client, "make_auth_header", None)
        # A script may use another object as a client.
        login = header and login_of(header().get("Authorization"))
        if not login:
            return 0
        owner = owner_of(str(client.host).strip("/"), login)
        sought = None if wanted is None else wanted.encode()
        names = set()
        with self._lock:
            for pair, kept in list(self._entries.items()):
                if pair[0] == owner and (
                    sought is None
                    or sought in pair[1].encode()
                    or sought in kept.body
                ):
                    self._remove(pair)
                    names.add(Key(pair[1], login).name)
        if self.folder is not None:
            names |= self.folder.forget(owner, sought)
        return len(names)

    def infos(self) -> dict[str, int]:
        """Return how many answers are kept and what they were good for."""
        with self._lock:
            return {
                **self.counts,
                "current_size": len(self._entries),
                "current_bytes": self._size,
            }

    def answered(self) -> None:
        """Warn again at the next failure of the server: it is up."""
        self._has_warned = False

    def warn(self, error: BaseException) -> None:
        """Say once that the server is down."""
        if self._has_warned:
            return
        self._has_warned = True
        warnings.warn(
            "The server is down ({}). Reads are answered with what was last "
            "seen; gazu.cache.stale() tells when.".format(
                type(error).__name__
            ),
            StaleAnswerWarning,
            stacklevel=3,
        )


class Exchange:
    """The answers to one call. The core calls ``begin`` to ``last_seen``."""

    def __init__(self, store: Store, call: Any, scope: Scope | None) -> None:
        self._store = store
        self._streams = call.streams_rows
        self._scope = scope
        self._key: Any = None
        self._found: Kept | None = None
        self._new: Kept | None = None
        self._asked_with_tag = False
        self._is_settled = False
        self._outcome = "new"
        self._began = 0.0

    @property
    def uses_disk(self) -> bool:
        """Whether answers are kept in a folder, too."""
        return self._store.folder is not None

    def load(self, url: str, authorization: str | None) -> None:
        """Read what is kept into memory, so that ``begin`` need not read a file."""
        login = login_of(authorization)
        if login is not None:
            self._store.find(Key(url, login))

    def begin(self, url: str, authorization: str | None) -> str | None:
        """Return the ``If-None-Match`` for a request, or None."""
        self._new = self._found = None
        self._asked_with_tag = False
        self._key = None
        login = login_of(authorization)
        if login is None:
            return None
        self._key = Key(url, login)
        self._began = time.monotonic()
        found = self._found = self._store.find(self._key)
        if (
            found is None
            or found.tag is None
            or not found.is_trusted
            or not self._store.revalidates
            or self._streams
        ):
            return None
        self._asked_with_tag = True
        if found.tag.startswith("W/"):
            # A proxy that compresses makes the tag weak, and Zou compares it
            # with its own, which is not.
            return "{}, {}".format(found.tag, found.tag[2:])
        return found.tag

    def unchanged(self) -> tuple | None:
        """Return the kept answer: the server says that it has not changed."""
        if not self._asked_with_tag or self._found is None:
            return None
        self._outcome = "unchanged"
        return self._found.body, self._found.content_type

    def wants(self, status: int, tag: str | None) -> bool:
        """Return whether an answer is to be kept."""
        if self._key is None or self._outcome != "new" or status != 200:
            return False
        if self._streams:
            return False
        return self._store.serves_when_down or (
            tag is not None and covered(self._key.url)
        )

    def received(
        self, tag: str | None, content_type: str | None, body: bytes
    ) -> None:
        """Keep an answer, once its result has been decoded."""
        is_covered = tag is not None and covered(self._key.url)
        new = Kept(
            body, content_type, tag if is_covered else None, time.time()
        )
        found = self._found
        if is_covered and found is not None and found.tag == tag:
            new.tag_since = found.tag_since
            self._is_settled = self._began - found.tag_since >= SETTLING
        self._new = new

    def responded(self, response: Any) -> None:
        """Keep the response of a script's session, if it is to be kept."""
        headers: Any = getattr(response, "headers", None)

        def header(name: str) -> str | None:
            value = headers.get(name) if hasattr(headers, "get") else None
            return value if isinstance(value, str) else None

        tag = header("ETag")
        if self.wants(response.status_code, tag):
            content = response.content
            if isinstance(content, bytes):
                self.received(tag, header("Content-Type"), content)

    def last_seen(self, error: BaseException) -> tuple | None:
        """Return the kept answer: the server is down. ``error`` says so."""
        store, scope = self._store, self._scope
        if self._key is None or not store.serves_when_down:
            return None
        found = self._found = store.newest(self._key, self._found)
        if found is None:
            return None
        if scope is not None:
            if not scope.takes_old:
                return None
            scope.error = error
        self._outcome = "stale"
        store.warn(error)
        return found.body, found.content_type

    def finished(self, value: Any) -> Any:
        """Return the result of the call, marked if it is what was last seen."""
        store, found = self._store, self._found
        if self._outcome == "stale" and found is not None:
            store.count("stale")
            return marked(value, found.seen_at)
        store.answered()
        if self._key is None:
            return value
        store.count("asked")
        if self._outcome == "unchanged" and found is not None:
            store.count("unchanged")
            found.seen_at = time.time()
        elif self._new is not None:
            store.put(self._key, self._new)
        return value

    def question(self) -> Any:
        """
        Return the call whose answer ``learn`` needs, or None.

        The board of shots that a vendor gets depends on the departments of its
        metadata descriptors, which its tag does not cover.
        """
        if self._new is None or not self._is_settled:
            return None
        parts = urlsplit(self._key.url)
        if not _SHOTS.search(parts.path):
            self._new.is_trusted = True
            return None
        projects = parse_qs(parts.query).get("project_id")
        if not projects:
            return None
        return _core.project.get_team(projects[0])

    def learn(self, team: Any) -> None:
        """Trust the tag of a board, unless a vendor sees it."""
        if self._new is None or not isinstance(team, list):
            return
        roles = {
            role
            for person in team
            if "person {}".format(person.get("id")) == self._key.login
            for role in (person.get("role"), person.get("project_role"))
        }
        self._new.is_trusted = "vendor" not in roles

    def save(self) -> None:
        """Write what has changed to the folder."""
        folder = self._store.folder
        if folder is None or self._key is None:
            return
        try:
            if self._outcome == "unchanged":
                folder.touch(self._key)
            elif self._outcome == "new" and self._new is not None:
                folder.write(self._key, self._new)
        except OSError as error:
            # The answer itself is as good as without a folder.
            logger.warning("An answer cannot be kept on disk: %s", error)


def marked(value: Any, seen_at: float) -> Any:
    """Return a result whose lists and dicts tell when it was last seen."""
    when = datetime.datetime.fromtimestamp(seen_at, datetime.timezone.utc)

    def with_mark(found: Any) -> Any:
        copy: StaleDict | StaleList
        if type(found) is dict:
            copy = StaleDict((key, with_mark(found[key])) for key in found)
        elif type(found) is list:
            copy = StaleList(map(with_mark, found))
        else:
            return found
        copy.seen_at = when
        return copy

    return with_mark(value)
