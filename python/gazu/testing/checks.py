"""
What the server wants of the body of a request, and how it refuses it.
"""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from typing import Any, Callable

from .store import invalid, wrong

ROLES = ("user", "admin", "supervisor", "manager", "client", "vendor")
CONTRACTS = (
    "open-ended",
    "fixed-term",
    "short-term",
    "freelance",
    "apprentice",
    "internship",
)
DATE_FORMATS = ("YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY")
STYLES = (
    "2d",
    "2dpaper",
    "3d",
    "2d3d",
    "ar",
    "vfx",
    "stop-motion",
    "motion-design",
    "archviz",
    "commercial",
    "catalog",
    "immersive",
    "nft",
    "video-game",
    "vr",
)
STATUSES = ("standby", "running", "complete", "canceled")
DESCRIBED = ("Asset", "Shot", "Sequence", "Episode", "Edit", "Project", "Task")
DATA_TYPES = (
    "string",
    "number",
    "list",
    "taglist",
    "boolean",
    "checklist",
    "date",
    "url",
    "textarea",
    "person",
)


def given(body: Any, field: str) -> Any:
    """Return a field that must be there."""
    if not isinstance(body, dict) or field not in body:
        raise invalid(field, "Field required")
    return body[field]


def text(body: Any, field: str, least: int = 0) -> str:
    """Return a text that must be there, of that many characters at least."""
    value = given(body, field)
    if not isinstance(value, str):
        raise invalid(field, "Input should be a valid string")
    if len(value) < least:
        raise invalid(field, "String should have at least 1 character")
    return value


def texts(body: Any, field: str, least: int = 0) -> list[str]:
    """Return a list of texts that must be there."""
    values = given(body, field)
    if not isinstance(values, list):
        raise invalid(field, "Input should be a valid list")
    if len(values) < least:
        raise invalid(
            field, "List should have at least 1 item after validation, not 0"
        )
    for number, value in enumerate(values):
        if not isinstance(value, str):
            raise invalid(
                "{}.{}".format(field, number), "Input should be a valid string"
            )
    return values


def from_json(body: Any, field: str, missing: Any) -> Any:
    """Return what a field holds, as JSON if it came in a form."""
    value = body.get(field)
    if value is None:
        return missing
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise invalid(field, "Value error, {}".format(error)) from None


def _number(kind: Callable, name: str, field: str, value: Any) -> Any:
    """Return a value as a number; its name has its article."""
    try:
        return kind(value)
    except (TypeError, ValueError):
        message = "Input should be a valid " + name.split()[1]
        if isinstance(value, str):
            message += ", unable to parse string as " + name
        raise invalid(field, message) from None


def whole(body: Any, field: str, least: int | None = None) -> int | None:
    """Return a whole number, or None if there is none."""
    value = body.get(field) if isinstance(body, dict) else None
    if value is None:
        return None
    number = _number(int, "an integer", field, value)
    if least is not None and number < least:
        raise invalid(
            field,
            "Input should be greater than or equal to {}".format(least),
        )
    return number


def more_than_nothing(body: Any, field: str) -> float:
    """Return a number that must be there, and more than 0."""
    number = _number(float, "a number", field, given(body, field))
    if number <= 0:
        raise invalid(field, "Input should be greater than 0")
    return number


def one_of(body: dict, field: str, choices: tuple, message: str) -> None:
    """Refuse a field that is there and none of these."""
    if field in body and body[field] not in choices:
        raise wrong(message)


def is_day(value: Any) -> bool:
    """Return whether a value is a day, as in ``2026-03-02``."""
    try:
        datetime.datetime.strptime(value, "%Y-%m-%d")
    except (TypeError, ValueError):
        return False
    return True


#: What may stand before the @-sign, next to letters and digits.
_SIGNS = "_.!#$%&'*+-/=?^`{|}~"


def email(value: Any) -> str:
    """Return an email address as it is kept. Raises Refusal."""
    if not isinstance(value, str) or "@" not in value:
        raise wrong("An email address must have an @-sign.")
    name, _, domain = value.partition("@")
    if not domain:
        raise wrong("There must be something after the @-sign.")
    if not name:
        raise wrong("There must be something before the @-sign.")
    _no_strange(name, _SIGNS, "The email address", " before the @-sign")
    _no_strange(domain, "-.", "The part after the @-sign", "")
    if ".." in value:
        raise wrong("An email address cannot have two periods in a row.")
    return value.lower()


def _no_strange(part: str, signs: str, what: str, where: str) -> None:
    strange = {one for one in part if not one.isalnum() and one not in signs}
    if strange:
        raise wrong(
            "{} contains invalid characters{}: {}.".format(
                what, where, ", ".join(map(_named, sorted(strange)))
            )
        )


def _named(character: str) -> str:
    if unicodedata.category(character)[0] in "LNPS":
        return repr(character)
    return unicodedata.name(character, repr(character))


def person(body: dict, today: str) -> None:
    """Refuse a person with what no person has, and write the email as it is kept."""
    one_of(body, "role", ROLES, "Invalid role")
    one_of(body, "contract_type", CONTRACTS, "Invalid contract_type")
    if body.get("display_date_format") is not None:
        one_of(
            body,
            "display_date_format",
            DATE_FORMATS,
            "Invalid display_date_format, expected one of: {}.".format(
                ", ".join(DATE_FORMATS)
            ),
        )
    day = body.get("expiration_date")
    if day is not None:
        if not is_day(day):
            raise wrong("Expiration date is not valid.")
        if day < today:
            raise wrong("Expiration date can't be in the past.")
    if "email" in body:
        body["email"] = email(body["email"])


def project(body: dict) -> None:
    """Refuse a project with what no project has."""
    if body.get("production_style", "") is None:
        body["production_style"] = "2d3d"
    one_of(body, "production_style", STYLES, "Invalid production_style")
    size = body.get("resolution")
    if size and not re.match(r"\d*x\d+$", str(size)):
        raise wrong(
            "Invalid resolution {}. Expected format: '1920x1080' or "
            "'x1080'.".format(size)
        )


def field_name(name: str) -> str:
    """Return what the data of entities call what a descriptor describes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "_", plain.decode().lower()).strip("_")
