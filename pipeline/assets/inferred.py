"""Links to claims: visa policies, trainee filings, cap exemption."""

from __future__ import annotations

from typing import Final

from pipeline.assets.factory import table_asset, table_assets
from pipeline.cap_exemption import build as exemption
from pipeline.filings import build as filings
from pipeline.policies import build as policies
from pipeline.sources import policy_facts, program_pages

GROUP: Final = "inferred"

visa_policies = table_asset(policies.visa_policies, GROUP, sources=(program_pages.SOURCE.id, policy_facts.SOURCE.id))
trainee_applications = table_asset(filings.trainee_applications, GROUP)
trainee_filings = table_asset(filings.trainee_filings, GROUP)
search_registers = table_assets(
    exemption.search_registers, ["cap_exemption_findings", "institution_cap_exemption"], GROUP
)
cap_exemption = table_asset(exemption.cap_exemption, GROUP)
