"""The tier: each branch of the decision list, what its reasons say, and that evidence never counts the wrong way."""

from __future__ import annotations

import datetime as dt
import functools
import operator
import random
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.policies.choice import COLUMNS, choose_policy
from pipeline.policies.decision import policy_of
from pipeline.schemas.vocabulary import CONFIDENCE, SPONSOR_TIER
from pipeline.tiers.tier import sponsor_tiers

# From what speaks most for H-1B to what speaks most against it.
TIER_ORDER = ("sponsors", "case_by_case", "likely", "possible", "unknown", "conflicting", "j1_only", "none")

NOTHING: dict[str, Any] = {
    "program_code": "1400000001", "h1b_stated": "not_stated", "j1_stated": "not_stated", "policy": "not_stated",
    "evidence_scope": None, "evidence_kind": None, "evidence_date": None, "policy_confidence": None,
    "policy_needs_confirmation": False, "other_policies": [], "trainee_filings_same_specialty": 0,
    "trainee_filings_same_specialty_recent": 0, "trainee_filings_any_specialty": 0,
    "trainee_filings_any_specialty_recent": 0, "trainee_filings_before_payment": 0, "latest_trainee_filing": None,
    "latest_trainee_filing_same_specialty": None, "initial_approvals": None, "continuing_approvals": None,
    "affiliate_initial_approvals": None, "affiliate_continuing_approvals": None, "petition_years": None,
    "cap_exempt_category": None, "as_of": dt.date(2026, 1, 15),
}  # fmt: skip
PAGE: dict[str, Any] = {"evidence_scope": "program", "evidence_kind": "page", "evidence_date": "2025-11-03"}
YES = PAGE | {"h1b_stated": "yes", "j1_stated": "yes", "policy": "both"}
CASE = PAGE | {"h1b_stated": "case_by_case", "j1_stated": "yes", "policy": "h1b_case_by_case"}
NO = PAGE | {"h1b_stated": "no", "j1_stated": "yes", "policy": "j1_only"}
NO_VISA = PAGE | {"h1b_stated": "no", "j1_stated": "no", "policy": "none"}
ONLY_J1 = PAGE | {"j1_stated": "yes", "policy": "j1_only"}
INSTITUTION = {"evidence_scope": "institution"}
OF_ANOTHER_DEPARTMENT = {
    "evidence_scope": "other_program",
    "policy_confidence": "low",
    "policy_needs_confirmation": True,
}
OLD = {"evidence_date": "2022-01-01"}


def same(recent: int, older: int = 0) -> dict[str, Any]:
    found = any_specialty(recent, older)
    count = {name.replace("any", "same"): value for name, value in found.items() if "any" in name}
    return found | count | {"latest_trainee_filing_same_specialty": "2025-07-01"}


def any_specialty(recent: int, older: int = 0) -> dict[str, Any]:
    return {
        "trainee_filings_any_specialty": recent + older,
        "trainee_filings_any_specialty_recent": recent,
        "latest_trainee_filing": "2025-07-01",
    }


def judged_together(cases: list[list[dict[str, Any]]]) -> pd.DataFrame:
    return sponsor_tiers(pd.DataFrame([functools.reduce(operator.or_, changes, NOTHING) for changes in cases]))


def judged(*changes: dict[str, Any]) -> pd.Series:
    return judged_together([list(changes)]).iloc[0]


