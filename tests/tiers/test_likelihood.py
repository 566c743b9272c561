"""The inferred likelihood: more evidence never lowers it, a stated policy is never given one, and statements move it only so far."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reference.load import read_reference
from pipeline.schemas.checks import violations
from pipeline.schemas.frames import to_arrow, to_frame
from pipeline.tiers.likelihood import BASIS, COLUMNS, hidden_likelihood, sponsoring_likelihood, statements_of
from pipeline.tiers.likelihood_calibration import calibration
from pipeline.tiers.likelihood_inputs import weights

LIKELY, LOW, HIGH = COLUMNS
ANY, SAME = "trainee_filings_any_specialty_peak", "trainee_filings_same_specialty_peak"
PROGRAM: dict[str, Any] = {
    "specialty": "Internal Medicine", "specialty_code": "140", "accreditation": "accredited", "policy": "not_stated",
    "h1b_stated": "not_stated", "evidence_scope": None, "evidence_kind": None, "positions_filled": 30, "positions_approved": None,
    "initial_approvals": 10, "continuing_approvals": 10, "cap_exempt_category": "unknown", ANY: 2.0, SAME: 0.0,
    "petition_years": "2020-2022",
}  # fmt: skip
OWN = {"evidence_scope": "program", "evidence_kind": "page"}
YES = OWN | {"policy": "both", "h1b_stated": "yes"}
NO = OWN | {"policy": "j1_only", "h1b_stated": "no"}
GENERAL = {"evidence_scope": "institution", "institution_id": "shared"}
BIG, SMALL = {ANY: 40.0}, {ANY: 0.0}


def listed(*changes: dict[str, Any]) -> pd.DataFrame:
    rows = [
        PROGRAM | {"program_code": f"{place:010d}", "institution_id": f"i{place}"} | one
        for place, one in enumerate(changes)
    ]
    texts = ["specialty", "specialty_code", "institution_id", "program_code", "evidence_scope", "evidence_kind"]
    return pd.DataFrame(rows).astype(dict.fromkeys(texts, "str"))


def likely(*changes: dict[str, Any]) -> list[float]:
    return hidden_likelihood(listed(*changes))[LIKELY].tolist()


counts = st.integers(0, 120)
programs = st.fixed_dictionaries(
    {
        ANY: counts.map(float), SAME: st.integers(0, 5).map(float), "initial_approvals": counts, "positions_filled": st.integers(2, 150),
        "cap_exempt_category": st.sampled_from(["unknown", "likely_exempt"]),
        "specialty_code": st.sampled_from(["140", "260", "180"]), "accreditation": st.sampled_from(["accredited", "withdrawn"]),
    }
)  # fmt: skip


@settings(max_examples=40)
@given(
    program=programs, more=st.integers(1, 30), statements=st.lists(st.sampled_from([YES | SMALL, NO | BIG]), max_size=6)
)
def test_more_evidence_never_lowers_it(program: dict[str, Any], more: int, statements: list[dict[str, Any]]) -> None:
    raised = [
        program | {ANY: program[ANY] + more}, program | {SAME: program[SAME] + more},
        program | {"initial_approvals": program["initial_approvals"] + more},
        program | {"positions_filled": program["positions_filled"] + more},
        program | {"cap_exempt_category": "exempt_higher_ed"},
    ]  # fmt: skip
    base, *others = likely(program, *raised, *statements)[:6]
    assert all(other >= base for other in others)


@settings(max_examples=30)
@given(rows=st.lists(programs, min_size=1, max_size=8))
def test_the_interval_holds_it_and_lies_between_nought_and_one(rows: list[dict[str, Any]]) -> None:
    found = hidden_likelihood(listed(*rows))
    assert found[LOW].between(0, 1).all() and found[HIGH].between(0, 1).all()
    assert ((found[LOW] <= found[LIKELY]) & (found[LIKELY] <= found[HIGH])).all()


def test_only_programs_without_a_stated_policy_have_one() -> None:
    contact = OWN | {"policy": "contact"}
    found = sponsoring_likelihood(listed({}, YES, NO, contact, OWN | {"policy": "j1_only"}, {ANY: None, SAME: None}))
    for column in (*COLUMNS, BASIS):
        assert found[column].notna().tolist() == [True, False, False, False, False, True]
    assert found[BASIS].dropna().str.startswith("Inferred, not stated").all()
    assert "no petitioner known" in found[BASIS].iloc[5]


def test_it_starts_from_what_programs_answer_in_directories() -> None:
    knots = read_reference("likelihood/filings.csv")
    shares = knots["reported_share"].astype("float64")
    assert shares.is_monotonic_increasing and knots["log_odds"].astype("float64").is_monotonic_increasing
    found = likely(*({ANY: float(count)} for count in knots["applications"]))
    assert found == sorted(found) and found[0] < 0.1 and found[-1] > 0.5


def test_the_same_applications_over_more_programs_say_less() -> None:
    one = {ANY: 20.0}
    alone, *shared = likely(one, *[one | {"institution_id": "i"}] * 30)
    assert alone > shared[0]


def test_where_no_petitioner_is_known_the_interval_is_wider_and_the_withdrawn_get_nothing_from_filings() -> None:
    unknown = {ANY: None, SAME: None, "initial_approvals": None, "continuing_approvals": None}
    none = {ANY: 0.0, "initial_approvals": 0, "continuing_approvals": 0}
    found = hidden_likelihood(listed(unknown, none, BIG | {"accreditation": "withdrawn"}))
    width = found[HIGH] - found[LOW]
    assert width[0] > width[1] and found[LIKELY][0] == found[LIKELY][1] == found[LIKELY][2]


def test_the_statement_of_a_program_is_hidden_from_its_own_likelihood() -> None:
    assert likely(YES | BIG, BIG)[0] == likely(YES | BIG, BIG)[1]


def test_statements_move_the_order_and_directories_the_level() -> None:
    nothing = likely(BIG, SMALL)
    agree = likely(BIG, SMALL, *[YES | BIG, NO | SMALL] * 60)
    against = likely(BIG, SMALL, *[NO | BIG, YES | SMALL] * 60)
    assert agree[0] > nothing[0] > against[0] and against[0] >= against[1], "never turned round"
    pages = likely({}, *[YES] * 100)
    answers = likely({}, *[YES | {"evidence_kind": "directory"}] * 100)
    assert likely({})[0] < pages[0] < answers[0], "who states a policy on a page isn't every program"


def test_a_page_of_another_department_is_no_statement_of_each_program_that_it_is_shown_for() -> None:
    other = {"evidence_scope": "other_program", "institution_id": "shared"}
    found = statements_of(listed(*[NO | other] * 4, NO))
    assert found["counts"].tolist() == [0.25] * 4 + [1.0]
    assert found["own_page"].tolist() == [0.0] * 4 + [1.0] and found["institution_page"].sum() == 4


def test_a_statement_of_an_institution_counts_once() -> None:
    found = statements_of(listed(*[YES | GENERAL] * 4, YES, NO | {"evidence_kind": "directory"}, {}))
    assert found["counts"].tolist() == [0.25] * 4 + [1.0, 1.0]
    assert found["institution_page"].sum() == 4 and found["own_page"].tolist()[4:] == [1.0, 0.0]
    assert found["said"].tolist() == [1.0] * 5 + [0.0]


def test_the_table_beside_it_says_how_well_it_holds() -> None:
    table = calibration(listed({}, BIG, YES | BIG, NO | SMALL, *[YES | GENERAL] * 2))
    assert violations(to_frame(to_arrow(table, "likelihood_calibration")), "likelihood_calibration") == []
    for _, group in table.groupby("grouped_by"):
        assert group["programs"].sum() == 2 and group["own_programs"].sum() == 2
        assert group["institution_programs"].sum() == 2 and group["institution_statements"].sum() == 1
    by_applications = table[table["grouped_by"] == "applications"].set_index("least")
    assert by_applications.loc[31, "own_said"] == 1 and by_applications.loc[0, "own_said"] == 0
    assert by_applications["reported_share"].notna().all()


def test_an_empty_list_is_no_error() -> None:
    empty = listed({}).iloc[:0]
    assert sponsoring_likelihood(empty).empty and calibration(empty)["programs"].sum() == 0


@pytest.mark.parametrize("name", ["level", "filings", "own_page", "institution_page"])
def test_every_weight_that_the_model_needs_is_described(name: str) -> None:
    assert name in weights().index
