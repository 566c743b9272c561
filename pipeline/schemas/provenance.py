"""What the tables of a release are made from, and the caveats of each: for the data dictionary and the data package.

What belongs here: sources and usage warnings by table. What a table says is in the file of its room, what a source is in `sources/`.
"""

from __future__ import annotations

from typing import Final

_INSTITUTIONS: Final = (
    "acgme",
    "ipeds_hd",
    "cms_hospitals",
    "cms_provider_of_services",
    "irs_eo_bmf",
    "ror",
    "ahrq_compendium",
)
_POLICIES: Final = ("program_pages", "policy_facts", "confirmations", "directory_pages")
_FILINGS: Final = ("dol_lca",)
_EXEMPTION: Final = (
    "uscis_h1b_employers", *_INSTITUTIONS, "dol_lca", "dol_pwd", "ncses", "university_domains", "nrmp",
)  # fmt: skip
_LINKS: Final = ("uscis_h1b_employers", *_INSTITUTIONS, "dol_lca", "nrmp")
_LIST: Final = (*_EXEMPTION, *_POLICIES)
_CALENDAR: Final = "Years whose file is partial undercount: see fiscal_year and coverage in table petitions, part and unused_reason in table snapshots."
_PAST: Final = "Counts are of the past: they do not show present willingness to sponsor."
_INFERRED: Final = "Inferred from public data: no finding of USCIS, and no legal advice."

# Ids of the sources of each table; () where it tells of the release itself.
SOURCES_OF: Final[dict[str, tuple[str, ...]]] = {
    "functional_h1b_sponsors": _LIST,
    "likelihood_calibration": _LIST,
    "policy_changes": _POLICIES,
    "institutions": _INSTITUTIONS,
    "petitioners": ("uscis_h1b_employers",),
    "redirects": (),
    "petitioner_links": _LINKS,
    "petitions": ("uscis_h1b_employers",),
    "visa_policies": _POLICIES,
    "directory_answers": ("directory_pages",),
    "trainee_filings": _FILINGS,
    "cap_exemption": _EXEMPTION,
    "institution_cap_exemption": _EXEMPTION,
    "review_queue": _LIST,
    "coverage": ("acgme", "nrmp"),
    "programs_missing": ("acgme", "nrmp"),
    "unmatched_sponsors": _LINKS,
    "conflicting_links": _LINKS,
    "unmet_judgements": (),
    "quarantine": (),
    "snapshots": (),
}

# Warnings for those who compute with a table, a sentence each.
WARNINGS_OF: Final[dict[str, tuple[str, ...]]] = {
    "functional_h1b_sponsors": (
        "Approvals, filings of any specialty and cap exemption are the institution's and repeat in each of its programs: don't sum them over programs.",
        "The same petitioner may stand with several institutions in `petitioners`: don't sum over institutions either; sum table petitions.",
        _PAST,
        _INFERRED,
    ),
    "petitions": (
        _CALENDAR,
        "Most petitions of a university or hospital are for others than residents and fellows: the data has no job titles.",
        _PAST,
    ),
    "petitioners": ("Approvals are over all fiscal years of the release, partial ones too.", _PAST),
    "petitioner_links": (
        "Only rows whose decision is `accepted` are links; the others show what was considered.",
        "A petitioner site may be linked to several institutions: don't sum its petitions over links.",
    ),
    "visa_policies": (
        "One program may have several rows: which of them counts is in the list.",
        "What is `restated` is no quotation.",
    ),
    "directory_answers": ("Answers of programs about themselves; one that is missing is no no.",),
    "trainee_filings": (
        "An application covers one or more workers and is followed by a petition or not: don't add it to petitions.",
        _PAST,
    ),
    "cap_exemption": (_INFERRED,),
    "institution_cap_exemption": (_INFERRED,),
    "coverage": ("Rows of several groupings stand in one table: choose one value of grouped_by before you sum.",),
    "likelihood_calibration": (
        "Rows of several groupings stand in one table: choose one value of grouped_by before you sum.",
    ),
    "unmatched_sponsors": ("No known petitioner is no proof that an institution never filed.",),
}
