"""AAMC Residency Explorer's page of a program, as a person saved it: labels with their texts, and tables of one answer a row.

Layout (described by people who parsed live pages): `.program-detail-name`; `<label>ACGME Program Code:</label><span>1402421171C</span>`
(C or P may follow the ten digits), `Address:`, `Website:`; tables of `<th>…</th><td>…</td>`, some with averages of the specialty in a
further column or below a heading of their own, which are nobody's answer. A dash means that no data were provided. Footnotes on who
is counted are no policy. Persons are named, too: none is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bs4 import BeautifulSoup, Tag

from pipeline.sources.base import Probe, SourceError
from pipeline.sources.directory_pages import answers
from pipeline.sources.directory_pages.answers import Answers
from pipeline.sources.directory_pages.hosts import RESIDENCY_EXPLORER
from pipeline.sources.directory_pages.visas import is_silent, visas_by_row

SIGNATURE: Final = b"program-detail-name"
_CODE_LABEL: Final = "acgme program code"
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_MOST_CHARACTERS: Final = 500  # of a label or an answer
_PLACE: Final = re.compile(r"([^\d,][^\d,]*),\s*([A-Z]{2})\b(?:\s+\d{5}(?:-\d{4})?)?\s*$")
_OTHERS: Final = re.compile(r"\b(?:averages?|national(?:ly)?|all programs|compar\w+|you|your)\b", re.IGNORECASE)
_ROWS: Final = {  # field of Answers -> how the label of its row begins or what it says
    "length_years": re.compile(r"accredited (?:length|training length|length of training)\b.*", re.IGNORECASE),
    "accreditation_status": re.compile(r"accreditation status", re.IGNORECASE),
    "accreditation_date": re.compile(r"accreditation effective date", re.IGNORECASE),
    "total_positions": re.compile(r"total(?: (?:active )?(?:residents|positions))?", re.IGNORECASE),
    "first_year_positions": re.compile(r"(?:year 1|pgy[\s-]?1|first[\s-]year positions)", re.IGNORECASE),
    "answered_on": re.compile(
        r"(?:data |page )?(?:last )?updated(?: on)?|as of|date of (?:survey|answers?)", re.IGNORECASE
    ),
}
_SHARES: Final = {
    "img_percent": re.compile(r"\bIMGs?\b|\binternational (?:medical )?(?:graduate|school)", re.IGNORECASE),
    "do_percent": re.compile(r"\bDOs?\b|\b[Oo]steopathic"),
    "us_md_percent": re.compile(r"\bU\.?S\.? MDs?\b|\bU\.?S\.? allopathic", re.IGNORECASE),
}
# Rows on others than trainees, or on a part of those schools.
_OTHER_SHARES: Final = re.compile(
    r"\bappli|\binterview|\bmatch|\binvit|\b(?:non-? ?)?U\.?S\.?(?: citizen)?[ -](?:IMG|int)", re.IGNORECASE
)
_PERCENT: Final = re.compile(r"%|\bpercent", re.IGNORECASE)


def read_residency_explorer(probe: Probe, soup: BeautifulSoup) -> Answers:
    """Read the program of a page. Raises SourceError for a page without a program, and for a broken code or share."""
    heading = soup.select_one(".program-detail-name")
    labels = _labels(soup)
    if not isinstance(heading, Tag) or not labels.get(_CODE_LABEL):
        raise SourceError(
            probe.name,
            f"a page of {RESIDENCY_EXPLORER.title} without a program's answers: a sign-in or cookie page, or one cut off",
            remedy=RESIDENCY_EXPLORER.remedy,
        )
    rows = list(_rows(soup))
    printed = {name: text for name, pattern in _ROWS.items() if (text := _first(rows, labels, pattern))}
    printed |= {name: text for name, pattern in _SHARES.items() if (text := _share(rows, pattern))}
    city, state = _place(labels.get("address", []))
    return Answers(
        program_code=answers.program_code(probe, " ".join(labels[_CODE_LABEL]), RESIDENCY_EXPLORER.remedy),
        program_name=_flat(heading),
        visas=visas_by_row(rows),
        specialty=_specialty(heading),
        city=city,
        state=state,
        img_percent=answers.share(probe, "the share of international graduates", printed.get("img_percent")),
        do_percent=answers.share(probe, "the share of osteopathic graduates", printed.get("do_percent")),
        us_md_percent=answers.share(probe, "the share of graduates of US schools", printed.get("us_md_percent")),
        first_year_positions=answers.whole_number(printed.get("first_year_positions")),
        total_positions=answers.whole_number(printed.get("total_positions")),
        length_years=answers.years(printed.get("length_years")),
        website=next((text for text in map(answers.website, labels.get("website", [])) if text), ""),
        accreditation_status=printed.get("accreditation_status", ""),
        accreditation_date=answers.day(printed.get("accreditation_date")),
        answered_on=answers.day(printed.get("answered_on")),
    )


def _flat(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())[:_MOST_CHARACTERS]


def _labels(soup: BeautifulSoup) -> dict[str, list[str]]:
    """Return the texts beside each label, up to the next one, by the label in lower case without its colon; of two the first."""
    found: dict[str, list[str]] = {}
    for label in soup.find_all("label"):
        texts: list[str] = []
        for tag in label.next_siblings:
            if not isinstance(tag, Tag):
                continue
            if tag.name == "label":
                break
            link = tag if tag.name == "a" else tag.find("a", href=True)
            texts += [str(link["href"])] if isinstance(link, Tag) and link.get("href") else []
            texts.append(_flat(tag))
        found.setdefault(_flat(label).rstrip(": ").casefold(), [text for text in texts if not is_silent(text)])
    return found


def _rows(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Yield label and answer of each table row that is about the program itself."""
    above = ""
    for table in soup.find_all([*_HEADINGS, "table"]):
        if table.name != "table":
            above = _flat(table)
        if table.name != "table" or table.find("table") or _OTHERS.search(above):
            continue
        header: list[str] = []
        for row in table.find_all("tr"):
            named, cells = row.find_all("th", recursive=False), row.find_all("td", recursive=False)
            if not cells:
                header = [_flat(cell) for cell in named] if len(named) > 1 else header
            elif len(named) == 1 and not _OTHERS.search(_flat(named[0])):
                yield _flat(named[0]), _own(cells, header)
            elif not named and len(cells) == 2:
                yield _flat(cells[0]), _flat(cells[1])


