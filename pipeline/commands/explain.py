"""`h1b-sponsors explain`: the whole evidence chain of a program or an institution, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import pandas as pd
import typer

from pipeline.applicants.questions import gme_questions
from pipeline.cap_exemption.explain import explain as explain_cap_exemption
from pipeline.commands.console import fail, latest_release, out, told_in_a_line
from pipeline.commands.explain_policy import explain_policy
from pipeline.commands.rendering import day, head, rows, say

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SHOWN_PETITIONERS: Final = 3
_SHOWN_QUOTE: Final = 200


def explain(
    name: Annotated[
        str, typer.Argument(help="Ten-digit program code, part of an institution's or petitioner's name, or an id.")
    ],
    state: Annotated[str | None, typer.Option(help="State of the institution, two letters.")] = None,
) -> None:
    """Show why the list says what it says of a program, an institution or a petitioner."""
    with told_in_a_line():
        release = latest_release()
        with release.connect() as connection:
            if name.isdigit() and len(name) == 10:
                _program(connection, name)
            else:
                _institution(connection, name, state)
    out.print(
        f"\nRelease {release.id}, made from {release.made_from}. Inferred is not verified, and nothing here is legal advice."
    )


def _program(connection: DuckDBPyConnection, code: str) -> None:
    found = rows(connection, "functional_h1b_sponsors", "program_code = ?", [code], "program_code")
    if not found:
        fail(f"the release has no program {code}. Look for it with: h1b-sponsors query --institution NAME")
    row = found[0]
    head(f"{row['program_name']} [{code}]")
    place = ", ".join(str(part) for part in (row["city"], row["state"]) if part)
    listed = f", ACGME list of {row['list_year']}" if row["list_year"] else ""
    say(f"{row['specialty'] or 'specialty not listed'}; sponsored by {row['institution']}; {place}{listed}")
    if row["accreditation_status"]:
        say(f"Accreditation: {row['accreditation_status']}")
    _positions(row)
    _related(row)
    head(f"Tier: {row['sponsor_tier']} ({row['tier_confidence']} confidence)")
    for reason in row["tier_reasons"]:
        say(f"- {reason}")
    if row["needs_confirmation"]:
        say("- Needs confirmation: ask the program.")
    explain_policy(connection, row)
    _petitioners(row)
    _links(connection, row["institution_id"])
    _filings(connection, row["institution_id"])
    _cap_exemption(connection, row)


def _positions(row: dict[str, Any]) -> None:
    if row["positions_approved"] is not None:
        filled = "?" if row["positions_filled"] is None else row["positions_filled"]
        say(f"{row['positions_approved']} positions approved, {filled} filled (ACGME)")
    if row["positions_offered_in_match"] is not None:
        say(
            f"{row['positions_offered_in_match']} positions offered, {row['positions_matched']} filled "
            f"in the Match of {row['match_year']} (NRMP)"
        )


def _related(row: dict[str, Any]) -> None:
    said = {
        "combined": "combined with it",
        "part": "a part of it",
        "before": "trained in before it",
        "after": "may follow it",
    }
    for other in row["related_programs"]:
        say(f"Same institution, {said[other['relation']]}: {other['specialty'] or '?'} [{other['program_code']}]")


def _petitioners(row: dict[str, Any]) -> None:
    head(
        f"Petitions, fiscal years {row['petition_years'] or 'none at hand'} (all occupations: USCIS publishes no job titles)"
    )
    if not len(row["petitioners"]):
        say("No petitioner is linked to the institution. That is not a no: it may file under a name we don't know.")
    for petitioner in row["petitioners"]:
        say(
            f"- {petitioner['name']} ({petitioner['relation']}): {petitioner['initial_approvals']} initial, "
            f"{petitioner['continuing_approvals']} continuing approvals; "
            f"cap exemption {petitioner['cap_exempt_category'] or 'not judged'} ({petitioner['cap_exempt_confidence'] or '-'}, inferred)"
        )


def _links(connection: DuckDBPyConnection, institution_id: str) -> None:
    links = rows(
        connection,
        "petitioner_links",
        "institution_id = ? AND decision <> 'rejected'",
        [institution_id],
        "decision, approvals DESC, employer, city",
    )
    if not links:
        return
    head("How those petitioners were linked")
    for link in links[:12]:
        where = ", ".join(str(part) for part in (link["city"], link["state"], link["tax_id_last4"]) if part)
        decided = f"{link['decision']} as {link['relation']}, score {link['score']:.0f}"
        say(f"- {decided}: {link['employer']} ({where}): {'; '.join(link['reasons'])}")
    if len(links) > 12:
        say(f"… and {len(links) - 12} more in petitioner_links.parquet")


def _filings(connection: DuckDBPyConnection, institution_id: str) -> None:
    filings = rows(
        connection,
        "trainee_filings",
        "institution_id = ?",
        [institution_id],
        "begin_date DESC NULLS LAST, specialty, filing_id",
    )
    head("Applications for trainees (labor condition applications)")
    if not filings:
        say("None at hand. The disclosure files at hand cover a part of the time only.")
    frame = pd.DataFrame(filings)
    groups = [] if frame.empty else list(frame.groupby(["employer", "level", "specialty"], dropna=False, sort=True))
    for (employer, level, specialty), group in groups[:15]:
        said = specialty if isinstance(specialty, str) else "no specialty in the title"
        titles = ", ".join(sorted(set(group["job_title"]))[:2])
        newest = group["begin_date"].dropna().max() if group["begin_date"].notna().any() else None
        word = "trainee" if level == "trainee_unspecified" else level
        say(f"- {len(group)} × {word}, {said}; {employer}; newest start {day(newest)}: “{titles}”")


def _cap_exemption(connection: DuckDBPyConnection, row: dict[str, Any], *, whole: bool = False) -> None:
    """The institution's petitioners, at most three; `whole`: of the first each rule that was tried, too."""
    head("Cap exemption (inferred from public data, never advice)")
    if not len(row["petitioners"]):
        say("No petitioner is linked, so there is nobody to judge.")
        return
    if row["cap_exempt_petitioner"] is None:
        say("No petitioner is known to be the institution itself; these are tied to it.")
    own_first = sorted(row["petitioners"], key=lambda petitioner: petitioner["relation"] != "same")
    ids = [petitioner["petitioner_id"] for petitioner in own_first[:3]]
    judged = rows(connection, "cap_exemption", "list_contains(?, petitioner_id)", [ids], "name")
    for answer in sorted(judged, key=lambda answer: ids.index(answer["petitioner_id"])):
        if whole and answer["petitioner_id"] == ids[0]:
            for line in explain_cap_exemption(answer):
                say(line)
            continue
        say(f"- {answer['name']}: {answer['category']} ({answer['confidence']} confidence), rule {answer['rule_id']}")
        say(answer["basis"], 4)
        for word, pieces in (("for", answer["evidence"]), ("against", answer["counter_evidence"])):
            told = [
                f"{word}: {piece['field']} = {piece['value']} [{piece['source']}, {piece['locator']}, strength {piece['strength']}]"
                for piece in pieces
            ]
            for line in dict.fromkeys(told):
                say(line, 4)
        for overlay in answer["overlays"]:
            say(f"note: {overlay}", 4)


