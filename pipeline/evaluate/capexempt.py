"""How well the cap-exemption answers of a release agree with labelled employers."""

from __future__ import annotations

import csv
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipeline.evaluate.base import Evaluation, GoldError
from pipeline.matching.kinds import kind_of
from pipeline.matching.names import canonical, canonical_all, core, rare_tokens, split_names
from pipeline.matching.resolve import match_names
from pipeline.schemas.vocabulary import CAP_EXEMPT_CATEGORY

COLUMNS: Final = ("employer_name", "state", "expected", "basis", "justification", "difficulty")
Answer = Mapping[Hashable, Any]  # a row of cap_exemption
EXEMPT: Final = frozenset(
    (
        "exempt_higher_ed",
        "exempt_affiliated_nonprofit",
        "exempt_nonprofit_research",
        "exempt_government_research",
        "likely_exempt",
    )
)
_BENIGN: Final = frozenset(("SYSTEM", "DISTRICT", "AUTHORITY"))
# Words that make another body of a name they are added to.
_TELLING: Final = frozenset((
    "FOUNDATION", "PHYSICIAN", "GROUP", "CLINIC", "PLAN", "SCHOOL", "HOSPITAL", "ASSOCIATE", "PRACTICE", "EAST", "WEST",
    "NORTH", "SOUTH",
))  # fmt: skip
_OTHER_BODIES: Final = ("research", "practice", "plan", "foundation")
_LEAST_CUT: Final = 24  # letters of a normal form that a name cut at 34 characters still has
_CARE: Final = re.compile(r"\b(HOSPITAL|MEDICAL|HEALTH|HEALTHCARE|CLINIC|PHYSICIAN|CANCER|VETERAN|HENNEPIN)\b")
_SCHOOL: Final = re.compile(r"\b(UNIVERSITY|COLLEGE|INSTITUTE TECHNOLOGY|SCHOOL|ACADEMY)\b")


@dataclass(frozen=True)
class Case:
    """One labelled employer. names: the name, what stands in parentheses, and both; accepted: expected and also right."""

    names: tuple[str, ...]
    state: str
    expected: str
    basis: str
    accepted: frozenset[str]
    unsure: bool

    @property
    def kind(self) -> str:
        """hospital, school or other, by the printed name."""
        form = canonical(self.names[0])
        return "hospital" if _CARE.search(form) else "school" if _SCHOOL.search(form) else "other"


