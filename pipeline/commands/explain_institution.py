"""The part of `explain` that is about an institution, or about a petitioner where no institution has the name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pipeline.applicants.meant import NotKnownError, initials, institutions_meant, nearest
from pipeline.cap_exemption.explain import explain as judgement_lines
from pipeline.commands.console import fail
from pipeline.commands.explain_sections import (
    explain_cap_exemption,
    explain_contact,
    explain_filings,
    explain_links,
    explain_petitioners,
    explain_questions,
)
from pipeline.commands.explain_short import explain_institution_shortly, guide_line
from pipeline.commands.rendering import (
    counted,
    print_heading,
    print_line,
    rows,
    standing_text,
    statement_day,
    tier_text,
    visa_text,
)
from pipeline.schemas.vocabulary import RELATION_WORDS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SHOWN_PETITIONERS: Final = 3
_SHOWN_NAMES: Final = 10
_SHOWN_CANDIDATES: Final = 8
_SHOWN_QUOTE: Final = 200


def explain_institution(connection: DuckDBPyConnection, name: str, state: str | None, *, short: bool = False) -> None:
    """Print all that the release has on the institution called `name`, or on the petitioners called so if there is none.

    name: id, also one of an earlier release, part of the name, or alias. Exits with a line where several institutions are
    meant, or nothing is.
    """
    institution = institution_called(connection, name, state)
    if institution is None:
        _petitioner(connection, name, state)
        return
    institution_id = institution["institution_id"]
    where = "institution_id = ?"
    programs = rows(connection, "functional_h1b_sponsors", where, [institution_id], "specialty, program_code")
    if short and programs:
        explain_institution_shortly(connection, programs)
        return
    print_heading(f"{institution['name']} [{institution_id}]")
    place = ", ".join(str(institution[part]) for part in ("city", "state", "metro_area") if institution[part])
    code, ein = institution["sponsor_code"] or "not listed", institution["ein"] or "not known"
    print_line(f"{place}; ACGME code {code}; EIN {ein}")
    if len(institution["places"]) > 1:
        print_line("programs in: " + "; ".join(institution["places"][:_SHOWN_NAMES]))
    if institution["identity_reasons"]:
        print_line("one institution because: " + "; ".join(institution["identity_reasons"]))
    if institution["aliases"]:
        print_line("also: " + "; ".join(institution["aliases"][:_SHOWN_NAMES]))
    if institution["participating_sites"]:
        print_line("sites: " + "; ".join(institution["participating_sites"][:_SHOWN_NAMES]))
    _programs(programs)
    if programs:
        explain_petitioners(connection, programs[0])
    _history(connection, institution_id)
    explain_links(connection, institution_id)
    explain_filings(connection, institution_id)
    if programs:
        explain_cap_exemption(connection, programs[0], whole=True)
    print_heading("Letters and answers")
    explain_questions(programs, explain_contact(programs) if programs else frozenset(), with_law=True)
    if programs:
        print_line(guide_line(programs[0]))


def _live_id(connection: DuckDBPyConnection, name: str) -> str:
    """Return the id that stands for one that an earlier release gave up; anything else as it is."""
    found = rows(connection, "redirects", "old_id = ? AND kind = 'merged'", [name], "new_id")
    return str(found[0]["new_id"]) if found else name


def institution_called(connection: DuckDBPyConnection, name: str, state: str | None = None) -> dict[str, Any] | None:
    """Return the row of the one institution that is meant, by a part of its name, an alias or an id, also of an earlier release; None
    where no name is like it. Exits with a line where several are."""
    name = _live_id(connection, name)
    where = (
        "(institution_id = ? OR contains(lower(name), ?) OR len(list_filter(aliases, lambda x: lower(x) = ?)) > 0) "
        "AND (? IS NULL OR state = ?)"
    )
    lower = name.lower()
    found = rows(connection, "institutions", where, [name, lower, lower, state, state], "programs DESC, name")
    found = found or _meant(connection, name, state)
    exact = [row for row in found if row["name"].lower() == lower or row["institution_id"] == name]
    exact = exact or [row for row in found if lower in initials(row["name"])]  # before those of an alias
    if len(found) > 1 and len(exact) != 1:
        listed = "; ".join(f"{row['name']} ({row['state']})" for row in found[:_SHOWN_CANDIDATES])
        more = " …" if len(found) > _SHOWN_CANDIDATES else ""
        fail(f"{len(found)} institutions are like {name!r}: {listed}{more}. Say more of the name, or --state", 2)
    return next(iter(exact or found), None)


def _meant(connection: DuckDBPyConnection, name: str, state: str | None) -> list[dict[str, Any]]:
    """Return the institutions that go by these initials or by another spelling of the name; none where nothing does."""
    every = rows(connection, "institutions", "? IS NULL OR state = ?", [state, state], "programs DESC, name")
    known = {row["name"]: [*row["aliases"], *row["sponsor_names"]] for row in every}
    try:
        meant = institutions_meant(name, known)
    except NotKnownError:
        return []
    return [row for row in every if row["name"] in meant]


def names_near(connection: DuckDBPyConnection, name: str) -> str:
    """Return what may be meant by a name that no institution has, as a question, or what to do where nothing comes near."""
    near = nearest(name, {row["name"]: row["name"] for row in rows(connection, "institutions", "TRUE", [], "name")})
    return f"Did you mean {' or '.join(near)}?" if near else "Try a part of its name"


def _programs(programs: list[dict[str, Any]]) -> None:
    print_heading(counted(len(programs), "programs"))
    for program in programs:
        tier = f"tier {tier_text(program)} ({program['tier_confidence']} confidence)"
        named = f"{program['program_code']} {program['specialty'] or '?'} ({program['city']})"
        print_line(
            f"- {named}{f' [{standing}]' if (standing := standing_text(program)) else ''}: visa {visa_text(program)}, {tier}"
        )
        print_line(_policy_line(program), 6)


_WHOSE: Final = {"institution": "the institution's: ", "other_program": "another program's, on the whole institution: "}


def _policy_line(program: dict[str, Any]) -> str:
    """Return the stated policy of a program in a line."""
    if program["evidence_quote"] is None:
        return "no stated policy at hand"
    whose = _WHOSE.get(program["evidence_scope"], "")
    quote = " ".join(str(program["evidence_quote"]).split())
    cut = quote if len(quote) <= _SHOWN_QUOTE else quote[:_SHOWN_QUOTE].rsplit(" ", 1)[0] + " …"
    return f"{whose}{cut} ({program['evidence_kind']}, {statement_day(program)}; {program['evidence_url'] or 'no address'})"


def _petitioner(connection: DuckDBPyConnection, name: str, state: str | None) -> None:
    """Print the cap exemption of petitioners of that name: each rule tried, whether it held, and why."""
    where = "(petitioner_id = ? OR contains(lower(name), ?)) AND (? IS NULL OR state = ?)"
    values = [name, name.lower(), state, state]
    found = rows(connection, "cap_exemption", where, values, "len(evidence) DESC, name, petitioner_id")
    if not found:
        where = "(body_id = ? OR contains(lower(name), ?)) AND (? IS NULL OR state IS NULL OR state = ?)"
        found = rows(connection, "institution_cap_exemption", where, values, "length(name), name, body_id")
        if not found:
            fail(f"the release has no institution like {name!r} and no petitioner. {names_near(connection, name)}", 2)
        print_line("No petition under that name is known; judged as an institution:", 0)
    for answer in found[:_SHOWN_PETITIONERS]:
        title, *rest = judgement_lines(answer)
        print_heading(title)
        for line in rest:
            print_line(line)
    if len(found) > _SHOWN_PETITIONERS:
        print_line(f"… and {len(found) - _SHOWN_PETITIONERS} more of that name; say more of it, or --state", 0)


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
        print_heading("Approved petitions by fiscal year")
    for fiscal_year, relation, coverage, initial, continuing in history:
        note = "" if coverage == "full" else " (part of the year only)"
        print_line(f"- {fiscal_year} {RELATION_WORDS[relation]}: {initial:,} initial, {continuing:,} continuing{note}")
