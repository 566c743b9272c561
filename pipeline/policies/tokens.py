"""Tokens of a sentence, with visa names in all their spellings as single tokens.

The spellings are in `spellings`; what is in a name of several words, or is none after all, is decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.policies.spellings import BOXES, ECFMG, H1B, J1, LONG, NAMED, TOKEN, has_long_name
from pipeline.text.characters import wordset

ANY, OTHERS, OTHER_CLASS = "any", "others", "other_class"
BOTH = frozenset({J1, H1B})
NO_VALUES = frozenset({"n", "/", "a", ".", "?", "tbd", "unknown", ":", "-", "–", "_"})  # of "n/a" and other blanks
# What follows a visa's name where it labels a value: "H-1B visa sponsorship: no".
LABEL_NOUNS = wordset("a an the visa visas sponsorship status support petition petitions classification")

_CARD = wordset(
    "card cards mastercard amex discover american express check checks cash debit credit gift paypal venmo"
    " qualifying qualification bureau"
)
_PAYING = wordset(
    "pay paid pays payable payment payments purchase purchases donate donation donations hotel refund refunded cash"
    " cashier cafeteria machine machines fare tickets"
)
_POLICY_WORDS = wordset(
    "sponsor sponsors sponsored sponsorship applicant applicants resident residents fellow fellows status"
)
# Visas for people who come for something else: "student visas", "an immigrant visa".
_FOR_OTHER_PURPOSES = wordset(
    "resident residence immigrant visitor visitors tourist tourists student students research business dependent"
    " dependents family fiance fiancee spouse spousal investor diversity religious green scholar transit crew travel"
)
_TAIL = wordset("visa visas status statuses visum category categories type types")
_OTHER_WORDS = wordset("other another further additional different remaining")
# Words of the vocabulary that places, hospitals and health systems bear as names.
_IN_NAMES = wordset(
    "port bar hope sunset grant reserve champion end cross honor union partner partners neighbor neighbors"
)
_OPENING = wordset("visa visas the a an our we if for all any no i in at to of and or as on by with this these those")
_REST = wordset("others other otherwise")
_LETTERS = wordset("j h")
ORDINAL = re.compile(r"former|latter", re.IGNORECASE)  # in each text that points to one of two visas by its order
_ORDINALS = wordset("former latter")
_GENERIC = _OTHER_WORDS | {"visa", "visas"}
_KIND_WORDS = wordset("visa visas type types kind kinds category categories class classes status statuses")


@dataclass(slots=True)
class Token:
    """One word or symbol: lower case, its base form, its place, and the visas it names (empty for ordinary words)."""

    text: str
    lemma: str
    start: int
    end: int
    visas: frozenset[str] = frozenset()

    @property
    def trainee(self) -> bool:
        """Whether it names J-1 or H-1B."""
        return bool(self.visas & BOTH)


_ORDINARY = ("word", "symbol")  # groups of the pattern of tokens
_STEMS_IN_FULL = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}


def tokenize(text: str, mentioned: tuple[str, ...] = ()) -> list[Token]:
    """Return the tokens of `text` in order; base forms are filled in by `lexicon`. Linear in the length of the text.

    mentioned: the visas named just before, in order; "the former", "the latter" point to them.
    """
    tokens: list[Token] = []
    for match in (LONG if has_long_name(text) else TOKEN).finditer(text):
        word = match[0].lower()
        if match.lastgroup in _ORDINARY and "'" not in word:  # nearly all
            tokens.append(Token(word, word, *match.span()))
        else:
            tokens += _read(match)
    _proper_names(text, tokens)
    everything = {item.text for item in tokens}
    if everything & _LETTERS:
        _letters(text, tokens)
    if everything & _GENERIC:
        _generic(tokens, everything)
    if everything & _REST:
        _any_others(tokens)
        _or_otherwise(tokens)
    kept = _without_tails(tokens)
    if everything & _ORDINALS:
        _ordinals(kept, mentioned)
    if "but" in everything:
        _no_visa_but(kept)
    return kept


def _ordinals(tokens: list[Token], mentioned: tuple[str, ...]) -> None:
    """Return the former, the latter: of the two visas named in the sentence, else before it."""
    own = [visa for w in tokens for visa in w.visas if visa in BOTH]
    order = own if len(own) == 2 and own[0] != own[1] else list(mentioned)
    if len(order) != 2:
        return
    for i, item in enumerate(tokens):
        if item.text in ("former", "latter") and i and tokens[i - 1].text == "the":
            name = order[0] if item.text == "former" else order[1]
            tokens[i] = replace(item, text=f"<{name}>", lemma="<v>", visas=frozenset({name}))


def _no_visa_but(tokens: list[Token]) -> None:
    """Read "but" in "no visa but the J-1" as "except"."""
    for i, item in enumerate(tokens):
        if item.text != "but" or not any(w.trainee for w in tokens[i + 1 : i + 4]):
            continue
        before = tokens[:i]
        generic = any(w.visas & {ANY, OTHERS} for w in before[-3:]) and not any(w.trainee for w in before)
        if generic and any(w.text in ("no", "not", "any", "all") for w in before[-6:]):
            tokens[i] = replace(item, text="except", lemma="except")


def _proper_names(text: str, tokens: list[Token]) -> None:
    """Read "Port Huron", "Bar Harbor", "Case Western Reserve", "Health Partners": what is part of a name says
    nothing."""
    for i, item in enumerate(tokens):
        if item.text not in _IN_NAMES or not text[item.start].isupper() or text[item.start : item.end].isupper():
            continue
        beside = (*tokens[max(0, i - 1) : i], *tokens[i + 1 : i + 2])
        named = any(text[w.start].isupper() and w.text not in _OPENING and not w.visas for w in beside)
        spelled = [text[w.start] for w in tokens if w.text.isalpha()]
        if named and 5 * sum(map(str.islower, spelled)) >= 2 * len(spelled):  # no line in capitals
            tokens[i] = replace(item, text="<name>", lemma="<name>")


def _any_others(tokens: list[Token]) -> None:
    """Read "We sponsor the J-1; we cannot sponsor any others": the visas that are not named."""
    for i in range(1, len(tokens)):
        if tokens[i].text in ("others", "other") and tokens[i - 1].text in ("any", "no"):
            ends = i + 1 == len(tokens) or not tokens[i + 1].text.isalpha()
            if ends and any(word.trainee for word in tokens[:i]):
                tokens[i] = replace(tokens[i], visas=frozenset({OTHERS}))


def _or_otherwise(tokens: list[Token]) -> None:
    """Read "No visas, J-1 or otherwise": any other as well."""
    for i in range(2, len(tokens)):
        named = tokens[i - 2].visas & BOTH
        if tokens[i].text == "otherwise" and tokens[i - 1].text == "or" and named:
            tokens[i] = replace(tokens[i], text="<v>", lemma="<v>", visas=BOTH - named)


def is_blank(texts: list[str]) -> bool:
    """Decide whether words are no value: none at all, a dash, "n/a", "?"; "N" alone is a no."""
    return set(texts) <= NO_VALUES and [text for text in texts if text.isalnum()] != ["n"]


def _contracted(lower: str, start: int, end: int) -> list[Token]:
    """Read "we're" as "we are"."""
    if lower.endswith("n't") and len(lower) > 3:
        return [Token(lower[:-3], lower[:-3], start, end), Token("not", "not", start, end)]
    head, apostrophe, tail = lower.partition("'")
    if apostrophe and tail in ("s", "re", "m", "ll", "ve", "d"):
        be = {"s": "'s", "re": "are", "m": "am", "ll": "will", "ve": "have", "d": "would"}[tail]
        return [Token(head, head, start, start + len(head)), Token(be, be, start + len(head), end)]
    return [Token(lower, lower, start, end)]


def _letters(text: str, tokens: list[Token]) -> None:
    """Return the bare letters, as in "J visa", "(H) visa", "whether J or H": only beside a visa word or each other."""
    alone = [i for i, w in enumerate(tokens) if w.text in ("j", "h") and text[w.start : w.end] in ("J", "H")]
    if not alone:
        return
    mentioned = any(w.visas or w.text in ("visa", "visas", "status") for w in tokens)
    for i in alone:
        after = {w.text for w in tokens[i + 1 : i + 4]}
        beside = bool(after & {"visa", "visas", "status", "j", "h", "class", "category"})
        if mentioned and (beside or len(alone) > 1 or any(tokens[k].visas for k in range(max(0, i - 3), i))):
            name = J1 if tokens[i].text == "j" else H1B
            tokens[i] = replace(tokens[i], text=f"<{name}>", lemma="<v>", visas=frozenset({name}))


def _generic(tokens: list[Token], everything: set[str]) -> None:
    """Read "Visa" without a class; not the card, not the examination. "Other visas" are all those not named."""
    paid = bool(everything & _PAYING) and not everything & _POLICY_WORDS
    for i, item in enumerate(tokens):
        if item.text not in ("visa", "visas"):
            continue
        beside = {w.text for w in tokens[max(0, i - 3) : i] + tokens[i + 1 : i + 4]}
        if beside & _CARD or _names_a_class(tokens, i):
            continue
        if i and tokens[i - 1].text in _FOR_OTHER_PURPOSES and not _temporary(tokens, i - 1):
            tokens[i] = replace(item, visas=frozenset({OTHER_CLASS}))
            continue
        before = [w.text for w in tokens[max(0, i - 5) : i]]
        if item.text == "visa" and paid and not set(before[-1:]) & {"the", "a", "your", "their", "our", "any", "no"}:
            continue
        near = {w.text for w in tokens[max(0, i - 3) : i] if not w.visas}
        if {"both", "either", "neither"} & near and not any(w.trainee for w in tokens[max(0, i - 3) : i]):
            tokens[i] = replace(item, visas=BOTH)
            continue
        name = J1 if _of_ecfmg(tokens, i) else OTHERS if _says_other(before) else ANY
        tokens[i] = replace(item, visas=frozenset({name}))
    for i, item in enumerate(tokens):
        if (
            item.text in _OTHER_WORDS
            and i + 1 < len(tokens)
            and tokens[i + 1].text in _KIND_WORDS
            and not tokens[i + 1].visas
        ):
            tokens[i + 1] = replace(tokens[i + 1], visas=frozenset({OTHERS}))


def _read(match: re.Match[str]) -> list[Token]:
    """Return the tokens of one match: two of a negated auxiliary or a contraction, else one."""
    group, (start, end) = match.lastgroup or "", match.span()
    word = match[0].lower()
    if group in _ORDINARY:
        return _contracted(word, start, end) if "'" in word and len(word) > 1 else [Token(word, word, start, end)]
    if group == "negated":
        stem = (match["stem"] or match["before_not"] or match["spoilt"]).lower()
        stem = _STEMS_IN_FULL.get(stem, stem)
        return [Token(stem, stem, start, end), Token("not", "not", start, end)]
    if group in NAMED:
        visa = NAMED[group]
        return [Token(f"<{visa}>", "<v>", start, end, frozenset({visa}))]
    if group == ECFMG or group in BOXES:
        name = BOXES.get(group, ECFMG)
        return [Token(name, name, start, end)]
    return [Token("<o>", word, start, end, frozenset({OTHER_CLASS}))]


def _temporary(tokens: list[Token], place: int) -> bool:
    """Recognise "non-immigrant": all temporary visas."""
    return tokens[place].text == "immigrant" and bool({w.text for w in tokens[max(0, place - 2) : place]} & {"non"})


def _names_a_class(tokens: list[Token], place: int) -> bool:
    """Recognise "E-3 (Australian) visas": the word belongs to the class before the parenthesis."""
    if not place or tokens[place - 1].text != ")":
        return False
    opening = next((p for p in range(place - 2, max(-1, place - 8), -1) if tokens[p].text == "("), 0)
    return opening > 0 and bool(tokens[opening - 1].visas)


def _of_ecfmg(tokens: list[Token], place: int) -> bool:
    """Recognise "visas sponsored by ECFMG", "an ECFMG-sponsored visa": the J-1."""
    before = [w.text for w in tokens[max(0, place - 3) : place]]
    after = [w.text for w in tokens[place + 1 : place + 7]]
    if (
        before[-1:] == [ECFMG]
        or before in ([ECFMG, "-", "sponsored"], ["the", ECFMG, "sponsored"])
        or before[-2:] == [ECFMG, "sponsored"]
    ):
        return True
    behind = next((k for k, word in enumerate(after) if word == ECFMG), None)
    return (
        behind is not None
        and bool({"sponsored", "sponsorship", "issued"} & set(after[:behind]))
        and "by" in after[:behind]
    )


def _same_again(kept: list[Token], item: Token) -> bool:
    """Decide whether: A name and its code, "exchange visitor visa (J-1)"; the parenthesis before the code goes."""
    if kept and kept[-1].text == "(" and len(kept) > 1 and item.trainee and kept[-2].visas == item.visas:
        kept.pop()
        return True
    return bool(kept) and item.trainee and kept[-1].visas == item.visas


def _says_other(before: list[str]) -> bool:
    """Decide whether "other" belongs to the visa that follows: "other nonimmigrant visas", not "other than a visa"."""
    for word in reversed(before):
        if word in _OTHER_WORDS:
            return True
        if word not in ("work", "nonimmigrant", "immigrant", "non", "-", "employment", "types", "type", "of", "kind",
                        "kinds", "training", "temporary", "us", "categories", "based"):  # fmt: skip
            return False
    return False


def _without_tails(tokens: list[Token]) -> list[Token]:
    """Return the word "visa" or "status" right after a class is part of its name; so is a class after "visa"."""
    kept: list[Token] = []
    for item in tokens:
        last = kept[-1] if kept else None
        if not item.visas and (last is None or not last.visas):
            kept.append(item)  # nearly all words
            continue
        classed = last is not None and (last.trainee or OTHER_CLASS in last.visas)
        if last is not None and classed and item.text in _TAIL and not item.visas & {OTHERS}:
            kept[-1] = replace(last, end=item.end)
        elif last is not None and _same_again(kept, item):
            kept[-1] = replace(item, start=last.start)
        else:
            kept.append(item)
    return kept
