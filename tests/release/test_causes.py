"""Whether somebody said something new, or the same was read otherwise."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.release.causes import AtHand, at_hand, causes, evidence_of

BOTH = AtHand(frozenset({"pages/a", "pages/b"}), frozenset())
ONLY_A, ONLY_B, NONE = (AtHand(frozenset(ids), frozenset()) for ids in ({"pages/a"}, {"pages/b"}, ()))


def row(old: str | None, new: str | None, quotes: tuple[str | None, str | None] = ("x", "y")) -> pd.DataFrame:
    said = {"old_snapshot": old, "new_snapshot": new, "old_quote": quotes[0], "new_quote": quotes[1]}
    return pd.DataFrame([said | {"old_url": "https://x.example", "new_url": "https://x.example"}]).astype("str")


@pytest.mark.parametrize(
    ("old", "new", "before", "now", "cause"),
    [
        ("pages/a", "pages/a", ONLY_A, ONLY_A, "read_again"),
        ("pages/a", "pages/b", ONLY_A, ONLY_B, "other_statement"),
        ("pages/a", "pages/b", ONLY_A, BOTH, "other_statement"),
        ("pages/a", "pages/b", BOTH, BOTH, "read_again"),  # another of two known pages decides
        ("pages/a", "pages/b", BOTH, ONLY_B, "other_statement"),  # the page that decided is gone
        (None, "pages/a", NONE, ONLY_A, "first_statement"),
        (None, "pages/a", ONLY_A, ONLY_A, "read_again"),  # the page was silent to the reader before
        ("pages/a", None, ONLY_A, NONE, "withdrawn"),
        ("pages/a", None, ONLY_A, ONLY_A, "read_again"),
    ],
)
def test_causes(old: str | None, new: str | None, before: AtHand, now: AtHand, cause: str) -> None:
    given = row(old, new).where(pd.Series([True]), None)
    given = given.assign(old_snapshot=pd.Series([old], dtype="str"), new_snapshot=pd.Series([new], dtype="str"))
    assert causes(given, before, now).tolist() == [cause]


def test_a_statement_is_the_same_in_a_file_that_has_grown() -> None:
    said = pd.DataFrame({"url": ["https://x.example", None], "evidence_quote": ["x", "told so"]})
    old, new = at_hand(pd.Series(["facts/1"]), said), at_hand(pd.Series(["facts/2"]), said)
    assert causes(row("facts/1", "facts/2", ("x", "x")), old, new).tolist() == ["read_again"]
    assert causes(row("facts/1", "facts/2", ("x", "y")), old, new).tolist() == ["other_statement"]
    assert ("", "told so") in old.statements


def test_no_release_has_no_evidence() -> None:
    assert evidence_of(None) == NONE
