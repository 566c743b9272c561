"""Every program and institution has its file, and the file says what the tables say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.release.places import institution_address, program_address
from pipeline.release.reader import Release, ReleaseError
from tests.conftest import AS_OF


@pytest.fixture(scope="module")
def release(sample_release: Path) -> Release:
    return Release.open(sample_release)


def read(release: Release, address: str) -> dict[str, Any]:
    return json.loads((release.folder / address).read_text("utf-8"))


def test_all_are_there_and_no_others(release: Release) -> None:
    listed = release.table("functional_h1b_sponsors", ["program_code"])["program_code"]
    institutions = release.table("institutions", ["institution_id"])["institution_id"]
    expected = {*map(program_address, listed), *map(institution_address, institutions)}
    folders = (release.folder / "programs", release.folder / "institutions")
    there = {path.relative_to(release.folder).as_posix() for folder in folders for path in folder.rglob("*.json")}
    assert there == expected


def test_a_program_has_its_row_its_statements_and_the_way_to_its_institution(release: Release) -> None:
    listed = release.table("functional_h1b_sponsors")
    row = listed[listed["evidence_quote"].notna()].iloc[0]
    chain = read(release, program_address(row["program_code"]))
    assert chain["program"]["h1b_stated"] == row["h1b_stated"] and chain["program"]["as_of"] == AS_OF
    assert row["evidence_quote"] in [statement["evidence_quote"] for statement in chain["statements"]]
    assert chain["release"]["sample"] is True
    assert row["program_code"] in read(release, chain["institution"])["programs"]


def test_an_institution_has_the_petitions_of_its_links(release: Release) -> None:
    sums = release.query(
        """SELECT institution_id, sum(initial_approvals)::BIGINT AS approvals
        FROM (SELECT DISTINCT institution_id, petitioner_site_id FROM petitioner_links WHERE decision = 'accepted')
        JOIN petitions USING (petitioner_site_id) GROUP BY ALL ORDER BY ALL"""
    )
    assert len(sums) > 10
    for institution_id, approvals in sums.itertuples(index=False):
        chain = read(release, institution_address(institution_id))
        years = [year for petitioner in chain["petitioners"] for year in petitioner["petitions"]]
        assert sum(year["initial_approvals"] for year in years) == approvals
        assert all(one["cap_exemption"]["category"] and one["sites"][0]["reasons"] for one in chain["petitioners"])
        own = [petitioner["relation"] for petitioner in chain["petitioners"]]
        assert own == sorted(own, key=lambda relation: relation != "same")


def test_a_program_is_explained_with_its_institution(release: Release) -> None:
    code = release.sponsors(["program_code"])["program_code"].iloc[0]
    evidence = release.explain(code)
    assert evidence["program"]["program_code"] == code and code in evidence["programs"]
    assert {"statements", "petitioners", "filings", "institution", "release"} <= set(evidence)


@pytest.mark.parametrize(
    ("code", "problem"), [("../../../x", "no program code"), ("0000000000", "no program 0000000000")]
)
def test_what_is_no_program_is_told_in_a_line(release: Release, code: str, problem: str) -> None:
    with pytest.raises(ReleaseError, match=problem):
        release.explain(code)
