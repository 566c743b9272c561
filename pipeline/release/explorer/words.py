"""The words of the explorer for the closed vocabularies of the registry, and which of their values say that nothing is known.

What belongs here: words for values. What a column means comes from its description in the registry.
"""

from __future__ import annotations

from typing import Final

from pipeline.schemas.registry import table
from pipeline.schemas.vocabulary import (
    PAYMENT_REGIME,
    RELATION_WORDS,
    STATE_NAMES,
    STATED_WORDS,
    STEP3_DUE,
    VALUE_WORDS,
    VISA_CATEGORY,
    VISA_CATEGORY_WORDS,
)

LIST: Final = "functional_h1b_sponsors"
# How a value is coloured: yes, maybe, inferred, other, no, unknown. What is unknown has a colour of its own, never that of a no.
TONES: Final[dict[str, dict[str, str]]] = {
    "visa_category": dict(zip(VISA_CATEGORY, ("yes", "maybe", "unknown", "other", "no", "no", "unknown"), strict=True)),
    "sponsor_tier": {
        "sponsors": "yes", "case_by_case": "maybe", "likely": "inferred", "possible": "inferred", "conflicting": "other",
        "j1_only": "other", "none": "no", "unknown": "unknown",
    },
}  # fmt: skip
_REGIMES: Final = (
    "before the payment", "while the payment was demanded", "while the payment was suspended", "on a route without it",
    "on a day not known",
)  # fmt: skip
_OWN: Final[dict[str, dict[str, str]]] = {
    **VALUE_WORDS,
    "state": STATE_NAMES,
    "visa_category": {sign: f"{sign}: {text}" for sign, text in VISA_CATEGORY_WORDS.items()},
    "routes": {
        "consulate": "from abroad, through a consulate",
        "change_of_status": "change of status in the US",
        "transfer_or_extension": "transfer or extension of an H-1B",
    },
    "evidence_kind": {
        "page": "quoted from a page",
        "restated": "a published policy in other words, no quotation",
        "confirmed": "told to a person",
        "directory": "the program's own answer in a directory",
    },
}
STEP3: Final = {
    **{f"by_{point}": f"required by the {point.replace('_', ' ')}" for point in STEP3_DUE},
    "by_calendar_day": "required by a day named",
    "yes": "required, by when is not stated",
    "no": "not required",
    "not_stated": "not stated",
}
OPEN_POINTS: Final = {  # of applicants/questions.open_points
    "yes": "An H-1B is stated; whether that still holds is worth asking.",
    "case_by_case": "An H-1B is decided case by case: on which conditions, and by whom, is open.",
    "no": "An H-1B is denied; whether that still holds is open.",
    "no_and_j1_open": "An H-1B is denied, and nothing is stated on the J-1.",
    "conflicting": "What is stated and what was filed contradict each other.",
    "j1_alone": "A J-1 is stated, and nothing on an H-1B: that is no denial.",
    "contact": "It asks to be contacted about visas.",
    "silent": "Nothing is stated on visas: that is neither a yes nor a no.",
    "institution_policy": "It is the institution's policy: the program may have a rule of its own.",
    "self_reported": "It is the program's own answer in a directory.",
    "undated": "The statement has no date.",
    "transfer_only": "An H-1B is for those who hold one already, as stated.",
    "in_us": "An H-1B is for those in the United States, as stated.",
    "paused": "New petitions are paused until a day.",
    "old": "The statement is more than two years old.",
    "step3": "Whether Step 3 must be passed, or by when, is not known.",
    "step3_old": "When Step 3 must be passed was stated long ago or without a date.",
    "j1": "Nothing is stated on the J-1.",
}
_FURTHER: Final = {
    "payment_regime": dict(zip(PAYMENT_REGIME, _REGIMES, strict=True)),
    "relation": RELATION_WORDS,
    "related": {
        "combined": "combined with it",
        "part": "a part of it",
        "before": "trained in before it",
        "after": "may follow it",
    },
    "coverage": {"full": "the whole year", "partial": "a part of the year only"},
    "open_points": OPEN_POINTS,
    "step3": STEP3,
    "level": {
        "residency": "residency", "fellowship": "fellowship", "combined": "combined residency",
        "preliminary": "preliminary or transitional year",
    },
    "likelihood": {
        "stated": "not inferred: a policy is stated", "50": "50 % and more", "25": "25 to 50 %", "10": "10 to 25 %",
        "0": "less than 10 %",
    },
    "freeze": {"frozen": "new petitions frozen", "none_known": "no order known"},
    "size": {"0": "1 to 5", "6": "6 to 10", "11": "11 to 20", "21": "21 to 50", "51": "more than 50"},
    "age": {
        "0": "half a year at most", "half": "half a year to a year", "1": "one to two years", "2": "more than two years",
        "undated": "stated without a date",
    },
    "change": {
        "first_statement": "states a policy for the first time",
        "other_statement": "another statement decides now",
        "read_again": "the same page, read otherwise",
        "withdrawn": "statement withdrawn",
        "same": "as in the release before",
    },
}  # fmt: skip


def words() -> dict[str, dict[str, str]]:
    """Return by column the words for each value of its vocabulary: our own, else the value without underscores."""
    listed = {
        field.name: {value: STATED_WORDS.get(value, value.replace("_", " ")) for value in field.allowed}
        | _OWN.get(field.name, {})
        for field in table(LIST).fields
        if field.allowed
    }
    return listed | _FURTHER
