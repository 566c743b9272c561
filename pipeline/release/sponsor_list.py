"""The functional H-1B sponsor list: everything known of a program in one row.

What belongs here: joining. Each claim is made in the room whose question it answers.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import pandas as pd

from pipeline.filings.summary import filings_by_program
from pipeline.law.freezes import freezes
from pipeline.policies.choice import choose_policy
from pipeline.policies.decision import NOT_STATED, policy_of
from pipeline.release.approvals import PetitionYears, approvals_by_institution
from pipeline.schemas.registry import table
from pipeline.schemas.vocabulary import TRACK_KIND
from pipeline.specialties.recognise import specialty_by_code
from pipeline.tiers.accreditation import WITHDRAWN, accreditation_of
from pipeline.tiers.likelihood import sponsoring_likelihood
from pipeline.tiers.related_programs import related_programs
from pipeline.tiers.tier import sponsor_tiers

_SHARES: Final = ("img_percent", "do_percent", "us_md_percent")
_TRANSITIONAL_YEAR: Final = "999"
_CAP: Final = {"category": "cap_exempt_category", "basis": "cap_exempt_basis", "confidence": "cap_exempt_confidence"}
_COUNTED: Final = [
    "initial_approvals", "continuing_approvals", "affiliate_initial_approvals", "affiliate_continuing_approvals",
]  # fmt: skip
_FILED: Final = [
    "trainee_filings_same_specialty", "trainee_filings_same_specialty_recent", "trainee_filings_any_specialty",
    "trainee_filings_any_specialty_recent",
]  # fmt: skip
_PEAKS: Final = ["trainee_filings_same_specialty_peak", "trainee_filings_any_specialty_peak"]


def build_list(
    programs: pd.DataFrame,
    institutions: pd.DataFrame,
    own: pd.DataFrame,
    policies: pd.DataFrame,
    filings: pd.DataFrame,
    cap_exemption: pd.DataFrame,
    years: PetitionYears,
    as_of: dt.date,
) -> pd.DataFrame:
    """Return table `functional_h1b_sponsors` less release_id, one row for each of `programs`.

    programs, institutions, policies (visa_policies), filings (trainee_filings), cap_exemption: tables of the registry.
    own: as `petitioners_of_institutions` returns it for `years`. as_of: day for which the list is made. Counts are null
    where no petitioner of that relation is known: zero would mean that it filed nothing.
    """
    named = institutions[["institution_id", "name"]].rename(columns={"name": "institution"})
    base = programs.merge(named, on="institution_id", how="left")
    base["specialty"] = base["specialty"].fillna(specialty_by_code(base["specialty_code"]))
    answers = cap_exemption[["petitioner_id", *_CAP, "state_freeze"]].rename(columns=_CAP)
    judged = own.merge(answers, on="petitioner_id", how="left")
    base = base.merge(approvals_by_institution(own), on="institution_id", how="left")
    base[_COUNTED] = base[_COUNTED].astype("Int64")
    base["petition_years"] = years.label
    base = base.merge(_cap_exemption_of(judged), on="institution_id", how="left")
    base = base.merge(_state_freezes(judged, as_of), on="institution_id", how="left")
    records = _petitioner_records(judged)
    base["petitioners"] = pd.Series(
        [records.get(key, []) for key in base["institution_id"]], index=base.index, dtype="object"
    )
    stated = _known_by(policies, pd.Timestamp(as_of))
    base = base.merge(choose_policy(stated, base[["program_code", "institution_id", "specialty"]]), on="program_code")
    counts = filings_by_program(
        filings, base[["program_code", "institution_id", "state", "specialty", "specialty_code"]], as_of
    )
    base = base.merge(counts, on="program_code").assign(as_of=pd.Timestamp(as_of))
    linked = base["institution_id"].isin(set(own.loc[own["attributed"], "institution_id"]))
    base[_FILED], base[_PEAKS] = base[_FILED].astype("Int64").where(linked), base[_PEAKS].where(linked)
    base["related_programs"] = related_programs(base)
    base["accreditation"] = accreditation_of(base, pd.Timestamp(as_of))
    base["track_kinds"] = _track_kinds(base)
    listed = _with_accreditation(base.merge(sponsor_tiers(base), on="program_code"))
    listed = listed.join(sponsoring_likelihood(listed))
    return listed[[column for column in table("functional_h1b_sponsors").columns if column in listed.columns]]


def _known_by(policies: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the policies known on the day of the list: no confirmation of a later day, and no later date of a page."""
    late = (policies["page_date"] > as_of).fillna(False)
    known = policies[~(late & (policies["evidence_kind"] == "confirmed"))]
    return _without_ended_pauses(known.assign(page_date=known["page_date"].mask(known["page_date"] > as_of)), as_of)


