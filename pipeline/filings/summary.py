"""What applications for trainees add up to: for each program, and for each institution, specialty and level.

What belongs here: counting. Which applications are for trainees is in `table.py`; those of low confidence are not counted.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import pandas as pd

from pipeline.law.regimes import BEFORE_PAYMENT, DEMANDED, NOT_KNOWN, SUSPENDED
from pipeline.linkage.places import metro_area
from pipeline.schemas.recent_periods import recent_since
from pipeline.specialties.recognise import specialty_group, trains
from pipeline.specialties.relations import listed_group

REGIMES: Final = (BEFORE_PAYMENT, DEMANDED, SUSPENDED, NOT_KNOWN)
COLUMNS: Final = (
    "institution", "institution_id", "city", "state", "metro_area", "files_for", "specialty", "level", "filings", "recent",
    *REGIMES, "newest_start", "employers", "titles",
)  # fmt: skip
_KEYS: Final = COLUMNS[:8]
_MOST_NAMES: Final = 3
_DAYS_A_YEAR: Final = 365.25
# Where no day of receipt is known: residents start in July, and their applications come in from January on (a judgement).
_AHEAD: Final = pd.Timedelta(days=120)
_COUNTED_CONFIDENCE: Final = ("high", "medium")
_SUFFIXES: Final = {"filings": "", "recent": "_recent"}
# Of any specialty, for the reasons of a tier: those received under each regime, and of these the ones for new employment.
_OF_REGIME: Final = (*REGIMES, f"{DEMANDED}_new", f"{SUSPENDED}_new")


def filings_by_institution(filings: pd.DataFrame, institutions: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Count applications for each institution, specialty (null: the title names none) and level, most recent filings first.

    filings, institutions: tables `trainee_filings` and `institutions`. Returns COLUMNS. Where the employer is linked to no
    institution, `institution` is the employer's name, institution_id is null, and state and area are the worksite's (its city
    is left out). files_for: institutions of the list for which such an employer files, 0 where none is known, null where it
    is linked to one. recent: begin on a day that is recent on `as_of`, or later; REGIMES: received under that regime of the payment.
    employers, titles: lists, at most three, the commonest first.
    """
    places = institutions[["institution_id", "name", "city", "state", "metro_area"]]
    rows = _counted(filings, as_of).merge(places, on="institution_id", how="left")
    linked = rows["name"].notna()
    at_site = metro_area(rows["worksite_city"], rows["worksite_state"])
    rows = rows.assign(
        files_for=rows["possible_institution_ids"].map(len).astype("Int64").mask(linked),
        institution=rows["name"].where(linked, rows["employer"]),
        state=rows["state"].where(linked, rows["worksite_state"]),
        metro_area=rows["metro_area"].where(linked, at_site),
    )
    groups = rows.groupby(list(_KEYS), dropna=False, sort=True, as_index=False)
    summed = groups.agg(
        filings=("filings", "sum"),
        recent=("recent", "sum"),
        **{regime: (regime, "sum") for regime in REGIMES},
        newest_start=("begin_date", "max"),
        employers=("employer", _commonest),
        titles=("job_title", _commonest),
    )
    whole = summed.groupby(["institution", "state"], dropna=False)["recent"].transform("sum")
    order = summed.assign(whole=whole).sort_values(
        ["whole", "institution", "recent", "specialty", "level"],
        ascending=[False, True, False, True, True],
        kind="stable",
    )
    return order[list(COLUMNS)].reset_index(drop=True)