def read_gold(path: Path) -> tuple[Case, ...]:
    """The cases of a gold file. Raises GoldError for a missing column or an unknown category."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise GoldError(
                    f"{path.name}: no column {', '.join(missing)}; the format is in the README of the gold files"
                )
            return tuple(_case(path.name, line, row) for line, row in enumerate(reader, start=2))
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path}: can't be read ({error})") from error


def _case(file: str, line: int, row: dict[str, str]) -> Case:
    basis, *options = row["basis"].split(";")
    also = [value for option in options if option.startswith("accept=") for value in option[7:].split("+")]
    accepted = frozenset([row["expected"], *also])
    unknown = sorted(accepted - set(CAP_EXEMPT_CATEGORY))
    if unknown:
        raise GoldError(f"{file}, line {line}: unknown category {', '.join(unknown)}")
    printed = row["employer_name"]
    outside = re.sub(r"\([^)]*\)", " ", printed)
    apart = (outside, *re.findall(r"\(([^)]*)\)", printed))
    names = tuple(dict.fromkeys(name.strip() for name in (*apart, printed) if name.strip()))
    return Case(names, row["state"], row["expected"], basis, accepted, row["justification"].startswith("UNSURE:"))


def find(
    cases: tuple[Case, ...], petitioners: pd.DataFrame, institutions: pd.DataFrame, links: pd.DataFrame
) -> list[str | None]:
    """The petitioner_id each case is about; None where none is found.

    In this order: the normal form of a name in the state; an institution of that name in the state, and the petitioner with
    the most approvals that is the same; the normal form in another state; the same distinctive words in the state; a
    similar name in the state. A petitioner's first name goes before its other spellings, then approvals decide.
    """
    approvals = (petitioners["initial_approvals"] + petitioners["continuing_approvals"]).set_axis(
        petitioners["petitioner_id"]
    )
    own = _forms(petitioners, "petitioner_id", "spellings").assign(approvals=lambda rows: rows["id"].map(approvals))
    first = pd.MultiIndex.from_arrays(
        [petitioners["petitioner_id"], [core(canonical(name)) for name in petitioners["name"]]]
    )
    own["first"] = pd.MultiIndex.from_frame(own[["id", "form"]]).isin(first)
    own = own.sort_values(["first", "approvals", "id"], ascending=[False, False, True])
    by_state = own.drop_duplicates(["form", "state"]).set_index(["form", "state"])["id"]
    anywhere = own.drop_duplicates("form").set_index("form")["id"]
    through = _through_institutions(institutions, links, approvals)
    distinctive = _by_distinctive_words(own)
    by_head = _by_first_words(own)
    found: list[str | None] = []
    for case in cases:
        forms = [core(canonical(name)) for name in case.names]
        keys = [(form, case.state) for form in forms]
        answers = [by_state.get(key) for key in keys]
        answers += [through.get((" ".join(sorted(form.split())), case.state)) for form in forms]
        answers += [anywhere.get(form) for form in forms if _tells_apart(form)]
        answers += [_same_words(form, distinctive.get((case.state, rare_tokens(form)), ())) for form in forms]
        answers += [_longer(form, by_head.get((case.state, *form.split()[:2]), ())) for form in forms]
        found.append(next((str(answer) for answer in answers if answer is not None), None))
    return _similar(cases, found, petitioners)


def _by_distinctive_words(own: pd.DataFrame) -> dict[tuple[str, tuple[str, ...]], list[tuple[str, str]]]:
    """(state, distinctive words) -> (form, petitioner_id), the first the best."""
    found: dict[tuple[str, tuple[str, ...]], list[tuple[str, str]]] = {}
    for row in own.dropna(subset=["state"]).itertuples():
        words = rare_tokens(str(row.form))
        if words:
            found.setdefault((str(row.state), words), []).append((str(row.form), str(row.id)))
    return found


def _by_first_words(own: pd.DataFrame) -> dict[tuple[str, ...], list[tuple[str, str]]]:
    """(state, first word, second word) -> (form, petitioner_id), the first the best."""
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for row in own.dropna(subset=["state"]).itertuples():
        found.setdefault((str(row.state), *str(row.form).split()[:2]), []).append((str(row.form), str(row.id)))
    return found


def _tells_apart(form: str) -> bool:
    """Whether a name is telling enough to be looked for in other states: Christ Hospital is not."""
    return len(rare_tokens(form)) >= 2 or kind_of(form) not in ("hospital", "university", "school", "clinic")


def _longer(form: str, candidates: Sequence[tuple[str, str]]) -> str | None:
    """A petitioner whose name goes on where `form` ends, or breaks off where it is cut, and is no other kind of body."""
    if len(rare_tokens(form)) < 2 and len(form.split()) < 4:
        return None
    for other, identity in candidates:
        longer, shorter = max(form, other, key=len), min(form, other, key=len)
        rest = longer[len(shorter) :]
        cut = " " not in rest and len(shorter) >= _LEAST_CUT
        if longer.startswith(shorter) and (
            cut or (other == longer and rest.startswith(" ") and not _TELLING & set(rest.split()))
        ):
            return identity
    return None


def _same_words(form: str, candidates: Sequence[tuple[str, str]]) -> str | None:
    """A petitioner whose name differs from `form` in words of kind only, and is not another kind of body.

    With one distinctive word alone, nothing but SYSTEM, DISTRICT and the like may differ.
    """
    for other, identity in candidates:
        kinds = {kind_of(form), kind_of(other)} - {"other"}
        apart = set(form.split()) ^ set(other.split())
        if len(kinds) < 2 and not apart & (_TELLING - {"SCHOOL"}) and (len(rare_tokens(form)) >= 2 or apart <= _BENIGN):
            return identity
    return None


def _forms(frame: pd.DataFrame, key: str, others: str) -> pd.DataFrame:
    """Columns id, state, form: every name of every record, d/b/a names apart."""
    base = pd.DataFrame({"id": frame[key], "state": frame["state"], "name": frame["name"]})
    more = base.assign(name=frame[others]).explode("name").dropna(subset=["name"])
    names = pd.concat([base, more], ignore_index=True).drop_duplicates(["id", "name"])
    names["name"] = names["name"].map(
        {name: [part.text for part in split_names(name)] for name in names["name"].unique()}
    )
    names = names.explode("name").dropna(subset=["name"])
    forms = canonical_all(names["name"])
    names["form"] = forms.map({form: core(form) for form in forms.unique()})
    return names.loc[names["form"] != "", ["id", "state", "form"]].drop_duplicates()


def _through_institutions(
    institutions: pd.DataFrame, links: pd.DataFrame, approvals: pd.Series
) -> dict[tuple[str, str], str]:
    """(words of a name in order, state) of an institution -> petitioner with the most approvals linked as the same.

    The order of the words does not matter: Houston Methodist Hospital is the Methodist Hospital (Houston).
    """
    same = links[(links["decision"] == "accepted") & (links["relation"] == "same")]
    if institutions.empty or same.empty:
        return {}
    same = same.assign(total=same["petitioner_id"].map(approvals)).dropna(subset=["total"])
    # A hospital's research institute or practice may sign more petitions than the hospital, and is another body.
    same = same.assign(other=[kind_of(core(canonical(name))) in _OTHER_BODIES for name in same["employer"]])
    same = same.sort_values(["other", "total", "petitioner_id"], ascending=[True, False, True])
    best = same.drop_duplicates("institution_id").set_index("institution_id")["petitioner_id"]
    forms = _forms(institutions, "institution_id", "aliases")
    forms = forms.assign(petitioner=forms["id"].map(best)).dropna(subset=["petitioner"])
    forms = forms.sort_values(["form", "state", "petitioner"], ascending=False)
    return {
        (" ".join(sorted(str(row.form).split())), str(row.state)): str(row.petitioner) for row in forms.itertuples()
    }


def _similar(cases: tuple[Case, ...], found: list[str | None], petitioners: pd.DataFrame) -> list[str | None]:
    """Fill what is not found yet with a similar name in the state, by the matching room's rules."""
    asked = [
        (name, case.state) for case, answer in zip(cases, found, strict=True) if answer is None for name in case.names
    ]
    if not asked:
        return found
    states = {state for _, state in asked}
    register = petitioners[petitioners["state"].isin(states)].assign(id=lambda rows: rows["petitioner_id"])
    register = register[["id", "name", "state"]].assign(aliases=petitioners["spellings"])
    answers = match_names(pd.DataFrame(asked, columns=["name", "state"]), register)
    similar = {
        (str(row.name_), str(row.state)): str(row.id) for row in answers.rename(columns={"name": "name_"}).itertuples()
    }
    return [
        answer or next((similar[name, case.state] for name in case.names if (name, case.state) in similar), None)
        for case, answer in zip(cases, found, strict=True)
    ]


