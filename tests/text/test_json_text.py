from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.json_text import json_text

_CELLS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)


@given(st.dictionaries(st.text(), _CELLS | st.lists(_CELLS)))
def test_it_reads_back_as_it_was(value: dict[str, Any]) -> None:
    assert json.loads(json_text(value)) == value


def test_days_are_iso_and_what_is_no_number_is_null() -> None:
    assert json_text({"day": dt.date(2026, 7, 1), "share": math.nan, "name": "Peña"}) == (
        '{"day":"2026-07-01","share":null,"name":"Peña"}'
    )


def test_what_has_no_place_in_json_is_refused() -> None:
    with pytest.raises(TypeError):
        json_text({"value": object()})
