"""What a code of the Standard Occupational Classification says of a position.

What belongs here: kinds of codes. How they weigh against a title is in `levels.py`.
"""

from __future__ import annotations

import re
from typing import Final, Literal

SocKind = Literal["physician", "open", "profession", "outside", "none"]

# SOC 2018 (29-1211 to 29-1249) and SOC 2010 (29-1061 to 29-1069): physicians and surgeons.
_PHYSICIAN_SOC: Final = re.compile(r"29-(?:12[1-4]\d|106\d)")
# Residual codes under which some employers file their trainees, and teachers of health specialties.
_OPEN_SOC: Final = re.compile(r"29-(?:1299|1199|9099|9799|2099)|25-1071|19-1042")
_PROFESSION_SOC: Final = re.compile(r"(?:29|31)-")


def soc_kind(soc_code: str) -> SocKind:
    """Return what an SOC code says: physician, open (residual and teaching codes), another health profession, outside health
    care; none where `soc_code` is ""."""
    if not soc_code:
        return "none"
    if _PHYSICIAN_SOC.match(soc_code):
        return "physician"
    if _OPEN_SOC.match(soc_code):
        return "open"
    return "profession" if _PROFESSION_SOC.match(soc_code) else "outside"
