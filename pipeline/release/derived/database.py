"""`h1b-sponsors.duckdb`: all tables of a release in one DuckDB file, with their descriptions as comments and views that are ready to use.

DuckDB gives each file an id of its own and leaves bytes between its blocks as they were, so that two files of the same tables are
never equal byte for byte: of all files of a release this one alone is compared by what it says.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import system_number
from pipeline.release.derived.contents import Contents
from pipeline.release.reader import DATABASE
from pipeline.schemas.model import Table
from pipeline.schemas.registry import table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The largest tables, all there before the list is: nearly all of the work, and a new page or confirmation changes none of them.
BEGUN_WITH: Final = ("petitions", "petitioners", "cap_exemption", "institution_cap_exemption")
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


def begin_database(path: Path, files: Mapping[str, Path]) -> None:
    """Write a DuckDB file with some tables of the registry, each from its Parquet file, as the one that `write_database` goes on from.

    Raises OSError where the system refuses to write it.
    """
    path.unlink(missing_ok=True)
    with _connected(path) as connection:
        _create(connection, files)


def write_database(contents: Contents) -> None:
    """Write the DuckDB file of a release: what is begun already, and all other tables. A view is left out where a table that it reads is
    not in the release.

    Raises OSError where the system refuses to write it.
    """
    path = contents.folder / DATABASE
    if contents.database:
        shutil.copyfile(contents.database, path)
    with _connected(path) as connection:
        present = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        missing = [name for name in contents.tables if name not in present]
        _create(connection, {name: contents.folder / f"{name}.parquet" for name in missing})
        for name, description, read, query in VIEWS:
            if set(read) <= contents.tables.keys():
                connection.execute(f"CREATE VIEW {name} AS {query}")
                connection.execute(f"COMMENT ON VIEW {name} IS {_literal(description)}")


@contextmanager
def _connected(path: Path) -> Iterator[DuckDBPyConnection]:
    """Open a DuckDB file, new or old, for one transaction. What the system refuses is raised as OSError."""
    import duckdb  # here: it is slow to load, and only publishing needs it

    try:
        with duckdb.connect(str(path), config=dict(_BOUNDS)) as connection:
            # It is drawn over what the refresh prints.
            connection.execute("SET enable_progress_bar = false")
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT")  # closing does it, too, but says nothing where the disk is full
    except duckdb.Error as error:
        number = system_number(str(error))
        if number is None:
            raise
        raise OSError(number, os.strerror(number), str(path)) from error


def _create(connection: DuckDBPyConnection, files: Mapping[str, Path]) -> None:
    for name, file in files.items():
        connection.execute(f'CREATE TABLE "{name}" AS FROM read_parquet({_literal(str(file))})')
        _comment(connection, table(name))


def _comment(connection: DuckDBPyConnection, described: Table) -> None:
    connection.execute(f'COMMENT ON TABLE "{described.name}" IS {_literal(described.description)}')
    for field in described.fields:
        connection.execute(f'COMMENT ON COLUMN "{described.name}"."{field.name}" IS {_literal(field.description)}')


def _literal(text: str) -> str:
    quoted = text.replace("'", "''")
    return f"'{quoted}'"
