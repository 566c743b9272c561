"""Links to claims: visa policies, trainee filings, cap exemption."""

from __future__ import annotations

from typing import Final

from pipeline.assets.factory import table_asset, table_assets
from pipeline.cap_exemption import build as cap_exemption
from pipeline.filings import build as filings
from pipeline.policies import build as policies
from pipeline.sources import policy_facts, program_pages

GROUP: Final = "inferred"

visa_policies = table_asset(policies.visa_policies, GROUP, sources=(program_pages.SOURCE.id, policy_facts.SOURCE.id))
trainee_filings = table_asset(filings.trainee_filings, GROUP)
judge_cap_exemption = table_assets(
    cap_exemption.judge_cap_exemption, ["cap_exemption", "institution_cap_exemption"], GROUP
)
