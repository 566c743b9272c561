"""Table `visa_policies`, made from the tables it needs and the bytes of archived pages."""

from __future__ import annotations

from functools import partial

import pandas as pd

from pipeline.archive.reading import Archive
from pipeline.linkage.links.page_institutions import named_institutions
from pipeline.linkage.links.pages import link_pages
from pipeline.policies.confirmed import policies_from_confirmations
from pipeline.policies.directories import policies_from_directories
from pipeline.policies.facts import policies_from_facts
from pipeline.policies.kept_readings import KeptReadings
from pipeline.policies.table import PageContent, policies_from_pages
from pipeline.policies.third_reader.kept import KeptAnswers
from pipeline.schemas.frames import empty_frame
from pipeline.specialties.recognise import specialty_by_code


def visa_policies(
    program_pages: pd.DataFrame,
    confirmations: pd.DataFrame,
    directory_answers: pd.DataFrame,
    policy_facts: pd.DataFrame,
    programs: pd.DataFrame,
    institutions: pd.DataFrame,
    archive: Archive,
    third_reader: KeptAnswers | None,
    kept_readings: KeptReadings,
) -> pd.DataFrame:
    """Return table `visa_policies`: what archived pages say of visas, people restated of other pages, offices have confirmed to a
    person, and programs have answered in directories. third_reader: answers of a model that an operator has asked, None where
    there is no such reader. kept_readings: of the run before, which change nothing but the time it takes."""

    def content_of(snapshot_id: str) -> PageContent:
        manifest = archive.snapshot(snapshot_id).manifest
        read = partial(archive.read_bytes, snapshot_id)
        return PageContent(read, manifest.sha256, manifest.layout, manifest.last_changed_on)

    named = programs.assign(specialty=programs["specialty"].fillna(specialty_by_code(programs["specialty_code"])))
    known = named_institutions(institutions, named)
    linked = link_pages(program_pages, known)
    pages = policies_from_pages(
        program_pages, linked, named.set_index("program_code")["specialty"], content_of, third_reader, kept_readings
    )
    facts = policies_from_facts(
        policy_facts.assign(filed_on=_filed_on(policy_facts["snapshot_id"], archive)),
        link_pages(policy_facts.assign(program_code=None), known),
    )
    confirmed = policies_from_confirmations(confirmations, named, institutions)
    answered = policies_from_directories(directory_answers, programs)
    parts = [part for part in (pages, facts, confirmed, answered) if len(part)]
    return pd.concat(parts or [empty_frame("visa_policies")], ignore_index=True)


def _filed_on(snapshot_ids: pd.Series, archive: Archive) -> pd.Series:
    """Return the day on which each snapshot was filed."""
    days = {name: archive.snapshot(str(name)).manifest.added_at[:10] for name in snapshot_ids.unique()}
    return pd.to_datetime(snapshot_ids.map(days))
