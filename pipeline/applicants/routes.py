"""Which ways to a visa are closed to one applicant: by place, school and citizenship, by an order of a state, by a deadline for Step 3.

What belongs here: terms, orders and holds held against a profile. A statement that limits no route closes none.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple, Self

import pandas as pd

from pipeline.applicants.holds import held_everywhere, routes_left
from pipeline.applicants.profile import WHERE_WORDS, Profile
from pipeline.applicants.rows import next_july
from pipeline.applicants.step3 import too_late
from pipeline.schemas.vocabulary import CONDITION_WORDS, OFFERED

_OF_ROUTES = ("transfer_only", "already_in_us", "no_consular")
_SCHOOL = "us_school_graduates"
_FILED_BY = (4, 1)  # month and day before the start: petitions for July are filed in spring (docs/guide.md)


class Limits(NamedTuple):
    """What limits an H-1B, one value a row of the list: the stated H-1B, its conditions and routes, the day of the list, and the order
    of a state that closes it in words, None for none."""

    stances: list[str]
    conditions: list[frozenset[str]]
    routes: list[frozenset[str]]
    days: list[dt.date]
    orders: list[str | None]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Self:
        """Return the limits of rows of the list, with h1b_stated, conditions, routes, state_freeze, state_freeze_until, as_of."""
        orders = closed_by_state(rows)
        return cls(
            rows["h1b_stated"].tolist(),
            [*map(frozenset, rows["conditions"])],
            [*map(frozenset, rows["routes"])],
            rows["as_of"].dt.date.tolist(),
            orders.astype("object").where(orders.notna(), None).tolist(),
        )

    def closed_to(self, profile: Profile) -> list[str | None]:
        """Return in words why each closes an H-1B to the applicant: a hold, its own terms, an order of the state; None where none does.

        Transfers and graduates of American schools are two doors: who has one of them is let in.
        """
        held = {day: held_everywhere(profile, "H-1B", day) for day in set(self.days)}
        left = {day: routes_left(profile, "H-1B", day) for day in held}
        return [
            held[day] or (_closed(conditions, routes, profile, left[day]) if stance in OFFERED else None) or order
            for stance, conditions, routes, day, order in zip(*self, strict=True)
        ]


def closed_routes(rows: pd.DataFrame, profile: Profile) -> pd.Series:
    """Return in words why an H-1B is closed to the applicant there; null where it isn't, or nothing limits it.

    rows: of the list, with the columns of `Limits.of`, step3_due and step3_due_on.
    """
    late = too_late(rows, profile)
    texts = zip(Limits.of(rows).closed_to(profile), late.astype("object").where(late.notna(), None), strict=True)
    return pd.Series([text or step3 for text, step3 in texts], index=rows.index, dtype="str")


def closed_by_state(rows: pd.DataFrame) -> pd.Series:
    """Return the order of a state that still forbids new petitions when those for the next July are filed; null where none does.

    An order that ends before may be prolonged: it closes nothing, but `frozen_now` finds it.
    """
    days = {day: pd.Timestamp(next_july(day.date()), *_FILED_BY) for day in rows["as_of"].unique()}
    filed_by = rows["as_of"].map(days).astype(rows["as_of"].dtype)  # of no rows, too
    until = rows["state_freeze_until"]
    closes = frozen_now(rows) & (until.isna() | (until >= filed_by))
    last = until.dt.strftime("%Y-%m-%d").fillna("further notice")
    return ("closed by an order of the state until " + last + ": " + rows["state_freeze"]).where(closes)


def frozen_now(rows: pd.DataFrame) -> pd.Series:
    """Find the rows that an order of a state binds on the day of the list."""
    return rows["state_freeze"].notna()


def _closed(conditions: frozenset[str], routes: frozenset[str], profile: Profile, left: frozenset[str]) -> str | None:
    """Return in words why terms close an H-1B to the applicant, to whom the routes `left` are open; None where they don't."""
    by_route = bool(routes) and profile.where is not None and routes.isdisjoint(left)
    by_school = _SCHOOL in conditions and profile.school == "foreign"
    if _SCHOOL in conditions and "transfer_only" in conditions:
        if profile.school == "US" or profile.where == "holds_h1b" or not (by_route or by_school):
            return None
        return f"closed: {CONDITION_WORDS['transfer_only']} or {CONDITION_WORDS[_SCHOOL]}"
    if by_route and profile.where is not None:
        named = [CONDITION_WORDS[name] for name in _OF_ROUTES if name in conditions]
        return f"closed to an applicant {WHERE_WORDS[profile.where]}: {', '.join(named)}"
    return f"closed to a graduate of a foreign school: {CONDITION_WORDS[_SCHOOL]}" if by_school else None
