"""Research Organization Registry: CSV excerpt and JSON dump."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.schemas.frames import to_arrow
from pipeline.sources import ror, ror_records
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.probe import probe

REAL = Path(__file__).parents[3] / "shared" / "raw" / "ror"
HEADER = (
    "ror_id,name,status,types,city,state,established,aliases,labels,acronyms,website,domains,wikipedia,grid,wikidata,"
    "isni,fundref,relationships,source_release,schema"
)
LINKS = '"[[""parent"", ""State University"", ""https://ror.org/01q1z8k08""]]"'


def line(**cells: str) -> str:
    row = dict.fromkeys(HEADER.split(","), "") | {
        "ror_id": "https://ror.org/0001a2m26",
        "name": "SUNY Broome Community College",
        "status": "active",
        "types": "education|funder",
        "relationships": "[]",
    }
    return ",".join((row | cells).values())


def read(tmp_path: Path, text: str, name: str = "ror.csv") -> Parsed:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    seen = probe(path)
    layout = ror.SOURCE.recognise(seen)
    assert layout is not None
    parsed = ror.SOURCE.read(seen, layout, Hints())
    for table, frame in parsed.tables.items():
        to_arrow(frame, table)
    return parsed


def organizations(parsed: Parsed) -> list[dict[str, Any]]:
    return parsed.tables["ror_organizations"].to_dict("records")


def test_reads_the_excerpt(tmp_path: Path) -> None:
    cells = line(
        city="Binghamton",
        aliases="Broome College | Old Name|Broome College",
        labels="Collège de Broome",
        acronyms="SB ",
        website="https://www1.sunybroome.edu",
        domains="sunybroome.edu",
        relationships=LINKS,
    )
    (row,) = organizations(read(tmp_path, f"{HEADER}\n{cells}\n"))
    assert row.pop("state") is None or pd.isna(row.get("state", None))
    assert row == {
        "ror_id": "https://ror.org/0001a2m26",
        "name": "SUNY Broome Community College",
        "types": ["education", "funder"],
        "city": "Binghamton",
        "aliases": ["Broome College", "Collège de Broome", "Old Name"],
        "acronyms": ["SB"],
        "website": "https://www1.sunybroome.edu",
        "domains": ["sunybroome.edu"],
        "relationships": [{"kind": "parent", "name": "State University", "ror_id": "https://ror.org/01q1z8k08"}],
    }


def test_inactive_records_are_out_of_scope_not_bad(tmp_path: Path) -> None:
    other = line(ror_id="https://ror.org/00003g016", status="withdrawn")
    parsed = read(tmp_path, f"{HEADER}\n{line()}\n{other}\n")
    assert (parsed.rows_in, parsed.rows_kept, len(parsed.quarantine)) == (1, 1, 0)
    (part,) = ror.SOURCE.parts(parsed, Hints())
    assert (part.name, part.rows, part.full) == ("all", 1, False)
    assert "excerpt" in part.note


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"ror_id": "0001a2m26"}, "ror_id is no ROR id"),
        ({"ror_id": "https://ror.org/00003g016", "name": ""}, "no name"),
        ({}, "a second row for the same ROR id"),
        ({"ror_id": "https://ror.org/00003g016", "relationships": "[[1]"}, "relationships are no list of triples"),
        (
            {"ror_id": "https://ror.org/00003g016", "relationships": '"[[""parent""]]"'},
            "relationships are no list of triples",
        ),
    ],
)
def test_bad_records_of_the_excerpt_are_quarantined(tmp_path: Path, cells: dict[str, str], reason: str) -> None:
    parsed = read(tmp_path, f"{HEADER}\n{line()}\n{line(**cells)}\n")
    assert (parsed.rows_in, parsed.rows_kept) == (2, 1)
    assert parsed.quarantine[["row", "reason"]].to_numpy().tolist() == [[3, reason]]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"state": "ZZ"}, "line 2: unknown state 'ZZ'"),
        ({"status": "asleep"}, "line 2: unknown status 'asleep'"),
        ({"types": "education|spaceship"}, "line 2: unknown type 'spaceship'"),
        ({"relationships": LINKS.replace("parent", "cousin")}, "line 2: unknown relationship 'cousin'"),
        ({"status": "inactive"}, "no row below it"),
    ],
)
def test_the_excerpt_says_what_is_wrong(tmp_path: Path, cells: dict[str, str], words: str) -> None:
    with pytest.raises(SourceError, match=r"ror\.csv") as caught:
        read(tmp_path, f"{HEADER}\n{line(**cells)}\n")
    assert words in str(caught.value)


def record(**fields: Any) -> dict[str, Any]:
    return {
        "admin": {"created": {"date": "2018-11-14", "schema_version": "1.0"}},
        "domains": ["mayo.edu"],
        "established": 1889,
        "external_ids": [],
        "id": "https://ror.org/02qp3tb03",
        "links": [
            {"type": "wikipedia", "value": "https://en.wikipedia.org/wiki/Mayo_Clinic"},
            {"type": "website", "value": "https://www.mayoclinic.org"},
        ],
        "locations": [place("US", "MN", "Rochester")],
        "names": [
            {"lang": "en", "types": ["ror_display", "label"], "value": "Mayo Clinic"},
            {"lang": None, "types": ["acronym"], "value": "MC"},
            {"lang": "es", "types": ["label"], "value": "Clínica Mayo"},
            {"lang": "en", "types": ["alias"], "value": "Mayo Foundation"},
        ],
        "relationships": [
            {"type": "child", "id": "https://ror.org/03jp40720", "label": "Mayo Clinic in Arizona"},
            {"type": "child", "id": "https://ror.org/03zzw1w08", "label": "Mayo Clinic in Florida"},
        ],
        "status": "active",
        "types": ["healthcare", "funder"],
    } | fields


def place(country: str | None, state: str | None, city: str) -> dict[str, Any]:
    details = {"name": city, "country_code": country, "country_subdivision_code": state, "lat": 1.0, "lng": 2.0}
    return {"geonames_id": 1, "geonames_details": details}


@pytest.mark.parametrize("indent", [None, 2])
def test_reads_the_dump(tmp_path: Path, indent: int | None) -> None:
    records = [
        record(),
        record(id="https://ror.org/0aaaaaaa1", locations=[place("DE", "BE", "Berlin")]),
        record(id="https://ror.org/0aaaaaaa2", status="inactive"),
        record(id="https://ror.org/0aaaaaaa3", locations=[place("PR", None, "San Juan")], links=[], domains=[]),
        record(id="https://ror.org/0aaaaaaa4", locations=[place("US", None, "Troy")], relationships=[], names=[
            {"types": ["ror_display"], "value": "Plain"}]),
    ]  # fmt: skip
    parsed = read(tmp_path, json.dumps(records, indent=indent), name="dump.json")
    mayo, puerto_rico, plain = organizations(parsed)
    assert mayo == {
        "ror_id": "https://ror.org/02qp3tb03",
        "name": "Mayo Clinic",
        "types": ["funder", "healthcare"],
        "city": "Rochester",
        "state": "MN",
        "aliases": ["Clínica Mayo", "Mayo Foundation"],
        "acronyms": ["MC"],
        "website": "https://www.mayoclinic.org",
        "domains": ["mayo.edu"],
        "relationships": [
            {"kind": "child", "name": "Mayo Clinic in Arizona", "ror_id": "https://ror.org/03jp40720"},
            {"kind": "child", "name": "Mayo Clinic in Florida", "ror_id": "https://ror.org/03zzw1w08"},
        ],
    }
    assert (puerto_rico["state"], puerto_rico["city"]) == ("PR", "San Juan")
    assert pd.isna(puerto_rico["website"])
    assert (plain["name"], plain["aliases"], plain["relationships"]) == ("Plain", [], [])
    assert (parsed.rows_in, parsed.rows_kept) == (3, 3)


def test_bad_records_of_the_dump_are_quarantined(tmp_path: Path) -> None:
    nameless = [{"types": ["alias"], "value": "Only an alias"}]
    records = [record(), record(), record(id="https://ror.org/0aaaaaaa1", names=nameless), record(id=7)]
    parsed = read(tmp_path, json.dumps(records), name="dump.json")
    assert (parsed.rows_in, parsed.rows_kept) == (4, 1)
    assert parsed.quarantine[["row", "reason"]].to_numpy().tolist() == [
        [2, "id occurs before in this file"],
        [3, "no name of type ror_display"],
        [4, "id is no ROR id"],
    ]


V1 = {
    "id": "https://ror.org/02qp3tb03",
    "name": "Mayo Clinic",
    "types": ["Healthcare"],
    "links": ["https://www.mayoclinic.org"],
    "aliases": ["Mayo"],
    "acronyms": ["MC"],
    "labels": [{"label": "Clinique Mayo", "iso639": "fr"}],
    "status": "active",
    "country": {"country_name": "United States", "country_code": "US"},
    "addresses": [{"city": "Rochester", "state_code": "US-MN"}],
    "relationships": [{"label": "Mayo Clinic Hospital", "type": "Child", "id": "https://ror.org/03zzw1w08"}],
}


def test_records_of_the_schema_before_are_read_beside_others(tmp_path: Path) -> None:
    parsed = read(tmp_path, json.dumps([V1, record(id="https://ror.org/0aaaaaaa1")]), name="dump.json")
    old, _ = sorted(organizations(parsed), key=lambda row: row["ror_id"] != V1["id"])
    assert (old["name"], old["city"], old["state"], old["types"], old["acronyms"], old["website"]) == (
        "Mayo Clinic", "Rochester", "MN", ["healthcare"], ["MC"], "https://www.mayoclinic.org",
    )  # fmt: skip
    assert list(old["aliases"]) == ["Clinique Mayo", "Mayo"]
    assert [link["kind"] for link in old["relationships"]] == ["child"]


@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: {"number_of_results": 1, "items": [one]}])
@pytest.mark.parametrize("one", [V1, None], ids=["v1", "v2"])
def test_a_single_record_stands_beside_a_dump(tmp_path: Path, wrap: Any, one: dict[str, Any] | None) -> None:
    parsed = read(tmp_path, json.dumps(wrap(one or record()), indent=1), name="one.json")
    (part,) = ror.SOURCE.parts(parsed, Hints())
    assert (part.name, part.rows, part.full) == (
        f"record:{organizations(parsed)[0]['ror_id'].rpartition('/')[2]}",
        1,
        False,
    )


DUMPS = {
    "an unknown state": (json.dumps([record(locations=[place("US", "QQ", "Nowhere")])]), "unknown state 'QQ'"),
    "an unknown type": (json.dumps([record(types=["ship"])]), "unknown type 'ship'"),
    "an unknown status": (json.dumps([record(status="lost")]), "unknown status 'lost'"),
    "no status": (json.dumps([record(), {"id": "x"}]), "line 2: unknown status 'None'"),
    "names of another kind": (json.dumps([record(names=["Mayo Clinic"], note="ror_display")]), "record 1 is of no schema of ROR"),
    "cut off in a record": (json.dumps([record(), record(id="https://ror.org/0aaaaaaa1")])[:-40], "record 2 is not whole JSON"),
    "cut off after a record": (json.dumps([record()])[:-1], "record 2 is not whole JSON"),
    "no objects": (json.dumps([record(), 5]), "record 2 is not whole JSON (not an object)"),
    "nothing in the United States": (json.dumps([record(locations=[place("FR", None, "Paris")])]), "no active record"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), DUMPS.values(), ids=DUMPS.keys())
def test_the_dump_says_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SourceError, match=r"dump\.json") as caught:
        read(tmp_path, text, name="dump.json")
    assert words in str(caught.value)


@pytest.mark.parametrize("text", ['{"items": []}', '[{"name": "v1", "id": "https://ror.org/02qp3tb03"}]', "[1, 2]"])
def test_other_json_is_not_recognised(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    assert ror.SOURCE.recognise(probe(path)) is None


def test_renames_are_no_known_layout(tmp_path: Path) -> None:
    """Nothing reads them: next to none of them is a sponsor's, and the records bear the names of today."""
    path = tmp_path / "renames.csv"
    path.write_text(
        "ror_id,kind,old_name,new_name,release,types,state,other_ror_id\n"
        "https://ror.org/02hb5yj49,has_predecessor,Beaumont Health,Corewell Health,rc-v1.43,healthcare,MI,\n"
    )
    assert ror.SOURCE.recognise(probe(path)) is None


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(
        st.dictionaries(st.text(max_size=5), st.text(max_size=30) | st.integers(), max_size=4), max_size=12
    ),
    chunk=st.integers(1, 40),
    indent=st.sampled_from([None, 0, 3]),
)
def test_records_come_out_whole_however_the_file_is_cut_up(
    tmp_path: Path, values: list[dict[str, Any]], chunk: int, indent: int | None
) -> None:
    path = tmp_path / "values.json"
    path.write_text(json.dumps(values, indent=indent, ensure_ascii=False), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ror_records, "_CHUNK", chunk)
        assert list(ror_records.records(probe(path))) == values


@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared/raw/ror")
def test_real_file() -> None:
    seen = probe(REAL / "ror_us_partial.csv")
    layout = ror.SOURCE.recognise(seen)
    assert layout is not None
    parsed = ror.SOURCE.read(seen, layout, Hints())
    assert (parsed.rows_in, parsed.rows_kept) == (7132, 7132)
