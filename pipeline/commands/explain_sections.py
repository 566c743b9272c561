"""Sections that `explain` shows of a program and of an institution alike: petitioners, links, filings, cap exemption."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from pipeline.applicants.asked import ANSWERED, TO_ASK, contact_states, contact_text, last_text, read_log
from pipeline.applicants.questions import gme_questions
from pipeline.cap_exemption.explain import explain as judgement_lines
from pipeline.commands.rendering import cap_text, day_text, petitioner_names, print_heading, print_line, rows
from pipeline.schemas.vocabulary import RELATION_WORDS, STATED_WORDS
from pipeline.settings import data_folder

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SHOWN_LINKS: Final = 12
_SHOWN_FILINGS: Final = 15
_SHOWN_JUDGED: Final = 3
_SHOWN_ANSWERS: Final = 3
_DECIDED: Final = {"accepted": "accepted as", "review": "to be reviewed as"}


def explain_petitioners(connection: DuckDBPyConnection, row: dict[str, Any]) -> None:
    """Print the petitioners of the institution of one row of the list, with their approvals and cap exemption."""
    print_heading(
        f"Petitions, fiscal years {row['petition_years'] or 'none at hand'} (all occupations: USCIS publishes no job titles)"
    )
    if not row["petitioners"]:
        print_line(
            "No petitioner is linked to the institution. That is not a no: it may file under a name we don't know."
        )
    names = petitioner_names(connection, row["petitioners"])
    for name, petitioner in zip(names, row["petitioners"], strict=True):
        print_line(
            f"- {name} ({RELATION_WORDS[petitioner['relation']]}): {petitioner['initial_approvals']} initial, "
            f"{petitioner['continuing_approvals']} continuing approvals{files_for(petitioner)}; "
            f"cap: {cap_text(petitioner['cap_exempt_category']) or 'not judged'} ({petitioner['cap_exempt_confidence'] or '-'}, inferred)"
        )


def explain_contact(
    programs: list[dict[str, Any]], of_institution: list[dict[str, Any]] | None = None
) -> frozenset[str]:
    """Print where the applicant stands with programs of the list, at least one, and what was answered, by whom; return the codes of
    those whose answer was noted.

    of_institution: all rows of the institution, where `programs` are some of them.
    """
    log = read_log(data_folder().letters)
    every = pd.DataFrame(of_institution or programs)
    states = contact_states(every, log).assign(program_code=every["program_code"])
    own = states[states["program_code"].isin([row["program_code"] for row in programs])].to_dict("records")
    texts = Counter(contact_text(state, dt.date.today()) for state in own)
    nothing = contact_text({"contact": TO_ASK}, dt.date.today())  # what needs no line
    standing = [f"{count} × {text}" if len(programs) > 1 else text for text, count in texts.items() if text]
    if set(texts) - {"", nothing}:
        print_line(f"Contact: {', '.join(standing)}")
    if last := last_text(log, [row["program_code"] for row in programs]):
        print_line(f"{last} (noted by you)", 4)
    for line in _answers(of_institution or programs):
        print_line(line, 4)
    noted = set(log.loc[log["event"] == ANSWERED, "program_code"])
    return frozenset(one["program_code"] for one in own if one["contact"] == ANSWERED and one["program_code"] in noted)


def _answers(programs: list[dict[str, Any]]) -> list[str]:
    """Return what confirmations answered, each once with its day and whose answer it is."""
    confirmed = [row for row in programs if row["evidence_kind"] == "confirmed"]
    lines = [
        f"{day_text(row['evidence_date'])} answered by the {row['evidence_scope']}: H-1B {STATED_WORDS[row['h1b_stated']]}, "
        f"J-1 {STATED_WORDS[row['j1_stated']]}, Step 3 {STATED_WORDS[row['step3_required_for_h1b']]}"
        + (f" ({row['step3_deadline']})" if row["step3_deadline"] else "")
        for row in confirmed
    ]
    return list(dict.fromkeys(lines))[:_SHOWN_ANSWERS]


def explain_questions(
    programs: list[dict[str, Any]], answered: frozenset[str], *, with_law: bool, most: int | None = None
) -> None:
    """Print what to ask the GME office of the programs of one institution. answered: as `explain_contact` returns them."""
    petitioners = programs[0]["petitioners"] if programs else []
    every = gme_questions(programs, petitioners, with_law=with_law, answered=answered)
    questions = every[:most]
    print_line(
        "Ask the GME office:"
        if questions
        else "Nothing is left to ask: it was answered. To ask anew: h1b-sponsors note CODE --asked"
    )
    for question in questions:
        print_line(f"- {question}", 4)
    if more := len(every) - len(questions):
        print_line(f"… and {more} more: --full", 4)


def files_for(petitioner: dict[str, Any]) -> str:
    """Return that a petitioner files for several institutions of the list, and whether its approvals are attributed to this one."""
    if petitioner["files_for"] < 2:
        return ""
    whose = "" if petitioner["attributed"] else ", not attributed"
    return f" (files for {petitioner['files_for']} of this list{whose})"


def explain_links(connection: DuckDBPyConnection, institution_id: str) -> None:
    """Print how petitioners were linked to the institution, the first _SHOWN_LINKS; nothing where none were."""
    links = rows(
        connection,
        "petitioner_links",
        "institution_id = ? AND decision <> 'rejected'",
        [institution_id],
        "decision, approvals DESC, employer, city",
    )
    if not links:
        return
    print_heading("How those petitioners were linked")
    for link in links[:_SHOWN_LINKS]:
        where = ", ".join(str(part) for part in (link["city"], link["state"], link["tax_id_last4"]) if part)
        decided = f"{_DECIDED[link['decision']]} {RELATION_WORDS[link['relation']]}, score {link['score']:.0f}"
        print_line(f"- {decided}: {link['employer']} ({where}): {'; '.join(link['reasons'])}")
    if len(links) > _SHOWN_LINKS:
        print_line(f"… and {len(links) - _SHOWN_LINKS} more in petitioner_links.parquet")


def explain_filings(connection: DuckDBPyConnection, institution_id: str) -> None:
    """Print the applications for trainees of the institution, by employer, level and specialty."""
    filings = rows(
        connection,
        "trainee_filings",
        "institution_id = ?",
        [institution_id],
        "begin_date DESC NULLS LAST, specialty, filing_id",
    )
    print_heading("Applications for trainees (labor condition applications)")
    shared = _shared_filings(connection, institution_id)
    if not filings:
        none = "None that is attributed to it alone." if shared else "None at hand."
        print_line(f"{none} The disclosure files at hand cover a part of the time only.")
    for employer, several in shared:
        print_line(f"- {several} × by {employer}, which files for several of this list: not attributed")
    frame = pd.DataFrame(filings)
    groups = [] if frame.empty else list(frame.groupby(["employer", "level", "specialty"], dropna=False, sort=True))
    for (employer, level, specialty), group in groups[:_SHOWN_FILINGS]:
        subject = specialty if isinstance(specialty, str) else "no specialty in the title"
        titles = ", ".join(sorted(set(group["job_title"]))[:2])
        newest = group["begin_date"].dropna().max() if group["begin_date"].notna().any() else None
        word = "trainee" if level == "trainee_unspecified" else level
        print_line(f"- {len(group)} × {word}, {subject}; {employer}; newest start {day_text(newest)}: “{titles}”")


def _shared_filings(connection: DuckDBPyConnection, institution_id: str) -> list[tuple[str, int]]:
    """Return employers that file for this institution among several, with the applications that are attributed to none of them."""
    where = "list_contains(possible_institution_ids, ?)"
    found = pd.DataFrame(rows(connection, "trainee_filings", where, [institution_id], "employer, filing_id"))
    return [] if found.empty else [(str(name), len(group)) for name, group in found.groupby("employer")]


def explain_cap_exemption(connection: DuckDBPyConnection, row: dict[str, Any], *, whole: bool = False) -> None:
    """Print the cap exemption of the petitioners of one row of the list, at most _SHOWN_JUDGED, its own before affiliates.

    whole: of the first, show each rule that was tried, too.
    """
    print_heading("Cap exemption (inferred from public data, never advice)")
    if not row["petitioners"]:
        print_line("No petitioner is linked, so there is nobody to judge.")
        return
    if row["cap_exempt_petitioner"] is None:
        print_line("No petitioner is known to be the institution itself; these are tied to it.")
    own_first = sorted(row["petitioners"], key=lambda petitioner: petitioner["relation"] != "same")
    ids = [petitioner["petitioner_id"] for petitioner in own_first[:_SHOWN_JUDGED]]
    judged = rows(connection, "cap_exemption", "list_contains(?, petitioner_id)", [ids], "name")
    for answer in sorted(judged, key=lambda answer: ids.index(answer["petitioner_id"])):
        if whole and answer["petitioner_id"] == ids[0]:
            for line in judgement_lines(answer):
                print_line(line)
            continue
        print_line(
            f"- {answer['name']}: {cap_text(answer['category'])} ({answer['confidence']} confidence), rule {answer['rule_id']}"
        )
        print_line(answer["basis"], 4)
        for word, pieces in (("for", answer["evidence"]), ("against", answer["counter_evidence"])):
            lines = [
                f"{word}: {piece['field']} = {piece['value']} [{piece['source']}, {piece['locator']}, strength {piece['strength']}]"
                for piece in pieces
            ]
            for line in dict.fromkeys(lines):
                print_line(line, 4)
        for overlay in answer["overlays"]:
            print_line(f"note: {overlay}", 4)
    if row["state_freeze"]:
        until = f" until {day_text(row['state_freeze_until'])}" if row["state_freeze_until"] else ""
        print_line(f"Order of a state{until}: {row['state_freeze']}. It binds {row['state_freeze_petitioner']}.")
        if row["state_freeze_exceptions"]:
            print_line(f"Excepted: {row['state_freeze_exceptions']}.")
