"""
The login through the browser: Kitsu's page, and the two routes behind it.

Nobody has to click: the page allows or refuses the login at once.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from .store import Refusal, invalid_field
from .validation import required_text

PAGE = "/app-login"
CODE_PATH = "auth/app-login/code"
TOKEN_PATH = "auth/app-login/token"

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}\Z")


class BrowserLogins:
    """
    The codes that have been given.

    Attributes:
        person: The person (dict) who allows logins in the browser. None refuses
            them.
    """

    def __init__(self, person: Any) -> None:
        self.person = person
        self._codes: dict[str, tuple[str, str]] = {}

    def new_code(self, person_id: str, body: Any) -> dict:
        """Return a new code for a person. Raises Refusal."""
        challenge = required_text(body, "code_challenge")
        if not _CHALLENGE.match(challenge):
            raise _no_match("code_challenge", "^[A-Za-z0-9_-]{43}$")
        code = uuid.uuid4().hex
        self._codes[code] = (person_id, challenge)
        return {"code": code}

    def exchange(self, body: Any) -> str:
        """Return the id of the person of a code, which ends. Raises Refusal."""
        code = required_text(body, "code", least=1)
        verifier = required_text(body, "code_verifier")
        if not _VERIFIER.match(verifier):
            raise _no_match("code_verifier", "^[A-Za-z0-9._~-]{43,128}$")
        person_id, challenge = self._codes.pop(code, ("", ""))
        digest = hashlib.sha256(verifier.encode()).digest()
        hashed = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not person_id or hashed != challenge:
            raise Refusal(
                400, {"login": False, "message": "Wrong or expired code."}
            )
        return person_id

    def answer_page(self, target: str) -> str | None:
        """Return where the page sends the browser; None if its URL is invalid."""
        query = {
            name: values[0]
            for name, values in parse_qs(urlsplit(target).query).items()
        }
        port, state = query.get("port", ""), query.get("state")
        if not port.isdigit() or not 1024 <= int(port) <= 65535 or not state:
            return None
        if not _CHALLENGE.match(query.get("code_challenge", "")):
            return None
        if self.person is None:
            answer = {"error": "access_denied"}
        else:
            answer = self.new_code(self.person["id"], query)
        return "http://127.0.0.1:{}/?{}".format(
            port, urlencode(dict(answer, state=state))
        )


def _no_match(field: str, pattern: str) -> Refusal:
    return invalid_field(
        field, "String should match pattern '{}'".format(pattern)
    )
