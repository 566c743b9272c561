"""The whole evidence of one program and of one institution as values, from the tables of a release: what `explain` shows in words.

What belongs here: which rows belong to which program or institution. Where they are written is in `addresses`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

Row = dict[str, Any]
LIST: Final = "functional_h1b_sponsors"
READ: Final = (
    LIST, "institutions", "petitioner_links", "petitions", "petitioners", "cap_exemption", "visa_policies",
    "trainee_filings",
)  # fmt: skip
_AT_ONCE: Final = 500  # programs
_COUNTED: Final = ("initial_approvals", "initial_denials", "continuing_approvals", "continuing_denials")
_SITE: Final = (
    "employer",
    "tax_id_last4",
    "city",
    "state",
    "relation",
    "decision",
    "method",
    "score",
    "reasons",
    "approvals",
)
_FILED: Final = (
    "employer", "job_title", "level", "pgy", "specialty", "begin_date", "received_date", "payment_regime", "employment", "workers",
    "worksite_city", "worksite_state", "relation", "confidence", "snapshot_id",
)  # fmt: skip


def program_chains(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, Row]]:
    """Yield the code of each program and its evidence.

    `program`: its row of the list without the petitioners. `statements`: all that is stated for it and for its institution, the deciding
    one among them. The rest is its institution's.
    """
    stated = Statements(tables["visa_policies"])
    # Some at a time: a Python value for each cell of the whole list would take more memory than all tables beside it.
    for batch in tables[LIST].drop_columns(["petitioners"]).to_batches(_AT_ONCE):
        for row in batch.to_pylist():
            yield row["program_code"], {"program": row, "statements": stated.of(row)}


class Statements:
    """What is stated by the rows of table visa_policies for each program and institution."""

    def __init__(self, visa_policies: pa.Table) -> None:
        rows = visa_policies.to_pylist()
        self._of_program = _grouped((row for row in rows if row["program_code"]), "program_code")
        whole = (row for row in rows if not row["program_code"] and row["institution_id"])
        self._of_institution = _grouped(whole, "institution_id")

    def of(self, program: Row) -> list[Row]:
        """Return what is stated for a row of the list, then what is for its institution."""
        return [*self._of_program[program["program_code"]], *self._of_institution[program["institution_id"]]]


def institution_chains(tables: Mapping[str, pa.Table]) -> Iterator[Row]:
    """Yield the evidence of each institution.

    `institution`: its row. `programs`: codes. `petitioners`: each with the sites it was linked by and why, its petitions by fiscal year,
    and `cap_exemption` with evidence for and against; own ones first, most approvals first. `in_review`: sites that a person should see.
    `statements`: policies of the whole. `filings`: applications for trainees, the newest first.
    """
    links = tables["petitioner_links"]
    links = links.filter(pc.field("decision").isin(["accepted", "review"])).to_pylist()
    accepted = _grouped((row for row in links if row["decision"] == "accepted"), "institution_id")
    in_review = _grouped((row for row in links if row["decision"] == "review"), "institution_id")
    known = _Petitioners(tables, [row for row in links if row["decision"] == "accepted"])
    whole = tables["visa_policies"].filter(pc.field("program_code").is_null()).to_pylist()
    statements = _grouped(whole, "institution_id")
    filings = _grouped(
        tables["trainee_filings"].filter(pc.field("institution_id").is_valid()).to_pylist(), "institution_id"
    )
    programs = _grouped(tables[LIST].select(["institution_id", "program_code"]).to_pylist(), "institution_id")
    for row in tables["institutions"].to_pylist():
        own = row["institution_id"]
        yield {
            "institution": row,
            "programs": sorted(one["program_code"] for one in programs[own]),
            "petitioners": known.of(accepted[own]),
            "in_review": [_picked(one, ("petitioner_id", *_SITE)) for one in in_review[own]],
            "statements": statements[own],
            "filings": [_picked(one, _FILED) for one in sorted(filings[own], key=_newest_first)],
        }


class _Petitioners:
    """What is known of the petitioners that have an accepted link: looked up once for all institutions."""

    def __init__(self, tables: Mapping[str, pa.Table], accepted: list[Row]) -> None:
        ids = pa.array(sorted({row["petitioner_id"] for row in accepted}), pa.string())
        sites = pa.array(sorted({row["petitioner_site_id"] for row in accepted}), pa.string())
        of_ids = pc.field("petitioner_id").isin(ids)
        # Columns before rows: of the largest tables nothing else is copied.
        named = tables["petitioners"].select(["petitioner_id", "name", "tax_id_last4", "state"]).filter(of_ids)
        self._names = {row["petitioner_id"]: row for row in named.to_pylist()}
        self._judged = {row["petitioner_id"]: row for row in tables["cap_exemption"].filter(of_ids).to_pylist()}
        by = ["petitioner_site_id", "fiscal_year", "coverage"]
        years = tables["petitions"].select([*by, *_COUNTED]).filter(pc.field("petitioner_site_id").isin(sites))
        summed = years.group_by(by).aggregate([(column, "sum") for column in _COUNTED])
        self._years = _grouped(summed.sort_by("fiscal_year").to_pylist(), "petitioner_site_id")

    def of(self, links: list[Row]) -> list[Row]:
        """Return the petitioners of one institution's accepted links, its own before affiliates, most approvals first."""
        found = []
        for petitioner_id, linked in _grouped(links, "petitioner_id").items():
            sites = sorted(linked, key=lambda row: (-row["approvals"], row["employer"], row["city"] or ""))
            own = any(site["relation"] == "same" for site in sites)
            found.append(
                {
                    **self._names[petitioner_id],
                    "relation": "same" if own else "affiliate",
                    "sites": [_picked(site, _SITE) for site in sites],
                    "petitions": self._by_year(sites),
                    "cap_exemption": self._judged.get(petitioner_id),
                }
            )
        approvals = {one["petitioner_id"]: sum(site["approvals"] for site in one["sites"]) for one in found}
        return sorted(
            found, key=lambda one: (one["relation"] != "same", -approvals[one["petitioner_id"]], one["petitioner_id"])
        )

    def _by_year(self, sites: list[Row]) -> list[Row]:
        counts: dict[tuple[int, str], Row] = {}
        for site in sites:
            for row in self._years[site["petitioner_site_id"]]:
                key = (row["fiscal_year"], row["coverage"])
                year = counts.setdefault(key, {"fiscal_year": key[0], "coverage": key[1], **dict.fromkeys(_COUNTED, 0)})
                for column in _COUNTED:
                    year[column] += row[f"{column}_sum"]
        return [counts[key] for key in sorted(counts)]


def _grouped(rows: Iterable[Row], column: str) -> defaultdict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _picked(row: Row, columns: tuple[str, ...]) -> Row:
    return {column: row[column] for column in columns}


def _newest_first(row: Row) -> tuple[int, str]:
    day = row["begin_date"]
    return (-day.toordinal() if day else 0, row["filing_id"])
