"""Tables of public registers: who an institution is, who owns it, what it researches; nothing is inferred in them."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from pipeline.schemas.fields import CITY, FACILITY, PLACE, STATE, with_snapshots
from pipeline.schemas.model import Field, Table, count, flag, number, record, structs, text, texts, year
from pipeline.schemas.vocabulary import STATES

REGISTERS: Final = with_snapshots(
    Table(
        "ipeds_institutions",
        "Institutional characteristics (HD) of the Integrated Postsecondary Education Data System.",
        (
            text("unitid", "IPEDS unit id", required=True, pattern=r"\d{6}"),
            text("name", "INSTNM", required=True),
            texts("aliases", "IALIAS, split"),
            *PLACE,
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
            flag("degree_granting", "DEGGRANT is 1"),
            flag("has_hospital", "HOSPITAL is 1"),
            flag("grants_medical_degree", "MEDICAL is 1"),
            flag("active", "CYACTIVE is 1: open in the collection year; null where the layout leaves it out"),
            text("cbsa", "Core-based statistical area code", pattern=r"\d{5}"),
            text("county", "County name"),
        ),
        ("unitid",),
    ),
    Table(
        "cms_hospitals",
        "CMS Hospital General Information.",
        (
            *FACILITY,
            text("county", "County or parish"),
            text("hospital_type", "Hospital type", required=True),
            text("ownership", "Hospital ownership, one of the values CMS uses"),
        ),
        ("facility_id",),
    ),
    Table(
        "cms_hospital_names",
        "What CMS called each hospital, in all files of Hospital General Information that are used, a row a name.",
        (
            text("facility_id", "CMS certification number", required=True),
            text("name", "Facility name", required=True),
            *PLACE,
            text("vintage", "The newest layout that has the name: current, before 2024, before 2020", required=True),
        ),
        ("facility_id", "name"),
    ),
    Table(
        "cms_provider_of_services",
        "Hospitals of the CMS Provider of Services file, as of the last survey of each.",
        (
            *FACILITY,
            text(
                "ownership",
                "GNRL_CNTL_TYPE_CD in the words of CMS Hospital General Information",
            ),
            text(
                "medical_school_affiliation",
                "MDCL_SCHL_AFLTN_CD: major, limited, graduate or none; null where not stated",
                allowed=("major", "limited", "graduate", "none"),
            ),
            flag("residency_allopathic", "Has allopathic residency programs"),
            flag("residency_osteopathic", "Has osteopathic residency programs"),
            flag("residency_dental", "Has dental residency programs"),
            flag("residency_other", "Has other residency programs"),
            count("resident_physicians", "RSDNT_PHYSN_CNT: resident physicians", required=False),
            flag("active", "PGM_TRMNTN_CD is 00: still certified"),
        ),
        ("facility_id",),
    ),
    Table(
        "irs_exempt_organizations",
        "IRS Exempt Organizations Business Master File extract.",
        (
            text("ein", "Employer identification number, nine digits", required=True, pattern=r"\d{9}"),
            text("name", "Legal name", required=True),
            text("sort_name", "Second name line: trade name or chapter"),
            CITY,
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
        "Active research organizations of the United States in the Research Organization Registry.",
        (
            text("ror_id", "ROR id, a URL", required=True),
            text("name", "Name for display", required=True),
            texts("types", "Types such as education, healthcare, nonprofit, company, government, facility"),
            CITY,
            text("state", "State", allowed=STATES),
            texts("aliases", "Other names"),
            texts("acronyms", "Acronyms"),
            text("website", "Website"),
            texts("domains", "Web domains"),
            structs(
                "relationships",
                "Links to other organizations",
                record(
                    ("kind", pa.string(), "Kind of the link: parent, child, related, predecessor, successor"),
                    ("name", pa.string(), "Name of the other organization"),
                    ("ror_id", pa.string(), "Its ROR id"),
                ),
            ),
        ),
        ("ror_id",),
    ),
    Table(
        "ahrq_health_systems",
        "AHRQ Compendium of US Health Systems.",
        (
            text("health_system_id", "AHRQ id", required=True),
            text("name", "Health system", required=True),
            CITY,
            STATE,
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
        "AHRQ hospital linkage: CMS certification number to health system.",
        (
            text("compendium_hospital_id", "AHRQ id", required=True),
            text("ccn", "CMS certification number"),
            text("name", "Hospital", required=True),
            *PLACE,
            text("health_system_id", "AHRQ health system id; null if in no system"),
            text("health_system_name", "Health system"),
        ),
        ("compendium_hospital_id",),
    ),
    Table(
        "ncses_obligations",
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
        "university_domains",
        "Web domains of universities.",
        (
            text("name", "University", required=True),
            text("state_name", "State or province, in words"),
            texts("domains", "Web domains"),
        ),
    ),
)
