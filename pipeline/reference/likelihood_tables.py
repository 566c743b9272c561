"""Descriptions of the tables of the sponsoring likelihood: docs/methods/likelihood.md says how each is made and used."""

from __future__ import annotations

from typing import Final

from pipeline.reference.model import ReferenceTable

_NUMBER: Final = r"-?\d+(\.\d+)?"
_SHARE: Final = r"0(\.\d+)?"

LIKELIHOOD: Final = (
    ReferenceTable(
        "likelihood/filings.csv",
        "Share of programs that answer H-1B in a directory, by applications for trainees of the institution, and the model's log odds",
        ("least", "most", "reported_share", "applications", "log_odds", "source"),
        required=("least", "most", "reported_share", "applications", "log_odds", "source"),
        patterns={
            "least": r"\d+",
            "most": r"\d+",
            "reported_share": _SHARE,
            "applications": _NUMBER,
            "log_odds": _NUMBER,
        },
        key=("least",),
    ),
    ReferenceTable(
        "likelihood/weights.csv",
        "Weights of the sponsoring likelihood before a release's stated policies are seen, how sure they are, and why",
        ("feature", "weight", "sd", "typical", "never_negative", "why"),
        required=("feature", "weight", "sd", "typical", "never_negative", "why"),
        allowed={"never_negative": ("yes", "no")},
        patterns={"weight": _NUMBER, "sd": _NUMBER, "typical": _NUMBER},
        key=("feature",),
    ),
    ReferenceTable(
        "likelihood/specialties.csv",
        "Applications that name a specialty and residents' positions filled in it, nationwide",
        ("specialty", "applications", "positions", "source"),
        required=("specialty", "applications", "positions", "source"),
        patterns={"applications": r"\d+", "positions": r"\d+"},
        key=("specialty",),
        order=("specialty",),
    ),
)
