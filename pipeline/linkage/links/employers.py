"""Which petitioner, and which institution, the employer of a labor condition application is.

An employer is known by its name and state; where several institutions bear a name its trade name or the worksite decides, else
it is left open. Public files have the employer's state and EIN in some layouts only.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.judgements import locate
from pipeline.linkage.links.trade_names import agrees_with_trade_name
from pipeline.linkage.model import EMPLOYER_SHARE
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical, core, core_all, quick_forms, state_words
from pipeline.linkage.names.printed import is_cut, is_prefix, split_names
from pipeline.linkage.names.words import is_common, rare_tokens
from pipeline.linkage.places import canonical_city, metro_area
from pipeline.linkage.sponsor_names import take_apart
from pipeline.linkage.systems import NO_SYSTEMS
from pipeline.schemas.frames import among, list_items

COLUMNS: Final = [
    "employer_name", "trade_name_dba", "employer_state", "worksite_state", "worksite_city", "petitioner_id",
    "institution_id", "relation",
]  # fmt: skip
# What is read of table petitioners.
READ: Final = ["petitioner_id", "state", "tax_id_last4", "initial_approvals", "continuing_approvals", "spellings"]
_FILED: Final = COLUMNS[:5]
_HERE, _NEARBY, _ELSEWHERE = 2, 1, 0
_CANDIDATE: Final = ["form", "state", "last4", "city", "institution_id", "relation", "petitioner_id"]
# What a cell for trade names may begin with.
_MARKER: Final = r"(?i)^\s*(?:d\s?/?\s?b\s?/?\s?a|a/?k/?a|f/?k/?a|formerly(?: known as)?|doing business as)\b[\s:,.]*"


def link_employers(
    lca: pd.DataFrame,
    links: pd.DataFrame,
    petitioners: pd.DataFrame,
    institutions: pd.DataFrame,
    aliases: pd.DataFrame,
    systems: pd.DataFrame = NO_SYSTEMS,
) -> pd.DataFrame:
    """Return table `employer_links`: the distinct employers of applications that are a petitioner or an institution.

    lca: table lca_filings. links: table petitioner_links, of which the accepted count. petitioners, institutions: the
    tables of these names, of the first the columns READ. aliases, systems: as `read_aliases` and `system_names`
    yield them. A row for each employer as filed and institution it may be; an employer that is a petitioner without an
    institution has one row with a null institution.
    """
    employers = _employers(lca)
    names = _employer_names(employers)
    offered = _offered(links, _institution_names(institutions, aliases), systems)
    spelled = _spellings(petitioners, quick_forms(employers["employer_name"]))
    found = _found(names, offered, set(zip(spelled["plain"], spelled["state"], strict=True)))
    linked = _placed(found, employers, institutions, _rivals(links, spelled))
    linked = linked.merge(_petitioner_of(employers, spelled), on="employer", how="outer")
    own = linked["petitioner_id"].where(linked["petitioner_id"].notna(), linked["signing"])
    linked = linked.assign(petitioner_id=own).dropna(subset=["institution_id", "petitioner_id"], how="all")
    table = employers.merge(linked, on="employer")[COLUMNS].drop_duplicates()
    return table.sort_values(COLUMNS, ignore_index=True).astype(dict.fromkeys(COLUMNS, "str"))


def _employers(lca: pd.DataFrame) -> pd.DataFrame:
    """Return the distinct employers as filed, with columns employer (number), state, stated (the state is the employer's), last4."""
    ein = lca["employer_fein"] if "employer_fein" in lca else pd.Series(None, index=lca.index, dtype="str")
    digits = ein.astype("str").str.replace(r"\D", "", regex=True)
    rows = lca.reindex(columns=_FILED).astype("str").assign(last4=digits.str[-4:].where(digits.str.len() == 9))
    rows = rows[rows["employer_name"].notna()].drop_duplicates()
    rows = rows.sort_values([*_FILED, "last4"], ignore_index=True)
    stated = rows["employer_state"].notna()
    return rows.assign(
        employer=np.arange(len(rows)),
        stated=stated,
        state=rows["employer_state"].where(stated, rows["worksite_state"]),
        place=canonical_city(rows["worksite_city"].astype("str")),
        metro=metro_area(rows["worksite_city"].astype("str"), rows["worksite_state"].astype("str")),
    )


def _employer_names(employers: pd.DataFrame) -> pd.DataFrame:
    """Return columns employer, form, printed, trade, state, stated, last4: legal and trade names of each employer."""
    legal = _split(employers["employer_name"])
    trade = _split(employers["trade_name_dba"].astype("str").str.replace(_MARKER, "", regex=True)).assign(trade=True)
    both = pd.concat([legal, trade]).drop_duplicates(["row", "form"])
    about = employers[["employer", "state", "stated", "last4"]]
    return both.merge(about, left_on="row", right_index=True).drop(columns="row").reset_index(drop=True)


def _split(names: pd.Series) -> pd.DataFrame:
    """Return columns row (index of `names`), printed, trade (or former), form: the names in each printed name, no owner's."""
    distinct = names.dropna().drop_duplicates()
    parts = [
        (name, part.text, part.role != "legal")
        for name in distinct
        for part in split_names(name)
        if part.role != "parent"
    ]
    table = pd.DataFrame(parts, columns=["name", "printed", "trade"]).astype({"name": "str", "printed": "str"})
    table["form"] = core_all(table["printed"])
    table = _where(table, [_is_name(form) for form in table["form"]])
    printed = pd.DataFrame({"row": names.index, "name": names})
    return printed.merge(table, on="name")[["row", "printed", "trade", "form"]]


def _is_name(form: str) -> bool:
    return len(form) >= 3 and form not in state_words() and form not in ("NOT APPLICABLE", "NONE", "NA")


def _offered(links: pd.DataFrame, own: pd.DataFrame, systems: pd.DataFrame) -> pd.DataFrame:
    """Return columns _CANDIDATE, printed, tier, needs_place: names of petitioners with accepted links, then of institutions."""
    accepted = links[links["decision"] == "accepted"]
    spellings = pd.DataFrame(
        {
            "form": core_all(accepted["employer"]),
            "printed": accepted["employer"],
            "state": accepted["state"],
            "last4": accepted["tax_id_last4"],
            "city": canonical_city(accepted["city"].astype("str")),
            **{name: accepted[name] for name in ("institution_id", "relation", "petitioner_id")},
            "tier": 0,
            "needs_place": False,
        }
    )
    # What a person wrote of a name, or an institution bears, is worth more than what a system's table says of it.
    other = systems[~systems["form"].isin(set(own["form"]))].assign(tier=1, needs_place=False)
    offered = (spellings, own, other.rename(columns={"employer_state": "state"}))
    return pd.concat([frame.reindex(columns=spellings.columns) for frame in offered], ignore_index=True)


def _institution_names(institutions: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    """Return names of institutions and curated names of bodies tied to them; common and bare ones need the place as well."""
    rows: list[tuple[str, str | None, str, str]] = []
    for identity, state, name, more in zip(
        institutions["institution_id"],
        institutions["state"],
        institutions["name"],
        institutions["aliases"],
        strict=True,
    ):
        parts = take_apart(str(name))
        partners = [text for text in parts.partners if kind_of(canonical(text)) in ("hospital", "system")]
        texts = [parts.label, parts.head, f"{parts.head} {parts.campus}", *partners, *map(str, more)]
        rows.extend((identity, state, text, "same") for text in texts)
    curated = aliases.assign(institution_id=locate(aliases, institutions)).dropna(subset=["institution_id"])
    home = curated["institution_id"].map(institutions.set_index("institution_id")["state"])
    state = curated["alias_state"].where(curated["alias_state"] != "", home)
    rows.extend(zip(curated["institution_id"], state, curated["alias"], curated["relation"], strict=True))
    table = pd.DataFrame(rows, columns=["institution_id", "state", "printed", "relation"])
    table["form"] = core_all(table["printed"].astype("str"))
    table = _where(table, [_is_name(form) and kind_of(form) != "other" for form in table["form"]])
    table = table.sort_values(["institution_id", "form", "state", "relation"], ascending=[True, True, True, False])
    table = table.drop_duplicates(["institution_id", "form", "state"])
    # What people have ruled holds in the whole state; a name with one rare word may be borne by two bodies there.
    judged = set(zip(curated["institution_id"], core_all(curated["alias"]), strict=True))
    ruled = [pair in judged for pair in zip(table["institution_id"], table["form"], strict=True)]
    bare = [
        is_common(form) or " " not in form or not (sure or _specific(form))
        for form, sure in zip(table["form"], ruled, strict=True)
    ]
    return table.assign(tier=1, needs_place=bare, printed=None)


def _specific(form: str) -> bool:
    return len(rare_tokens(form)) > 1 or kind_of(form) in ("university", "school")


def _found(names: pd.DataFrame, offered: pd.DataFrame, borne: set[tuple[str, str]]) -> pd.DataFrame:
    """Return the candidates of each employer, those of the surest way of comparison only.

    Ways, the first that finds something decides: the legal name in the state, in links and then as an institution's;
    the legal name as the beginning cut off at 34 characters; trade names in the same ways; the legal name in another
    state, if the state of the employer is not given. borne: plain names and states of petitioners.
    """
    exact = names.merge(offered, on=["form", "state"], suffixes=("", "_offered"))
    exact["way"] = exact["tier"] + 10 * exact["trade"]
    rest = names[~names["employer"].isin(exact.loc[~exact["trade"], "employer"])]
    cut = _cut(rest, offered)
    cut["way"] = 2 + 10 * cut["trade"]
    near = pd.concat([exact, cut], ignore_index=True)
    rest = rest[~rest["employer"].isin(near["employer"]) & ~rest["stated"] & ~rest["trade"]]
    found = pd.concat([near, _elsewhere(rest, offered, borne).assign(way=20)], ignore_index=True)
    found = found[found["way"] == found.groupby("employer")["way"].transform("min")]
    # Where the EIN is known and the petitioner with it is too, all others of the name are somebody else.
    by_id = (found["last4"] == found["last4_offered"]).fillna(False).astype("bool")
    return found[by_id | ~by_id.groupby(found["employer"]).transform("any")].sort_values(["employer", "institution_id"])


def _cut(names: pd.DataFrame, offered: pd.DataFrame) -> pd.DataFrame:
    """Return the employers whose name begins with a linked spelling that is cut off in the petition files."""
    spelled = offered[offered["printed"].notna()]
    spelled = _where(spelled, [is_cut(text) for text in spelled["printed"]])
    spelled = spelled.assign(first=spelled["form"].str.split(" ", n=1).str[0])
    filed = names.assign(first=names["form"].str.split(" ", n=1).str[0])
    pairs = (
        filed[["form", "state", "first"]]
        .drop_duplicates()
        .merge(spelled[["printed", "state", "first"]].drop_duplicates(), on=["state", "first"])
    )
    pairs = _where(pairs, [bool(rare_tokens(canonical(text.rpartition(" ")[0]))) for text in pairs["printed"]])
    met = _where(pairs, [is_prefix(text, form) for text, form in zip(pairs["printed"], pairs["form"], strict=True)])
    own = filed.merge(met[["form", "state", "printed"]], on=["form", "state"], suffixes=("_filed", ""))
    found = own.merge(offered.drop(columns="form"), on=["printed", "state"], suffixes=("", "_offered"))
    beginnings = [core(canonical(text.rpartition(" ")[0])) for text in found["printed"]]
    return found.assign(needs_place=[not _specific(form) for form in beginnings])


def _elsewhere(names: pd.DataFrame, offered: pd.DataFrame, borne: set[tuple[str, str]]) -> pd.DataFrame:
    """Return the employers whose distinctive name is a linked petitioner's, in one other state and nobody else's: the worksite is
    away from home. Affiliates are left out, and a petitioner of that name in the worksite's own state is another body."""
    states = offered.groupby("form")["state"].nunique()
    alone = set(states.index[states == 1])
    keys = zip(names["form"], quick_forms(names["printed"]), names["state"], strict=True)
    keep = [form in alone and _distinctive(form) and (plain, state) not in borne for form, plain, state in keys]
    theirs = offered[(offered["tier"] == 0) & (offered["relation"] == "same")]
    return _where(names, keep).merge(theirs, on="form", suffixes=("", "_offered"))


def _distinctive(form: str) -> bool:
    specific = bool(rare_tokens(form)) and not is_common(form)
    return specific and (len(form.split()) >= 3 or kind_of(form) != "other")


def _rivals(links: pd.DataFrame, spelled: pd.DataFrame) -> set[tuple[str, str]]:
    """Return the plain names and states that petitioners without any accepted link bear more than the linked ones."""
    linked = set(links.loc[links["decision"] == "accepted", "petitioner_id"])
    table = spelled.assign(own=spelled["weight"].where(spelled["petitioner_id"].isin(linked), 0))
    sums = table.groupby(["plain", "state"])[["own", "weight"]].sum()
    return set(sums.index[(sums["own"] > 0) & (sums["own"] < EMPLOYER_SHARE * sums["weight"])])


def _placed(
    found: pd.DataFrame, employers: pd.DataFrame, institutions: pd.DataFrame, rivals: set[tuple[str, str]]
) -> pd.DataFrame:
    """Return columns employer, institution_id, relation, signing (petitioner of the link): what the worksite leaves."""
    home = institutions[["institution_id"]].assign(
        own_place=canonical_city(institutions["city"].astype("str")),
        own_metro=metro_area(institutions["city"].astype("str"), institutions["state"].astype("str")),
        own_state=institutions["state"],
    )
    site = employers[["employer", "employer_name", "trade_name_dba", "place", "metro", "worksite_state"]]
    rows = found.merge(site, on="employer").merge(home, on="institution_id", how="left")
    in_state = rows["own_state"] == rows["worksite_state"]
    here = (rows["place"] == rows["own_place"]) & in_state
    here |= (rows["place"] == rows["city"]) & (rows["state"] == rows["worksite_state"])
    near = (rows["metro"] == rows["own_metro"]).fillna(False)
    rank = np.select([here.fillna(False).astype("bool"), near.astype("bool")], [_HERE, _NEARBY], _ELSEWHERE)
    rows = rows.assign(rank=rank)
    keys = zip(quick_forms(rows["employer_name"]), rows["state"], strict=True)
    doubtful = rows["needs_place"].astype("bool") | pd.Series([key in rivals for key in keys], index=rows.index)
    rows = rows[~doubtful | (rows["rank"] > _ELSEWHERE)]
    rows = rows[agrees_with_trade_name(rows, institutions)]
    best = rows.groupby(["employer", "relation"])["rank"].transform("max")
    rows = rows[rows["rank"] == best]
    signing = rows.groupby("employer")["petitioner_id"].agg(["nunique", "first"])
    single = signing["first"].where(signing["nunique"] == 1)
    rows = rows.sort_values(["employer", "institution_id", "relation"], ascending=[True, True, False])
    rows = rows.drop_duplicates(["employer", "institution_id"])
    return rows[["employer", "institution_id", "relation"]].assign(signing=rows["employer"].map(single))


def _petitioner_of(employers: pd.DataFrame, spelled: pd.DataFrame) -> pd.DataFrame:
    """Return columns employer, petitioner_id: the petitioner of that name in the state, if it is beyond doubt."""
    filed = employers[["employer", "state", "last4"]].assign(plain=quick_forms(employers["employer_name"]))
    pairs = filed.merge(spelled, on=["plain", "state"], suffixes=("", "_offered"))
    by_id = (pairs["last4"] == pairs["last4_offered"]).fillna(False).astype("bool")
    pairs = pairs[by_id | ~by_id.groupby(pairs["employer"]).transform("any")]
    share = pairs["weight"] / pairs.groupby("employer")["weight"].transform("sum")
    return pairs.loc[share >= EMPLOYER_SHARE, ["employer", "petitioner_id"]]


def _spellings(petitioners: pd.DataFrame, wanted: pd.Series) -> pd.DataFrame:
    """Return columns petitioner_id, state, last4, weight (approvals), plain: the spellings whose plain name is among those wanted."""
    owner, spellings = list_items(petitioners["spellings"])
    plain = quick_forms(pd.Series(spellings, dtype="str"))
    known = among(plain, set(wanted) - {""})
    rows = petitioners.iloc[owner[known]].reset_index(drop=True)
    weight = rows["initial_approvals"] + rows["continuing_approvals"] + 1
    table = rows[["petitioner_id", "state"]].assign(
        last4=rows["tax_id_last4"], weight=weight, plain=plain[known].reset_index(drop=True)
    )
    return table.drop_duplicates(["petitioner_id", "plain"]).reset_index(drop=True)


def _where(frame: pd.DataFrame, flags: list[bool]) -> pd.DataFrame:
    """Return rows whose flag is set; unlike plain indexing also right for a frame without rows."""
    return frame[np.asarray(flags, dtype=bool)]
