"""Options that narrow the sponsor list, the same in every command that queries it, and the SQL condition they mean.

What belongs here: which rows. How rows are shown or written is in `rendering` and `export`.
"""

from __future__ import annotations

import datetime as dt
import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Annotated, Any, Final

import pandas as pd
import typer

from pipeline.applicants.meant import (
    NotKnownError,
    institutions_meant,
    metros_meant,
    specialties_meant,
    states_meant,
)
from pipeline.commands.console import LIST
from pipeline.release.reader import Release
from pipeline.schemas.vocabulary import (
    ACCREDITATION,
    CAP_EXEMPT_CATEGORY,
    CONDITION,
    EXEMPT_CATEGORIES,
    PRELIMINARY,
    ROUTE,
    SPONSOR_TIER,
    STEP3_DUE,
    TRACK_KIND,
    VISA_CATEGORY,
    YES_NO_NOT_STATED,
)
from pipeline.specialties.vocabulary import fellowship_names
from pipeline.tiers.accreditation import WITHDRAWN

_LEVELS: Final = ("residency", "fellowship", "preliminary")
_STEP3: Final = (*YES_NO_NOT_STATED, *STEP3_DUE)
_SHORT_ROUTES: Final = {"transfer": ROUTE[2], "extension": ROUTE[2]}
_CAP_SUBJECT: Final = "likely_cap_subject"
_NO_WORD: Final = ("unknown", "unstated")  # for the category ?, which some shells take for a pattern
_BY_LIKELIHOOD: Final = ("likely", "possible", "unknown")  # tiers within which the likelihood orders

Specialties = Annotated[
    list[str] | None,
    typer.Option(
        help="Specialty: a part of its name or a usual short one (IM, OB/GYN, Peds/Genetics); may be repeated."
    ),
]
States = Annotated[list[str] | None, typer.Option(help="State, by its two letters or its name; may be repeated.")]
Metros = Annotated[
    list[str] | None,
    typer.Option(
        help="Metropolitan area: a part of its name, a city or a region (NYC, Southern California); may be repeated."
    ),
]
Institutions = Annotated[
    list[str] | None, typer.Option(help="Institution: a part of its name, or its initials; may be repeated.")
]

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
    category: Annotated[
        list[str] | None, typer.Option(help="Visa category A, B, C, D, N or ? (or: unknown); may be repeated.")
    ] = None
    h1b: Annotated[bool, typer.Option("--h1b", help="Leave out who denies an H-1B or lost the accreditation.")] = False
    tier: Annotated[list[str] | None, typer.Option(help="Sponsor tier; may be repeated.")] = None
    status: Statuses = None
    track: Tracks = None
    institution: Institutions = None
    cap_exempt: Annotated[
        bool, typer.Option("--cap-exempt", help="Only where the petitioner seems exempt from the cap (inferred).")
    ] = False
    cap_subject: Annotated[
        bool, typer.Option("--cap-subject", help="Only where no exemption from the cap was found (inferred).")
    ] = False
    level: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(_LEVELS)} (a transitional year is one); may be repeated.")
    ] = None
    step3: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Step 3 for an H-1B as stated: {', '.join(YES_NO_NOT_STATED)}; or due by: {', '.join(STEP3_DUE)}."
        ),
    ] = None
    route: Annotated[
        list[str] | None,
        typer.Option(help="Leave out programs whose terms close this way: consulate, change_of_status, transfer."),
    ] = None
    condition: Annotated[
        list[str] | None, typer.Option(help=f"Stated term: {', '.join(CONDITION)}; may be repeated.")
    ] = None
    freeze: Annotated[
        bool | None, typer.Option("--freeze/--no-freeze", help="Only those, or none, that an order of a state binds.")
    ] = None
    evidence_since: Annotated[
        str | None, typer.Option(help="Only with a statement dated since: YYYY-MM-DD or YYYY. Undated ones fall out.")
    ] = None


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
    """Return the rows of the sponsor list that the filters let through, in the order that `query` tells.

    only_open: those alone that need confirmation. Raises NotKnownError for a word that nothing known is called.
    """
    parts, values = _conditions(filters, release)
    if only_open:
        parts.append("needs_confirmation")
    order = (
        "list_position(?, CASE WHEN list_contains(?, sponsor_tier) THEN 'likely' ELSE sponsor_tier END), "
        "coalesce(sponsoring_likelihood, of_tier) DESC NULLS LAST, state, city, institution, specialty, program_code"
    )
    return release.query(
        f"""SELECT * EXCLUDE (of_tier) FROM (
                SELECT *, median(sponsoring_likelihood) OVER (PARTITION BY sponsor_tier) AS of_tier FROM {LIST}
            ) WHERE {" AND ".join(parts) or "TRUE"} ORDER BY {order}""",
        [*values, list(SPONSOR_TIER), list(_BY_LIKELIHOOD)],
    )


