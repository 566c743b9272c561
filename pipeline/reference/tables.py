"""What each curated CSV file must look like: columns, what may not be blank, vocabularies, keys, the order of its rows.

A new file gets its description here first. `order` is left empty where rows stand in an order that means something (the
first that fits wins) or are grouped by topic for those who read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pipeline.reference.law_tables import LAW
from pipeline.reference.likelihood_tables import LIKELIHOOD
from pipeline.reference.model import ReferenceTable
from pipeline.reference.name_tables import NAMES
from pipeline.reference.page_tables import PAGE_TABLES
from pipeline.reference.policy_tables import POLICY_TABLES
from pipeline.reference.source_tables import SOURCE_TABLES
from pipeline.schemas.vocabulary import (
    CAP_EXEMPT_CATEGORY,
    RELATION,
    STATES,
)

_STATE: Final = ("", *STATES)
_DAY: Final = r"\d{4}-\d{2}-\d{2}"
# What phrases of job titles say: of a training level, of a rank, of medicine, or of another profession.
_TITLE_KINDS: Final = (
    "allied", "alternative", "assistant", "attending", "behavioral", "chief_trainee", "clinical", "dental", "faculty",
    "fellow", "fellowship", "intern", "leader", "moonlighting", "not_trainee", "nursing", "nutrition", "optometry",
    "orthotics", "pharmacy", "physician", "physician_scientist", "podiatry", "postdoc", "research", "residency",
    "resident", "technical", "trained", "trainee", "veterinary",
)  # fmt: skip


_PHRASE: Final = ("phrase", "match", "state", "unless", "kind", "label", "source", "as_of")


def _phrases(name: str, description: str, columns: tuple[str, ...] = _PHRASE) -> ReferenceTable:
    """Describe a table of phrases that names of a class begin with, contain or are."""
    return ReferenceTable(
        f"cap/{name}.csv",
        description,
        columns,
        required=("phrase", "match", "kind", "label", "source", "as_of"),
        allowed={"match": ("starts", "contains", "exact")},
        patterns={"state": r"([A-Z]{2}( [A-Z]{2})*)?", "as_of": _DAY},
        key=("phrase", "match", "state"),
        order=("label", "phrase", "match", "state"),
    )


_ALL: Final = (
    ReferenceTable(
        "corrections.csv",
        "Single values that a source misprints, and what they should be",
        ("source", "column", "found", "becomes", "reason", "added"),
        required=("source", "column", "found", "reason", "added"),
        patterns={"added": _DAY},
        key=("source", "column", "found"),
        order=("source", "column", "found"),
    ),
    ReferenceTable(
        "ncses_tables.csv",
        "Tables of the NCSES table builder whose files don't say their fiscal year",
        ("table_id", "fiscal_year", "source"),
        required=("table_id", "fiscal_year", "source"),
        patterns={"table_id": r"\d+", "fiscal_year": r"(19|20)\d{2}"},
        key=("table_id",),
    ),
    ReferenceTable(
        "nrmp_totals.csv",
        "Positions of the Main Residency Match by year: what a national list of its tracks must add up to",
        ("match_year", "offered", "filled", "source"),
        required=("match_year", "offered", "filled", "source"),
        patterns={"match_year": r"20\d{2}", "offered": r"\d+", "filled": r"\d+"},
        key=("match_year",),
        order=("match_year",),
    ),
    ReferenceTable(
        "acgme_program_counts.csv",
        "Accredited programs as the ACGME published them by academic year: what a list of all must come near to",
        ("academic_year", "level", "programs", "source"),
        required=("academic_year", "level", "programs", "source"),
        allowed={"level": ("all", "specialty", "subspecialty")},
        patterns={"academic_year": r"20\d{2}-\d{2}", "programs": r"\d+"},
        key=("academic_year", "level"),
        order=("academic_year", "level"),
    ),
    ReferenceTable(
        "links/aliases.csv",
        "Names under which an institution, or a body tied to it, files petitions",
        ("sponsor_code", "institution", "institution_state", "alias", "alias_state", "tax_id_last4", "relation", "reason",
         "source", "date"),
        required=("institution", "alias", "relation", "reason", "source", "date"),
        allowed={"relation": RELATION, "alias_state": _STATE},
        patterns={"date": _DAY},
        order=("institution_state", "institution", "sponsor_code"),
    ),
    ReferenceTable(
        "links/judgements.csv",
        "What people ruled on single links; they always win",
        ("employer", "tax_id_last4", "employer_state", "employer_city", "sponsor_code", "institution", "institution_state",
         "verdict", "reason", "source", "date", "judged_by"),
        required=("employer", "institution", "verdict", "reason", "source", "date", "judged_by"),
        allowed={
            "verdict": ("same", "affiliate", "different", "unsure"), "employer_state": _STATE, "institution_state": _STATE,
        },
        patterns={"date": _DAY, "tax_id_last4": r"(\d{4})?"},
    ),
    ReferenceTable(
        "links/petitioners.csv",
        "What people ruled on petitioners: two spellings under a tax id and state are one employer, or two; they always win",
        ("employer", "other_employer", "tax_id_last4", "employer_state", "verdict", "reason", "source", "date", "judged_by"),
        required=("employer", "other_employer", "reason", "source", "judged_by"),
        allowed={"verdict": ("one", "two"), "employer_state": STATES},
        patterns={"date": _DAY, "tax_id_last4": r"\d{4}"},
        key=("employer", "other_employer", "tax_id_last4", "employer_state"),
        order=("employer_state", "tax_id_last4", "employer"),
    ),
    ReferenceTable(
        "links/systems.csv",
        "Health systems: names by which a sponsor shows that it belongs to one, and legal entities that file petitions for it",
        ("system", "scope", "sponsor", "match", "sponsor_states", "employer", "employer_state", "tax_id_last4", "relation",
         "reason", "source", "date"),
        required=("system", "scope", "reason", "source", "date"),
        allowed={"scope": ("region", "hospital"), "match": ("", "contains", "starts", "exact"), "employer_state": _STATE,
                 "relation": ("", *RELATION)},
        patterns={"date": _DAY, "tax_id_last4": r"(\d{4})?", "sponsor_states": r"([A-Z]{2}( [A-Z]{2})*)?"},
        key=("system", "sponsor", "sponsor_states", "employer", "employer_state", "tax_id_last4", "relation"),
        order=("system", "employer", "employer_state"),
    ),
    ReferenceTable(
        "names/words.csv",
        "Words of names of organizations by kind: abbreviations, states, generic and distinguishing words",
        ("kind", "form", "word"),
        required=("kind", "form"),
        key=("kind", "form"),
        order=("kind", "form"),
    ),
    ReferenceTable(
        "names/sponsor_names.csv",
        "Names of sponsors and of their programs, and the sponsor that each belongs to",
        ("name", "state", "sponsor_code", "institution", "reason", "source", "date"),
        required=("name", "reason", "source", "date"),
        allowed={"state": _STATE},
        patterns={"date": _DAY},
    ),
    ReferenceTable(
        "places/metro_areas.csv",
        "Core-based statistical areas of cities with a school or hospital (OMB Bulletin No. 23-01)",
        ("city", "state", "cbsa_code", "metro_area"),
        required=("city", "state", "cbsa_code", "metro_area"),
        allowed={"state": STATES},
        key=("city", "state"),
        order=("city", "state"),
    ),
    ReferenceTable(
        "places/state_grid.csv",
        "Where each state stands on a map of equal squares",
        ("state", "row", "column"),
        required=("state", "row", "column"),
        allowed={"state": STATES},
        patterns={"row": r"\d", "column": r"\d\d?"},
        key=("state",),
        order=("state",),
    ),
    ReferenceTable(
        "measured.csv",
        "How right each room is on labelled cases, and whether those were in view while it was built",
        ("what", "cases", "figure", "value", "measured_on", "gold"),
        required=("what", "cases", "figure", "value", "measured_on", "gold"),
        patterns={"value": r"\d\.\d{2,3}", "measured_on": _DAY},
        key=("what", "cases", "figure"),
    ),
    _phrases("affiliates", "Hospitals and bodies that a school names as its affiliates"),
    _phrases("for_profit", "For-profit groups and their hospitals and schools"),
    _phrases("institutes", "Independent nonprofit research institutes"),
    _phrases("k12", "Primary and secondary schools"),
    _phrases(
        "labs",
        "Federally funded research and development centers and their operators",
        ("phrase", "match", "state", "unless", "kind", "label", "operator", "source", "as_of"),
    ),
    _phrases("public_care", "Public hospitals, veterans' and community health centers"),
    _phrases("research_agencies", "Government bodies whose mission is research"),
    _phrases("schools", "Colleges and universities by their legal names"),
    *LAW,
    ReferenceTable(
        "cap/rulings.csv",
        "What people ruled on the exemption of single employers; they always win",
        ("name", "state", "tax_id_last4", "category", "reason", "ruled_on", "who", "source"),
        required=("name", "category", "reason", "ruled_on", "who", "source"),
        allowed={"category": CAP_EXEMPT_CATEGORY, "state": _STATE},
        patterns={"ruled_on": _DAY},
        key=("name", "state", "tax_id_last4"),
    ),
    ReferenceTable(
        "specialties/specialties.csv",
        "ACGME specialties: codes, names, levels, parents, usual spellings",
        ("specialty_code", "name", "level", "parent_code", "trainees", "spellings"),
        required=("level",),
        allowed={
            "level": ("residency", "fellowship", "combined"),
            "trainees": ("", "residents", "fellows", "both"),
        },
        patterns={"specialty_code": r"(\d{3})?", "parent_code": r"(\d{3}(\|\d{3})*)?"},
        key=("specialty_code", "name"),
        order=("specialty_code", "name"),
    ),
    ReferenceTable(
        "specialties/pairs.csv",
        "What two specialties named together mean",
        ("first", "second", "gives"),
        required=("first", "second", "gives"),
        key=("first", "second"),
        order=("first", "second"),
    ),
    ReferenceTable(
        "specialties/paths.csv",
        "Which specialty leads to which",
        ("before", "after", "note"),
        required=("before", "after", "note"),
        key=("before", "after"),
        order=("before", "after"),
    ),
    ReferenceTable(
        "titles/levels.csv", "Phrases of job titles and the level they stand for", ("phrases", "kind", "why"),
        required=("phrases", "kind", "why"),
        allowed={"kind": _TITLE_KINDS},
        key=("kind",),
        order=("kind",),
    ),
    ReferenceTable(
        "titles/topics.csv",
        "Fields without programs of their own and the specialty they belong to",
        ("topics", "specialty", "soc", "why"),
        required=("topics", "why"),
        patterns={"soc": r"(\d{2}-\d{4}(\|\d{2}-\d{4})*)?"},
        key=("topics", "soc"),
        order=("specialty", "soc", "topics"),
    ),
    ReferenceTable(
        "titles/words.csv", "Words of job titles and the one form of each", ("word", "becomes", "why"),
        required=("word", "becomes", "why"),
        patterns={"word": r"[a-z]+"},
        key=("word",),
        order=("word",),
    ),
    *POLICY_TABLES,
    *PAGE_TABLES,
    *SOURCE_TABLES,
    *LIKELIHOOD,
    *NAMES,
)  # fmt: skip

TABLES: Final[Mapping[str, ReferenceTable]] = {table.file: table for table in _ALL}
