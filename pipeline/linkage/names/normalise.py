"""Names of organizations: one normal form, their words, and the names inside a printed name (d/b/a, formerly)."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.linkage.names import kinds
from pipeline.reference.load import read_reference

CUT_LENGTH: Final = 34  # the Employer Data Hub prints at most 34 characters up to FY2021
MAX_LENGTH: Final = 300

kind_of = kinds.kind_of

Role = Literal["legal", "trade", "former", "parent"]


@functools.cache
def words(kind: str) -> dict[str, str]:
    """form -> word of one kind of `words.csv`: abbreviation, state, ..."""
    rows = read_reference("names/words.csv")
    rows = rows[rows["kind"] == kind]
    return dict(zip(rows["form"], rows["word"], strict=True))


def word_set(kind: str) -> frozenset[str]:
    """The forms of one kind of `words.csv`."""
    return frozenset(words(kind))


# Words that say what kind of body it is, and nothing of which one: they carry little weight in a comparison.
GENERIC: Final = word_set("generic")
_GOVERNING: Final = word_set("governing")
_STOPWORDS: Final = word_set("stopword")
_LEGAL_FORMS: Final = word_set("legal_form")
_ABBREVIATIONS: Final = words("abbreviation")
_STATES: Final = words("state")
# One-letter directions are spelled out before these words only: `JOHN W SMITH` is not the west.
_DIRECTIONS: Final = {"N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST"}
_AFTER_DIRECTION: Final = word_set("after_direction")
# Postal codes that are also words or legal forms are read as a state after OF (or EASTERN ...) only.
_AMBIGUOUS_STATES: Final = word_set("ambiguous_state")
_REGION: Final = word_set("region")
_NEVER_A_NAME: Final = frozenset(("INC", "INCORPORATED", "LLC"))
_STEM_KEEPS: Final = ("SS", "US", "IS", "AS", "OS")

_MARKERS: Final = re.compile(
    r"[\s,(]+(?:"
    r"(?P<trade>D\s?/\s?B\s?/\s?A|D\.?\s?B\.?\s?A\.?|DOING BUSINESS AS|A\s?/\s?K\s?/\s?A|AKA|ALSO KNOWN AS|TRADING AS)"
    r"|(?P<parent>(?:AS )?(?:A )?PART OF|AN? (?:AFFILIATE|DIVISION|MEMBER|SUBSIDIARY|DEPARTMENT) OF)"
    r"|(?P<former>F\s?/\s?K\s?/\s?A|F/?K/?A|FORMERLY KNOWN AS|FORMERLY|N/?K/?A)"
    r")(?=[\s:,.(]|$)[\s:,.(]*"
)
MAY_SPLIT: Final = r"[DAFN]\s?[./]?\s?[BK]\s?[./]?\s?A|FORMERLY|DOING|ALSO|TRADING|PART OF| AN? \w+ OF "
_MAY_SPLIT: Final = re.compile(MAY_SPLIT)
CUT_MARKER: Final = r"\s(?:D/?B?/?A?|D B|DOING(?: BUSINES?S?(?: A)?)?|F/?K?/?A?|FORMER\w*|A/K?/?)$"
_CUT_MARKER: Final = re.compile(CUT_MARKER)
# Of ASCII characters: apostrophes and points join what stands beside them, other signs part it.
_PLAIN: Final = {
    code: None if chr(code) in "'`." else " "
    for code in range(128)
    if not (chr(code).isalnum() and chr(code).isupper())
} | {ord(digit): digit for digit in "0123456789"}


@dataclass(frozen=True)
class NamePart:
    """One of the names that a printed name holds: the legal one, a trade name (d/b/a), a former one, its owner's."""

    role: Role
    text: str


def plain(name: str) -> str:
    """Upper-case ASCII words, single spaces: accents and apostrophes dropped, other punctuation as spaces."""
    text = name[:MAX_LENGTH]
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return " ".join(text.upper().translate(_PLAIN).split())