def require_known(column: str, words: Sequence[str], allowed: Sequence[str]) -> None:
    """Raise NotKnownError unless all `words` are among the `allowed` ones of `column`."""
    unknown = [word for word in words if word not in allowed]
    if unknown:
        raise NotKnownError(f"unknown {column} {unknown[0]!r}; known are {', '.join(allowed)}")


def names_meant(find: Callable[..., tuple[str, ...]], words: Sequence[str] | None, *known: Any) -> list[str]:
    """Return all names that `words` mean, each once, by `find`, a function of `applicants.meant` that is given `known`.

    Raises NotKnownError, which says what comes near, where a word means nothing.
    """
    return list(dict.fromkeys(name for word in words or [] for name in find(word, *known)))


def known_institutions(release: Release) -> dict[str, list[str]]:
    """Return the institutions of the list with their other names: aliases, printed sponsors, their own petitioners."""
    rows = release.query(
        f"""SELECT l.institution, list_distinct(flatten(list(list_concat(i.aliases, i.sponsor_names, list_transform(
                list_filter(l.petitioners, lambda p: p.relation = 'same'), lambda p: p.name))))) AS names
            FROM {LIST} l LEFT JOIN institutions i USING (institution_id) GROUP BY ALL ORDER BY 1""",
        [],
    )
    return {
        name: [] if names is None else list(names)
        for name, names in zip(rows["institution"], rows["names"], strict=True)
    }


def _conditions(filters: Filters, release: Release) -> tuple[list[str], list[Any]]:
    """Return SQL conditions that must all hold, and the values of their parameters in order."""
    parts: list[str] = []
    values: list[Any] = []
    for column, names in names_asked(filters, release).items():
        if names is not None:
            parts.append(f"list_contains(?, {column})")
            values.append(names)
    cap = [*EXEMPT_CATEGORIES] * filters.cap_exempt + [_CAP_SUBJECT] * filters.cap_subject
    listed: dict[str, tuple[list[str], Sequence[str]]] = {
        "visa_category": (
            ["?" if word in _NO_WORD else word.upper() for word in filters.category or []],
            VISA_CATEGORY,
        ),
        "sponsor_tier": ([word.lower() for word in filters.tier or []], SPONSOR_TIER),
        "accreditation": (statuses(filters.status), ACCREDITATION),
        "cap_exempt_category": (cap, CAP_EXEMPT_CATEGORY),
    }
    for column, (words, allowed) in listed.items():
        require_known(column, words, allowed)
        if words:
            parts.append(f"list_contains(?, {column})")
            values.append(words)
    if kinds := track_kinds(filters.track):
        parts.append("list_has_any(?, track_kinds)")
        values.append(kinds)
    for part, value in (*_of_terms(filters), *_of_levels(filters)):
        parts.append(part)
        values.extend(value)
    if filters.h1b:
        parts.append("NOT list_contains(?, visa_category) AND accreditation <> ?")
        values += [["C", "D", "N"], WITHDRAWN]
    if filters.freeze is not None:
        parts.append(f"state_freeze IS {'NOT ' if filters.freeze else ''}NULL")
    return parts, values


