"""The server's records for the tests of the official examples, by plain HTTP without gazu."""

from __future__ import annotations

import urllib.request

import pytest

from .production import Api

# The folders of the production's files.
FILE_TREE = {
    "working": {
        "mountpoint": "/work",
        "root": "productions",
        "folder_path": {
            "shot": "<Project>/shots/<Sequence>/<Shot>/<TaskType>",
            "asset": "<Project>/assets/<AssetType>/<Asset>/<TaskType>",
            "style": "lowercase",
        },
        "file_name": {
            "shot": "<Project>_<Sequence>_<Shot>_<TaskType>_<Name>_v<Version>",
            "asset": "<Project>_<AssetType>_<Asset>_<TaskType>_<Name>_v<Version>",
            "style": "lowercase",
        },
    },
    "output": {
        "mountpoint": "/publish",
        "root": "productions",
        "folder_path": {
            "shot": "<Project>/shots/<Sequence>/<Shot>/<OutputType>",
            "asset": "<Project>/assets/<AssetType>/<Asset>/<OutputType>",
            "instance": "<Project>/shots/<Sequence>/<Shot>/<Instance>/<OutputType>",
            "style": "lowercase",
        },
        "file_name": {
            "shot": "<Project>_<Sequence>_<Shot>_<OutputType>_<Name>_v<Version>",
            "asset": "<Project>_<AssetType>_<Asset>_<OutputType>_<Name>_v<Version>",
            "instance": "<Project>_<Shot>_<Asset>_<OutputType>_<Name>_v<Version>",
            "style": "lowercase",
        },
    },
}


class ServerRecords(Api):
    """The records of the server, read and prepared with the administrator's token."""

    def __init__(self, zou) -> None:
        super().__init__(zou.host, zou.admin_email, zou.admin_password)

    def delete(self, path: str) -> None:
        self.request("DELETE", path)

    def content(self, path: str) -> bytes:
        """Return the bytes of a file the server keeps."""
        headers = {"Authorization": self.headers["Authorization"]}
        request = urllib.request.Request(
            self.host + "/" + path, headers=headers
        )
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.read()

    def lacks(self, path: str) -> bool:
        """Return whether the server answers 404; any other error raises."""
        try:
            self.get(path)
        except RuntimeError as error:
            if ": 404 " in str(error):
                return True
            raise
        return False

    def close_project(self, project):
        status = next(
            s for s in self.get("data/project-status") if s["name"] == "Closed"
        )
        path = "data/projects/" + project["id"]
        return self.put(path, {"project_status_id": status["id"]})

    def remove_project(self, project) -> None:
        """The server only removes a project that is closed."""
        self.close_project(project)
        self.delete("data/projects/{}?force=true".format(project["id"]))

    def new_task(self, entity, task_type, status, assignees=()):
        return self.post(
            "data/tasks",
            {
                "project_id": entity["project_id"],
                "entity_id": entity["id"],
                "task_type_id": task_type["id"],
                "task_status_id": status["id"],
                "name": "main",
                "assignees": [person["id"] for person in assignees],
            },
        )

    def new_task_type(self, name, for_entity):
        return self.post(
            "data/task-types", {"name": name, "for_entity": for_entity}
        )

    def new_asset(self, project, asset_type, name):
        path = "data/projects/{}/asset-types/{}/assets/new"
        return self.post(
            path.format(project["id"], asset_type["id"]),
            {"name": name, "data": {}},
        )

    def new_scene(self, sequence, name):
        path = "data/projects/{}/scenes".format(sequence["project_id"])
        return self.post(path, {"name": name, "sequence_id": sequence["id"]})

    def new_asset_instance(self, asset, scene, shot):
        """Put an instance of an asset into a scene and into a shot."""
        instance = self.post(
            "data/scenes/{}/asset-instances".format(scene["id"]),
            {"asset_id": asset["id"], "description": "by the door"},
        )
        self.post(
            "data/shots/{}/asset-instances".format(shot["id"]),
            {"asset_instance_id": instance["id"]},
        )
        return instance


def ids(models):
    return [model["id"] for model in models]


def names(models):
    return [model["name"] for model in models]


def warns_of(successor: str):
    """Expect the warning of a name, or a way to call it, that gazu no longer has."""
    return pytest.warns(
        DeprecationWarning, match=successor.replace(".", r"\.")
    )
