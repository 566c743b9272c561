"""`datapackage.json`: a release described for machines, after the Data Package standard (https://datapackage.org, version 2).

Everything in it comes from the registry, the catalogue of sources and the manifest. Beyond the standard it says of a release
`schema_version`, `law_as_of`, `sample` and `snapshots`, of a column its unit, what a null means and since which schema version it is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyarrow as pa

from pipeline.release.derived.contents import Contents
from pipeline.schemas.model import Field, Table, described, parts_of
from pipeline.schemas.provenance import SOURCES_OF, WARNINGS_OF
from pipeline.schemas.registry import table
from pipeline.sources.base import PUBLIC_DOMAIN, Source
from pipeline.sources.catalogue import source

PACKAGE: Final = "datapackage.json"
_PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
_TITLE: Final = "The functional H-1B sponsor list of US residency and fellowship programs"
_LICENCE: Final = {
    "name": "CC0-1.0",
    "path": "https://creativecommons.org/publicdomain/zero/1.0/",
    "title": "CC0 1.0, for what this project adds; what a source publishes stays under the source's terms, see `sources`",
}
_TYPES: Final = {
    pa.string(): "string",
    pa.int64(): "integer",
    pa.float64(): "number",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}


def write_datapackage(contents: Contents) -> None:
    """Write the data package of a release."""
    text = json.dumps(datapackage(contents.manifest), indent=2, ensure_ascii=False) + "\n"
    (contents.folder / PACKAGE).write_text(text, "utf-8")


def datapackage(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data package of the release of `manifest`, whose `files` are its tables."""
    files = {file["name"].removesuffix(".parquet"): file for file in manifest["files"]}
    return {
        "$schema": _PROFILE,
        "name": "h1b-sponsors",
        "id": manifest["release_id"],
        "title": _TITLE,
        "version": manifest["release_id"],
        "created": f"{manifest['as_of']}T00:00:00Z",
        "licenses": [_LICENCE],
        "sources": _sources(source_id for name in files for source_id in SOURCES_OF[name]),
        "schema_version": manifest["schema_version"],
        "sample": manifest["sample"],
        "law_as_of": manifest.get("law_as_of"),
        "snapshots": manifest["snapshots"],
        "resources": [_resource(table(name), file, files) for name, file in sorted(files.items())],
    }


def _resource(described_table: Table, file: Mapping[str, Any], released: Iterable[str]) -> dict[str, Any]:
    made_from = SOURCES_OF[described_table.name]
    public = bool(made_from) and all(source(one).licence == PUBLIC_DOMAIN for one in made_from)
    return {
        "name": described_table.name,
        "path": file["name"],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": described_table.description,
        "warnings": list(WARNINGS_OF.get(described_table.name, ())),
        "rows": file["rows"],
        "bytes": file["bytes"],
        "hash": f"sha256:{file['sha256']}",
        "licenses": [_LICENCE],
        "public_domain": public,
        "sources": _sources(made_from),
        "schema": _schema(described_table, released),
    }


def _schema(described_table: Table, released: Iterable[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(field) for field in described_table.fields]}
    if described_table.key:
        schema["primaryKey"] = list(described_table.key)
    foreign = [key for key in described_table.foreign_keys if key.table in released]
    if foreign:
        schema["foreignKeys"] = [
            {"fields": list(key.columns), "reference": {"resource": key.table, "fields": list(key.references)}}
            for key in foreign
        ]
    return schema


def _field(field: Field) -> dict[str, Any]:
    constraints = {
        "required": field.required or None,
        # Of a list the registry limits the items, which the standard knows no word for here: see `items`.
        "enum": list(field.allowed) if field.allowed and not pa.types.is_list(field.type) else None,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "pattern": field.pattern or None,
    }
    entry = {
        "name": field.name,
        "type": _TYPES.get(field.type, "array"),
        "description": field.description,
        "unit": field.unit or None,
        "missing": field.missing or None,
        "since": field.since,
        "items": _items(field) if pa.types.is_list(field.type) else None,
        "constraints": {name: value for name, value in constraints.items() if value is not None} or None,
    }
    return {name: value for name, value in entry.items() if value is not None}


def _items(field: Field) -> dict[str, Any]:
    """Return what the items of a list are: texts of a vocabulary, or records with their parts."""
    parts = parts_of(field.type)
    if parts:
        fields = [{"name": part.name, "type": _TYPES[part.type], "description": described(part)} for part in parts]
        return {"type": "object", "fields": fields}
    return {"type": "string", "enum": list(field.allowed)} if field.allowed else {"type": "string"}


def _sources(ids: Iterable[str]) -> list[dict[str, str]]:
    return [_described(source(source_id)) for source_id in dict.fromkeys(ids)]


def _described(one: Source) -> dict[str, str]:
    entry = {"title": one.title, "publisher": one.producer, "licence": one.licence, "id": one.id}
    return entry | ({"path": one.url} if one.url.startswith("https://") else {})
