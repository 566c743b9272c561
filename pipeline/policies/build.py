"""Table `visa_policies`, made from the tables it needs and the bytes of archived pages."""

from __future__ import annotations

import pandas as pd

from pipeline.archive.build import READ_LATER
from pipeline.archive.quarantined_rows import keep_quarantined, whole_file
from pipeline.archive.reading import Archive
from pipeline.documents.unreadable import UnreadablePageError
from pipeline.linkage.links.pages import link_pages
from pipeline.policies.table import PageContent, policies_from_confirmations, policies_from_pages
from pipeline.schemas.frames import empty_frame
from pipeline.settings import DataFolder
from pipeline.specialties.recognise import specialty_by_code


def visa_policies(
    program_pages: pd.DataFrame,
    confirmations: pd.DataFrame,
    programs: pd.DataFrame,
    institutions: pd.DataFrame,
    archive: Archive,
    data: DataFolder,
) -> pd.DataFrame:
    """Return table `visa_policies`: what archived pages say of visas, and what offices have confirmed to a person.

    Pages that can't be read are quarantined: they are kept in the work folder, for table `quarantine`.
    """

    def content_of(snapshot_id: str) -> PageContent:
        return PageContent(archive.read_bytes(snapshot_id), archive.snapshot(snapshot_id).manifest.layout)

    unreadable = [empty_frame("quarantine")]

    def set_aside(snapshot_id: str, error: UnreadablePageError) -> None:
        unreadable.append(whole_file(archive.snapshot(snapshot_id), error))

    named = programs.assign(specialty=programs["specialty"].fillna(specialty_by_code(programs["specialty_code"])))
    linked = link_pages(program_pages, named, institutions)
    specialties = named.set_index("program_code")["specialty"]
    pages = policies_from_pages(program_pages, linked, specialties, content_of, set_aside)
    keep_quarantined(data.work, READ_LATER, pd.concat(unreadable, ignore_index=True))
    confirmed = policies_from_confirmations(confirmations, programs)
    return pd.concat(
        [part for part in (pages, confirmed) if len(part)] or [empty_frame("visa_policies")], ignore_index=True
    )
