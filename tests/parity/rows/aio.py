"""Calls of ``gazu.aio``: the same verbs, awaited."""

from ..plan import OMIT, by_scenario, row
from . import client

ROWS = {
    "AsyncKitsuClient": by_scenario(),
    "check_server_status": row(),
    "check_status": by_scenario(),
    "create": row(),
    "create_session": by_scenario(),
    "delete": row(texts=True, extra=client.PARAMS),
    "download": row(),
    "fetch_all": row(
        args={"paginated": OMIT}, extra=client.FETCHES + client.PAGED
    ),
    "fetch_first": row(),
    "fetch_one": row(),
    "get": row(
        args={"json_response": OMIT},
        texts=True,
        extra=client.PARAMS
        + client.PATHS
        + [("text", {"json_response": False})],
    ),
    "get_full_url": row(silent=True),
    "log_in": row(),
    "log_out": row(),
    "post": row(texts=True, extra=client.BODIES),
    "put": row(texts=True, extra=client.BODIES),
    "update": row(),
    "upload": row(
        raises=True,
        args={"file_path": client.file("picture.png")},
        extra=[
            (
                "extra files alone",
                {
                    "file_path": OMIT,
                    "extra_files": [client.file("table.csv")],
                },
            ),
            (
                "callback raises",
                {"progress_callback": client.special("raising callback")},
            ),
        ],
    ),
}