def filings_by_program(filings: pd.DataFrame, programs: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Count applications for trainees of the institution that runs each program.

    filings: table `trainee_filings`. programs: program_code, institution_id, state, specialty (ACGME name or null),
    specialty_code. Where an institution has programs in several states, what an affiliate files for a worksite in one of them counts for
    the programs there alone. Returns one row for each program, in the order given: program_code, then for `same` and `any`
    specialty trainee_filings_{…}_specialty, …_recent (begin on a day that is recent on `as_of`, or later) and …_peak (see
    `_peaks`), latest_trainee_filing and latest_trainee_filing_same_specialty, trainee_filings_by_regime (records of FILINGS_BY_REGIME), and
    trainee_filings_{…} for each of _OF_REGIME. Fellows count for no program that trains residents alone.
    """
    counted = _counted(filings, as_of)
    wanted = programs[["program_code", "institution_id", "state"]].reset_index(drop=True)
    counted = _in_reach(counted.dropna(subset=["institution_id"]), wanted)
    counted = counted.assign(group=specialty_group(counted["specialty"]))
    named = counted[counted["group"].notna()]
    listed = programs[["specialty", "specialty_code"]].reset_index(drop=True).astype("str")
    wanted["group"] = listed_group(listed["specialty"], listed["specialty_code"])
    residents_only = (trains(wanted["group"]) == "residents").fillna(False)
    not_fellows = named[named["level"] != "fellow"]
    wanted["unit"] = _unit(wanted)
    any_specialty = _joined(wanted, counted, "unit")
    with_fellows = _joined(wanted, named, "unit", "group")
    residents = _joined(wanted, not_fellows, "unit", "group")
    same = with_fellows.where(~residents_only, residents)
    counts = {"program_code": wanted["program_code"]}
    for kind, found in (("same", same), ("any", any_specialty)):
        for column, suffix in _SUFFIXES.items():
            counts[f"trainee_filings_{kind}_specialty{suffix}"] = found[column].fillna(0).astype("int64")
    peaks = _peaks(wanted, named, "unit", "group").where(~residents_only, _peaks(wanted, not_fellows, "unit", "group"))
    counts["trainee_filings_same_specialty_peak"] = peaks
    counts["trainee_filings_any_specialty_peak"] = _peaks(wanted, counted, "unit")
    for column in _OF_REGIME:
        counts[f"trainee_filings_{column}"] = any_specialty[column].fillna(0).astype("int64")
    counts["trainee_filings_by_regime"] = _by_regime(wanted, residents_only, counted, named, not_fellows)
    counts["latest_trainee_filing"] = any_specialty["latest"]
    counts["latest_trainee_filing_same_specialty"] = same["latest"]
    return pd.DataFrame(counts)


def _counted(filings: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return the applications that count, with 1 or 0 for each kind of count."""
    used = filings[filings["confidence"].isin(_COUNTED_CONFIDENCE)]
    of_regime = {regime: (used["payment_regime"] == regime).astype("int64") for regime in REGIMES}
    new = (used["employment"] == "new").astype("int64")
    since = recent_since(pd.Timestamp(as_of))
    older = ((since - used["begin_date"]).dt.days / _DAYS_A_YEAR).clip(lower=0)
    received = pd.to_datetime(used["received_date"]).fillna(used["begin_date"] - _AHEAD)
    return used.assign(
        filings=1,
        recent=(used["begin_date"] >= since).astype("int64"),
        faded=0.5 ** older.fillna(1),
        half_year=((received.dt.year * 12 + received.dt.month + 2) // 6).fillna(0).astype("int64"),
        **of_regime,
        **{f"{regime}_new": of_regime[regime] * new for regime in (DEMANDED, SUSPENDED)},
    )


def _in_reach(counted: pd.DataFrame, programs: pd.DataFrame) -> pd.DataFrame:
    """Return applications once for each state in which their institution has programs that they count for, with that `unit`."""
    units = programs[["institution_id", "state"]].drop_duplicates().assign(unit=_unit)
    reached = counted.merge(units, on="institution_id")
    of_site = reached[["institution_id", "worksite_state"]].merge(
        units, left_on=["institution_id", "worksite_state"], right_on=["institution_id", "state"], how="left"
    )
    elsewhere = reached["worksite_state"].notna() & of_site["unit"].notna() & (of_site["unit"] != reached["unit"])
    return reached[~(elsewhere & (reached["relation"] == "affiliate"))].reset_index(drop=True)


def _unit(programs: pd.DataFrame) -> pd.Series:
    """Return the institution with the state of each program: what its applications are counted for."""
    return programs["institution_id"].astype("str") + " " + programs["state"].astype("str").fillna("")


def _by_regime(
    wanted: pd.DataFrame,
    residents_only: pd.Series,
    counted: pd.DataFrame,
    named: pd.DataFrame,
    not_fellows: pd.DataFrame,
) -> pd.Series:
    """Return records of FILINGS_BY_REGIME for each row of `wanted`, by regime and kind of employment; [] where none filed."""
    of_any = _counts_by_regime(counted, ["unit"])
    of_group = _counts_by_regime(named, ["unit", "group"])
    of_residents = _counts_by_regime(not_fellows, ["unit", "group"])
    listed: list[list[dict[str, object]]] = []
    for unit, group, alone in zip(wanted["unit"], wanted["group"], residents_only, strict=True):
        same = (of_residents if alone else of_group).get((unit, group), {})
        listed.append(
            [
                {
                    "payment_regime": REGIMES[place],
                    "employment": employment or None,
                    "same_specialty": same.get((place, employment), 0),
                    "any_specialty": count,
                }
                for (place, employment), count in sorted(of_any.get((unit,), {}).items())
            ]
        )
    return pd.Series(listed, index=wanted.index, dtype="object")


def _counts_by_regime(rows: pd.DataFrame, keys: list[str]) -> dict[tuple[str, ...], dict[tuple[int, str], int]]:
    """Count rows by `keys`, then by place of the regime in REGIMES and kind of employment ("": not stated)."""
    counts: dict[tuple[str, ...], dict[tuple[int, str], int]] = {}
    cells = [rows[key] for key in keys]
    for *key, regime, employment in zip(*cells, rows["payment_regime"], rows["employment"].fillna(""), strict=True):
        of_key = counts.setdefault(tuple(key), {})
        kind = (REGIMES.index(regime), employment)
        of_key[kind] = of_key.get(kind, 0) + 1
    return counts


def _joined(wanted: pd.DataFrame, counted: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Return `wanted` with the sums of `counted` under the same keys, null where there is none."""
    groups = counted.groupby(list(keys))
    summed = groups[[*_SUFFIXES, *_OF_REGIME]].sum().assign(latest=groups["begin_date"].max())
    return wanted.merge(summed.reset_index(), on=list(keys), how="left")


def _peaks(wanted: pd.DataFrame, counted: pd.DataFrame, *keys: str) -> pd.Series:
    """Return the most applications under the same keys in one half of a federal fiscal year (from October, from April); 0: none.

    One that begins before what is recent counts half for each further year. So more years of disclosure files at hand don't
    add up to more, and files of a single quarter compare with those of several.
    """
    halves = counted.groupby([*keys, "half_year"], as_index=False)["faded"].sum()
    peaks = halves.groupby(list(keys), as_index=False)["faded"].max()
    return wanted.merge(peaks, on=list(keys), how="left")["faded"].fillna(0).round(3)


def _commonest(texts: pd.Series) -> list[str]:
    counts = texts.value_counts().rename_axis("text").reset_index(name="n")
    return counts.sort_values(["n", "text"], ascending=[False, True])["text"].head(_MOST_NAMES).tolist()
