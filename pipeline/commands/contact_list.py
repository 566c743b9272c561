"""`h1b-sponsors contact-list`: whom to ask, what is unclear, and a letter that is ready to send, one for each institution.

What belongs here: options, and letters as text or rows. Which questions they hold is decided in `pipeline/applicants`.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer

from pipeline.applicants.asked import ASKED, STATE_COLUMNS, TO_ASK, contact_states, contact_text, read_log, record
from pipeline.applicants.contact import Letter, letters, unclear
from pipeline.applicants.guide import section_address
from pipeline.applicants.letter import mail_link
from pipeline.applicants.profile import read_profile
from pipeline.applicants.rows import in_one_list
from pipeline.applicants.shortlist import shortlist
from pipeline.commands import export
from pipeline.commands.console import LIST, err, release_with_list, report_user_errors
from pipeline.commands.export import write
from pipeline.commands.filters import Filters, filtered, require_known, select
from pipeline.commands.rendering import at_a_glance, counted
from pipeline.release.reader import Release
from pipeline.schemas.answers import CONTACTS
from pipeline.schemas.vocabulary import CONTACT
from pipeline.settings import data_folder
from pipeline.text.characters import harmless

_RULE: Final = "-" * 72
_CODES: Final = 12  # that fit on a line
_LINKS: Final = 3  # websites that a letter's head shows


class Format(StrEnum):
    """How the list is written."""

    text = "text"
    csv = "csv"
    csv_bom = "csv-bom"
    xlsx = "xlsx"


@filtered
def contact_list(
    filters: Filters,
    profile: Annotated[
        Path | None,
        typer.Option(
            help="TOML file of docs/profile.example.toml: letters in your voice, to programs that are not red for you."
        ),
    ] = None,
    contact: Annotated[
        list[str] | None,
        typer.Option(help=f"Programs that are {', '.join(CONTACT)}; may be repeated. By default those to ask."),
    ] = None,
    mark_asked: Annotated[
        bool, typer.Option("--mark-asked", help="Note in own_letters.csv of the data folder that these are sent today.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="How many letters at most.")] = None,
    mailto: Annotated[
        bool,
        typer.Option("--mailto", help="Below each letter a link that opens it in your mail program; rows have it."),
    ] = False,
    fmt: Annotated[Format, typer.Option("--format", help="Letters to read and send, or rows.")] = Format.text,
    output: Annotated[Path | None, typer.Option(help="File to write; else standard output.")] = None,
) -> None:
    """Write a letter to each institution with programs that need confirmation: what is unclear there. Filters as in `query`."""
    with report_user_errors():
        require_known("contact", contact or [], CONTACT)
        wanted = None if profile is None else read_profile(profile)
        release = release_with_list()
        log = read_log(data_folder().letters)
        listed = release.table(LIST)
        rows = select(release, filters, only_open=True)
        rows, red = (rows, 0) if wanted is None else _fitting(rows, shortlist(listed, wanted))
        known = contact_states(listed, log).set_index(listed["program_code"])
        states = known.loc[rows["program_code"]].set_index(rows.index)
        rows = rows.assign(**{name: states[name] for name in STATE_COLUMNS})
        chosen = letters(rows[rows["contact"].isin(contact or [TO_ASK])], wanted)
        shown = chosen[:limit]
        table = as_rows(shown, release, dt.date.today())
        if fmt is Format.text:
            _write(as_text(table, mailto=mailto), output)
        else:
            write(table, export.Format(fmt.value), output, CONTACTS, release, "letters")
        if mark_asked:
            asked = {str(row["program_code"]): "; ".join(unclear(row)) for one in shown for row in one.programs}
            record(data_folder().letters, asked, ASKED, dt.date.today())
    _count(shown, chosen, states, red=red, marked=mark_asked)


def _fitting(rows: pd.DataFrame, ranked: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the rows that a shortlist has and that aren't red there, in its order, and how many are red."""
    of_profile = ranked[ranked["program_code"].isin(rows["program_code"])]
    fitting = of_profile.loc[of_profile["light"] != "red", "program_code"]
    return rows.set_index("program_code", drop=False).loc[fitting], len(of_profile) - len(fitting)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        output.write_text(text, "utf-8")


def _count(shown: list[Letter], chosen: list[Letter], states: pd.DataFrame, *, red: int, marked: bool) -> None:
    """Say on standard error how many letters there are, and which programs have none."""
    programs = sum(len(one.programs) for one in shown)
    summary = [f"{len(shown):,} of {counted(len(chosen), 'letters')}, programs asked about: {programs:,}"]
    counts = states["contact"].value_counts()
    summary += [f"{counts[name]:,} {name} (--contact {name})" for name in CONTACT[1:] if name in counts]
    if red:
        summary.append(f"programs red for this profile, which get none: {red:,} (shortlist says why)")
    if marked:
        summary.append("noted as asked today")
    err.print("; ".join(summary), soft_wrap=True)


def as_rows(found: list[Letter], release: Release, today: dt.date) -> pd.DataFrame:
    """Return table `contact_list`, one row for each letter; known: what the list says of each program, one text each."""
    rows = [
        {
            "institution_id": one.programs[0]["institution_id"],
            "institution": one.programs[0]["institution"],
            "program_codes": [row["program_code"] for row in one.programs],
            "known": [at_a_glance(row) for row in one.programs],
            "websites": list(dict.fromkeys(row["website"] for row in one.programs if row["website"])),
            "contact": list(dict.fromkeys(contact_text(row, today) for row in one.programs)),
            "unclear": list(one.unclear),
            "subject": one.subject,
            "letter": one.text,
            "mailto": one.mailto,
            "guide": [section_address(section) for section in one.guide],
            "sample": bool(release.manifest["sample"]),
        }
        for one in found
    ]
    return pd.DataFrame(rows, columns=list(CONTACTS.columns))


def as_text(rows: pd.DataFrame, *, mailto: bool) -> str:
    """Return the letters to read and send, each below what is known, in which nothing is obeyed by a terminal.

    mailto: with a link below each that opens it in a mail program.
    """
    parts = []
    for row in rows.to_dict("records"):
        head = [
            str(row["institution"]),
            *(f"  {line}" for line in row["known"]),
            *(["From a sample: no current list."] if row["sample"] else []),
            f"Contact: {'; '.join(row['contact'])}",
            f"Website: {in_one_list(row['websites'], most=_LINKS) or 'not known'}",
            f"Read on: {', '.join(row['guide'])}",
            f"When sent: {_when_sent(row['program_codes'])}",
            f"Subject: {row['subject']}",
            "",
            str(row["letter"]),
            "",
            *([f"{_mail_word(row)}{row['mailto']}", ""] if mailto else []),
            _RULE,
            "",
        ]
        parts.append("\n".join(head))
    return harmless("\n".join(parts))


def _when_sent(codes: Sequence[str]) -> str:
    if len(codes) > _CODES:
        return "run this command again with --mark-asked"
    return f"h1b-sponsors note {' '.join(codes)} --asked"


def _mail_word(row: Mapping[Any, Any]) -> str:
    if row["mailto"] == mail_link(row["subject"], row["letter"]):
        return "Open it in your mail program: "
    return "Open it in your mail program, in short, as a link holds no more (the full letter is here; paste it if you like): "
