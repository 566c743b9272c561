"""What "recent" means, and the day from which new petitions cost a payment: each written once, for rules and texts.

What belongs here: dates and spans to which several rooms and descriptions of columns refer. What doesn't: what follows from
them.
"""

from __future__ import annotations

from typing import Final, overload

import pandas as pd

# A judgement: see docs/methods/sponsor_tier.md, Limits.
RECENT_MONTHS: Final = 24

# Proclamation 10973 of 19 September 2025: a payment of $100,000 with new petitions filed after this day.
PAYMENT_SINCE: Final = pd.Timestamp(2025, 9, 21)
PAYMENT_DAY: Final = f"{PAYMENT_SINCE.day} {PAYMENT_SINCE:%B %Y}"
PAYMENT_MONTH: Final = f"{PAYMENT_SINCE:%B %Y}"
PAYMENT: Final = "a payment of $100,000"


@overload
def recent_since(as_of: pd.Series) -> pd.Series: ...
@overload
def recent_since(as_of: pd.Timestamp) -> pd.Timestamp: ...
def recent_since(as_of: pd.Series | pd.Timestamp) -> pd.Series | pd.Timestamp:
    """Return the first day that is recent on the day (or days) `as_of` of a list."""
    return as_of - pd.DateOffset(months=RECENT_MONTHS)


def before_payment(days: pd.Series, as_of: pd.Series) -> pd.Series:
    """Find the days up to the payment's beginning that a list of a later day still relies on; False for no day."""
    return (days <= PAYMENT_SINCE) & (as_of > PAYMENT_SINCE)
