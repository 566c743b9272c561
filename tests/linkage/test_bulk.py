"""Names in bulk: exactly the forms and parts of the names one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.linkage.names.bulk import canonical_many, core_many, parts_of
from pipeline.linkage.names.normalise import canonical, core, split_names, word_set, words

NAMES = [
    "", "***", "É" * 500, "INC", "LLC", "THE INC", "A", "A A", "A & A QUALITY APPLIANCE INC", "CO LLC", "Inc. Inc.",
    "INC LLC CO", "LLC LLC", "the", "ST", "ST MARYS UNIV", "X" * 400, "São Paulo  Univ", "THE A", "UNIV OF CA", "OF THE",
    "MT SINAI MED CTR", "HEALTH CARE SVCS", "CHILDREN S HOSP", "JOHN W SMITH", "D/B/A", "A CO D/B/A B CO", "X\u00a0Y",
    "OKLAHOMA STATE UNIVERSITY FOUNDA D/", "WILLIAM MARSH RICE UNIVERSITY D B", "A part of B", "A\x1cB  C\x0bD", "\x1f", "Smith, an affiliate of Jones",
]  # fmt: skip
WORDS = sorted(
    {
        "HOSPITAL",
        "CARE",
        "HEALTH",
        "A",
        "ST",
        "D/B/A",
        "X",
        "S",
        "N",
        "1",
        "OF",
        "THE",
        "CAROLINA",
        "SOUTHERN",
        "UNIV",
        "INC",
        "BOARD",
        "REGENTS",
    }
    | {*word_set("legal_form"), *words("state"), *word_set("ambiguous_state")}
)


def one_by_one(name: str) -> tuple[str, ...]:
    return tuple(part.text for part in split_names(name) if part.role != "parent")


def test_forms_and_parts_of_odd_names():
    assert canonical_many(NAMES) == [canonical(name) for name in NAMES]
    forms = ["BOARD TRUSTEE UNIVERSITY IOWA", "REGENT", "IOWA BOARD REGENT", "BOARDMAN", "", "THE GOVERNOR", "A FELLOW"]
    assert core_many(forms) == [core(form) for form in forms]
    assert parts_of(NAMES) == [one_by_one(name) for name in NAMES]


@given(
    st.lists(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)), max_size=8)
)
def test_in_bulk_as_one_by_one(names):
    forms = [canonical(name) for name in names]
    assert canonical_many(names) == forms
    assert core_many(forms) == [core(form) for form in forms]
    assert parts_of(names) == [one_by_one(name) for name in names]


@pytest.mark.parametrize("work", [canonical_many, core_many, parts_of])
def test_no_names(work):
    assert work([]) == []
