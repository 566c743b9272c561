"""AMA FREIDA's page of a program, as a person saved it: the data that the page was made from lies in it as JSON.

Layout (described by people who parsed live pages): `<script id="ng-state" type="application/json">` holds answers of an API, one of
them a JSON:API document whose `data` is the program (a node with `field_program_id`), alone or in a list; `relationships` name the
survey and the specialty, which lie in `included`. Persons are in `included`, too: none of them is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from bs4 import BeautifulSoup

from pipeline.sources.base import Probe, SourceError
from pipeline.sources.directory_pages import answers
from pipeline.sources.directory_pages.answers import Answers
from pipeline.sources.directory_pages.hosts import FREIDA
from pipeline.sources.directory_pages.visas import accepted_visas, names_a_visa

SIGNATURE: Final = b"field_program_id"
_DEEPEST: Final = 50

Node = dict[str, Any]


def read_freida(probe: Probe, soup: BeautifulSoup, addresses: list[str]) -> Answers:
    """Read the program of a page. addresses: those that the page is from, as written in it.

    Raises SourceError for a page without a program, with several that can't be told apart, and for a broken code or share.
    """
    node, included = _program(probe, soup, addresses)
    attributes = _dict(node.get("attributes"))
    survey = _dict(_related(node, "field_survey", included).get("attributes"))
    specialty = _dict(_related(node, "field_specialty", included).get("attributes"))
    place = _dict(attributes.get("field_address"))
    return Answers(
        program_code=answers.program_code(probe, _line(attributes.get("field_program_id")), FREIDA.remedy),
        program_name=_line(attributes.get("title")) or _heading(soup),
        visas=accepted_visas(_visa_values(survey.get("field_visa_status"))),
        specialty=_line(specialty.get("name")) or _line(specialty.get("title")),
        city=_line(place.get("locality")),
        state=answers.state(_line(place.get("administrative_area"))),
        img_percent=answers.share(probe, "field_pct_img", survey.get("field_pct_img")),
        do_percent=answers.share(probe, "field_pct_do", survey.get("field_pct_do")),
        us_md_percent=answers.share(probe, "field_pct_usmd", survey.get("field_pct_usmd")),
        first_year_positions=answers.whole_number(survey.get("field_first_year_positions")),
        length_years=answers.years(attributes.get("field_accredited_length"))
        or answers.years(attributes.get("field_required_length")),
        described_as=_line(survey.get("field_program_best_described_as")),
        website=answers.website(_line(survey.get("field_website"))),
        accreditation_status=_line(attributes.get("field_accreditation_status")),
        accepting_current_year=_flag(survey.get("field_accepting_current_year")),
        accepting_next_year=_flag(survey.get("field_accepting_next_year")),
        answered_on=answers.day(survey.get("field_date_received"))
        or answers.day(survey.get("changed"))
        or answers.day(attributes.get("changed")),
    )


def _program(probe: Probe, soup: BeautifulSoup, addresses: list[str]) -> tuple[Node, list[Node]]:
    """Find the node of the page's program, and what is included beside it."""
    found: dict[str, tuple[Node, list[Node]]] = {}
    for document in _documents(soup):
        included = [node for node in _list(document.get("included")) if isinstance(node, dict)]
        data = document.get("data")
        for node in map(_dict, data if isinstance(data, list) else [data]):
            code = _line(_dict(node.get("attributes")).get("field_program_id"))
            # A list beside the page's own document names programs without what they answered.
            if code and (code not in found or _related(node, "field_survey", included)):
                found[code] = node, included
    if len(found) > 1:
        heading = " ".join(tag.get_text(" ") for tag in soup.find_all(["h1", "title"]))
        own = {
            code: pair
            for code, pair in found.items()
            if any(code in address for address in addresses) or _is_headed(pair[0], heading)
        }
        found = own if len(own) == 1 else found
    if len(found) != 1:
        problem = (
            f"{len(found)} programs" if found else "no program's answers: a sign-in or cookie page, or one cut off"
        )
        raise SourceError(probe.name, f"a page of {FREIDA.title} with {problem}", remedy=FREIDA.remedy)
    return next(iter(found.values()))


def _heading(soup: BeautifulSoup) -> str:
    return " ".join(soup.h1.get_text(" ").split()) if soup.h1 else ""


def _is_headed(node: Node, heading: str) -> bool:
    title = _line(_dict(node.get("attributes")).get("title"))
    return bool(title) and title in " ".join(heading.split())


def _documents(soup: BeautifulSoup) -> Iterator[Node]:
    """Yield the JSON:API documents in the page's scripts: objects with `data`, however deep they lie."""
    for script in soup.find_all("script", type="application/json"):
        text = script.string or ""
        if SIGNATURE.decode() not in text:
            continue
        try:
            stack = [(json.loads(text), 0)]
        except (ValueError, RecursionError):
            continue  # cut off, or not JSON: then the page has no program
        while stack:
            value, depth = stack.pop()
            if isinstance(value, dict) and isinstance(value.get("data"), dict | list):
                yield value
            if depth < _DEEPEST:
                inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
                stack.extend((one, depth + 1) for one in inner if isinstance(one, dict | list))


def _related(node: Node, name: str, included: list[Node]) -> Node:
    """Return the included node that `node` names as `name`, of several the first; empty where it isn't there."""
    data = _dict(_dict(node.get("relationships")).get(name)).get("data")
    named = data if isinstance(data, list) else [data]
    wanted = [(one.get("type"), one.get("id")) for one in named if isinstance(one, dict)]
    by_key = [one for key in wanted for one in included if (one.get("type"), one.get("id")) == key]
    return next(iter(by_key), {})


def _visa_values(value: Any) -> list[str]:
    """Return the entries of a list of visas as texts: names, objects with `value` and `label`, or one text."""
    if isinstance(value, list):
        return [text for one in value for text in _visa_values(one)]
    if not isinstance(value, dict):
        return [_line(value)]
    label, inner = _line(value.get("label")), value.get("value")
    if names_a_visa(label):
        return [label] if inner is not False else []  # a box that isn't ticked
    return [f"{_line(inner)}: {label}" if label else _line(inner)]


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _line(value: Any) -> str:
    """Return a text or number as one line; "" for anything else."""
    known = isinstance(value, str | int | float) and not isinstance(value, bool)
    return " ".join(str(value).split())[:500] if known else ""
