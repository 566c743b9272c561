"""Confirmations as rows of table `visa_policies`: what an office confirmed to a person, of a program or of a whole institution.

What belongs here: the columns of the table. How confirmations.csv is read is in `pipeline/sources/confirmations.py`.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from pipeline.linkage.links.page_institutions import named_institutions
from pipeline.linkage.links.pages import link_pages
from pipeline.policies.decision import policy_of
from pipeline.policies.table import terms_columns
from pipeline.policies.terms import Terms, routes_of, terms_of_text
from pipeline.schemas.frames import empty_frame
from pipeline.schemas.ids import stable_id
from pipeline.schemas.vocabulary import ROUTE

_HOW: Final = {
    "email": "Told by e-mail",
    "phone": "Told by phone",
    "open_house": "Told at an open house",
    "letter": "Told by letter",
    "other": "Told",
}
_UNNAMED: Final = "case_by_case"  # stands where no better condition is named


def policies_from_confirmations(
    confirmations: pd.DataFrame, programs: pd.DataFrame, institutions: pd.DataFrame
) -> pd.DataFrame:
    """Return the table `visa_policies` of confirmations, one row each.

    confirmations: table confirmations. programs: program_code, specialty, institution_id, city, state. institutions: table
    institutions. A confirmation of a program or an institution that is not in the list has no institution.
    """
    if confirmations.empty:
        return empty_frame("visa_policies")
    known = confirmations.assign(institution_id=_institutions_of(confirmations, programs, institutions))
    words = [policy_of(j1, h1b) for j1, h1b in zip(known["j1"], known["h1b"], strict=True)]
    plain = known.astype(object).where(known.notna(), None).to_dict("records")
    terms = [_terms({str(name): cell for name, cell in row.items()}) for row in plain]
    day = known["confirmed_on"].dt.strftime("%Y-%m-%d")
    empty = [[] for _ in words]
    return pd.DataFrame(
        {
            "policy_id": [
                stable_id("policy", about, on, "confirmed") for about, on in zip(known["about"], day, strict=True)
            ],
            "program_code": known["program_code"],
            "institution_id": known["institution_id"],
            "institution_as_named": known["institution"],
            "program_as_named": None,
            "department": None,
            "scope": pd.Series("program", index=known.index).mask(known["program_code"].isna(), "institution"),
            "j1": known["j1"],
            "h1b": known["h1b"],
            "policy": words,
            "step3_required_for_h1b": known["step3_required_for_h1b"],
            **{name: [row[name] for row in terms] for name in terms_columns(None, Terms())},
            "evidence_quote": known["how"].map(_HOW) + ": " + _answers(known),
            "evidence_kind": "confirmed",
            "evidence_locator": known["about"].mask(known["program_code"].notna(), "program " + known["about"])
            + ", "
            + day,
            "counter_evidence": empty,
            "readings": empty,
            "url": None,
            "page_date": known["confirmed_on"],
            "retrieved_on": known["confirmed_on"],
            "rules": [["confirmation"] for _ in words],
            "confidence": "high",
            "needs_confirmation": [word in ("contact", "not_stated") for word in words],
            "snapshot_id": known["snapshot_id"],
        }
    )


def _institutions_of(confirmations: pd.DataFrame, programs: pd.DataFrame, institutions: pd.DataFrame) -> pd.Series:
    """Return the institution of each confirmation: of its program, by its id, or by name and state; null where none is beyond doubt.

    The name as the list prints it decides where one institution of the state has it; another is found like that of a saved page.
    """
    by_code = confirmations["program_code"].map(programs.set_index("program_code")["institution_id"])
    by_id = confirmations["institution"].where(confirmations["institution"].isin(institutions["institution_id"]))
    printed = institutions.assign(key=_name_and_state(institutions["name"], institutions["state"]))
    printed = printed.drop_duplicates("key", keep=False).set_index("key")["institution_id"]
    by_name = _name_and_state(confirmations["institution"], confirmations["state"]).map(printed).astype("str")
    named = confirmations["state"].notna() & by_name.isna()
    pages = confirmations[named].assign(program_code=None, program=None, specialty=None, city=None)
    known = named_institutions(institutions, programs) if len(pages) else []
    linked = link_pages(pages, known)["institution_id"].set_axis(pages.index)
    return by_code.astype("str").fillna(by_id).fillna(by_name).fillna(linked.reindex(confirmations.index))


def _name_and_state(names: pd.Series, states: pd.Series) -> pd.Series:
    plain = names.astype("str").str.casefold().str.replace(r"\s+", " ", regex=True).str.strip()
    return plain + ", " + states.astype("str")


def _answers(known: pd.DataFrame) -> pd.Series:
    """Return the note of each confirmation, else its stances in words."""
    return known["note"].fillna("J-1 " + known["j1"] + ", H-1B " + known["h1b"])


def _terms(row: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of what is stated beside the stances: what the file says of it, and what the note adds in words."""
    noted = terms_of_text(row["note"] or "", row["h1b"])
    named = {*row["conditions"], *noted.conditions}
    conditions = tuple(name for name in sorted(named) if name != _UNNAMED or named == {_UNNAMED})
    routes = [*row["routes"]] or routes_of(conditions)
    return terms_columns(None, Terms(conditions, noted.paused_until)) | {
        "routes": [route for route in ROUTE if route in routes],
        **{name: row[name] for name in ("step3_deadline", "step3_due", "step3_due_on")},
    }
