"""Links: names, tax ids and places together; campuses; what people have ruled; input that means harm."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.linkage.aliases import collect_aliases
from pipeline.linkage.anchors import Registers
from pipeline.linkage.decisions import unmet_judgements
from pipeline.linkage.judgements import ALIAS_COLUMNS, JUDGEMENT_COLUMNS
from pipeline.linkage.links.petitioners import link_petitioners
from pipeline.schemas.frames import empty_frame, to_arrow

World = Callable[..., object]

HOSPITAL = ("Maimonides Medical Center Program", "350366", "Maimonides Medical Center", "Brooklyn", "NY")
MERCY = ("Mercy Hospital (St Louis) Program", "280231", "Mercy Hospital (St Louis)", "St Louis", "MO")
CHICAGO = (
    "University of Illinois College of Medicine at Chicago Program", "160762",
    "University of Illinois College of Medicine at Chicago", "Chicago", "IL",
)  # fmt: skip
SCHOOLS = (
    ("145600", "University of Illinois Chicago", "Chicago", "IL", "376000511", True),
    ("145637", "University of Illinois Urbana-Champaign", "Champaign", "IL", "376000511", False),
)
MAIN = ("MAIMONIDES MEDICAL CENTER", "5001", "NY", "BROOKLYN", 40)


def test_an_equal_name_in_the_state_is_the_institution(make_world: World) -> None:
    world = make_world([HOSPITAL], [MAIN, ("MAIMONIDES MED CTR", "5001", "NY", "NEW YORK", 3)])
    assert set(world.relations("Maimonides Medical Center").values()) == {"same"}


@pytest.mark.parametrize(
    ("spelling", "relation"),
    [
        (("MAIMONIDES MEDICAL CENTER", "5010", "NY", "BROOKLYN", 1), "same"),  # a slip in the tax id
        (("MAIMONIDES MEDICAL CENTER", "5001", None, None, 2), "same"),  # no state, the same tax id
        (("MAIMONIDES MEDICAL CENTER", "5001", "NJ", "NEWARK", 2), "same"),  # a wrong state, the same tax id
        (("MAIMONDES MED CENTER", "5001", "NY", "BROOKLYN", 2), "same"),  # a misprint
        (("MAIMONIDES MEDICAL GROUP PC", "7777", "NY", "BROOKLYN", 5), "affiliate"),
        (("MAIMONIDES HEALTH PLAN", "7778", "NY", "BROOKLYN", 5), "affiliate"),
        (("MAIMONIDES MEDICAL CENTER", "9999", "CA", "LOS ANGELES", 2), None),  # another state, another tax id
        (("MAIMONIDES MEDICAL CENTER", None, None, None, 2), None),  # nothing but the name
        (("MAIMONIDES SOFTWARE LLC", "7779", "NY", "BROOKLYN", 5), None),
        (("ACME DENTAL LLC", "5001", "NY", "BROOKLYN", 5), None),  # the tax id alone
    ],
)
def test_support_decides(
    make_world: World, spelling: tuple[str, str | None, str | None, str | None, int], relation: str | None
) -> None:
    world = make_world([HOSPITAL], [MAIN, spelling])
    assert world.relations("Maimonides Medical Center").get((spelling[0], spelling[3])) == relation


def test_a_common_name_needs_its_city(make_world: World) -> None:
    rows = [("MERCY HOSPITAL", "0001", "MO", "ST LOUIS", 5), ("MERCY HOSPITAL", "0002", "MO", "JOPLIN", 5)]
    world = make_world([MERCY], rows)
    assert world.relations("Mercy Hospital (St Louis)") == {("MERCY HOSPITAL", "ST LOUIS"): "same"}


def test_under_a_shared_ein_the_city_tells_the_campus(make_world: World) -> None:
    rows = [
        ("UNIVERSITY OF ILLINOIS AT CHICAGO", "0511", "IL", "CHICAGO", 200),
        ("UNIVERSITY OF ILLINOIS AT CHICAGO", "0511", "IL", "CHAMPAIGN", 197),
        ("UNIV OF IL AT URBANA CHAMPAIGN", "0511", "IL", "CHICAGO", 290),
        ("UNIV OF IL AT URBANA CHAMPAIGN", "0511", "IL", "CHAMPAIGN", 500),
        ("UNIV OF ILLINOIS", "0511", "IL", "CHICAGO", 3),
    ]
    world = make_world([CHICAGO], rows, schools=SCHOOLS)
    assert world.relations(CHICAGO[2]) == {
        ("UNIVERSITY OF ILLINOIS AT CHICAGO", "CHICAGO"): "same",
        ("UNIV OF IL AT URBANA CHAMPAIGN", "CHICAGO"): "same",
        ("UNIV OF ILLINOIS", "CHICAGO"): "same",
    }


def test_a_governing_body_of_several_campuses_is_none_of_them_by_the_area_alone(make_world: World) -> None:
    regents = "REGENTS OF THE UNIVERSITY OF CALIFORNIA"
    campuses = [
        ("University of California (San Francisco) School of Medicine Program", "050111", "", "San Francisco", "CA"),
        ("University of California (Irvine) Program", "050112", "", "Orange", "CA"),
    ]
    campuses = [(name, code, name.removesuffix(" Program"), city, state) for name, code, _, city, state in campuses]
    # The system's office in Oakland, another campus in Berkeley; Irvine's hospital is in Orange.
    cities = ("OAKLAND", "BERKELEY", "LOS ANGELES", "SAN FRANCISCO", "IRVINE")
    petitions = [(regents, f"90{place:02}", "CA", city, 9) for place, city in enumerate(cities)]
    world = make_world(campuses, petitions)
    assert world.relations("University of California (San Francisco) School of Medicine") == {
        (regents, "SAN FRANCISCO"): "same"
    }
    assert world.relations("University of California (Irvine)") == {(regents, "IRVINE"): "same"}
    assert set(world.review["subject"].str.extract(r", ([A-Z ]+), CA\)")[0]) == {"OAKLAND", "BERKELEY", "LOS ANGELES"}


def test_two_institutions_of_one_name_are_told_by_the_city(make_world: World) -> None:
    sponsors = [
        ("University of Florida Program", "119501", "University of Florida College of Medicine", "Gainesville", "FL"),
        ("University of Florida College of Medicine Jacksonville Program", "119502",
         "University of Florida College of Medicine Jacksonville", "Jacksonville", "FL"),
    ]  # fmt: skip
    rows = [
        ("UNIVERSITY OF FLORIDA", "2052", "FL", city, size)
        for city, size in (("GAINESVILLE", 900), ("JACKSONVILLE", 9), ("OCALA", 2))
    ]
    world = make_world(
        sponsors, rows, schools=[("134130", "University of Florida", "Gainesville", "FL", "596002052", True)]
    )
    assert world.relations("University of Florida College of Medicine Jacksonville") == {
        ("UNIVERSITY OF FLORIDA", "JACKSONVILLE"): "same"
    }
    assert set(world.relations("University of Florida College of Medicine")) == {
        ("UNIVERSITY OF FLORIDA", "GAINESVILLE"), ("UNIVERSITY OF FLORIDA", "OCALA"),
    }  # fmt: skip


def test_a_cut_name_follows_the_full_name_of_its_tax_id(make_world: World) -> None:
    rows = [
        ("MAIMONIDES MEDICAL CENTER RESEARCH", "6001", "NY", "BROOKLYN", 4),
        ("MAIMONIDES MEDICAL CENTER RESEARCH FOUNDATION INC", "6001", "NY", "BROOKLYN", 4),
    ]
    relations = make_world([HOSPITAL], [MAIN, *rows]).relations("Maimonides Medical Center")
    assert relations.get(("MAIMONIDES MEDICAL CENTER RESEARCH", "BROOKLYN")) != "same"
    assert relations.get(("MAIMONIDES MEDICAL CENTER RESEARCH FOUNDATION INC", "BROOKLYN")) != "same"


def test_a_curated_name_is_found_whole_and_cut_off(make_world: World) -> None:
    alias = {"sponsor_code": "350366", "institution": "Maimonides Medical Center", "institution_state": "NY",
             "alias": "Borough Park Hospital Corporation of Kings County", "relation": "same"}  # fmt: skip
    rows = [
        ("BOROUGH PARK HOSPITAL CORPORATION OF KINGS COUNTY", "1111", "NY", "BROOKLYN", 5),
        ("BOROUGH PARK HOSPITAL CORPORATION", "1111", "NY", "BROOKLYN", 5),
    ]
    world = make_world([HOSPITAL], rows, aliases=[alias])
    assert set(world.relations("Maimonides Medical Center").values()) == {"same"}
    assert len(world.relations("Maimonides Medical Center")) == 2


def test_a_corporation_that_owns_several_sponsors_stands_for_each_if_people_say_so(make_world: World) -> None:
    kings = ("Kings County Hospital Center Program", "350367", "Kings County Hospital Center", "Brooklyn", "NY")
    owned = [
        {"sponsor_code": code, "institution": name, "institution_state": "NY", "alias": "Borough Hospitals Corporation",
         "relation": "same"}
        for code, name in (("350366", "Maimonides Medical Center"), ("350367", "Kings County Hospital Center"))
    ]  # fmt: skip
    rows = [("BOROUGH HOSPITALS CORPORATION", "1111", "NY", "ALBANY", 5)]
    both = make_world([HOSPITAL, kings], rows, aliases=owned)
    assert set(both.relations("Maimonides Medical Center").values()) == {"same"}
    assert set(both.relations("Kings County Hospital Center").values()) == {"same"}


def test_a_whole_legal_form_at_the_end_of_34_characters_is_no_fragment(make_world: World) -> None:
    name = "UNIV OF CINCINNATI MEDICAL CTR LLC"
    assert len(name) == 34
    sponsor = ("University of Cincinnati Medical Center Program", "380001", "University of Cincinnati Medical Center",
               "Cincinnati", "OH")  # fmt: skip
    world = make_world([sponsor], [(name, "1111", "OH", "CINCINNATI", 5)])
    assert set(world.relations(sponsor[2]).values()) == {"same"}
    assert "+70 name equal to" in world.links["reasons"].iloc[0][0]


def test_a_hospital_near_another_campus_may_be_a_site_of_this_one(make_world: World) -> None:
    site = ("160762", "160999", "Carle Foundation Hospital")
    rows = [("CARLE FOUNDATION HOSPITAL", "7777", "IL", "CHAMPAIGN", 9)]
    relations = make_world([CHICAGO], rows, schools=SCHOOLS, sites=[site]).relations(CHICAGO[2])
    assert relations == {("CARLE FOUNDATION HOSPITAL", "CHAMPAIGN"): "affiliate"}


@pytest.mark.parametrize(
    ("verdict", "own", "carried"),
    [
        ("", "accepted", "accepted"),
        ("same", "accepted", "accepted"),
        ("affiliate", "accepted", "accepted"),
        ("unsure", "review", None),
        ("different", "rejected", None),
    ],
)
def test_a_link_is_carried_only_from_a_spelling_that_is_accepted_itself(
    make_world: World, verdict: str, own: str, carried: str | None
) -> None:
    rows = [MAIN, ("MAIMONIDES INFANTS HOSPITAL BORO", "5001", "NY", "BROOKLYN", 2)]
    ruled = [judgement(employer="MAIMONIDES MEDICAL CENTER", verdict=verdict)] if verdict else []
    links = make_world([HOSPITAL], rows, judgements=ruled).links.set_index("employer")
    assert links.loc["MAIMONIDES MEDICAL CENTER", "decision"] == own
    follower = links.reindex(["MAIMONIDES INFANTS HOSPITAL BORO"]).iloc[0]
    assert (follower["decision"] == carried) if carried else follower["decision"] != "accepted"


def test_a_link_carried_from_a_spelling_in_review_is_reviewed_too(make_world: World) -> None:
    name = "Maimonides Medical Center and Infants Hospital"
    rows = [
        (name.upper(), "5001", "NY", "BROOKLYN", 200),
        (
            name.upper()[:34],
            "7777",
            "NY",
            "BROOKLYN",
            1,
        ),  # accepted by itself until the tax id of the full name is learned
        ("MAIMONIDES CATERING BORO", "7777", "NY", "BROOKLYN", 1),
    ]
    links = make_world([(f"{name} Program", "350366", name, "Brooklyn", "NY")], rows).links.set_index("employer")
    assert links["decision"].to_dict() == dict(
        zip([row[0] for row in rows], ["accepted", "review", "review"], strict=True)
    )
    assert any("is not accepted itself" in line for line in links.loc["MAIMONIDES CATERING BORO", "reasons"])


def test_under_a_shared_ein_a_link_is_carried_in_the_city_only(make_world: World) -> None:
    rows = [
        ("UNIVERSITY OF ILLINOIS AT CHICAGO", "0511", "IL", "CHICAGO", 200),
        ("UNIVERSITY OF ILLINOIS CHICAGO POLICE TRAINING", "0511", "IL", "DECATUR", 4),
    ]
    relations = make_world([CHICAGO], rows, schools=SCHOOLS).relations(CHICAGO[2])
    assert ("UNIVERSITY OF ILLINOIS CHICAGO POLICE TRAINING", "DECATUR") not in relations


@pytest.mark.parametrize("name", ["RTW RETAILWINDS INC FKA NY COMPANY", "CALVARY BAPTIST DBA SAN FRANCISCO"])
def test_a_place_is_the_beginning_of_nobodys_name(make_world: World, name: str) -> None:
    sponsors = [
        ("New York Presbyterian Hospital Program", "350001", "New York Presbyterian Hospital", "New York", "NY"),
        ("San Francisco General Hospital Program", "050001", "San Francisco General Hospital", "San Francisco", "CA"),
    ]
    assert len(name) in (33, 34)
    for institution, city, state in ((sponsors[0][2], "NEW YORK", "NY"), (sponsors[1][2], "SAN FRANCISCO", "CA")):
        assert make_world(sponsors, [(name, None, state, city, 5)]).relations(institution) == {}


def test_a_name_of_kind_words_is_found_whatever_its_legal_form(make_world: World) -> None:
    network = ("Community Health Network Program", "170001", "Community Health Network", "Indianapolis", "IN")
    rows = [("COMMUNITY HEALTH NETWORK INC", "3617", "IN", "INDIANAPOLIS", 53)]
    assert set(make_world([network], rows).relations("Community Health Network").values()) == {"same"}


def test_a_curated_name_with_a_trade_name_inside_meets_the_printed_one(make_world: World) -> None:
    alias = {"sponsor_code": "350366", "institution": "Maimonides Medical Center", "institution_state": "NY",
             "alias": "Borough Park Division LLC dba Tenth Avenue", "relation": "same"}  # fmt: skip
    rows = [("BOROUGH PARK DIVISION LLC DBA TENTH AVENUE", "1111", "NY", "BROOKLYN", 5)]
    world = make_world([HOSPITAL], rows, aliases=[alias])
    assert set(world.relations("Maimonides Medical Center").values()) == {"same"}


def test_a_site_that_is_a_sponsor_is_followed_to_the_names_it_signs_with(make_world: World) -> None:
    owner = {"sponsor_code": "350366", "institution": "Maimonides Medical Center", "institution_state": "NY",
             "alias": "Borough Park Hospital Corporation", "relation": "same"}  # fmt: skip
    host = ("Flatlands Community Hospital Program", "350999", "Flatlands Community Hospital", "Brooklyn", "NY")
    rows = [("BOROUGH PARK HOSPITAL CORPORATION", "1111", "NY", "BROOKLYN", 5)]
    site = ("350999", "350000", "Maimonides Medical Center")
    world = make_world([HOSPITAL, host], rows, aliases=[owner], sites=[site])
    assert set(world.relations("Flatlands Community Hospital").values()) == {"affiliate"}


def judgement(**cells: str) -> dict[str, str]:
    base = {"sponsor_code": "350366", "institution": "Maimonides Medical Center", "institution_state": "NY",
            "reason": "ruled", "source": "test", "date": "2026-01-01", "judged_by": "maintainer"}  # fmt: skip
    return base | cells


def test_a_judgement_wins_over_any_score(make_world: World) -> None:
    rows = [MAIN, ("KINGS HIGHWAY SERVICES LLC", "8888", "NY", "BROOKLYN", 7)]
    ruled = [
        judgement(employer="Maimonides Medical Center", verdict="different"),
        judgement(employer="Kings Highway Services, LLC", verdict="same", tax_id_last4="8888"),
    ]
    world = make_world([HOSPITAL], rows, judgements=ruled)
    assert world.relations("Maimonides Medical Center") == {("KINGS HIGHWAY SERVICES LLC", "BROOKLYN"): "same"}
    denied = world.links.set_index("employer").loc["MAIMONIDES MEDICAL CENTER"]
    assert denied["decision"] == "rejected"
    assert denied["method"] == "judgement"
    assert denied["reasons"][0].startswith("judged different by a maintainer")


def test_a_negative_judgement_blocks_what_would_follow_from_the_pair(make_world: World) -> None:
    rows = [MAIN, ("MAIMONIDES INFANTS HOSPITAL BORO", "5001", "NY", "BROOKLYN", 2)]
    free = make_world([HOSPITAL], rows).relations("Maimonides Medical Center")
    assert ("MAIMONIDES INFANTS HOSPITAL BORO", "BROOKLYN") in free
    ruled = [judgement(employer="MAIMONIDES MEDICAL CENTER", verdict="different")]
    assert make_world([HOSPITAL], rows, judgements=ruled).relations("Maimonides Medical Center") == {}


def test_an_unsure_judgement_goes_to_review_and_an_unmet_one_is_reported(make_world: World) -> None:
    ruled = [
        judgement(employer="MAIMONIDES MEDICAL CENTER", verdict="unsure"),
        judgement(employer="NOBODY AT ALL INC", verdict="same"),
        judgement(employer="MAIMONIDES MEDICAL CENTER", verdict="same", employer_city="ALBANY"),
    ]
    world = make_world([HOSPITAL], [MAIN], judgements=ruled)
    assert world.links["decision"].tolist() == ["review"]
    assert world.review["subject"].str.contains("MAIMONIDES").all()
    frame = pd.DataFrame([{name: row.get(name, "") for name in JUDGEMENT_COLUMNS} for row in ruled]).astype("str")
    unmet = unmet_judgements(world.petitions, world.built.institutions, frame)
    assert unmet["employer"].tolist() == ["NOBODY AT ALL INC", "MAIMONIDES MEDICAL CENTER"]


def test_the_more_specific_judgement_decides(make_world: World) -> None:
    ruled = [
        judgement(employer="MAIMONIDES MEDICAL CENTER", verdict="different"),
        judgement(employer="MAIMONIDES MEDICAL CENTER", verdict="affiliate", employer_city="Queens"),
    ]
    world = make_world([HOSPITAL], [MAIN, ("MAIMONIDES MEDICAL CENTER", "5001", "NY", "QUEENS", 2)], judgements=ruled)
    assert world.relations("Maimonides Medical Center") == {("MAIMONIDES MEDICAL CENTER", "QUEENS"): "affiliate"}
    assert unmet_judgements(world.petitions, world.built.institutions, pd.DataFrame(
        [{name: row.get(name, "") for name in JUDGEMENT_COLUMNS} for row in ruled]).astype("str")).empty  # fmt: skip


def test_participating_sites_and_partner_universities_are_affiliates(make_world: World) -> None:
    hospital = ("Stamford Hospital/Columbia University Program", "080456", "Stamford Hospital", "Stamford", "CT")
    site = ("080456", "080999", "Norwalk Community Health Center")
    rows = [
        ("NORWALK COMMUNITY HLTH CENTER INC", "6620", "CT", "NORWALK", 6),
        ("STAMFORD HOSPITAL", "6917", "CT", "STAMFORD", 20),
    ]
    relations = make_world([hospital], rows, sites=[site]).relations("Stamford Hospital")
    assert relations == {
        ("NORWALK COMMUNITY HLTH CENTER INC", "NORWALK"): "affiliate",
        ("STAMFORD HOSPITAL", "STAMFORD"): "same",
    }


HOSTILE = [
    "",
    " ",
    "A",
    "HOSPITAL",
    "MEDICAL CENTER",
    "UNIVERSITY",
    "LLC",
    "X" * 500,
    "ÜÑÏVÉRSÎTY",
    "医院",
    "(((",
    "D/B/A",
    "&&&",
    "'",
    "\x00\x07",
    "NULL",
    "=1+1",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_linked_to_nothing(make_world: World, name: str) -> None:
    world = make_world([HOSPITAL, MERCY], [MAIN, (name, "5001", "NY", "BROOKLYN", 5)])
    assert list(world.relations("Maimonides Medical Center")) == [("MAIMONIDES MEDICAL CENTER", "BROOKLYN")]
    assert world.relations("Mercy Hospital (St Louis)") == {}


@settings(max_examples=8)
@given(st.text(min_size=1, max_size=80).filter(lambda text: "MAIMO" not in text.upper()))
def test_no_text_crashes_the_linker(make_world: World, name: str) -> None:
    world = make_world([HOSPITAL], [MAIN, (name, None, None, None, 1)])
    assert set(world.relations("Maimonides Medical Center")) == {("MAIMONIDES MEDICAL CENTER", "BROOKLYN")}


def test_no_petitions_no_links(make_world: World) -> None:
    world = make_world([HOSPITAL], [])
    assert world.links.empty
    assert to_arrow(world.links, "petitioner_links").num_rows == 0


@settings(max_examples=4)
@given(st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(make_world: World, random: object) -> None:
    rows = [
        MAIN, ("MAIMONIDES MED CTR", "5001", "NY", "BROOKLYN", 2), ("MERCY HOSPITAL", "0001", "MO", "ST LOUIS", 5),
        ("UNIV OF ILLINOIS AT CHICAGO", "0511", "IL", "CHICAGO", 9), ("UNIV OF ILLINOIS AT CHICAGO", "0511", "IL", "PEORIA", 9),
        ("MAIMONIDES MEDICAL GROUP", "7777", "NY", "BROOKLYN", 4), ("MERCY CLINIC", "0004", "MO", "ST LOUIS", 4),
    ]  # fmt: skip
    sponsors = [HOSPITAL, MERCY, CHICAGO]
    one = make_world(sponsors, rows, schools=SCHOOLS)
    random.shuffle(rows)  # type: ignore[attr-defined]
    random.shuffle(sponsors)  # type: ignore[attr-defined]
    two = make_world(sponsors, rows, schools=SCHOOLS)
    pd.testing.assert_frame_equal(one.links, two.links)
    pd.testing.assert_frame_equal(one.review, two.review)


def test_links_fit_their_table_and_shuffled_frames_give_the_same(make_world: World) -> None:
    world = make_world([HOSPITAL, MERCY], [MAIN, ("MERCY HOSPITAL", "0001", "MO", "ST LOUIS", 5)])
    assert to_arrow(world.links, "petitioner_links").num_rows == 2
    sites = empty_frame("acgme_participating_sites")
    none = pd.DataFrame({name: pd.Series(dtype="str") for name in JUDGEMENT_COLUMNS})
    no_aliases = pd.DataFrame({name: pd.Series(dtype="str") for name in ALIAS_COLUMNS})
    names = collect_aliases(world.built.institutions, world.built.programs, sites, Registers(), no_aliases)
    again = link_petitioners(
        world.petitions.iloc[::-1], world.built.institutions.iloc[::-1], names.iloc[::-1], Registers(), none
    )
    pd.testing.assert_frame_equal(again, world.links)


def test_a_health_system_is_the_hospital_unless_the_hospital_signs_for_itself(make_world: World) -> None:
    system = ("MAIMONIDES HEALTH SYSTEM", "7001", "NY", "BROOKLYN", 40)
    alone = make_world([HOSPITAL], [system])
    assert set(alone.relations(HOSPITAL[2]).values()) == {"same"}
    beside = make_world([HOSPITAL], [MAIN, system])
    assert beside.relations(HOSPITAL[2])[system[0], "BROOKLYN"] == "affiliate"


def test_a_slip_in_the_tax_id_of_a_linked_spelling_costs_nothing(make_world: World) -> None:
    cut = "UNIVERSITY OF OKLAHOMA HEALTH SCIE"
    sponsor = ("University of Oklahoma Health Sciences Center Program", "390477",
               "University of Oklahoma Health Sciences Center", "Oklahoma City", "OK")  # fmt: skip
    world = make_world(
        [sponsor],
        [
            (cut, "7987", "OK", "OKLAHOMA CITY", 90),
            (cut, "7897", "OK", "OKLAHOMA CITY", 5),
            (cut, "7987", None, None, 2),
        ],
    )
    assert set(world.links.loc[world.links["decision"] == "accepted", "tax_id_last4"]) == {"7987", "7897"}
    assert world.relations(sponsor[2])[cut, None] == "same"


def test_a_city_of_its_programs_speaks_for_the_institution(make_world: World) -> None:
    programs = [
        ("St Luke's Hospital Program", "410001", "St Luke's Hospital", "Bethlehem", "PA"),
        ("St Luke's Hospital Program", "410001", "St Luke's Hospital", "Bethlehem", "PA"),
        ("St Luke's Hospital (Sayre) Program", "410001", "St Luke's Hospital", "Sayre", "PA"),
    ]
    world = make_world(
        programs, [("ST LUKES HOSP", "1111", "PA", "SAYRE", 9), ("ST LUKES HOSP", "2222", "PA", "ERIE", 9)]
    )
    assert list(world.relations("St Luke's Hospital")) == [("ST LUKES HOSP", "SAYRE")]


def test_a_curated_name_in_another_sponsors_city_is_an_affiliate_and_never_lost(make_world: World) -> None:
    sponsors = [
        ("Texas Tech Health Sciences Center at Lubbock Program", "480001", "Texas Tech Health Sciences Center at Lubbock", "Lubbock", "TX"),
        ("Texas Tech Health Sciences Center at Amarillo Program", "480002", "Texas Tech Health Sciences Center at Amarillo", "Amarillo",
         "TX"),
    ]  # fmt: skip
    aliases = [
        {"sponsor_code": code, "institution_state": "TX", "alias": "TTUHSC", "alias_state": "TX", "relation": "same"}
        for code in ("480001", "480002")
    ]
    world = make_world(sponsors, [("TTUHSC", "2622", "TX", "LUBBOCK", 30)], aliases=aliases)
    assert world.relations(sponsors[0][2]) == {("TTUHSC", "LUBBOCK"): "same"}
    assert world.relations(sponsors[1][2]) == {("TTUHSC", "LUBBOCK"): "affiliate"}


def test_a_tax_id_learned_from_misprinted_rows_carries_no_link_across_the_border(make_world: World) -> None:
    name = "MAIMONIDES MEDICAL CENTER"
    misprint, another = (name, "6001", "NY", "BROOKLYN", 6), (name, "6001", "MA", "BOSTON", 900)
    world = make_world([HOSPITAL], [MAIN, misprint, another])
    assert set(world.relations(HOSPITAL[2])) == {(name, "BROOKLYN")}


def test_a_university_files_for_one_of_its_colleges_and_is_an_affiliate_of_the_other_in_the_area(
    make_world: World,
) -> None:
    colleges = [
        ("Abel University College of Human Medicine Program", "250001", "Abel University College of Human Medicine", "Lansing", "MI"),
        ("Abel University Medical College Program", "250002", "Abel University Medical College", "East Lansing", "MI"),
        ("Abel University College of Medicine Flint Program", "250003", "Abel University College of Medicine at Flint", "Flint", "MI"),
    ]  # fmt: skip
    school = ("171100", "Abel University", "East Lansing", "MI", "386005984", False)
    world = make_world(colleges, [("ABEL UNIVERSITY", "5984", "MI", "EAST LANSING", 90)], schools=[school])
    key = ("ABEL UNIVERSITY", "EAST LANSING")
    assert world.relations("Abel University Medical College") == {key: "same"}
    assert world.relations("Abel University College of Human Medicine") == {key: "affiliate"}
    assert world.relations("Abel University College of Medicine at Flint") == {}


def test_a_sponsor_is_known_by_both_names_inside_its_own(make_world: World) -> None:
    name = "Abel Community Health Foundation dba Abel Health"
    world = make_world(
        [(f"{name} Program", "050001", name, "Hemet", "CA")],
        [("ABEL COMMUNITY HEALTH FDN", "0021", "CA", "BORREGO SPRINGS", 1), ("ABEL HEALTH", "0021", "CA", "HEMET", 2)],
    )
    assert set(world.relations(name).values()) == {"same"}


def test_a_university_named_with_its_city_is_the_one_of_the_register(make_world: World) -> None:
    name = "University of Abel-Norwood"
    school = ("100751", "The University of Abel", "Norwood", "AL", "636001138", False)
    world = make_world(
        [(f"{name} Program", "010001", name, "Norwood", "AL")],
        [("THE UNIVERSITY OF ABEL", "1138", "AL", "NORWOOD", 236)],
        schools=[school],
    )
    assert world.relations(name) == {("THE UNIVERSITY OF ABEL", "NORWOOD"): "same"}
