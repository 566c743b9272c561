"""`h1b-sponsors read-page`: one page as the reader reads it, its evidence marked where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer
from rich.text import Text

from pipeline.archive.store import Snapshot, snapshots
from pipeline.archive.unpack import unusable
from pipeline.commands.console import fail, out, report_user_errors
from pipeline.documents.blocks import Block
from pipeline.documents.page import Media, blocks_of
from pipeline.documents.unreadable import UnreadablePageError
from pipeline.policies.claims import Claim
from pipeline.policies.deadlines import due
from pipeline.policies.published import Evidence, Reading
from pipeline.policies.reading import declared_in, read_statement
from pipeline.policies.terms import routes_of
from pipeline.policies.third_reader.kept import kept_answers
from pipeline.policies.third_reader.verdict import how_agreed
from pipeline.policies.why import SentenceReasons, sentence_reasons
from pipeline.settings import data_folder
from pipeline.sources.pages import MAX_PAGE_BYTES
from pipeline.specialties.recognise import specialty_by_code
from pipeline.text.characters import harmless, harmless_json

_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)
_MARKUP: Final = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_BLANKS: Final = b"\xef\xbb\xbf \t\r\n"
_AROUND: Final = 300  # characters of a block shown on either side of a mark
_SHOWN: Final = 160  # characters of a block that only stands beside one


@dataclass(frozen=True)
class Page:
    """A page at hand: its bytes, where they are from, and whom it is about as far as its saver stated."""

    content: bytes
    media: Media
    source: str
    url: str | None = None
    snapshot: str | None = None
    program: str | None = None
    institution: str | None = None


def read_page(
    page: Annotated[str, typer.Argument(metavar="FILE|URL", help="A saved page, or the address of an archived one.")],
    program: Annotated[
        str | None, typer.Option(help="Program whose policy is read: its ACGME code, or in words.")
    ] = None,
    specialty: Annotated[str | None, typer.Option(help="Its specialty, where no program is named.")] = None,
    institution: Annotated[str | None, typer.Option(help="Its institution.")] = None,
    context: Annotated[int, typer.Option(min=0, max=50, help="Blocks shown before and after each sentence.")] = 1,
    why: Annotated[bool, typer.Option("--why", help="Also the phrases and claims found in each sentence.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Show what one page says of visas: the reading, and the sentences it rests on in their places.

    Without program or specialty the policy of the whole institution is read. Nothing is kept and no release is changed.
    """
    with report_user_errors():
        found = _of_address(page) if _ADDRESS.match(page) else _of_file(Path(page))
        about = _specialty_of(program) or program or specialty or found.program
        where = institution or found.institution
        try:
            blocks = blocks_of(found.content, found.media)
        except UnreadablePageError as error:
            fail(f"{found.source}: {error}")
        declared = declared_in(found.content, found.media)
        reading = read_statement(blocks, about, where, kept_answers(data_folder()), declared)
        if as_json:
            record = as_record(found, reading, blocks, about, where)
            print(harmless_json(json.dumps(record, indent=2, ensure_ascii=False)))
        else:
            lines = report(found, reading, blocks, about, where, context)
            for line in [*lines, *(sentence_report(sentence_reasons(blocks, about, where)) if why else ())]:
                out.print(line, soft_wrap=True)


def _of_file(path: Path) -> Page:
    size = path.stat().st_size
    if (problem := unusable(path)) is not None:
        fail(f"{path}: {problem}")
    if size > MAX_PAGE_BYTES:
        fail(f"{path} has {size >> 20} MB, where a page may have {MAX_PAGE_BYTES >> 20} MB")
    content = path.read_bytes()
    return Page(content, _media(content, str(path)), str(path))


