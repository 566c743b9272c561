"""Which institution and program a saved page is about, and whose policy it can speak of.

Only what is beyond doubt is linked. A page that names a program which the list lacks is never taken as the institution's
word: its policy would then be read as that of the other programs. What a page says of visas does not belong here.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.linkage.links.page_institutions import (
    NamedInstitution,
    Place,
    candidates,
    in_state,
    nearness,
    places_of,
)
from pipeline.linkage.links.page_subject import Subject, page_subjects

COLUMNS: Final = ["snapshot_id", "institution_id", "program_code", "scope", "link_note", "department"]


def link_pages(pages: pd.DataFrame, known: list[NamedInstitution]) -> pd.DataFrame:
    """Return the institution and program of each page: columns COLUMNS, one row a page, in the order given.

    pages: table program_pages. known: as of `named_institutions`. A program code in the list decides by itself. Else the institution
    is found by name in the page's state and city, and the program if it is the only one of the specialty there. scope:
    `institution` for offices and policies of the whole; `program` where a program is named that could not be found, so that its
    policy goes to no other; null leaves it to the reading of the page. department: key of the specialty whose page it is; null of
    offices and of the whole.
    """
    owner = {program.code: (one.id, one.name) for one in known for program in one.programs}
    places = places_of(pages)
    near = {state: in_state(state, known) for state in {place.state for place in places}}
    rows = []
    for snapshot, code, name, subject, place in zip(
        pages["snapshot_id"], pages["program_code"], pages["institution"], page_subjects(pages), places, strict=True
    ):
        if isinstance(code, str) and code in owner:
            # A page saved for one program speaks for that one: its siblings may differ.
            rows.append((snapshot, owner[code][0], code, "program", f"program code given: of {owner[code][1]}", None))
            continue
        unlisted = isinstance(code, str) and code != ""
        about = Subject("program", why_none=f"program {code} is not in the list") if unlisted else subject
        rows.append(
            (
                snapshot,
                *_link(name if isinstance(name, str) else "", about, place, near[place.state]),
                about.key or None,
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(COLUMNS, "str"))


def _link(
    name: str, subject: Subject, place: Place, known: list[NamedInstitution]
) -> tuple[str | None, str | None, str | None, str]:
    """Return institution_id, program_code, scope and note."""
    scope = None if subject.level == "open" else subject.level
    found = candidates(name, place, known)
    if not found:
        return None, None, scope, "no institution of the list has this name there"
    if subject.level == "program" and subject.key:
        fitting = [
            (one, program)
            for one in found
            for program in one.programs
            if program.key == subject.key and nearness(place, program.place) is not None
        ]
        here = [pair for pair in fitting if pair[1].place.city == place.city]
        chosen = fitting if len(fitting) == 1 else here
        if len(chosen) == 1:
            one, program = chosen[0]
            return one.id, program.code, None, f"the only program in {subject.key} of {one.name} there"
        why = f"{len(fitting)} programs in {subject.key} fit" if fitting else f"no program in {subject.key} there"
    else:
        why = subject.why_none
    if len(found) > 1:
        return None, None, scope, "several institutions fit: " + "; ".join(one.name for one in found)
    return found[0].id, None, scope, "; ".join(part for part in (f"{found[0].name} by name and place", why) if part)
