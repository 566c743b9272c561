"""What "recent" means, written once for rules and texts.

What belongs here: spans to which several rooms and descriptions of columns refer. What doesn't: what follows from them, and
days of law, which are data (`pipeline/law/`).
"""

from __future__ import annotations

from typing import Final, overload

import pandas as pd

# A judgement: see docs/methods/sponsor_tier.md, Limits.
RECENT_MONTHS: Final = 24


@overload
def recent_since(as_of: pd.Series) -> pd.Series: ...
@overload
def recent_since(as_of: pd.Timestamp) -> pd.Timestamp: ...
def recent_since(as_of: pd.Series | pd.Timestamp) -> pd.Series | pd.Timestamp:
    """Return the first day that is recent on the day (or days) `as_of` of a list."""
    return as_of - pd.DateOffset(months=RECENT_MONTHS)
