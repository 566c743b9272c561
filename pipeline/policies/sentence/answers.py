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
    """Decide whether a question is about visas for trainees; `following` if the one before was ("And H-1B
    residents?")."""
    if not parsed.visas and parsed.tokens and parsed.tokens[0].text in _ASKERS and _sponsoring(parsed):
        return True  # "Whom do we sponsor?"
    if not parsed.visas:
        brief = len(parsed.tokens) <= 3 and bool(parsed.tokens) and parsed.tokens[0].text in _ASKERS  # "Which?"
        return following and not parsed.has("exam") and (brief or parsed.has("support", "refuse", "weak", "neg"))
    if parsed.has("nontrainee") and not parsed.has("trainee", "subset"):
        return False
    if parsed.has("never") or (parsed.has("fact") and not parsed.has("support")):
        return False
    return following or parsed.has("support", "refuse", "weak", "cond", "ask") or len(parsed.tokens) <= 8


def asks_for_requirement(parsed: Parsed) -> bool:
    """Recognise "Is Step 3 required for an H-1B?": a no to it refuses no visa."""
    return parsed.has("exam") and (parsed.has("require") or any(word.lemma == "need" for word in parsed.tokens))


def question_with_answer(text: str) -> tuple[str, str]:
    """Split a sentence that holds a question and its bare answer ("If you wonder whether an H-1B is possible: it
    isn't"); both empty if it does not."""
    question, colon, answer = text.partition(": ")
    if not colon or len(answer) > 40:
        return "", ""
    parsed = parse(question)
    asks = any(word.text in ("whether", "wonder", "asking", "wondering") for word in parsed.tokens)
    reply = parse(answer)
    return (question, answer) if asks and parsed.visas and not reply.visas and verdict(reply) else ("", "")


def _sponsoring(parsed: Parsed) -> bool:
    return len(parsed.tokens) <= 8 and any(word.lemma in _SPONSORING for word in parsed.tokens)


def inverted(parsed: Parsed) -> bool:
    """Decide whether the question asks for what is refused: "Which visas are not accepted?", "Are H-1Bs excluded?",
    "Is a J-1 a problem?"."""
    if any(word.text in ("about", "regarding", "concerning") for word in parsed.tokens):
        return False  # the topic of letters, not a question
    turns = [trigger for trigger in parsed.triggers if trigger.has("neg", "refuse")]
    turns += [
        trigger for trigger in parsed.triggers if trigger.has("problem") and not trigger.has("neg", "refuse", "equal")
    ]
    rhetorical = len(parsed.tokens) > 1 and parsed.tokens[1].text == "not"  # "Don't you sponsor ...?"
    return (len(turns) - rhetorical) % 2 == 1


def verdict(parsed: Parsed) -> Verdict:
    """Return the yes or no with which an answer opens; empty if it opens with neither."""
    opening = [word.text for word in parsed.tokens[:7]]
    while (
        opening and opening[0] in _OPENERS and not (opening[0] == "we" and opening[1:2] and opening[1] in _AUXILIARIES)
    ):
        opening = opening[1:]
    if opening[:2] == ["n", "/"] or opening[:3] == ["n", ".", "a"]:
        return ""  # "n/a" is no answer
    regrets = _REGRETS & {word.text for word in parsed.tokens[:4]}
    if regrets and (parsed.has("neg") or len(parsed.tokens) < 4):
        return "no"
    if not opening:
        return ""
    named = _answer_named(parsed)
    if named or opening[0] in _NO:
        return named or "no"
    if opening[0] in _YES or opening[:2] in (["of", "course"], ["by", "all"], ["with", "pleasure"]):
        return "no" if "not" in opening[1:3] else "yes"
    return _short_verdict(parsed, opening)


def _short_verdict(parsed: Parsed, opening: list[str]) -> Verdict:
    """Read "We decline", "That is not possible here", "We do": a whole answer without yes or no."""
    terms = [word for word in parsed.tokens if word.text.isalnum()]
    if not terms and parsed.has("yesword", "noword"):
        return "no" if parsed.has("noword") else "yes"
    if not parsed.has("neg") and not parsed.visas:
        if len(terms) <= 2 and parsed.has("support") and not parsed.has("cond", "refuse", "soft"):
            return "yes"
        if len(parsed.tokens) <= 9 and parsed.has("refuse"):
            return "no"
    return _auxiliary_verdict(parsed, opening)


