"""The gate before a filed file is used: does it look like the file before it? If not, it is held back until a person accepts it.

What belongs here: comparing manifests. That a file is of a known layout and can be read was found out before; which snapshot is used
for a part is chosen in `selection.py`. The bounds are wide: what a year really brings passes, half a file doesn't.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.archive.manifest import Manifest
from pipeline.archive.profile import Profile
from pipeline.archive.selection import choose
from pipeline.archive.store import Snapshot
from pipeline.sources.base import Part, Source, SourceError

FEWEST, MOST = 0.8, 2.0  # rows of a part, as a multiple of what it had before
FEWEST_OF_YEARS, MOST_OF_YEARS = 0.5, 2.0  # rows of a year, as a multiple of the year before
SMALLEST, LARGEST = 0.4, 2.5  # bytes of a file in the same layout with the same parts
NULLS = 0.2  # by so much the share of blank cells of a watched column may rise
DISTINCT = 0.5  # as a multiple of what it was, the number of different values of a watched column may fall to
FEW_VALUES: Final = 20  # of so few different values half may go
TOTAL = 0.95  # a sum may fall to so much of what it was: publishers correct, they don't lose
ELSEWHERE: Final = 0.05  # share of the rows that may be of another period than the one requested
_YEAR: Final = re.compile(r"(.*\bFY|)(\d{4})(Q\d)?")
ProfilesOf = Callable[[Snapshot], tuple[Profile, ...]]


@dataclass(frozen=True)
class _Period:
    """What a file, or the archive, has of one period. of: who has it, in words; profile: None where none is of just these parts."""

    name: str
    rows: int
    of: str
    profile: Profile | None


@dataclass(frozen=True)
class _InUse:
    """The full, real parts of a source in use, by name, each with its snapshot; and how the profiles of a snapshot are found."""

    source: Source
    parts: Mapping[str, tuple[Snapshot, Part]]
    profiles_of: ProfilesOf

    @classmethod
    def among(cls, source: Source, snapshots: Iterable[Snapshot], profiles_of: ProfilesOf) -> _InUse:
        parts = {
            choice.part.name: (choice.snapshot, choice.part)
            for choice in choose(snapshots)
            if choice.used and choice.part.full and not choice.snapshot.manifest.sample
        }
        return cls(source, parts, profiles_of)

    def period(self, name: str, wanted: Iterable[str], of: str = "") -> _Period | None:
        """Return what is in use of the parts of a period that are wanted; None where none is. of: who has it, by default its file."""
        names = set(wanted)
        found = [self.parts[part] for part in sorted(names & self.parts.keys())]
        if not found:
            return None
        first, rows = found[0][0], sum(part.rows for _, part in found)
        whole = {part.name for part in _by_period(self.source, first.manifest.coverage).get(name, ())}
        alone = whole == names and all(snapshot is first for snapshot, _ in found)
        return _Period(name, rows, of or first.id, _profile(self.profiles_of(first), name) if alone else None)


def reasons_to_hold(
    source: Source, new: Manifest, archived: Iterable[Snapshot], profiles_of: ProfilesOf | None = None
) -> tuple[str, ...]:
    """Return why a file should not be used yet, a phrase each; none where it may be.

    archived: the other snapshots of the source; profiles_of: the profiles of one, by default those in its manifest. Held back is what
    would take the place of full parts that look otherwise, or goes on a series of years in another way. Samples, additive layouts and
    sources that watch no column are never held.
    """
    if not source.watched or new.sample or new.layout in source.additive:
        return ()
    alike = tuple(one for one in archived if _apart(source, one.manifest) == _apart(source, new))
    profiles_of = profiles_of or (lambda snapshot: snapshot.manifest.profiles)
    # Of files that are filed together the fuller one counts: none of them is the one before the other.
    before = _InUse.among(source, (one for one in alike if one.manifest.added_at != new.added_at), profiles_of)
    years = _InUse.among(source, alike, profiles_of)
    reasons = [*_gaps(source, new.coverage)]
    for name, parts in _by_period(source, new.coverage).items():
        rows = {part.name: part.rows for part in parts}
        own = _profile(new.profiles, name)
        earlier = _year_before(name)
        if old := before.period(name, rows):
            compared = sum(count for part, count in rows.items() if part in before.parts)
            reasons += _unlike(_Period(name, compared, "", own), old, (FEWEST, MOST), same_part=True)
        elif earlier:
            a_year_ago = {part.replace(name, earlier, 1): count for part, count in rows.items()}
            if old := years.period(earlier, a_year_ago, of=earlier):
                compared = sum(count for part, count in a_year_ago.items() if part in years.parts)
                bounds = (FEWEST_OF_YEARS, MOST_OF_YEARS)
                reasons += _unlike(_Period(name, compared, "", own), old, bounds, same_part=False)
    replaced = {one.id: one.manifest for name, (one, _) in before.parts.items() if name in _names(new.coverage)}
    for manifest in replaced.values():
        reasons += _size(new, manifest)
    return tuple(dict.fromkeys(reasons))


def _apart(source: Source, manifest: Manifest) -> str:
    return manifest.layout if manifest.layout in source.apart else ""


def _by_period(source: Source, parts: Iterable[Part]) -> dict[str, list[Part]]:
    """Return the full parts by their period."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        if part.full:
            found.setdefault(source.period_of(part.name), []).append(part)
    return found


