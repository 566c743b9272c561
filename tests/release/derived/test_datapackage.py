"""The data package is one by the standard, and says what the registry says."""

from __future__ import annotations

import json
from pathlib import Path

import frictionless
import pyarrow.parquet as pq
import pytest

from pipeline.release.next_release import RELEASED
from pipeline.schemas.provenance import SOURCES_OF, WARNINGS_OF
from pipeline.schemas.registry import table
from pipeline.sources.catalogue import SOURCES


@pytest.fixture(scope="module")
def package(sample_release: Path) -> dict:
    return json.loads((sample_release / "datapackage.json").read_text("utf-8"))


def test_the_frictionless_library_takes_it(sample_release: Path) -> None:
    package = frictionless.Package(str(sample_release / "datapackage.json"))
    assert {resource.name for resource in package.resources} == set(RELEASED)
    assert (
        list(frictionless.Package.metadata_validate(json.loads((sample_release / "datapackage.json").read_text())))
        == []
    )


def test_columns_are_those_of_the_registry_and_of_the_files(sample_release: Path, package: dict) -> None:
    for resource in package["resources"]:
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert tuple(fields) == table(resource["name"]).columns
        assert list(fields) == pq.read_schema(sample_release / resource["path"]).names
        for field in table(resource["name"]).fields:
            entry = fields[field.name]
            assert entry["description"] == field.description
            assert bool(entry.get("constraints", {}).get("required")) == field.required
            assert entry.get("missing", "") == field.missing


def test_parts_of_records_are_described(package: dict) -> None:
    [listed] = [one for one in package["resources"] if one["name"] == "functional_h1b_sponsors"]
    [petitioners] = [field for field in listed["schema"]["fields"] if field["name"] == "petitioners"]
    parts = petitioners["items"]["fields"]
    assert {"petitioner_id", "relation", "attributed"} <= {part["name"] for part in parts}
    assert all(part["description"] and part["type"] for part in parts)


def test_foreign_keys_stay_within_the_package(package: dict) -> None:
    names = {resource["name"] for resource in package["resources"]}
    keys = [key for resource in package["resources"] for key in resource["schema"].get("foreignKeys", ())]
    assert keys and {key["reference"]["resource"] for key in keys} <= names


def test_sources_and_warnings_are_of_tables_and_sources_that_exist() -> None:
    assert set(SOURCES_OF) == set(RELEASED) >= set(WARNINGS_OF)
    assert {source for ids in SOURCES_OF.values() for source in ids} <= {source.id for source in SOURCES}


def test_a_release_says_whether_it_is_a_sample_and_of_which_law(package: dict) -> None:
    assert package["sample"] is True and package["law_as_of"] and package["snapshots"]
    assert all(resource["licenses"] and resource["hash"].startswith("sha256:") for resource in package["resources"])
