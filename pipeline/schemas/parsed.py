"""Tables that the readers of `pipeline/sources` yield: one snapshot in, typed rows out, nothing inferred."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from pipeline.schemas.model import Field, Table, count, day, flag, number, structs, text, texts, year
from pipeline.schemas.vocabulary import EVIDENCE_KIND, SCOPE, STATES, VISA_POLICY, VISA_STANCE, YES_NO_NOT_STATED

PETITION_TYPES = (
    "new_employment",
    "continuation",
    "change_same_employer",
    "new_concurrent",
    "change_of_employer",
    "amended",
)

_state = text("state", "Two-letter postal code of the state", allowed=STATES)
_city = text("city", "City as the source prints it")
_zip = text("zip", "ZIP code, five digits or ZIP+4 as printed", pattern=r"\d{5}(-?\d{4})?")


def _petition_type_fields() -> tuple[Field, ...]:
    return tuple(
        count(f"{kind}_{outcome}", f"{kind.replace('_', ' ').capitalize()} petitions, {outcome}", required=False)
        for kind in PETITION_TYPES
        for outcome in ("approvals", "denials")
    )


_READ: tuple[Table, ...] = (
    Table(
        "uscis_petition_rows",
        "parsed",
        "Rows of the USCIS H-1B Employer Data Hub as printed, all layouts in one form, not yet summed.",
        (
            year("fiscal_year", "Fiscal year, from 1 October of the year before", required=True),
            text("employer", "Petitioner name as printed; null where blank or `Null`"),
            text("tax_id_last4", "Last four digits of the petitioner's EIN, leading zeros restored", pattern=r"\d{4}"),
            text("naics", "Two-digit NAICS sector, 99 unknown; null where blank", pattern=r"\d{2}"),
            _state,
            _city,
            _zip,
            count("initial_approvals", "Approved petitions for initial employment"),
            count("initial_denials", "Denied petitions for initial employment"),
            count("continuing_approvals", "Approved petitions for continuing employment"),
            count("continuing_denials", "Denied petitions for continuing employment"),
            *_petition_type_fields(),
        ),
    ),
    Table(
        "acgme_programs",
        "parsed",
        "Accredited programs from ACGME reports, program detail pages or a compiled program table.",
        (
            text("program_code", "ACGME program code, ten digits", required=True, pattern=r"\d{10}"),
            text("program_name", "Program name as printed", required=True),
            text("specialty_code", "First three digits of the program code", required=True, pattern=r"\d{3}"),
            text("specialty", "Specialty name as printed"),
            text("sponsor_code", "Sponsoring institution's ACGME code", pattern=r"\d{2}[0-9A-Z]\d{3}"),
            text("sponsor_name", "Sponsoring institution's name as printed"),
            _city,
            _state,
            _zip,
            text("accreditation_status", "Accreditation status as printed"),
            day("effective_date", "Effective date of the status"),
            day("original_accreditation_date", "Original accreditation date"),
            count("positions_approved", "Total approved resident positions", required=False),
            count("positions_filled", "Total filled resident positions", required=False),
            text("website", "Program website"),
            year("list_year", "Year of the list the row comes from, where the source says so"),
        ),
        ("program_code",),
    ),
    Table(
        "acgme_participating_sites",
        "parsed",
        "Participating sites of accredited programs.",
        (
            text("program_code", "ACGME program code", required=True, pattern=r"\d{10}"),
            text("sponsor_code", "Sponsoring institution's ACGME code", pattern=r"\d{2}[0-9A-Z]\d{3}"),
            text("site_code", "Participating site's ACGME code", required=True, pattern=r"\d{2}[0-9A-Z]\d{3}"),
            text("site_name", "Participating site's name", required=True),
        ),
        ("program_code", "site_code"),
    ),
    Table(
        "lca_filings",
        "parsed",
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
            text("trade_name_dba", "Employer's trade name"),
            text("employer_city", "Employer's city"),
            text("employer_state", "Employer's state", allowed=STATES),
            text("employer_fein", "Employer's EIN, nine digits", pattern=r"\d{9}"),
            text("naics", "NAICS code as filed"),
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
        "ipeds_institutions",
        "parsed",
        "Institutional characteristics (HD) of the Integrated Postsecondary Education Data System.",
        (
            text("unitid", "IPEDS unit id", required=True, pattern=r"\d{6}"),
            text("name", "INSTNM", required=True),
            texts("aliases", "IALIAS, split"),
            _city,
            _state,
            _zip,
            text("ein", "Employer identification number, nine digits", pattern=r"\d{9}"),
            text("website", "WEBADDR"),
            count(
                "sector",
                "SECTOR: 1 public 4-year, 2 nonprofit 4-year, 3 for-profit 4-year, 4-6 two-year, 7-9 less, 0 administrative",
                required=False,
            ),
            Field(
                "control",
                pa.int64(),
                "CONTROL: 1 public, 2 private nonprofit, 3 private for-profit",
                minimum=1,
                maximum=3,
            ),
            Field("degree_granting", pa.bool_(), "DEGGRANT is 1"),
            Field("has_hospital", pa.bool_(), "HOSPITAL is 1"),
            Field("grants_medical_degree", pa.bool_(), "MEDICAL is 1"),
            flag("active", "CYACTIVE is 1: open in the collection year; null where the layout leaves it out"),
            text("cbsa", "Core-based statistical area code", pattern=r"\d{5}"),
            text("county", "County name"),
        ),
        ("unitid",),
    ),
    Table(
        "cms_hospitals",
        "parsed",
        "CMS Hospital General Information.",
        (
            text("facility_id", "CMS certification number, six characters", required=True, pattern=r"[0-9A-Z]{6}"),
            text("name", "Facility name", required=True),
            _city,
            _state,
            _zip,
            text("county", "County or parish"),
            text("hospital_type", "Hospital type", required=True),
            text("ownership", "Hospital ownership, one of the values CMS uses"),
        ),
        ("facility_id",),
    ),
    Table(
        "irs_exempt_organizations",
        "parsed",
        "IRS Exempt Organizations Business Master File extract.",
        (
            text("ein", "Employer identification number, nine digits", required=True, pattern=r"\d{9}"),
            text("name", "Legal name", required=True),
            text("sort_name", "Second name line: trade name or chapter"),
            _city,
            text("state", "State; null for foreign addresses", allowed=STATES),
            text("zip", "ZIP code as printed"),
            text("group_exemption", "Group exemption number, 0000 if none"),
            text("subsection", "Subsection of 501(c), two digits", pattern=r"\d{2}"),
            text("foundation", "Foundation code, two digits", pattern=r"\d{2}"),
            text("ntee", "NTEE code"),
            number("revenue", "Form 990 revenue", unit="USD"),
        ),
        ("ein",),
    ),
    Table(
        "ror_organizations",
        "parsed",
        "Active research organizations of the United States in the Research Organization Registry.",
        (
            text("ror_id", "ROR id, a URL", required=True),
            text("name", "Name for display", required=True),
            texts("types", "Types such as education, healthcare, nonprofit, company, government, facility"),
            _city,
            text("state", "State", allowed=STATES),
            texts("aliases", "Other names"),
            texts("acronyms", "Acronyms"),
            text("website", "Website"),
            texts("domains", "Web domains"),
            structs(
                "relationships",
                "Links to other organizations",
                pa.struct([("kind", pa.string()), ("name", pa.string()), ("ror_id", pa.string())]),
            ),
        ),
        ("ror_id",),
    ),
    Table(
        "ror_renames",
        "parsed",
        "Renames and mergers between ROR records.",
        (
            text("ror_id", "ROR id of the record", required=True),
            text("kind", "has_predecessor, renamed, …", required=True),
            text("old_name", "Name before", required=True),
            text("new_name", "Name after", required=True),
            text("state", "State", allowed=STATES),
        ),
    ),
    Table(
        "nrmp_tracks",
        "parsed",
        "Positions offered and filled for each NRMP program track and year.",
        (
            text("nrmp_code", "NRMP program code; null where the list leaves it out"),
            _state,
            text("institution", "Institution as NRMP abbreviates it", required=True),
            _city,
            text("specialty", "Specialty or track as printed; null where the list leaves it blank"),
            text("specialty_code", "Three digits taken from the NRMP code", pattern=r"[0-9A-Z]{3}"),
            year("match_year", "Year of the Match", required=True),
            count("quota", "Positions offered", required=False),
            count("matched", "Positions filled", required=False),
        ),
    ),
    Table(
        "ahrq_health_systems",
        "parsed",
        "AHRQ Compendium of US Health Systems.",
        (
            text("health_system_id", "AHRQ id", required=True),
            text("name", "Health system", required=True),
            _city,
            _state,
            Field(
                "teaching_intensity", pa.int64(), "sys_teachint: 0 non-teaching, 1 minor, 2 major", minimum=0, maximum=2
            ),
            flag("majority_investor_owned", "maj_inv_owned is 1"),
            number("residents", "sys_res: interns and residents", minimum=0, unit="full-time equivalents"),
        ),
        ("health_system_id",),
    ),
    Table(
        "ahrq_hospitals",
        "parsed",
        "AHRQ hospital linkage: CMS certification number to health system.",
        (
            text("compendium_hospital_id", "AHRQ id", required=True),
            text("ccn", "CMS certification number"),
            text("name", "Hospital", required=True),
            _city,
            _state,
            _zip,
            text("health_system_id", "AHRQ health system id; null if in no system"),
            text("health_system_name", "Health system"),
        ),
        ("compendium_hospital_id",),
    ),
    Table(
        "ncses_obligations",
        "parsed",
        "Federal science and engineering obligations to nonprofit institutions (NCSES).",
        (
            text("institution", "Nonprofit institution", required=True),
            text("state", "State", allowed=STATES),
            year("fiscal_year", "Federal fiscal year; null where the file does not say"),
            number("obligations", "All agencies", unit="thousand USD", minimum=0),
        ),
    ),
    Table(
        "ncses_ffrdcs",
        "parsed",
        "Federally funded research and development centers and who administers them (NCSES).",
        (
            text("ffrdc", "Center", required=True),
            text(
                "administrator_kind",
                "University, nonprofit or industry",
                allowed=("university", "nonprofit", "industrial firm"),
                required=True,
            ),
            number("rd_expenditures", "Research and development expenditures", unit="thousand USD", minimum=0),
        ),
        ("ffrdc",),
    ),
    Table(
        "ncses_herd",
        "parsed",
        "Higher-education R&D expenditures by institution (NCSES HERD).",
        (
            text("institution", "Institution as NCSES abbreviates it", required=True),
            year("fiscal_year", "Fiscal year", required=True),
            number("rd_expenditures", "All R&D", unit="thousand USD", minimum=0),
            number("federal_rd_expenditures", "Federally financed R&D", unit="thousand USD", minimum=0),
        ),
    ),
    Table(
        "university_domains",
        "parsed",
        "Web domains of universities.",
        (
            text("name", "University", required=True),
            text("state_name", "State or province, in words"),
            texts("domains", "Web domains"),
        ),
    ),
    Table(
        "confirmations",
        "parsed",
        "What a person learned from a program by e-mail, phone or open house.",
        (
            text("program_code", "ACGME program code", required=True, pattern=r"\d{10}"),
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
        "parsed",
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


def _with_snapshot(table: Table) -> Table:
    """Every parsed row knows where it is from; filled when the snapshot is loaded, so a reader alone leaves it null."""
    if "snapshot_id" in table.columns:
        return table
    return replace(table, fields=(*table.fields, text("snapshot_id", "Snapshot the row comes from")))


PARSED: tuple[Table, ...] = tuple(_with_snapshot(table) for table in _READ)
