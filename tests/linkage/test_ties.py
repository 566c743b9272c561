"""Two institutions that claim one petitioner: the links in doubt go to review, and the rest is linked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.linkage.decisions import CURATED

World = Callable[..., Any]

ONE = ("Mercy Hospital Program", "280231", "Mercy Hospital", "St Louis", "MO")
TWO = ("Mercy Hospital Program", "280232", "Mercy Hospital", "St Louis", "MO")
OTHER = ("Maimonides Medical Center Program", "350366", "Maimonides Medical Center", "Brooklyn", "NY")
PETITION = ("MERCY HOSPITAL", "5001", "MO", "ST LOUIS", 40)


def ruling(verdict: str, code: str = "280231") -> dict[str, str]:
    return {
        "employer": "MERCY HOSPITAL", "sponsor_code": code, "institution": "Mercy Hospital", "institution_state": "MO",
        "verdict": verdict, "reason": "told", "source": "test", "date": "2026-11-01", "judged_by": "reviewer",
    }  # fmt: skip


def decisions(world: Any) -> dict[str, str]:
    """Sponsor code -> decision on the petitioner that both claim."""
    codes = world.built.institutions.set_index("institution_id")["sponsor_code"]
    rows = world.links[world.links["employer"] == "MERCY HOSPITAL"]
    return dict(zip(rows["institution_id"].map(codes), rows["decision"], strict=True))


def test_a_tie_is_reviewed_and_everything_else_is_linked(make_world: World) -> None:
    world = make_world([ONE, TWO, OTHER], [PETITION, ("MAIMONIDES MEDICAL CENTER", "6001", "NY", "BROOKLYN", 4)])
    assert decisions(world) == {"280231": "review", "280232": "review"}
    assert set(world.relations("Maimonides Medical Center").values()) == {"same"}
    assert len(world.review) == 2 and world.review["reasons"].map(lambda lines: "equally well" in " ".join(lines)).all()


@pytest.mark.parametrize(
    ("verdict", "first", "second"),
    [("same", "accepted", "accepted"), ("different", "rejected", "accepted"), ("unsure", "review", "accepted")],
)
def test_a_ruling_on_one_of_them_ends_the_tie(make_world: World, verdict: str, first: str, second: str) -> None:
    world = make_world([ONE, TWO], [PETITION], judgements=[ruling(verdict)])
    assert decisions(world) == {"280231": first, "280232": second}


SPONSORS = st.lists(
    st.tuples(st.sampled_from(["Mercy Hospital", "Mercy Medical Center", "Mercy"]), st.sampled_from(["St Louis", "Joplin"])),
    min_size=1, max_size=6,
)  # fmt: skip
PETITIONS = st.lists(
    st.tuples(
        st.sampled_from(["MERCY HOSPITAL", "MERCY MED CTR", "MERCY HOSPITAL ST LOUIS"]), st.sampled_from(["5001", "5002", None]),
        st.just("MO"), st.sampled_from(["ST LOUIS", "JOPLIN", None]), st.integers(1, 30),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sponsors=SPONSORS, petitions=PETITIONS)
def test_no_petitioner_is_ever_several_institutions_by_our_own_reckoning(
    make_world: World, sponsors: list[tuple[str, str]], petitions: list[Any]
) -> None:
    coded = [(f"{name} Program", f"28{n:04d}", name, city, "MO") for n, (name, city) in enumerate(sponsors)]
    links = make_world(coded, petitions).links
    own = links[(links["decision"] == "accepted") & (links["relation"] == "same") & ~links["method"].isin(CURATED)]
    assert not own.duplicated("petitioner_site_id").any()
