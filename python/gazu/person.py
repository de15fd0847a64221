"""People, departments, bots, the hours that they log and their days off."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._deprecated import old_names
from ._engine.composition import composition
from ._engine.dispatch import run
from ._engine.late import LateNames
from ._engine.redact import confidential
from .cache import cache
from .client import KitsuClient
from .helpers import (
    normalize_list_of_models_for_links,
    normalize_model_parameter,
)
from .sorting import sort_by_name  # noqa: F401

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime

    from ._engine.annotations import Literal

default = raw.default_client


@cache
def all_organisations(client: KitsuClient = default) -> list[dict]:
    """
    List every organisation. A server has one.

    Returns:
        list[Organisation]: The organisations, sorted by name.

    Route: ``GET data/organisations``
    """
    return run(client, _core.person.all_organisations())


@cache
def all_departments(client: KitsuClient = default) -> list[dict]:
    """
    List every department.

    Returns:
        list[Department]: The departments, sorted by name.

    Route: ``GET data/departments``
    """
    return run(client, _core.person.all_departments())


@cache
def all_persons(client: KitsuClient = default) -> list[dict]:
    """
    List every person, bots included.

    Returns:
        list[Person]: The persons, sorted by ``"name"``. If they have none,
            they are in the server's order.

    Example:
        for person in gazu.person.all_persons():
            print(person["full_name"])

    Route: ``GET data/persons``
    """
    return run(client, _core.person.all_persons())


@cache
def get_time_spents_range(
    person_id: str,
    start_date: str,
    end_date: str,
    client: KitsuClient = default,
) -> list:
    """
    List the hours that a person logged between two days.

    Args:
        person_id: The person's id.
        start_date: The first day, ``YYYY-MM-DD``.
        end_date: The last day, ``YYYY-MM-DD``; it is included.

    Returns:
        list[TimeSpent]: One entry for each day and task, in no particular
            order, with the task's ``"project_id"`` and ``"task_type_id"``.
            ``"duration"`` is in minutes.

    Raises:
        ParameterException: a date is malformed.

    Route: ``GET data/persons/{person}/time-spents``
    """
    return run(
        client,
        _core.person.get_time_spents_range(person_id, start_date, end_date),
    )


def get_all_month_time_spents(
    id: str, date: datetime.date, client: KitsuClient = default
) -> list:
    """
    List the hours that a person logged in one month.

    Args:
        id: The person's id.
        date: Any day of the month, as a date or a datetime.

    Returns:
        list[TimeSpent]: One entry for each day and task, in no particular
            order. ``"duration"`` is in minutes.

    Route: ``GET data/persons/{person}/time-spents/month/all/{year}/{month}``
    """
    return run(
        client,
        _core.person.get_all_month_time_spents(
            id, date.strftime("%Y"), date.strftime("%m")
        ),
    )


@cache
def get_department_by_name(
    name: str, client: KitsuClient = default
) -> dict | None:
    """
    Find a department by its name.

    Args:
        name: The full name.

    Returns:
        Department | None: The department, or None when there is none of that
            name.

    Route: ``GET data/departments?name=``
    """
    return run(client, _core.person.get_department_by_name(name))


@cache
def get_department(department_id: str, client: KitsuClient = default) -> dict:
    """
    Get a department by its id.

    Args:
        department_id: The department's id.

    Returns:
        Department: The department.

    Raises:
        RouteNotFoundException: no department has this id.

    Route: ``GET data/departments/{department}``
    """
    return run(client, _core.person.get_department(department_id))


@cache
def get_person(
    id: str, relations: bool = False, client: KitsuClient = default
) -> dict | None:
    """
    Find a person by their id.

    Args:
        id: The person's id.
        relations: Add the ids of the person's departments.

    Returns:
        Person | None: The person, or None when no person has this id.

    Example:
        person = gazu.person.get_person(person["id"])

    Route: ``GET data/persons?id=``
    """
    return run(client, _core.person.get_person(id, relations))


@cache
def get_person_by_desktop_login(
    desktop_login: str, client: KitsuClient = default
) -> dict | None:
    """
    Find a person by their desktop login.

    Args:
        desktop_login: The full login name.

    Returns:
        Person | None: The person, never a bot, or None if none has this login.

    Route: ``GET data/persons?desktop_login=``
    """
    return run(client, _core.person.get_person_by_desktop_login(desktop_login))


@cache
def get_person_by_email(
    email: str, is_bot: bool = False, client: KitsuClient = default
) -> dict | None:
    """
    Find a person by their email address.

    Args:
        email: The full address.
        is_bot: Search the bots instead of the people.

    Returns:
        Person | None: The person or bot, or None if none has this address.

    Example:
        person = gazu.person.get_person_by_email("user@example.com")

    Route: ``GET data/persons?email=``
    """
    return run(client, _core.person.get_person_by_email(email, is_bot))


@cache
def get_person_by_full_name(
    full_name: str,
    first_name: str | None = None,
    last_name: str | None = None,
    client: KitsuClient = default,
) -> dict | None:
    """
    Find a person by their name.

    Args:
        full_name: First and last name, separated by a space. It is ignored if
            both other names are given.
        first_name: The first name.
        last_name: The last name.

    Returns:
        Person | None: The person, never a bot, or None when none has this
            name.

    Example:
        person = gazu.person.get_person_by_full_name("Ana Rivera")

    Route: ``GET data/persons?full_name=``, or
    ``GET data/persons?first_name=&last_name=``
    """
    return run(
        client,
        _core.person.get_person_by_full_name(full_name, first_name, last_name),
    )


@cache
@composition
def get_person_url(person: str | dict, client: KitsuClient = default) -> str:
    """
    Return the URL of a person's page in Kitsu. No request is sent.

    Args:
        person: The person (dict or id).

    Returns:
        str: The URL of the page.
    """
    person_id = _core.model(person)["id"]
    host = raw.get_api_url_from_host(client=client)
    return f"{host}/people/{person_id}/"


@cache
@composition
def get_organisation(client: KitsuClient = default) -> dict:
    """
    Get the organisation of the logged-in user.

    Returns:
        Organisation: The organisation.

    Raises:
        NotAuthenticatedException: the client is not logged in.

    Route: ``GET auth/authenticated``
    """
    return run(client, _core.person.get_organisation())["organisation"]


@composition
def new_department(
    name: str,
    color: str = "",
    archived: bool = False,
    client: KitsuClient = default,
) -> dict:
    """
    Create a department, unless there is one of that name.

    Args:
        name: The department's name.
        color: Its colour as ``#RRGGBB``.
        archived: Whether it is archived.

    Returns:
        Department: The new department, or the existing one.

    Route: ``GET data/departments``, then ``POST data/departments``
    """
    department = get_department_by_name(name, client=client)
    if department is None:
        department = run(
            client, _core.person.new_department(name, color, archived)
        )
    return department


def update_department(department, client=default):
    """
    Save the fields of a department.

    Args:
        department (dict): The fields to save, with the department's
            ``"id"``.

    Returns:
        Department: The department as saved.

    Route: ``PUT data/departments/{department}``
    """
    return run(
        client,
        _core.person.update_department(normalize_model_parameter(department)),
    )


def remove_department(department, force=False, client=default):
    """
    Delete a department.

    Args:
        department (str | dict): The department (dict or id).
        force (bool): Sent to the server. Zou 1.0.97 ignores it.

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/departments/{department}``
    """
    return run(client, _core.person.remove_department(department, force))


@confidential
@composition
def new_person(
    first_name: str,
    last_name: str,
    email: str,
    phone: str = "",
    role: str = "user",
    desktop_login: str = "",
    departments: list[str | dict] | None = None,
    password: str | None = None,
    active: bool = True,
    contract_type: str = "open-ended",
    client: KitsuClient = default,
) -> dict:
    """
    Create a person, unless one with this email address exists.

    Args:
        first_name: The first name.
        last_name: The last name.
        email: The email address, which is the login name as well.
        phone: The phone number.
        role: What the person may do: ``"user"``, ``"supervisor"``,
            ``"manager"``, ``"admin"``, ``"client"`` or ``"vendor"``.
        desktop_login: The login name of the person's desktop session.
        departments: The person's departments (dicts or ids).
        password: The password. Without one the person cannot log in until
            one is set.
        active: Whether the person may log in.
        contract_type: ``"open-ended"``, ``"fixed-term"``,
            ``"short-term"``, ``"freelance"``, ``"apprentice"`` or
            ``"internship"``.

    Returns:
        Person: The new person, or the existing one.

    Raises:
        ParameterException: the role or the type of contract is unknown, or the
            server's limit of users is reached.

    Example:
        person = gazu.person.new_person("Ana", "Rivera", "rivera@example.com")

    Route: ``GET data/persons``, then ``POST data/persons``
    """
    person = get_person_by_email(email, client=client)
    if person is None:
        person = run(
            client,
            _core.person.new_person(
                first_name,
                last_name,
                email,
                phone,
                role,
                desktop_login,
                departments,
                password,
                active,
                contract_type,
            ),
        )
    return person


@composition
def update_person(person: dict, client: KitsuClient = default) -> dict:
    """
    Save the fields of a person.

    Args:
        person: A dict of the fields to save, with the person's ``"id"``.
            ``"departments"`` may hold dicts or ids. The dict itself is not
            changed.

    Returns:
        Person: The person as saved.

    Route: ``PUT data/persons/{person}``
    """
    if isinstance(person, dict) and "departments" in person:
        departments = normalize_list_of_models_for_links(person["departments"])
        person = {**person, "departments": departments}
    return run(
        client, _core.person.update_person(normalize_model_parameter(person))
    )


def remove_person(
    person: str | dict, force: bool = False, client: KitsuClient = default
) -> str:
    """
    Delete a person.

    Args:
        person: The person (dict or id).
        force: Also delete the person's data, such as comments and logged
            hours.

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/persons/{person}``
    """
    return run(client, _core.person.remove_person(person, force))


def new_bot(
    name: str,
    email: str,
    role: str = "user",
    departments: list[str | dict] | None = None,
    active: bool = True,
    expiration_date: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a bot: an account for scripts.

    Args:
        name: The bot's name.
        email: An email address for it.
        role: What the bot may do: ``"user"``, ``"supervisor"``,
            ``"manager"``, ``"admin"``, ``"client"`` or ``"vendor"``.
        departments: The bot's departments (dicts or ids).
        active: Whether the bot may log in.
        expiration_date: The last day of the bot's token, ``YYYY-MM-DD``. If
            omitted, the token does not expire.

    Returns:
        Person: The bot. ``"access_token"`` is the token to log in with. The
            server returns it only once.

    Raises:
        ParameterException: the role is unknown, or the day is past.

    Route: ``POST data/persons``
    """
    return run(
        client,
        _core.person.new_bot(
            name, email, role, departments, active, expiration_date
        ),
    )


