"""How well the cap-exemption answers of a release agree with labelled employers: figures and report, not how cases are found."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipeline.evaluate.base import Evaluation, GoldError, read_gold
from pipeline.evaluate.cap_exemption_baselines import BASELINES
from pipeline.evaluate.cap_exemption_find import find
from pipeline.linkage.names.normalise import canonical
from pipeline.schemas.vocabulary import CAP_EXEMPT_CATEGORY, EXEMPT_CATEGORIES

COLUMNS: Final = ("employer_name", "state", "expected", "basis", "justification", "difficulty")
Answer = Mapping[Hashable, Any]  # a row of cap_exemption
_CARE: Final = re.compile(r"\b(HOSPITAL|MEDICAL|HEALTH|HEALTHCARE|CLINIC|PHYSICIAN|CANCER|VETERAN|HENNEPIN)\b")
_SCHOOL: Final = re.compile(r"\b(UNIVERSITY|COLLEGE|INSTITUTE TECHNOLOGY|SCHOOL|ACADEMY)\b")


@dataclass(frozen=True)
class Case:
    """One labelled employer.

    names: the name, what is in parentheses, and both; state; expected: its category; basis: the rule it should rest on;
    accepted: expected and also right; unsure: whether its label is doubtful.
    """

    names: tuple[str, ...]
    state: str
    expected: str
    basis: str
    accepted: frozenset[str]
    unsure: bool

    @property
    def kind(self) -> str:
        """`hospital`, `school` or `other`, by the printed name."""
        form = canonical(self.names[0])
        return "hospital" if _CARE.search(form) else "school" if _SCHOOL.search(form) else "other"


def read_cases(path: Path) -> tuple[Case, ...]:
    """Read the cases of a gold file. Raises GoldError for a missing column or an unknown category."""
    return tuple(_case(path.name, row) for row in read_gold(path, COLUMNS).to_dict("records"))


def _case(file: str, row: Mapping[Hashable, Any]) -> Case:
    basis, *options = row["basis"].split(";")
    also = [value for option in options if option.startswith("accept=") for value in option[7:].split("+")]
    accepted = frozenset([row["expected"], *also])
    unknown = sorted(accepted - set(CAP_EXEMPT_CATEGORY))
    if unknown:
        raise GoldError(f"{file}, line {row['line']}: unknown category {', '.join(unknown)}")
    printed = row["employer_name"]
    outside = re.sub(r"\([^)]*\)", " ", printed)
    apart = (outside, *re.findall(r"\(([^)]*)\)", printed))
    names = tuple(dict.fromkeys(name.strip() for name in (*apart, printed) if name.strip()))
    return Case(names, row["state"], row["expected"], basis, accepted, row["justification"].startswith("UNSURE:"))


def evaluate(
    gold: Path,
    cap_exemption: pd.DataFrame,
    institution_cap_exemption: pd.DataFrame,
    petitioners: pd.DataFrame,
    institutions: pd.DataFrame,
    links: pd.DataFrame,
) -> Evaluation:
    """Return figures and report for the cases of `gold` (see the README of the gold files), by petitioner, else by institution.

    strict_accuracy: of the sure cases found, the share with the expected category. lenient_accuracy: of all cases found, the
    share with an accepted one. coverage: of the cases found where unknown is not expected, the share that is not unknown.
    for_profit_exempt: cases with a basis R0 judged exempt. found_as_institution, not_found, n: counts. Raises GoldError.
    """
    cases = read_cases(gold)
    places = find(cases, petitioners, institutions, links, institution_cap_exemption)
    wanted = [place for place in places if place is not None]
    judged_rows = cap_exemption[cap_exemption["petitioner_id"].isin(wanted)]
    answers = {str(row["petitioner_id"]): row for row in judged_rows.to_dict("records")}
    known = institution_cap_exemption[institution_cap_exemption["body_id"].isin(wanted)]
    answers |= {str(row["body_id"]): row for row in known.to_dict("records")}
    pairs = [(case, answers.get(place or "")) for case, place in zip(cases, places, strict=True)]
    judged = [(case, answer) for case, answer in pairs if answer is not None]
    missing = [case for case, answer in pairs if answer is None]
    figures: dict[str, object] = {**_figures(judged), "not_found": len(missing), "n": len(cases)}
    figures["found_as_institution"] = sum("body_id" in answer for _, answer in judged)
    figures["by_kind"] = {
        kind: _figures([pair for pair in judged if pair[0].kind == kind]) for kind in ("hospital", "school", "other")
    }
    # Industries are those of petitioners: cases found as an institution only are left out of this comparison.
    petitioned = [(case, row) for case, row in judged if "body_id" not in row]
    figures["baselines"] = {"the rules": _figures(petitioned)} | {
        name: _figures([(case, {**row, "category": guess(str(row["name"]), _naics(row))}) for case, row in petitioned])
        for name, guess in BASELINES.items()
    }
    return Evaluation(figures, (*_summary(figures), *_errors(judged), *_not_found(missing)))


def _naics(row: Answer) -> str:
    """Return the NAICS sector of a petitioner that its evidence names."""
    pieces = [*row["evidence"], *row["counter_evidence"]]
    return next((str(piece["value"]) for piece in pieces if piece["field"] == "naics"), "99")


def _figures(judged: Sequence[tuple[Case, Answer]]) -> dict[str, object]:
    sure = [(case, row) for case, row in judged if not case.unsure]
    decidable = [(case, row) for case, row in judged if case.expected != "unknown"]
    return {
        "strict_accuracy": _share([row["category"] == case.expected for case, row in sure]),
        "lenient_accuracy": _share([row["category"] in case.accepted for case, row in judged]),
        "coverage": _share([row["category"] != "unknown" for _, row in decidable]),
        "for_profit_exempt": sum(
            case.basis.startswith("R0") and row["category"] in EXEMPT_CATEGORIES for case, row in judged
        ),
        "found": len(judged),
    }


def _share(right: list[bool]) -> float:
    return round(sum(right) / len(right), 4) if right else 0.0


def _summary(figures: dict[str, object]) -> list[str]:
    lines = ["Cap exemption against labelled employers (inferred answers; labels are judgements)"]
    lines += [f"  {name}: {value}" for name, value in figures.items() if not isinstance(value, dict)]
    for heading, group in (("", "by_kind"), ("cases found as petitioners, by ", "baselines")):
        groups = figures[group]
        assert isinstance(groups, dict)
        for kind, values in groups.items():
            lines.append(f"  {heading}{kind}: " + ", ".join(f"{name} {value}" for name, value in values.items()))
    return lines


def _errors(judged: Sequence[tuple[Case, Answer]]) -> list[str]:
    lines: list[str] = []
    for case, row in judged:
        if row["category"] == case.expected:
            continue
        mark = "accepted alternative" if row["category"] in case.accepted else "error"
        doubt = ", doubtful label" if case.unsure else ""
        lines.append(f"{mark}{doubt}: {' / '.join(case.names)} ({case.state}), {_found_as(row)}")
        lines.append(
            f"  expected {case.expected} ({case.basis}); judged {row['category']} by {row['rule_id']}, {row['confidence']}"
        )
        for prefix, column in (("+", "evidence"), ("-", "counter_evidence")):
            lines += [
                f"  {prefix} {item['source']} {item['field']}: {item['value']} [{item['strength']}]"
                for item in row[column]
            ]
    return lines


def _found_as(row: Answer) -> str:
    if "body_id" in row:
        return f"as institution {row['name']} ({row['source']}; no petitioner found)"
    return f"as petitioner {row['name']} ({row['state']})"


def _not_found(missing: list[Case]) -> list[str]:
    return [f"not found: {' / '.join(case.names)} ({case.state})" for case in missing]