BRANCHES: list[tuple[list[dict[str, Any]], str, str, bool]] = [
    # 1 and 2: stated yes or case by case
    ([YES], "sponsors", "high", False),
    ([YES, {"h1b_stated": "yes", "policy": "h1b_only", "j1_stated": "no"}], "sponsors", "high", False),
    ([YES, INSTITUTION], "sponsors", "medium", False),
    ([YES, INSTITUTION, same(1)], "sponsors", "high", False),
    ([YES, OF_ANOTHER_DEPARTMENT], "sponsors", "low", True),
    ([YES, OF_ANOTHER_DEPARTMENT, same(1)], "sponsors", "medium", True),
    ([YES, {"evidence_kind": "restated"}], "sponsors", "medium", False),
    ([YES, {"evidence_kind": "restated"}, INSTITUTION], "sponsors", "low", True),
    ([YES, OLD], "sponsors", "medium", True),
    ([YES, {"evidence_date": None}], "sponsors", "medium", True),
    ([YES, {"evidence_date": "2025-09-20"}], "sponsors", "high", True),
    ([YES, {"evidence_date": "2025-09-20", "as_of": dt.date(2025, 9, 20)}], "sponsors", "high", False),
    ([YES, {"evidence_kind": "confirmed"}], "sponsors", "high", False),
    ([YES, {"policy_confidence": "low"}], "sponsors", "medium", False),
    ([YES, {"policy_needs_confirmation": True}], "sponsors", "high", True),
    ([CASE], "case_by_case", "high", False),
    ([CASE, same(9)], "case_by_case", "high", False),
    # 3 and 4: a stated no against observed trainees
    ([NO, same(1)], "conflicting", "medium", True),
    ([NO, same(1), OLD], "conflicting", "low", True),
    ([NO_VISA, same(1), {"evidence_kind": "confirmed"}], "conflicting", "medium", True),
    ([NO, INSTITUTION, any_specialty(1)], "conflicting", "medium", True),
    # 5 and 6: a stated no
    ([NO], "j1_only", "high", False),
    ([NO, any_specialty(30)], "j1_only", "high", False),
    ([NO, same(0, 4)], "j1_only", "high", False),
    ([NO, INSTITUTION, any_specialty(0, 9)], "j1_only", "medium", False),
    ([NO, {"j1_stated": "case_by_case"}], "j1_only", "high", False),
    ([NO_VISA], "none", "high", False),
    ([NO, {"j1_stated": "not_stated", "policy": "contact"}], "none", "high", True),
    # 7: recent trainees of this specialty
    ([same(1)], "likely", "low", True),
    ([same(2)], "likely", "medium", True),
    ([same(5)], "likely", "high", True),
    ([ONLY_J1, same(5)], "likely", "low", True),
    ([PAGE, {"policy": "contact"}, same(2)], "likely", "medium", True),
    # 8 and 9: J-1 named alone
    ([ONLY_J1, any_specialty(9)], "possible", "low", True),
    ([ONLY_J1], "unknown", "low", True),
    ([ONLY_J1, same(0, 9)], "unknown", "low", True),
    ([ONLY_J1, {"initial_approvals": 900}], "unknown", "low", True),
    # 10 to 12: trainees of any specialty
    ([any_specialty(5)], "likely", "low", True),
    ([any_specialty(20)], "likely", "medium", True),
    ([any_specialty(4)], "possible", "medium", True),
    ([any_specialty(0, 50)], "possible", "low", True),
    ([same(0, 50)], "possible", "low", True),
    # 13 and 14: petitions, cap exemption
    ([{"initial_approvals": 1}], "possible", "low", True),
    ([{"continuing_approvals": 1, "petition_years": "2020-2022"}], "possible", "low", True),
    ([{"affiliate_continuing_approvals": 1}], "possible", "low", True),
    ([{"cap_exempt_category": "exempt_higher_ed"}], "possible", "low", True),
    ([{"cap_exempt_category": "likely_exempt"}], "possible", "low", True),
    # 15: nothing
    ([{}], "unknown", "low", True),
    ([{"cap_exempt_category": "likely_cap_subject"}], "unknown", "low", True),
    ([{"cap_exempt_category": "unknown"}], "unknown", "low", True),
    ([PAGE, {"policy": "contact"}], "unknown", "low", True),
    ([PAGE, {"policy": "contact", "j1_stated": "yes"}, any_specialty(20)], "likely", "medium", True),
]


@functools.cache
def branches() -> pd.DataFrame:
    return judged_together([changes for changes, *_ in BRANCHES])


@pytest.mark.parametrize(
    "place", range(len(BRANCHES)), ids=[f"{tier} {place}" for place, (_, tier, _, _) in enumerate(BRANCHES)]
)
def test_each_branch(place: int) -> None:
    _, tier, confidence, ask = BRANCHES[place]
    found = branches().iloc[place]
    assert (found["sponsor_tier"], found["tier_confidence"], bool(found["needs_confirmation"])) == (
        tier,
        confidence,
        ask,
    )
    assert found["tier_reasons"]


def test_the_order_names_each_tier() -> None:
    assert sorted(TIER_ORDER) == sorted(SPONSOR_TIER)


def test_cap_exemption_never_raises_above_possible() -> None:
    exempt = {"cap_exempt_category": "exempt_higher_ed"}
    cases = [[{}], [any_specialty(3)], [{"initial_approvals": 5}], [ONLY_J1], [NO], [any_specialty(0, 3)]]
    before = judged_together(cases)["sponsor_tier"]
    after = judged_together([[*changes, exempt] for changes in cases])["sponsor_tier"]
    assert ((after == before) | (after == "possible")).all()


