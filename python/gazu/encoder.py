"""JSON for what is sent: the standard encoder, and dates."""

import datetime
import json
from typing import Any


class CustomJSONEncoder(json.JSONEncoder):
    """The standard encoder, with dates and datetimes as ISO 8601 text."""

    def default(self, obj: Any) -> Any:
        """
        Encode what JSON does not know.

        Returns:
            ISO 8601 text of a date or datetime.

        Raises:
            TypeError: for anything else.
        """
        if isinstance(obj, datetime.date):
            return obj.isoformat()
        return super().default(obj)
