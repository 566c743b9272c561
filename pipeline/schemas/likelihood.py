"""The inferred likelihood of sponsoring: its columns of the list, and the table that says how well it holds."""

from __future__ import annotations

from typing import Final

from pipeline.schemas.model import Field, Table, count, number, text

_INFERRED: Final = "inferred, never a policy; null where a policy is stated"


def _share(name: str, description: str) -> Field:
    return number(name, description, minimum=0, maximum=1)


LIKELIHOOD: Final[tuple[Field, ...]] = (
    _share("sponsoring_likelihood", f"How likely the program would answer H-1B if asked, 0 to 1: {_INFERRED}"),
    _share("sponsoring_likelihood_low", f"Lower end of the interval that holds it nine times in ten: {_INFERRED}"),
    _share("sponsoring_likelihood_high", f"Upper end of that interval: {_INFERRED}"),
    text("sponsoring_likelihood_basis", "What it is inferred from, in words; null where a policy is stated"),
)


def _stated(kind: str, whose: str) -> tuple[Field, ...]:
    """Return the fields of what is stated in a band; `kind` begins their names."""
    return (
        count(f"{kind}_programs", f"Programs of which H-1B is stated by {whose}"),
        number(
            f"{kind}_statements",
            "Such statements; one that holds for several programs counts in parts",
            required=True,
            minimum=0,
        ),
        _share(f"{kind}_likelihood", "Likelihood of these, the statement hidden; mean of the statements"),
        _share(f"{kind}_said", "Share of these statements that say yes or case by case"),
    )


CALIBRATION: Final[tuple[Table, ...]] = (
    Table(
        "likelihood_calibration",
        "How well the inferred sponsoring likelihood holds in this release: what programs are given, and what those say that state a policy, "
        "their statement hidden. A directory's answers count among a program's own.",
        (
            text("grouped_by", "likelihood, or applications for trainees of the institution in their fullest half-year", required=True,
                 allowed=("likelihood", "applications")),
            number("least", "Lower end of the band", required=True, minimum=0),
            number("most", "Upper end of the band; what lies above the last counts in it", required=True, minimum=0),
            count("programs", "Programs without a stated policy"),
            _share("mean_likelihood", "Their mean likelihood"),
            *_stated("own", "the program itself"),
            *_stated("institution", "the institution: it permits what a program need not do"),
            _share("reported_share", "Share of programs in the band that answered H-1B in directories, as measured before this release"),
        ),
        ("grouped_by", "least"),
    ),
)  # fmt: skip