def _institution(connection: DuckDBPyConnection, name: str, state: str | None) -> None:
    where = (
        "(institution_id = ? OR contains(lower(name), ?) OR len(list_filter(aliases, lambda x: lower(x) = ?)) > 0) "
        "AND (? IS NULL OR state = ?)"
    )
    upper = state.upper() if state else None
    found = rows(
        connection,
        "institutions",
        where,
        [name, name.lower(), name.lower(), upper, upper],
        "programs DESC, name",
    )
    if not found:
        _petitioner(connection, name, upper)
        return
    exact = [row for row in found if row["name"].lower() == name.lower() or row["institution_id"] == name]
    if len(found) > 1 and len(exact) != 1:
        listed = "; ".join(f"{row['name']} ({row['state']})" for row in found[:8])
        fail(
            f"{len(found)} institutions are like {name!r}: {listed}{' …' if len(found) > 8 else ''}. Say more of the name, or --state",
            2,
        )
    row = (exact or found)[0]
    head(f"{row['name']} [{row['institution_id']}]")
    place = ", ".join(str(part) for part in (row["city"], row["state"], row["metro_area"]) if part)
    say(f"{place}; ACGME code {row['sponsor_code'] or 'not listed'}; EIN {row['ein'] or 'not known'}")
    if len(row["aliases"]):
        say("also: " + "; ".join(row["aliases"][:10]))
    if len(row["participating_sites"]):
        say("sites: " + "; ".join(row["participating_sites"][:10]))
    programs = rows(
        connection,
        "functional_h1b_sponsors",
        "institution_id = ?",
        [row["institution_id"]],
        "specialty, program_code",
    )
    head(f"{len(programs)} programs")
    for program in programs:
        said = (
            f"visa {program['visa_category']}, tier {program['sponsor_tier']} ({program['tier_confidence']} confidence)"
        )
        say(f"- {program['program_code']} {program['specialty'] or '?'} ({program['city']}): {said}")
        say(_policy_line(program), 6)
    if programs:
        _petitioners(programs[0])
    _history(connection, row["institution_id"])
    _links(connection, row["institution_id"])
    _filings(connection, row["institution_id"])
    if programs:
        _cap_exemption(connection, programs[0], whole=True)
    head("What to ask the GME office")
    for question in gme_questions(programs, list(programs[0]["petitioners"]) if programs else []):
        say(f"- {question}")


