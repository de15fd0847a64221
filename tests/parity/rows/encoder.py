"""Calls of ``gazu.encoder``."""

from ..plan import by_scenario

ROWS = {
    "CustomJSONEncoder": by_scenario(),
}
