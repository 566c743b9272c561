"""The whole way through the house, through the command line."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import DATA_DIR_VARIABLE, PROJECT
from tests.conftest import AS_OF, copy_sample, copy_worked

USCIS_HEADER = "Fiscal Year,Employer,Initial Approvals,Initial Denials,Continuing Approvals,Continuing Denials,NAICS,Tax ID,State,City,ZIP"


def run(data: Path, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words), env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


def answer(data: Path, *words: str) -> str:
    """What a command prints on standard output alone."""
    result = CliRunner().invoke(app, list(words), env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.stdout


def hashes(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def reproducible(folder: Path) -> dict[str, object]:
    """All files of a release but the DuckDB file, and the manifest but for that file's size and hash."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["documents"] = [one for one in manifest["documents"] if one["name"] != "h1b-sponsors.duckdb"]
    files = {name: of for name, of in hashes(folder).items() if name not in ("manifest.json", "h1b-sponsors.duckdb")}
    return {**files, "manifest.json": manifest}


def test_the_summary_says_what_was_made(sample_data: Path) -> None:
    summary = (sample_data / "summary.txt").read_text("utf-8")
    for part in (
        "embedded sample",
        "151 programs",
        "tiers",
        "review",
        "latest ->",
        "not",
        "legal advice",
        "h1b-sponsors query",
    ):
        assert part in summary


def test_the_same_inputs_give_the_same_bytes(sample_data: Path, tmp_path: Path) -> None:
    """In another folder and another process, with the files filed in another order of time of access."""
    other = copy_sample(tmp_path / "other")
    environment = {**os.environ, DATA_DIR_VARIABLE: str(other), "PYTHONHASHSEED": "7"}
    command = [str(Path(sys.executable).with_name("h1b-sponsors")), "refresh", "--as-of", AS_OF]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert reproducible(other / "curated" / "latest") == reproducible(sample_data / "curated" / "latest")
    assert "step" not in done.stderr.lower() and "/" in done.stderr  # plain lines of progress: 3/40 read_uscis…


def test_status_names_every_source_and_the_release(sample_data: Path) -> None:
    said = run(sample_data, "status")
    assert "uscis_h1b_employers" in said and "sample" in said and "absent" in said
    assert "its files are as its manifest says" in said


def test_query_as_table_csv_json_and_xlsx(sample_data: Path, tmp_path: Path) -> None:
    assert "Medical Genetics" in run(sample_data, "query", "--specialty", "Medical Genetics", "--state", "MA")
    rows = json.loads(answer(sample_data, "query", "--state", "MA", "--format", "json"))
    assert rows and {row["state"] for row in rows} == {"MA"}
    csv = answer(sample_data, "query", "--metro", "los angeles", "--format", "csv").splitlines()
    assert csv[0].startswith("program_code,") and len(csv) > 10
    book = tmp_path / "out.xlsx"
    run(sample_data, "query", "--category", "A", "--category", "B", "--format", "xlsx", "--output", str(book))
    sheet = pd.read_excel(book, engine="calamine", dtype="str")
    assert set(sheet["visa_category"]) <= {"A", "B"} and len(sheet)


