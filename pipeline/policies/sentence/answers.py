"""Questions and their answers: "Do you sponsor H-1B visas?" - "We don't."

A bare answer takes the visas and the verb from the question; an answer that names visas speaks for itself; a question
on visas whose answer is missing leaves the matter open.
"""

from __future__ import annotations

import re
from typing import Literal

from pipeline.policies.claims import CONTACT, Claim, Parsed, parse
from pipeline.policies.sentence.conditions import conditions_of
from pipeline.policies.sentence.polarity import CONDITIONAL, NO, YES
from pipeline.policies.tokens import ANY, BOTH, OTHERS
from pipeline.text.characters import wordset

Verdict = Literal["yes", "no", ""]

_YES = wordset(
    "yes yep yeah yup certainly absolutely sure surely indeed correct gladly affirmative definitely naturally"
    " happily true always both either right y ✓ ✔ ☑ ✅ usually"
)
_NO = wordset("no nope nay never none neither nil not n negative unfortunately ✗ ✘ ✖ ✕ ☒ ❌ ☐ afraid")
_REGRETS = wordset("sorry unfortunately alas regrettably sadly afraid regret")
_OPENERS = wordset(
    "well sorry alas sadly regrettably oh in fact generally a at present currently i we are am , . - – ! :"
)
_PRONOUNS = wordset("we it they that this those these she he i you there")
_AUXILIARIES = wordset("do does did is are was were can will would have has may must should be could 's")
_VERDICT = re.compile(r"^\W{0,3}(?:yes|no|nope|yep|sorry|unfortunately)\b ?[,;:.!–-]+ ?(?:and |but )?", re.IGNORECASE)
_ANSWERS = wordset("answer reply response answers replies")
_ASKERS = wordset("who whom whose which what")
_SPONSORING = wordset("sponsor support offer file petition sponsorship")
_ANSWER_LABEL = re.compile(r"^(?:A|Answer) ?[:.] ?")
_CONTROLS = (
    "click", "read more", "show", "expand", "learn more", "view", "more", "see answer", "coming soon", "tbd", "toggle",
    "open", "answer", "loading", "details", "collapse", "tap", "select", "continue reading", "find out",
)  # fmt: skip


def asks_about_visas(parsed: Parsed, following: bool) -> bool:
    """Whether a question is about visas for trainees; `following` if the one before was ("And H-1B residents?")."""
    if not parsed.visas and parsed.found and parsed.found[0].word in _ASKERS and _sponsoring(parsed):
        return True  # "Whom do we sponsor?"
    if not parsed.visas:
        brief = len(parsed.found) <= 3 and bool(parsed.found) and parsed.found[0].word in _ASKERS  # "Which?"
        return following and not parsed.has("exam") and (brief or parsed.has("support", "refuse", "weak", "neg"))
    if parsed.has("nontrainee") and not parsed.has("trainee", "subset"):
        return False
    if parsed.has("never") or (parsed.has("fact") and not parsed.has("support")):
        return False
    return following or parsed.has("support", "refuse", "weak", "cond", "ask") or len(parsed.found) <= 8


def asked_and_answered(text: str) -> tuple[str, str]:
    """ "If you wonder whether an H-1B is possible: it isn't": question and bare answer in one sentence, else empty."""
    question, colon, answer = text.partition(": ")
    if not colon or len(answer) > 40:
        return "", ""
    words = parse(question)
    asks = any(word.word in ("whether", "wonder", "asking", "wondering") for word in words.found)
    reply = parse(answer)
    return (question, answer) if asks and words.visas and not reply.visas and verdict(reply) else ("", "")


def _sponsoring(parsed: Parsed) -> bool:
    return len(parsed.found) <= 8 and any(word.lemma in _SPONSORING for word in parsed.found)


