"""A third reader that asks: each page once, and no more than the bounds of a run allow.

What belongs here: the bill. How one request is made is in `endpoint`, what an answer says in `policies/third_reader`.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from pipeline.errors import UserError
from pipeline.policies.third_reader.instruction import INSTRUCTION
from pipeline.policies.third_reader.kept import KeptAnswers
from pipeline.policies.third_reader.question import Question
from pipeline.settings import ReaderSettings

_CHARACTERS_OF_A_TOKEN: Final = 2  # at least, in English
_MILLION: Final = 1_000_000


class NoClientError(UserError):
    """The client of endpoints is not installed: one line that says how to."""


@dataclass
class Bill:
    """What a run has cost so far. Where the endpoint counts no tokens, and for an answer that never came, the most that it can have
    been is counted."""

    asked: int = 0
    from_before: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    dollars: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)
    ended: str = ""

    @property
    def answers(self) -> int:
        """How many pages had an answer, whether or not it counts."""
        return self.from_before + self.asked - self.failures.total()

    def lines(self, settings: ReaderSettings) -> list[str]:
        """Return the bill for people."""
        priced = f"${self.dollars:.4f}" if settings.price_in or settings.price_out else "no price set"
        counts = [
            f"asked {self.asked:,} pages of {settings.model}; {self.from_before:,} were answered before",
            f"{self.tokens_in:,} tokens in, {self.tokens_out:,} out of {settings.tokens:,} allowed; {priced}",
            *(f"no answer: {reason} ({count:,})" for reason, count in self.failures.most_common()),
        ]
        return [*counts, f"ended early: {self.ended}"] if self.ended else counts


class AskingReader:
    """A third reader that answers from what is kept, and asks the endpoint for the rest while the bounds of the run hold."""

    def __init__(self, settings: ReaderSettings, kept: KeptAnswers, most: int | None = None) -> None:
        """Begin a run that asks at most `most` pages. Raises NoClientError."""
        try:
            from pipeline.consult.endpoint import NoAnswerError, ask
        except ImportError as error:
            raise NoClientError(
                "the client of language models is not installed. Run: pip install 'h1b-sponsors[llm]'"
            ) from error
        self._ask, self._no_answer = ask, NoAnswerError
        self.settings, self._kept, self._most = settings, kept, most
        self._until = time.monotonic() + settings.minutes * 60
        self._failed_in_a_row = 0
        self._met: set[str] = set()
        self.bill = Bill()

    @property
    def model(self) -> str:
        """The model's name."""
        return self.settings.model

    def answer(self, question: Question) -> str | None:
        """Return the answer to a question; None where there was none, or where the run has come to a bound."""
        known, met = self._kept.answer(question), question.key in self._met
        self._met.add(question.key)
        if known is not None or met:
            self.bill.from_before += not met
            return known
        most_in = (len(INSTRUCTION) + len(question.text)) // _CHARACTERS_OF_A_TOKEN
        self.bill.ended = self.bill.ended or self._bound_reached(most_in)
        return None if self.bill.ended else self._answer(question, most_in)

    def _bound_reached(self, most_in: int) -> str:
        """Say which bound another question would break, "" if none."""
        settings, bill = self.settings, self.bill
        tokens = bill.tokens_in + bill.tokens_out + most_in + settings.answer_tokens
        reached = {
            "as many pages as were asked for": self._most is not None and bill.asked >= self._most,
            "the endpoint does not answer": self._failed_in_a_row >= settings.failures_in_a_row,
            "the minutes of a run are over": time.monotonic() >= self._until,
            "the tokens of a run are used up": tokens > settings.tokens,
            "the dollars of a run are spent": bill.dollars + self._price(most_in, settings.answer_tokens)
            > settings.dollars,
        }
        return next((reason for reason, so in reached.items() if so), "")

    def _answer(self, question: Question, most_in: int) -> str | None:
        self.bill.asked += 1
        seconds = min(self.settings.seconds, self._until - time.monotonic())
        try:
            response = self._ask(question.text, self.settings, seconds)
        except self._no_answer as error:
            self._failed_in_a_row += 1
            self.bill.failures[str(error)] += 1
            self._charge(most_in, self.settings.answer_tokens)
            return None
        self._failed_in_a_row = 0
        given = self.settings.answer_tokens if response.tokens_out is None else response.tokens_out
        self._charge(most_in if response.tokens_in is None else response.tokens_in, given)
        self._kept.keep(question, response.answer)
        return response.answer

    def _charge(self, tokens_in: int, tokens_out: int) -> None:
        self.bill.tokens_in += tokens_in
        self.bill.tokens_out += tokens_out
        self.bill.dollars += self._price(tokens_in, tokens_out)

    def _price(self, tokens_in: int, tokens_out: int) -> float:
        return (tokens_in * self.settings.price_in + tokens_out * self.settings.price_out) / _MILLION
