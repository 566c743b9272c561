"""`h1b-sponsors review`: walk through the links that a person should decide, and append the decisions to the judgements."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import pyarrow.parquet as pq
import typer

from pipeline.commands.console import out, report_user_errors, say
from pipeline.linkage.judgements import JUDGEMENT_COLUMNS, merged
from pipeline.linkage.open_links import csv_line, judgement, review_rows, to_review
from pipeline.reference.load import ReferenceTableError, first_record
from pipeline.reference.rulings import read_own_rulings
from pipeline.release.reader import Release, ReleaseError
from pipeline.release.review import review_queue
from pipeline.schemas.frames import to_frame
from pipeline.settings import DataFolder, data_folder

_KEYS: Final = {"s": "same", "a": "affiliate", "d": "different", "u": "unsure"}


def review(
    limit: Annotated[int, typer.Option(help="How many links to show at most.", min=1)] = 20,
    state: Annotated[str | None, typer.Option(help="Only petitioners of this state.")] = None,
    judgements: Annotated[
        Path | None, typer.Option(help="File to append to; default judgements/judgements.csv of the data folder.")
    ] = None,
) -> None:
    """Show open links, most at stake first; s same, a affiliate, d different, u unsure, k skip, q quit.

    Without a release, those that the last refresh made before it ended are shown.
    """
    with report_user_errors():
        folder = data_folder()
        path = judgements or folder.judgements / "judgements.csv"
        linked = _linked(folder)
        if linked is None:
            out.print("nothing to review yet: no refresh has linked anything. Run: h1b-sponsors refresh")
            return
        ruled = [read_own_rulings(place).links for place in {folder.judgements, path.parent}]
        waiting = open_links(*linked, merged(pd.concat(ruled, ignore_index=True)))
        if state:
            waiting = waiting[waiting["state"] == state.upper()]
        if waiting.empty:
            out.print("nothing to review")
            return
        written = _walk(waiting.head(limit), path)
    when = "; they count from the next refresh on" if path.parent == folder.judgements else ""
    say(f"{written} judgements appended to {path}{when}")


def _linked(folder: DataFolder) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame] | None:
    """Return tables petitioner_links and institutions and what of the review queue concerns them, of the last release or, where
    there is none that can be read, of the last refresh; None without either. Raises ReleaseError."""
    names = ("petitioner_links", "institutions")
    try:
        release = Release.open(folder.latest)
        links, institutions, queue = (release.table(name) for name in (*names, "review_queue"))
    except ReleaseError:
        paths = [folder.work / f"{name}.parquet" for name in names]
        if not all(path.is_file() for path in paths):
            if folder.latest.exists():
                raise
            return None
        links, institutions = (to_frame(pq.read_table(path)) for path in paths)
        queue = review_queue([review_rows(links, institutions)])
    return links, institutions, queue


def _walk(waiting: pd.DataFrame, path: Path) -> int:
    """Show one link after the other and append what is ruled on each; returns how many rulings were appended."""
    written = 0
    for number, row in enumerate(waiting.to_dict("records"), start=1):
        _show(number, len(waiting), row)
        key = _ask()
        if key == "q":
            break
        if key == "k":
            continue
        reason = typer.prompt("why (a few words)").strip()
        source = typer.prompt("source (a page, a register, public knowledge: …)").strip()
        append(path, row, _KEYS[key], reason, source, dt.datetime.now(dt.UTC).date())
        written += 1
    return written


def open_links(
    links: pd.DataFrame, institutions: pd.DataFrame, queue: pd.DataFrame, judgements: pd.DataFrame
) -> pd.DataFrame:
    """Return the links that are `to_review` with their institution, in the order of the queue, without those judged since.

    Columns: those of `petitioner_links`, and rank, institution, sponsor_code, institution_city, institution_state.
    """
    pairs = (
        queue[queue["kind"] == "petitioner_link"].sort_values("rank").drop_duplicates(["subject_id", "candidate_id"])
    )
    rank = pairs[["subject_id", "candidate_id", "rank"]].rename(
        columns={"subject_id": "petitioner_id", "candidate_id": "institution_id"}
    )
    named = institutions[["institution_id", "name", "sponsor_code", "city", "state"]].rename(
        columns={"name": "institution", "city": "institution_city", "state": "institution_state"}
    )
    waiting = (
        links[to_review(links)].merge(rank, on=["petitioner_id", "institution_id"]).merge(named, on="institution_id")
    )
    judged = set(zip(judgements["employer"], judgements["employer_city"], judgements["institution"], strict=True))
    keys = zip(waiting["employer"], waiting["city"].fillna(""), waiting["institution"], strict=True)
    fresh = pd.Series([key not in judged for key in keys], index=waiting.index, dtype="bool")
    return waiting[fresh].sort_values(["rank", "employer", "city"], ignore_index=True)


def append(path: Path, row: dict[Any, Any], verdict: str, reason: str, source: str, today: dt.date) -> None:
    """Append one judgement to the file `path`, which is made if need be. Who judged is a role: no names of persons are kept.

    Raises ReferenceTableError where the file has other columns.
    """
    cells = {
        "employer": row["employer"],
        "tax_id_last4": row["tax_id_last4"],
        "employer_state": row["state"],
        "employer_city": row["city"],
        "sponsor_code": row["sponsor_code"],
        "institution": row["institution"],
        "institution_state": row["institution_state"],
    }
    ruled = {"verdict": verdict, "reason": reason, "source": source, "date": today.isoformat()}
    there = path.exists()
    if there and first_record(path) != JUDGEMENT_COLUMNS:
        raise ReferenceTableError(path, 1, f"the columns must be {','.join(JUDGEMENT_COLUMNS)}")
    ended = not there or path.read_bytes().endswith(b"\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="") as handle:
        if not ended:
            handle.write("\n")
        if not there:
            handle.write(csv_line(JUDGEMENT_COLUMNS) + "\n")
        handle.write(judgement(cells, ruled) + "\n")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _show(number: int, total: int, row: dict[Any, Any]) -> None:
    place = ", ".join(part for part in (_text(row["city"]), _text(row["state"])) if part)
    other = ", ".join(part for part in (_text(row["institution_city"]), _text(row["institution_state"])) if part)
    out.print(f"\n[bold]{number}/{total}[/bold]  {row['approvals']:,} approvals at stake, score {row['score']:.0f}")
    say(f"  petitioner   {row['employer']} ({place}; tax id …{_text(row['tax_id_last4']) or 'not known'})")
    say(f"  institution  {row['institution']} ({other})")
    for reason in row["reasons"]:
        say(f"    {reason}")


def _ask() -> str:
    while True:
        key = typer.prompt("[s]ame [a]ffiliate [d]ifferent [u]nsure s[k]ip [q]uit").strip().lower()[:1]
        if key in _KEYS or key in {"k", "q"}:
            return key
        out.print("one of s, a, d, u, k, q")