def test_reasons_in_order_of_weight() -> None:
    facts = [
        YES, same(2, 1), {"trainee_filings_any_specialty": 1_200, "trainee_filings_any_specialty_recent": 900, "trainee_filings_before_payment": 1_200},
        {"initial_approvals": 1_204, "continuing_approvals": 3, "petition_years": "2020-2022"},
        {"affiliate_initial_approvals": 1, "affiliate_continuing_approvals": 0, "cap_exempt_category": "exempt_higher_ed"},
        {"other_policies": ["A statement of the institution of 1 May 2025 says otherwise: H-1B no."]},
    ]  # fmt: skip
    assert judged(*facts)["tier_reasons"] == [
        "A page of the program of 3 November 2025 says that H-1B is sponsored; J-1 is sponsored.",
        "A statement of the institution of 1 May 2025 says otherwise: H-1B no.",
        "The institution's petitioners filed 3 labor condition applications for trainees of this specialty (the newest "
        "begins 1 July 2025): 2 begin within 24 months before 15 January 2026 or later.",
        "The institution's petitioners filed 1,197 labor condition applications for trainees of another specialty or none "
        "named: 898 begin within 24 months before 15 January 2026 or later.",
        "All of these were received before 21 September 2025, when a payment of $100,000 with new petitions began; that doesn't show "
        "willingness now.",
        "USCIS approved 1,204 petitions of the institution's petitioners for initial and 3 for continuing employment in "
        "fiscal years 2020-2022, before the payment of September 2025 began; for which positions, the data doesn't say.",
        "Affiliated petitioners had 1 initial approval and 0 continuing in the same years; whether they employ the trainees "
        "isn't known.",
        "Of the institution's own petitioners, the one that files most seems exempt from the cap as an institution of higher education (inferred): how hard "
        "sponsoring would be, not whether they do.",
    ]  # fmt: skip


SENTENCES: list[tuple[list[dict[str, Any]], str]] = [
    ([YES, {"evidence_kind": "confirmed"}], "A person was told by the program (3 November 2025) that H-1B is sponsored"),
    ([YES, {"evidence_kind": "restated"}], "A policy of the program of 3 November 2025, restated in other words, says that"),
    ([NO, {"evidence_date": None}], "A page of the program without a date says that H-1B is not sponsored"),
    ([NO, {"evidence_date": None}], "The statement has no date."),
    ([NO, OLD], "The statement is more than 24 months old"),
    ([YES, {"evidence_date": "2025-02-01"}], "The statement is older than 21 September 2025"),
    ([ONLY_J1], "says that J-1 is sponsored, and nothing of H-1B, which is not a no."),
    ([PAGE, {"policy": "contact"}], "says to ask about H-1B"),
    ([PAGE, {"j1_stated": "no"}], "says that J-1 is not sponsored, and nothing of H-1B."),
    ([same(0, 2)], "none in the last 24 months, so this is past practice only."),
    ([same(1)], "filed 1 labor condition application for trainees of this specialty (the newest begins 1 July 2025): it begins"),
    ([same(3)], "all begin within 24 months"),
    ([same(3), {"trainee_filings_before_payment": 2, "trainee_filings_payment_suspended": 1}],
     "2 were received before 21 September 2025, when a payment of $100,000 with new petitions began; 1 while it was suspended."),
    ([same(4), {"trainee_filings_before_payment": 1, "trainee_filings_payment_demanded": 2, "trainee_filings_payment_demanded_new": 1}],
     "new petitions began; 2 while it was demanded, 1 of them for new employment; of 1 the day isn't known."),
    ([CASE, {"conditions": ["transfer_only", "chair_or_dio_approval"]}], "Conditions stated: transfer only, approval of the chair or DIO."),
    ([{"initial_approvals": 2, "petition_years": "2024-2026"}], "in fiscal years 2024-2026, partly after the payment"),
    ([{"cap_exempt_category": "likely_cap_subject"}], "seems subject to the cap (inferred)"),
    ([PAGE, {"h1b_stated": "yes", "evidence_scope": "other_program"}], "It speaks of the whole institution; ask whether that holds for this program."),
    ([{}], "Silence is not a no."),
]  # fmt: skip


