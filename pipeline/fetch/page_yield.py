"""What the fetch of pages yields of each institution: pages requested and found, and what they state, as far as the last release knows.

What belongs here: counting. Pages are read for what they state when a release is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.atomic_files import replace_file
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.site_plans import SitePlan

YIELD_FILE: Final = "page_yield.json"
COLUMNS: Final = ("institution_id", "name", "state", "asked_on", "asked", "found", "stated", "not_stated")
COUNTS: Final = ("asked", "found", "stated", "not_stated")
_ASKED: Final = ("new", "unchanged", "not_kept", "failed")
_FOUND: Final = ("new", "unchanged")
_SILENT: Final = "not_stated"


@dataclass(frozen=True)
class InstitutionPages:
    """The pages of an institution's sites in one run. asked: requested; found: in the archive; asked_on: day of the run.

    A page of a site that several institutions share counts for each of them.
    """

    institution_id: str
    asked: int
    found: int
    asked_on: str


def pages_by_institution(
    plans: Iterable[SitePlan], pages: Sequence[PageOutcome], day: str
) -> tuple[InstitutionPages, ...]:
    """Return the pages of each institution that the sites of `plans` are known to be of, by its id."""
    counts: dict[str, tuple[int, int]] = {}
    by_site: dict[str, list[str]] = {}
    for page in pages:
        by_site.setdefault(page.site, []).append(page.outcome)
    for plan in plans:
        outcomes = by_site.get(plan.site.name)
        if outcomes is None:
            continue  # the run ended before its turn
        asked, found = (sum(one in words for one in outcomes) for words in (_ASKED, _FOUND))
        for identity in {seed.institution_id for seed in plan.entry_points} - {""}:
            before = counts.get(identity, (0, 0))
            counts[identity] = (before[0] + asked, before[1] + found)
    return tuple(InstitutionPages(identity, *counts[identity], day) for identity in sorted(counts))


def keep_yield(folder: Path, institutions: Iterable[InstitutionPages]) -> None:
    """Write what a run yielded over what is known of earlier ones: a run may ask some of the institutions only."""
    kept = {
        **{one.institution_id: one for one in kept_yield(folder)},
        **{one.institution_id: one for one in institutions},
    }
    text = json.dumps([asdict(kept[identity]) for identity in sorted(kept)], indent=0) + "\n"
    replace_file(folder / YIELD_FILE, text)


def kept_yield(folder: Path) -> tuple[InstitutionPages, ...]:
    """Return what is known of the runs up to now; nothing where there was none, or their file can't be read."""
    try:
        return tuple(InstitutionPages(**row) for row in json.loads((folder / YIELD_FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return ()


def yield_table(institutions: pd.DataFrame, policies: pd.DataFrame, kept: Iterable[InstitutionPages]) -> pd.DataFrame:
    """Return a row for each institution of a release, in COLUMNS, those first of which least is known.

    institutions, policies: tables institutions and visa_policies. asked, found: as at the last run, 0 where none was requested. stated:
    policies that are stated, whatever tells of them; not_stated: pages that were read and state none.
    """
    silent = policies["policy"] == _SILENT
    pages = silent & (policies["evidence_kind"] == "page")
    rows = institutions[["institution_id", "name", "state"]].copy()
    asked = pd.DataFrame([asdict(one) for one in kept], columns=["institution_id", "asked", "found", "asked_on"])
    rows = rows.merge(asked, on="institution_id", how="left")
    for column, chosen in (("stated", ~silent), ("not_stated", pages)):
        counts = policies.loc[chosen, "institution_id"].value_counts()
        rows[column] = rows["institution_id"].map(counts)
    numbers = list(COUNTS)
    rows[numbers] = rows[numbers].apply(pd.to_numeric).fillna(0).astype("int64")
    known = (rows["stated"] > 0).astype("int64") * 2 + (rows["not_stated"] > 0).astype("int64")
    ordered = rows.assign(_known=known).sort_values(["_known", "found", "name"], kind="stable")
    return ordered[list(COLUMNS)].reset_index(drop=True)


def yield_in_words(rows: pd.DataFrame) -> str:
    """Return in a line how many institutions of `yield_table` were asked, have a page, state a policy, or have pages that state none."""
    total = len(rows)
    stated, silent = rows["stated"] > 0, (rows["stated"] == 0) & (rows["not_stated"] > 0)
    known = int((stated | silent).sum())
    asked, found = int((rows["asked"] > 0).sum()), int((rows["found"] > 0).sum())
    return (
        f"pages: of {total:,} institutions {asked:,} were asked and {found:,} have a page; {int(stated.sum()):,} state a policy and "
        f"{int(silent.sum()):,} have pages that state none: {known / max(total, 1):.0%} known, 90 % is the goal"
    )
