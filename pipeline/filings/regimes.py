"""Under which regime of the payment an application was received.

What belongs here: the day on which the Department of Labor received it, and the regime of that day. Which regimes there are
is data, read in `pipeline/law/regimes.py`.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.law.regimes import NOT_KNOWN, changes, regimes_of

# Case numbers of iCERT and FLAG hold the day of filing: I-200-25059-734998 is of day 59 of 2025.
_DAY_IN_CASE_NUMBER: Final = r"^I-20\d-(\d{5})-\d+$"
# 20 CFR 655.730(b): an application is submitted no earlier than six months before the employment begins.
_EARLIEST: Final = pd.DateOffset(months=6)


def received_dates(received: pd.Series, case_number: pd.Series) -> pd.Series:
    """Return the day on which each application was received: as printed, else the day in its case number, else null."""
    days = case_number.astype("str").str.extract(_DAY_IN_CASE_NUMBER, expand=False)
    in_number = pd.to_datetime(days, format="%y%j", errors="coerce")
    return pd.to_datetime(received).fillna(in_number).astype("datetime64[us]")


def payment_regimes(received: pd.Series, begin_date: pd.Series) -> pd.Series:
    """Return the regime (PAYMENT_REGIME) of each application for petitions through a consulate.

    Where the day of receipt is unknown it lies within the six months before begin_date: the regime is known where both ends of
    that time are of one, else NOT_KNOWN.
    """
    named = regimes_of(received)
    begun = pd.DatetimeIndex(changes()).as_unit("us")
    latest = pd.Series(begun.searchsorted(begin_date), index=begin_date.index)
    earliest = pd.Series(begun.searchsorted(begin_date - _EARLIEST), index=begin_date.index)
    return named.where(received.notna(), regimes_of(begin_date).where(latest == earliest, NOT_KNOWN))
