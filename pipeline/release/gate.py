"""The gate before `latest` moves: what has become less since the release that readers have now, and whether that may be.

What belongs here: comparing two manifests. How much each figure may fall is in `settings.GateSettings`; what a release is
made of in `inputs`. Growth is never held back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.release.inputs import ReleaseInputs, changed_sources
from pipeline.release.reader import Release, ReleaseError
from pipeline.settings import GateSettings
from pipeline.sources.catalogue import SOURCES

# A tier or category that loses fewer programs than this is no sign of anything.
LEAST_LOST: Final = 10
# To be less of what is not known is no loss.
_OPEN: Final = "unknown"
_PROGRAM_SOURCES: Final = frozenset(source.id for source in SOURCES if "acgme_programs" in source.tables)
_NAMED: Final = 3  # snapshots named of each source


class GateError(ReleaseError):
    """A release that lost too much against the last one: `latest` stays where it is until a person accepts the change."""


@dataclass(frozen=True)
class Fall:
    """A figure that is lower than in the last release. lost: in per cent of what it was; fatal: whether that is too much."""

    figure: str
    before: str
    after: str
    lost: float
    fatal: bool

    def __str__(self) -> str:
        return f"{self.figure} {self.before} -> {self.after} (-{self.lost:.1f} %)"


@dataclass(frozen=True)
class Comparison:
    """What is otherwise than in the release `before`. falls: the fatal ones first. changed: sources whose snapshots are
    others, with their names. to_sample: whether the embedded sample takes the place of a real list of programs."""

    before: str
    falls: tuple[Fall, ...]
    changed: tuple[str, ...]
    to_sample: bool

    @property
    def fatal(self) -> tuple[str, ...]:
        """What must not become `latest` unless a person accepts it, a phrase each."""
        sample = ("the list of programs is that of the embedded sample, and the last one was real",)
        return (*(sample if self.to_sample else ()), *(str(fall) for fall in self.falls if fall.fatal))

    def as_json(self) -> dict[str, Any]:
        """Return the comparison as the manifest keeps it."""
        return {
            "compared_with": self.before,
            "fell": [str(fall) for fall in self.falls],
            "fatal": list(self.fatal),
            "changed": list(self.changed),
        }

    def refusal(self) -> GateError:
        """Return what to raise where nobody has accepted the change."""
        changed = "; ".join(self.changed) or "nothing but the day"
        return GateError(
            f"too much is lost against release {self.before}: {'; '.join(self.fatal)}. Changed since: {changed}. `latest` stays "
            f"at {self.before}. Look at `h1b-sponsors status`; if the change is right: h1b-sponsors refresh --accept-change REASON"
        )


def compare(last: Release, inputs: ReleaseInputs, figures: Mapping[str, Any], bounds: GateSettings) -> Comparison:
    """Compare the `figures` of a release of `inputs` with those of the `last` one; figures that the last one lacks are left out.

    Against a last release whose programs were the embedded sample no fall is fatal: real data rarely holds the sample's programs.
    """
    was_real, is_real = _real_list(last.manifest["snapshots"]), _real_list(inputs.snapshots)
    falls = sorted(
        (
            fall
            for name, before, after, bound, least in _pairs(last.manifest.get("figures", {}), figures, bounds)
            if (fall := _fall(name, before, after, bound if was_real else 100.0, least)) is not None
        ),
        key=lambda fall: not fall.fatal,
    )
    return Comparison(last.id, tuple(falls), tuple(_changed(last.manifest, inputs)), was_real and not is_real)


def _real_list(snapshots: Sequence[Mapping[str, Any]]) -> bool:
    """Whether any list of programs among the used snapshots is a real one."""
    return any(not one["sample"] and one["id"].partition("/")[0] in _PROGRAM_SOURCES for one in snapshots)


def _pairs(
    before: Mapping[str, Any], after: Mapping[str, Any], bounds: GateSettings
) -> Iterator[tuple[str, float, float, float, int]]:
    """Yield name, value in the last release, value now, bound in per cent and least loss that counts, of each figure."""
    single = (
        ("programs", bounds.programs),
        ("institutions", bounds.institutions),
        ("stated_policies", bounds.policies),
    )
    for name, bound in single:
        if name in before:
            yield name.replace("_", " "), before[name], after[name], bound, 1
    linked = "institutions_with_petitioner"
    if {linked, "institutions"} <= before.keys() and after[linked] < before[
        linked
    ]:  # new institutions without a petitioner are no loss
        shares = (100 * part[linked] / max(part["institutions"], 1) for part in (before, after))
        yield "linked institutions, per cent,", *shares, bounds.linked, 0
    groups = (("tiers", "tier", bounds.tiers), ("cap_exempt_categories", "cap exemption", bounds.cap_categories))
    for group, title, bound in groups:
        for name, count in before.get(group, {}).items():
            yield f"{title} {name}", count, after[group].get(name, 0), 100.0 if name == _OPEN else bound, LEAST_LOST


def _fall(name: str, before: float, after: float, bound: float, least: int) -> Fall | None:
    if after >= before:
        return None
    lost = 100 * (before - after) / before
    was, now = (f"{value:,}" if isinstance(value, int) else f"{value:.1f}" for value in (before, after))
    return Fall(name, was, now, lost, fatal=lost > bound and before - after >= least)


def _changed(last: Mapping[str, Any], inputs: ReleaseInputs) -> Iterator[str]:
    """Yield each source whose used snapshots are others than in the last release, then the code and the rulings."""
    old, new = ({one["id"] for one in snapshots} for snapshots in (last["snapshots"], inputs.snapshots))
    for source in changed_sources(last["snapshots"], inputs.snapshots):
        came, went = (
            sorted(name for name in names if name.startswith(f"{source}/")) for names in (new - old, old - new)
        )
        yield f"{source} ({'; '.join(part for part in (_some('new', came), _some('gone', went)) if part)})"
    if last["code_version"] != inputs.code_version:
        yield f"the code ({last['code_version']} -> {inputs.code_version})"
    if last.get("rulings", "") != inputs.rulings:
        yield "your rulings"


def _some(word: str, names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{word} {', '.join(names[:_NAMED])}{more}" if names else ""
