"""How the words of a job title weigh against each other: the decision list of docs/methods/trainee_filings.md.

What belongs here: rules. Phrases and the kind of each are rows of `reference/titles/levels.csv`.
"""

from __future__ import annotations

import functools
import re
from typing import Final, Literal

from pipeline.filings.soc import SocKind
from pipeline.reference.load import read_reference
from pipeline.specialties.reading import Reading
from pipeline.specialties.recognise import specialty_group
from pipeline.specialties.vocabulary import specialties
from pipeline.specialties.words import Words, vocabulary_tree
from pipeline.text.phrases import PhraseTree, phrases_at

Level = Literal["resident", "fellow", "trainee_unspecified", "attending_or_faculty", "research", "non_physician"]
Confidence = Literal["high", "medium", "low"]

_PROFESSIONS: Final = frozenset(
    {
        "dental", "pharmacy", "nursing", "assistant", "veterinary", "podiatry", "alternative", "optometry", "orthotics",
        "allied", "behavioral", "nutrition",
    }
)  # fmt: skip
TRAINEE_LEVELS: Final = ("resident", "fellow", "trainee_unspecified")
_SPECIALIST: Final = re.compile(
    r"(?<!techn)(?:surgeon|ologist|iatrist|iatrician|internist|intensivist|obstetrician)s?$"
)
# "Anesthesiology, Assistant Professor" is no anesthesiologist assistant.
_AFTER_RANK: Final = frozenset(
    {"professor", "director", "attending", "member", "chief", "dean", "program", "clinical", "medical", "chair", "in"}
)

_FELLOW_PGY: Final = 6
_SURELY_RESIDENT_PGY: Final = 3

Verdict = tuple[Level, Confidence, str]
Kinds = dict[str, list[int]]


@functools.cache
def _levels() -> PhraseTree[str]:
    rows = read_reference("titles/levels.csv")
    return vocabulary_tree(
        [(phrase, str(row.kind)) for row in rows.itertuples() for phrase in str(row.phrases).split("|")]
    )


@functools.cache
def _core_specialties() -> frozenset[str]:
    """Return the specialties in which residents train, as names and as groups."""
    table = specialties()
    core = table.loc[table["trainees"].isin(["residents", "both"]), "name"]
    return frozenset(core) | frozenset(specialty_group(core))


def kinds_of(found: Words) -> Kinds:
    """Map the kinds of phrases in a title to the words where they begin; overlapping phrases all count."""
    kinds: Kinds = {}
    for place in range(len(found.tokens)):
        for length, kind in phrases_at(_levels(), found.tokens, place):
            end = place + length
            if kind == "assistant" and end < len(found.tokens) and found.tokens[end] in _AFTER_RANK:
                continue
            if kind == "assistant" and found.tokens[end - 1] == "assistant" and found.apart[end - 1]:
                continue
            kinds.setdefault(kind, []).append(place)
    return kinds


def decide(  # noqa: PLR0911 (a decision list: one return for each rule)
    found: Words, kinds: Kinds, soc: SocKind, specialty: Reading, pgy: int | None
) -> Verdict:
    """Return level, confidence and reason by the first rule that holds in docs/methods/trainee_filings.md.

    kinds: see `kinds_of`. specialty, pgy: what else the title names; pgy None where it names no year.
    """
    profession = _PROFESSIONS & kinds.keys()
    if profession:
        return "non_physician", "high", f"words of another profession ({', '.join(sorted(profession))})"
    says_physician = "physician" in kinds
    specialist = any(_SPECIALIST.search(raw) for raw in found.raw)
    trainee = _trainee(found, kinds, soc, specialty, pgy)
    if soc == "profession":
        return _under_another_profession(kinds, found, specialty, trainee)
    research = _research(kinds, soc, says_physician or specialist)
    if research:
        return research
    if trainee and soc == "outside" and not (says_physician or _medical(kinds, specialty)):
        trainee = None
    if trainee:
        level, confidence, why = trainee
        sure = soc == "physician" or says_physician or "clinical" in kinds or bool(specialty.name)
        sure = sure and soc != "outside"
        return level, confidence if sure else _lower(confidence), why
    if soc == "outside":
        return "non_physician", "high", "no word of a trainee physician"
    if soc == "physician":
        return _attending(kinds, found, specialist or says_physician, specialty)
    if "technical" in kinds and not says_physician:
        return "non_physician", "medium", "technical words"
    ranked = not kinds.keys().isdisjoint({"faculty", "attending"})
    if says_physician or specialist or (ranked and (specialty.name or "professor" in found.tokens)):
        return "attending_or_faculty", "medium", "a physician or a rank of a faculty"
    return "non_physician", "medium", "no word of a physician"


def _medical(kinds: Kinds, specialty: Reading) -> bool:
    grade = not kinds.keys().isdisjoint({"resident", "trainee"})
    return "clinical" in kinds and (grade or bool(specialty.name))


def _lower(confidence: Confidence) -> Confidence:
    return "medium" if confidence == "high" else "low"


def _under_another_profession(kinds: Kinds, found: Words, specialty: Reading, trainee: Verdict | None) -> Verdict:
    says_physician = "physician" in kinds or any(raw.startswith("surgeon") for raw in found.raw)
    if trainee and says_physician:
        return trainee[0], "low", f"{trainee[2]}, under the code of another profession"
    scholar = not {"fellow", "associate", "researcher", "scholar"}.isdisjoint(found.tokens)
    if "postdoc" in kinds or ("research" in kinds and scholar and "technical" not in kinds):
        return "research", "medium", "words of research"
    if trainee or "technical" in kinds:
        return "non_physician", "high", "the code of another profession"
    if says_physician or (specialty.name and "professor" in found.tokens):
        return "attending_or_faculty", "low", "a physician's title under the code of another profession"
    return "non_physician", "high", "the code of another profession"


