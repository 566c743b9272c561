"""Tables of claims: visa policies, trainee filings, cap exemption; each claim with its evidence."""

from __future__ import annotations

import pyarrow as pa

from pipeline.schemas.model import Field, Table, count, day, flag, number, structs, text, texts
from pipeline.schemas.vocabulary import (
    CAP_EXEMPT_CATEGORY,
    CONFIDENCE,
    EMPLOYMENT,
    EVIDENCE,
    EVIDENCE_KIND,
    RELATION,
    RESOLUTION,
    SCOPE,
    STATES,
    TRAINEE_LEVEL,
    VISA_POLICY,
    VISA_STANCE,
    YES_NO_NOT_STATED,
)

_petitioner_id = text("petitioner_id", "Stable id of the petitioner: hash of its raw identifying values", required=True)

_city = text("city", "City as the source prints it")
_ANSWER: tuple[Field, ...] = (
    text("category", "Category", required=True, allowed=CAP_EXEMPT_CATEGORY),
    text("rule_id", "Rule of docs/methods/cap_exemption.md that decided", required=True),
    text("basis", "Prong of the statute or regulation the rule rests on, with citation", required=True),
    text("confidence", "Confidence", required=True, allowed=CONFIDENCE),
    structs("evidence", "What supports it", EVIDENCE),
    structs("counter_evidence", "What speaks against it", EVIDENCE),
    texts("also_basis", "Other rules that would hold too"),
    texts("overlays", "Circumstances that never change the category"),
    text(
        "resolution",
        "How the petitioner was found in the sources, the surest way",
        required=True,
        allowed=RESOLUTION,
    ),
    text("rules_version", "Version of the rules", required=True),
    day("law_as_of", "Day up to which sources of law were read", required=True),
)

INFERRED: tuple[Table, ...] = (
    Table(
        "visa_policies",
        "inferred",
        "What a page says of visas, with the sentence that says so.",
        (
            text("policy_id", "Stable id: hash of snapshot and program", required=True),
            text("program_code", "Program the policy is for; null for an institution's policy", pattern=r"\d{10}"),
            text("institution_id", "Institution the policy is for; null where the page could not be linked"),
            text("institution_as_named", "Institution as the page or its saver names it"),
            text("program_as_named", "Program as the page or its saver names it"),
            text("scope", "program or institution", required=True, allowed=SCOPE),
            text("j1", "J-1", required=True, allowed=VISA_STANCE),
            text("h1b", "H-1B", required=True, allowed=VISA_STANCE),
            text("policy", "Both stances in one word", required=True, allowed=VISA_POLICY),
            text(
                "step3_required_for_h1b",
                "Whether USMLE Step 3 is required for an H-1B",
                required=True,
                allowed=YES_NO_NOT_STATED,
            ),
            text("step3_deadline", "When Step 3 must be passed, as stated"),
            texts("conditions", "Conditions stated, e.g. transfer_only"),
            text("evidence_quote", "The sentences that state it; empty where nothing is stated"),
            text(
                "evidence_kind",
                "page: quotation of the page; restated: in other words; confirmed: told to a person",
                required=True,
                allowed=EVIDENCE_KIND,
            ),
            text("evidence_locator", "Block and characters of the sentence in the snapshot's text"),
            texts("counter_evidence", "Sentences that say otherwise"),
            text("url", "Address of the page"),
            day("page_date", "Date the page gives for itself; 1 January where only a year is known"),
            day("retrieved_on", "Day on which the page was saved", required=True),
            texts("rules", "Names of the reading rules that fired"),
            text("confidence", "Confidence of the reading", required=True, allowed=CONFIDENCE),
            flag("needs_confirmation", "A person should ask", required=True),
            text("snapshot_id", "Snapshot that holds the page or the confirmation", required=True),
        ),
        ("policy_id",),
    ),
    Table(
        "trainee_filings",
        "inferred",
        "Labor condition applications whose title says resident, fellow or trainee. An application is neither a petition nor a visa.",
        (
            text("filing_id", "Stable id: hash of the case number, or of the row where there is none", required=True),
            text("case_number", "Case number; null in the embedded sample"),
            text("employer", "Employer's legal name", required=True),
            text("trade_name_dba", "Trade name"),
            text("job_title", "Job title as filed", required=True),
            text("level", "resident, fellow or trainee_unspecified", required=True, allowed=TRAINEE_LEVEL[:3]),
            Field("pgy", pa.int64(), "Postgraduate year in the title", minimum=1, maximum=10),
            text("specialty", "ACGME specialty the title names"),
            text("specialty_code", "ACGME specialty code", pattern=r"\d{3}"),
            text("soc_code", "SOC code"),
            day("begin_date", "First day of the intended employment"),
            number("annual_wage", "Lower end of the offered wage by the year", unit="USD per year", minimum=0),
            count("workers", "Workers covered"),
            text(
                "employment",
                "new, continuing (extensions, changes, transfers, amendments) or both; null where the layout doesn't say",
                allowed=EMPLOYMENT,
            ),
            text("worksite_city", "City of the worksite"),
            text("worksite_state", "State of the worksite", allowed=STATES),
            text("institution_id", "Institution the employer is linked to"),
            text("relation", "Relation of the employer to the institution", allowed=RELATION),
            text("confidence", "Confidence that a trainee physician is meant", required=True, allowed=CONFIDENCE),
            texts("evidence", "What in the row supports or contradicts the reading"),
            text("snapshot_id", "Snapshot the row comes from", required=True),
        ),
        ("filing_id",),
    ),
    Table(
        "cap_exemption",
        "inferred",
        "Whether a petitioner seems exempt from the H-1B cap: an inference from public data, never a finding of USCIS and never advice.",
        (
            _petitioner_id,
            text("name", "Petitioner", required=True),
            text("state", "State", allowed=STATES),
            *_ANSWER,
        ),
        ("petitioner_id",),
    ),
    Table(
        "institution_cap_exemption",
        "inferred",
        "The same inference for institutions themselves, whether or not a petition under their name is known: sponsors of training, schools, hospitals, and bodies that the curated tables name. A petitioner of the institution may be another legal entity, and its own row counts.",
        (
            text(
                "body_id",
                "institution_id of a sponsor, or source and key of the record that names the body",
                required=True,
            ),
            text("source", "Source that names the body: acgme, a register, or a curated table", required=True),
            text("name", "Name as that source has it", required=True),
            texts("aliases", "Other names"),
            _city,
            text("state", "State; null where a curated row holds in every state", allowed=STATES),
            *_ANSWER,
        ),
        ("body_id",),
    ),
)
