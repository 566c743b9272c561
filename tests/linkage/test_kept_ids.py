"""Ids survive growth: more lists, years and spellings change no id that means the same, or redirect it."""

from __future__ import annotations

import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipeline.linkage.clustering import group_petitioners
from pipeline.linkage.kept_ids import keep_ids, parted_petitioners, spelling_keys
from pipeline.linkage.petitions import sum_petitions
from tests.linkage.program_lists import build, ids_by_name, ids_by_program, invented_list, program_list

# Building institutions is slow enough that shrinking a failure would take minutes.
QUICK = (Phase.explicit, Phase.generate)
NOTHING = pd.DataFrame({"id": pd.Series(dtype="str"), "member": pd.Series(dtype="str")})


def evidence(*rows: tuple[int, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["group", "id"]).assign(own=True)


def before(*rows: tuple[str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["id", "member"])


def redirects(*rows: tuple[str, str, str]) -> list[dict[str, str]]:
    return [dict(zip(("old_id", "new_id", "kind"), row, strict=True)) for row in rows]


def redirected(rows: pd.DataFrame) -> dict[str, str]:
    return dict(zip(rows["old_id"], rows["new_id"], strict=True))


def test_the_first_id_counts_unless_another_was_there_before() -> None:
    rows = evidence((1, "a"), (1, "b"), (2, "c"))
    assert keep_ids(rows, NOTHING).ids.to_dict() == {1: "a", 2: "c"}
    assert keep_ids(rows, before(("b", None))).ids.to_dict() == {1: "b", 2: "c"}


def test_two_that_become_one_redirect_one_id() -> None:
    kept = keep_ids(evidence((1, "a"), (1, "b")), before(("a", None), ("b", None)))
    assert kept.ids.to_dict() == {1: "a"}
    assert kept.redirects.to_dict("records") == redirects(("b", "a", "merged"))


def test_one_that_becomes_two_keeps_its_id_and_names_the_other() -> None:
    members = pd.DataFrame({"member": ["p", "q"], "group": [1, 2]})
    kept = keep_ids(evidence((1, "a"), (2, "b")), before(("a", "p"), ("a", "q")), members)
    assert kept.ids.to_dict() == {1: "a", 2: "b"}
    assert kept.redirects.to_dict("records") == redirects(("a", "b", "split"))


def test_a_petitioner_that_loses_spellings_to_a_new_one_names_it() -> None:
    spelt = [("a", "1111 MD P"), ("a", "1111 MD Q"), ("gone", "1111 MD S"), ("gone", "1111 MD T"), ("c", None)]
    earlier = pd.DataFrame(spelt, columns=["id", "spelling"])
    rows = [("a", ["P"]), ("new", ["Q"]), ("newer", ["S"]), ("c", ["U"])]
    now = pd.DataFrame(rows, columns=["petitioner_id", "spellings"]).assign(tax_id_last4="1111", state="MD")
    assert parted_petitioners(earlier, now).to_dict("records") == redirects(("a", "new", "split"))
    assert parted_petitioners(earlier.iloc[:0], now).empty


def test_an_id_that_no_evidence_explains_goes_where_its_members_are() -> None:
    members = pd.DataFrame({"member": ["p", "q"], "group": [1, 2]})
    kept = keep_ids(evidence((1, "a"), (2, "b")), before(("old", "p"), ("b", "q")), members)
    assert kept.ids.to_dict() == {1: "old", 2: "b"}
    assert kept.redirects.empty


def test_an_id_that_two_would_have_is_nobodys() -> None:
    wide = pd.DataFrame({"group": [1, 1, 2, 2], "id": ["x", "a", "x", "b"], "own": [False, True, False, True]})
    assert keep_ids(wide, NOTHING).ids.to_dict() == {1: "a", 2: "b"}


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Lakeside Health", "Summit Care", "University of Reno", "Mercy Hospital", None]),
        st.sampled_from([None, None, "999001", "999002", "999003"]),
        st.sampled_from([("Reno", "NV"), ("Elko", "NV"), ("Fargo", "ND")]),
        st.integers(2019, 2025),
        st.integers(0, 7),
    ),
    min_size=1,
    max_size=14,
)  # fmt: skip
Rows = list[tuple[str | None, str | None, tuple[str, str], int, int]]


def lists_of(rows: Rows) -> list[pd.DataFrame]:
    return [
        program_list(year, (f"14000000{code:02d}", f"{name or 'Unnamed Hospital'} Program", sponsor, name, *place))
        for name, sponsor, place, year, code in rows
    ]