def _auxiliary_verdict(parsed: Parsed, opening: list[str]) -> Verdict:
    """Read "That is not possible here", "We do": a pronoun and an auxiliary."""
    if opening[0] not in _PRONOUNS or opening[1:2] == [] or opening[1] not in _AUXILIARIES:
        return ""
    plain = len(parsed.tokens) <= 10 and not parsed.has("refuse", "soft")
    if plain and opening[2:3] == ["not"] and opening[3:4] != ["only"]:
        return "no"
    if len(parsed.tokens) > 8 or parsed.has("support", "refuse"):
        return ""
    return "no" if "not" in opening[1:5] else "yes"


def _answer_named(parsed: Parsed) -> Verdict:
    """Read "The answer has to be no", "our short reply is yes"."""
    terms = [word.text for word in parsed.tokens if word.text.isalpha()][:24]
    noun = next((k for k, word in enumerate(terms) if word in _ANSWERS), None)
    if noun is None or not 1 <= len(terms) - noun <= 7:
        return ""
    return "no" if terms[-1] in ("no", "negative") else "yes" if terms[-1] in ("yes", "affirmative") else ""


def applicant_voice(parsed: Parsed) -> bool:
    """Decide whether an applicant speaks of the program as "you": "I read that you sponsor the H-1B"."""
    for number, word in enumerate(parsed.tokens[:-1]):
        if word.text not in ("you", "your"):
            continue
        following = parsed.tokens[number + 1 : number + 5]
        verb = next((item for item in following if item.lemma in _SPONSORING), None)
        if verb is None or any(item.visas for item in following[: following.index(verb)]):
            continue
        if (word.text == "you" and following.index(verb) <= 2) or (word.text == "your" and following.index(verb) >= 1):
            before = {item.text for item in parsed.tokens[:number]}
            return word.text == "you" or bool(before & {"i", "my", "me"})
    return False


def without_verdict(text: str) -> str:
    """Return the answer without its opening yes or no, if punctuation separates the two."""
    return _VERDICT.sub("", text, count=1)


def unlabelled(text: str) -> str:
    """Return the answer without an "A:" or "Answer:" in front."""
    return _ANSWER_LABEL.sub("", text, count=1)


def is_control(text: str) -> bool:
    """Decide whether `text` is a control of the page ("Click to expand") rather than an answer."""
    lower = text.strip(" .…»>+-:").lower()
    return not lower or (len(lower.split()) <= 4 and len(lower) < 40 and lower.startswith(_CONTROLS))


def bare_claims(question: Parsed, answer: Parsed, terms: Verdict) -> tuple[Claim, ...]:
    """Return the claims of an answer that names no visa itself."""
    queried = question.visas & BOTH or question.visas & {ANY, OTHERS}
    if not queried:
        return ()
    if terms != "no" and _no_longer(answer):
        terms = "no"
    if terms and inverted(question):
        terms = "no" if terms == "yes" else "yes"
    if terms and question.has("only") and queried <= BOTH:
        return _sole_answer(question, queried, terms)
    if terms == "no" and question.has("except") and queried != question.visas:
        return _sole_answer(question, queried, "yes")
    return _graded(queried, answer, terms)


def _no_longer(answer: Parsed) -> bool:
    """Recognise "It was until 2023", "We did formerly": a yes of the past."""
    return answer.has("past") and any(word.text in ("was", "were", "did", "had") for word in answer.tokens[:3])


def _graded(queried: frozenset[str], answer: Parsed, terms: Verdict) -> tuple[Claim, ...]:
    conditions = conditions_of(answer.whole(), answer.tokens)
    soft = answer.has("soft") or (answer.has("habit") and terms == "no")
    if terms == "no" and soft:
        return _all(queried, CONDITIONAL, conditions or ("exceptional",))
    if terms == "no":
        return _all(queried, NO, ())
    if terms == "yes" and not conditions and not soft:
        return _all(queried, YES, ())
    if not terms and answer.has("ask", "undecided"):
        return _all(queried, CONTACT, (), "ask")
    if conditions or soft or answer.has("subset", "only"):
        named = queried <= BOTH
        return _all(queried, CONDITIONAL if named else CONTACT, conditions or ("other_condition",))
    return ()


def _all(queried: frozenset[str], stance: str, conditions: tuple[str, ...], *rules: str) -> tuple[Claim, ...]:
    return tuple(Claim(visa, stance, conditions, ("answer", *rules)) for visa in sorted(queried))


def _sole_answer(question: Parsed, queried: frozenset[str], terms: Verdict) -> tuple[Claim, ...]:
    """Read "Is the J-1 the only visa?": either answer allows the J-1; a yes rules out the other."""
    made = _all(queried, YES, (), "only")
    if terms == "no" or question.has("cond"):
        return made
    return made + tuple(Claim(visa, NO, (), ("answer", "only"), explicit=False) for visa in sorted(BOTH - queried))
