"""The reader as other rooms call it: a text or a page in, a reading out."""

from __future__ import annotations

import pandas as pd

from pipeline.policies.confirmed import policies_from_confirmations
from pipeline.policies.published import Reading
from pipeline.policies.reading import read_page
from pipeline.schemas.frames import to_arrow, to_frame


def read(text: str, program: str | None = None) -> Reading:
    """Read plain text for a program, or for the institution where none is given."""
    return read_page(text.encode(), "text", program)


def read_html(page: str, program: str | None = None) -> Reading:
    """Read an HTML page for a program, or for the institution where none is given."""
    return read_page(page.encode(), "html", program)


def stances(reading: Reading) -> tuple[str, str]:
    """Return what a reading says of J-1 and H-1B."""
    return reading.j1, reading.h1b


def confirmed(*changes: dict[str, object]) -> pd.DataFrame:
    """Return table `visa_policies` of what was told of program 1400500911 of inst_1 (X Hospital, Boston, MA), a row for each change."""
    row = {
        "about": "1400500911", "program_code": "1400500911", "confirmed_on": pd.Timestamp("2026-02-03"), "how": "email",
        "j1": "yes", "h1b": "yes", "step3_required_for_h1b": "not_stated", "conditions": [], "routes": [],
        "snapshot_id": "confirmations/a",
    }  # fmt: skip
    told = to_frame(to_arrow(pd.DataFrame([row | change for change in changes]), "confirmations"))
    programs = pd.DataFrame(
        {"program_code": ["1400500911"], "specialty": ["Internal Medicine"], "institution_id": ["inst_1"], "city": ["Boston"],
         "state": ["MA"]}
    )  # fmt: skip
    institutions = pd.DataFrame(
        {"institution_id": ["inst_1"], "name": ["X Hospital"], "aliases": [[]], "city": ["Boston"], "state": ["MA"]}
    )
    return to_frame(to_arrow(policies_from_confirmations(told, programs, institutions), "visa_policies"))