def test_what_the_reasons_say() -> None:
    found = judged_together([changes for changes, _ in SENTENCES])["tier_reasons"]
    for reasons, (_, sentence) in zip(found, SENTENCES, strict=True):
        assert sentence in " ".join(reasons)


def test_before_the_payment_nothing_is_said_of_it() -> None:
    reasons = " ".join(judged(same(3), {"as_of": dt.date(2025, 8, 1)})["tier_reasons"])
    assert "$100,000" not in reasons


def facts(rng: random.Random) -> dict[str, Any]:
    """Any statement with any counts; what is recent is a part of all, one specialty's a part of any's."""

    def count() -> int:
        return rng.choice((0, 0, 1, rng.randint(0, 30)))

    stated = rng.choice([{}, YES, CASE, NO, NO_VISA, ONLY_J1, PAGE | {"policy": "contact"}])
    same_recent, same_older, other_recent, other_older = (count() for _ in range(4))
    found = NOTHING | stated | {
        "trainee_filings_same_specialty": same_recent + same_older,
        "trainee_filings_same_specialty_recent": same_recent,
        "trainee_filings_any_specialty": same_recent + same_older + other_recent + other_older,
        "trainee_filings_any_specialty_recent": same_recent + other_recent,
        "initial_approvals": rng.choice((None, count())),
        "continuing_approvals": rng.choice((None, count())),
        "affiliate_initial_approvals": rng.choice((None, count())),
        "cap_exempt_category": rng.choice((None, "unknown", "likely_cap_subject", "exempt_higher_ed")),
    }  # fmt: skip
    if stated:
        found |= {
            "evidence_scope": rng.choice(("program", "institution")),
            "evidence_kind": rng.choice(("page", "restated", "confirmed")),
            "evidence_date": rng.choice((None, "2019-01-01", "2025-03-01", "2025-12-01")),
        }
    return found


def ranks(cases: list[dict[str, Any]], *changes: Callable[[dict[str, Any]], dict[str, Any]]) -> list[list[int]]:
    """The rank of each case as it is, and after each change; 0 speaks most for H-1B."""
    table = pd.DataFrame([change(case) for change in (dict, *changes) for case in cases])
    found = sponsor_tiers(table)["sponsor_tier"].map(TIER_ORDER.index).tolist()
    return [found[start : start + len(cases)] for start in range(0, len(found), len(cases))]


def more(case: dict[str, Any], *names: str) -> dict[str, Any]:
    return case | {name: (case[name] or 0) + 1 for name in names}


SAME, ANY = "trainee_filings_same_specialty", "trainee_filings_any_specialty"
FOR_H1B = {
    "recent trainee of the specialty": lambda case: more(case, SAME, f"{SAME}_recent", ANY, f"{ANY}_recent"),
    "older trainee of the specialty": lambda case: more(case, SAME, ANY),
    "recent trainee": lambda case: more(case, ANY, f"{ANY}_recent"),
    "older trainee": lambda case: more(case, ANY),
    "initial approval": lambda case: more(case, "initial_approvals"),
    "continuing approval": lambda case: more(case, "continuing_approvals"),
    "approval of an affiliate": lambda case: more(case, "affiliate_initial_approvals"),
    "cap exemption": lambda case: case | {"cap_exempt_category": "exempt_affiliated_nonprofit"},
    "stated yes": lambda case: case | YES,
    "stated case by case": lambda case: case | CASE if case["h1b_stated"] != "yes" else case,
}
AGAINST_H1B = {
    "stated no": lambda case: case | NO if case["h1b_stated"] != "no" else case,
    "stated no by the institution": lambda case: case | NO | INSTITUTION if case["h1b_stated"] != "no" else case,
    "no visas": lambda case: case | NO_VISA,
    "J-1 named alone": lambda case: case | ONLY_J1 if case["policy"] in ("not_stated", "contact") else case,
    "subject to the cap": lambda case: case | {"cap_exempt_category": "likely_cap_subject"},
}


# Many cases in one table: a call costs about the same for one program as for hundreds.
CASES = st.randoms(use_true_random=True).map(lambda rng: [facts(rng) for _ in range(100)])


