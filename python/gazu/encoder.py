"""The JSON encoder for request bodies, with support for dates."""

import datetime
import json
from typing import Any


class CustomJSONEncoder(json.JSONEncoder):
    """The standard encoder, with dates and datetimes as ISO 8601 text."""

    def default(self, obj: Any) -> Any:
        """
        Convert a value that JSON does not support.

        Returns:
            ISO 8601 text of a date or datetime.

        Raises:
            TypeError: for anything else.
        """
        if isinstance(obj, datetime.date):
            return obj.isoformat()
        return super().default(obj)
