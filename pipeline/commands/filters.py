"""Options that narrow the sponsor list, the same in every command that queries it, and the SQL condition they mean.

What belongs here: which rows. How rows are shown or written is in `rendering` and `export`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Annotated, Any, Final

import pandas as pd
import typer

from pipeline.commands.console import fail
from pipeline.release.reader import Release
from pipeline.schemas.vocabulary import (
    ACCREDITATION,
    CAP_EXEMPT_CATEGORY,
    EXEMPT_CATEGORIES,
    SPONSOR_TIER,
    STATES,
    TRACK_KIND,
    VISA_CATEGORY,
)

_LISTABLE: Final = 20  # a longer vocabulary is described, not listed

Specialties = Annotated[list[str] | None, typer.Option(help="Part of a specialty's name; may be repeated.")]
States = Annotated[list[str] | None, typer.Option(help="Two-letter state; may be repeated.")]
Metros = Annotated[list[str] | None, typer.Option(help="Part of a metropolitan area's name; may be repeated.")]

Statuses = Annotated[
    list[str] | None,
    typer.Option(help=f"Where the accreditation stands: {', '.join(ACCREDITATION)}; may be repeated."),
]
Tracks = Annotated[
    list[str] | None,
    typer.Option(help=f"Kind of positions known: {', '.join(TRACK_KIND)}; may be repeated."),
]


@dataclass(frozen=True)
class Filters:
    """What the rows of the list must satisfy: all fields at once, any of the values of one field."""

    specialty: Specialties = None
    state: States = None
    metro: Metros = None
    category: Annotated[list[str] | None, typer.Option(help="Visa category A, B, C, N or ?; may be repeated.")] = None
    tier: Annotated[list[str] | None, typer.Option(help="Sponsor tier; may be repeated.")] = None
    status: Statuses = None
    track: Tracks = None
    institution: Annotated[str | None, typer.Option(help="Part of an institution's name.")] = None
    cap_exempt: Annotated[
        bool, typer.Option("--cap-exempt", help="Only where the petitioner seems exempt from the cap (inferred).")
    ] = False


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of Filters before its own, in place of its first parameter.

    Typer reads options off a signature, so the signature of what is returned lists them one by one.
    """
    names = [field.name for field in fields(Filters)]

    @functools.wraps(command)
    def run(**options: Any) -> None:
        command(Filters(**{name: options.pop(name) for name in names}), **options)

    shared = inspect.signature(Filters, eval_str=True).parameters.values()
    _, *own = inspect.signature(command, eval_str=True).parameters.values()
    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*shared, *own)]
    run.__signature__ = inspect.Signature(parameters)  # pyright: ignore[reportAttributeAccessIssue]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def select(release: Release, filters: Filters, *, only_open: bool = False) -> pd.DataFrame:
    """Return the rows of the sponsor list that the filters let through, the most certain sponsors first.

    Programs that state no policy come where tier `likely` does, by their inferred likelihood: below all that state an offer.

    only_open: those alone that need confirmation. Exits with a line for a word outside a column's vocabulary.
    """
    parts, values = _conditions(filters)
    if only_open:
        parts.append("needs_confirmation")
    order = (
        "list_position(?, CASE WHEN sponsoring_likelihood IS NULL THEN sponsor_tier ELSE 'likely' END), "
        "sponsoring_likelihood DESC NULLS LAST, state, city, institution, specialty, program_code"
    )
    return release.query(
        f"SELECT * FROM functional_h1b_sponsors WHERE {' AND '.join(parts) or 'TRUE'} ORDER BY {order}",
        [*values, list(SPONSOR_TIER)],
    )


def require_known(column: str, words: Sequence[str], allowed: Sequence[str]) -> None:
    """Exit with a line unless all `words` are among the `allowed` ones of `column`."""
    unknown = [word for word in words if word not in allowed]
    if unknown:
        known = ", ".join(allowed) if len(allowed) < _LISTABLE else "two-letter codes"
        fail(f"unknown {column} {unknown[0]!r}; known are {known}", 2)


def _conditions(filters: Filters) -> tuple[list[str], list[Any]]:
    """Return SQL conditions that must all hold, and the values of their parameters in order."""
    parts: list[str] = []
    values: list[Any] = []
    contained = {
        "specialty": filters.specialty,
        "metro_area": filters.metro,
        "institution": [filters.institution] if filters.institution else None,
    }
    for column, words in contained.items():
        if words:
            parts.append("(" + " OR ".join(f"contains(lower({column}), ?)" for _ in words) + ")")
            values.extend(word.lower() for word in words)
    listed: dict[str, tuple[list[str], Sequence[str]]] = {
        "state": ([word.upper() for word in filters.state or []], STATES),
        "visa_category": ([word.upper() for word in filters.category or []], VISA_CATEGORY),
        "sponsor_tier": ([word.lower() for word in filters.tier or []], SPONSOR_TIER),
        "accreditation": (statuses(filters.status), ACCREDITATION),
        "cap_exempt_category": (list(EXEMPT_CATEGORIES) if filters.cap_exempt else [], CAP_EXEMPT_CATEGORY),
    }
    for column, (words, allowed) in listed.items():
        require_known(column, words, allowed)
        if words:
            parts.append(f"list_contains(?, {column})")
            values.append(words)
    if kinds := track_kinds(filters.track):
        parts.append("list_has_any(?, track_kinds)")
        values.append(kinds)
    return parts, values


def statuses(words: Sequence[str] | None) -> list[str]:
    """Return what a person calls accreditation statuses as words of ACCREDITATION. Exits with a line for an unknown one."""
    known = [word.lower().replace("-", "_").replace(" ", "_") for word in words or []]
    require_known("status", known, ACCREDITATION)
    return known


def track_kinds(words: Sequence[str] | None) -> list[str]:
    """Return what a person calls kinds of positions as words of TRACK_KIND. Exits with a line for an unknown one."""
    known = [word.lower().replace("-", "_").replace(" ", "_") for word in words or []]
    require_known("track", known, TRACK_KIND)
    return known
