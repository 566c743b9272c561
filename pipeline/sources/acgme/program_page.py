"""The ACGME page of one program: terms and descriptions in definition lists, and a table of participating sites.

Built to the public ADS page "Program Detail" as saved from a browser. Directors and coordinators are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bs4 import BeautifulSoup, Tag

from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.sources.base import Probe, SourceError
from pipeline.sources.pages import soup_of, soup_of_file

SITE_CODE: Final = re.compile(r"\d{2}[0-9A-Z]\d{3}")
_SIGNATURE: Final = b"sponsoring institution"
_HEADING = re.compile(rf"^\[?\s*({PROGRAM_CODE_PATTERN})\s*\]?\s*(?:[-–—:|]\s*)?(\S.*)$")
_SPONSOR = re.compile(r"^\[\s*(\d{2}[0-9A-Za-z]\d{3})\s*\]\s*(?:[-–—]\s*)?(.*)$")
_BRACKETED_SITE = re.compile(r"^\[\s*(\d{2}[0-9A-Za-z]\d{3})\s*\]\s*(?:[-–—]\s*)?(\S.*)$")
_PLACE = re.compile(r"^(?P<city>[^\d,][^\d]*?),\s*(?P<state>[A-Z]{2})(?:\s+(?P<zip>\d{5}(?:-\d{4})?))?$")
_NOTHING = frozenset({"", "-", "--", "n/a", "none", "not applicable", "no information currently present"})


@dataclass(frozen=True)
class ProgramDetail:
    """One program's page as printed; "" where it says nothing. `sites`: code and name, in the order of the page."""

    program_code: str
    program_name: str
    specialty: str
    sponsor_code: str
    sponsor_name: str
    city: str
    state: str
    zip: str
    accreditation_status: str
    original_accreditation_date: str
    effective_date: str
    positions_approved: int | None
    positions_filled: int | None
    website: str
    sites: tuple[tuple[str, str], ...]


def is_detail(head: bytes) -> bool:
    """Decide whether HTML (its first bytes) is an ACGME program page: a code in a heading, the sponsor in a `dl`."""
    if _SIGNATURE not in re.sub(rb"\s+", b" ", head.lower()):
        return False
    soup = soup_of(head, "the page")
    return _heading(soup) is not None and "sponsoring institution" in _terms(soup)


def read_detail(probe: Probe) -> ProgramDetail:
    """Read the page's program. Raises SourceError for a page that is too large or lacks its heading or its sponsor, and for
    positions that are no whole numbers."""
    soup = soup_of_file(probe)
    heading = _heading(soup)
    terms = _terms(soup)
    if heading is None or "sponsoring institution" not in terms:
        raise SourceError(
            probe.name,
            "no heading with a program code, or no Sponsoring Institution",
            remedy="Open the program from ACGME's search page and save it whole",
        )
    tag, code, name = heading
    specialty, city, state, postal = _place(soup, tag, terms)
    sponsor = _text(terms, "sponsoring institution")
    coded = _SPONSOR.match(sponsor)
    approved, filled = _positions(probe, terms)
    return ProgramDetail(
        program_code=code,
        program_name=name,
        specialty=specialty,
        sponsor_code=coded[1].upper() if coded else "",
        sponsor_name=coded[2].strip() if coded else sponsor,
        city=city,
        state=state,
        zip=postal,
        accreditation_status=_text(terms, "accreditation status"),
        original_accreditation_date=_text(terms, "original accreditation date"),
        effective_date=_text(terms, "effective date"),
        positions_approved=approved,
        positions_filled=filled,
        website=_website(terms),
        sites=_sites(soup),
    )