@composition
def update_bot(bot: dict, client: KitsuClient = default) -> dict:
    """
    Save the fields of a bot.

    Args:
        bot: A dict of the fields to save, with the bot's ``"id"``.
            ``"departments"`` may hold dicts or ids. The dict itself is not
            changed.

    Returns:
        Person: The bot as saved.

    Route: ``PUT data/persons/{bot}``
    """
    return update_person(bot, client=client)


@composition
def remove_bot(
    bot: dict, force: bool = False, client: KitsuClient = default
) -> str:
    """
    Delete a bot.

    Args:
        bot: The bot (dict or id).
        force: Also delete the bot's data, such as comments.

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/persons/{bot}``
    """
    return remove_person(bot, force=force, client=client)


def set_avatar(
    person: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> dict[Literal["thumbnail_path"], str]:
    """
    Set the avatar of a person.

    Args:
        person: The person (dict or id).
        file_path: The path of the image on this machine.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        dict[Literal['thumbnail_path'], str]: A dict whose ``"thumbnail_path"``
            is the path of the avatar on the server.

    Raises:
        UploadFailedException: the server could not use the file.

    Route: ``POST pictures/thumbnails/persons/{person}``
    """
    return run(
        client,
        _core.person.set_avatar(person, file_path),
        progress_callback=progress_callback,
    )


def get_presence_log(
    year: int, month: int, client: KitsuClient = default
) -> str:
    """
    Get who was present in a month. Only for administrators.

    Args:
        year: The year.
        month: The month, from 1 to 12.

    Returns:
        str: CSV text: a row for each active person, a column for each day.

    Raises:
        ParameterException: there is no such month.

    Route: ``GET data/persons/presence-logs/{year}-{month}``
    """
    return run(client, _core.person.get_presence_log(year, month))


@confidential
def change_password_for_person(
    person: str | dict, password: str, client: KitsuClient = default
) -> dict[Literal["success"], bool]:
    """
    Set the password of a person. Only for administrators.

    Args:
        person: The person (dict or id).
        password: The new password.

    Returns:
        dict[Literal['success'], bool]: A dict whose ``"success"`` is True.

    Raises:
        ParameterException: the password is too short, or the person may
            not log in.

    Route: ``POST actions/persons/{person}/change-password``
    """
    return run(
        client, _core.person.change_password_for_person(person, password)
    )


def invite_person(
    person: str | dict, client: KitsuClient = default
) -> dict[str, str]:
    """
    Send a person a mail that invites them to Kitsu. Only for administrators.

    Args:
        person: The person (dict or id).

    Returns:
        dict[str, str]: A dict with ``"success"`` and a ``"message"``.

    Route: ``GET actions/persons/{person}/invite``
    """
    return run(client, _core.person.invite_person(person))


@cache
def get_time_spents_by_date(
    person: str | dict, date: str, client: KitsuClient = default
) -> list[dict]:
    """
    List the hours that a person logged on one day.

    Args:
        person: The person (dict or id).
        date: The day, ``YYYY-MM-DD``.

    Returns:
        list[TimeSpent]: One entry for each task, in no particular order.
            ``"duration"`` is in minutes.

    Raises:
        ParameterException: the date is malformed.

    Route: ``GET data/persons/{person}/time-spents/{date}``
    """
    return run(client, _core.person.get_time_spents_by_date(person, date))


@cache
def get_week_time_spents(
    person: str | dict, year: int, week: int, client: KitsuClient = default
) -> list[dict]:
    """
    Sum the hours that a person logged in one week, by task.

    Args:
        person: The person (dict or id).
        year: The year.
        week: The number of the week in the year.

    Returns:
        list[TimeSpentSum]: One entry for each task, in no particular order,
            with the names of its project and entity. ``"duration"`` is in
            minutes.

    Route: ``GET data/persons/{person}/time-spents/week/{year}/{week}``
    """
    return run(client, _core.person.get_week_time_spents(person, year, week))


@cache
def get_year_time_spents(
    person: str | dict, year: int, client: KitsuClient = default
) -> list[dict]:
    """
    Sum the hours that a person logged in one year, by task.

    Args:
        person: The person (dict or id).
        year: The year.

    Returns:
        list[TimeSpentSum]: One entry for each task, in no particular order,
            with the names of its project and entity. ``"duration"`` is in
            minutes.

    Route: ``GET data/persons/{person}/time-spents/year/{year}``
    """
    return run(client, _core.person.get_year_time_spents(person, year))


@cache
def get_day_offs(
    person: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the days off of a person.

    Args:
        person: The person (dict or id).

    Returns:
        list[DayOff]: The days off, in no particular order. Supervisors see no
            ``"description"``.

    Route: ``GET data/persons/{person}/day-offs``
    """
    return run(client, _core.person.get_day_offs(person))


@cache
def get_week_day_offs(
    person: str | dict, year: int, week: int, client: KitsuClient = default
) -> list[dict]:
    """
    List the days off of a person that overlap with one week.

    Args:
        person: The person (dict or id).
        year: The year.
        week: The number of the week in the year.

    Returns:
        list[DayOff]: The days off, in no particular order. Supervisors see no
            ``"description"``.

    Route: ``GET data/persons/{person}/day-offs/week/{year}/{week}``
    """
    return run(client, _core.person.get_week_day_offs(person, year, week))


@cache
def get_month_day_offs(
    person: str | dict, year: int, month: int, client: KitsuClient = default
) -> list[dict]:
    """
    List the days off of a person that overlap with one month.

    Args:
        person: The person (dict or id).
        year: The year.
        month: The month, from 1 to 12.

    Returns:
        list[DayOff]: The days off, in no particular order. Supervisors see no
            ``"description"``.

    Route: ``GET data/persons/{person}/day-offs/month/{year}/{month}``
    """
    return run(client, _core.person.get_month_day_offs(person, year, month))


@cache
def get_year_day_offs(
    person: str | dict, year: int, client: KitsuClient = default
) -> list[dict]:
    """
    List the days off of a person that overlap with one year.

    Args:
        person: The person (dict or id).
        year: The year.

    Returns:
        list[DayOff]: The days off, in no particular order. Supervisors see no
            ``"description"``.

    Route: ``GET data/persons/{person}/day-offs/year/{year}``
    """
    return run(client, _core.person.get_year_day_offs(person, year))


@cache
def get_day_off(day_off_id: str, client: KitsuClient = default) -> dict:
    """
    Get a day off by its id.

    Args:
        day_off_id: The id of the day off.

    Returns:
        DayOff: The day off. Supervisors see no ``"description"``.

    Raises:
        RouteNotFoundException: no day off has this id.

    Route: ``GET data/day-offs/{day_off}``
    """
    return run(client, _core.person.get_day_off(day_off_id))


def new_day_off(
    person: str | dict,
    date: str,
    end_date: str,
    description: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create days off for a person. The server deletes the hours logged on these
    days.

    Args:
        person: The person (dict or id).
        date: The first day, ``YYYY-MM-DD``.
        end_date: The last day, ``YYYY-MM-DD``; it is included.
        description: The description.

    Returns:
        DayOff: The new day off, one record for the whole period.

    Raises:
        ParameterException: the person already has a day off in the period.

    Route: ``POST data/day-offs``
    """
    return run(
        client, _core.person.new_day_off(person, date, end_date, description)
    )


def update_day_off(day_off: dict, client: KitsuClient = default) -> dict:
    """
    Save the fields of a day off. The server deletes the hours logged on these
    days.

    Args:
        day_off: A dict of the fields to save, with the day off's ``"id"``:
            ``"date"`` and ``"end_date"`` as ``YYYY-MM-DD``,
            ``"description"``, ``"person_id"``.

    Returns:
        DayOff: The day off as saved.

    Raises:
        ParameterException: the person already has a day off in the period.

    Route: ``PUT data/day-offs/{day_off}``
    """
    return run(client, _core.person.update_day_off(day_off))


def remove_day_off(day_off: str | dict, client: KitsuClient = default) -> str:
    """
    Delete a day off.

    Args:
        day_off: The day off (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/day-offs/{day_off}``
    """
    return run(client, _core.person.remove_day_off(day_off))


def add_person_to_department(
    person: str | dict, department: str | dict, client: KitsuClient = default
) -> dict:
    """
    Add a person to a department. Only for administrators.

    Args:
        person: The person (dict or id).
        department: The department (dict or id).

    Returns:
        Person: The person.

    Route: ``POST actions/persons/{person}/departments/add``
    """
    return run(
        client, _core.person.add_person_to_department(person, department)
    )


def remove_person_from_department(
    person: str | dict, department: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a person from a department. Only for administrators.

    Args:
        person: The person (dict or id).
        department: The department (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE actions/persons/{person}/departments/{department}``
    """
    return run(
        client, _core.person.remove_person_from_department(person, department)
    )


def disable_two_factor_authentication(
    person: str | dict, client: KitsuClient = default
) -> str:
    """
    Disable the two-factor authentication of a person. Only for administrators.

    Args:
        person: The person (dict or id).

    Returns:
        str: The body of the answer: JSON text whose ``"success"`` is true.

    Raises:
        ParameterException: the person has no two-factor authentication, may
            not log in, or is another administrator.

    Route:
    ``DELETE actions/persons/{person}/disable-two-factor-authentication``
    """
    return run(client, _core.person.disable_two_factor_authentication(person))


def clear_person_avatar(
    person: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove the avatar of a person. Only for administrators.

    Args:
        person: The person (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE actions/persons/{person}/clear-avatar``
    """
    return run(client, _core.person.clear_person_avatar(person))


_late = LateNames(
    globals(),
    old_names(__name__),
    {
        "Literal": "._engine.annotations",
        "datetime": "datetime",
    },
)
__getattr__ = _late.get


def update_organisation(
    organisation: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of the organisation: the name and the settings of the
    studio.

    Args:
        organisation: Its ``"id"`` and the fields to set.

    Returns:
        Organisation: The updated organisation.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/organisations/{organisation}``
    """
    return run(client, _core.person.update_organisation(organisation))


def remove_organisation(
    organisation: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove an organisation. The server makes a new one when it needs it.

    Args:
        organisation: The organisation (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``DELETE data/organisations/{organisation}``
    """
    return run(client, _core.person.remove_organisation(organisation))


def all_day_offs(client: KitsuClient = default) -> list[dict]:
    """
    List the days off of all persons.

    Returns:
        list[DayOff]: The days off, in no particular order.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/day-offs``
    """
    return run(client, _core.person.all_day_offs())


def all_day_offs_for_year(
    year: int, client: KitsuClient = default
) -> list[dict]:
    """
    List the days off of the persons in a year.

    Args:
        year: The year.

    Returns:
        list[DayOff]: The days off, in no particular order. The descriptions
            are only for administrators, for managers of projects of the
            person, and for the person.

    Not in upstream.

    Route: ``GET data/persons/day-offs/{year}``
    """
    return run(client, _core.person.all_day_offs_for_year(year))


def all_day_offs_for_month(
    year: int, month: int, client: KitsuClient = default
) -> list[dict]:
    """
    List the days off of the persons in a month.

    Args:
        year: The year.
        month: The month, from 1 to 12.

    Returns:
        list[DayOff]: The days off, in no particular order. The descriptions
            are only for administrators, for managers of projects of the
            person, and for the person.

    Not in upstream.

    Route: ``GET data/persons/day-offs/{year}/{month}``
    """
    return run(client, _core.person.all_day_offs_for_month(year, month))


def all_day_offs_for_project(
    project: str | dict,
    start_date: str | None = None,
    end_date: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Get the days off of a project's team, person by person.

    Args:
        project: The project (dict or id).
        start_date: Only days off that end on this day or later,
            ``YYYY-MM-DD``.
        end_date: Only days off that start on this day or earlier,
            ``YYYY-MM-DD``.

    Returns:
        dict[str, list[DayOff]]: A list for each person's id, by date. Persons
            without days off are missing.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            client or vendor.
        ParameterException: a date is malformed.

    Not in upstream.

    Route: ``GET data/projects/{project}/day-offs``
    """
    return run(
        client,
        _core.person.all_day_offs_for_project(project, start_date, end_date),
    )


def get_day_off_for_date(
    person: str | dict, date: str, client: KitsuClient = default
) -> dict:
    """
    Get the days off of a person that contain a day.

    Args:
        person: The person (dict or id).
        date: The day, ``YYYY-MM-DD``.

    Returns:
        DayOff | dict[str, Any]: The days off, or an empty dict when the person
            works on that day.

    Raises:
        NotAllowedException: the user may not read the days off of this person.
        ParameterException: the date is malformed.

    Not in upstream.

    Route: ``GET data/persons/{person}/day-offs/{date}``
    """
    return run(client, _core.person.get_day_off_for_date(person, date))


def all_desktop_login_logs_for_person(
    person: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the logins of a person from desktop applications.

    Args:
        person: The person (dict or id).

    Returns:
        list[DesktopLoginLog]: The logins, latest first.

    Raises:
        NotAllowedException: the user is neither the person nor a manager.

    Not in upstream.

    Route: ``GET data/persons/{person}/desktop-login-logs``
    """
    return run(client, _core.person.all_desktop_login_logs_for_person(person))


def new_desktop_login_log(
    person: str | dict, date: str | None = None, client: KitsuClient = default
) -> dict:
    """
    Record a login of a person from a desktop application.

    Args:
        person: The person (dict or id).
        date: The time, ``YYYY-MM-DDTHH:MM:SS``, in UTC. If omitted, it is now.

    Returns:
        DesktopLoginLog: The login.

    Raises:
        NotAllowedException: the user is neither the person nor an
            administrator.

    Not in upstream.

    Route: ``POST data/persons/{person}/desktop-login-logs``
    """
    return run(client, _core.person.new_desktop_login_log(person, date))


def get_day_quota_shots(
    person: str | dict,
    year: int,
    month: int,
    day: int,
    project: str | dict | None = None,
    task_type: str | dict | None = None,
    count_mode: str | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the shots that a person finished on one day, with the person's part of
    each.

    Args:
        person: The person (dict or id).
        year: The year.
        month: The month, from 1 to 12.
        day: The day of the month.
        project: Only shots of this project (dict or id).
        task_type: Only tasks of this type (dict or id).
        count_mode: ``"weighted"`` (by logged hours, until the first feedback
            request), ``"weighteddone"`` (until the task is done),
            ``"feedback"`` or ``"done"`` (whole shots). If omitted, it is
            ``"weighted"``.

    Returns:
        list[QuotaShot]: The shots, by full name. ``"weight"`` is the part of a
            shot, from 0 to 1.

    Raises:
        NotAllowedException: the user is not the person, and does not supervise
            or manage the project.
        ParameterException: the day or the mode is malformed.

    Not in upstream.

    Route: ``GET data/persons/{person}/quota-shots/day/{year}/{month}/{day}``
    """
    return run(
        client,
        _core.person.get_day_quota_shots(
            person, year, month, day, project, task_type, count_mode
        ),
    )


def get_week_quota_shots(
    person: str | dict,
    year: int,
    week: int,
    project: str | dict | None = None,
    task_type: str | dict | None = None,
    count_mode: str | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the shots that a person finished in one week, with the person's part
    of each.

    Args:
        person: The person (dict or id).
        year: The year.
        week: The ISO week.
        project: Only shots of this project (dict or id).
        task_type: Only tasks of this type (dict or id).
        count_mode: As in `get_day_quota_shots`.

    Returns:
        list[QuotaShot]: The shots, by full name. ``"weight"`` is the part of a
            shot, from 0 to 1.

    Raises:
        NotAllowedException: the user is not the person, and does not supervise
            or manage the project.
        ParameterException: the week or the mode is malformed.

    Not in upstream.

    Route: ``GET data/persons/{person}/quota-shots/week/{year}/{week}``
    """
    return run(
        client,
        _core.person.get_week_quota_shots(
            person, year, week, project, task_type, count_mode
        ),
    )


def get_month_quota_shots(
    person: str | dict,
    year: int,
    month: int,
    project: str | dict | None = None,
    task_type: str | dict | None = None,
    count_mode: str | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the shots that a person finished in one month, with the person's part
    of each.

    Args:
        person: The person (dict or id).
        year: The year.
        month: The month, from 1 to 12.
        project: Only shots of this project (dict or id).
        task_type: Only tasks of this type (dict or id).
        count_mode: As in `get_day_quota_shots`.

    Returns:
        list[QuotaShot]: The shots, by full name. ``"weight"`` is the part of a
            shot, from 0 to 1.

    Raises:
        NotAllowedException: the user is not the person, and does not supervise
            or manage the project.
        ParameterException: the month or the mode is malformed.

    Not in upstream.

    Route: ``GET data/persons/{person}/quota-shots/month/{year}/{month}``
    """
    return run(
        client,
        _core.person.get_month_quota_shots(
            person, year, month, project, task_type, count_mode
        ),
    )


def get_day_time_spents(
    person: str | dict,
    year: int,
    month: int,
    day: int,
    project: str | dict | None = None,
    department: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the hours that a person logged on one day, task by task.

    Args:
        person: The person (dict or id).
        year: The year.
        month: The month, from 1 to 12.
        day: The day of the month.
        project: Only hours on this project (dict or id).
        department: Only hours on tasks of this department (dict or id).

    Returns:
        list[TimeSpentSum]: One entry for each task. ``"duration"`` is in
            minutes.

    Raises:
        NotAllowedException: the user is neither the person nor an
            administrator, nor a manager or supervisor of the project.
        ParameterException: the day is malformed.

    Not in upstream.

    Route: ``GET data/persons/{person}/time-spents/day/{year}/{month}/{day}``
    """
    return run(
        client,
        _core.person.get_day_time_spents(
            person, year, month, day, project, department
        ),
    )


def get_month_time_spents(
    person: str | dict,
    year: int,
    month: int,
    project: str | dict | None = None,
    department: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the hours that a person logged in one month, task by task.

    Args:
        person: The person (dict or id).
        year: The year.
        month: The month, from 1 to 12.
        project: Only hours on this project (dict or id).
        department: Only hours on tasks of this department (dict or id).

    Returns:
        list[TimeSpentSum]: One entry for each task. ``"duration"`` is in
            minutes.

    Raises:
        NotAllowedException: the user is neither the person nor an
            administrator, nor a manager or supervisor of the project.
        ParameterException: the month is malformed.

    Not in upstream.

    Route: ``GET data/persons/{person}/time-spents/month/{year}/{month}``
    """
    return run(
        client,
        _core.person.get_month_time_spents(
            person, year, month, project, department
        ),
    )


def new_password_reset_link(
    person: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get a link with which a person may choose a new password, without sending a
    mail.

    Args:
        person: The person (dict or id).

    Returns:
        dict[Literal["reset_password_link"], str]: The link.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST actions/persons/{person}/reset-password-link``
    """
    return run(client, _core.person.new_password_reset_link(person))
