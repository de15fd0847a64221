"""Calls of ``gazu.cache``."""

from ..plan import by_scenario

ROWS = {
    "cache": by_scenario(),
    "clear_all": by_scenario(),
    "disable": by_scenario(),
    "enable": by_scenario(),
    "get_cache_key": by_scenario(),
    "get_value": by_scenario(),
    "insert_value": by_scenario(),
    "is_cache_enabled": by_scenario(),
    "is_cache_expired": by_scenario(),
    "remove_oldest_entry": by_scenario(),
}
