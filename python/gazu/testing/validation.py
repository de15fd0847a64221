"""
Validation of request bodies, with the error messages of the real server.
"""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from typing import Any, Callable

from .store import bad_request, invalid_field

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
DESCRIPTOR_ENTITY_TYPES = (
    "Asset",
    "Shot",
    "Sequence",
    "Episode",
    "Edit",
    "Project",
    "Task",
)
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


def required(body: Any, field: str) -> Any:
    """Return a required field. Raises Refusal."""
    if not isinstance(body, dict) or field not in body:
        raise invalid_field(field, "Field required")
    return body[field]


def required_text(body: Any, field: str, least: int = 0) -> str:
    """Return a required text of at least `least` characters. Raises Refusal."""
    value = required(body, field)
    if not isinstance(value, str):
        raise invalid_field(field, "Input should be a valid string")
    if len(value) < least:
        raise invalid_field(field, "String should have at least 1 character")
    return value


def required_texts(body: Any, field: str, least: int = 0) -> list[str]:
    """Return a required list of at least `least` texts. Raises Refusal."""
    values = required(body, field)
    if not isinstance(values, list):
        raise invalid_field(field, "Input should be a valid list")
    if len(values) < least:
        raise invalid_field(
            field, "List should have at least 1 item after validation, not 0"
        )
    for number, value in enumerate(values):
        if not isinstance(value, str):
            raise invalid_field(
                "{}.{}".format(field, number), "Input should be a valid string"
            )
    return values


def from_json(body: Any, field: str, missing: Any) -> Any:
    """Return the value of a field. Text, as forms have it, is parsed as JSON."""
    value = body.get(field)
    if value is None:
        return missing
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise invalid_field(field, "Value error, {}".format(error)) from None


def _parse_number(kind: Callable, name: str, field: str, value: Any) -> Any:
    """
    Convert a value to a number. Raises Refusal.

    Args:
        kind: The type to convert to.
        name: The type's name in the message, with its article: "an integer".
        field: The field that the value comes from.
    """
    try:
        return kind(value)
    except (TypeError, ValueError):
        message = "Input should be a valid " + name.split()[1]
        if isinstance(value, str):
            message += ", unable to parse string as " + name
        raise invalid_field(field, message) from None


def optional_integer(
    body: Any, field: str, least: int | None = None
) -> int | None:
    """Return an integer, or None if the field is missing. Raises Refusal."""
    value = body.get(field) if isinstance(body, dict) else None
    if value is None:
        return None
    number = _parse_number(int, "an integer", field, value)
    if least is not None and number < least:
        raise invalid_field(
            field,
            "Input should be greater than or equal to {}".format(least),
        )
    return number


def positive_number(body: Any, field: str) -> float:
    """Return a required number greater than 0. Raises Refusal."""
    number = _parse_number(float, "a number", field, required(body, field))
    if number <= 0:
        raise invalid_field(field, "Input should be greater than 0")
    return number


def check_choice(body: dict, field: str, choices: tuple, message: str) -> None:
    """Raise Refusal if a field is present and is not one of the choices."""
    if field in body and body[field] not in choices:
        raise bad_request(message)


def is_date(value: Any) -> bool:
    """Return whether a value is a date such as ``2026-03-02``."""
    try:
        datetime.datetime.strptime(value, "%Y-%m-%d")
    except (TypeError, ValueError):
        return False
    return True


#: Characters allowed before the @-sign besides letters and digits.
_SIGNS = "_.!#$%&'*+-/=?^`{|}~"


def normalized_email(value: Any) -> str:
    """Return an email address as the server stores it. Raises Refusal."""
    if not isinstance(value, str) or "@" not in value:
        raise bad_request("An email address must have an @-sign.")
    name, _, domain = value.partition("@")
    if not domain:
        raise bad_request("There must be something after the @-sign.")
    if not name:
        raise bad_request("There must be something before the @-sign.")
    _check_characters(name, _SIGNS, "The email address", " before the @-sign")
    _check_characters(domain, "-.", "The part after the @-sign", "")
    if ".." in value:
        raise bad_request("An email address cannot have two periods in a row.")
    return value.lower()


def _check_characters(part: str, signs: str, what: str, where: str) -> None:
    strange = {one for one in part if not one.isalnum() and one not in signs}
    if strange:
        raise bad_request(
            "{} contains invalid characters{}: {}.".format(
                what, where, ", ".join(map(_character_name, sorted(strange)))
            )
        )


def _character_name(character: str) -> str:
    if unicodedata.category(character)[0] in "LNPS":
        return repr(character)
    return unicodedata.name(character, repr(character))


def check_person(body: dict, today: str) -> None:
    """Raise Refusal for invalid fields of a person, and normalize its email."""
    check_choice(body, "role", ROLES, "Invalid role")
    check_choice(body, "contract_type", CONTRACTS, "Invalid contract_type")
    if body.get("display_date_format") is not None:
        check_choice(
            body,
            "display_date_format",
            DATE_FORMATS,
            "Invalid display_date_format, expected one of: {}.".format(
                ", ".join(DATE_FORMATS)
            ),
        )
    day = body.get("expiration_date")
    if day is not None:
        if not is_date(day):
            raise bad_request("Expiration date is not valid.")
        if day < today:
            raise bad_request("Expiration date can't be in the past.")
    if "email" in body:
        body["email"] = normalized_email(body["email"])


def check_project(body: dict) -> None:
    """Raise Refusal for invalid fields of a project, and set its default style."""
    if body.get("production_style", "") is None:
        body["production_style"] = "2d3d"
    check_choice(body, "production_style", STYLES, "Invalid production_style")
    size = body.get("resolution")
    if size and not re.match(r"\d*x\d+$", str(size)):
        raise bad_request(
            "Invalid resolution {}. Expected format: '1920x1080' or "
            "'x1080'.".format(size)
        )


def field_name(name: str) -> str:
    """Return the key in an entity's data for a descriptor of this name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "_", plain.decode().lower()).strip("_")
