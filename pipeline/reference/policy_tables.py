"""What the tables of `reference/policy/` must look like: the words by which visa policies are read."""

from __future__ import annotations

from typing import Final

from pipeline.reference.model import ReferenceTable
from pipeline.schemas.vocabulary import CONDITION, STEP3_DUE, VISA_STANCE

POLICY_TABLES: Final = (
    ReferenceTable(
        "policy/weights.csv",
        "What each feature of a sentence and of a page weighs for the second reader of visa policies; made by `make train`",
        ("kind", "visa", "stance", "feature", "weight"),
        required=("kind", "visa", "stance", "feature", "weight"),
        allowed={"kind": ("unit", "page"), "visa": ("h1b", "j1"), "stance": VISA_STANCE},
        patterns={"weight": r"-?\d+\.\d{4}"},
        key=("kind", "visa", "stance", "feature"),
    ),
    ReferenceTable(
        "policy/lexicon.csv",
        "Phrases of the reader of visa policies by kind",
        ("kind", "value", "phrase"),
        required=("kind", "phrase"),
        key=("kind", "value", "phrase"),
        order=("kind", "value", "phrase"),
    ),
    ReferenceTable(
        "policy/conditions.csv",
        "Phrases of the terms on which an H-1B is given: `a/b` one of them, `a?` perhaps, `~` up to six words between; unless: "
        "phrases beside which it means something else, `|` between; weak: it counts only where something else limits the H-1B; "
        "seen: a labelled case (tests/gold/policies/conditions.csv) that needs it",
        ("condition", "phrase", "unless", "weak", "seen"),
        required=("condition", "phrase", "seen"),
        allowed={"condition": CONDITION, "weak": ("", "1")},
        patterns={"seen": r"c\d{3}"},
        key=("condition", "phrase"),
        order=("condition", "phrase"),
    ),
    ReferenceTable(
        "policy/deadlines.csv",
        "Phrases of deadlines for Step 3 and the point of the cycle they mean, in the language of policy/conditions.csv; the "
        "first in the words counts, a weak one only where there is no other",
        ("due", "phrase", "weak", "seen"),
        required=("due", "phrase", "seen"),
        allowed={"due": STEP3_DUE, "weak": ("", "1")},
        patterns={"seen": r"c\d{3}"},
        key=("phrase",),
    ),
    ReferenceTable(
        "policy/cycle_points.csv",
        "When each point of the cycle before a start on 1 July is, at the earliest and at the latest (--MM-DD); residency_only: "
        "fellowships have another day for it",
        ("point", "earliest", "latest", "residency_only", "source"),
        required=("point", "earliest", "latest", "source"),
        allowed={"point": STEP3_DUE, "residency_only": ("", "1")},
        patterns={"earliest": r"--\d{2}-\d{2}", "latest": r"--\d{2}-\d{2}"},
        key=("point",),
        order=("point",),
    ),
    ReferenceTable(
        "policy/page_words.csv",
        "Words by which a page shows whom it is about: trainees, other people, the press, advisers",
        ("kind", "phrases"),
        required=("kind", "phrases"),
        key=("kind",),
        order=("kind",),
    ),
)
