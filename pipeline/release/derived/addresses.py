"""One JSON file for each program and institution, with the whole evidence.

What a file holds is in `chains`, where it lies in `release/places`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.release.derived.chains import LIST, Row, institution_chains, program_chains
from pipeline.release.derived.contents import Contents
from pipeline.release.places import institution_address, program_address
from pipeline.text.json_text import json_text


def program_texts(contents: Contents) -> Iterator[tuple[str, str]]:
    """Yield the address of each program's file and its text."""
    about = _about(contents.manifest)
    for code, chain in program_chains(contents.tables):
        institution = institution_address(chain["program"]["institution_id"])
        yield program_address(code), json_text({"release": about, **chain, "institution": institution}) + "\n"


def institution_text(manifest: Mapping[str, Any], chain: Row) -> tuple[str, str]:
    """Return the address of an institution's file and its text. chain: its evidence, as of `chains.institution_chains`."""
    address = institution_address(chain["institution"]["institution_id"])
    return address, json_text({"release": _about(manifest), **chain}) + "\n"


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
    whole = next(institution_chains(own))
    return json.loads(json_text({"release": _about(manifest), **whole, **chain}))


def _about(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {name: manifest.get(name) for name in ("release_id", "as_of", "sample", "law_as_of", "schema_version")}
