"""Tables to links: petitions and petitioners, institutions and programs, and which is which."""

from __future__ import annotations

from typing import Final

from pipeline.assets.factory import table_asset, table_assets
from pipeline.linkage import build
from pipeline.sources import uscis
from pipeline.sources.acgme import source as acgme

GROUP: Final = "linked"

group_petitions = table_assets(
    build.group_petitions, ["petitions", "petitioners", "petitioner_redirects"], GROUP, sources=[uscis.SOURCE.id]
)
build_institutions = table_assets(
    build.build_institutions, ["institutions", "programs", "institution_redirects"], GROUP, sources=[acgme.SOURCE.id]
)
institution_names = table_asset(build.institution_names, GROUP)
petitioner_links = table_asset(build.petitioner_links, GROUP)
employer_links = table_asset(build.employer_links, GROUP)
