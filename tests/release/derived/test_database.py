"""The DuckDB file says what the tables and the registry say."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.release.derived.contents import Contents
from pipeline.release.derived.database import VIEWS, begin_database, write_database
from pipeline.release.reader import DATABASE, Release
from pipeline.schemas.parquet import write_table
from pipeline.schemas.registry import table


@pytest.fixture(scope="module")
def connection(sample_release: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(sample_release / DATABASE), read_only=True)


def tables_that_differ(release: Path) -> list[str]:
    """Return the tables whose rows in the DuckDB file of a release are not those of their Parquet file."""
    with duckdb.connect(str(release / DATABASE), read_only=True) as connection:
        names = [file["name"].removesuffix(".parquet") for file in Release.open(release).manifest["files"]]
        files = [f"read_parquet('{release / name}.parquet')" for name in names]
        pairs = [pair for name, file in zip(names, files, strict=True) for pair in ((name, file), (file, name))]
        return [one for one, other in pairs if connection.sql(f"FROM {one} EXCEPT ALL FROM {other}").fetchall()]


def test_it_holds_every_table_row_by_row(sample_release: Path) -> None:
    assert tables_that_differ(sample_release) == []


def test_what_is_begun_is_taken_as_it_is_and_the_rest_is_added(sample_release: Path, tmp_path: Path) -> None:
    release = Release.open(sample_release)
    tables = {name: release.arrow(name) for name in ("petitions", "petitioners", "institutions")}
    for name, arrow in tables.items():
        write_table(arrow, tmp_path / f"{name}.parquet")
    begun = tmp_path / "begun.duckdb"
    for rows in (5, 3):  # a second one takes the place of the first
        write_table(tables["petitions"].slice(0, rows), tmp_path / "few.parquet")
        begin_database(begun, {"petitions": tmp_path / "few.parquet"})
    write_database(Contents(tmp_path, tables, release.manifest, database=begun))
    with duckdb.connect(str(tmp_path / DATABASE), read_only=True) as connection:
        rows = {name: connection.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in tables}
        comments = dict(connection.sql("SELECT table_name, comment FROM duckdb_tables()").fetchall())
    assert rows == {name: len(arrow) for name, arrow in tables.items()} | {"petitions": 3}
    assert comments == {name: table(name).description for name in tables}


def test_every_table_and_column_has_its_description(connection: duckdb.DuckDBPyConnection) -> None:
    tables = dict(connection.sql("SELECT table_name, comment FROM duckdb_tables()").fetchall())
    columns = connection.sql(
        "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal AND table_name IN (SELECT table_name FROM duckdb_tables())"
    ).fetchall()
    assert tables == {name: table(name).description for name in tables}
    assert {(name, column): said for name, column, said in columns} == {
        (name, field.name): field.description for name in tables for field in table(name).fields
    }


def test_its_views_can_be_asked(connection: duckdb.DuckDBPyConnection) -> None:
    for name, description, _, _ in VIEWS:
        assert connection.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0] > 10
        assert connection.sql(f"SELECT comment FROM duckdb_views() WHERE view_name = '{name}'").fetchall() == [
            (description,)
        ]


def test_petitions_by_year_are_those_of_the_accepted_links(connection: duckdb.DuckDBPyConnection) -> None:
    double = """SELECT institution_id, fiscal_year, relation FROM filings_by_year
        GROUP BY ALL HAVING count(DISTINCT coverage) <> count(*)"""
    assert connection.sql(double).fetchall() == []
    [(institution, own)] = connection.sql(
        """SELECT institution_id, sum(initial_approvals) FROM filings_by_year WHERE relation = 'same'
        GROUP BY institution_id ORDER BY 2 DESC LIMIT 1"""
    ).fetchall()
    [(expected,)] = connection.sql(
        f"""SELECT sum(initial_approvals) FROM petitions WHERE petitioner_site_id IN (
            SELECT petitioner_site_id FROM petitioner_links
            WHERE institution_id = '{institution}' AND relation = 'same' AND decision = 'accepted')"""
    ).fetchall()
    assert own == expected > 0
