"""One JSON file for each program and institution, with the whole evidence.

What a file holds is in `chains`, where it lies in `release/places`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.release.derived.chains import LIST, READ, institution_chains, program_chains
from pipeline.release.derived.contents import Contents
from pipeline.release.places import institution_address, program_address


def write_addresses(contents: Contents) -> None:
    """Write the file of each program and institution; nothing where a table that they need is not in the release."""
    if contents.tables.keys() >= set(READ):
        contents.write_texts((address, _text(value) + "\n") for address, value in _files(contents))


def _files(contents: Contents) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the address of each file and what it holds."""
    about = _about(contents.manifest)
    for code, chain in program_chains(contents.tables):
        institution = institution_address(chain["program"]["institution_id"])
        yield program_address(code), {"release": about, **chain, "institution": institution}
    for institution_id, chain in institution_chains(contents.tables):
        yield institution_address(institution_id), {"release": about, **chain}


def one_program(tables: Mapping[str, pa.Table], manifest: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Return what the two files of a program and of its institution say together, made of the tables READ.

    The list must have the program.
    """
    listed = tables[LIST]
    program = listed.filter(pc.field("program_code") == code)
    institution = program["institution_id"][0]
    own = {
        name: one.filter(pc.field("institution_id") == institution) if "institution_id" in one.column_names else one
        for name, one in tables.items()
    }
    stated = tables["visa_policies"].filter(
        (pc.field("program_code") == code) | (pc.field("institution_id") == institution)
    )
    _, chain = next(program_chains({LIST: program, "visa_policies": stated}))
    _, whole = next(institution_chains(own))
    return json.loads(_text({"release": _about(manifest), **whole, **chain}))


def _about(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {name: manifest.get(name) for name in ("release_id", "as_of", "sample", "law_as_of", "schema_version")}


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value)} has no place in JSON")


_text: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
