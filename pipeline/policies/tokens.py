"""Words of a sentence, with visa names in all their spellings as single words.

J-1, J1, J 1, J-1s, "J status"; H-1B, H1B, H1-B, H 1-B, HIB, H-1, "(H) visa"; other classes (F-1, O-1, TN, E-3, J-2 ...) are
known too, so that nobody takes them for one of the two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.text.characters import wordset

J1, H1B, ANY, OTHERS, OTHER_CLASS = "j1", "h1b", "any", "others", "other_class"
BOTH = frozenset({J1, H1B})

_CODE = (
    r"(?P<h1b1>[Hh][- ]?1[Bb][- ]?1(?![\w-]))"
    r"|(?P<h1b>[Hh] ?-? ?1 ?-? ?[Bb](?:'?s)?(?![\w])(?: [Tt]emporary [Ww]orkers?\b)?|H-?[Il]-?B(?:'?s)?(?!\w)|Hib(?= visa))"
    r"|(?P<h1>[Hh] ?-? ?1(?![\w]|-\d)|H-[Il](?!\w))"
    r"|(?P<j1>[Jj] ?-? ?1(?:'?s)?(?![\w]|-\d)|J-[Il](?!\w)|J[Il](?= visa))"
    r"|(?P<other>[Jj] ?-? ?2(?!\w)|[Hh] ?-? ?(?:2[AaBb]?|3|4)(?!\w)|[FOLMKRPofl] ?- ?[1-3](?!\w)|F1(?!\w)|O1(?!\w)"
    r"|E-?[23](?!\w)|B-?[12](?!\w)|EB-?[1-5](?!\w)|TN(?!\w)|EVUS(?!\w)|CPT(?!\w)|OPT(?!\w))"
)
# The letters a code begins with are looked at first: most words need not be tried as codes.
_BOX = r"(?P<ticked>\[ ?[xX✓✔] ?\]|\( ?[xX✓✔] ?\))|(?P<empty>\[[ _]{0,3}\]|\([ _]{1,3}\))"  # boxes drawn with brackets
_TOKEN = re.compile(
    rf"(?<!\w)(?=[HhJjFOLMKRPoflEBTC])(?:{_CODE})|{_BOX}|(?P<word>[A-Za-z]+(?:'[A-Za-z]+)*|\d+(?:[.,]\d+)*)"
    r"|(?P<sign>[^\sA-Za-z0-9])"
)
_NAMED = {"j1": J1, "longj": J1, "h1b": H1B, "h1": H1B, "longh": H1B}
_BOXES = {"ticked": "☑", "empty": "☐"}
# Names without a code: "exchange visitor", "temporary worker in a specialty occupation".
_LONG = re.compile(
    r"(?P<longj>\b[Ee]xchange[- ][Vv]isitors?(?: \(?[Aa]lien [Pp]hysicians?\)?)?(?: (?:visas?|status|category))?)\b"
    r"|(?P<longh>\b[Tt]emporary (?:non-?immigrant )?workers? in (?:a )?[Ss]pecialty [Oo]ccupations?"
    r"|\b(?:[Tt]emporary )?[Ss]pecialty[- ](?:[Oo]ccupation )?(?:[Ww]orkers?|[Oo]ccupations? visas?|[Oo]ccupations? status)(?: visas?)?)\b|"
    + _TOKEN.pattern
)
_LONG_SIGNS = ("exchange visitor", "exchange-visitor", "specialty occ", "specialty-occ", "specialty w", "specialty-w")
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
_NOT_FOR_TRAINEES = wordset("resident residence immigrant visitor tourist")
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
class Word:
    """One word or sign: lower case, its base form, its place, and the visas it names (empty for ordinary words)."""

    word: str
    lemma: str
    start: int
    end: int
    visas: frozenset[str] = frozenset()

    @property
    def trainee(self) -> bool:
        """Whether it names J-1 or H-1B."""
        return bool(self.visas & BOTH)


_CONTRACTED = {"cannot": ("can", "not"), "can't": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not")}


def words(text: str, spoken: tuple[str, ...] = ()) -> list[Word]:
    """Words of `text` in order; base forms are filled in by `cues`. Linear in the length of the text.

    `spoken` are the visas named just before, in order: "the former", "the latter" point to them.
    """
    found: list[Word] = []
    for match in (_LONG if _has_long_name(text) else _TOKEN).finditer(text):
        group = match.lastgroup or ""
        start, end = match.span()
        if group in ("word", "sign"):
            word = match[0].lower()
            if "'" in word or word == "cannot":
                found.extend(_contracted(word, start, end))
            else:
                found.append(Word(word, word, start, end))
        elif group in _NAMED:
            visa = _NAMED[group]
            found.append(Word(f"<{visa}>", "<v>", start, end, frozenset({visa})))
        elif group in _BOXES:
            found.append(Word(_BOXES[group], _BOXES[group], start, end))
        else:
            found.append(Word("<o>", text[start:end].lower(), start, end, frozenset({OTHER_CLASS})))
    _proper_names(text, found)
    everything = {item.word for item in found}
    if everything & _LETTERS:
        _letters(text, found)
    if everything & _GENERIC:
        _generic(found, everything)
    if everything & _REST:
        _any_others(found)
        _or_otherwise(found)
    kept = _without_tails(found)
    if everything & _ORDINALS:
        _ordinals(kept, spoken)
    if "but" in everything:
        _no_visa_but(kept)
    return kept


def _has_long_name(text: str) -> bool:
    lower = text.lower()
    return any(sign in lower for sign in _LONG_SIGNS)


def _ordinals(found: list[Word], spoken: tuple[str, ...]) -> None:
    """The former, the latter: of the two visas named in the sentence, else before it."""
    own = [visa for w in found for visa in w.visas if visa in BOTH]
    order = own if len(own) == 2 and own[0] != own[1] else list(spoken)
    if len(order) != 2:
        return
    for i, item in enumerate(found):
        if item.word in ("former", "latter") and i and found[i - 1].word == "the":
            name = order[0] if item.word == "former" else order[1]
            found[i] = replace(item, word=f"<{name}>", lemma="<v>", visas=frozenset({name}))


def _no_visa_but(found: list[Word]) -> None:
    """ "No visa but the J-1": here "but" is "except"."""
    for i, item in enumerate(found):
        if item.word != "but" or not any(w.trainee for w in found[i + 1 : i + 4]):
            continue
        before = found[:i]
        generic = any(w.visas & {ANY, OTHERS} for w in before[-3:]) and not any(w.trainee for w in before)
        if generic and any(w.word in ("no", "not", "any", "all") for w in before[-6:]):
            found[i] = replace(item, word="except", lemma="except")


def _proper_names(text: str, found: list[Word]) -> None:
    """ "Port Huron", "Bar Harbor", "Case Western Reserve", "Health Partners": what is part of a name says nothing."""
    for i, item in enumerate(found):
        if item.word not in _IN_NAMES or not text[item.start].isupper() or text[item.start : item.end].isupper():
            continue
        beside = (*found[max(0, i - 1) : i], *found[i + 1 : i + 2])
        named = any(text[w.start].isupper() and w.word not in _OPENING and not w.visas for w in beside)
        spelled = [text[w.start] for w in found if w.word.isalpha()]
        if named and 5 * sum(map(str.islower, spelled)) >= 2 * len(spelled):  # no line in capitals
            found[i] = replace(item, word="<name>", lemma="<name>")


def _any_others(found: list[Word]) -> None:
    """ "We sponsor the J-1; we cannot sponsor any others": the visas that are not named."""
    for i in range(1, len(found)):
        if found[i].word in ("others", "other") and found[i - 1].word in ("any", "no"):
            ends = i + 1 == len(found) or not found[i + 1].word.isalpha()
            if ends and any(word.trainee for word in found[:i]):
                found[i] = replace(found[i], visas=frozenset({OTHERS}))


def _or_otherwise(found: list[Word]) -> None:
    """ "No visas, J-1 or otherwise": any other as well."""
    for i in range(2, len(found)):
        named = found[i - 2].visas & BOTH
        if found[i].word == "otherwise" and found[i - 1].word == "or" and named:
            found[i] = replace(found[i], word="<v>", lemma="<v>", visas=BOTH - named)


def _contracted(lower: str, start: int, end: int) -> list[Word]:
    """ "Can't" is "can not", "we're" is "we are"."""
    if lower in _CONTRACTED:
        return [Word(part, part, start, end) for part in _CONTRACTED[lower]]
    if lower.endswith("n't") and len(lower) > 3:
        return [Word(lower[:-3], lower[:-3], start, end), Word("not", "not", start, end)]
    head, apostrophe, tail = lower.partition("'")
    if apostrophe and tail in ("s", "re", "m", "ll", "ve", "d"):
        be = {"s": "'s", "re": "are", "m": "am", "ll": "will", "ve": "have", "d": "would"}[tail]
        return [Word(head, head, start, start + len(head)), Word(be, be, start + len(head), end)]
    return [Word(lower, lower, start, end)]


def _letters(text: str, found: list[Word]) -> None:
    """Bare letters, as in "J visa", "(H) visa", "whether J or H": only beside a visa word or each other."""
    alone = [i for i, w in enumerate(found) if w.word in ("j", "h") and text[w.start : w.end] in ("J", "H")]
    if not alone:
        return
    spoken = any(w.visas or w.word in ("visa", "visas", "status") for w in found)
    for i in alone:
        after = {w.word for w in found[i + 1 : i + 4]}
        beside = bool(after & {"visa", "visas", "status", "j", "h", "class", "category"})
        if spoken and (beside or len(alone) > 1 or any(found[k].visas for k in range(max(0, i - 3), i))):
            name = J1 if found[i].word == "j" else H1B
            found[i] = replace(found[i], word=f"<{name}>", lemma="<v>", visas=frozenset({name}))


def _generic(found: list[Word], everything: set[str]) -> None:
    """ "Visa" without a class; not the card, not the examination. "Other visas" are all those not named."""
    paid = bool(everything & _PAYING) and not everything & _POLICY_WORDS
    for i, item in enumerate(found):
        if item.word not in ("visa", "visas"):
            continue
        beside = {w.word for w in found[max(0, i - 3) : i] + found[i + 1 : i + 4]}
        if beside & _CARD or (i and found[i - 1].word in _NOT_FOR_TRAINEES):
            continue
        before = [w.word for w in found[max(0, i - 5) : i]]
        if [w.word for w in found[i + 1 : i + 4]] == ["or", "no", "visa"] or before[-3:] == ["visa", "or", "no"]:
            continue  # "visa or no visa"
        if item.word == "visa" and paid and not set(before[-1:]) & {"the", "a", "your", "their", "our", "any", "no"}:
            continue
        near = {w.word for w in found[max(0, i - 3) : i] if not w.visas}
        if {"both", "either", "neither"} & near and not any(w.trainee for w in found[max(0, i - 3) : i]):
            found[i] = replace(item, visas=BOTH)
            continue
        name = OTHERS if _says_other(before) else ANY
        found[i] = replace(item, visas=frozenset({name}))
    for i, item in enumerate(found):
        if (
            item.word in _OTHER_WORDS
            and i + 1 < len(found)
            and found[i + 1].word in _KIND_WORDS
            and not found[i + 1].visas
        ):
            found[i + 1] = replace(found[i + 1], visas=frozenset({OTHERS}))


def _same_again(kept: list[Word], item: Word) -> bool:
    """A name and its code, "exchange visitor visa (J-1)"; the parenthesis before the code goes."""
    if kept and kept[-1].word == "(" and len(kept) > 1 and item.trainee and kept[-2].visas == item.visas:
        kept.pop()
        return True
    return bool(kept) and item.trainee and kept[-1].visas == item.visas


def _says_other(before: list[str]) -> bool:
    """Whether "other" belongs to the visa that follows: "other nonimmigrant visas", not "other than a visa"."""
    for word in reversed(before):
        if word in _OTHER_WORDS:
            return True
        if word not in ("work", "nonimmigrant", "immigrant", "non", "-", "employment", "types", "type", "of", "kind",
                        "kinds", "training", "temporary", "us", "categories", "based"):  # fmt: skip
            return False
    return False


def _without_tails(found: list[Word]) -> list[Word]:
    """The word "visa" or "status" right after a class is part of its name; so is a class after "visa"."""
    kept: list[Word] = []
    for item in found:
        last = kept[-1] if kept else None
        if not item.visas and (last is None or not last.visas):
            kept.append(item)  # nearly all words
            continue
        classed = last is not None and (last.trainee or OTHER_CLASS in last.visas)
        if last is not None and classed and item.word in _TAIL and not item.visas & {OTHERS}:
            kept[-1] = replace(last, end=item.end)
        elif last is not None and _same_again(kept, item):
            kept[-1] = replace(item, start=last.start)
        else:
            kept.append(item)
    return kept