def _own(cells: list[Tag], header: list[str]) -> str:
    """Return the program's own answer among the cells of a row: the first below a column that isn't an average."""
    titles = header[-len(cells) :] if len(header) >= len(cells) else [""] * len(cells)
    own = [_flat(cell) for cell, title in zip(cells, titles, strict=True) if not _OTHERS.search(title)]
    return own[0] if own else ""


def _first(rows: list[tuple[str, str]], labels: dict[str, list[str]], pattern: re.Pattern[str]) -> str:
    """Return the first answer of a row or label that the pattern fits as a whole; "" where there is none."""
    beside = ((label, " ".join(texts)) for label, texts in labels.items())
    fitting = (text for label, text in (*rows, *beside) if pattern.fullmatch(label.rstrip(": *")))
    return next((text for text in fitting if not is_silent(text)), "")


def _share(rows: list[tuple[str, str]], pattern: re.Pattern[str]) -> str:
    """Return the first answer, in percent, of a row whose label names graduates of some schools; "" where there is none."""
    fitting = (
        text
        for label, text in rows
        if pattern.search(label) and not _OTHER_SHARES.search(label) and _PERCENT.search(f"{label} {text}")
    )
    return next((text for text in fitting if not is_silent(text)), "")


def _specialty(heading: Tag) -> str:
    below = heading.find_next_sibling(["h2", "h3", "h4"])
    inner = below.find("span") if isinstance(below, Tag) else None
    return _flat(inner) if isinstance(inner, Tag) else ""


def _place(texts: list[str]) -> tuple[str, str]:
    """Return city and state of an address."""
    for text in reversed(texts):
        place = _PLACE.search(text)
        if place and answers.state(place[2]):
            return place[1].strip(), answers.state(place[2])
    return "", ""
