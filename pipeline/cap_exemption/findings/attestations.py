"""Findings on what employers state of themselves in prevailing wage requests: attested, never adjudicated."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.cap_exemption.findings.base import finding
from pipeline.cap_exemption.findings.lookup import Registers, lookup
from pipeline.schemas.vocabulary import PWD_DETERMINED

LEAST_SHARE: Final = 0.5  # of the cases that answer: forms are filled in by many hands, and one cross is soon misplaced
# column of the table -> signal and the column's name in the disclosure
_PRONGS: Final = {
    "higher_education": ("attested_higher_education", "ACWIA_INST_HIGHER_EDUCATION"),
    "affiliated_nonprofit": ("attested_affiliate", "ACWIA_AFFILIATED_NON_PROFIT"),
    "research_organization": ("attested_research", "ACWIA_RESEARCH_ORG"),
}
_COVERED: Final = "COVERED_BY_ACWIA"
_SOURCE: Final = "PWD_WAGE_SOURCE"


def attestations(names: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Find the ACWIA status that employers state on Form ETA-9141, where at least half of their answers agree.

    Only cases with a determination count, each once, as it ended. A question left open is no answer, unless the wage was taken
    from the survey of bodies under ACWIA: the years before FY2020 print no more.
    """
    rows = lookup(names, registers.records["prevailing_wage_determinations"])
    answered, yes = rows["answered"], rows["covered"]
    covered = (answered > 0) & (yes >= LEAST_SHARE * answered)
    cases = answered.astype("str") + " cases, " + rows["years"] + ": " + rows["name"]
    found: list[pd.DataFrame] = []
    named = pd.Series(False, index=rows.index)
    for column, (signal, field) in _PRONGS.items():
        stated = covered & (rows[column] > 0) & (rows[column] >= LEAST_SHARE * yes)
        value = "attested: Y in " + rows[column].astype("str") + " of " + cases
        found.append(finding(rows, stated, signal, field, value, "A"))
        named |= stated
    value = "attested: Y in " + yes.astype("str") + " of " + cases
    by_source = rows["by_source"] == yes
    found.append(finding(rows, covered & ~named & ~by_source, "attested_acwia", _COVERED, value, "B"))
    value = "OES (ACWIA) in " + yes.astype("str") + " of " + cases
    found.append(finding(rows, covered & ~named & by_source, "attested_acwia", _SOURCE, value, "B"))
    value = "attested: N in " + (answered - yes).astype("str") + " of " + cases
    found.append(finding(rows, (answered > 0) & ~covered, "attested_not_covered", _COVERED, value, "C"))
    return pd.concat(found)


def employers(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each employer of table `prevailing_wage_determinations`.

    Columns employer (its EIN, else name and state), name, state, city, ein, aliases, answered, covered, by_source (of these, by
    the wage's source alone) and the prongs (cases), years, snapshot_id. Cases without a determination are left out, and a case
    counts as it ended.
    """
    facts = _facts(_last_determinations(table))
    sums = dict.fromkeys(("answered", "covered", "by_source", *_PRONGS), "sum")
    summed = facts.groupby("employer").agg(
        {**sums, "ein": "first", "first": "min", "last": "max", "snapshot_id": "max"}
    )
    years = "FY" + summed["first"].astype("int64").astype("str")
    later = years + " to FY" + summed["last"].astype("int64").astype("str")
    summed["years"] = years.where(summed["first"] == summed["last"], later)
    for column in ("name", "state", "city"):
        summed[column] = _most_frequent(facts, column)
    columns = ("name", "trade_name", "filed_as")
    spelled = [facts[["employer", column]].set_axis(["employer", "name"], axis=1) for column in columns]
    spellings = pd.concat(spelled).explode("name").dropna().drop_duplicates().sort_values(["employer", "name"])
    summed["aliases"] = spellings.groupby("employer")["name"].agg(list)
    return summed.drop(columns=["first", "last"]).reset_index()


def with_applicants(table: pd.DataFrame, applications: pd.DataFrame) -> pd.DataFrame:
    """Return `prevailing_wage_determinations` with a column filed_as: the employers of the applications that rest on each case.

    applications: table trainee_applications, which names the case (PW_TRACKING_NUMBER). An employer asks for a wage under one name
    and files under another; only applications in its own state count, since a number may be mistyped. Lists, null where there is
    none.
    """
    named = applications.dropna(subset=["pw_case_number", "worksite_state"])
    places = [named["pw_case_number"], named["worksite_state"]]
    names = named.groupby(places)["employer"].agg(lambda employers: sorted(set(employers)))
    keys = pd.MultiIndex.from_frame(table[["case_number", "employer_state"]])
    return table.assign(filed_as=names.reindex(keys).to_numpy(dtype=object))


def _last_determinations(table: pd.DataFrame) -> pd.DataFrame:
    """Return the cases that were determined, each once: the row of its last determination."""
    cases = table[table["case_status"].isin(PWD_DETERMINED)]
    cases = cases.sort_values(["case_number", "determination_date", "snapshot_id"])
    return cases.drop_duplicates("case_number", keep="last")


def _facts(cases: pd.DataFrame) -> pd.DataFrame:
    """Return one row a case: its employer, what it answers (1 or 0), and its fiscal year as `first` and `last`."""
    placed = cases["employer_name"].str.upper() + ", " + cases["employer_state"].fillna("")
    number = cases["employer_fein"].where(cases["employer_fein"].notna(), placed.map(_numbers(cases, placed)))
    fiscal = (cases["determination_date"] + pd.DateOffset(months=3)).dt.year
    covered = cases["covered_by_acwia"].fillna(False).astype(bool)
    unanswered = cases["covered_by_acwia"].isna()
    by_source = unanswered & cases["wage_source"].str.contains("ACWIA", case=False).fillna(False).astype(bool)
    return pd.DataFrame(
        {
            "employer": number.where(number.notna(), placed),
            "ein": number,
            "name": cases["employer_name"],
            "trade_name": cases["trade_name_dba"],
            "filed_as": cases.get("filed_as"),
            "state": cases["employer_state"],
            "city": cases["employer_city"],
            "answered": (~unanswered | by_source).astype("int64"),
            "covered": (covered | by_source).astype("int64"),
            "by_source": by_source.astype("int64"),
            **{column: (covered & cases[column].fillna(False).astype(bool)).astype("int64") for column in _PRONGS},
            "first": fiscal,
            "last": fiscal,
            "snapshot_id": cases["snapshot_id"],
        }
    )


def _numbers(cases: pd.DataFrame, placed: pd.Series) -> pd.Series:
    """Return the EIN by name and state, where cases of that name state one and the same."""
    known = pd.DataFrame({"placed": placed, "ein": cases["employer_fein"]}).dropna().drop_duplicates()
    return known.drop_duplicates("placed", keep=False).set_index("placed")["ein"]


def _most_frequent(facts: pd.DataFrame, column: str) -> pd.Series:
    """Return the value that most cases of an employer have, by employer."""
    counts = facts.groupby(["employer", column]).size().reset_index(name="cases")
    ranked = counts.sort_values(["employer", "cases", column], ascending=[True, False, True])
    return ranked.drop_duplicates("employer").set_index("employer")[column]
