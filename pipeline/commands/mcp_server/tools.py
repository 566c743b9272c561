"""What a program may ask of the latest release over MCP: six questions, answered by the code that answers the command line.

What belongs here: answering queries. Form and bounds of the answers are in `answers`; the protocol is in `server`.
Each call opens the release anew, so that one answer is of one release and the next may be of a newer one. No query
becomes SQL or a path: words are looked up among known names, a program code has a fixed form, values are bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from pipeline.applicants.meant import institutions_meant, plain_name
from pipeline.commands.changes import changes_since
from pipeline.commands.console import latest_release, with_whole_list
from pipeline.commands.filings import filings_asked
from pipeline.commands.filters import Filters, known_institutions, names_meant, select
from pipeline.commands.mcp_server.answers import MOST_ROWS, answer, answer_rows, evidence, quoted
from pipeline.release.reader import Release
from pipeline.schemas.vocabulary import PROGRAM_CHANGES, SPONSOR_TIER, VISA_CATEGORY_WORDS
from pipeline.sources import dol_lca

_LONGEST: Final = 100  # characters of a name
_Word = Annotated[str, Field(min_length=1, max_length=_LONGEST)]
Names = Annotated[list[_Word], Field(max_length=10)]
Specialties = Annotated[
    Names, Field(description="Parts of names or usual short ones (IM, OB/GYN, Peds/Genetics); any of them.")
]
States = Annotated[Names, Field(description="States by two letters or name; any of them.")]
Metros = Annotated[
    Names, Field(description="Metropolitan areas: a part of the name, a city or a region (NYC); any of them.")
]
Institutions = Annotated[Names, Field(description="Parts of names of institutions, or initials; any of them.")]
Categories = Annotated[
    Names,
    Field(
        description=f"Stated: {'; '.join(f'{one} {means}' for one, means in VISA_CATEGORY_WORDS.items())}. Any of them."
    ),
]
Tiers = Annotated[
    Names,
    Field(description=f"Inferred: {', '.join(SPONSOR_TIER)}. Any of them."),
]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="The most rows to return.")]
Code = Annotated[str, Field(min_length=10, max_length=10, description="ACGME program code: ten digits, or M and nine.")]

_SHORT: Final = (
    "program_code", "program_name", "specialty", "institution", "city", "state", "visa_category", "h1b_stated", "j1_stated",
    "step3_required_for_h1b", "conditions", "routes", "paused_until", "sponsor_tier", "tier_confidence", "sponsoring_likelihood",
    "cap_exempt_category", "state_freeze", "state_freeze_until", "needs_confirmation",
)  # fmt: skip
_MORE: Final = (
    "step3_deadline", "tier_reasons", "sponsoring_likelihood_low", "sponsoring_likelihood_high", "sponsoring_likelihood_basis",
    "cap_exempt_basis", "cap_exempt_confidence", "cap_exempt_petitioner", "accreditation", "positions_approved", "petition_years",
    "initial_approvals", "continuing_approvals", "trainee_filings_same_specialty", "trainee_filings_same_specialty_recent",
    "latest_trainee_filing", "related_programs", "website", "list_year",
)  # fmt: skip
_NAMES: Final = ("program_name", "specialty", "institution", "city", "state")
_EVIDENCE: Final = (
    "evidence_quote", "evidence_kind", "evidence_url", "evidence_date", "evidence_saved_on", "evidence_scope",
)  # fmt: skip


def search(
    text: Annotated[
        str,
        Field(max_length=_LONGEST, description="Words that must all be in program, specialty, institution or place."),
    ] = "",
    specialty: Specialties = [],  # noqa: B006 - the protocol's schema shows it, and nobody changes it
    state: States = [],  # noqa: B006
    metro: Metros = [],  # noqa: B006
    institution: Institutions = [],  # noqa: B006
    category: Categories = [],  # noqa: B006
    tier: Tiers = [],  # noqa: B006
    cap_exempt: Annotated[
        bool, Field(description="Only where the petitioner seems exempt from the cap (inferred).")
    ] = False,
    limit: Limit = 20,
) -> dict[str, Any]:
    """Find programs by specialty, place, institution, stated visa category or tier; the most certain sponsors first, with evidence."""
    release = _release()
    filters = Filters(
        specialty=specialty, state=state, metro=metro, institution=institution, category=category, tier=tier, cap_exempt=cap_exempt
    )  # fmt: skip
    rows = select(release, filters)
    words = plain_name(text).split()
    found = [row for row in rows.to_dict("records") if all(word in _named(row) for word in words)]
    return answer_rows(release, [_in_short(row) for row in found], limit)


def program(code: Code) -> dict[str, Any]:
    """Show what one program states, what follows, and every statement at hand for it or its institution."""
    release = _release()
    chain = release.explain(code.upper())
    row = chain["program"]
    statements = [
        {
            "policy": one["policy"],
            "h1b": one["h1b"],
            "j1": one["j1"],
            "conditions": one["conditions"],
            "evidence": evidence(one),
        }
        for one in chain["statements"]
    ]
    shown = {**_in_short(row), **{name: row[name] for name in _MORE}}
    return answer(release, {"program": shown, "statements": statements})


def explain(code: Code) -> dict[str, Any]:
    """Show the whole proof of one program: statements, petitioners with petitions by year and cap exemption, applications, links."""
    release = _release()
    chain = dict(release.explain(code.upper()))
    del chain["release"]
    chain["program"] = _evidenced(chain["program"])
    chain["statements"] = [
        {**_evidenced(one), "counter_evidence": [quoted(sentence) for sentence in one["counter_evidence"]]}
        for one in chain["statements"]
    ]
    return answer(release, chain)


def filings(
    specialty: Specialties = [],  # noqa: B006
    state: States = [],  # noqa: B006
    metro: Metros = [],  # noqa: B006
    institution: Institutions = [],  # noqa: B006
    limit: Limit = 20,
) -> dict[str, Any]:
    """Count labor condition applications for trainees by institution, specialty and level: no petitions, no visas, not all."""
    release = _release()
    rows = filings_asked(release, state, metro, specialty, institution)
    return answer_rows(release, rows.to_dict("records"), limit, sources=_sources(release, dol_lca.SOURCE.id))


def cap_exempt(
    institution: Annotated[_Word, Field(description="Part of the name of an institution, or its initials.")],
    limit: Limit = 20,
) -> dict[str, Any]:
    """Show who files for an institution and whether that petitioner seems cap-exempt: inferred, with evidence for and against."""
    release = _release()
    names = names_meant(institutions_meant, [institution], known_institutions(release))
    with release.database() as connection:
        found = connection.sql(
            "SELECT institution, petitioner, relation, category, rule_id, basis, confidence, evidence, counter_evidence, overlays, "
            "state_freeze, law_as_of FROM petitioners_of JOIN cap_exemption USING (petitioner_id) "
            "WHERE list_contains(?, institution) ORDER BY institution, relation DESC, petitioner, petitioner_id",
            params=[names],
        ).to_arrow_table().to_pylist()  # fmt: skip
    known = {one["snapshot_id"]: one for one in _sources(release)}
    for row in found:
        for side in ("evidence", "counter_evidence"):
            row[side] = [_located(one, known) for one in row[side]]
    return answer_rows(release, found, limit)


def changes(
    since: Annotated[
        str,
        Field(
            max_length=10, description="Compare with the newest release as of that day or before: YYYY-MM-DD or YYYY."
        ),
    ] = "",
    specialty: Specialties = [],  # noqa: B006
    state: States = [],  # noqa: B006
    institution: Institutions = [],  # noqa: B006
    limit: Limit = 20,
) -> dict[str, Any]:
    """Show what the list says of programs otherwise than an earlier release: who newly states, withdrew, started or stopped filing."""
    release = _release()
    filters = Filters(specialty=specialty, state=state, institution=institution)
    earlier, rows = changes_since(release, filters, since or None)
    stated = release.sponsors(["program_code", *_EVIDENCE]).set_index("program_code").to_dict("index")
    rows = rows.drop(columns="evidence_url").to_dict("records")
    with_evidence = [{**row, "evidence": evidence(stated[row["program_code"]])} for row in rows]
    meanings = {
        change: meaning for change, meaning in PROGRAM_CHANGES.items() if change in {row["change"] for row in rows}
    }
    compared_with = {"id": earlier.id, "as_of": earlier.as_of}
    return answer_rows(release, with_evidence, limit, compared_with=compared_with, meanings=meanings)


TOOLS: Final = (search, program, explain, filings, cap_exempt, changes)


def _release() -> Release:
    return with_whole_list(latest_release())


def _named(row: Mapping[Any, Any]) -> str:
    return plain_name(" ".join(row[name] for name in _NAMES if isinstance(row[name], str)))


def _in_short(row: Mapping[Any, Any]) -> dict[str, Any]:
    means = VISA_CATEGORY_WORDS.get(row["visa_category"])
    return {**{name: row[name] for name in _SHORT}, "visa_category_means": means, "evidence": evidence(row)}


def _evidenced(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the list or of the policies with what is stated as one record."""
    moved = (*_EVIDENCE, "url", "page_date", "retrieved_on")
    return {**{name: value for name, value in row.items() if name not in moved}, "evidence": evidence(row)}


def _sources(release: Release, source: str | None = None) -> list[dict[Any, Any]]:
    """Return the snapshots that the release used, of one source or of all: id, coverage, address, and the day when they were added."""
    used = release.table("snapshots", ["snapshot_id", "source", "part", "coverage", "used", "url", "added_on"])
    used = used[used["used"] & ((source is None) | (used["source"] == source))]
    return used.drop(columns="used").rename(columns={"url": "address", "added_on": "date"}).to_dict("records")


def _located(one: Mapping[str, Any], known: Mapping[str, Mapping[Any, Any]]) -> dict[str, Any]:
    """Return a piece of evidence with the address and the day of the file that it is from, null where it is of no file."""
    file: Mapping[Any, Any] = known.get(one["snapshot"], {})
    return {**one, "kind": "inferred", "address": file.get("address"), "date": file.get("date")}
