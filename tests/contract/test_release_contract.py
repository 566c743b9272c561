"""A release as a stranger reads it: Parquet, a manifest and a dictionary, with nothing of this project imported."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq

LISTED = {
    "program_code", "program_name", "specialty", "institution_id", "institution", "city", "state", "metro_area", "website",
    "visa_category", "h1b_stated", "j1_stated", "step3_required_for_h1b", "evidence_quote", "evidence_url", "evidence_scope",
    "evidence_date", "evidence_kind", "petition_years", "initial_approvals", "continuing_approvals",
    "trainee_filings_same_specialty", "trainee_filings_any_specialty", "sponsor_tier", "tier_reasons", "cap_exempt_category",
    "cap_exempt_basis", "cap_exempt_confidence", "needs_confirmation", "as_of", "release_id",
}  # fmt: skip
PETITIONS = {
    "fiscal_year", "employer", "tax_id_last4", "state", "city", "naics", "initial_approvals", "initial_denials",
    "continuing_approvals", "continuing_denials",
}  # fmt: skip


def ask(release: Path, sql: str) -> list[tuple]:
    tables = {path.stem: f"read_parquet('{path}')" for path in release.glob("*.parquet")}
    return duckdb.sql(sql.format(**tables)).fetchall()


def test_every_file_is_as_the_manifest_says(sample_release: Path) -> None:
    manifest = json.loads((sample_release / "manifest.json").read_text())
    listed = {file["name"]: file for file in manifest["files"]}
    assert set(listed) == {path.name for path in sample_release.glob("*.parquet")}
    for name, file in listed.items():
        content = (sample_release / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert pq.read_metadata(sample_release / name).num_rows == file["rows"]
    assert "functional_h1b_sponsors.xlsx" in {file["name"] for file in manifest["documents"]}
    assert manifest["sample"] is True and manifest["schema_version"] and manifest["code_version"]
    assert {"id", "sha256", "parts", "sample"} <= set(manifest["snapshots"][0])
    assert manifest["release_id"] == sample_release.resolve().name
    assert "irs_eo_bmf" in manifest["absent_sources"]


def test_the_columns_that_apps_rely_on_are_there(sample_release: Path) -> None:
    assert set(pq.read_schema(sample_release / "functional_h1b_sponsors.parquet").names) >= LISTED
    assert set(pq.read_schema(sample_release / "petitions.parquet").names) >= PETITIONS


def test_every_column_is_described_in_the_file_and_in_the_dictionary(sample_release: Path) -> None:
    dictionary = (sample_release / "data_dictionary.md").read_text()
    for path in sample_release.glob("*.parquet"):
        for field in pq.read_schema(path):
            assert field.metadata[b"description"]
            assert f"| `{field.name}` |" in dictionary


def test_one_row_a_program(sample_release: Path) -> None:
    assert ask(sample_release, "SELECT count(*), count(DISTINCT program_code) FROM {functional_h1b_sponsors}") == [
        (151, 151)
    ]


def test_a_stated_policy_has_its_evidence(sample_release: Path) -> None:
    bare = """SELECT count(*) FROM {functional_h1b_sponsors} WHERE (h1b_stated <> 'not_stated' OR j1_stated <> 'not_stated')
              AND (evidence_quote IS NULL OR evidence_kind IS NULL OR evidence_snapshot IS NULL OR evidence_scope IS NULL)"""
    assert ask(sample_release, bare) == [(0,)]
    assert (
        ask(sample_release, "SELECT count(*) FROM {functional_h1b_sponsors} WHERE h1b_stated <> 'not_stated'")[0][0]
        > 10
    )


def test_the_category_follows_what_is_stated(sample_release: Path) -> None:
    wrong = """SELECT program_code FROM {functional_h1b_sponsors} WHERE
        (visa_category = 'A' AND h1b_stated <> 'yes') OR (visa_category = 'B' AND h1b_stated <> 'case_by_case')
        OR (visa_category IN ('C', 'D', 'N') AND h1b_stated IN ('yes', 'case_by_case'))"""
    assert ask(sample_release, wrong) == []


def test_an_inferred_likelihood_stands_only_where_no_policy_is_stated(sample_release: Path) -> None:
    wrong = """SELECT program_code FROM {functional_h1b_sponsors}
        WHERE (sponsoring_likelihood IS NULL) <> (policy <> 'not_stated')
        OR (sponsoring_likelihood_basis IS NULL) <> (sponsoring_likelihood IS NULL)
        OR NOT coalesce(sponsoring_likelihood BETWEEN sponsoring_likelihood_low AND sponsoring_likelihood_high, TRUE)"""
    assert ask(sample_release, wrong) == []
    beside = """SELECT sum(programs), sum(own_programs + institution_programs) FROM {likelihood_calibration}
        WHERE grouped_by = 'likelihood'"""
    [(silent, stated)] = ask(sample_release, beside)
    assert silent == ask(sample_release, "SELECT count(sponsoring_likelihood) FROM {functional_h1b_sponsors}")[0][0]
    assert stated > 10


def test_sample_pages_are_never_quotations(sample_release: Path) -> None:
    kinds = ask(
        sample_release, "SELECT DISTINCT evidence_kind FROM {functional_h1b_sponsors} WHERE evidence_kind IS NOT NULL"
    )
    assert kinds == [("restated",)]
    assert ask(
        sample_release, "SELECT count(*) FROM {visa_policies} WHERE evidence_kind = 'restated' AND url IS NULL"
    ) == [(0,)]


def test_every_tier_has_reasons(sample_release: Path) -> None:
    assert ask(sample_release, "SELECT count(*) FROM {functional_h1b_sponsors} WHERE len(tier_reasons) = 0") == [(0,)]


def test_nothing_is_called_verified_and_nothing_is_a_person(sample_release: Path) -> None:
    said = ask(
        sample_release,
        "SELECT lower(array_to_string(tier_reasons, ' ') || coalesce(cap_exempt_basis, '')) FROM {functional_h1b_sponsors}",
    )
    assert not any("verified" in text for (text,) in said if text)
    names = {field.name for path in sample_release.glob("*.parquet") for field in pq.read_schema(path)}
    assert not {name for name in names if "email" in name or "phone" in name or "director" in name}


def test_a_petitioner_is_the_same_as_one_institution_unless_a_person_said_more(sample_release: Path) -> None:
    twice = """SELECT petitioner_site_id FROM {petitioner_links} WHERE decision = 'accepted' AND relation = 'same' AND method NOT IN ('judgement', 'alias')
               GROUP BY petitioner_site_id HAVING count(DISTINCT institution_id) > 1"""
    assert ask(sample_release, twice) == []


def test_keys_join(sample_release: Path) -> None:
    lost = "SELECT count(*) FROM {functional_h1b_sponsors} f LEFT JOIN {institutions} i USING (institution_id) WHERE i.institution_id IS NULL"
    assert ask(sample_release, lost) == [(0,)]
    judged = "SELECT count(*) FROM {petitioners} p LEFT JOIN {cap_exemption} c USING (petitioner_id) WHERE c.petitioner_id IS NULL"
    assert ask(sample_release, judged) == [(0,)]


def test_the_workbook_has_a_row_for_each_program_and_a_meaning_for_each_column(sample_release: Path) -> None:
    path = sample_release / "functional_h1b_sponsors.xlsx"
    sheets = pd.read_excel(path, engine="calamine", sheet_name=None, dtype="str")
    assert list(sheets) == ["list", "definitions", "evidence", "coverage", "own notes", "about"]
    listed = pd.read_parquet(
        sample_release / "functional_h1b_sponsors.parquet", columns=["program_code", "sponsor_tier"]
    )
    for name in ("list", "evidence", "own notes"):
        assert sheets[name]["program_code"].tolist() == listed["program_code"].tolist()
    assert sheets["list"]["sponsor_tier"].tolist() == listed["sponsor_tier"].tolist()
    defined = set(zip(sheets["definitions"]["sheet"], sheets["definitions"]["column"], strict=True))
    shown = {
        (name, column) for name in ("list", "evidence", "coverage", "own notes") for column in sheets[name].columns
    }
    assert shown == defined
    assert all(
        set(sheets[name]["sample"]) == {"yes: no current list"}
        for name in ("list", "evidence", "coverage", "own notes")
    )
    about = sheets["about"].set_index("what")["value"]
    assert about["sample"].startswith("yes") and {"release", "as of", "law read up to"} <= set(about.index)
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            if member.startswith("xl/worksheets/sheet"):
                page = archive.read(member)
                assert b"<f>" not in page and b"no current list</oddHeader>" in page
