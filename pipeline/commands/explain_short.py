"""The answer of `explain` without `--full`: what is stated, what is inferred, who files, what to ask, on one screen without the proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from pipeline.applicants.guide import guide_sections, section_address
from pipeline.applicants.questions import spelt_apart
from pipeline.commands.explain_sections import explain_contact, explain_questions, files_for
from pipeline.commands.rendering import (
    cap_text,
    category_text,
    counted,
    day_text,
    freeze_text,
    petitioner_names,
    print_heading,
    print_line,
    rows,
    statement_age,
    visa_text,
)
from pipeline.law.words import payment_in_short
from pipeline.schemas.vocabulary import (
    ACCREDITATION_WORDS,
    CONDITION_WORDS,
    EVIDENCE_SCOPE_WORDS,
    PAYMENT_REGIME,
    SPONSOR_TIER,
    SPONSOR_TIER_WORDS,
    STATED_WORDS,
)
from pipeline.tiers.accreditation import WITHDRAWN

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_STATED_TIERS: Final = ("sponsors", "case_by_case", "j1_only", "none")  # that follow from what is stated alone
_SHOWN_QUOTE: Final = 300
_SHOWN_POLICIES: Final = 3
_SHOWN_PROGRAMS: Final = 3
_SHOWN_PETITIONERS: Final = 2
_SHOWN_QUESTIONS: Final = 3
_SHOWN_SECTIONS: Final = 3
_LEAD: Final = {
    "page": "the page says",
    "restated": "restated, not quoted",
    "confirmed": "answered to a person",
    "directory": "its own answer",
}
_REGIME: Final[dict[str, str]] = dict(
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
    print_heading(f"{row['specialty'] or row['program_name']}, {row['institution']} [{row['program_code']}]")
    place = ", ".join(str(part) for part in (row["city"], row["state"]) if part)
    listed = f"list of {row['list_year']}" if row["list_year"] else "year of the list not known"
    print_line(f"{place}; accreditation {ACCREDITATION_WORDS[row['accreditation']]}, {listed}")
    _stated(row)
    _inferred(row)
    _past_and_law(connection, row)
    siblings = rows(
        connection, "functional_h1b_sponsors", "institution_id = ?", [row["institution_id"]], "program_code"
    )
    answered = explain_contact([row], siblings)
    if row["accreditation"] == WITHDRAWN:
        print_line("Ask first: is it still open? Its accreditation is listed as withdrawn.")
    explain_questions([row], answered, with_law=False, most=_SHOWN_QUESTIONS)
    print_line(guide_line(row, _SHOWN_SECTIONS))


def explain_institution_shortly(connection: DuckDBPyConnection, programs: list[dict[str, Any]]) -> None:
    """Print the answer for the programs of one institution, at least one, on one screen."""
    first = programs[0]
    print_heading(f"{first['institution']}, {counted(len(programs), 'programs')}")
    categories = Counter(visa_text(row) for row in programs)
    tiers = Counter(row["sponsor_tier"] for row in programs)
    print_line("Visa, as stated: " + ", ".join(f"{count} × {name}" for name, count in sorted(categories.items())))
    shown = (f"{tiers[name]} × {SPONSOR_TIER_WORDS[name]}" for name in SPONSOR_TIER if tiers[name])
    print_line("Tier, stated or inferred: " + ", ".join(shown))
    stated: dict[str, list[dict[str, Any]]] = {}
    for row in programs:
        if row["evidence_quote"] is not None:
            stated.setdefault(row["evidence_quote"], []).append(row)
    for own in [*stated.values()][:_SHOWN_POLICIES]:
        _stated(own[0], "" if len(own) == len(programs) else f"{_named(own)}: ", quoted=len(stated) == 1)
    if not stated:
        _stated(first)
    if len(stated) > _SHOWN_POLICIES:
        print_line(f"… and {counted(len(stated) - _SHOWN_POLICIES, 'more statements')}: --full")
    _past_and_law(connection, first, any_specialty=True)
    explain_questions(programs, explain_contact(programs), with_law=False, most=_SHOWN_QUESTIONS)
    print_line(guide_line(first, _SHOWN_SECTIONS))


def guide_line(row: dict[str, Any], most: int | None = None) -> str:
    """Return the pointer to the sections of the guide that answer what a row leaves open, the most telling first."""
    return f"Read on: {', '.join(section_address(section) for section in guide_sections(row)[:most])}"


def _named(programs: Sequence[dict[str, Any]]) -> str:
    """Return which programs a statement is of."""
    names = list(dict.fromkeys(str(row["specialty"] or row["program_name"]) for row in programs))
    more = f" and {len(names) - _SHOWN_PROGRAMS} more" if len(names) > _SHOWN_PROGRAMS else ""
    return f"{', '.join(names[:_SHOWN_PROGRAMS])}{more}"


def _stated(row: dict[str, Any], about: str = "", *, quoted: bool = True) -> None:
    """Print what is stated: visas and terms, the statement where it is quoted here, whose it is and of which day, its address.

    about: of which programs of several it is.
    """
    if row["evidence_quote"] is None:
        print_line("Stated: nothing is at hand. That is neither a yes nor a no.")
        return
    due = f", {row['step3_deadline']}" if row["step3_deadline"] else ""
    terms = ", ".join(CONDITION_WORDS[term] for term in row["conditions"])
    parts = [
        f"Stated: {about}{category_text(row)}{visa_text(row).removeprefix(row['visa_category'])}",
        f"J-1 {STATED_WORDS[row['j1_stated']]}",
        f"Step 3 {STATED_WORDS[row['step3_required_for_h1b']]}{due}",
        *([f"on these terms: {terms}"] if terms else []),
    ]
    print_line("; ".join(parts))
    quote = " ".join(str(row["evidence_quote"]).split())
    quote = quote if len(quote) <= _SHOWN_QUOTE else quote[:_SHOWN_QUOTE].rsplit(" ", 1)[0] + " …"
    source = f"{_LEAD[row['evidence_kind']]}; {EVIDENCE_SCOPE_WORDS[row['evidence_scope']]}; {statement_age(row)}"
    print_line(f"{quote} ({source})" if quoted else source, 4)
    print_line(row["evidence_url"] or "no address", 4)


def _inferred(row: dict[str, Any]) -> None:
    """Print the tier with its first reason: inferred where no policy is stated, or where filings speak against one."""
    tier = f"{SPONSOR_TIER_WORDS[row['sponsor_tier']]} ({row['tier_confidence']} confidence)"
    if row["evidence_quote"] is not None and row["sponsor_tier"] in _STATED_TIERS:
        print_line(f"Tier: {tier}, as stated")
        return
    share = ""
    if row["sponsoring_likelihood"] is not None:
        likely, low, high = (100 * row[f"sponsoring_likelihood{end}"] for end in ("", "_low", "_high"))
        share = f"; {likely:.0f} % ({low:.0f} to {high:.0f} %) would answer H-1B, no policy"
    reason = row["tier_reasons"][0] if row["tier_reasons"] else "nothing at hand"
    print_line(f"Tier, inferred: {tier}{share}. {reason}")


def _past_and_law(connection: DuckDBPyConnection, row: dict[str, Any], *, any_specialty: bool = False) -> None:
    """Print past filings by regime, who files with its cap exemption, and the freeze."""
    total, same = row["trainee_filings_any_specialty"] or 0, row["trainee_filings_same_specialty"]
    of_these = "" if any_specialty or not total else f", {same or 0} of this specialty"
    print_line(f"Filed for trainees, past practice: {counted(total, 'applications')}{of_these}{_by_regime(row)}")
    own = sorted(row["petitioners"], key=lambda one: one["relation"] != "same")
    apart = spelt_apart(tuple(one["name"] for one in own))[:_SHOWN_PETITIONERS]
    own.sort(key=lambda one: apart.index(one["name"]) if one["name"] in apart else len(apart))
    names = petitioner_names(connection, own[: len(apart)])
    for name, one in zip(names, own, strict=False):
        tied = "" if one["relation"] == "same" else ", tied to it"
        cap = cap_text(one["cap_exempt_category"]) or "not judged"
        sure = f" ({one['cap_exempt_confidence']})" if one["cap_exempt_confidence"] else ""
        print_line(f"Files, inferred: {name}{tied}{files_for(one)}; cap: {cap}{sure}")
    if not own:
        print_line("Who files is not known: no petitioner is linked. That is not a no.")
    if len(own) > len(names):
        print_line(f"… and {len(own) - len(names)} more: --full", 4)
    if row["state_freeze"]:
        print_line(
            f"Freeze {freeze_text(row)}: {row['state_freeze']}; excepted: {row['state_freeze_exceptions'] or 'nobody named'}"
        )
    else:
        print_line("Freeze: none known")
    print_line(f"Payment on {day_text(row['as_of'])}: {payment_in_short(row['as_of'])} (h1b-sponsors status)")


def _by_regime(row: dict[str, Any]) -> str:
    counts: Counter[str] = Counter()
    for one in row["trainee_filings_by_regime"]:
        counts[one["payment_regime"]] += one["any_specialty"] or 0
    some = [name for name in PAYMENT_REGIME if counts[name]]
    parts = [f"{'all' if len(some) == 1 else counts[name]} {_REGIME[name]}" for name in some]
    newest = f"; newest start {day_text(row['latest_trainee_filing'])}" if row["latest_trainee_filing"] else ""
    return (f": {', '.join(parts)}" if parts else "") + newest
