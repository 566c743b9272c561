"""The path to a petitioner's answer, for people: each rule tried, whether it held, and on what evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.cap_exemption.decision_list import DECISION_LIST
from pipeline.cap_exemption.overlays import RULING
from pipeline.cap_exemption.rules.model import Rule
from pipeline.cap_exemption.signals import SIGNALS, Facts
from pipeline.schemas.vocabulary import CAP_EXEMPT_WORDS

Record = Mapping[str, Any]


def explain(answer: Record) -> tuple[str, ...]:
    """Return lines on one row of table `cap_exemption`, as published: the answer, each rule tried in order, the evidence.

    Needs nothing but the row: its evidence names the signals that the rules read.
    """
    evidence = [*_records(answer["evidence"]), *_records(answer["counter_evidence"])]
    signals = sorted({str(item["signal"]) for item in evidence if item.get("signal") in SIGNALS})
    return (
        f"{answer['name']} ({answer['state'] or 'no state'}): {CAP_EXEMPT_WORDS[answer['category']]} ({answer['confidence']} confidence)",
        "Inferred from public data, not advice and not a finding of USCIS.",
        f"Basis: {answer['basis']}",
        f"Rules {answer['rules_version']}, law read up to {str(answer['law_as_of'])[:10]}; found in the sources by {answer['resolution']}.",
        *_path(Facts.of(signals), evidence, str(answer["rule_id"])),
        *_listed("Would also hold", answer["also_basis"]),
        *_listed("Circumstances", answer["overlays"]),
        *_listed("Bound by an order of its state", [answer["state_freeze"]] if answer["state_freeze"] else None),
        "For:",
        *(_line(item) for item in _records(answer["evidence"])),
        "Against:",
        *(_line(item) for item in _records(answer["counter_evidence"])),
    )


def _records(items: Iterable[Any] | None) -> list[Record]:
    return [] if items is None else [dict(item) for item in items]


def _path(facts: Facts, evidence: list[Record], decided: str) -> list[str]:
    """Return one line for each rule up to the one that decided."""
    lines = ["Rules in order:"]
    if decided == RULING:
        return [*lines, "  held  R_ruling: a person ruled on this petitioner; no rule is tried"]
    for rule in DECISION_LIST:
        held = bool(rule.holds(facts)[0])
        lines.append(f"  {'held' if held else 'no  '}  {rule.id}: {rule.text}; {_why(rule, held, evidence)}")
        if held:
            break
    return lines


def _why(rule: Rule, held: bool, evidence: list[Record]) -> str:
    found = sorted({f"{item['signal']} ({item['source']})" for item in evidence if item.get("signal") in rule.rests_on})
    if held:
        return "on " + ", ".join(found) if found else "nothing earlier held"
    return "found only " + ", ".join(found) if found else "no evidence of it"


def _listed(word: str, items: Iterable[str] | None) -> list[str]:
    named = [] if items is None else [str(item) for item in items]
    return [f"{word}: {', '.join(named)}"] if named else []


def _line(item: Record) -> str:
    place = ", ".join(str(item[name]) for name in ("snapshot", "locator") if item.get(name))
    return f"  [{item['strength']}] {item['source']}, {item['field']}: {item['value']}" + (
        f" ({place})" if place else ""
    )