def inverted(parsed: Parsed) -> bool:
    """Whether the question asks for what is refused: "Which visas are not accepted?", "Are H-1Bs excluded?", "Is a J-1 a
    problem?"."""
    if any(word.word in ("about", "regarding", "concerning") for word in parsed.found):
        return False  # the topic of letters, not a question
    turns = [mark for mark in parsed.marks if mark.has("neg", "refuse")]
    turns += [mark for mark in parsed.marks if mark.has("problem") and not mark.has("neg", "refuse", "equal")]
    rhetorical = len(parsed.found) > 1 and parsed.found[1].word == "not"  # "Don't you sponsor ...?"
    return (len(turns) - rhetorical) % 2 == 1


def verdict(parsed: Parsed) -> Verdict:
    """The yes or no with which an answer opens; empty if it opens with neither."""
    opening = [word.word for word in parsed.found[:7]]
    while (
        opening and opening[0] in _OPENERS and not (opening[0] == "we" and opening[1:2] and opening[1] in _AUXILIARIES)
    ):
        opening = opening[1:]
    regrets = _REGRETS & {word.word for word in parsed.found[:4]}
    if regrets and (parsed.has("neg") or len(parsed.found) < 4):
        return "no"
    if not opening:
        return ""
    told = _answer_told(parsed)
    if told or opening[0] in _NO:
        return told or "no"
    if opening[0] in _YES or opening[:2] in (["of", "course"], ["by", "all"], ["with", "pleasure"]):
        return "no" if "not" in opening[1:3] else "yes"
    return _short_verdict(parsed, opening)


def _short_verdict(parsed: Parsed, opening: list[str]) -> Verdict:
    """ "We decline", "That is not possible here", "We do": a whole answer without yes or no."""
    said = [word for word in parsed.found if word.word.isalnum()]
    if not said and parsed.has("yesword", "noword"):
        return "no" if parsed.has("noword") else "yes"
    if not parsed.has("neg") and not parsed.visas:
        if len(said) <= 2 and parsed.has("support") and not parsed.has("cond", "refuse", "soft"):
            return "yes"
        if len(parsed.found) <= 9 and parsed.has("refuse"):
            return "no"
    return _auxiliary_verdict(parsed, opening)


def _auxiliary_verdict(parsed: Parsed, opening: list[str]) -> Verdict:
    """ "That is not possible here", "We do": a pronoun and an auxiliary."""
    if opening[0] not in _PRONOUNS or opening[1:2] == [] or opening[1] not in _AUXILIARIES:
        return ""
    plain = len(parsed.found) <= 10 and not parsed.has("refuse", "soft")
    if plain and opening[2:3] == ["not"] and opening[3:4] != ["only"]:
        return "no"
    if len(parsed.found) > 8 or parsed.has("support", "refuse"):
        return ""
    return "no" if "not" in opening[1:5] else "yes"


def _answer_told(parsed: Parsed) -> Verdict:
    """ "The answer has to be no", "our short reply is yes"."""
    said = [word.word for word in parsed.found if word.word.isalpha()][:24]
    noun = next((k for k, word in enumerate(said) if word in _ANSWERS), None)
    if noun is None or not 1 <= len(said) - noun <= 7:
        return ""
    return "no" if said[-1] in ("no", "negative") else "yes" if said[-1] in ("yes", "affirmative") else ""


def applicant_voice(parsed: Parsed) -> bool:
    """Whether an applicant speaks of the program as "you": "I read that you sponsor the H-1B"."""
    for number, word in enumerate(parsed.found[:-1]):
        if word.word not in ("you", "your"):
            continue
        following = parsed.found[number + 1 : number + 5]
        verb = next((item for item in following if item.lemma in _SPONSORING), None)
        if verb is None or any(item.visas for item in following[: following.index(verb)]):
            continue
        if (word.word == "you" and following.index(verb) <= 2) or (word.word == "your" and following.index(verb) >= 1):
            before = {item.word for item in parsed.found[:number]}
            return word.word == "you" or bool(before & {"i", "my", "me"})
    return False


