"""Figures of the reader of visa policies on labelled statements and pages.

What belongs here: loading labelled cases and comparing readings with them. Nothing here changes a reading.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.documents.blocks import Texts
from pipeline.documents.page import Media, blocks_of
from pipeline.evaluate.base import Evaluation, GoldError
from pipeline.evaluate.selective import Outcome, coverage_lines, selective_figures
from pipeline.policies.agreement import Stances
from pipeline.policies.published import Reading
from pipeline.policies.reading import read_page
from pipeline.policies.third_reader.verdict import ThirdReader, third_reading
from pipeline.schemas.vocabulary import VISA_POLICY, VISA_STANCE, YES_NO_NOT_STATED

OVERLAP = 0.6  # share of a labelled sentence's words that the reported quotation must hold
_MEDIA: dict[str, Media] = {".pdf": "pdf", ".txt": "text"}
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*|[✓✔☑✅✗✘✖✕☒❌]")


@dataclass(frozen=True)
class Case:
    """One labelled text or page."""

    id: str
    content: bytes
    media: Media
    program: str
    institution: str
    j1: str
    h1b: str
    policy: str
    step3: str
    evidence: tuple[str, ...]
    accept: tuple[str, ...]


def evaluate(gold: Path, third: ThirdReader | None = None) -> Evaluation:
    """Return the figures and a readable report for a JSONL file of statements or a folder with labels.jsonl and pages.

    Figures: policy_accuracy, h1b_accuracy, j1_accuracy, by_policy {policy: precision, recall, n}, critical_errors,
    critical_error_rate, evidence_accuracy, step3_accuracy, n, and those of `selective`; with a third reader those of what three
    publish, and third_answers, third_policy_accuracy, third_h1b_accuracy and third_critical_errors of its own. Raises GoldError for a
    file that cannot be used.
    """
    cases = load(gold)
    readings = [read_page(case.content, case.media, case.program, case.institution, third=third) for case in cases]
    pairs = list(zip(cases, readings, strict=True))
    right = [_policy_right(case, reading) for case, reading in pairs]
    critical = [pair for pair in pairs if is_critical(pair[0].h1b, pair[0].policy, pair[1].h1b)]
    evidenced = [_evidence_right(case, reading) for case, reading in pairs if case.evidence]
    count = len(cases)
    figures: dict[str, object] = {
        "policy_accuracy": _share(right),
        "h1b_accuracy": _share(case.h1b == reading.h1b for case, reading in pairs),
        "j1_accuracy": _share(case.j1 == reading.j1 for case, reading in pairs),
        "by_policy": _by_policy(pairs),
        "critical_errors": len(critical),
        "critical_error_rate": len(critical) / count,
        "evidence_accuracy": _share(evidenced),
        "step3_accuracy": _share(case.step3 == reading.step3_required_for_h1b for case, reading in pairs),
        "n": count,
    } | selective_figures([_outcome(case, reading) for case, reading in pairs])
    if third is not None:
        figures |= _third_figures(cases, third)
    return Evaluation(figures, tuple(_report(figures, pairs)))


def _third_figures(cases: list[Case], third: ThirdReader) -> dict[str, object]:
    """Return how right a third reader is alone, on the pages to which it has an answer that counts."""
    read: list[tuple[Case, Stances]] = []
    for case in cases:
        blocks = blocks_of(case.content, case.media)
        reading = third_reading(blocks, Texts(blocks), case.program, case.institution, third)
        if reading is not None:
            read.append((case, reading.stances))
    return {
        "third_answers": len(read),
        "third_policy_accuracy": _share(answer.policy in (case.policy, *case.accept) for case, answer in read),
        "third_h1b_accuracy": _share(case.h1b == answer.h1b for case, answer in read),
        "third_critical_errors": sum(is_critical(case.h1b, case.policy, answer.h1b) for case, answer in read),
    }


def _outcome(case: Case, reading: Reading) -> Outcome:
    return Outcome(
        right=_policy_right(case, reading),
        critical=is_critical(case.h1b, case.policy, reading.h1b),
        sure=not reading.needs_confirmation,
        chance=reading.chance,
        silent=case.policy == "not_stated",
    )


def is_critical(labelled_h1b: str, labelled_policy: str, read_h1b: str) -> bool:
    """Decide whether a reading says H-1B yes where the label says no (or no visas at all), or no where it says yes."""
    if read_h1b == "yes":
        return labelled_h1b == "no" or labelled_policy == "none"
    return read_h1b == "no" and labelled_h1b == "yes"


def load(gold: Path) -> list[Case]:
    """Load the labelled cases of a file or folder. Raises GoldError, which names the line that cannot be used."""
    labels = gold / "labels.jsonl" if gold.is_dir() else gold
    try:
        lines = labels.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(
            f"{labels}: cannot be read ({type(error).__name__}); give a JSONL file or a folder with labels.jsonl"
        ) from error
    cases = [_case(line, number, labels) for number, line in enumerate(lines, 1) if line.strip()]
    if not cases:
        raise GoldError(f"{labels}: holds no case")
    return cases


def _case(line: str, number: int, labels: Path) -> Case:
    place = f"{labels}, line {number}"
    try:
        row = json.loads(line)
        label = row["labels"]
        values = (label["j1"], label["h1b"], label["policy"], label["step3_required_for_h1b"])
        evidence, name = tuple(row["evidence"]), str(row["id"])
    except (ValueError, KeyError, TypeError) as error:
        raise GoldError(f"{place}: not a labelled case ({error!r})") from error
    allowed = (VISA_STANCE, VISA_STANCE, VISA_POLICY, YES_NO_NOT_STATED)
    for value, vocabulary in zip(values, allowed, strict=True):
        if value not in vocabulary:
            raise GoldError(f"{place}: {value!r} is none of {', '.join(vocabulary)}")
    content, media = _content(row, labels, place)
    j1, h1b, policy, step3 = values
    return Case(
        name, content, media, row.get("program") or "", row.get("institution") or "", j1, h1b, policy, step3, evidence,
        tuple(row.get("accept") or ()),
    )  # fmt: skip


def _content(row: dict[str, object], labels: Path, place: str) -> tuple[bytes, Media]:
    if isinstance(row.get("text"), str):
        return str(row["text"]).encode(), "text"
    file = str(row.get("file", ""))
    path = labels.parent / file
    if not file or path.parent != labels.parent or not path.is_file():
        raise GoldError(f"{place}: neither text nor a file beside the labels ({file!r})")
    media = _MEDIA.get(path.suffix.lower(), "html")
    return path.read_bytes(), media


def _policy_right(case: Case, reading: Reading) -> bool:
    return reading.policy == case.policy or reading.policy in case.accept


def _evidence_right(case: Case, reading: Reading) -> bool:
    return any(overlap(sentence, item.quote) >= OVERLAP for sentence in case.evidence for item in reading.evidence)


def overlap(labelled: str, quoted: str) -> float:
    """Return the share of the words of `labelled` that `quoted` holds, each counted as often as it occurs."""
    words, held = Counter(_words(labelled)), Counter(_words(quoted))
    total = sum(words.values())
    return sum(min(number, held[word]) for word, number in words.items()) / total if total else 0.0


def _words(text: str) -> list[str]:
    plain = text.lower().translate({0x2010: "-", 0x2011: "-", 0x2019: "'"})
    return _WORD.findall(plain)


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 1.0


def _by_policy(pairs: list[tuple[Case, Reading]]) -> dict[str, dict[str, float | int]]:
    """Return the precision and recall for each labelled or read policy; an accepted alternative counts as the
    label."""
    read = [(case.policy, case.policy if _policy_right(case, reading) else reading.policy) for case, reading in pairs]
    table: dict[str, dict[str, float | int]] = {}
    for policy in VISA_POLICY:
        labelled = [guess for label, guess in read if label == policy]
        guessed = [label for label, guess in read if guess == policy]
        if labelled or guessed:
            table[policy] = {
                "precision": _share(label == policy for label in guessed) if guessed else 0.0,
                "recall": _share(guess == policy for guess in labelled) if labelled else 0.0,
                "n": len(labelled),
            }
    return table


def _report(figures: dict[str, object], pairs: list[tuple[Case, Reading]]) -> Iterable[str]:
    for name, value in figures.items():
        if isinstance(value, float):
            yield f"{name:<24}{value:.3f}"
        elif isinstance(value, int):
            yield f"{name:<24}{value}"
    yield ""
    yield from coverage_lines(figures)
    yield ""
    yield from confusion([(case.policy, reading.policy) for case, reading in pairs])
    for case, reading in pairs:
        faults = _faults(case, reading)
        if faults:
            yield ""
            yield f"{case.id}  {case.institution} / {case.program}: {', '.join(faults)}"
            yield f"  labelled {case.policy} (J-1 {case.j1}, H-1B {case.h1b}, Step 3 {case.step3})"
            yield f"  read     {reading.policy} (J-1 {reading.j1}, H-1B {reading.h1b}, Step 3 {reading.step3_required_for_h1b})"
            yield from (f"  label > {sentence}" for sentence in case.evidence)
            yield from (f"  read  > {item.quote}" for item in reading.evidence)
            yield f"  rules   {', '.join(reading.rules) or 'none'}"
            yield from (f"  {line}" for line in reading.readings)


def _faults(case: Case, reading: Reading) -> list[str]:
    checks = (
        ("CRITICAL", is_critical(case.h1b, case.policy, reading.h1b)),
        ("policy", not _policy_right(case, reading)),
        ("H-1B", case.h1b != reading.h1b),
        ("J-1", case.j1 != reading.j1),
        ("Step 3", case.step3 != reading.step3_required_for_h1b),
        ("evidence", bool(case.evidence) and not _evidence_right(case, reading)),
    )
    return [name for name, wrong in checks if wrong]


def confusion(pairs: list[tuple[str, str]]) -> list[str]:
    """Return the lines of a table: labelled policies down, read policies across."""
    seen = [policy for policy in VISA_POLICY if any(policy in pair for pair in pairs)]
    counted = Counter(pairs)
    width = max(len(policy) for policy in seen) + 2
    lines = ["labelled \\ read".ljust(width) + "".join(policy.rjust(width) for policy in seen)]
    for label in seen:
        lines.append(label.ljust(width) + "".join(str(counted[label, guess] or ".").rjust(width) for guess in seen))
    return lines