def _media(content: bytes, name: str) -> Media:
    start = content[:4096].lstrip(_BLANKS)
    if not start:
        fail(f"{name} is empty. Save the page again")
    if start.startswith(b"%PDF-"):
        return "pdf"
    if start.startswith(b"<") or _MARKUP.search(start):
        return "html"
    if b"\x00" in start:
        fail(f"{name} is neither HTML, PDF nor plain text. Save the page itself")
    return "text"


def _of_address(url: str) -> Page:
    """Return the newest archived page of that address. This is the one place that turns an address into a page."""
    part = f"page:{_plain_address(url)}"
    held = [
        snapshot
        for snapshot in snapshots(data_folder().raw)
        if any(_plain_address(covered.name) == part for covered in snapshot.manifest.coverage)
    ]
    if not held:
        fail(f"no page of {url} is archived. Save it in a browser and add it: h1b-sponsors add FILE --url {url}")
    newest = max(held, key=lambda snapshot: (snapshot.manifest.retrieved_at or "", snapshot.manifest.added_at))
    return _archived(newest, url)


def _plain_address(url: str) -> str:
    """Return `url` without what names a place on the page, and without a last slash."""
    return url.split("#", 1)[0].rstrip("/")


def _archived(snapshot: Snapshot, url: str) -> Page:
    hints = snapshot.manifest.hints
    media: Media = "pdf" if snapshot.manifest.layout == "pdf" else "html"
    return Page(
        snapshot.path.read_bytes(),
        media,
        snapshot.id,
        url,
        snapshot.id,
        hints.get("program") or hints.get("specialty") or _specialty_of(hints.get("program_code")),
        hints.get("institution"),
    )


def _specialty_of(program_code: str | None) -> str | None:
    """Return the specialty of a program by the first three digits of its ACGME code; None for anything that is no such
    code."""
    if not program_code or not re.fullmatch(r"\d{10}", program_code):
        return None
    known = specialty_by_code(pd.Series([program_code[:3]], dtype="str")).iloc[0]
    return known if isinstance(known, str) else None


def as_record(
    page: Page, reading: Reading, blocks: tuple[Block, ...], program: str | None, institution: str | None
) -> dict[str, Any]:
    """Return the reading as one object; vocabularies as in table `visa_policies`, characters counted within the
    block's text."""
    step3 = due(reading.step3_deadline)
    return {
        "source": page.source, "snapshot": page.snapshot, "url": page.url, "media": page.media,
        "program": program, "institution": institution, "blocks": len(blocks),
        "j1": reading.j1, "h1b": reading.h1b, "policy": reading.policy,
        "step3_required_for_h1b": reading.step3_required_for_h1b, "step3_deadline": reading.step3_deadline,
        "step3_due": step3.point, "step3_due_on": step3.on,
        "scope": reading.scope, "page_date": reading.page_date.isoformat() if reading.page_date else None,
        "conditions": list(reading.conditions), "routes": routes_of(reading.conditions),
        "paused_until": reading.paused_until.isoformat() if reading.paused_until else None, "confidence": reading.confidence,
        "needs_confirmation": reading.needs_confirmation, "rules": list(reading.rules),
        "readings": list(reading.readings), "chance": round(reading.chance, 3),
        "evidence": [_piece(piece, blocks) for piece in reading.evidence],
        "counter_evidence": [_piece(piece, blocks) for piece in reading.counter_evidence],
    }  # fmt: skip


def _piece(piece: Evidence, blocks: tuple[Block, ...]) -> dict[str, Any]:
    block = blocks[piece.block]
    return {
        "quote": piece.quote, "block": piece.block, "start": piece.start, "end": piece.end, "kind": block.kind,
        "headings": list(block.headings), "question": block.question,
    }  # fmt: skip


