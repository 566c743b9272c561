"""`h1b-sponsors explain`: the whole evidence chain of a program or an institution, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands.console import fail, release_with_list, report_user_errors, say
from pipeline.commands.explain_institution import explain_institution
from pipeline.commands.explain_policy import explain_policy
from pipeline.commands.explain_sections import (
    explain_cap_exemption,
    explain_contact,
    explain_filings,
    explain_links,
    explain_petitioners,
    explain_questions,
)
from pipeline.commands.explain_short import explain_program_shortly, guide_line
from pipeline.commands.rendering import day_text, freeze_text, print_heading, print_line, rows
from pipeline.policies.directories import DIRECTORY_TITLES
from pipeline.release.made_from import made_from
from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.schemas.vocabulary import ACCREDITATION_WORDS, SPONSOR_TIER_WORDS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SHOWN_CODES = 3


def explain(
    name: Annotated[str, typer.Argument(help="Program code, part of an institution's or petitioner's name, or an id.")],
    state: Annotated[str | None, typer.Option(help="State of the institution, two letters.")] = None,
    short: Annotated[
        bool, typer.Option("--short/--full", help="The answer on one screen, or with its whole proof.")
    ] = True,
) -> None:
    """Show what the list says of a program, an institution or a petitioner on one screen; --full: why it says so."""
    with report_user_errors():
        release = release_with_list()
        with release.connect() as connection:
            if re.fullmatch(PROGRAM_CODE_PATTERN, name.upper()):
                _program(connection, name.upper(), short=short)
            elif re.fullmatch(r"[Mm]?\d+", name):
                fail(_no_code(connection, name.upper()), 2)
            else:
                explain_institution(connection, name, state.upper() if state else None, short=short)
    made = made_from(release.manifest, in_short=True)
    say(f"Release {release.id}, made from {made}. Inferred is not verified; nothing here is legal advice.")


def _no_code(connection: DuckDBPyConnection, digits: str) -> str:
    """Say that some digits are no program code, and which codes begin so."""
    begun = rows(connection, "functional_h1b_sponsors", "starts_with(program_code, ?)", [digits], "program_code")
    codes = ", ".join(row["program_code"] for row in begun[:_SHOWN_CODES])
    near = f"; {len(begun):,} begin so: {codes}{' …' if len(begun) > _SHOWN_CODES else ''}" if begun else ""
    return f"{digits!r} is no program code: it has ten digits, or M and nine{near}. Look for it with: h1b-sponsors query --institution NAME"


def _program(connection: DuckDBPyConnection, code: str, *, short: bool) -> None:
    found = rows(connection, "functional_h1b_sponsors", "program_code = ?", [code], "program_code")
    if not found:
        fail(f"the release has no program {code}. Look for it with: h1b-sponsors query --institution NAME")
    row = found[0]
    if short:
        explain_program_shortly(connection, row)
        return
    print_heading(f"{row['program_name']} [{code}]")
    place = ", ".join(str(part) for part in (row["city"], row["state"]) if part)
    listed = f", ACGME list of {row['list_year']}" if row["list_year"] else ""
    print_line(f"{row['specialty'] or 'specialty not listed'}; sponsored by {row['institution']}; {place}{listed}")
    printed = f" (as listed: {row['accreditation_status']})" if row["accreditation_status"] else ""
    print_line(f"Accreditation: {ACCREDITATION_WORDS[row['accreditation']]}{printed}")
    if row["eras_status"]:
        print_line(f"ERAS: {row['eras_status']}")
    _positions(row)
    _graduates(row)
    _related(row)
    print_heading(f"Tier: {SPONSOR_TIER_WORDS[row['sponsor_tier']]} ({row['tier_confidence']} confidence)")
    for reason in row["tier_reasons"]:
        print_line(f"- {reason}")
    if row["needs_confirmation"]:
        print_line("- Needs confirmation: ask the program.")
    if row["state_freeze"]:
        print_line(f"- New petitions are frozen {freeze_text(row)} by an order of the state: see cap exemption below.")
    siblings = rows(
        connection, "functional_h1b_sponsors", "institution_id = ?", [row["institution_id"]], "program_code"
    )
    answered = explain_contact([row], siblings)
    explain_questions([row], answered, with_law=True)
    _likelihood(row)
    explain_policy(connection, row)
    explain_petitioners(connection, row)
    explain_links(connection, row["institution_id"])
    explain_filings(connection, row["institution_id"])
    explain_cap_exemption(connection, row)
    print_heading(guide_line(row))


def _likelihood(row: dict[str, Any]) -> None:
    if row["sponsoring_likelihood"] is None:
        return
    likely, low, high = (100 * row[f"sponsoring_likelihood{end}"] for end in ("", "_low", "_high"))
    print_heading(f"Inferred likelihood that it would answer H-1B: {likely:.0f} % ({low:.0f} to {high:.0f} %)")
    print_line(row["sponsoring_likelihood_basis"])
    print_line("It is no policy and no promise. How well it holds: likelihood_calibration.parquet")


def _positions(row: dict[str, Any]) -> None:
    if row["positions_approved"] is not None:
        filled = "?" if row["positions_filled"] is None else row["positions_filled"]
        print_line(f"{row['positions_approved']} positions approved, {filled} filled (ACGME)")
    if row["positions_offered_in_match"] is not None:
        print_line(
            f"{row['positions_offered_in_match']} positions offered, {row['positions_matched']} filled "
            f"in the Match of {row['match_year']} (NRMP)"
        )
    for track in row["match_tracks"]:
        print_line(f"- {track['kind'].replace('_', ' ')}: {track['offered']} offered, {track['filled']} filled", 4)


def _graduates(row: dict[str, Any]) -> None:
    shares = {
        "schools abroad": "img_percent",
        "osteopathic schools": "do_percent",
        "allopathic schools of the US": "us_md_percent",
    }
    known = [f"{row[column]:g} % of {schools}" for schools, column in shares.items() if row[column] is not None]
    if known:
        source = DIRECTORY_TITLES[row["graduates_answered_in"]]
        print_line(
            f"Graduates, as it answered in {source} ({day_text(row['graduates_answered_on'])}): {', '.join(known)}"
        )


def _related(row: dict[str, Any]) -> None:
    relations = {
        "combined": "combined with it",
        "part": "a part of it",
        "before": "trained in before it",
        "after": "may follow it",
    }
    for program in row["related_programs"]:
        print_line(
            f"Same institution, {relations[program['relation']]}: {program['specialty'] or '?'} [{program['program_code']}]"
        )