@settings(max_examples=4)
@given(CASES)
def test_evidence_for_never_lowers_and_evidence_against_never_raises(cases: list[dict[str, Any]]) -> None:
    before, *after = ranks(cases, *FOR_H1B.values(), *AGAINST_H1B.values())
    for kind, found in zip(FOR_H1B, after[: len(FOR_H1B)], strict=True):
        assert not [case for case, old, new in zip(cases, before, found, strict=True) if new > old], kind
    for kind, found in zip(AGAINST_H1B, after[len(FOR_H1B) :], strict=True):
        assert not [case for case, old, new in zip(cases, before, found, strict=True) if new < old], kind


@settings(max_examples=3)
@given(CASES, st.permutations(range(100)))
def test_programs_are_judged_one_by_one(cases: list[dict[str, Any]], order: list[int]) -> None:
    table = pd.DataFrame([case | {"program_code": f"{place:010d}"} for place, case in enumerate(cases)])
    found = sponsor_tiers(table)
    assert found["program_code"].tolist() == table["program_code"].tolist()
    assert found["sponsor_tier"].isin(SPONSOR_TIER).all()
    assert found["tier_confidence"].isin(CONFIDENCE).all()
    assert found["tier_reasons"].map(len).min() >= 1
    for some in (order[:1], order[1:3], order[3:]):
        pd.testing.assert_frame_equal(sponsor_tiers(table.iloc[some]), found.iloc[some])


@pytest.mark.parametrize(
    ("changes", "tier"),
    [
        ([same(9)], "unknown"), ([any_specialty(30)], "unknown"), ([{"cap_exempt_category": "exempt_higher_ed"}], "unknown"),
        ([], "unknown"), ([ONLY_J1, same(9)], "unknown"), ([YES], "sponsors"), ([NO_VISA], "none"),
    ],
)  # fmt: skip
def test_nothing_is_inferred_of_a_program_whose_accreditation_was_withdrawn(
    changes: list[dict[str, Any]], tier: str
) -> None:
    assert judged_together([[*changes, {"accreditation": "withdrawn"}]])["sponsor_tier"].tolist() == [tier]


def test_what_a_program_answered_in_a_directory_is_called_so_and_is_less_sure() -> None:
    [row] = judged_together([[YES, {"evidence_kind": "directory"}]]).to_dict("records")
    assert (row["sponsor_tier"], row["tier_confidence"]) == ("sponsors", "medium")
    assert row["tier_reasons"][0] == (
        "In a directory, the program itself answered (3 November 2025) that H-1B is sponsored; J-1 is sponsored."
    )


def test_a_saved_day_is_called_so_and_makes_no_statement_fresh() -> None:
    undated = {"evidence_date": None, "evidence_saved_on": "2026-11-01"}
    dated, saved, before = judged_together(
        [
            [YES],
            [YES, undated],
            [YES, undated | {"evidence_last_changed_on": "2019-03-01", "as_of": dt.date(2026, 11, 20)}],
        ]
    ).to_dict("records")
    assert (dated["tier_confidence"], saved["tier_confidence"]) == ("high", "medium")
    assert saved["needs_confirmation"]
    assert saved["tier_reasons"][:2] == [
        "A page of the program, saved on 1 November 2026, says that H-1B is sponsored; J-1 is sponsored.",
        "The statement has no date.",
    ]
    assert before["tier_reasons"][1].startswith("The statement has no date. It is older than 21 September 2025")


def test_the_day_until_which_a_no_holds_is_told() -> None:
    [row] = judged_together([[NO, {"paused_until": "2027-05-31"}]]).to_dict("records")
    assert "No new petitions are filed until 31 May 2027." in row["tier_reasons"]


def test_no_program() -> None:
    assert sponsor_tiers(pd.DataFrame([NOTHING]).iloc[:0]).empty


POLICY: dict[str, Any] = {
    "policy_id": "p1", "program_code": None, "institution_id": "inst_a", "scope": "institution", "j1": "yes", "h1b": "yes",
    "policy": "both", "step3_required_for_h1b": "yes", "step3_deadline": "before ranking", "step3_due": "rank_list",
    "step3_due_on": None, "conditions": ["transfer_only"], "routes": ["transfer_or_extension"], "paused_until": pd.NaT,
    "evidence_quote": "We sponsor J-1 and H-1B visas.", "evidence_kind": "page", "url": "https://example.org/visa",
    "page_date": "2025-05-01", "retrieved_on": "2025-10-01", "last_changed_on": pd.NaT, "confidence": "high", "needs_confirmation": False,
    "snapshot_id": "program_pages/2025-10-01_00000000", "department": None,
}  # fmt: skip
OWN = {"policy_id": "p2", "program_code": "1400000001", "scope": "program"}
DENIES = {"j1": "yes", "h1b": "no", "policy": "j1_only", "evidence_quote": "We do not sponsor H-1B."}
SILENT = {"j1": "not_stated", "h1b": "not_stated", "policy": "not_stated", "evidence_quote": None}
ASKS = SILENT | {"policy": "contact", "evidence_quote": "Write to us about visas."}
PROGRAMS = pd.DataFrame(
    {
        "program_code": ["1400000001", "3200000001", "1400000002"],
        "institution_id": ["inst_a", "inst_a", "inst_b"],
        "specialty": ["Internal Medicine", "Pediatrics", "Internal Medicine"],
    }
)


