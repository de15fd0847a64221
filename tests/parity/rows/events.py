"""Calls of ``gazu.events``."""

from ..plan import by_scenario, row

ROWS = {
    "EventsNamespace": by_scenario(),
    "add_listener": by_scenario(),
    "connect_error": row(silent=True),
    "get_last_login_logs": row(),
    "init": by_scenario(),
    "run_client": by_scenario(),
}
