"""The sentences that explain a sponsor tier, built from the facts and nothing else.

What belongs here: sentences. Which tier follows from the facts is in `rules.py`.
"""

from __future__ import annotations

from functools import reduce
from typing import Final

import numpy as np
import pandas as pd

from pipeline.law.regimes import DEMANDED, SUSPENDED, payment_began
from pipeline.law.words import payment_day, payment_sum
from pipeline.policies.statement_dates import year_only
from pipeline.schemas.recent_periods import RECENT_MONTHS
from pipeline.schemas.vocabulary import CONDITION_WORDS, OFFERED

# The fiscal year that ended nine days after the payment began.
_LAST_YEAR_BEFORE_PAYMENT: Final = payment_began().year
_PAYMENT: Final = f"{payment_day()}, when {payment_sum()} with new petitions began"
_WHILE: Final = {DEMANDED: " while it was demanded", SUSPENDED: " while it was suspended"}
_FILED: Final = "The institution's petitioners filed "
_LCA: Final = ("labor condition application", "labor condition applications")
_H1B: Final = {
    "yes": "that H-1B is sponsored",
    "case_by_case": "that H-1B is sponsored on conditions or case by case",
    "no": "that H-1B is not sponsored",
}
_WHOSE: Final = {"institution": "the institution", "other_program": "another program"}
_J1: Final = {"yes": "; J-1 is sponsored", "case_by_case": "; J-1 case by case", "no": "; J-1 is not sponsored"}
_EXEMPT: Final = {
    "exempt_higher_ed": "as an institution of higher education",
    "exempt_affiliated_nonprofit": "as a nonprofit affiliated with an institution of higher education",
    "exempt_nonprofit_research": "as a nonprofit research organization",
    "exempt_government_research": "as a governmental research organization",
    "likely_exempt": "on weaker evidence",
}
_NOTHING: Final = (
    "Nothing is known of visas here: no statement, and no application for a trainee or petition of an employer that we know to "
    "be the institution's. Silence is not a no."
)


def tier_reasons(facts: pd.DataFrame) -> pd.Series:
    """Return a list of sentences for each program of `facts` (see `facts_of`), the weightiest first; never an empty one."""
    stated = _stated(facts)
    parts = [
        _conditions(facts).where(stated.notna()),
        _age(facts).where(stated.notna()),
        _same_specialty(facts),
        _other_specialties(facts),
        _payment(facts),
        _petitions(facts),
        _affiliates(facts),
        _cap(facts),
    ]
    otherwise = [_listed(cell) for cell in facts["other_policies"]]
    lines = [
        [line for line in (first, *differing, *rest) if isinstance(line, str)] or [_NOTHING]
        for first, differing, *rest in zip(stated, otherwise, *parts, strict=True)
    ]
    return pd.Series(lines, index=facts.index, dtype="object")


def _listed(cell: object) -> list[str]:
    return list(cell) if isinstance(cell, (list, np.ndarray)) else []


def _sentence(index: pd.Index, *parts: str | pd.Series) -> pd.Series:
    """Join texts row by row; null where a part is."""
    columns = [pd.Series(part, index=index, dtype="str") if isinstance(part, str) else part for part in parts]
    return reduce(lambda left, right: left.str.cat(right), columns[1:], columns[0])


def _day(dates: pd.Series) -> pd.Series:
    """Return days in words: 5 July 2025; null where there is none."""
    return dates.dt.strftime("%d %B %Y").astype("str").str.lstrip("0")


def _count(count: pd.Series, one: str = "", many: str = "") -> pd.Series:
    """Return counts with their noun: `1 application`, `1,204 applications`."""
    noun = pd.Series(np.where(count == 1, f" {one}", f" {many}"), index=count.index, dtype="str").str.rstrip()
    return count.map("{:,}".format).astype("str").str.cat(noun)