def policies(*changes: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([POLICY | change for change in changes], columns=list(POLICY))
    return frame.assign(
        **{name: pd.to_datetime(frame[name]) for name in ("page_date", "retrieved_on", "last_changed_on")}
    )


@pytest.mark.parametrize(
    ("changes", "chosen"),
    [
        # the program's own before the institution's, even an older one
        ([{}, OWN | DENIES | {"page_date": "2021-05-01"}], "p2"),
        # the newer before the older
        ([OWN | {"page_date": "2024-01-01"}, OWN | DENIES | {"policy_id": "p3"}], "p3"),
        ([{"page_date": "2025-08-01", "policy_id": "p9"}, {"policy_id": "p0"}], "p9"),
        # a page without a date counts from the day on which it was saved
        ([OWN, OWN | DENIES | {"policy_id": "p3", "page_date": None}], "p3"),
        # a confirmation outranks pages of an earlier date, and gives way to newer pages of the program
        ([OWN, OWN | DENIES | {"policy_id": "p3", "evidence_kind": "confirmed", "page_date": "2025-06-01"}], "p3"),
        ([{}, OWN | DENIES | {"policy_id": "p3", "evidence_kind": "confirmed", "page_date": "2020-06-01"}], "p3"),
        ([OWN, OWN | DENIES | {"policy_id": "p3", "evidence_kind": "confirmed", "page_date": "2020-06-01"}], "p2"),
        ([OWN, OWN | DENIES | {"policy_id": "p3", "evidence_kind": "confirmed"}], "p3"),
        # a page that states nothing, or less, never replaces one that states something
        ([{}, OWN | SILENT], "p1"),
        ([OWN | {"page_date": "2019-01-01"}, OWN | SILENT | {"policy_id": "p3"}], "p2"),
        ([{}, OWN | ASKS], "p1"),
        ([{}, OWN | ASKS | {"j1": "yes"}], "p1"),
        ([OWN | ASKS], "p2"),
        # equal in all else: the better read, then the id
        ([OWN | {"confidence": "low"}, OWN | {"policy_id": "p3"}], "p3"),
        ([OWN, OWN | {"policy_id": "p3"}], "p2"),
    ],
)
def test_which_policy_counts(changes: list[dict[str, Any]], chosen: str) -> None:
    table = policies(*changes)
    for order in (table, table.iloc[::-1]):
        found = choose_policy(order, PROGRAMS)
        assert found.loc[0, "policy_id"] == chosen


def test_a_page_without_a_date_has_none_in_the_list_and_says_when_it_was_saved() -> None:
    undated = OWN | DENIES | {"policy_id": "p3", "page_date": None, "last_changed_on": "2019-03-01"}
    found = choose_policy(policies(OWN, undated), PROGRAMS).loc[0]
    assert pd.isna(found["evidence_date"])
    assert (str(found["evidence_saved_on"])[:10], str(found["evidence_last_changed_on"])[:10]) == (
        "2025-10-01",
        "2019-03-01",
    )
    found = choose_policy(policies(OWN | {"page_date": "2026-01-01"}, undated), PROGRAMS).loc[0]
    assert found["other_policies"] == ["A statement of the program, saved on 1 October 2025, says otherwise: H-1B no."]


def test_the_institutions_policy_is_for_its_programs() -> None:
    found = choose_policy(policies({}, OWN | DENIES), PROGRAMS).set_index("program_code")
    assert list(found.reset_index().columns) == COLUMNS
    assert found["h1b_stated"].to_dict() == {"1400000001": "no", "3200000001": "yes", "1400000002": "not_stated"}
    assert found["visa_category"].tolist() == ["C", "A", "?"]
    assert found["evidence_scope"].tolist()[:2] == ["program", "institution"]
    assert found["policy_id"].isna().tolist() == [False, False, True]
    assert found.loc["1400000001", "other_policies"] == [
        "A statement of the institution of 1 May 2025 says otherwise: H-1B yes."
    ]
    assert found.loc["3200000001", "conditions"] == ["transfer_only"]
    assert found.loc["1400000002", "other_policies"] == []
    assert found.loc["1400000002", ["evidence_quote", "evidence_url", "evidence_kind"]].isna().all()


@pytest.mark.parametrize(
    ("h1b", "j1", "category"),
    [
        ("yes", "yes", "A"), ("yes", "no", "A"), ("case_by_case", "yes", "B"), ("case_by_case", "not_stated", "B"),
        ("no", "yes", "C"), ("no", "case_by_case", "C"), ("no", "not_stated", "D"), ("no", "no", "N"),
        ("not_stated", "yes", "J"), ("not_stated", "case_by_case", "J"), ("not_stated", "no", "?"),
    ],
)  # fmt: skip
def test_the_category_follows_what_is_stated_of_both_visas(h1b: str, j1: str, category: str) -> None:
    found = choose_policy(policies(OWN | {"h1b": h1b, "j1": j1, "policy": policy_of(j1, h1b)}), PROGRAMS)
    assert found.loc[0, "visa_category"] == category
    assert found.loc[1, "visa_category"] == "?"  # nothing is stated there


def test_each_hospital_decides_states_nothing_of_the_h1b_here_and_no_terms_of_it() -> None:
    elsewhere = {"j1": "case_by_case", "h1b": "case_by_case", "policy": "contact", "conditions": ["department_pays"]}
    own = OWN | {"j1": "yes", "h1b": "not_stated", "policy": "j1_only", "page_date": "2019-01-01"}
    found = choose_policy(policies(elsewhere, own), PROGRAMS).set_index("program_code")
    columns = ["h1b_stated", "j1_stated", "policy", "visa_category", "conditions", "routes", "other_policies"]
    assert found.loc["3200000001", columns].tolist() == ["not_stated", "case_by_case", "contact", "J", [], [], []]
    assert found.loc["1400000001", ["policy_id", "policy", "other_policies"]].tolist() == ["p2", "j1_only", []]


@pytest.mark.parametrize("says", [DENIES, {}])
def test_a_page_of_another_department_counts_last_and_is_to_be_confirmed(says: dict[str, Any]) -> None:
    page = says | {"department": "Pediatrics", "program_code": "3200000001", "confidence": "high"}
    found = choose_policy(policies(page), PROGRAMS).set_index("program_code")
    columns = ["h1b_stated", "evidence_scope", "policy_confidence", "policy_needs_confirmation"]
    stance = says.get("h1b", "yes")
    assert found.loc["1400000001", columns].tolist() == [stance, "other_program", "low", True]
    assert found.loc["3200000001", columns].tolist() == [stance, "institution", "high", False]
    office = {"policy_id": "p0", "page_date": "2015-01-01", "h1b": "not_stated", "policy": "j1_only"}
    whole = choose_policy(policies(page, office), PROGRAMS).set_index("program_code")
    assert whole.loc["1400000001", ["policy_id", "h1b_stated"]].tolist() == ["p0", "not_stated"]


def test_no_visas_denies_both() -> None:
    found = choose_policy(policies({"j1": "not_stated", "h1b": "not_stated", "policy": "none"}), PROGRAMS).loc[0]
    assert found[["h1b_stated", "j1_stated", "policy", "visa_category"]].tolist() == ["no", "no", "none", "N"]


def test_no_policy_and_pages_that_could_not_be_linked() -> None:
    for table in (policies(), policies({"institution_id": None}), policies(OWN | {"program_code": "9990000001"})):
        found = choose_policy(table, PROGRAMS)
        assert found["program_code"].tolist() == PROGRAMS["program_code"].tolist()
        assert (found["policy"] == "not_stated").all()
        assert not found["policy_needs_confirmation"].any()


def test_chosen_policies_go_into_the_tier() -> None:
    table = choose_policy(policies({}, OWN | DENIES), PROGRAMS).merge(
        pd.DataFrame([NOTHING]).drop(columns=["program_code", *(name for name in NOTHING if name in COLUMNS)]),
        how="cross",
    )
    assert sponsor_tiers(table)["sponsor_tier"].tolist() == ["j1_only", "sponsors", "unknown"]