def _without_ended_pauses(policies: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Take a no that held until a day before `as_of` for silence on H-1B: what came after, it doesn't say."""
    ended = (policies["paused_until"] < as_of).fillna(False).astype("bool")
    policy = [policy_of(j1, NOT_STATED) for j1 in policies["j1"]]
    return policies.assign(
        h1b=policies["h1b"].mask(ended, NOT_STATED),
        policy=policies["policy"].mask(ended, pd.Series(policy, index=policies.index, dtype="str")),
        needs_confirmation=policies["needs_confirmation"] | ended,
    )


def _with_accreditation(listed: pd.DataFrame) -> pd.DataFrame:
    """Put first among the reasons that the accreditation was withdrawn: the program may have closed, so confidence is low."""
    withdrawn = listed["accreditation"] == WITHDRAWN
    year = listed["list_year"].astype("str").replace("<NA>", "at hand")
    warning = (
        "The ACGME list of "
        + year
        + " shows "
        + listed["accreditation_status"].astype("str")
        + ": the program may have closed."
    )
    reasons = [
        [first, *rest] if gone else list(rest)
        for gone, first, rest in zip(withdrawn, warning, listed["tier_reasons"], strict=True)
    ]
    return listed.assign(
        tier_reasons=pd.Series(reasons, index=listed.index, dtype="object"),
        tier_confidence=listed["tier_confidence"].mask(withdrawn, "low"),
        needs_confirmation=listed["needs_confirmation"] | withdrawn,
    )


def _track_kinds(programs: pd.DataFrame) -> pd.Series:
    """Return the kinds of positions that each program is known to have, in the order of TRACK_KIND."""
    offers = programs["preliminary_positions"].fillna(False).astype("bool")
    transitional = programs["specialty_code"] == _TRANSITIONAL_YEAR
    kinds = []
    for tracks, preliminary, year in zip(programs["match_tracks"], offers, transitional.fillna(False), strict=True):
        known = {track["kind"] for track in tracks}
        known |= ({"preliminary"} if preliminary else set()) | ({"transitional"} if year else set())
        kinds.append([kind for kind in TRACK_KIND if kind in known])
    return pd.Series(kinds, index=programs.index, dtype="object")


def graduate_shares(answers: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return img_percent, do_percent, us_md_percent, graduates_answered_on and graduates_answered_in of each program that gives a share.

    answers: table directory_answers. All are of one answer, the newest by its day, else by the day on which the page was saved; a
    later day than `as_of` counts as that.
    """
    given = answers[answers[list(_SHARES)].notna().any(axis=1)]
    day = pd.to_datetime(given["answered_on"]).fillna(pd.to_datetime(given["retrieved_on"]))
    day = day.mask(day > pd.Timestamp(as_of), pd.Timestamp(as_of))
    ranked = given.assign(graduates_answered_on=day, graduates_answered_in=given["answered_in"]).sort_values(
        ["program_code", "graduates_answered_on", "answered_in"], ascending=[True, False, True]
    )
    columns = ["program_code", *_SHARES, "graduates_answered_on", "graduates_answered_in"]
    return ranked.drop_duplicates("program_code")[columns]


def _cap_exemption_of(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the answer of the petitioner with the most approvals among those that are the institution itself."""
    ranked = judged.assign(
        affiliate=judged["relation"] == "affiliate",
        approvals=judged["initial_approvals"] + judged["continuing_approvals"],
    ).sort_values(["institution_id", "affiliate", "approvals", "petitioner_id"], ascending=[True, True, False, True])
    first = ranked[~ranked["affiliate"]].drop_duplicates("institution_id")
    return first[["institution_id", "name", *_CAP.values()]].rename(columns={"name": "cap_exempt_petitioner"})


def _state_freezes(judged: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return the order that holds on `as_of` and binds the institution's own petitioner with the most approvals among those
    that any binds, one row an institution."""
    holding = {freeze.id: freeze for freeze in freezes() if freeze.holds_on(as_of)}
    bound = judged[(judged["relation"] != "affiliate") & judged["state_freeze"].isin(set(holding))]
    bound = bound.assign(approvals=bound["initial_approvals"] + bound["continuing_approvals"]).sort_values(
        ["institution_id", "approvals", "petitioner_id"], ascending=[True, False, True]
    )
    first = bound.drop_duplicates("institution_id")
    orders = [holding[str(order)] for order in first["state_freeze"]]
    return pd.DataFrame(
        {
            "institution_id": first["institution_id"].array,
            "state_freeze": [f"{order.what} ({order.source})" for order in orders],
            "state_freeze_until": pd.to_datetime(
                pd.Series([order.until_day for order in orders], dtype="object")
            ).array,
            "state_freeze_exceptions": [order.exceptions or None for order in orders],
            "state_freeze_petitioner": first["name"].array,
        }
    ).astype({"state_freeze": "str", "state_freeze_exceptions": "str"})


def _petitioner_records(judged: pd.DataFrame) -> dict[str, list[dict[str, object]]]:
    """Return the petitioners of each institution as records of PETITIONER, by institution_id, in the order of `judged`.

    judged: as `petitioners_of_institutions` returns it, with the columns of the cap-exemption answer.
    """
    counted = ["initial_approvals", "continuing_approvals", "files_for", "attributed"]
    columns = ["petitioner_id", "name", "relation", *counted, *_CAP.values()]
    plain = judged[columns].astype(object).where(judged[columns].notna(), None)
    records: dict[str, list[dict[str, object]]] = {}
    for institution_id, record in zip(judged["institution_id"], plain.to_dict("records"), strict=True):
        records.setdefault(institution_id, []).append({str(name): value for name, value in record.items()})
    return records
