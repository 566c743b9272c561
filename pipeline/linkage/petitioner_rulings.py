"""What people have ruled on petitioners: two spellings under a tax id and state are one employer, or two. They have the last word.

A spelling is ruled on with all that have its normal form. Of two employers the first-named leaves the petitioner of the other, by itself:
the rest stays together, and what is to go with it needs a row of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.judgements import FOLDER
from pipeline.linkage.names.normalise import core_all
from pipeline.reference.load import read_folder
from pipeline.reference.rulings import PETITIONERS

_HOME: Final = ["tax_id_last4", "state"]
_VERDICT_WORDS: Final = {"one": "ruled one employer with", "two": "ruled another employer than"}


def petitioner_rulings(own: pd.DataFrame, folder: Path = FOLDER) -> pd.DataFrame:
    """Return the shipped rulings on petitioners and below them the operator's `own`, all text; of rows on the same two spellings the
    last. Further columns form and other_form, of the two spellings."""
    rows = pd.concat([read_folder(PETITIONERS, folder).drop(columns="line"), own], ignore_index=True)
    rows = rows.assign(form=_forms(rows["employer"]), other_form=_forms(rows["other_employer"]))
    pair = [" / ".join(sorted(forms)) for forms in zip(rows["form"], rows["other_form"], strict=True)]
    keyed = rows[["tax_id_last4", "employer_state"]].assign(pair=pair)
    return rows[~keyed.duplicated(keep="last")].rename(columns={"employer_state": "state"}).reset_index(drop=True)


def _forms(names: pd.Series) -> pd.Series:
    """Return the normal form of each name; the name where nothing is left of it, as in the spellings of petitioners."""
    forms = core_all(names)
    return forms.where(forms != "", names)


def with_rulings(spellings: pd.DataFrame, pairs: np.ndarray, rulings: pd.DataFrame) -> np.ndarray:
    """Return the pairs of rows of one petitioner as the rulings have it. spellings: columns tax_id_last4, state, form. rulings: of
    `petitioner_rulings`."""
    rows = spellings[[*_HOME, "form"]][spellings["form"].isin({*rulings["form"], *rulings["other_form"]})]
    met = _met(rulings, rows.rename_axis("row").reset_index())
    for _, leaving in met[met["verdict"] == "two"].groupby("ruling")["row"]:
        inside = np.isin(pairs, leaving)
        apart = inside.sum(axis=1) == 1
        rest = pairs[apart][~inside[apart]]
        pairs = np.concatenate([pairs[~apart], np.column_stack([rest[:-1], rest[1:]])])
    return np.concatenate([pairs, met.loc[met["verdict"] == "one", ["row", "row_other"]].to_numpy(dtype="int64")])


def unmet_rulings(petitions: pd.DataFrame, rulings: pd.DataFrame) -> pd.DataFrame:
    """Return the rulings that rule on nothing: one of the two spellings is not in the data at hand, or both are one name. petitions:
    columns employer, tax_id_last4, state."""
    near = petitions[petitions["tax_id_last4"].isin(rulings["tax_id_last4"])][["employer", *_HOME]].drop_duplicates()
    met = _met(rulings, near.assign(form=_forms(near["employer"]), row=np.arange(len(near))))
    return rulings[~rulings.index.isin(met["ruling"])]


def ruling_lines(form: str, tax_id_last4: str | None, state: str | None, rulings: pd.DataFrame) -> list[str]:
    """Return a line for each ruling on spellings with a normal form; a tax id or state of None means any."""
    rows = rulings[(rulings["form"] == form) | (rulings["other_form"] == form)]
    for column, wanted in (("tax_id_last4", tax_id_last4), ("state", state)):
        rows = rows if wanted is None else rows[rows[column] == wanted]
    return [
        f"  {_VERDICT_WORDS[row['verdict']]} {row['other_employer'] if row['form'] == form else row['employer']} "
        f"({row['tax_id_last4']}, {row['state']}) by a {row['judged_by']}, {row['date']}: {row['reason']}"
        for row in rows.to_dict("records")
    ]


def _met(rulings: pd.DataFrame, spellings: pd.DataFrame) -> pd.DataFrame:
    """Return columns ruling, verdict, row, row_other: the rows of the two spellings of each ruling that meets both. spellings: columns row,
    tax_id_last4, state, form."""
    known = rulings[rulings["form"] != rulings["other_form"]].rename_axis("ruling").reset_index()
    one = known.merge(spellings, on=[*_HOME, "form"])
    other = spellings.rename(columns={"form": "other_form", "row": "row_other"})[[*_HOME, "other_form", "row_other"]]
    return one.merge(other, on=[*_HOME, "other_form"])[["ruling", "verdict", "row", "row_other"]]