def _research(kinds: Kinds, soc: SocKind, physician: bool) -> Verdict | None:  # noqa: PLR0911
    """Judge research positions; a physician's title that also says research stays a physician's."""
    clinical = "clinical" in kinds and soc != "outside"
    if "postdoc" in kinds:
        clinical = clinical or not kinds.keys().isdisjoint({"residency", "fellowship"})
        if clinical and "research" not in kinds and "fellow" in kinds:
            return "fellow", "medium", "a clinical fellow called postdoctoral"
        if clinical and "research" not in kinds and soc in ("physician", "open"):
            return "trainee_unspecified", "low", "a clinical position after the doctorate"
        return "research", "high", "words of research after a doctorate"
    if "research" not in kinds or "resident" in kinds or "physician_scientist" in kinds:
        return None
    if "technical" in kinds:
        return None
    if "fellow" in kinds or "trainee" in kinds:
        return "research", "medium" if soc == "physician" else "high", "a research fellow"
    if physician or "faculty" in kinds or "leader" in kinds or soc == "outside":
        return None
    return "research", "medium", "words of research"


def _trainee(  # noqa: PLR0911
    found: Words, kinds: Kinds, soc: SocKind, specialty: Reading, pgy: int | None
) -> Verdict | None:
    """Judge titles with a word of a trainee; None where it has none, or another word weighs more."""
    if "not_trainee" in kinds:
        return None
    resident = "resident" in kinds or ("intern" in kinds and soc in ("physician", "open", "none"))
    fellow = "fellow" in kinds
    fellowship, residency = "fellowship" in kinds, "residency" in kinds
    above = not kinds.keys().isdisjoint({"faculty", "attending"})
    if "trained" in kinds and not resident:
        return None
    if "leader" in kinds and "chief_trainee" not in kinds:
        return None
    confidence: Confidence = "medium" if above or "moonlighting" in kinds else "high"
    if resident and fellow:
        return _resident_and_fellow(found, kinds, pgy)
    if resident and fellowship and not residency:
        return "fellow", "medium", "says resident, and names a fellowship"
    if fellow or resident:
        level: Level = "fellow" if fellow else "resident"
        return level, confidence, f"says {level}" + (", beside a rank after training" if above else "")
    inside = "physician" not in kinds or not {"in", "training", "trainee"}.isdisjoint(found.tokens)
    if (fellowship or residency) and inside and not above:
        return "fellow" if fellowship else "resident", "medium", "is in a program of that name"
    if "trainee" in kinds and not (fellowship or residency):
        return _unnamed_trainee(found, kinds, soc, specialty, pgy)
    return None


def _resident_and_fellow(found: Words, kinds: Kinds, pgy: int | None) -> Verdict:
    """Judge titles with both words: `Resident/Fellow` names both; `Res Phys PGY-10 (… Fellow)` is a fellow on a resident's payroll."""
    brackets = [found.bracketed[place] for place in kinds["fellow"]]
    if all(brackets) and not any(found.bracketed[place] for place in kinds["resident"]):
        return "fellow", "medium", "says resident, and fellow in brackets"
    if pgy is not None and pgy >= _FELLOW_PGY:
        return "fellow", "medium", "says resident and fellow, in a year after most residencies"
    return "trainee_unspecified", "high", "says resident and fellow"


def _unnamed_trainee(found: Words, kinds: Kinds, soc: SocKind, specialty: Reading, pgy: int | None) -> Verdict | None:
    """Judge titles that say house staff, PGY or training, and neither resident nor fellow."""
    if "graduate" in found.tokens and "assistant" in found.tokens and soc != "physician":
        return None
    stated_year = bool({"pgy", "pgl"} & set(found.tokens))
    if stated_year and specialty.name:
        core = specialty.name in _core_specialties()
        if core and not specialty.topic:
            return "resident", "high", "postgraduate year in a specialty of residents"
        return "fellow", "medium", "postgraduate year in a specialty of fellows"
    if stated_year and pgy is not None and pgy <= _SURELY_RESIDENT_PGY:
        return "resident", "medium", "a postgraduate year in which only residents are"
    low = not kinds.keys().isdisjoint({"moonlighting", "attending"})
    low = low or not {"scholar", "assistant"}.isdisjoint(found.tokens)
    return "trainee_unspecified", "low" if low else "high", "says trainee, and neither resident nor fellow"


def _attending(kinds: Kinds, found: Words, physician: bool, specialty: Reading) -> Verdict:
    """Judge titles under a code of physicians without a word of a trainee: a physician, unless all words are technical."""
    if "technical" in kinds and not (physician or "faculty" in kinds or "leader" in kinds or specialty.name):
        return "non_physician", "medium", "technical words only"
    if "moonlighting" in kinds:
        return "attending_or_faculty", "low", "extra shifts; nothing says trainee"
    if physician or specialty.name or "attending" in kinds or "professor" in found.tokens:
        return "attending_or_faculty", "high", "a physician, and no word of a trainee"
    return "attending_or_faculty", "low", "a rank that alone says little; no word of a trainee"