def _stated(facts: pd.DataFrame) -> pd.Series:
    """Say what is stated, by whom, how and when; null where nothing is."""
    index = facts.index
    whose = facts["evidence_scope"].map(_WHOSE).astype("str").fillna("the program")
    dates = facts["evidence_date"]
    day = _day(dates).mask(year_only(dates, facts["evidence_kind"]), dates.dt.strftime("%Y"))
    saved = _day(facts["evidence_saved_on"])
    of = _sentence(index, " of ", day).fillna(_sentence(index, ", saved on ", saved, ",")).fillna(" without a date")
    given = _sentence(index, " (", day, ")").fillna(_sentence(index, " (saved on ", saved, ")")).fillna(" (no date)")
    kind = facts["evidence_kind"]
    speaker = _sentence(index, "A page of ", whose, of, " says ")
    speaker = speaker.mask(
        kind == "restated", _sentence(index, "A policy of ", whose, of, ", restated in other words, says ")
    )
    speaker = speaker.mask(kind == "confirmed", _sentence(index, "A person was told by ", whose, given, " "))
    speaker = speaker.mask(
        kind == "directory", _sentence(index, "In a directory, the program itself answered", given, " ")
    )
    no_j1 = facts["j1_stated"] == "no"
    silent = facts["h1b_stated"] == "not_stated"
    j1 = facts["j1_stated"].map(_J1).astype("str").fillna("; J-1 isn't mentioned")
    stated = _sentence(index, speaker, facts["h1b_stated"].map(_H1B).astype("str"), j1, ".")
    stated = stated.mask(silent & no_j1, speaker + "that J-1 is not sponsored, and nothing of H-1B.")
    stated = stated.mask(facts["j1_alone"], speaker + "that J-1 is sponsored, and nothing of H-1B, which is not a no.")
    asks = silent & (facts["policy"] == "contact") & ~no_j1
    stated = stated.mask(asks, speaker + "to ask about H-1B; it doesn't answer the question.")
    elsewhere = facts["evidence_scope"] == "other_program"
    return stated.mask(
        elsewhere, stated + " It speaks of the whole institution; ask whether that holds for this program."
    )


def _conditions(facts: pd.DataFrame) -> pd.Series:
    """Name the conditions (transfer_only, …) that a page states, or the day until which its no holds; null where it states none."""
    sentences = [
        "Conditions stated: " + ", ".join(CONDITION_WORDS[name] for name in some) + "." if some else None
        for some in map(_listed, facts["conditions"])
    ]
    stated = pd.Series(sentences, index=facts.index, dtype="str").where(facts["h1b_stated"].isin(OFFERED))
    paused = _sentence(facts.index, "No new petitions are filed until ", _day(facts["paused_until"]), ".")
    return stated.fillna(paused)


def _age(facts: pd.DataFrame) -> pd.Series:
    """Say that a statement is undated, old or from before the payment; null where it is none of these."""
    undated = facts["evidence_date"].isna()
    sentences = np.select(
        [undated & facts["outdated"], undated, ~facts["fresh"], facts["outdated"]],
        [
            f"The statement has no date. It is older than {_PAYMENT}: it may have changed.",
            "The statement has no date.",
            f"The statement is more than {RECENT_MONTHS} months old: it may have changed.",
            f"The statement is older than {_PAYMENT}: it may have changed.",
        ],
        "",
    )
    return pd.Series(sentences, index=facts.index, dtype="str").replace("", None)


def _same_specialty(facts: pd.DataFrame) -> pd.Series:
    count = facts["trainee_filings_same_specialty"]
    recent = facts["trainee_filings_same_specialty_recent"]
    newest = _sentence(facts.index, " (the newest begins ", _day(facts["latest_trainee_filing_same_specialty"]), ")")
    filed = _sentence(
        facts.index, _FILED, _count(count, *_LCA), " for trainees of this specialty", newest.fillna(""), ": "
    )
    return filed.str.cat(_lately(facts, count, recent)).where(count > 0)


