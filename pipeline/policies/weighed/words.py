"""Words and word classes of the second reader.

What belongs here: what counts as one word, and the few classes by which the weights generalise. The first reader's
vocabulary is not used: agreement of the two says something only where they have come to it in different ways.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

H1B, J1, OTHER_VISA = "_h", "_j", "_o"
_VISAS: Final = (
    (
        re.compile(
            r"\bh(?:\W{0,2}[1il]\W{0,2}bs?\b(?!\s*cells?)|ib\b|-?1s?\b(?!\s*(?:receptor|20\d\d))"
            r"|(?=\W{0,2}(?:visas?|benefits?|status)\b))"
        ),
        f" {H1B} ",
    ),
    (re.compile(r"\b(?:j\W{0,2}[1il]s?|exchange visitors?)\b"), f" {J1} "),
    (re.compile(r"\b(?:[fo]\W?1|[jfh]\W?[24]|tn|e\W?3|b\W?[12]|opt|ead)\b"), f" {OTHER_VISA} "),
)
# Whatever sign stands between "doesn" and "t"; "cannot" and "dont" as they are often written.
_NOT: Final = re.compile(r"n(?:[^\w\s]{1,8}|&\w{1,8};)t\b")
_NOT_IN_ONE: Final = re.compile(r"\b(?:ca|do|does|did|is|are|wo|was)nt\b|\bcannot\b")
# Names that ran into the word before or behind them: "forJ-1 Visastatus".
_GLUED: Final = ((re.compile(r"[HJ]\W?1"), r" \g<0>"), (re.compile(r"[Vv]isa(?=[a-rt-z])|VISA(?=[a-z])"), r"\g<0> "))
_WORD: Final = re.compile(r"[a-z_]+[0-9]?[a-z]*|[?():;,./✓✔☑✅✗✘✖✕☒❌]|\d+")
_ENDINGS: Final = ("ations", "ation", "ships", "ship", "ings", "ing", "ied", "ies", "ed", "es", "s")
_CLASSES: Final = {
    "NOT": "not no nor neither never without none unable nt non unfortunately",
    "REFUSE": "ineligible declin refus exclud discontinu prohibit barr unavailable disqualif reject",
    "TAKE": "sponsor accept support offer provid consider process issu welcom eligibl allow permit available"
    " participat honor honour recogniz recognis obtain tak give giv grant fil petition help handl",
    "MAYBE": "case except exceptional limit limited rare certain circumstanc may might approv approval discret basi"
    " depend determin occasional unusual individual special prior possibl request review conditional",
    "ONLY": "only sole solely exclusiv exclusively just",
    "MUST": "must requir require need should shall",
    "IF": "if when unles unless provided where once",
    "BUT": "but however although though while wherea yet",
    "PREFER": "prefer preferred typical typically usual usually general generally normal normally most common recommend",
    "STEP3": "step usmle complex comlex",
    "ECFMG": "ecfmg intealth efcmg",
    "CITIZEN": "citizen permanent resid green resident",
    "TRAINEE": "residency fellowship fellow trainee intern house housestaff gme graduate applicant candidat img imgs fmg",
    "STAFF": "faculty scholar student employee staff postdoctoral postdoc research researcher attending employ department"
    " university professor spouse dependent",
    "ASK": "contact ask inquir question email call discuss consult office visit website",
    "WE": "we our us program hospital institution center",
    "LAW": "attorney lawyer law firm court proclam presiden uscis fee lottery cap",
    "WAIVER": "waiver conrad underserv shortage",
    "YES": "yes y ✓ ✔ ☑ ✅",
    "CROSS": "✗ ✘ ✖ ✕ ☒ ❌",
}  # fmt: skip
_ORDINALS: Final = frozenset("123")  # of USMLE steps


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of `text` in small letters, without endings; visas as `_h`, `_j`, `_o`, other numbers as `#`."""
    plain = text
    for pattern, apart in _GLUED:
        if pattern.search(plain):  # to prepare such a replacement takes longer than to look
            plain = pattern.sub(apart, plain)
    plain = plain.lower()
    for pattern, name in _VISAS:
        plain = pattern.sub(name, plain)
    plain = _NOT_IN_ONE.sub(" not ", _NOT.sub("n not ", plain))
    return tuple([_stem(word) for word in _WORD.findall(plain)])


def classed(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words with those of a class replaced by its name, which is in capitals."""
    return tuple([_CLASS_OF.get(word, word) for word in words])


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    if word.isdigit():
        return word if word in _ORDINALS else "#"
    if len(word) > 4 and word[0] != "_":
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return word[: -len(ending)]
        if word.endswith("e"):
            return word[:-1]
    return word


_CLASS_OF: Final = {_stem(word): name for name, words in _CLASSES.items() for word in words.split()}
CLASSES: Final = frozenset(_CLASSES)
