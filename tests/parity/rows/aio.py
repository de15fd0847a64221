"""Calls of ``gazu.aio``."""

from ..plan import by_scenario, row

ROWS = {
    "AsyncKitsuClient": by_scenario(),
    "check_server_status": row(),
    "check_status": by_scenario(),
    "create": row(),
    "create_session": by_scenario(),
    "delete": row(texts=True),
    "download": row(),
    "fetch_all": row(),
    "fetch_first": row(),
    "fetch_one": row(),
    "get": row(texts=True),
    "get_full_url": row(silent=True),
    "log_in": row(),
    "log_out": row(),
    "post": row(texts=True),
    "put": row(texts=True),
    "update": row(),
    "upload": row(raises=True),
}
