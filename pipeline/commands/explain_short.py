"""The answer of `explain --short`: what is stated, what is inferred, who files, what to ask, on one screen without the proof."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from pipeline.applicants.guide import guide_sections, section_address
from pipeline.commands.explain_sections import explain_contact, explain_questions, files_for
from pipeline.commands.rendering import (
    category_text,
    counted,
    day_text,
    freeze_text,
    petitioner_names,
    print_heading,
    print_line,
    rows,
    statement_day,
    visa_text,
)
from pipeline.law.words import payment_in_short
from pipeline.schemas.vocabulary import (
    ACCREDITATION_WORDS,
    CONDITION_WORDS,
    EVIDENCE_SCOPE_WORDS,
    PAYMENT_REGIME,
    SPONSOR_TIER,
)
from pipeline.tiers.accreditation import ACCREDITED, WITHDRAWN

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SHOWN_QUOTE: Final = 300
_SHOWN_POLICIES: Final = 3
_SHOWN_PETITIONERS: Final = 2
_SHOWN_QUESTIONS: Final = 5
_LEAD: Final = {
    "page": "the page says",
    "restated": "restated, not quoted",
    "confirmed": "told",
    "directory": "its own answer",
}
_REGIME: Final = dict(
    zip(
        PAYMENT_REGIME,
        (
            "before the payment",
            "while it was demanded",
            "while it was suspended",
            "on routes without it",
            "on a day not known",
        ),
        strict=True,
    )
)


def explain_program_shortly(connection: DuckDBPyConnection, row: dict[str, Any]) -> None:
    """Print the answer for one row of the list on one screen."""
    place = ", ".join(str(part) for part in (row["city"], row["state"]) if part)
    print_heading(f"{row['specialty'] or row['program_name']}, {row['institution']} [{row['program_code']}]")
    standing = (
        "" if row["accreditation"] == ACCREDITED else f"; accreditation {ACCREDITATION_WORDS[row['accreditation']]}"
    )
    listed = f"; ACGME list of {row['list_year']}" if row["list_year"] else ""
    print_line(f"{place}{listed}{standing}")
    _stated(row)
    reason = row["tier_reasons"][0] if row["tier_reasons"] else "nothing at hand"
    print_line(f"Tier {row['sponsor_tier']} ({row['tier_confidence']} confidence): {reason}")
    if row["sponsoring_likelihood"] is not None:
        share, low, high = (100 * row[f"sponsoring_likelihood{end}"] for end in ("", "_low", "_high"))
        print_line(
            f"Inferred likelihood that it would answer H-1B: {share:.0f} % ({low:.0f} to {high:.0f} %), no policy"
        )
    _past_and_law(connection, row)
    siblings = rows(
        connection, "functional_h1b_sponsors", "institution_id = ?", [row["institution_id"]], "program_code"
    )
    answered = explain_contact([row], siblings)
    if row["accreditation"] == WITHDRAWN:
        print_line("Ask first: is it still open? Its accreditation is listed as withdrawn.")
    explain_questions([row], answered, with_law=False, most=_SHOWN_QUESTIONS)
    print_line(guide_line(row))


def explain_institution_shortly(connection: DuckDBPyConnection, programs: list[dict[str, Any]]) -> None:
    """Print the answer for the programs of one institution, at least one, on one screen."""
    first = programs[0]
    print_heading(f"{first['institution']}, {counted(len(programs), 'programs')}")
    categories = Counter(visa_text(row) for row in programs)
    tiers = Counter(row["sponsor_tier"] for row in programs)
    print_line("Visa category: " + ", ".join(f"{count} × {name}" for name, count in sorted(categories.items())))
    print_line("Tier: " + ", ".join(f"{tiers[name]} × {name}" for name in SPONSOR_TIER if tiers[name]))
    stated = {row["evidence_quote"]: row for row in programs if row["evidence_quote"] is not None}
    for row in [*stated.values()][:_SHOWN_POLICIES] or [first]:
        _stated(row)
    if len(stated) > _SHOWN_POLICIES:
        print_line(f"… and {len(stated) - _SHOWN_POLICIES} more statements: --full")
    _past_and_law(connection, first, any_specialty=True)
    explain_questions(programs, explain_contact(programs), with_law=False, most=_SHOWN_QUESTIONS)
    print_line(guide_line(first))


def guide_line(row: dict[str, Any]) -> str:
    """Return the pointer to the sections of the guide that answer what a row leaves open."""
    return f"Read on: {', '.join(section_address(section) for section in guide_sections(row))}"


def _stated(row: dict[str, Any]) -> None:
    if row["evidence_quote"] is None:
        print_line("Stated: nothing is at hand. That is neither a yes nor a no.")
        return
    category = visa_text(row)
    step3 = row["step3_required_for_h1b"].replace("_", " ")
    due = f", {row['step3_deadline']}" if row["step3_deadline"] else ""
    terms = ", ".join(CONDITION_WORDS[term] for term in row["conditions"])
    said = [
        f"Stated: {category_text(row)}{category.removeprefix(row['visa_category'])}",
        f"J-1 {row['j1_stated'].replace('_', ' ')}",
        f"Step 3 {step3}{due}",
        *([f"on these terms: {terms}"] if terms else []),
    ]
    print_line("; ".join(said))
    quote = " ".join(str(row["evidence_quote"]).split())
    quote = quote if len(quote) <= _SHOWN_QUOTE else quote[:_SHOWN_QUOTE].rsplit(" ", 1)[0] + " …"
    whose = EVIDENCE_SCOPE_WORDS[row["evidence_scope"]]
    print_line(f"{quote} ({_LEAD[row['evidence_kind']]}; {whose}; {statement_day(row)})", 4)
    print_line(row["evidence_url"] or "no address", 4)


def _past_and_law(connection: DuckDBPyConnection, row: dict[str, Any], *, any_specialty: bool = False) -> None:
    """Print past filings by regime, who files with its cap exemption, and the freeze."""
    total, same = row["trainee_filings_any_specialty"], row["trainee_filings_same_specialty"]
    of_these = "" if any_specialty else f", {same or 0} of this specialty"
    print_line(f"Applications for trainees, past practice: {total or 0} of any specialty{of_these}{_by_regime(row)}")
    own = sorted(row["petitioners"], key=lambda one: one["relation"] != "same")
    names = petitioner_names(connection, own[:_SHOWN_PETITIONERS])
    for name, one in zip(names, own, strict=False):
        category = (one["cap_exempt_category"] or "not judged").replace("_", " ")
        print_line(
            f"Files, inferred: {name}, {one['relation']}{files_for(one)}; cap: {category} ({one['cap_exempt_confidence'] or '-'}, inferred)"
        )
    if not own:
        print_line("Who files is not known: no petitioner is linked. That is not a no.")
    if len(own) > _SHOWN_PETITIONERS:
        print_line(f"… and {len(own) - _SHOWN_PETITIONERS} more petitioners: --full", 4)
    if row["state_freeze"]:
        print_line(
            f"Freeze {freeze_text(row)}: {row['state_freeze']}; excepted: {row['state_freeze_exceptions'] or 'nobody named'}"
        )
    else:
        print_line("Freeze: no order of a state is known to bind it.")
    print_line(f"Payment on {day_text(row['as_of'])}: {payment_in_short(row['as_of'])} (grounds: h1b-sponsors status)")


def _by_regime(row: dict[str, Any]) -> str:
    counts: Counter[str] = Counter()
    for one in row["trainee_filings_by_regime"]:
        counts[one["payment_regime"]] += one["any_specialty"] or 0
    parts = [f"{counts[name]} {words}" for name, words in _REGIME.items() if counts[name]]
    newest = f"; newest start {day_text(row['latest_trainee_filing'])}" if row["latest_trainee_filing"] else ""
    return (f": received {', '.join(parts)}" if parts else "") + newest
