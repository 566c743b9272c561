"""What consumers rely on in the tables of a release, as stored for each schema version: `python -m tests.contract.schema` stores today's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.release.next_release import RELEASED
from pipeline.schemas.registry import SCHEMA_VERSION, table

STORED = Path(__file__).parent / "schemas"


def today() -> dict[str, Any]:
    """Key and columns of each released table; of a column its type, whether it may be null, and its closed vocabulary."""
    return {
        name: {
            "key": list(table(name).key),
            "columns": {
                field.name: {"type": str(field.type), "null": not field.required, "allowed": list(field.allowed)}
                for field in table(name).fields
            },
        }
        for name in RELEASED
    }


def stored(version: str) -> dict[str, Any]:
    return json.loads((STORED / f"{version}.json").read_text("utf-8"))


def versions() -> list[tuple[int, ...]]:
    return sorted(tuple(int(part) for part in path.stem.split(".")) for path in STORED.glob("*.json"))


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What a consumer of `old` can't rely on in `new`: removed or retyped columns, other keys, nulls where there were none."""
    problems = [f"table {name} is gone" for name in old if name not in new]
    for name in old.keys() & new.keys():
        if old[name]["key"] != new[name]["key"]:
            problems.append(f"{name} has another key")
        for column, was in old[name]["columns"].items():
            now = new[name]["columns"].get(column)
            if now is None:
                problems.append(f"{name}.{column} is gone")
            elif now["type"] != was["type"]:
                problems.append(f"{name}.{column} is {now['type']} and was {was['type']}")
            elif now["null"] and not was["null"]:
                problems.append(f"{name}.{column} may be null and couldn't")
    return sorted(problems)


if __name__ == "__main__":
    path = STORED / f"{SCHEMA_VERSION}.json"
    path.write_text(json.dumps(today(), indent=1) + "\n", "utf-8")
    print(path)
