"""
Departments: their members, and the hardware items and software licenses that
they use.
"""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def all_persons_for_department(
    department: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the members of a department.

    Args:
        department: The department (dict or id).

    Returns:
        list[Person]: The persons, sorted by first and last name. Users who are
            not administrators get fewer keys.

    Not in upstream.

    Route: ``GET data/departments/{department}/persons``
    """
    return run(client, _core.department.all_persons_for_department(department))


def all_hardware_items_for_departments(client: KitsuClient = default) -> dict:
    """
    Get the hardware items of all departments.

    Returns:
        dict[str, list[HardwareItem]]: A list of hardware items for each
            department's id. Departments without any are missing.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/departments/hardware-items``
    """
    return run(client, _core.department.all_hardware_items_for_departments())


def get_hardware_item_for_department(
    department: str | dict,
    hardware_item: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Get one of the hardware items of a department.

    Args:
        department: The department (dict or id).
        hardware_item: The hardware item (dict or id).

    Returns:
        HardwareItem: The hardware item.

    Raises:
        NotAllowedException: the user is not an administrator.
        ServerErrorException: always with Zou 1.0.97, which has a mistake in
            this route. Use `all_hardware_items_for_departments`.

    Not in upstream.

    Route: ``GET data/departments/{department}/hardware-items/{hardware_item}``
    """
    return run(
        client,
        _core.department.get_hardware_item_for_department(
            department, hardware_item
        ),
    )


def add_hardware_item_to_department(
    department: str | dict,
    hardware_item: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Say that a department uses a hardware item.

    Args:
        department: The department (dict or id).
        hardware_item: The hardware item (dict or id).

    Returns:
        HardwareItemLink: The link between them.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST data/departments/{department}/hardware-items``
    """
    return run(
        client,
        _core.department.add_hardware_item_to_department(
            department, hardware_item
        ),
    )


def remove_hardware_item_from_department(
    department: str | dict,
    hardware_item: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Say that a department does not use a hardware item any more.

    Args:
        department: The department (dict or id).
        hardware_item: The hardware item (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``DELETE data/departments/{department}/hardware-items/``
    ``{hardware_item}``
    """
    return run(
        client,
        _core.department.remove_hardware_item_from_department(
            department, hardware_item
        ),
    )


def all_software_licenses_for_departments(
    client: KitsuClient = default,
) -> dict:
    """
    Get the software licenses of all departments.

    Returns:
        dict[str, list[Software]]: A list of softwares for each department's
            id. Departments without any are missing.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/departments/software-licenses``
    """
    return run(
        client, _core.department.all_software_licenses_for_departments()
    )


def get_software_license_for_department(
    department: str | dict, software: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get one of the software licenses of a department.

    Args:
        department: The department (dict or id).
        software: The software (dict or id).

    Returns:
        Software: The software.

    Raises:
        NotAllowedException: the user is not an administrator.
        RouteNotFoundException: the department has no license for it.

    Not in upstream.

    Route: ``GET data/departments/{department}/software-licenses/{software}``
    """
    return run(
        client,
        _core.department.get_software_license_for_department(
            department, software
        ),
    )


def add_software_license_to_department(
    department: str | dict, software: str | dict, client: KitsuClient = default
) -> dict:
    """
    Say that a department has licenses for a software.

    Args:
        department: The department (dict or id).
        software: The software (dict or id).

    Returns:
        SoftwareLink: The link between them.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST data/departments/{department}/software-licenses``
    """
    return run(
        client,
        _core.department.add_software_license_to_department(
            department, software
        ),
    )


def remove_software_license_from_department(
    department: str | dict, software: str | dict, client: KitsuClient = default
) -> str:
    """
    Say that a department has no licenses for a software any more.

    Args:
        department: The department (dict or id).
        software: The software (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``DELETE data/departments/{department}/software-licenses/``
    ``{software}``
    """
    return run(
        client,
        _core.department.remove_software_license_from_department(
            department, software
        ),
    )
