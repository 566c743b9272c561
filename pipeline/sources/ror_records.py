"""Records of ROR as JSON: one by one out of an array, a search's answer or alone, all in the shape of schema v2.

Format: https://ror.readme.io/docs/ror-data-structure (v2) and its predecessor v1, in which older dumps, and some records of mixed
ones, still are. What belongs here: getting at records. What they say is read in `ror.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from pipeline.sources.base import Probe, SourceError

_CHUNK: Final = 1 << 20
_LONGEST_RECORD: Final = 8 << 20
_BLANKS: Final = b"\xef\xbb\xbf \t\r\n"
_SIGNATURES: Final = (b'"ror_display"', b'"country_code"', b'"geonames_city"')


def is_records(head: bytes) -> bool:
    """Decide whether JSON (its first bytes) holds records of ROR, in an array, as a search's answer or alone."""
    start = head.lstrip(_BLANKS)
    return start[:1] in (b"[", b"{") and b"https://ror.org/" in start and any(sign in start for sign in _SIGNATURES)


def is_single(head: bytes) -> bool:
    """Decide whether JSON (its first bytes) is one record or the answer to a search, and no array."""
    return head.lstrip(_BLANKS)[:1] == b"{"


def records(probe: Probe) -> Iterator[dict[str, Any]]:
    """Yield the records of a file in schema v2, one at a time: the whole registry takes a gigabyte as Python objects.

    Raises SourceError for JSON that breaks off, isn't UTF-8 or holds something else than records.
    """
    found = _one_or_items(probe) if is_single(probe.head) else _array(probe)
    for number, record in enumerate(found, start=1):
        try:
            yield as_v2(record)
        except (AttributeError, TypeError, KeyError) as error:
            raise SourceError(
                probe.name, f"record {number} is of no schema of ROR ({error})", remedy="Download it again from ROR"
            ) from error


def _one_or_items(probe: Probe) -> Iterator[dict[str, Any]]:
    """Yield the one record of a file, or those of the answer to a search."""
    if probe.size > _LONGEST_RECORD:
        raise SourceError(probe.name, "a JSON object too large for one record", remedy="Add the JSON file of the dump")
    try:
        content = json.loads(probe.path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SourceError(probe.name, f"no whole JSON ({error})", remedy="Download it again") from error
    items = content.get("items")
    yield from items if isinstance(items, list) else [content]


def _array(probe: Probe) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    number = 0
    with probe.path.open(encoding="utf-8-sig") as handle:
        try:
            text = handle.read(_CHUNK)
            place = text.index("[") + 1
            while True:
                while place < len(text) and text[place] in " \t\r\n,":
                    place += 1
                if text.startswith("]", place):
                    return
                try:
                    record, place = decoder.raw_decode(text, place)
                except json.JSONDecodeError:
                    more = handle.read(_CHUNK)
                    if not more or len(text) - place > _LONGEST_RECORD:
                        raise
                    text, place = text[place:] + more, 0
                    continue
                if not isinstance(record, dict):
                    raise ValueError("not an object")
                number += 1
                yield record
        except (ValueError, RecursionError) as error:
            raise SourceError(
                probe.name, f"record {number + 1} is not whole JSON ({error})", remedy="Download it again"
            ) from error


def as_v2(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record in the shape of schema v2; one of v1 is converted as far as it is read here."""
    if "names" in record or "name" not in record:
        return record
    labels = [label.get("label") for label in record.get("labels") or []]
    names = [
        {"value": record["name"], "types": ["ror_display", "label"]},
        *({"value": value, "types": ["label"]} for value in labels),
        *({"value": value, "types": ["alias"]} for value in record.get("aliases") or []),
        *({"value": value, "types": ["acronym"]} for value in record.get("acronyms") or []),
    ]
    return {
        "id": record.get("id"),
        "status": record.get("status"),
        "names": names,
        "types": [str(kind).lower() for kind in record.get("types") or []],
        "locations": _locations(record),
        "links": [{"type": "website", "value": link} for link in record.get("links") or []],
        "relationships": [
            {**link, "type": str(link.get("type")).lower()} for link in record.get("relationships") or []
        ],
    }


def _locations(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the addresses of a v1 record as locations; the country stands beside them."""
    country = (record.get("country") or {}).get("country_code")
    return [
        {
            "geonames_details": {
                "name": address.get("city"),
                "country_code": country,
                "country_subdivision_code": str(address.get("state_code") or "").rpartition("-")[2] or None,
            }
        }
        for address in record.get("addresses") or [{}]
    ]
