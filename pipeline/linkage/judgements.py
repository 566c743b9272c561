"""What people have ruled: aliases and judgements, CSV files under version control. They always win."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.linkage.names.normalise import canonical, core
from pipeline.reference.folder import REFERENCE
from pipeline.schemas.vocabulary import STATES

FOLDER: Final = REFERENCE / "links"
ALIAS_COLUMNS: Final = (
    "sponsor_code", "institution", "institution_state", "alias", "alias_state", "tax_id_last4", "relation", "reason",
    "source", "date",
)  # fmt: skip
JUDGEMENT_COLUMNS: Final = (
    "employer", "tax_id_last4", "employer_state", "employer_city", "sponsor_code", "institution", "institution_state",
    "verdict", "reason", "source", "date", "judged_by",
)  # fmt: skip
VERDICTS: Final = ("same", "affiliate", "different", "unsure")


class CuratedError(ValueError):
    """A line of a curated file that can't be used: file, line, and what is wrong with it."""


def read_aliases(folder: Path = FOLDER) -> pd.DataFrame:
    """Rows of `aliases*.csv` of a folder, all text, "" for blank.

    Raises CuratedError, naming file and line, for a wrong header, relation or state, or a required cell left blank.
    """
    return _read_all(folder, "aliases*.csv", ALIAS_COLUMNS, _check_alias)


def read_judgements(folder: Path = FOLDER) -> pd.DataFrame:
    """Rows of `judgements*.csv` of a folder, all text, "" for blank.

    Raises CuratedError, naming file and line, for a wrong header, verdict or state, or a required cell left blank.
    """
    return _read_all(folder, "judgements*.csv", JUDGEMENT_COLUMNS, _check_judgement)


def _check_alias(path: Path, frame: pd.DataFrame) -> None:
    _check(path, frame, "relation", ("same", "affiliate"))
    _check(path, frame, "alias_state", ("", *STATES))
    _required(path, frame, ("institution", "alias", "reason", "source", "date"))


def _check_judgement(path: Path, frame: pd.DataFrame) -> None:
    _check(path, frame, "verdict", VERDICTS)
    _check(path, frame, "employer_state", ("", *STATES))
    _required(path, frame, ("employer", "institution", "reason", "source", "date", "judged_by"))


def _read_all(
    folder: Path, pattern: str, columns: tuple[str, ...], check: Callable[[Path, pd.DataFrame], None]
) -> pd.DataFrame:
    frames = [pd.DataFrame({name: pd.Series(dtype="str") for name in columns})]
    for path in sorted(folder.glob(pattern)):
        frame = _read(path, columns)
        check(path, frame)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    if tuple(frame.columns) != columns:
        raise CuratedError(f"{path.name}, line 1: columns must be {','.join(columns)}")
    return pd.DataFrame({name: frame[name].str.strip() for name in columns})


def _check(path: Path, frame: pd.DataFrame, column: str, allowed: tuple[str, ...]) -> None:
    wrong = frame.index[~frame[column].isin(allowed)]
    if len(wrong):
        raise CuratedError(f"{path.name}, line {wrong[0] + 2}: {column} {frame[column][wrong[0]]!r} is not known")


def _required(path: Path, frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    for column in columns:
        blank = frame.index[frame[column] == ""]
        if len(blank):
            raise CuratedError(f"{path.name}, line {blank[0] + 2}: {column} is blank")


def locate(curated: pd.DataFrame, institutions: pd.DataFrame) -> pd.Series:
    """institution_id of each curated row, null where the list has no such institution: by sponsor code, else by name or
    alias and state."""
    codes = institutions.dropna(subset=["sponsor_code"]).set_index("sponsor_code")["institution_id"]
    found = curated["sponsor_code"].map(codes)
    names = institutions[["institution_id", "state", "name", "aliases"]]
    by_name = names.drop(columns="aliases").assign(rank=0)
    by_alias = names.drop(columns="name").explode("aliases").rename(columns={"aliases": "name"}).assign(rank=1)
    table = pd.concat([by_name, by_alias], ignore_index=True).dropna(subset=["name"])
    table["form"] = [core(canonical(str(name))) for name in table["name"]]
    table = table.sort_values(["rank", "institution_id"]).drop_duplicates(["form", "state", "institution_id"])
    best = table.groupby(["form", "state"])["rank"].transform("min")
    table = table[table["rank"] == best]
    single = table[~table.duplicated(["form", "state"], keep=False)].set_index(["form", "state"])["institution_id"]
    forms = [core(canonical(name)) for name in curated["institution"]]
    keys = pd.MultiIndex.from_arrays([forms, curated["institution_state"]])
    named = pd.Series(single.reindex(keys).to_numpy(), index=curated.index, dtype="str")
    return found.fillna(named).astype("str")
