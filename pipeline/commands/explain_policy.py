"""The part of `explain` that is about a program's stated visa policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pipeline.commands.rendering import (
    category_text,
    day_text,
    print_heading,
    print_line,
    rows,
    statement_day,
    visa_text,
)
from pipeline.policies.third_reader.verdict import how_agreed
from pipeline.schemas.vocabulary import CONDITION_WORDS, EVIDENCE_SCOPE_WORDS, POLICY_WORDS, STATED_WORDS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_KIND: Final = {"page": "The page says", "restated": "In other words, the page said", "confirmed": "", "directory": ""}


def explain_policy(connection: DuckDBPyConnection, row: dict[str, Any]) -> None:
    """Print what is stated of visas for one row of the list: the sentence, how it was read, what changed, what else
    was stated."""
    _policy(row)
    _reading(connection, row)
    _changes(connection, row["program_code"])
    _other_policies(connection, row)


def _policy(row: dict[str, Any]) -> None:
    print_heading(f"Stated visa policy: {category_text(row)}{_limits(row)}")
    if row["evidence_quote"] is None:
        print_line("No stated policy is at hand. That is neither a yes nor a no.")
        return
    print_line(
        f"H-1B {STATED_WORDS[row['h1b_stated']]}, J-1 {STATED_WORDS[row['j1_stated']]}, "
        f"Step 3 for H-1B {STATED_WORDS[row['step3_required_for_h1b']]}"
        + (f" ({row['step3_deadline']})" if row["step3_deadline"] else "")
    )
    print_line(f"Whose statement: {EVIDENCE_SCOPE_WORDS[row['evidence_scope']]} ({_dated(row)}).")
    lead = _KIND[row["evidence_kind"]]
    print_line(f"{lead}: {row['evidence_quote']}" if lead else row["evidence_quote"])
    print_line(f"{row['evidence_url'] or 'no address'}  [snapshot {row['evidence_snapshot']}]")


def _limits(row: dict[str, Any]) -> str:
    """Return what a glance must not miss of the terms: limited routes, and a pause; "" where there are none."""
    short = visa_text(row).removeprefix(row["visa_category"])
    return f",{short.replace('(', '').replace(')', '')}" if short else ""


def _dated(row: dict[str, Any]) -> str:
    """Return the day of the statement, or that it has none and when its page was saved and last changed."""
    if row["evidence_date"] is not None or row.get("evidence_saved_on") is None:
        return statement_day(row)
    changed = row.get("evidence_last_changed_on")
    server = f", last changed on {day_text(changed)} as its server says" if changed is not None else ""
    return f"no date of its own; {statement_day(row)}{server}"


def _reading(connection: DuckDBPyConnection, row: dict[str, Any]) -> None:
    """Print how sure the reading is, what it depends on, and what the same page says against it."""
    where = "snapshot_id = ? AND evidence_quote IS NOT DISTINCT FROM ? AND (program_code = ? OR institution_id = ?)"
    values = [row["evidence_snapshot"], row["evidence_quote"], row["program_code"], row["institution_id"]]
    found = rows(connection, "visa_policies", where, values, "program_code NULLS LAST, policy_id")
    for policy in found[:1]:
        conditions = ", ".join(CONDITION_WORDS[name] for name in policy["conditions"])
        if policy["evidence_kind"] == "page":
            print_line(
                f"Read with {policy['confidence']} confidence by the rules: {', '.join(policy['rules']) or 'none'}"
            )
        if conditions:
            print_line(f"Conditions: {conditions}")
        how = how_agreed(policy["rules"], policy.get("readings") or ())
        for reading in policy.get("readings") or ():
            print_line(f"{how}. {reading}")
        for sentence in policy["counter_evidence"]:
            print_line(f"The same page also says: {sentence}")


def _changes(connection: DuckDBPyConnection, code: str) -> None:
    for change in rows(connection, "policy_changes", "program_code = ?", [code], "program_code"):
        cause = change["cause"].replace("_", " ")
        print_heading(f"Changed since release {change['previous_release']} ({cause})")
        for when, title in (("old", "before"), ("new", "now")):
            policy, h1b, step3 = (change[f"{when}_{what}"] for what in ("policy", "h1b", "step3"))
            stated = f"{POLICY_WORDS[policy]}, H-1B {STATED_WORDS[h1b]}, Step 3 {STATED_WORDS[step3]}"
            print_line(
                f"{title}: {stated} ({day_text(change[f'{when}_date'])}): {change[f'{when}_quote'] or 'nothing stated'}"
            )


def _other_policies(connection: DuckDBPyConnection, row: dict[str, Any]) -> None:
    where = (
        "institution_id = ? AND (program_code IS NULL OR program_code = ?) "
        "AND snapshot_id IS DISTINCT FROM ? AND policy <> 'not_stated'"
    )
    values = [row["institution_id"], row["program_code"], row["evidence_snapshot"]]
    others = rows(connection, "visa_policies", where, values, "scope DESC, page_date DESC NULLS LAST, policy_id")
    if others:
        print_heading("Other statements at hand, which did not decide")
    for policy in others:
        about = policy["program_as_named"] or policy["institution_as_named"] or "the institution"
        kind = f"{policy['evidence_kind']}, {day_text(policy['page_date'])}"
        stated = POLICY_WORDS[policy["policy"]]
        print_line(f"- {about}: {stated} ({kind}): {policy['evidence_quote'] or ''} {policy['url'] or ''}")
