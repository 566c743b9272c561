"""Tables of the rooms that link: petitions, petitioners, institutions, and which is which."""

from __future__ import annotations

from pipeline.schemas.model import Table, count, number, text, texts, year
from pipeline.schemas.parsed import PARSED, PETITION_TYPES
from pipeline.schemas.vocabulary import (
    COVERAGE,
    DECISION,
    RELATION,
    STATES,
)

_petitioner_id = text("petitioner_id", "Stable id of the petitioner: hash of its raw identifying values", required=True)
_institution_id = text(
    "institution_id", "Stable id of the institution: hash of its raw identifying values", required=True
)
_site = "Stable id of the petitioner site: hash of employer, tax id, state and city, the grain at which petitions are linked"
_score = number("score", "Score of the link, 0 to 100", required=True, minimum=0, maximum=100)

LINKED: tuple[Table, ...] = (
    Table(
        "petitions",
        "linked",
        "H-1B petitions decided by USCIS, summed by petitioner spelling, tax id, fiscal year, NAICS, state and city. "
        "No job titles exist in this data.",
        (
            year("fiscal_year", "Fiscal year, from 1 October of the year before", required=True),
            text(
                "employer",
                "Petitioner as printed, white space collapsed; cut at 34 characters up to FY2021",
                required=True,
            ),
            text("tax_id_last4", "Last four digits of the petitioner's EIN", pattern=r"\d{4}"),
            text("state", "State of the petitioner", allowed=STATES),
            text("city", "City of the petitioner, upper case"),
            text("naics", "Two-digit NAICS sector, 99 unknown", pattern=r"\d{2}"),
            count("initial_approvals", "Approved petitions for initial employment"),
            count("initial_denials", "Denied petitions for initial employment"),
            count("continuing_approvals", "Approved petitions for continuing employment"),
            count("continuing_denials", "Denied petitions for continuing employment"),
            *(
                count(
                    f"{kind}_{outcome}",
                    f"{kind.replace('_', ' ').capitalize()} petitions, {outcome}; null where the layout lacks it",
                    required=False,
                )
                for kind in PETITION_TYPES
                for outcome in ("approvals", "denials")
            ),
            text(
                "coverage",
                "full: the snapshot holds the whole national year; partial: it does not",
                required=True,
                allowed=COVERAGE,
            ),
            text("petitioner_id", "Stable id of the petitioner; null where the employer is blank"),
            text("petitioner_site_id", f"{_site}; null where the employer is blank"),
            text("snapshot_id", "Snapshot the row comes from", required=True),
        ),
        ("fiscal_year", "employer", "tax_id_last4", "state", "city", "naics"),
    ),
    Table(
        "petitioners",
        "linked",
        "Petitioners: spellings that share a tax id, a state and distinctive words, as one.",
        (
            _petitioner_id,
            text("name", "Most frequent full spelling", required=True),
            text("tax_id_last4", "Last four digits of the EIN", pattern=r"\d{4}"),
            text("state", "State with the most petitions", allowed=STATES),
            texts("spellings", "All spellings as printed"),
            texts("cities", "Cities, the one with the most petitions first"),
            texts("naics", "NAICS sectors, the one with the most petitions first"),
            year("first_fiscal_year", "First fiscal year seen", required=True),
            year("last_fiscal_year", "Last fiscal year seen", required=True),
            count("initial_approvals", "Initial approvals over all years used"),
            count("continuing_approvals", "Continuing approvals over all years used"),
        ),
        ("petitioner_id",),
    ),
    Table(
        "institutions",
        "linked",
        "Sponsoring institutions of accredited programs.",
        (
            _institution_id,
            text("name", "Name", required=True),
            text("sponsor_code", "ACGME sponsor code; null where the lists give none", pattern=r"\d{2}[0-9A-Z]\d{3}"),
            text("city", "City with the most programs"),
            text("state", "State", allowed=STATES),
            text("metro_area", "Core-based statistical area of the city"),
            texts("aliases", "Other names: parts of program names, sources' aliases, curated aliases"),
            texts("participating_sites", "Names of participating sites"),
            count("programs", "Accredited programs in the list"),
            text(
                "derivation",
                "sponsor_code: listed by ACGME; program_name: read from the program's name",
                required=True,
                allowed=("sponsor_code", "program_name"),
            ),
            text("unitid", "IPEDS unit that is the same entity or the school named with it", pattern=r"\d{6}"),
            text("ror_id", "ROR record of the institution"),
            texts("facility_ids", "CMS facilities of the institution"),
            text("ein", "EIN of the institution, where a public register gives it", pattern=r"\d{9}"),
        ),
        ("institution_id",),
    ),
    Table(
        "programs",
        "linked",
        "Accredited programs with their institution, metropolitan area and positions.",
        (
            *next(table for table in PARSED if table.name == "acgme_programs").fields,
            _institution_id,
            text("metro_area", "Core-based statistical area of the city"),
            count("positions_offered_in_match", "Positions offered in the newest Match known (NRMP)", required=False),
            count("positions_matched", "Positions filled in that Match (NRMP)", required=False),
            year("match_year", "Year of that Match"),
        ),
        ("program_code",),
    ),
    Table(
        "petitioner_links",
        "linked",
        "Which petitioner stands for which institution. The grain is the petitioner site, the spelling with tax id, "
        "state and city, since one printed name may cover several campuses.",
        (
            text("employer", "Petitioner as printed", required=True),
            text("tax_id_last4", "Last four digits of the EIN", pattern=r"\d{4}"),
            text("state", "State of the petitioner", allowed=STATES),
            text("city", "City of the petitioner"),
            text("petitioner_site_id", _site, required=True),
            _petitioner_id,
            _institution_id,
            text(
                "relation",
                "same: the institution's legal entity or the employer of its trainees; affiliate: formally tied",
                required=True,
                allowed=RELATION,
            ),
            _score,
            text("decision", "accepted, review (a person should look) or rejected", required=True, allowed=DECISION),
            text("method", "How the pair was found: judgement, alias, exact, tax_id, score", required=True),
            texts("reasons", "What spoke for and against, in words"),
            text("runner_up_institution_id", "Second-best institution"),
            number("margin", "Score ahead of the runner-up", minimum=0),
            count("approvals", "Initial and continuing approvals of this petitioner site over all years used"),
        ),
        ("employer", "tax_id_last4", "state", "city", "institution_id"),
    ),
    Table(
        "employer_links",
        "linked",
        "Employers of labor condition applications, and the petitioners and institutions they are.",
        (
            text("employer_name", "Employer as filed", required=True),
            text("trade_name_dba", "Trade name as filed"),
            text("employer_state", "State of the employer", allowed=STATES),
            text("worksite_state", "State of the worksite", allowed=STATES),
            text("worksite_city", "City of the worksite"),
            text("petitioner_id", "Petitioner"),
            text("institution_id", "Institution"),
            text("relation", "Relation to the institution", allowed=RELATION),
        ),
    ),
)
