"""Tables that say who is who: petitions, petitioners, institutions, programs, and the links between them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pipeline.schemas.fields import (
    ACGME_PROGRAM,
    INSTITUTION_ID,
    MATCH_TRACKS,
    METRO_AREA,
    PETITION_DECISIONS,
    PETITIONER_ID,
    PETITIONER_SITE_ID,
    PROGRAM_CODE_PATTERN,
    REDIRECT,
    SITE_OF_PETITIONER,
    SNAPSHOT_ID,
    SNAPSHOT_OF_ROW,
    petitions_by_type,
)
from pipeline.schemas.model import Table, count, flag, number, refers, text, texts, year
from pipeline.schemas.vocabulary import COVERAGE, DECISION, RELATION, STATES

LINKAGE: Final[tuple[Table, ...]] = (
    Table(
        "petitions",
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
            *PETITION_DECISIONS,
            *petitions_by_type("; null where the layout lacks it"),
            text(
                "coverage",
                "full: the snapshot holds the whole national year; partial: it does not",
                required=True,
                allowed=COVERAGE,
            ),
            text("petitioner_id", "Stable id of the petitioner; null where the employer is blank"),
            text("petitioner_site_id", f"{PETITIONER_SITE_ID.description}; null where the employer is blank"),
            SNAPSHOT_ID,
        ),
        ("fiscal_year", "employer", "tax_id_last4", "state", "city", "naics"),
        foreign_keys=(
            refers("petitioner_id", "petitioners"),
            refers("snapshot_id", "snapshots"),
        ),
    ),
    Table(
        "petitioners",
        "Petitioners: spellings that share a tax id, a state and distinctive words, as one.",
        (
            PETITIONER_ID,
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
        "Sponsoring institutions of accredited programs.",
        (
            INSTITUTION_ID,
            text("name", "Name", required=True),
            text(
                "sponsor_code",
                "ACGME sponsor code, of the newest list that gives one; null where neither lists nor curated rows do",
                pattern=r"\d{2}[0-9A-Z]\d{3}",
            ),
            texts("other_sponsor_codes", "Sponsor codes that other lists or curated rows give it"),
            text("city", "City with the most programs"),
            text("state", "State", allowed=STATES),
            METRO_AREA,
            texts("places", "Places of its programs, `City, ST`, the one with the most programs first"),
            texts("sponsor_names", "Names under which lists state it as a sponsor, of all years"),
            texts("aliases", "Other names: parts of program names, sources' aliases, curated aliases"),
            texts("participating_sites", "Names of participating sites"),
            count("programs", "Accredited programs in the list"),
            text(
                "derivation",
                "sponsor_code: a list states its code; sponsor_name: a list states its name; program_name: no list states a "
                "sponsor, so it is read from the program's name",
                required=True,
                allowed=("sponsor_code", "sponsor_name", "program_name"),
            ),
            texts("identity_reasons", "Why names of different lists, states or registers are this one institution"),
            text("unitid", "IPEDS unit that is the same entity or the school named with it", pattern=r"\d{6}"),
            text("ror_id", "ROR record of the institution"),
            texts("facility_ids", "CMS facilities of the institution"),
            text("ein", "EIN of the institution, where a public register gives it", pattern=r"\d{9}"),
        ),
        ("institution_id",),
    ),
    Table(
        "earlier_institutions",
        "Ids of institutions in the release before, which this one keeps where they mean the same.",
        (
            text("id", "Id of an institution", required=True),
            text("program_code", "A program of the institution", required=True, pattern=PROGRAM_CODE_PATTERN),
        ),
    ),
    Table(
        "earlier_petitioners",
        "Ids of petitioners in the release before, which this one keeps where they mean the same.",
        (
            text("id", "Id of a petitioner", required=True),
            text("spelling", "Tax id, state and a spelling of the petitioner", required=True),
        ),
    ),
    Table(
        "institution_redirects",
        "Institution ids of the release before that this one gives up or parts.",
        REDIRECT,
        ("old_id", "new_id"),
    ),
    Table(
        "petitioner_redirects",
        "Petitioner ids of the release before that this one gives up or parts.",
        REDIRECT,
        ("old_id", "new_id"),
    ),
    Table(
        "programs",
        "Accredited programs with their institution, metropolitan area and positions.",
        (
            *ACGME_PROGRAM,
            SNAPSHOT_OF_ROW,
            INSTITUTION_ID,
            METRO_AREA,
            count("positions_offered_in_match", "Positions offered in the newest Match known (NRMP)", required=False),
            count("positions_matched", "Positions filled in that Match (NRMP)", required=False),
            year("match_year", "Year of that Match"),
            MATCH_TRACKS,
        ),
        ("program_code",),
        foreign_keys=(
            refers("program_code", "acgme_programs"),
            refers("institution_id", "institutions"),
        ),
    ),
    Table(
        "institution_names",
        "Names under which institutions, their health systems and bodies tied to them may sign petitions: `petitioner_links` are looked for by them.",
        (
            INSTITUTION_ID,
            text("form", "Normal form of the name", required=True),
            text(
                "relation",
                "Whether it is the institution's own name or that of a body tied to it",
                required=True,
                allowed=RELATION,
            ),
            text("source", "What it is known from: a list, a register, a curated row, a health system", required=True),
            text("state", "State in which it signs by that name", allowed=STATES),
            text("city", "City of the institution"),
            text("last4", "Last four digits of the tax id to which a person restricted the name"),
            text("needs", "What a petition must share beside the name: nothing, place, city or tax_id", required=True),
            text("county", "County of the institution; blank where it isn't known"),
        ),
        foreign_keys=(refers("institution_id", "institutions"),),
    ),
    Table(
        "petitioner_links",
        "Which petitioner stands for which institution. The grain is the petitioner site, the spelling with tax id, "
        "state and city, since one printed name may cover several campuses.",
        (
            *SITE_OF_PETITIONER,
            PETITIONER_ID,
            INSTITUTION_ID,
            text(
                "relation",
                "same: the institution's legal entity or the employer of its trainees; affiliate: formally tied",
                required=True,
                allowed=RELATION,
            ),
            number("score", "Score of the link, 0 to 100", required=True, minimum=0, maximum=100),
            text("decision", "accepted, review (a person should look) or rejected", required=True, allowed=DECISION),
            text(
                "method",
                "How the pair was found: judgement, alias, system (a legal entity of its health system), exact, tax_id, score",
                required=True,
            ),
            texts("reasons", "What spoke for and against, in words"),
            text("runner_up_institution_id", "Second-best institution"),
            number("margin", "Score ahead of the runner-up", minimum=0),
            count("approvals", "Initial and continuing approvals of this petitioner site over all years used"),
            replace(
                flag(
                    "single_sign",
                    "Accepted because its name is one that belongs to the institution, in its state, and on nothing else: no nearer place, no "
                    "tax id known from elsewhere, no curated name and no ruling speaks for it. The link stands in the review queue",
                ),
                since="1.1.0",
            ),
        ),
        ("employer", "tax_id_last4", "state", "city", "institution_id"),
        foreign_keys=(
            refers("petitioner_site_id", "petitions"),
            refers("petitioner_id", "petitioners"),
            refers("institution_id", "institutions"),
            refers("runner_up_institution_id", "institutions", "institution_id"),
        ),
    ),
    Table(
        "employer_links",
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
        foreign_keys=(
            refers("petitioner_id", "petitioners"),
            refers("institution_id", "institutions"),
        ),
    ),
)
