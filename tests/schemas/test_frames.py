from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.schemas.frames import replaced

TEXTS = st.lists(st.none() | st.text(alphabet="AB '`.,\t", max_size=12))


@pytest.mark.parametrize(
    ("pattern", "replacement", "where"),
    [("['`.]", "", ""), (r"[\t ]+", " ", r"\t|  "), ("[^AB]+", " ", "[^AB ]|  "), ("^A ", "", "")],
)
@given(texts=TEXTS)
def test_every_match_is_replaced(texts: list[str | None], pattern: str, replacement: str, where: str) -> None:
    found = replaced(pa.array(texts, pa.string()), pattern, replacement, where).to_pylist()
    assert found == [text if text is None else re.sub(pattern, replacement, text) for text in texts]
