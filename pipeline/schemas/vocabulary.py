"""Closed vocabularies, and records inside of columns: what a column may hold. Any other value is an error."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from pipeline.schemas.model import record

# USPS Publication 28, appendix B: states, the District, territories, freely associated states, military "states".
STATE_NAMES: Final = {
    "AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AK": "Alaska", "AL": "Alabama",
    "AP": "Armed Forces Pacific", "AR": "Arkansas", "AS": "American Samoa", "AZ": "Arizona", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DC": "District of Columbia", "DE": "Delaware", "FL": "Florida",
    "FM": "Federated States of Micronesia", "GA": "Georgia", "GU": "Guam", "HI": "Hawaii", "IA": "Iowa",
    "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "MA": "Massachusetts", "MD": "Maryland", "ME": "Maine", "MH": "Marshall Islands", "MI": "Michigan",
    "MN": "Minnesota", "MO": "Missouri", "MP": "Northern Mariana Islands", "MS": "Mississippi", "MT": "Montana",
    "NC": "North Carolina", "ND": "North Dakota", "NE": "Nebraska", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NV": "Nevada", "NY": "New York", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "PR": "Puerto Rico", "PW": "Palau", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VA": "Virginia", "VI": "Virgin Islands",
    "VT": "Vermont", "WA": "Washington", "WI": "Wisconsin", "WV": "West Virginia", "WY": "Wyoming",
}  # fmt: skip
STATES: Final = tuple(STATE_NAMES)

VISA_STANCE: Final = ("yes", "no", "case_by_case", "not_stated")
OFFERED: Final = ("yes", "case_by_case")
POLICY_WORDS: Final = {
    "both": "H-1B and J-1", "h1b_case_by_case": "H-1B case by case", "j1_only": "J-1 alone named", "h1b_only": "H-1B only",
    "none": "no visas", "contact": "asks to be contacted", "not_stated": "nothing stated",
}  # fmt: skip
VISA_POLICY: Final = tuple(POLICY_WORDS)
# On which terms an H-1B is given: of its route, of who may have it, of who decides; paused_until is a no until a day,
# case_by_case where no term is named.
CONDITION_WORDS: Final = {
    "transfer_only": "transfer only", "already_in_us": "already in the US", "no_consular": "not through a consulate",
    "us_school_graduates": "US-school graduates", "fellows_only": "fellows only", "residents_only": "residents only",
    "categorical_only": "categorical only", "after_pgy1": "after PGY-1", "exceptional": "exceptional",
    "chair_or_dio_approval": "approval of the chair or DIO", "department_pays": "department pays",
    "limited_number": "limited number", "paused_until": "paused until a day", "case_by_case": "case by case",
}  # fmt: skip
CONDITION: Final = tuple(CONDITION_WORDS)
# By which point of the cycle Step 3 must be passed; calendar_day where a day is named.
STEP3_DUE: Final = (
    "application", "interview", "rank_list", "match", "contract", "petition", "start", "calendar_day",
)  # fmt: skip
YES_NO_NOT_STATED: Final = ("yes", "no", "not_stated")
STATED_WORDS: Final = {"yes": "yes", "no": "no", "case_by_case": "case by case", "not_stated": "not stated"}
SCOPE: Final = ("program", "institution")
# Whose statement is shown beside a program; what another program says of the whole institution is to be confirmed.
EVIDENCE_SCOPE_WORDS: Final = {
    "program": "the program's", "institution": "the institution's, the program may differ",
    "other_program": "another program's, on the whole institution: ask whether it holds here",
}  # fmt: skip
EVIDENCE_SCOPE: Final = tuple(EVIDENCE_SCOPE_WORDS)
EVIDENCE_KIND: Final = ("page", "restated", "confirmed", "directory")
# Directories in which programs answer questions about themselves.
DIRECTORY: Final = ("ama_freida", "residency_explorer")
# What is stated of both visas, at a glance: the one place where the letters are explained.
VISA_CATEGORY_WORDS: Final = {
    "A": "H-1B sponsored", "B": "H-1B case by case", "J": "J-1 accepted, H-1B left open", "C": "J-1 only, no H-1B",
    "D": "no H-1B, J-1 not stated", "N": "no visas", "?": "needs confirmation",
}  # fmt: skip
VISA_CATEGORY: Final = tuple(VISA_CATEGORY_WORDS)
REDIRECT_KIND: Final = ("merged", "split")
CHANGE_CAUSE: Final = ("other_statement", "read_again", "first_statement", "withdrawn")

# What a line of delta.jsonl tells of, and which fields of it are compared. A program and a petitioner come, go or change; of the
# others the value comes (nothing was known), goes (nothing is known any more) or changes.
DELTA_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "program": ("program_name", "specialty", "institution_id", "institution", "city", "state", "accreditation"),
    "policy": (
        "h1b_stated", "j1_stated", "step3_required_for_h1b", "step3_deadline", "conditions", "routes", "paused_until",
    ),
    "tier": ("sponsor_tier",),
    "filings": ("trainee_filings_same_specialty_recent",),
    "cap_exemption": ("cap_exempt_category",),
    "freeze": ("state_freeze", "state_freeze_until"),
    "petitioner": ("petitioner_id", "name", "cap_exempt_category"),
}  # fmt: skip
DELTA_KIND: Final = tuple(DELTA_FIELDS)
DELTA_CHANGE: Final = ("added", "removed", "changed")
# What became of a program between two releases, in the order of the answer -> what it means.
PROGRAM_CHANGES: Final = {
    "newly_states": "an H-1B is stated now, and was not before",
    "withdrew": "an H-1B was stated, and now it is stated that there is none",
    "no_longer_states": "an H-1B was stated, and nothing at hand says so now: that is no no",
    "states_otherwise": "what is stated of H-1B, J-1 or their terms differs otherwise",
    "read_otherwise": "the same evidence gives another answer: the program itself need not have changed anything",
    "freeze_began": "an order of a state not to file new petitions binds its petitioner now",
    "freeze_ended": "no order of a state binds its petitioner any more",
    "freeze_changed": "another order of a state binds its petitioner, or another last day of it",
    "started_filing": "applications for trainees of the specialty within 24 months, none before",
    "stopped_filing": "none within 24 months any more: the files at hand are a part, so it is no no",
    "new_in_list": "the earlier list did not have it",
    "left_list": "the list does not have it any more: lists at hand may lack a program that goes on",
}
ISSUE_KIND: Final = ("gate", "absent_source", "law", "quarantine", "review")

# Types of petition in the layouts of the Employer Data Hub that tell them apart.
PETITION_TYPES: Final = (
    "new_employment", "continuation", "change_same_employer", "new_concurrent", "change_of_employer", "amended",
)  # fmt: skip

RELATION_WORDS: Final = {"same": "the institution itself, or who employs its trainees", "affiliate": "tied to it"}
RELATION: Final = tuple(RELATION_WORDS)
DECISION: Final = ("accepted", "review", "rejected")

TRAINEE_LEVEL: Final = (
    "resident", "fellow", "trainee_unspecified", "attending_or_faculty", "research", "non_physician",
)  # fmt: skip

# Statuses of a prevailing wage request that a determination was issued on (Form ETA-9141 disclosure).
PWD_DETERMINED: Final = (
    "Determination Issued", "Redetermination Affirmed", "Redetermination Modified",
    "Center Director Review Affirmed Determination", "Center Director Review Modified Determination",
)  # fmt: skip

# Categories of employers that seem exempt from the cap: the one list of them.
EXEMPT_CATEGORIES: Final = (
    "exempt_higher_ed", "exempt_affiliated_nonprofit", "exempt_nonprofit_research", "exempt_government_research",
    "likely_exempt",
)  # fmt: skip
CAP_EXEMPT_WORDS: Final = {
    "exempt_higher_ed": "exempt, higher education", "exempt_affiliated_nonprofit": "exempt, tied to a school",
    "exempt_nonprofit_research": "exempt, nonprofit research", "exempt_government_research": "exempt, government research",
    "likely_exempt": "likely exempt", "likely_cap_subject": "no exemption found", "unknown": "unknown",
}  # fmt: skip
CAP_EXEMPT_CATEGORY: Final = tuple(CAP_EXEMPT_WORDS)
# How much one piece of evidence weighs, the most first (docs/methods/cap_exemption.md).
STRENGTH: Final = ("A", "B", "C")
# How a petitioner was found in a source, the surest first; `none` where only its own name and industry speak.
RESOLUTION: Final = ("tax_id_name", "name_state", "link", "name_pattern", "fuzzy", "none")
CONFIDENCE: Final = ("high", "medium", "low")
SPONSOR_TIER_WORDS: Final = {
    "sponsors": "sponsors", "case_by_case": "case by case", "likely": "likely", "possible": "possible",
    "conflicting": "conflicting", "j1_only": "J-1 only, no H-1B", "none": "none", "unknown": "unknown",
}  # fmt: skip
SPONSOR_TIER: Final = tuple(SPONSOR_TIER_WORDS)
COVERAGE: Final = ("full", "partial")
EMPLOYMENT: Final = ("new", "change_of_employer", "continuing", "several")
# What a petition through a consulate cost on the day on which its application was received (reference/law/regimes.csv).
# no_payment is for other routes, not_known for an application whose day no one knows.
PAYMENT_REGIME: Final = ("before_payment", "payment_demanded", "payment_suspended", "no_payment", "not_known")
# How a trainee comes to hold an H-1B.
ROUTE: Final = ("consulate", "change_of_status", "transfer_or_extension")
# Whether a list has a program of the Match: beyond doubt, perhaps under another name, or not.
MATCH_COVERAGE: Final = ("listed", "in_doubt", "missing")
GROUPED_BY: Final = ("total", "level", "specialty", "state", "specialty_state", "specialty_city")
PROGRAM_LEVEL: Final = ("specialty", "subspecialty")
LIGHT: Final = ("green", "yellow", "red")
# Where an applicant stands with a program.
CONTACT: Final = ("to_ask", "asked", "answered")
# Kinds of positions in the Match. Transitional years are preliminary ones of no specialty; physician_only is for those who have
# trained before; primary_care is categorical, too.
TRACK_KIND: Final = (
    "categorical", "preliminary", "transitional", "advanced", "physician_only", "primary_care", "fellowship",
)  # fmt: skip
# Kinds of positions of one year, before another specialty.
PRELIMINARY: Final = frozenset({"preliminary", "transitional"})
# Where a program stands with its accreditation, as listed.
ACCREDITATION_WORDS: Final = {
    "accredited": "accredited", "new": "new", "warning": "warning", "probation": "probation", "withdrawn": "withdrawn",
    "not_listed": "not told by the lists at hand",
}  # fmt: skip
ACCREDITATION: Final = tuple(ACCREDITATION_WORDS)

# One piece of evidence: where a claim comes from, so that a person can go and look.
EVIDENCE: Final = record(
    ("source", pa.string(), "Source id of the archive, e.g. ipeds_hd"),
    ("snapshot", pa.string(), "Snapshot id: source, day, first eight digits of the SHA-256"),
    ("locator", pa.string(), "Row key, block or URL inside the snapshot"),
    ("field", pa.string(), "The source's own name of the field"),
    ("value", pa.string(), "What it says there, or the sentence"),
    ("strength", pa.string(), "A, B or C as in the method on cap exemption"),
    ("signal", pa.string(), "What a rule takes from it, a word of the rules' own vocabulary"),
)

# One petitioner of an institution, as the list shows it.
PETITIONER: Final = record(
    ("petitioner_id", pa.string(), "Petitioner, in table petitioners"),
    ("name", pa.string(), "Its name as printed most"),
    ("relation", pa.string(), "same: the institution or the employer of its trainees; affiliate: tied to it"),
    ("initial_approvals", pa.int64(), "Approved petitions for initial employment over petition_years"),
    ("continuing_approvals", pa.int64(), "Approved petitions for continuing employment over petition_years"),
    ("files_for", pa.int64(), "Institutions of the list that it is linked to"),
    (
        "attributed",
        pa.bool_(),
        "Counted as the institution's or its affiliates'; if not, it files for several and is not counted here",
    ),
    ("cap_exempt_category", pa.string(), "Inferred category of cap exemption"),
    ("cap_exempt_basis", pa.string(), "What the category rests on"),
    ("cap_exempt_confidence", pa.string(), "Confidence of the category"),
)

# Applications for trainees of one institution, counted.
FILINGS_BY_REGIME: Final = record(
    ("payment_regime", pa.string(), "What a new petition through a consulate cost on the day of receipt"),
    ("employment", pa.string(), "New, change of employer or continuing; null where the layouts don't say"),
    ("same_specialty", pa.int64(), "Applications of the same specialty"),
    ("any_specialty", pa.int64(), "Applications of any specialty"),
)

# Positions of one kind that a program offered in the newest Match known.
MATCH_TRACK: Final = record(
    ("kind", pa.string(), "Kind of position: categorical, preliminary, advanced and so on"),
    ("offered", pa.int64(), "Positions offered"),
    ("filled", pa.int64(), "Positions filled"),
    ("match_year", pa.int64(), "Year of the Match"),
)

# Another program of the institution that leads to this one, or to which this one leads.
RELATED_PROGRAM: Final = record(
    ("program_code", pa.string(), "ACGME code of the other program"),
    ("specialty", pa.string(), "Its specialty"),
    ("relation", pa.string(), "combined, part, before or after"),
)

# Words for people, by column of the list, where a value is more than a word.
VALUE_WORDS: Final[dict[str, dict[str, str]]] = {
    "visa_category": VISA_CATEGORY_WORDS, "policy": POLICY_WORDS, "conditions": CONDITION_WORDS, "sponsor_tier": SPONSOR_TIER_WORDS,
    "cap_exempt_category": CAP_EXEMPT_WORDS, "evidence_scope": EVIDENCE_SCOPE_WORDS, "accreditation": ACCREDITATION_WORDS,
}  # fmt: skip
