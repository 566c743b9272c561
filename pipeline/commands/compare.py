"""`h1b-sponsors compare`: a few programs or institutions side by side, each claim with its age or marked as inferred."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pipeline.commands.console import fail, out, release_with_list, report_user_errors
from pipeline.commands.explain_institution import institution_called, names_near
from pipeline.commands.rendering import (
    cap_text,
    counted,
    day_text,
    freeze_text,
    petitioner_names,
    place_text,
    rows,
    standing_text,
    statement_age,
    statement_source,
    tier_text,
    visa_text,
)
from pipeline.commands.tables import print_rows
from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.schemas.vocabulary import STATED_WORDS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST: Final = 5
_LIST: Final = "functional_h1b_sponsors"
_ROWS: Final = (
    "who", "place", "visa", "statement", "tier", "Step 3", "filed for trainees", "files (inferred)", "cap (inferred)", "freeze", "listed",
)  # fmt: skip


def compare(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME…", help="Two to five program codes, or names of institutions.")
    ],
) -> None:
    """Put programs or institutions side by side: what is stated, who files, and whether that petitioner seems cap-exempt."""
    if not 1 < len(names) <= _MOST:
        fail(f"name two to {_MOST} programs or institutions", 2)
    with report_user_errors():
        release = release_with_list()
        with release.connect() as connection:
            columns = [_column(connection, name) for name in names]
    print_rows(dict.fromkeys(["", *names], False), list(zip(_ROWS, *columns, strict=True)), 1)
    out.print(
        "Each petition is judged for its own employer: an exemption does not travel (docs/guide.md#cap-exempt). Ask which entity files."
    )


def _column(connection: DuckDBPyConnection, name: str) -> tuple[Any, ...]:
    """Return what is shown of one program, or of the programs of one institution, by _ROWS."""
    if re.fullmatch(PROGRAM_CODE_PATTERN, name.upper()):
        programs = rows(connection, _LIST, "program_code = ?", [name.upper()], "program_code")
        if not programs:
            fail(
                f"the release has no program {name.upper()}. Look for it with: h1b-sponsors query --institution NAME", 2
            )
        first = programs[0]
        title = f"{first['program_code']} {first['specialty'] or first['program_name']}, {first['institution']}"
    else:
        institution = institution_called(connection, name)
        if institution is None:
            fail(f"the release has no institution like {name!r}. {names_near(connection, name)}", 2)
        programs = rows(connection, _LIST, "institution_id = ?", [institution["institution_id"]], "program_code")
        if not programs:
            fail(f"no program of {institution['name']} is listed", 2)
        first = programs[0]
        title = f"{first['institution']}, {counted(len(programs), 'programs')}"
    own = sorted(first["petitioners"], key=lambda one: one["relation"] != "same")[:1]
    filed = first["trainee_filings_any_specialty"] or 0
    newest = f", newest start {day_text(first['latest_trainee_filing'])}" if first["latest_trainee_filing"] else ""
    return (
        "; ".join(filter(None, [title, standing_text(first) if len(programs) == 1 else ""])),
        place_text(first),
        _counted([visa_text(row) for row in programs]),
        _counted(
            [f"{source}, {statement_age(row)}" if (source := statement_source(row)) else "none" for row in programs]
        ),
        _counted(
            [
                tier_text(row) if len(programs) == 1 else tier_text(row | {"sponsoring_likelihood": None})
                for row in programs
            ]
        ),
        _counted([STATED_WORDS[row["step3_required_for_h1b"]] for row in programs]),
        f"{counted(filed, 'applications')}{newest}",
        petitioner_names(connection, own)[0] if own else "no petitioner known",
        cap_text(first["cap_exempt_category"]) or "not judged",
        freeze_text(first) if first["state_freeze"] else "none known",
        first["list_year"],
    )


def _counted(texts: list[str]) -> str:
    """Return the text of one program; of several each with how many have it, the most first."""
    counts = Counter(texts)
    return texts[0] if len(texts) == 1 else ", ".join(f"{count} × {text}" for text, count in counts.most_common())