def require_period(file: str, parts: tuple[Part, ...], period: str) -> None:
    """Check that a file is of the period requested: a fiscal year (`FY2025`) or quarter (`FY2025Q2`).

    Some rows may be of others: a case may be decided again. Raises SourceError where more than ELSEWHERE of them are, as where a
    server does not see the year that a request names and answers with another one.
    """
    rows = sum(part.rows for part in parts)
    inside = sum(part.rows for part in parts if part.name.startswith(period))
    if rows - inside > ELSEWHERE * rows:
        largest = max(parts, key=lambda part: part.rows).name
        raise SourceError(
            file, f"{period} was asked for, and it is of {largest}", remedy="Download that period by hand and add it"
        )


def _names(parts: Iterable[Part]) -> set[str]:
    return {part.name for part in parts if part.full}


def _gaps(source: Source, parts: tuple[Part, ...]) -> Iterator[str]:
    """Yield a reason where the full years of one file leave out a year."""
    if missing := missing_years(_by_period(source, parts)):
        yield f"its years leave out {', '.join(missing)}"


def missing_years(periods: Iterable[str]) -> list[str]:
    """Return the years, as `FY2017` or `2017`, that lie between those among the periods and are none of them."""
    matched = [_YEAR.fullmatch(period) for period in periods]
    years = {int(found[2]): found[1] for found in matched if found and not found[3]}
    return (
        [f"{years[max(years)]}{year}" for year in range(min(years), max(years)) if year not in years] if years else []
    )


def _year_before(period: str) -> str:
    found = _YEAR.fullmatch(period)
    return f"{found[1]}{int(found[2]) - 1}{found[3] or ''}" if found else ""


def _unlike(new: _Period, old: _Period, bounds: tuple[float, float], *, same_part: bool) -> Iterator[str]:
    """Yield how a period differs too much from the old one: the same, or the year before."""
    if not old.rows * bounds[0] <= new.rows <= old.rows * bounds[1]:
        yield f"{new.name}: {new.rows:,} rows, {old.of} has {old.rows:,}"
    one, two = old.profile, new.profile
    if one is None or two is None:
        return
    for column, share in two.nulls.items():
        if column in one.nulls and share > one.nulls[column] + NULLS:
            yield f"{new.name}: {share:.0%} of {column} are blank, {old.of} has {one.nulls[column]:.0%}"
    for column, count in two.distinct.items():
        was = one.distinct.get(column, 0)
        if was > FEW_VALUES and count < was * DISTINCT:
            yield f"{new.name}: {count:,} different values of {column}, {old.of} has {was:,}"
    for column, total in two.totals.items() if same_part else ():
        if total < one.totals.get(column, 0) * TOTAL:
            yield f"{new.name}: {column} sum up to {total:,.0f}, {old.of} has {one.totals[column]:,.0f}"


def _profile(known: tuple[Profile, ...], period: str) -> Profile | None:
    return next((one for one in known if one.part == period), None)


def _size(new: Manifest, before: Manifest) -> Iterator[str]:
    alike = {"layout": before.layout, "parts": _names(before.coverage)}
    if alike == {"layout": new.layout, "parts": _names(new.coverage)} and not (
        before.bytes * SMALLEST <= new.bytes <= before.bytes * LARGEST
    ):
        yield f"{new.bytes:,} bytes, {before.snapshot_id} has {before.bytes:,}"