def names_asked(filters: Filters, release: Release) -> dict[str, list[str] | None]:
    """Return the names that the filters mean by column of the list; None where the column is not filtered. Raises NotKnownError."""
    listed = release.query(f"SELECT DISTINCT specialty, metro_area FROM {LIST}", [])
    known = known_institutions(release) if filters.institution else {}
    named = {
        "specialty": names_meant(specialties_meant, filters.specialty, set(listed["specialty"].dropna())),
        "metro_area": names_meant(metros_meant, filters.metro, set(listed["metro_area"].dropna())),
        "institution": names_meant(institutions_meant, filters.institution, known),
        "state": names_meant(states_meant, filters.state),
    }
    return {column: names or None for column, names in named.items()}


def _of_terms(filters: Filters) -> list[tuple[str, list[Any]]]:
    """Return the conditions on what is stated: Step 3, routes, terms, day."""
    step3, conditions = _words("step3", filters.step3, _STEP3), _words("condition", filters.condition, CONDITION)
    routes = _words("route", [_SHORT_ROUTES.get(word.lower(), word) for word in filters.route or []], ROUTE)
    parts: list[tuple[str, list[Any]]] = []
    if step3:
        parts.append(("(list_contains(?, step3_required_for_h1b) OR list_contains(?, step3_due))", [step3, step3]))
    if routes:  # without a word on routes none is closed
        parts.append(("(len(routes) = 0 OR list_has_any(?, routes))", [routes]))
    if conditions:
        parts.append(("list_has_any(?, conditions)", [conditions]))
    if filters.evidence_since:
        parts.append(("evidence_date >= CAST(? AS DATE)", [day_meant(filters.evidence_since)]))
    return parts


def _of_levels(filters: Filters) -> list[tuple[str, list[Any]]]:
    levels = _words("level", filters.level, _LEVELS)
    fellowships = sorted(fellowship_names())
    tests: dict[str, tuple[str, list[Any]]] = {
        "fellowship": ("list_contains(?, specialty)", [fellowships]),
        "residency": ("NOT list_contains(?, coalesce(specialty, ''))", [fellowships]),
        "preliminary": ("list_has_any(?, track_kinds)", [sorted(PRELIMINARY)]),
    }
    chosen = [tests[level] for level in levels]
    return (
        [(f"({' OR '.join(part for part, _ in chosen)})", [value for _, one in chosen for value in one])]
        if chosen
        else []
    )


def day_meant(text: str) -> str:
    """Return the day that a person writes as YYYY-MM-DD, or as YYYY for its first one. Raises NotKnownError for anything else."""
    whole = f"{text}-01-01" if len(text) == 4 else text
    try:
        return dt.date.fromisoformat(whole).isoformat()
    except ValueError:
        raise NotKnownError(f"{text!r} is no day: write YYYY-MM-DD or YYYY") from None


def _words(column: str, words: Sequence[str] | None, allowed: Sequence[str]) -> list[str]:
    """Return what a person writes for words of a vocabulary: `not stated` for not_stated. Raises NotKnownError for an unknown one."""
    known = [word.strip().lower().replace("-", "_").replace(" ", "_") for word in words or []]
    require_known(column, known, allowed)
    return known


def statuses(words: Sequence[str] | None) -> list[str]:
    """Return what a person calls accreditation statuses as words of ACCREDITATION. Raises NotKnownError for an unknown one."""
    return _words("status", words, ACCREDITATION)


def track_kinds(words: Sequence[str] | None) -> list[str]:
    """Return what a person calls kinds of positions as words of TRACK_KIND. Raises NotKnownError for an unknown one."""
    return _words("track", words, TRACK_KIND)