def split_names(name: str) -> tuple[NamePart, ...]:
    """The names inside a printed name: `A D/B/A B` gives A (legal) and B (trade). At least one part, unless blank.

    A marker cut off at the end of a 34-character name (`A D/B`) is dropped.
    """
    text = " ".join(name[:MAX_LENGTH].upper().split())
    if CUT_LENGTH - 2 <= len(text) <= CUT_LENGTH:
        text = _CUT_MARKER.sub("", text)
    if not _MAY_SPLIT.search(text):
        return (NamePart("legal", text),) if plain(text) else ()
    return _split_marked(text)


@functools.lru_cache(maxsize=1 << 16)
def _split_marked(text: str) -> tuple[NamePart, ...]:
    parts: list[NamePart] = []
    role: Role = "legal"
    start = 0
    for marker in _MARKERS.finditer(text):
        parts.append(NamePart(role, text[start : marker.start()].strip(" ,()")))
        role = "trade" if marker["trade"] else "former" if marker["former"] else "parent"
        start = marker.end()
    parts.append(NamePart(role, text[start:].strip(" ,()")))
    return tuple(part for part in parts if plain(part.text))


@functools.lru_cache(maxsize=1 << 19)
def canonical(name: str) -> str:
    """The normal form that equal names share. Idempotent; "" for a name without letters or digits.

    Abbreviations are spelled out, plurals and possessives levelled, stop words and trailing legal forms dropped; the
    order of the words is kept.
    """
    tokens = plain(name).split()
    while not all(map(_is_settled, tokens)):
        again = " ".join(_one_pass(tokens)).split()
        if again == tokens:
            break
        tokens = again
    return " ".join(tokens)


@functools.lru_cache(maxsize=1 << 18)
def _is_settled(token: str) -> bool:
    """Whether a pass leaves this word alone whatever its neighbours: most words of a name after the first pass."""
    moves = token in _STOPWORDS or token in _LEGAL_FORMS or token in _NEVER_A_NAME or token == "CARE"
    return len(token) > 3 and not moves and spell_out(token) == token


def _one_pass(tokens: list[str]) -> list[str]:
    return _drop_legal_forms(_level(_join_letters(tokens)))


def _join_letters(tokens: list[str]) -> list[str]:
    """`A M` to AM, `P C` to PC, `CHILDREN S` to CHILDRENS; a lone letter before CAROLINA is a direction."""
    if min(map(len, tokens), default=2) > 1:
        return tokens
    joined: list[str] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        end = place
        while end < len(tokens) and len(tokens[end]) == 1 and tokens[end].isalpha():
            end += 1
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        if end - place > 1:
            joined.append("".join(tokens[place:end]))
            place = end
            continue
        if token in _DIRECTIONS and following in _AFTER_DIRECTION:
            joined.append(_DIRECTIONS[token])
        elif token == "S" and joined and len(joined[-1]) >= 3 and joined[-1] not in _STOPWORDS:
            joined[-1] += "S"
        else:
            joined.append(token)
        place += 1
    return joined


def _level(tokens: list[str]) -> list[str]:
    levelled: list[str] = []
    for place, token in enumerate(tokens):
        if token in _STOPWORDS:
            continue
        if len(token) > 3:
            word = spell_out(token)
        else:
            before = tokens[place - 1] if place else ""
            following = tokens[place + 1] if place + 1 < len(tokens) else ""
            word = _short_word(token, before, following, levelled)
        if word == "CARE" and levelled and levelled[-1] == "HEALTH":
            levelled[-1] = "HEALTHCARE"
        elif " " in word:
            levelled.extend(word.split())
        else:
            levelled.append(word)
    return levelled


