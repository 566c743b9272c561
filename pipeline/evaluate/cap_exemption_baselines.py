"""Two simple ways to guess cap exemption, to see what the rules add: what a name and an industry say by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from pipeline.linkage.names.normalise import canonical

_SCHOOL: Final = re.compile(r"\b(UNIVERSITY|COLLEGE|INSTITUTE TECHNOLOGY)\b")
_CARE: Final = re.compile(r"\b(HOSPITAL|MEDICAL CENTER|HEALTH|HEALTHCARE|CLINIC)\b")
_RESEARCH: Final = re.compile(r"\b(RESEARCH|INSTITUTE|LABORATORY)\b")


def by_keywords(name: str, naics: str) -> str:
    """Return a category by words of the name and the sector they are filed under: schools, care, research, or cap-subject."""
    form = canonical(name)
    if _CARE.search(form) and naics in ("61", "62"):
        return "exempt_affiliated_nonprofit"
    if _SCHOOL.search(form) and naics in ("61", "62", "99"):
        return "exempt_higher_ed"
    return "exempt_nonprofit_research" if _RESEARCH.search(form) else "likely_cap_subject"


def by_industry(name: str, naics: str) -> str:
    """NAICS 61 or 62 means exempt; `name` is not looked at."""
    return {"61": "exempt_higher_ed", "62": "exempt_affiliated_nonprofit"}.get(naics, "likely_cap_subject")


BASELINES: Final[Mapping[str, Callable[[str, str], str]]] = {
    "name keywords and NAICS": by_keywords,
    "NAICS 61 or 62 means exempt": by_industry,
}
