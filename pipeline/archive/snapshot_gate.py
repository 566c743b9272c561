"""The gate before a filed file is used: does it look like the file before it? If not, it is held back until a person accepts it.

What belongs here: comparing manifests. That a file is of a known layout and can be read was found out before; which snapshot is used
for a part is chosen in `selection.py`. The bounds are wide: what a year really brings passes, half a file doesn't.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
ELSEWHERE: Final = 0.05  # share of the rows that may be of another period than the one that was asked for
_YEAR: Final = re.compile(r"(.*\bFY)(\d{4})(Q\d)?")


def reasons_to_hold(source: Source, new: Manifest, archived: Iterable[Snapshot]) -> tuple[str, ...]:
    """Return why a file should not be used yet, a phrase each; none where it may be.

    archived: the other snapshots of the source. Held back is what would take the place of full parts that look otherwise, or
    goes on a series of years in another way. Samples, additive layouts and sources that watch no column are never held.
    """
    if not source.watched or new.sample or new.layout in source.additive:
        return ()
    everything = tuple(archived)
    # Of files that are filed together the fuller one counts: none of them is the one before the other.
    before = _in_use(one for one in everything if one.manifest.added_at != new.added_at)
    years = _in_use(everything)
    reasons = [*_gaps(new.coverage)]
    for part in new.coverage:
        if part.full and part.name in before:
            reasons += _unlike(new, part, *before[part.name], (FEWEST, MOST), same_part=True)
        elif part.full and (earlier := years.get(_year_before(part.name))):
            reasons += _unlike(new, part, *earlier, (FEWEST_OF_YEARS, MOST_OF_YEARS), same_part=False)
    replaced = {manifest.snapshot_id: manifest for name, (manifest, _) in before.items() if name in _names(new)}
    for manifest in replaced.values():
        reasons += _size(new, manifest)
    return tuple(dict.fromkeys(reasons))


def _in_use(snapshots: Iterable[Snapshot]) -> dict[str, tuple[Manifest, Part]]:
    """Return the full, real parts in use by name, each with the manifest of its file."""
    return {
        choice.part.name: (choice.snapshot.manifest, choice.part)
        for choice in choose(snapshots)
        if choice.used and choice.part.full and not choice.snapshot.manifest.sample
    }


def require_period(file: str, parts: tuple[Part, ...], period: str) -> None:
    """Check that a file is of the period that was asked for: a fiscal year (`FY2025`) or quarter (`FY2025Q2`).

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


def _names(manifest: Manifest) -> set[str]:
    return {part.name for part in manifest.coverage if part.full}


def _gaps(parts: tuple[Part, ...]) -> Iterator[str]:
    """Yield a reason where the full years of one file leave out a year."""
    if missing := missing_years(part for part in parts if part.full):
        yield f"its years leave out {', '.join(missing)}"


def missing_years(parts: Iterable[Part]) -> list[str]:
    """Return the fiscal years, as `FY2017`, that lie between those of the parts and are none of them."""
    matched = [_YEAR.fullmatch(part.name) for part in parts]
    years = {int(found[2]) for found in matched if found and not found[3]}
    return [f"FY{year}" for year in sorted(set(range(min(years), max(years))) - years)] if years else []


def _year_before(part: str) -> str:
    found = _YEAR.fullmatch(part)
    return f"{found[1]}{int(found[2]) - 1}{found[3] or ''}" if found else ""


def _unlike(
    new: Manifest, part: Part, before: Manifest, old: Part, bounds: tuple[float, float], *, same_part: bool
) -> Iterator[str]:
    """Yield how a part differs too much from that of `before`: the same part, or that of the year before."""
    than = f"{before.snapshot_id} has" if same_part else f"{old.name} has"
    if not old.rows * bounds[0] <= part.rows <= old.rows * bounds[1]:
        yield f"{part.name}: {part.rows:,} rows, {than} {old.rows:,}"
    one, two = _profile(before.profiles, old.name), _profile(new.profiles, part.name)
    if one is None or two is None:
        return
    for column, share in two.nulls.items():
        if column in one.nulls and share > one.nulls[column] + NULLS:
            yield f"{part.name}: {share:.0%} of {column} are blank, {than} {one.nulls[column]:.0%}"
    for column, count in two.distinct.items():
        was = one.distinct.get(column, 0)
        if was > FEW_VALUES and count < was * DISTINCT:
            yield f"{part.name}: {count:,} different values of {column}, {than} {was:,}"
    for column, total in two.totals.items() if same_part else ():
        if total < one.totals.get(column, 0) * TOTAL:
            yield f"{part.name}: {column} sum up to {total:,.0f}, {than} {one.totals[column]:,.0f}"


def _profile(known: tuple[Profile, ...], part: str) -> Profile | None:
    return next((one for one in known if one.part == part), None)


def _size(new: Manifest, before: Manifest) -> Iterator[str]:
    alike: Mapping[str, object] = {"layout": before.layout, "parts": _names(before)}
    if alike == {"layout": new.layout, "parts": _names(new)} and not (
        before.bytes * SMALLEST <= new.bytes <= before.bytes * LARGEST
    ):
        yield f"{new.bytes:,} bytes, {before.snapshot_id} has {before.bytes:,}"