def _short_word(token: str, before: str, following: str, done: list[str]) -> str:
    if token == "ST":
        return "STATE" if following[:4] in ("UNIV", "COLL") and done else "SAINT"
    if token == "MT" and following and before != "OF":
        return "MOUNT"
    if token == "MED" and before == "OF" and done and done[-1] in ("SCHOOL", "COLLEGE"):
        return "MEDICINE"
    if token == "CT" and done and done[-1] in ("MEDICAL", "HEALTH", "CANCER"):
        return "CENTER"
    state = _STATES.get(token)
    if state and _reads_as_state(token, before, following):
        return " ".join(_stem(part) for part in state.split())
    return spell_out(token)


def _reads_as_state(token: str, before: str, following: str) -> bool:
    if token == "VA":
        return before in _REGION or following in ("COMMONWEALTH", "TECH", "STATE")
    if token in _AMBIGUOUS_STATES:
        leads = not before and following in ("STATE", "ST", "UNIV", "UNIVERSITY")
        return before == "OF" or leads or (before == "SOUTHERN" and token not in ("CO", "PA"))
    return True


@functools.lru_cache(maxsize=1 << 18)
def spell_out(token: str) -> str:
    """The word or words that a printed word stands for, whatever its neighbours: abbreviations, plurals."""
    word = _ABBREVIATIONS.get(token)
    if word is None:
        stem = _stem(token)
        word = _ABBREVIATIONS.get(stem, stem)
    return " ".join(_stem(part) for part in word.split())


def _stem(token: str) -> str:
    if len(token) >= 5 and token.endswith("S") and not token.endswith(_STEM_KEEPS):
        return token[:-1]
    return token


def _drop_legal_forms(tokens: list[str]) -> list[str]:
    end = len(tokens)
    while end > 1 and tokens[end - 1] in _LEGAL_FORMS:
        end -= 1
    kept = [token for token in tokens[:end] if token not in _NEVER_A_NAME]
    return kept or tokens[:1]


@functools.cache
def state_words() -> frozenset[str]:
    """Words of the states' names, as canonical forms have them."""
    return frozenset(word for name in _STATES.values() for word in canonical(name).split())


def core(form: str) -> str:
    """A canonical form without its governing body: `BOARD TRUSTEE UNIVERSITY ALABAMA` is the University of Alabama."""
    if form.partition(" ")[0] not in _GOVERNING and form.rpartition(" ")[2] not in _GOVERNING:
        return form
    tokens = form.split()
    start, end = 0, len(tokens)
    while start < end - 1 and tokens[start] in _GOVERNING:
        start += 1
    while end > start + 2 and tokens[end - 1] in _GOVERNING:
        end -= 1
    return " ".join(tokens[start:end])


def is_cut(name: str) -> bool:
    """Whether a printed name may have lost its end at 34 characters (a blank at the cut is trimmed away)."""
    return CUT_LENGTH - 1 <= len(name) <= CUT_LENGTH


def is_prefix(cut_name: str, full_form: str) -> bool:
    """Whether a cut printed name may be the beginning of a name with the canonical form `full_form`.

    All words but the last must be equal, the last a beginning of the word in its place; at least two words.
    """
    printed = plain(cut_name).split()
    if len(printed) < 3:
        return False
    head = _one_pass_open(printed[:-1])
    full = full_form.split()
    if len(head) < 2 or len(full) <= len(head) or full[: len(head)] != head:
        return False
    return full[len(head)].startswith(printed[-1]) or printed[-1] in words("stopword")


def _one_pass_open(tokens: list[str]) -> list[str]:
    return _level(_join_letters(tokens))


def acronyms(form: str) -> frozenset[str]:
    """Initials under which a body of that canonical form may sign: of all words, and without its last kind word.

    Three letters at least: shorter ones mean too much.
    """
    tokens = form.split()
    initials = "".join(token[0] for token in tokens)
    found = {initials, initials[:-1]} if tokens and tokens[-1] in GENERIC else {initials}
    return frozenset(letters for letters in found if len(letters) >= 3)


def rare_tokens(form: str) -> tuple[str, ...]:
    """The words of a canonical form that say which body it is: no kind words, no single letters."""
    return tuple(token for token in form.split() if token not in GENERIC and len(token) > 1)