def without_verdict(text: str) -> str:
    """The answer without its opening yes or no, if a sign parts the two."""
    return _VERDICT.sub("", text, count=1)


def unlabelled(text: str) -> str:
    """The answer without an "A:" or "Answer:" in front."""
    return _ANSWER_LABEL.sub("", text, count=1)


def is_control(text: str) -> bool:
    """Whether `text` is a control of the page ("Click to expand") rather than an answer."""
    lower = text.strip(" .…»>+-:").lower()
    return not lower or (len(lower.split()) <= 4 and len(lower) < 40 and lower.startswith(_CONTROLS))


def bare_claims(question: Parsed, answer: Parsed, said: Verdict, following: tuple[Parsed, ...]) -> tuple[Claim, ...]:
    """Claims of an answer that names no visa itself; `following` are the sentences after it in the same answer."""
    asked = _asked(question, answer)
    if not asked:
        return ()
    if said != "no" and _no_longer(answer):
        said = "no"
    if said and inverted(question):
        said = "no" if said == "yes" else "yes"
    if said and question.has("only") and asked <= BOTH:
        return _sole_answer(question, asked, said)
    if said == "no" and question.has("except") and asked != question.visas:
        return _sole_answer(question, asked, "yes")
    if any(word.word == "neither" for word in answer.found[:2]):
        return _all(asked, NO, (), "neither")
    return _graded(asked, answer, said, following)


def _no_longer(answer: Parsed) -> bool:
    """ "It was until 2023", "We did formerly": a yes of the past."""
    return answer.has("past") and any(word.word in ("was", "were", "did", "had") for word in answer.found[:3])


def _graded(asked: frozenset[str], answer: Parsed, said: Verdict, following: tuple[Parsed, ...]) -> tuple[Claim, ...]:
    conditions = conditions_of(answer.whole(), answer.found)
    later = tuple(
        name for parsed in following if _allows(parsed) for name in conditions_of(parsed.whole(), parsed.found)
    )
    soft = answer.has("soft") or (answer.has("habit") and said == "no")
    if said == "no" and (soft or later):
        return _all(asked, CONDITIONAL, conditions or later or ("exceptional_cases",))
    if said == "no":
        return _all(asked, NO, ())
    if said == "yes" and not conditions and not soft:
        return _all(asked, YES, ())
    if not said and answer.has("ask", "undecided"):
        return _all(asked, CONTACT, (), "ask")
    if conditions or soft or answer.has("subset", "only"):
        named = asked <= BOTH
        return _all(asked, CONDITIONAL if named else CONTACT, conditions or ("other_condition",))
    return ()


def _all(asked: frozenset[str], stance: str, conditions: tuple[str, ...], *rules: str) -> tuple[Claim, ...]:
    return tuple(Claim(visa, stance, conditions, ("answer", *rules)) for visa in sorted(asked))


def _sole_answer(question: Parsed, asked: frozenset[str], said: Verdict) -> tuple[Claim, ...]:
    """ "Is the J-1 the only visa?": either answer allows the J-1; a yes rules out the other."""
    made = _all(asked, YES, (), "only")
    if said == "no" or question.has("cond"):
        return made
    return made + tuple(Claim(visa, NO, (), ("answer", "only"), explicit=False) for visa in sorted(BOTH - asked))


def _allows(parsed: Parsed) -> bool:
    """Whether a later sentence of the answer opens a door: "Graduates of US schools can ask for an exemption"."""
    return parsed.has("cond") and not parsed.visas & BOTH and not parsed.has("fact", "neg", "ask")


def _asked(question: Parsed, answer: Parsed) -> frozenset[str]:
    named = question.visas & BOTH
    if named:
        return named
    if len(answer.found) <= 6 and any(word.word in ("both", "either") for word in answer.found):
        return BOTH
    return question.visas & {ANY, OTHERS}