def evaluate(
    gold: Path, cap_exemption: pd.DataFrame, petitioners: pd.DataFrame, institutions: pd.DataFrame, links: pd.DataFrame
) -> Evaluation:
    """Figures and report for the cases of `gold` (see the README of the gold files).

    strict_accuracy: of the sure cases found, the share with the expected category. lenient_accuracy: of all cases found, the
    share with an accepted one. coverage: of the cases found where unknown is not expected, the share that is not unknown.
    for_profit_exempt: cases with a basis R0 judged exempt. not_found, n: counts. Raises GoldError.
    """
    cases = read_gold(gold)
    places = find(cases, petitioners, institutions, links)
    asked = cap_exemption[cap_exemption["petitioner_id"].isin([place for place in places if place is not None])]
    answers = {str(row["petitioner_id"]): row for row in asked.to_dict("records")}
    pairs = [(case, answers.get(place or "")) for case, place in zip(cases, places, strict=True)]
    judged = [(case, answer) for case, answer in pairs if answer is not None]
    missing = [case for case, answer in pairs if answer is None]
    figures: dict[str, object] = {**_figures(judged), "not_found": len(missing), "n": len(cases)}
    figures["by_kind"] = {
        kind: _figures([pair for pair in judged if pair[0].kind == kind]) for kind in ("hospital", "school", "other")
    }
    return Evaluation(figures, (*_summary(figures), *_errors(judged), *_not_found(missing)))


def _figures(judged: Sequence[tuple[Case, Answer]]) -> dict[str, object]:
    sure = [(case, row) for case, row in judged if not case.unsure]
    decidable = [(case, row) for case, row in judged if case.expected != "unknown"]
    return {
        "strict_accuracy": _share([row["category"] == case.expected for case, row in sure]),
        "lenient_accuracy": _share([row["category"] in case.accepted for case, row in judged]),
        "coverage": _share([row["category"] != "unknown" for _, row in decidable]),
        "for_profit_exempt": sum(case.basis.startswith("R0") and row["category"] in EXEMPT for case, row in judged),
        "found": len(judged),
    }


def _share(right: list[bool]) -> float:
    return round(sum(right) / len(right), 4) if right else 0.0


def _summary(figures: dict[str, object]) -> list[str]:
    lines = ["Cap exemption against labelled employers (inferred answers; labels are judgements)"]
    lines += [f"  {name}: {value}" for name, value in figures.items() if not isinstance(value, dict)]
    by_kind = figures["by_kind"]
    assert isinstance(by_kind, dict)
    for kind, values in by_kind.items():
        lines.append(f"  {kind}: " + ", ".join(f"{name} {value}" for name, value in values.items()))
    return lines


def _errors(judged: Sequence[tuple[Case, Answer]]) -> list[str]:
    lines: list[str] = []
    for case, row in judged:
        if row["category"] == case.expected:
            continue
        mark = "accepted alternative" if row["category"] in case.accepted else "error"
        doubt = ", doubtful label" if case.unsure else ""
        lines.append(
            f"{mark}{doubt}: {' / '.join(case.names)} ({case.state}), as petitioner {row['name']} ({row['state']})"
        )
        lines.append(
            f"  expected {case.expected} ({case.basis}); judged {row['category']} by {row['rule_id']}, {row['confidence']}"
        )
        for sign, column in (("+", "evidence"), ("-", "counter_evidence")):
            lines += [
                f"  {sign} {item['source']} {item['field']}: {item['value']} [{item['strength']}]"
                for item in row[column]
            ]
    return lines


def _not_found(missing: list[Case]) -> list[str]:
    return [f"not found: {' / '.join(case.names)} ({case.state})" for case in missing]
