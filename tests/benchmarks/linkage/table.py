"""The results as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.benchmarks.linkage.measure import Measured
from tests.benchmarks.linkage.scoring import Score


@dataclass(frozen=True)
class Contender:
    """One line of the comparison; scores: by the title of the gold, none where there is none."""

    title: str
    curated: bool
    measured: Measured
    scores: dict[str, Score]


@dataclass(frozen=True)
class Size:
    """What grouping and linking took with `factor` times the petitioners."""

    factor: int
    sites: int
    grouping: Measured
    linking: Measured


def comparison(contenders: Sequence[Contender]) -> str:
    """All contenders, those with curated rows first, and of these the one with the best F1 on the first gold."""
    golds = [*contenders[0].scores]
    ordered = sorted(contenders, key=lambda one: (not one.curated, *(-one.scores[gold].f1 for gold in golds)))
    scored = (f"{figure}, {gold}" for gold in golds for figure in ("precision", "recall", "F1", "threshold"))
    heads = ("Matcher", "Curated rows", *scored, "Processor seconds", "Peak memory (MB)", "Candidate pairs")
    return markdown(heads, (_line(one) for one in ordered))


def _line(one: Contender) -> tuple[str, ...]:
    took = one.measured
    figures = (figure for score in one.scores.values() for figure in _figures(score))
    curated = "with" if one.curated else "without"
    return (one.title, curated, *figures, f"{took.cpu:.1f}", f"{took.memory:,}", f"{took.pairs:,}")


def _figures(score: Score) -> tuple[str, ...]:
    threshold = "none" if score.threshold is None else f"{score.threshold:.2f}"
    return (*(f"{value:.3f}" for value in (score.precision, score.recall, score.f1)), threshold)


def scaling(sizes: Sequence[Size]) -> str:
    """Seconds and memory of grouping and of linking; ratios are of processor time, to half the petitioners."""
    heads = (
        "Petitioners",
        "Units",
        "Grouping (s)",
        "Ratio",
        "Peak (MB)",
        "Matching (s)",
        "Ratio",
        "Peak (MB)",
        "Both, ratio",
    )
    return markdown(heads, (_growth(size, before) for before, size in zip((None, *sizes), sizes, strict=False)))


def _growth(size: Size, before: Size | None) -> tuple[str, ...]:
    ratios = ("–",) * 3
    if before:
        now, earlier = (
            (one.grouping.cpu, one.linking.cpu, one.grouping.cpu + one.linking.cpu) for one in (size, before)
        )
        ratios = tuple(f"{late / early:.2f}" for late, early in zip(now, earlier, strict=True))
    grouping, linking = (
        (f"{took.seconds:.1f}", ratio, f"{took.memory:,}")
        for took, ratio in zip((size.grouping, size.linking), ratios[:2], strict=True)
    )
    return (f"{size.factor}×", f"{size.sites:,}", *grouping, *linking, ratios[2])


def markdown(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *lines))
