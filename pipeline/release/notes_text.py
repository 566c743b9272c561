"""Release notes as Markdown, for people. What is in them is chosen in `notes`.

Names, quotations and addresses come from files and pages: nothing in them is taken for markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pipeline.release.notes import reading
from pipeline.text.characters import harmless

_PROGRAMS_NAMED: Final = 6  # of one institution
_LONGEST: Final = 240  # characters of a quotation or an order
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>&~|])")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\\]{1,1000}")
_WORDS: Final = (
    "*Stated* is what a page, a directory, a person or a restated fact says. Tiers and cap exemption are *inferred*; applications are of "
    "the past. What is not stated is unknown, and never a no. Nothing here is legal advice: ask the program before you rely on a line."
)
# Kind of evidence -> how what it says is introduced; only a page is quoted.
_INTRODUCED: Final = {
    "page": "on its page", "restated": "restated in other words", "confirmed": "answered",
    "directory": "its own answers in a directory",
}  # fmt: skip


def as_markdown(notes: Mapping[str, Any]) -> str:
    """Return the notes as Markdown. notes: as `notes.release_notes` returns them."""
    parts = [f"# What is new in release {notes['release_id']}", *_about(notes), "## In short"]
    parts.append("\n".join(f"- {_safe(sentence)}" for sentence in notes["in_short"]))
    for change in notes["changes"]:
        parts += _change(change, notes)
    for name, title in (
        ("tiers", "Moved to another tier (inferred)"),
        ("cap_exemption", "Another category of cap exemption (inferred)"),
    ):
        parts += _moves(title, notes[name])
    parts += _petitioners(notes["petitioners"])
    if notes["lines"]:
        parts.append(f"Line by line ({notes['lines']:,}), with the old and the new value: `delta.jsonl`.")
    return "\n\n".join([*parts, _WORDS]) + "\n"


def _about(notes: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the notes hold for: the days, the sample, the law, the coverage, and what else differs between the two releases."""
    if notes["sample"]:
        yield f"**No current list**: made from {_safe(notes['made_from'])}."
    lines = [f"As of {notes['as_of']}."]
    if notes["compared_with"]:
        lines[0] = (
            f"As of {notes['as_of']}, compared with release {notes['compared_with']} as of {notes['compared_as_of']}."
        )
    if notes["coverage"]:
        lines.append(f"Coverage: {_safe(notes['coverage'])}.")
    if notes["law_as_of"]:
        law = _safe(notes["law_warning"] or f"law was read up to {notes['law_as_of']}")
        lines.append(f"{law[0].upper()}{law[1:]}.")
    if notes["compared_with"]:
        sources = ", ".join(notes["sources_changed"])
        lines.append(f"Files that are others: {_safe(sources)}." if sources else "No file is another one.")
        if notes["code_changed"]:
            lines.append(
                "The code is newer: what is read from pages and what is inferred may differ though nobody said anything new."
            )
    yield "\n".join(f"- {line}" for line in lines)


def _change(change: Mapping[str, Any], notes: Mapping[str, Any]) -> Iterator[str]:
    meaning = reading(notes) if change["change"] == "read_otherwise" else change["meaning"]
    yield f"## {change['change'].replace('_', ' ').capitalize()}: {change['count']:,}"
    yield f"{meaning[0].upper()}{meaning[1:]}."
    entries = [f"- {_entry(group)}" for group in change["groups"]]
    if change["programs_not_shown"]:
        entries.append(f"- and {change['programs_not_shown']:,} programs more")
    yield "\n".join(entries)


def _entry(group: Mapping[str, Any]) -> str:
    where = f"**{_safe(group['institution'])}**" + (f", {_safe(group['state'])}" if group["state"] else "")
    text = f"{where}: {_named(group['programs'])}"
    before, now = (_safe(group[when], _LONGEST) for when in ("before", "now"))
    if before or now:
        text += f". {before} → {now}" if before and now else f". {now or 'Before: ' + before}"
    evidence = group["evidence"]
    return f"{text}. {_evidence(evidence)}" if evidence else text


def _named(programs: Sequence[Mapping[str, Any]]) -> str:
    shown = [f"{_safe(one['name'])} ({_safe(one['program_code'])})" for one in programs[:_PROGRAMS_NAMED]]
    more = len(programs) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def _evidence(evidence: Mapping[str, Any]) -> str:
    """Return the evidence in a sentence: what kind it is, of which day, and where; quotation marks for a quotation alone."""
    kind = _INTRODUCED.get(evidence["kind"], "stated")
    kind = kind.replace("its ", "its institution's ") if evidence["scope"] == "institution" else kind
    day = evidence["date"] or "no date of its own"
    statement = _safe(evidence["quote"] or "", _LONGEST)
    text = f"{kind[0].upper()}{kind[1:]}, {day}: " + (f"“{statement}”" if evidence["kind"] == "page" else statement)
    address = harmless(str(evidence["url"] or ""))
    if not address:
        return text
    return f"{text} <{address}>" if _ADDRESS.fullmatch(address) else f"{text} ({_safe(address, _LONGEST)})"


def _moves(title: str, moves: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if moves:
        yield f"## {title}: {sum(move['count'] for move in moves):,}"
        yield "\n".join(
            f"- {move['count']:,} from {_safe(move['old'].replace('_', ' '))} to {_safe(move['new'].replace('_', ' '))}"
            for move in moves
        )


def _petitioners(counts: Mapping[str, int]) -> Iterator[str]:
    counted = [f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count]
    if counted:
        yield "## Petitioners in the files of USCIS"
        yield f"{', '.join(counted)}. Which of them a file has depends on the fiscal years at hand."


def _safe(text: str, longest: int = 1000) -> str:
    """Return text of unknown origin in one line, cut at `longest` characters, in which Markdown finds no markup."""
    line = " ".join(harmless(str(text)).split())
    cut = line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
    return _MARKUP.sub(r"\\\1", cut)
