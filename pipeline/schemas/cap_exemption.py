"""Tables of cap exemption: one answer for each petitioner and each institution, inferred, with its evidence."""

from __future__ import annotations

from typing import Final

from pipeline.schemas.fields import CITY, PETITIONER_ID
from pipeline.schemas.model import Field, Table, day, described, parts_of, refers, structs, text, texts
from pipeline.schemas.vocabulary import CAP_EXEMPT_CATEGORY, CONFIDENCE, EVIDENCE, RESOLUTION, STATES

_ANSWER: Final[tuple[Field, ...]] = (
    text("category", "Category", required=True, allowed=CAP_EXEMPT_CATEGORY),
    text("rule_id", "Rule of docs/methods/cap_exemption.md that decided", required=True),
    text("basis", "Prong of the statute or regulation the rule rests on, with citation", required=True),
    text("confidence", "Confidence", required=True, allowed=CONFIDENCE),
    structs("evidence", "What supports it", EVIDENCE),
    structs("counter_evidence", "What speaks against it", EVIDENCE),
    texts("also_basis", "Other rules that would hold too"),
    texts("overlays", "Circumstances that never change the category"),
    text(
        "state_freeze",
        "Order of a state not to file new petitions that binds it, whether or not it holds on the day (reference/law/freezes.csv)",
    ),
    text(
        "resolution",
        "How the petitioner was found in the sources, the surest way",
        required=True,
        allowed=RESOLUTION,
    ),
    text("rules_version", "Version of the rules", required=True),
    day("law_as_of", "Day up to which sources of law were read", required=True),
)

CAP_EXEMPTION: Final[tuple[Table, ...]] = (
    Table(
        "cap_exemption_findings",
        "What names, industries, curated rows and public registers say of petitioners, before links and filings: `cap_exemption` follows from it.",
        (
            PETITIONER_ID,
            *(text(part.name, described(part), required=part.name != "value") for part in parts_of(EVIDENCE)),
            text("how", "How the petitioner was found there", required=True, allowed=RESOLUTION),
        ),
    ),
    Table(
        "cap_exemption",
        "Whether a petitioner seems exempt from the H-1B cap: an inference from public data, never a finding of USCIS and never advice.",
        (
            PETITIONER_ID,
            text("name", "Petitioner", required=True),
            text("state", "State", allowed=STATES),
            *_ANSWER,
        ),
        ("petitioner_id",),
        foreign_keys=(refers("petitioner_id", "petitioners"),),
    ),
    Table(
        "institution_cap_exemption",
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
            CITY,
            text("state", "State; null where a curated row holds in every state", allowed=STATES),
            *_ANSWER,
        ),
        ("body_id",),
    ),
)
