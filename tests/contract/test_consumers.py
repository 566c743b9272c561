"""A release in the hands of strangers: pyarrow, DuckDB, pandas and polars, guided by `datapackage.json`, with nothing of this project imported."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

OF_ARROW = {"string": "string", "integer": "int64", "number": "double", "boolean": "bool", "date": "date32[day]"}
OF_POLARS = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.Date}
OF_DUCKDB = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}


@pytest.fixture(scope="module")
def package(sample_release: Path) -> dict[str, Any]:
    return json.loads((sample_release / "datapackage.json").read_text("utf-8"))


def types(resource: Mapping[str, Any]) -> dict[str, str]:
    return {field["name"]: field["type"] for field in resource["schema"]["fields"] if field["type"] != "array"}


def test_latest_is_resolved_once_and_every_file_has_its_hash(sample_release: Path, package: dict[str, Any]) -> None:
    folder = sample_release.resolve()
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    listed = {file["name"]: file["sha256"] for file in (*manifest["files"], *manifest["documents"])}
    assert {f"{path.name}/" if path.is_dir() else path.name for path in folder.iterdir()} == {*listed, "manifest.json"}
    for name, digest in listed.items():
        assert sha256_of(folder, name) == digest, name
    assert {resource["path"]: resource["hash"] for resource in package["resources"]} == {
        name: f"sha256:{digest}" for name, digest in listed.items() if name.endswith(".parquet")
    }


def test_pyarrow_opens_every_table_with_the_types_of_the_package(sample_release: Path, package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        schema = pq.read_schema(sample_release / resource["path"])
        assert {name: str(schema.field(name).type) for name in types(resource)} == {
            name: OF_ARROW[kind] for name, kind in types(resource).items()
        }
        assert schema.metadata[b"schema_version"].decode() == package["schema_version"]


def test_polars_opens_every_table(sample_release: Path, package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        frame = pl.read_parquet(sample_release / resource["path"])
        assert frame.height == resource["rows"]
        assert {name: frame.schema[name] for name in types(resource)} == {
            name: OF_POLARS[kind] for name, kind in types(resource).items()
        }


def test_duckdb_opens_every_table_from_parquet_and_from_its_own_file(
    sample_release: Path, package: dict[str, Any]
) -> None:
    with duckdb.connect(str(sample_release / "h1b-sponsors.duckdb"), read_only=True) as own:
        for resource in package["resources"]:
            for relation in (
                own.table(resource["name"]),
                duckdb.read_parquet(str(sample_release / resource["path"])),
            ):
                found = dict(zip(relation.columns, map(str, relation.types), strict=True))
                assert {name: found[name] for name in types(resource)} == {
                    name: OF_DUCKDB[kind] for name, kind in types(resource).items()
                }
                assert relation.aggregate("count(*)").fetchall() == [(resource["rows"],)]


def test_pandas_opens_dates_and_lists_without_surprises(sample_release: Path) -> None:
    listed = pd.read_parquet(sample_release / "functional_h1b_sponsors.parquet")
    assert isinstance(listed["as_of"].iloc[0], dt.date)
    assert listed["tier_reasons"].map(len).min() >= 1
    assert all(isinstance(one["relation"], str) for row in listed["petitioners"] for one in row)


def test_keys_are_unique_and_foreign_keys_are_known(sample_release: Path, package: dict[str, Any]) -> None:
    tables = {one["name"]: pq.read_table(sample_release / one["path"]) for one in package["resources"]}
    walked = 0
    for resource in package["resources"]:
        key = resource["schema"].get("primaryKey")
        if key:
            grouped = tables[resource["name"]].select(key).group_by(key).aggregate([([], "count_all")])
            assert grouped.num_rows == tables[resource["name"]].num_rows, resource["name"]
        for foreign in resource["schema"].get("foreignKeys", ()):
            referred = foreign["reference"]
            known = values(tables[referred["resource"]], referred["fields"])
            named = values(tables[resource["name"]], foreign["fields"])
            assert {row for row in named if None not in row} <= known, (resource["name"], foreign)
            walked += 1
    assert walked > 15


def test_values_are_of_the_closed_vocabularies_and_within_bounds(sample_release: Path, package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        table = pq.read_table(sample_release / resource["path"])
        for field in resource["schema"]["fields"]:
            limits = field.get("constraints", {})
            found = table[field["name"]].drop_null()
            if "enum" in limits:
                assert set(found.unique().to_pylist()) <= set(limits["enum"])
            if limits.get("required"):
                assert table[field["name"]].null_count == 0
            if "minimum" in limits and len(found):
                assert pa.compute.min(found).as_py() >= limits["minimum"]
            if "maximum" in limits and len(found):
                assert pa.compute.max(found).as_py() <= limits["maximum"]


def sha256_of(folder: Path, name: str) -> str:
    """As docs/contract.md says: of a folder, the hash of what `sha256sum` prints of its files in the order of their paths."""
    if not name.endswith("/"):
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()
    paths = sorted(path.relative_to(folder).as_posix() for path in (folder / name).rglob("*") if path.is_file())
    lines = "".join(f"{sha256_of(folder, path)}  {path}\n" for path in paths)
    return hashlib.sha256(lines.encode()).hexdigest()


def values(table: pa.Table, columns: list[str]) -> set[tuple]:
    return set(zip(*(table[column].to_pylist() for column in columns), strict=True))
