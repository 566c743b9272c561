"""The evidence of one institution and all of its programs as the drawer of the explorer shows it.

What belongs here: what of the evidence is shown, each petitioner and each statement of the whole once. Which rows belong together is
decided in `derived/chains`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final

import pyarrow as pa

from pipeline.applicants.letter import letter_parts
from pipeline.applicants.questions import gme_questions, open_points
from pipeline.release.derived.chains import Row, Statements
from pipeline.release.explorer.words import LIST

_PROGRAM: Final = (
    "program_name", "specialty", "city", "state", "accreditation", "accreditation_status", "list_year", "website",
    "positions_approved", "positions_filled", "positions_offered_in_match", "positions_matched", "match_year", "visa_category",
    "h1b_stated", "j1_stated", "step3_required_for_h1b", "step3_deadline", "conditions", "routes", "paused_until", "evidence_quote",
    "evidence_url", "evidence_scope", "evidence_date", "evidence_saved_on", "evidence_kind", "sponsor_tier", "tier_reasons",
    "tier_confidence", "sponsoring_likelihood", "sponsoring_likelihood_low", "sponsoring_likelihood_high",
    "sponsoring_likelihood_basis", "state_freeze", "state_freeze_until", "state_freeze_exceptions", "state_freeze_petitioner",
    "related_programs",
)  # fmt: skip
_STATEMENT: Final = (
    "scope", "h1b", "j1", "evidence_quote", "evidence_kind", "url", "page_date", "retrieved_on", "counter_evidence", "confidence",
)  # fmt: skip
_JUDGED: Final = ("category", "confidence", "basis", "rule_id", "overlays")
_PIECE: Final = ("field", "value", "source", "locator", "strength")
_YEAR: Final = (
    "fiscal_year", "coverage", "initial_approvals", "initial_denials", "continuing_approvals", "continuing_denials",
)  # fmt: skip


def evidence_maker(tables: Mapping[str, pa.Table]) -> Callable[[Row], Row]:
    """Return what makes the evidence of an institution as the explorer shows it, of that of `derived/chains.institution_chains`.

    `name`, `places`, `petitioners` with petitions by fiscal year and `cap`, `in_review` (a number), `statements` of the whole, `filings`
    (year, regime, employment, specialty, applications), `programs` by code: row, own `statements`, `open` points, what to `ask` and the
    parts of a `letter`, whose texts are places in `texts`: programs of one institution share most.
    """
    whole = {row["program_code"]: row for row in tables[LIST].to_pylist()}
    stated = Statements(tables["visa_policies"])

    def evidence(chain: Row) -> Row:
        texts: dict[str, int] = {}
        programs = {
            code: _program(whole[code], stated.of(whole[code])) | {"letter": _places(letter_parts(whole[code]), texts)}
            for code in chain["programs"]
        }
        files_for = {
            one["petitioner_id"]: (one["files_for"], one["attributed"])
            for code in chain["programs"][:1]
            for one in whole[code]["petitioners"]
        }
        return {
            "name": chain["institution"]["name"],
            "places": chain["institution"]["places"],
            "petitioners": [_petitioner(one, files_for) for one in chain["petitioners"]],
            "in_review": len(chain["in_review"]),
            "statements": [_picked(one, _STATEMENT) for one in chain["statements"]],
            "filings": _filings(chain["filings"]),
            "programs": programs,
            "texts": list(texts),
        }

    return evidence


def _program(row: Row, statements: list[Row]) -> Row:
    return _picked(row, _PROGRAM) | {
        "statements": [_picked(one, _STATEMENT) for one in statements if one["program_code"]],
        "open": list(open_points(row)),
        "ask": gme_questions([row], row["petitioners"], with_law=False),
    }


def _places(parts: Any, texts: dict[str, int]) -> Any:
    """Return parts of letters with the place of each text in `texts`, which grows by new ones, instead of it."""
    if isinstance(parts, str):
        return texts.setdefault(parts, len(texts))
    if isinstance(parts, dict):
        return {name: _places(part, texts) for name, part in parts.items()}
    return [_places(part, texts) for part in parts] if isinstance(parts, list) else parts


def _petitioner(one: Row, files_for: Mapping[str, tuple[int, bool]]) -> Row:
    several, attributed = files_for.get(one["petitioner_id"], (1, True))
    judged = one["cap_exemption"]
    return {
        **_picked(one, ("name", "state", "relation")),
        "files_for": several,
        "attributed": attributed,
        "sites": len(one["sites"]),
        "reasons": one["sites"][0]["reasons"],
        "years": [[year[name] for name in _YEAR] for year in one["petitions"]],
        "cap": judged
        and {
            **_picked(judged, _JUDGED),
            "for": _pieces(judged["evidence"]),
            "against": _pieces(judged["counter_evidence"]),
        },
    }


def _pieces(pieces: list[Row]) -> list[list[Any]]:
    """Return each piece of evidence once: several rules may have taken the same."""
    return [list(piece) for piece in dict.fromkeys(tuple(one[name] for name in _PIECE) for one in pieces)]


def _filings(filings: list[Row]) -> list[list[Any]]:
    counts = Counter(
        (_year(one["received_date"] or one["begin_date"]), one["payment_regime"], one["employment"], one["specialty"])
        for one in filings
    )
    by_group: defaultdict[tuple[str, ...], list[list[Any]]] = defaultdict(list)
    for key, count in counts.items():
        by_group[tuple(str(part or "") for part in key)].append([*key, count])
    return [row for key in sorted(by_group) for row in by_group[key]]


def _year(day: dt.date | None) -> int | None:
    return day.year if day else None


def _picked(row: Row, columns: tuple[str, ...]) -> Row:
    """Return the columns of a row that say something: a null, or an empty list, is left out."""
    return {name: row[name] for name in columns if row[name] not in (None, [])}