def report(
    page: Page, reading: Reading, blocks: tuple[Block, ...], program: str | None, institution: str | None, context: int
) -> Iterable[Text]:
    """Give the reading for people, line by line. The page's words are plain text: no markup and no control character
    acts."""
    yield Text(harmless(f"{page.source} ({page.media}, {len(blocks)} blocks)"), "bold")
    whose = f"{program or 'the whole institution'}{f' of {institution}' if institution else ''}"
    step3 = reading.step3_required_for_h1b + (f" ({reading.step3_deadline})" if reading.step3_deadline else "")
    ask = "; a person should ask" if reading.needs_confirmation or reading.policy == "contact" else ""
    facts = (
        ("read for", f"{whose} (scope {reading.scope})"),
        ("policy", reading.policy),
        ("J-1", reading.j1),
        ("H-1B", reading.h1b),
        ("Step 3", step3),
        ("conditions", ", ".join(reading.conditions) or "none"),
        *([("paused until", reading.paused_until.isoformat())] if reading.paused_until else []),
        ("page date", reading.page_date.isoformat() if reading.page_date else "none given"),
        ("confidence", reading.confidence + ask),
        ("rules", ", ".join(reading.rules) or "none"),
    )
    for name, value in facts:
        yield Text.assemble((f"  {name:<11}", "bold"), harmless(value))
    yield Text(f"\n{how_agreed(reading.rules, reading.readings)}", "bold")
    for line in reading.readings:
        yield Text(f"  {harmless(line)}")
    for title, style, pieces in (
        ("Evidence", "bold green", reading.evidence),
        ("Against it", "bold yellow", reading.counter_evidence),
    ):
        if pieces:
            yield Text(f"\n{title}", "bold")
        for piece in pieces:
            yield from _in_context(piece, blocks, style, context)
    if not reading.evidence and not reading.counter_evidence:
        yield Text("\nNo sentence on this page states a policy on visas.")


def sentence_report(sentences: Iterable[SentenceReasons]) -> Iterable[Text]:
    """Give the phrases of the lexicon that the first reader found in each sentence near visas, and what it claims, for people."""
    yield Text("\nSentence by sentence (the first reader; phrases are rows of reference/policy/lexicon.csv)", "bold")
    for one in sentences:
        yield Text.assemble((f"  {one.block:>5}  ", "bold"), harmless(_cut(one.text, _SHOWN)))
        phrases = "; ".join(f"{words} ({kinds})" for words, kinds in one.phrases)
        yield Text(harmless(f"         phrases  {phrases or 'none known'}"))
        claims = "; ".join(_in_words(claim) for claim in one.claims)
        yield Text(harmless(f"         claims   {claims or 'nothing'}"))


def _in_words(claim: Claim) -> str:
    parts = [f"{claim.visa} {claim.stance}"]
    parts += [f"on {', '.join(claim.conditions)}"] if claim.conditions else []
    parts += [f"by {', '.join(claim.rules)}"] if claim.rules else []
    return " ".join(parts)


def _in_context(piece: Evidence, blocks: tuple[Block, ...], style: str, context: int) -> Iterable[Text]:
    block = blocks[piece.block]
    above = [*block.headings, *([block.question] if block.question else []), *([block.intro] if block.intro else [])]
    if above:
        yield _beside(f"  under       {' > '.join(above)}")
    first, last = max(0, piece.block - context), min(len(blocks), piece.block + context + 1)
    for number in range(first, last):
        if number == piece.block:
            yield Text.assemble((f"  {number:>5}  ", "bold"), _marked(block.text, piece.start, piece.end, style))
        else:
            yield _beside(f"  {number:>5}  {_cut(blocks[number].text, _SHOWN)}")


def _beside(text: str) -> Text:
    return Text(" ".join(harmless(text).split("\n")), "dim")


def _marked(text: str, start: int, end: int, style: str) -> Text:
    """Return the block with the sentence between » and «, so that it is marked without colour too."""
    before, sentence, after = (
        harmless(part).replace("\n", " ") for part in (text[:start], text[start:end], text[end:])
    )
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:]
    return Text.assemble(before, ("»", style), (sentence, style), ("«", style), _cut(after, _AROUND))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"
