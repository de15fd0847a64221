"""
The studio: its server, its departments, and what they use.
"""

from __future__ import annotations

from typing import Any

from .. import validation
from ..request import Request
from ..store import Record, Store, not_found
from .routing import route
from .serializers import flats


@route("GET", "stats")
def get_stats(store: Store, request: Request) -> Any:
    previews = [each["extension"] for each in store.all("preview-files")]
    return {
        "number_of_video_previews": previews.count("mp4"),
        "number_of_picture_previews": previews.count("png"),
        "number_of_model_previews": previews.count("obj"),
        "number_of_comments": len(store.models["comments"]),
    }


@route("GET", "data/events/names")
def get_event_names(store: Store, request: Request) -> Any:
    return sorted({event["name"] for event in store.events})


@route("GET", "data/departments/{department}/persons")
def get_persons_of_department(
    store: Store, request: Request, department: str
) -> Any:
    store.get("departments", department)
    found = [
        person
        for person in store.all("persons")
        if department in person["departments"]
    ]
    return sorted(
        found, key=lambda each: (each["first_name"], each["last_name"])
    )


def _register_links(plural: str, key: str, model: str, links: str) -> None:
    """Register the routes of what departments use."""

    @route("GET", "data/departments/" + plural)
    def get_all(store: Store, request: Request) -> Any:
        found: dict = {}
        for link in store.all(links):
            used = store.get(model, link[key])
            found.setdefault(link["department_id"], []).append(used)
        return found

    @route("POST", "data/departments/{department}/" + plural, 201)
    def add(store: Store, request: Request, department: str) -> Any:
        place = _place(store, request, department)
        return store.first(links, **place) or store.add(links, **place)

    def _place(store: Store, request: Request, department: str) -> Record:
        store.get("departments", department)
        id = validation.required_text(request.json, key, least=1)
        store.get(model, id)
        return {"department_id": department, key: id}

    @route("DELETE", "data/departments/{department}/" + plural + "/{id}", 204)
    def remove(
        store: Store, request: Request, department: str, id: str
    ) -> Any:
        link = store.first(links, **{"department_id": department, key: id})
        if link is not None:
            store.remove(links, link["id"])


_register_links(
    "hardware-items",
    "hardware_item_id",
    "hardware-items",
    "hardware-item-department-links",
)
_register_links(
    "software-licenses",
    "software_id",
    "softwares",
    "software-department-links",
)


@route("GET", "data/departments/{department}/software-licenses/{id}")
def get_software_license(
    store: Store, request: Request, department: str, id: str
) -> Any:
    place = {"department_id": department, "software_id": id}
    if store.first("software-department-links", **place) is None:
        raise not_found()
    return store.get("softwares", id)


@route("POST", "actions/task-types/reorder")
def reorder_task_types(store: Store, request: Request) -> Any:
    found = []
    ids = validation.required_texts(request.json, "task_type_ids", least=0)
    for priority, id in enumerate(ids, 1):
        if id in store.models["task-types"]:
            values = {"priority": priority}
            found.append(store.update("task-types", id, values))
    return found


@route("GET", "data/persons/{person}/day-offs")
def get_day_offs(store: Store, request: Request, person: str) -> Any:
    store.get("persons", person)
    return flats(store.all("day-offs", person_id=person))