def _policy_line(program: dict[str, Any]) -> str:
    """The stated policy of a program in a line."""
    if program["evidence_quote"] is None:
        return "no stated policy at hand"
    whose = "" if program["evidence_scope"] == "program" else "the institution's: "
    quote = " ".join(str(program["evidence_quote"]).split())
    cut = quote if len(quote) <= _SHOWN_QUOTE else quote[:_SHOWN_QUOTE].rsplit(" ", 1)[0] + " …"
    return f"{whose}{cut} ({program['evidence_kind']}, {day(program['evidence_date'])}; {program['evidence_url'] or 'no address'})"


def _petitioner(connection: DuckDBPyConnection, name: str, state: str | None) -> None:
    """Cap exemption of petitioners of that name: each rule tried, held or not, and why."""
    where = "(petitioner_id = ? OR contains(lower(name), ?)) AND (? IS NULL OR state = ?)"
    values = [name, name.lower(), state, state]
    found = rows(connection, "cap_exemption", where, values, "len(evidence) DESC, name, petitioner_id")
    if not found:
        where = "(body_id = ? OR contains(lower(name), ?)) AND (? IS NULL OR state IS NULL OR state = ?)"
        found = rows(connection, "institution_cap_exemption", where, values, "length(name), name, body_id")
        if not found:
            fail(f"the release has no institution like {name!r} and no petitioner. Try a part of its name")
        say("No petition under that name is known; judged as an institution:", 0)
    for answer in found[:_SHOWN_PETITIONERS]:
        title, *rest = explain_cap_exemption(answer)
        head(title)
        for line in rest:
            say(line)
    if len(found) > _SHOWN_PETITIONERS:
        say(f"… and {len(found) - _SHOWN_PETITIONERS} more of that name; say more of it, or --state", 0)


def _history(connection: DuckDBPyConnection, institution_id: str) -> None:
    history = connection.execute(
        """SELECT p.fiscal_year, l.relation, min(p.coverage) AS coverage,
                  sum(p.initial_approvals)::BIGINT AS initial, sum(p.continuing_approvals)::BIGINT AS continuing
           FROM petitions p JOIN petitioner_links l USING (petitioner_site_id)
           WHERE l.institution_id = ? AND l.decision = 'accepted'
           GROUP BY ALL ORDER BY ALL""",
        [institution_id],
    ).fetchall()
    if history:
        head("Approved petitions by fiscal year")
    for fiscal_year, relation, coverage, initial, continuing in history:
        note = "" if coverage == "full" else " (part of the year only)"
        say(f"- {fiscal_year} {relation}: {initial:,} initial, {continuing:,} continuing{note}")