def test_contact_list_as_text_and_csv(sample_data: Path, tmp_path: Path) -> None:
    text = run(sample_data, "contact-list", "--state", "MA", "--limit", "2")
    assert text.count("Dear colleagues") == 2 and "USMLE Step 3" in text and "2 of " in text
    path = tmp_path / "ask.csv"
    run(sample_data, "contact-list", "--tier", "conflicting", "--format", "csv", "--output", str(path))
    rows = pd.read_csv(path, dtype="str")
    assert len(rows) and rows["unclear"].str.startswith("whether H-1B visas are sponsored").all()
    assert rows["letter"][0].startswith("Dear colleagues")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["contact-list", "--tier", "nobody"], "unknown sponsor_tier 'nobody'"),
        (["query", "--state", "ZZ"], "unknown state 'ZZ'"),
        (["query", "--category", "X"], "unknown visa_category 'X'; known are A, B, J, C, D, N, ?"),
        (["query", "--format", "xlsx"], "--output FILE"),
        (["explain", "0000000000"], "no program 0000000000"),
        (["explain", "123"], "'123' is no program code: it has ten digits, or M and nine"),
        (["compare", "MGH"], "name two to 5 programs or institutions"),
        (["compare", "MGH", "no such hospital"], "no institution like"),
        (["explain", "no such hospital"], "no institution like"),
        (["evaluate", "titles", "--gold", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_a_user_did_wrong_is_told_in_a_line(sample_data: Path, words: list[str], said: str) -> None:
    result = CliRunner().invoke(app, words, env={DATA_DIR_VARIABLE: str(sample_data)})
    assert result.exit_code != 0
    lines = [line for line in result.output.splitlines() if line.strip() and "no current list" not in line]
    assert len(lines) == 1 and said in lines[0] and "Traceback" not in result.output


def test_explain_a_program_tells_the_whole_chain(sample_data: Path) -> None:
    listed = pd.read_parquet(sample_data / "curated" / "latest" / "functional_h1b_sponsors.parquet")
    stated = listed[listed["evidence_quote"].notna()].iloc[0]
    said = run(sample_data, "explain", stated["program_code"], "--full")
    flat = " ".join(said.split())
    for part in (
        "Tier:",
        "Stated visa policy",
        stated["evidence_url"],
        "Petitions, fiscal years",
        "Cap exemption (inferred",
        "nothing here is legal advice",
    ):
        assert part in flat
    assert " ".join(str(stated["evidence_quote"]).split())[:60] in flat


def test_explain_an_institution(sample_data: Path) -> None:
    listed = pd.read_parquet(sample_data / "curated" / "latest" / "functional_h1b_sponsors.parquet")
    institution = listed[listed["petitioners"].map(len) > 0].iloc[0]
    said = run(sample_data, "explain", institution["institution_id"], "--full")
    assert "Ask the GME office:" in said and "Approved petitions by fiscal year" in said


def test_explain_a_petitioner_shows_each_rule_tried(sample_data: Path) -> None:
    said = run(sample_data, "explain", "BARNARD COLLEGE")
    assert "Rules in order:" in said and "held" in said and "not advice and not a finding of USCIS" in said


def test_refresh_of_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    assert "h1b-sponsors add" in run(tmp_path, "refresh", code=1)


def test_query_without_a_release_says_what_to_do(tmp_path: Path) -> None:
    assert "h1b-sponsors refresh" in run(tmp_path, "query", code=1)


def test_add_takes_skips_and_refuses_and_the_exit_code_tells(tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    (incoming / "anything.txt").write_text(
        f"{USCIS_HEADER}\n2021,BOSTON MEDICAL CENTER,3,0,5,0,62,4567,MA,BOSTON,02118\n"
    )
    (incoming / "error.csv").write_text(
        "<!DOCTYPE html><html><head><title>404 Not Found</title></head><body>no</body></html>"
    )
    (incoming / "empty.csv").write_text("")
    (incoming / "strange.csv").write_text("a,b\n1,2\n")
    before = hashes(incoming)
    data = tmp_path / "data"
    said = run(data, "add", str(incoming), code=3)
    assert said.count("took ") == 1 and said.count("refused ") == 3 and "1 taken, 0 already there, 3 refused" in said
    assert "skipped" in run(data, "add", str(incoming / "anything.txt"))
    assert hashes(incoming) == before
    run(data, "add", str(incoming / "strange.csv"), code=1)


def test_a_failed_refresh_leaves_the_last_release(sample_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_data, data, symlinks=True)
    release = (data / "curated" / "latest").resolve()
    before = hashes(release)
    archived = next((data / "raw" / "uscis_h1b_employers").glob("*/*.csv"))
    archived.write_bytes(archived.read_bytes().replace(b"2021", b"2121"))
    said = run(data, "refresh", "--as-of", "2026-11-21", code=1)
    assert "last release is untouched" in said and "have changed since they were archived" in said
    assert (data / "curated" / "latest").resolve() == release and hashes(release) == before


def test_a_real_file_takes_the_place_of_the_sample_and_says_it_is_partial(sample_data: Path, tmp_path: Path) -> None:
    data = copy_worked(tmp_path / "data", sample_data)
    incoming = tmp_path / "one.csv"
    incoming.write_text(f'{USCIS_HEADER}\n2021,BOSTON MEDICAL CENTER CORP,"1,003",0,5,0,62,4567,MA,BOSTON,02118\n')
    run(data, "add", str(incoming))
    run(data, "refresh", "--as-of", AS_OF)
    latest = data / "curated" / "latest"
    petitions = pd.read_parquet(latest / "petitions.parquet")
    assert petitions.loc[petitions["fiscal_year"] == 2021, "initial_approvals"].tolist() == [1003]
    assert set(petitions.loc[petitions["fiscal_year"] == 2021, "coverage"]) == {"partial"}
    snapshots = pd.read_parquet(latest / "snapshots.parquet")
    unused = snapshots[~snapshots["used"]]
    assert unused["unused_reason"].str.contains("a sample, and").all() and len(unused)


def page(text: str) -> str:
    return f"<html><head><title>Residency</title></head><body><h1>Eligibility</h1><p>{text}</p></body></html>"


def listed_of(data: Path) -> pd.DataFrame:
    return pd.read_parquet(data / "curated" / "latest" / "functional_h1b_sponsors.parquet").set_index("program_code")


def test_a_page_of_one_program_speaks_for_that_one_only(sample_data: Path, tmp_path: Path) -> None:
    data = copy_worked(tmp_path / "data", sample_data)
    before = listed_of(sample_data)
    silent = before[before["policy"] == "not_stated"]
    code, sibling = next(
        (rows.index[0], rows.index[1]) for _, rows in silent.groupby("institution_id", sort=True) if len(rows) > 1
    )
    saved = tmp_path / "page.html"
    saved.write_text(
        page("We sponsor J-1 and H-1B visas. H-1B applicants must have passed USMLE Step 3 by January 15.")
    )
    run(
        data,
        "add",
        str(saved),
        "--url",
        "https://hospital.example/visa",
        "--program",
        code,
        "--retrieved",
        "2026-10-01",
    )
    run(data, "refresh", "--as-of", AS_OF)
    own, other = listed_of(data).loc[code], listed_of(data).loc[sibling]
    assert (own["visa_category"], own["sponsor_tier"], own["evidence_kind"], own["evidence_scope"]) == (
        "A",
        "sponsors",
        "page",
        "program",
    )
    assert own["step3_required_for_h1b"] == "yes" and "January 15" in own["step3_deadline"]
    assert (
        "We sponsor J-1 and H-1B visas." in own["evidence_quote"]
        and own["evidence_url"] == "https://hospital.example/visa"
    )
    assert pd.isna(own["evidence_date"]) and str(own["evidence_saved_on"])[:10] == "2026-10-01"  # saved is not dated
    assert other["policy"] == "not_stated" and pd.isna(other["evidence_quote"])
    first = (data / "curated" / "latest").resolve().name

    told = tmp_path / "confirmations.csv"
    told.write_text(
        f"program_code,date,how,j1,h1b,step3,note\n{code},2026-11-02,e-mail,yes,no,not_stated,J-1 only from 2027\n9999999999,2026-11-02,phone,yes,yes,no,\n"
    )
    run(data, "add", str(told))
    run(data, "refresh", "--as-of", AS_OF)
    own = listed_of(data).loc[code]
    assert (own["visa_category"], own["evidence_kind"], own["h1b_stated"]) == ("C", "confirmed", "no")
    queue = pd.read_parquet(data / "curated" / "latest" / "review_queue.parquet")
    assert queue["subject"].str.contains("9999999999").any()

    [change] = pd.read_parquet(data / "curated" / "latest" / "policy_changes.parquet").to_dict("records")
    assert (change["program_code"], change["old_h1b"], change["new_h1b"]) == (code, "yes", "no")
    assert (change["cause"], change["previous_release"]) == ("other_statement", first)
    assert "We sponsor J-1 and H-1B visas." in change["old_quote"] and "J-1 only from 2027" in change["new_quote"]
    explained = " ".join(run(data, "explain", code, "--full").split())
    assert f"Changed since release {first}" in explained and "Told by e-mail: J-1 only from 2027" in explained
    before = hashes(data / "curated" / "latest")
    run(data, "refresh", "--as-of", AS_OF)
    assert hashes(data / "curated" / "latest") == before


def test_the_same_page_can_be_filed_again_for_another_program(tmp_path: Path) -> None:
    saved = tmp_path / "page.html"
    saved.write_text(page("Visas: J-1 only."))
    told = ["add", str(saved), "--url", "https://hospital.example/visa", "--program"]
    assert "took" in run(tmp_path / "data", *told, "1304121045")
    assert "skipped" in run(tmp_path / "data", *told, "1304121045")
    assert "took" in run(tmp_path / "data", *told, "7654100001")


def test_a_day_in_the_future_is_refused(tmp_path: Path) -> None:
    assert "in the future" in run(tmp_path, "add", "x.html", "--retrieved", "2999-01-01", code=2)


def test_the_codes_of_the_readme_are_in_the_embedded_list() -> None:
    codes = set(re.findall(r"\b\d{10}\b", (PROJECT / "README.md").read_text("utf-8")))
    lists = [
        pd.read_csv(path, dtype="str") for path in (PROJECT / "data" / "raw" / "acgme").glob("*/acgme_programs.csv*")
    ]
    assert codes and lists and codes <= set(pd.concat(lists)["program_code"])
