"""Tables of the sources other than registers: petitions, programs, filings, pages, confirmations; nothing is inferred in them."""

from __future__ import annotations

from typing import Final

from pipeline.schemas.fields import (
    ACGME_PROGRAM,
    CITY,
    EMPLOYER_NUMBERS,
    EMPLOYER_TRADE_NAME_AND_CITY,
    PETITION_DECISIONS,
    PROGRAM_CODE,
    SPONSOR_CODE,
    STATE,
    ZIP,
    petitions_by_type,
    with_snapshots,
)
from pipeline.schemas.model import Table, count, day, flag, number, text, year
from pipeline.schemas.vocabulary import EVIDENCE_KIND, SCOPE, STATES, VISA_POLICY, VISA_STANCE, YES_NO_NOT_STATED

SOURCES: Final = with_snapshots(
    Table(
        "uscis_petition_rows",
        "Rows of the USCIS H-1B Employer Data Hub as printed, all layouts in one form, not yet summed.",
        (
            year("fiscal_year", "Fiscal year, from 1 October of the year before", required=True),
            text("employer", "Petitioner name as printed; null where blank or `Null`"),
            text("tax_id_last4", "Last four digits of the petitioner's EIN, leading zeros restored", pattern=r"\d{4}"),
            text("naics", "Two-digit NAICS sector, 99 unknown; null where blank", pattern=r"\d{2}"),
            STATE,
            CITY,
            ZIP,
            *PETITION_DECISIONS,
            *petitions_by_type(),
        ),
    ),
    Table(
        "acgme_programs",
        "Accredited programs from ACGME reports, program detail pages or a compiled program table.",
        (*ACGME_PROGRAM,),
        ("program_code",),
    ),
    Table(
        "acgme_participating_sites",
        "Participating sites of accredited programs.",
        (
            PROGRAM_CODE,
            SPONSOR_CODE,
            text("site_code", "Participating site's ACGME code", required=True, pattern=r"\d{2}[0-9A-Z]\d{3}"),
            text("site_name", "Participating site's name", required=True),
        ),
        ("program_code", "site_code"),
    ),
    Table(
        "lca_filings",
        "Labor condition applications (Form ETA-9035) disclosed by the Department of Labor. No person is named in them.",
        (
            text("case_number", "Case number; null in the embedded sample"),
            text(
                "case_status", "Certified, Certified - Withdrawn, Denied or Withdrawn; null where the layout has none"
            ),
            day("decision_date", "Day of the decision"),
            text("visa_class", "H-1B, H-1B1 Chile, H-1B1 Singapore or E-3 Australian; null where the layout has none"),
            text("job_title", "Job title as filed"),
            text("soc_code", "SOC code as filed, e.g. 29-1229.00"),
            text("soc_title", "SOC title as filed"),
            flag("full_time", "Full-time position"),
            day("begin_date", "First day of the intended employment"),
            day("end_date", "Last day of the intended employment"),
            count("workers", "Workers covered; 1 where the layout does not say"),
            count("new_employment", "Workers in new employment", required=False),
            count("continued_employment", "Workers in continued employment", required=False),
            count("change_previous_employment", "Workers with a change in previous employment", required=False),
            count("new_concurrent_employment", "Workers in new concurrent employment", required=False),
            count("change_employer", "Workers changing employer", required=False),
            count("amended_petition", "Workers with an amended petition", required=False),
            text("employer_name", "Employer's legal name"),
            *EMPLOYER_TRADE_NAME_AND_CITY,
            text("employer_state", "Employer's state", allowed=STATES),
            *EMPLOYER_NUMBERS,
            text("secondary_entity_name", "Secondary entity at whose place the worker will be"),
            text("worksite_city", "City of the first worksite"),
            text("worksite_state", "State of the first worksite", allowed=STATES),
            text("worksite_postal_code", "ZIP code of the first worksite"),
            number("wage_from", "Lower end of the offered wage", unit="USD per wage_unit", minimum=0),
            number("wage_to", "Upper end of the offered wage", unit="USD per wage_unit", minimum=0),
            text("wage_unit", "Unit of the wage", allowed=("Hour", "Week", "Bi-Weekly", "Month", "Year")),
            text("pw_wage_level", "Prevailing-wage level", allowed=("I", "II", "III", "IV", "N/A")),
            text(
                "disclosure_quarter",
                "Fiscal quarter of the disclosure, e.g. FY2025Q2",
                required=True,
                pattern=r"FY\d{4}Q[1-4]",
            ),
        ),
    ),
    Table(
        "prevailing_wage_determinations",
        "Prevailing wage requests (Form ETA-9141) disclosed by the Department of Labor, with what the employer states of its ACWIA status: attested, never adjudicated. No person is named in them.",
        (
            text("case_number", "Case number", required=True),
            text("case_status", "Determination Issued, Redetermination Affirmed, Withdrawn, …", required=True),
            day("determination_date", "Day of the determination, or of the redetermination that replaced it"),
            text("visa_class", "PERM, H-1B, H-2B, … for which the wage was asked"),
            text("employer_name", "Employer's legal name", required=True),
            *EMPLOYER_TRADE_NAME_AND_CITY,
            text("employer_state", "Employer's state; null abroad", allowed=STATES),
            text("employer_postal_code", "Employer's ZIP code as filed"),
            *EMPLOYER_NUMBERS,
            flag(
                "covered_by_acwia", "COVERED_BY_ACWIA as the employer answered; null where it did not answer yes or no"
            ),
            flag("higher_education", "ACWIA_INST_HIGHER_EDUCATION as the employer answered"),
            flag("affiliated_nonprofit", "ACWIA_AFFILIATED_NON_PROFIT as the employer answered"),
            flag("research_organization", "ACWIA_RESEARCH_ORG as the employer answered"),
            flag("status_changed", "ACWIA_STATUS_CHANGED as the employer answered"),
        ),
    ),
    Table(
        "nrmp_tracks",
        "Positions offered and filled for each NRMP program track and year.",
        (
            text("nrmp_code", "NRMP program code; null where the list leaves it out"),
            STATE,
            text("institution", "Institution as NRMP abbreviates it", required=True),
            CITY,
            text("specialty", "Specialty or track as printed; null where the list leaves it blank"),
            text("specialty_code", "Three digits taken from the NRMP code", pattern=r"[0-9A-Z]{3}"),
            year("match_year", "Year of the Match", required=True),
            count("quota", "Positions offered", required=False),
            count("matched", "Positions filled", required=False),
        ),
    ),
    Table(
        "confirmations",
        "What a person learned from a program by e-mail, phone or open house.",
        (
            PROGRAM_CODE,
            day("confirmed_on", "Day on which it was learned", required=True),
            text(
                "how", "How it was learned", required=True, allowed=("email", "phone", "open_house", "letter", "other")
            ),
            text("j1", "What was learned on J-1", required=True, allowed=VISA_STANCE),
            text("h1b", "What was learned on H-1B", required=True, allowed=VISA_STANCE),
            text(
                "step3_required_for_h1b",
                "Whether Step 3 is needed for an H-1B",
                required=True,
                allowed=YES_NO_NOT_STATED,
            ),
            text("note", "What was said, without names of persons"),
        ),
        ("program_code", "confirmed_on"),
    ),
    Table(
        "program_pages",
        "Saved web pages of programs and GME offices: where they are from and whom they are about. One row per snapshot.",
        (
            text("snapshot_id", "Snapshot that holds the page", required=True),
            text("url", "Address of the page", required=True),
            day("retrieved_on", "Day on which the page was saved", required=True),
            text(
                "evidence_kind",
                "page as published, or restated in other words",
                required=True,
                allowed=EVIDENCE_KIND[:2],
            ),
            text("program_code", "Program, where the person who saved the page said so", pattern=r"\d{10}"),
            text("institution", "Institution named for the page"),
            text("program", "Program named for the page"),
            text("specialty", "Specialty named for the page"),
            text("city", "City named for the page"),
            text("state", "State named for the page", allowed=STATES),
            text("stated_j1", "Restated pages: J-1 as a person read it", allowed=VISA_STANCE),
            text("stated_h1b", "Restated pages: H-1B as a person read it", allowed=VISA_STANCE),
            text("stated_policy", "Restated pages: policy as a person read it", allowed=VISA_POLICY),
            text("stated_step3", "Restated pages: whether Step 3 is required for an H-1B", allowed=YES_NO_NOT_STATED),
            text("stated_step3_deadline", "Restated pages: when Step 3 must be passed"),
            text("stated_scope", "Restated pages: whose policy it is", allowed=SCOPE),
            text("stated_summary", "Restated pages: the policy in other words"),
            year("stated_year", "Restated pages: year of the page"),
        ),
        ("snapshot_id",),
    ),
)
