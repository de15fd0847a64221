from __future__ import annotations

import datetime
import json

import pytest
from gazu.encoder import CustomJSONEncoder


@pytest.mark.parametrize(
    "value, text",
    [
        (datetime.date(2026, 1, 2), '"2026-01-02"'),
        (datetime.datetime(2026, 1, 2, 3, 4, 5), '"2026-01-02T03:04:05"'),
        ({"a": [datetime.date(2026, 1, 2)]}, '{"a": ["2026-01-02"]}'),
    ],
)
def test_dates_are_written_in_iso_format(value, text):
    assert json.dumps(value, cls=CustomJSONEncoder) == text


def test_other_objects_raise():
    with pytest.raises(
        TypeError, match="Object of type set is not JSON serializable"
    ):
        json.dumps({1}, cls=CustomJSONEncoder)


def test_it_is_a_json_encoder():
    assert issubclass(CustomJSONEncoder, json.JSONEncoder)
    assert (
        CustomJSONEncoder().default(datetime.date(2026, 1, 2)) == "2026-01-02"
    )
    assert CustomJSONEncoder(indent=1).encode([1]) == "[\n 1\n]"
