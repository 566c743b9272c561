"""`h1b-sponsors.duckdb`: all tables of a release in one DuckDB file, with their descriptions as comments and views that are ready to use.

DuckDB gives each file an id of its own and leaves bytes between its blocks as they were, so that two files of the same tables are
never equal byte for byte: of all files of a release this one alone is compared by what it says.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import system_number
from pipeline.release.derived.contents import Contents
from pipeline.release.digests import entry
from pipeline.release.reader import DATABASE
from pipeline.schemas.model import Table
from pipeline.schemas.registry import table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A file of DuckDB is one and a half times as large as those of Parquet together; with gaps of the same size once more it is made anew.
_MOST_GROWN: Final = 4
_SMALL: Final = 64 << 20
# One core and this much memory: the other core is busy, and what does not fit of larger tables goes to the disk meanwhile.
_BOUNDS: Final = {"threads": 1, "memory_limit": "150MB"}
# Name, description, tables read and query of each view.
VIEWS: Final = (
    (
        "sponsors",
        "The list in short: what is stated, the tier, the likelihood where nothing is stated, and the evidence",
        ("functional_h1b_sponsors",),
        """SELECT program_code, program_name, specialty, institution, city, state, metro_area, visa_category, h1b_stated, j1_stated,
            step3_required_for_h1b, sponsor_tier, tier_confidence, sponsoring_likelihood, cap_exempt_category, state_freeze,
            evidence_quote, evidence_url, evidence_kind, evidence_date, needs_confirmation, institution_id
        FROM functional_h1b_sponsors""",
    ),
    (
        "filings_by_year",
        "Petitions of an institution's own petitioners and of its affiliates by fiscal year; partial years are marked by coverage",
        ("institutions", "petitioner_links", "petitions"),
        """SELECT institution_id, institution, relation, fiscal_year, coverage,
            sum(initial_approvals)::BIGINT AS initial_approvals, sum(initial_denials)::BIGINT AS initial_denials,
            sum(continuing_approvals)::BIGINT AS continuing_approvals, sum(continuing_denials)::BIGINT AS continuing_denials
        FROM (SELECT DISTINCT petitioner_site_id, institution_id, relation FROM petitioner_links WHERE decision = 'accepted')
        JOIN petitions USING (petitioner_site_id)
        JOIN (SELECT institution_id, name AS institution FROM institutions) USING (institution_id)
        GROUP BY ALL""",
    ),
    (
        "petitioners_of",
        "Accepted petitioners of each institution, with the inferred cap exemption of each",
        ("institutions", "petitioner_links", "petitioners", "cap_exemption"),
        """SELECT DISTINCT institution_id, institution, petitioner_id, petitioners.name AS petitioner, relation,
            category AS cap_exempt_category, basis AS cap_exempt_basis, confidence AS cap_exempt_confidence
        FROM petitioner_links
        JOIN (SELECT institution_id, name AS institution FROM institutions) USING (institution_id)
        JOIN petitioners USING (petitioner_id)
        JOIN cap_exemption USING (petitioner_id)
        WHERE decision = 'accepted'""",
    ),
)


def write_database(contents: Contents) -> None:
    """Write the DuckDB file of a release. A view is left out where a table that it reads is not in the release.

    Raises OSError where the system refuses to write it.
    """
    import duckdb  # here: it is slow to load, and only publishing needs it

    path = contents.folder / DATABASE
    try:
        _write(path, contents)
    except duckdb.Error as error:
        number = system_number(str(error))
        if number is None:
            raise
        raise OSError(number, os.strerror(number), str(path)) from error


def _write(path: Path, contents: Contents) -> None:
    """Write the tables and views; tables that the release before has, too, are taken over with a copy of its file."""
    import duckdb

    present = _taken_over(path, contents)
    with duckdb.connect(str(path), config=dict(_BOUNDS)) as connection:
        # It is drawn over what the refresh prints.
        connection.execute("SET enable_progress_bar = false")
        connection.execute("BEGIN")
        for name in (name for name in contents.tables if name not in present):
            file = contents.folder / f"{name}.parquet"
            connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS FROM read_parquet({_literal(str(file))})')
            _comment(connection, table(name))
        for name, description, read, query in VIEWS:
            if set(read) <= contents.tables.keys():
                connection.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")
                connection.execute(f"COMMENT ON VIEW {name} IS {_literal(description)}")
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")  # closing does it, too, but says nothing where the disk is full


def _taken_over(path: Path, contents: Contents) -> frozenset[str]:
    """Copy the file of the release before to `path`, where it holds the same tables by the same code, and return those whose rows are
    the same; else none. A copy that has grown by much, since what is replaced leaves gaps, is not taken."""
    if contents.previous is None:
        return frozenset()
    before, now = contents.previous.manifest, contents.manifest
    there, entry_there = contents.previous.folder / DATABASE, _documents(before).get(DATABASE)
    by_same_code = (before["code_version"], before["schema_version"]) == (now["code_version"], now["schema_version"])
    old, new = _files(before), _files(now)
    if not by_same_code or old.keys() != new.keys() or entry_there is None or not there.is_file():
        return frozenset()
    most = max(_SMALL, _MOST_GROWN * sum(file["bytes"] for file in now["files"]))
    if there.stat().st_size > most or entry(there) != entry_there:
        return frozenset()
    shutil.copyfile(there, path)
    return frozenset(name.removesuffix(".parquet") for name in new if old[name] == new[name])


def _files(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {file["name"]: file["sha256"] for file in manifest["files"]}


def _documents(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {file["name"]: file for file in manifest.get("documents", ())}


def _comment(connection: DuckDBPyConnection, described: Table) -> None:
    connection.execute(f'COMMENT ON TABLE "{described.name}" IS {_literal(described.description)}')
    for field in described.fields:
        connection.execute(f'COMMENT ON COLUMN "{described.name}"."{field.name}" IS {_literal(field.description)}')


def _literal(text: str) -> str:
    quoted = text.replace("'", "''")
    return f"'{quoted}'"