@settings(max_examples=15, phases=QUICK)
@given(ROWS, ROWS)
def test_any_more_rows_of_lists_keep_ids_or_redirect_them(rows: Rows, more: Rows) -> None:
    first = build(*lists_of(rows))
    grown = build(*lists_of([*rows, *more]), earlier=first)
    live, gone = set(grown.institutions["institution_id"]), redirected(grown.redirects)
    assert grown.institutions["institution_id"].is_unique
    for identity in first.institutions["institution_id"]:
        assert identity in live or gone[identity] in live
    assert set(grown.redirects["new_id"]) <= live
    merged = grown.redirects[grown.redirects["kind"] == "merged"]
    assert live.isdisjoint(merged["old_id"])


@settings(max_examples=6, phases=QUICK)
@given(ROWS)
def test_a_second_run_of_the_same_lists_changes_no_id(rows: Rows) -> None:
    first = build(*lists_of(rows))
    again = build(*lists_of(rows), earlier=first)
    pd.testing.assert_frame_equal(first.institutions, again.institutions)
    assert again.redirects.empty


def test_a_first_run_on_more_rows_gives_the_same_ids() -> None:
    whole = invented_list(100, 500)
    told = ids_by_program(build(whole))
    for part in (whole.sample(frac=0.3, random_state=3), whole[whole["sponsor_code"].isna()], whole.head(150)):
        assert all(told[code] == identity for code, identity in ids_by_program(build(part)).items())
    without_codes = ids_by_program(build(whole.assign(sponsor_code=None)))
    assert without_codes == told


def test_a_sponsor_keeps_its_id_under_a_new_name() -> None:
    old = program_list(2020, ("1400000001", "Lakeside Program", None, "Lakeside Health", "Reno", "NV"))
    new = program_list(2025, ("1400000001", "Summit Program", "999001", "Summit Care Partners", "Reno", "NV"))
    first, grown = build(old), build(old, new)
    assert ids_by_name(first)["Lakeside Health"] == ids_by_name(grown)["Summit Care Partners"]


PRINTED = st.lists(
    st.tuples(
        st.sampled_from(["LAKESIDE CLINIC", "LAKESIDE HEALTH", "QUARRY HEALTH INC", "QUARRY LAKESIDE LLC", "ZEBRA CO"]),
        st.sampled_from(["1234", "5678", None]),
        st.sampled_from(["NV", "ND", None]),
        st.integers(2014, 2023),
    ),
    min_size=1,
    max_size=10,
)  # fmt: skip
Printed = list[tuple[str, str | None, str | None, int]]


def petitions_of(rows: Printed) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["employer", "tax_id_last4", "state", "fiscal_year"])
    frame = frame.astype({"employer": "str", "tax_id_last4": "str", "state": "str"}).assign(city="TOWN", naics="62")
    counts = ("initial_approvals", "initial_denials", "continuing_approvals", "continuing_denials")
    return sum_petitions(frame.assign(**dict.fromkeys(counts, 1)), coverage="full", snapshot_id="s")


@settings(max_examples=25, phases=QUICK)
@given(PRINTED, PRINTED)
def test_any_more_petitions_keep_petitioner_ids_or_redirect_them(rows: Printed, more: Printed) -> None:
    first = spelt_ids(group_petitioners(petitions_of(rows)).petitioners)
    grown = group_petitioners(petitions_of([*rows, *more]), first)
    live, gone = set(grown.petitioners["petitioner_id"]), redirected(grown.redirects)
    assert all(identity in live or gone[identity] in live for identity in first["id"])
    assert live.isdisjoint(gone)


def test_an_id_whose_spelling_is_read_otherwise_today_goes_with_the_spelling() -> None:
    """The ids of older code: one of the only spelling of its petitioner, one of a spelling that is joined to another today."""
    rows: Printed = [("LAKESIDE CLINIC", "1234", "NV", 2020), ("QUARRY LAKESIDE LLC", None, "ND", 2020)]
    first = spelt_ids(group_petitioners(petitions_of(rows)).petitioners).assign(id=["pet_old", "pet_older"])
    again = group_petitioners(petitions_of(rows), first)
    assert set(again.petitioners["petitioner_id"]) == {"pet_old", "pet_older"} and again.redirects.empty
    known = spelt_ids(group_petitioners(petitions_of([("LAKESIDE HEALTH", "1234", "NV", 2019)])).petitioners)
    more: Printed = [*rows, ("LAKESIDE HEALTH", "1234", "NV", 2019)]
    grown = group_petitioners(petitions_of(more), pd.concat([first, known], ignore_index=True))
    [identity] = known["id"]
    assert grown.redirects.to_dict("records") == redirects(("pet_old", identity, "merged"))


def spelt_ids(petitioners: pd.DataFrame) -> pd.DataFrame:
    """Columns id, spelling of a table of petitioners, as the next release knows them."""
    rows = petitioners.explode("spellings", ignore_index=True).rename(columns={"spellings": "employer"})
    return pd.DataFrame({"id": rows["petitioner_id"], "spelling": spelling_keys(rows)})