def _flat(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _heading(soup: BeautifulSoup) -> tuple[Tag, str, str] | None:
    """Find the heading with the program's code and name, else the title with them; returns tag, code and name, None if absent."""
    for tag in soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6", "title"]):
        match = _HEADING.match(_flat(tag))
        if match:
            return tag, match[1], match[2].strip()
    return None


def _terms(soup: BeautifulSoup) -> dict[str, Tag]:
    """Return the description of each term, by the term in lower case without colon and asterisk; of two the first."""
    found: dict[str, Tag] = {}
    for term in soup.find_all("dt"):
        description = term.find_next_sibling(["dt", "dd"])
        if isinstance(description, Tag) and description.name == "dd":
            found.setdefault(_flat(term).rstrip("*: ").casefold(), description)
    return found


def _text(terms: dict[str, Tag], term: str) -> str:
    text = _flat(terms[term]) if term in terms else ""
    return "" if text.casefold() in _NOTHING else text


def _positions(probe: Probe, terms: dict[str, Tag]) -> tuple[int | None, int | None]:
    """Return approved and filled positions, printed apart or as one line `24 / 16`; None where not stated."""
    together = [term for term in terms if re.fullmatch(r"total approved\s*/\s*(?:total )?filled.*", term)]
    if together:
        parts = [part.strip() for part in _text(terms, together[0]).split("/")]
        approved, filled = [*parts, "", ""][:2]
    else:
        approved = _text(terms, "total approved resident positions") or _text(terms, "total approved positions")
        filled = _text(terms, "total filled resident positions") or _text(terms, "total filled positions")
    return _number(probe, "approved", approved), _number(probe, "filled", filled)


def _number(probe: Probe, what: str, text: str) -> int | None:
    if text.casefold() in _NOTHING:
        return None
    # A breakdown may follow: `24 (categorical 18, preliminary 6)`.
    match = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,6})(?:\s*[(;].*)?", text)
    if not match:
        raise SourceError(
            probe.name,
            f"{what} positions are {text[:40]!r}, no whole number",
            remedy="Save the page again; see its text",
        )
    return int(match[1].replace(",", ""))


def _place(soup: BeautifulSoup, heading: Tag, terms: dict[str, Tag]) -> tuple[str, str, str, str]:
    """Return specialty, city, state and ZIP: from their terms and the address, else from the line `Specialty - City, ST`."""
    specialty = _text(terms, "specialty")
    blocks = [terms[term] for term in ("address", "mailing address", "program address") if term in terms]
    for block in [*blocks, *soup.find_all("address")]:
        for line in reversed(block.get_text("\n").split("\n")):
            place = _PLACE.match(" ".join(line.split()))
            if place and place["zip"]:
                return specialty, place["city"], place["state"], place["zip"]
    below = [_flat(tag) for tag in heading.find_next_siblings(limit=3)] + [
        _flat(tag) for tag in heading.find_all("small")
    ]
    for text in below:
        before, dash, after = text.rpartition(" - ")
        place = _PLACE.match(after)
        if dash and place:
            return specialty or before.strip(), place["city"], place["state"], place["zip"] or ""
    return specialty, "", "", ""


def _website(terms: dict[str, Tag]) -> str:
    for term in ("website", "web site", "program website", "url"):
        if term in terms:
            link = terms[term].find("a", href=True)
            address = str(link["href"]) if isinstance(link, Tag) else _text(terms, term)
            if re.match(r"https?://[^\s/]+", address):
                return address
    return ""


def _sites(soup: BeautifulSoup) -> tuple[tuple[str, str], ...]:
    """Return code and name of each row of the tables whose head names sites."""
    found: list[tuple[str, str]] = []
    for table in soup.find_all("table"):
        head = " ".join(_flat(cell) for cell in table.find_all("th")) or _flat(table.find("tr") or table)
        if not re.search(r"\b(?:participating )?(?:site|institution)s?\b", head, re.IGNORECASE):
            continue
        for row in table.find_all("tr"):
            site = _site([_flat(cell) for cell in row.find_all(["td", "th"])])
            if site:
                found.append(site)
    return tuple(found)


def _site(cells: list[str]) -> tuple[str, str] | None:
    for place, cell in enumerate(cells):
        both = _BRACKETED_SITE.match(cell)
        if both:
            return both[1].upper(), both[2].strip()
        if SITE_CODE.fullmatch(cell.upper()):
            name = next((text for text in cells[place + 1 :] if text.casefold() not in _NOTHING), "")
            return cell.upper(), name
    return None
