"""The answers of a model that are kept in the data folder: no question is sent twice, and a refresh sends none.

What belongs here: one file for each model and version of the instruction, a line of JSON an answer. What an answer says is checked
each time it is read (`answer`), so that a line changed by hand states nothing that is not on its page.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from pipeline.policies.third_reader.instruction import VERSION
from pipeline.policies.third_reader.question import Question
from pipeline.settings import DataFolder, reader_settings


class KeptAnswers:
    """The answers of `model` that the folder `folder` keeps; both need not be there yet."""

    def __init__(self, folder: Path, model: str) -> None:
        digest = hashlib.sha256(model.encode()).hexdigest()[:8]
        self.model = model
        self._path = folder / f"{re.sub(r'[^A-Za-z0-9]+', '-', model)[:60]}-{digest}-v{VERSION}.jsonl"
        content = self._path.read_bytes() if self._path.exists() else b""
        # What follows the last line break was being written when the process was killed.
        self._whole = len(content.rpartition(b"\n")[0]) + 1 if b"\n" in content else 0
        self._answers = dict(filter(None, map(_entry, content[: self._whole].splitlines())))

    def __len__(self) -> int:
        return len(self._answers)

    def answer(self, question: Question) -> str | None:
        """Return the answer to a question, None if there is none."""
        return self._answers.get(question.key)

    def keep(self, question: Question, answer: str) -> None:
        """Keep an answer; it is on the disk when this returns."""
        line = json.dumps({"page": question.key, "answer": answer}).encode() + b"\n"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as handle:
            handle.truncate(self._whole)
            handle.write(line)
            handle.flush()
            os.fsync(handle.fileno())
        self._whole += len(line)
        self._answers[question.key] = answer

    @property
    def digest(self) -> str:
        """A hash of model, instruction and answers; "" without any answer, so that an empty folder changes no release."""
        if not self._answers:
            return ""
        return hashlib.sha256(json.dumps([self.model, VERSION, sorted(self._answers.items())]).encode()).hexdigest()


def kept_answers(data: DataFolder) -> KeptAnswers | None:
    """Return the answers of the model that the operator has named, None where none is named. Raises SettingsError."""
    settings = reader_settings()
    return KeptAnswers(data.answers, settings.model) if settings else None


def _entry(line: bytes) -> tuple[str, str] | None:
    """Return page and answer of a line; None where it is damaged: its page counts as not queried."""
    try:
        record: Any = json.loads(line)
        page, answer = record["page"], record["answer"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return (page, answer) if isinstance(page, str) and isinstance(answer, str) else None
