"""The waterfall: what a person sees who asks why."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.linkage.explain import explain_match


def test_each_feature_its_points_and_the_decision_are_shown(make_world: Callable[..., object]) -> None:
    sponsor = ("Maimonides Medical Center Program", "350366", "Maimonides Medical Center", "Brooklyn", "NY")
    world = make_world([sponsor], [("MAIMONIDES MEDICAL CENTER", "5001", "NY", "BROOKLYN", 40)])
    lines = explain_match("Maimonides Medical Ctr", world.links, world.built.institutions, state="NY")
    text = "\n".join(lines)
    assert lines[0].startswith("MAIMONIDES MEDICAL CENTER (5001; BROOKLYN, NY): 40 approvals")
    for part in (
        "+70",
        "name equal to MAIMONIDE MEDICAL CENTER",
        "+14",
        "same city",
        "runner-up: none",
        "decision: accepted",
    ):
        assert part in text
    restricted = explain_match("Maimonides Medical Ctr", world.links, world.built.institutions, city="Albany")
    assert "not near any institution" in restricted[0]


def test_an_employer_far_from_all_gets_the_nearest_names(make_world: Callable[..., object]) -> None:
    sponsor = ("Maimonides Medical Center Program", "350366", "Maimonides Medical Center", "Brooklyn", "NY")
    world = make_world([sponsor], [("ACME LLC", "1111", "NY", "BROOKLYN", 1)])
    lines = explain_match("Acme LLC", world.links, world.built.institutions, state="NY")
    assert "not near any institution" in lines[0]
    assert any("Maimonides Medical Center" in line for line in lines[1:])
    assert explain_match("...", world.links, world.built.institutions, state="NY") == (
        "...: not near any institution (name as compared: nothing)",
    )