def _other_specialties(facts: pd.DataFrame) -> pd.Series:
    count, recent = (
        (facts[f"trainee_filings_any_specialty{when}"] - facts[f"trainee_filings_same_specialty{when}"]).clip(lower=0)
        for when in ("", "_recent")
    )
    filed = _sentence(facts.index, _FILED, _count(count, *_LCA), " for trainees of another specialty or none named: ")
    return filed.str.cat(_lately(facts, count, recent)).where(count > 0)


def _lately(facts: pd.DataFrame, count: pd.Series, recent: pd.Series) -> pd.Series:
    """Say how many of `count` applications are recent."""
    of = _sentence(facts.index, f" within {RECENT_MONTHS} months before ", _day(facts["as_of"]), " or later.")
    some = (
        _count(recent, "begins", "begin").mask(recent == count, "all begin").mask(count == 1, "it begins").str.cat(of)
    )
    return some.mask(recent == 0, f"none in the last {RECENT_MONTHS} months, so this is past practice only.")


def _payment(facts: pd.DataFrame) -> pd.Series:
    """Say under which regimes of the payment the applications were received, once the list is of a day after it began."""
    count, before = facts["trainee_filings_any_specialty"], facts["trainee_filings_before_payment"]
    nothing = pd.Series("", index=facts.index, dtype="str")
    parts = [
        _sentence(facts.index, "Of the applications ", _count(before, "was", "were"), f" received before {_PAYMENT}")
    ]
    known = before
    for regime, words in _WHILE.items():
        received, new = facts[f"trainee_filings_{regime}"], facts[f"trainee_filings_{regime}_new"]
        of_these = _sentence(facts.index, ", ", _count(new), " of them for new employment").where(new > 0, "")
        parts.append(_sentence(facts.index, "; ", _count(received), words, of_these).where(received > 0, nothing))
        known = known + received
    open_ones = count - known
    parts.append(
        _sentence(facts.index, "; of ", _count(open_ones), " the day isn't known").where(open_ones > 0, nothing)
    )
    split = reduce(lambda left, right: left.str.cat(right), parts) + "."
    none_since = f"All of these were received before {_PAYMENT}; that doesn't show willingness now."
    return split.mask(before == count, none_since).where((count > 0) & (facts["as_of"] >= payment_began()))


def _petitions(facts: pd.DataFrame) -> pd.Series:
    years = facts["petition_years"].astype("str")
    last = pd.to_numeric(years.str.extract(r"(\d{4})\D*$", expand=False))
    before = last.fillna(_LAST_YEAR_BEFORE_PAYMENT) <= _LAST_YEAR_BEFORE_PAYMENT
    when = pd.Series("partly after", index=facts.index, dtype="str").mask(before, "before")
    approved = _sentence(
        facts.index,
        "USCIS approved ",
        _count(facts["initial_approvals"], "petition", "petitions"),
        " of the institution's petitioners for initial and ",
        _count(facts["continuing_approvals"]),
        " for continuing employment in fiscal years ",
        years.fillna("known"),
        ", ",
        when,
        f" the payment of {payment_began():%B %Y} began; for which positions, the data doesn't say.",
    )
    return approved.where(facts["petitions"] > 0)


def _affiliates(facts: pd.DataFrame) -> pd.Series:
    approved = _sentence(
        facts.index,
        "Affiliated petitioners had ",
        _count(facts["affiliate_initial_approvals"], "initial approval", "initial approvals"),
        " and ",
        _count(facts["affiliate_continuing_approvals"]),
        " continuing in the same years; whether they employ the trainees isn't known.",
    )
    return approved.where(facts["affiliate_petitions"] > 0)


def _cap(facts: pd.DataFrame) -> pd.Series:
    how = facts["cap_exempt_category"].map(_EXEMPT).astype("str")
    lead = "Of the institution's own petitioners, the one that files most seems "
    end = " (inferred): how hard sponsoring would be, not whether they do."
    exempt = _sentence(facts.index, lead, "exempt from the cap ", how, end)
    subject = f"{lead}subject to the cap (inferred): a new petition would need the lottery."
    return exempt.mask(facts["cap_exempt_category"] == "likely_cap_subject", subject)
