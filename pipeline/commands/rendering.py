"""What the explaining commands share: rows of a release as plain values, and how lines are printed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.markup import escape

from pipeline.commands.console import out
from pipeline.commands.tables import wrapped
from pipeline.policies.statement_dates import is_year_only
from pipeline.schemas.vocabulary import (
    ACCREDITATION_WORDS,
    CAP_EXEMPT_WORDS,
    CONDITION_WORDS,
    ROUTE,
    SPONSOR_TIER_WORDS,
    VISA_CATEGORY,
    VISA_CATEGORY_WORDS,
)
from pipeline.tiers.accreditation import ACCREDITED, NOT_LISTED

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


CONSULATE, _, TRANSFER = ROUTE


def rows(connection: DuckDBPyConnection, table: str, where: str, values: list[Any], order: str) -> list[dict[str, Any]]:
    """Return rows of a table of the release as plain values, None where null.

    connection: as `Release.connect` yields it. where, order: SQL of our own; values: what the user gave, for each `?`.
    """
    return (
        connection.sql(f"SELECT * FROM {table} WHERE {where} ORDER BY {order}", params=values)
        .to_arrow_table()
        .to_pylist()
    )


def print_heading(text: str) -> None:
    """Print a heading after an empty line."""
    out.print(f"\n[bold]{escape(text)}[/bold]", soft_wrap=True)


def print_line(text: str, indent: int = 2) -> None:
    """Print a line of text, indented by that many columns, no word of it broken; nothing in it is taken for markup."""
    for line in wrapped(text, " " * indent, out.width):
        out.print(escape(line), soft_wrap=True)


def petitioner_names(connection: DuckDBPyConnection, petitioners: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the name of each petitioner with the end of its tax id and its place: names alone are shared.

    petitioners: records of the list, in the order of the answer.
    """
    ids = [one["petitioner_id"] for one in petitioners]
    known = {
        row["petitioner_id"]: row
        for row in rows(connection, "petitioners", "list_contains(?, petitioner_id)", [ids], "name")
    }
    return [_identified(one["name"], known.get(one["petitioner_id"])) for one in petitioners]


def _identified(name: str, known: Mapping[str, Any] | None) -> str:
    if known is None:
        return name
    tax_id = f"tax id ending {known['tax_id_last4']}" if known["tax_id_last4"] else "tax id not known"
    cities = (
        known["cities"][:1]
        if len(known["cities"]) <= 1
        else [f"{known['cities'][0]} and {len(known['cities']) - 1} more"]
    )
    return f"{name} ({', '.join([tax_id, *cities, known['state'] or 'state not known'])})"


def visa_text(row: Mapping[Any, Any]) -> str:
    """Return the visa category of a row of the list with what limits its routes, or the day until which its no holds."""
    # Releases of before have no such columns.
    category, routes, paused = row["visa_category"], row.get("routes"), row.get("paused_until")
    if not pd.isna(paused):
        return f"{category} (paused until {day_text(paused)})"
    routes = [] if routes is None else list(routes)
    if not routes or CONSULATE in routes:
        return category
    return f"{category} (transfer only)" if routes == [TRANSFER] else f"{category} (in the US)"


def terms_text(row: Mapping[Any, Any]) -> str:
    """Return on which terms an H-1B is given by what is stated: Step 3, where it is required, by when; then the conditions."""
    stated, due = row["step3_required_for_h1b"], row["step3_deadline"]
    step3 = {"yes": f"Step 3{'' if pd.isna(due) else f' {due}'}", "no": "no Step 3"}.get(stated)
    conditions = [
        CONDITION_WORDS[name] for name in row["conditions"] if name != "case_by_case"
    ]  # which the letter B says
    return ", ".join(filter(None, [step3, *conditions]))


def categories_text(categories: Collection[str]) -> str:
    """Return what each of some visa categories means, in their own order: `A H-1B sponsored; ? needs confirmation`."""
    return "; ".join(f"{letter} {VISA_CATEGORY_WORDS[letter]}" for letter in VISA_CATEGORY if letter in categories)


def category_text(row: Mapping[Any, Any]) -> str:
    """Return the visa category of a row of the list with its meaning: `B, H-1B case by case`."""
    return f"{row['visa_category']}, {VISA_CATEGORY_WORDS[row['visa_category']]}"


def freeze_text(row: Mapping[Any, Any]) -> str:
    """Return how long the order of a state binds a row of the list that has one: `until 2027-01-05`."""
    until = row["state_freeze_until"]
    return "until further notice" if pd.isna(until) else f"until {day_text(until)}"


def statement_day(row: Mapping[Any, Any]) -> str:
    """Return the day of a statement as its row of the list has it; where it has none, the day on which its page was saved, as
    such."""
    date, saved = row["evidence_date"], row.get("evidence_saved_on")
    if not pd.isna(date):
        return day_text(date)[:4] if is_year_only(pd.Timestamp(date), row["evidence_kind"]) else day_text(date)
    return day_text(None) if pd.isna(saved) else f"saved on {day_text(saved)}"


def statement_source(row: Mapping[Any, Any]) -> str:
    """Return what kind of statement a row of the list has and whose it is: `restated, institution's`; "" where it has none."""
    scope = str(row["evidence_scope"]).replace("other_program", "another program")
    return "" if pd.isna(row["evidence_quote"]) else f"{row['evidence_kind']}, {scope}'s"


def statement_age(row: Mapping[Any, Any]) -> str:
    """Return the day of a statement with its age in whole years on the day of the list, where it is a year or more; "" without one."""
    if pd.isna(row["evidence_quote"]):
        return ""
    day = statement_day(row)
    if pd.isna(row["evidence_date"]):
        return day
    years = int((pd.Timestamp(row["as_of"]) - pd.Timestamp(row["evidence_date"])).days // 365.25)
    return f"{day}, {years} y old" if years else day


def at_a_glance(row: Mapping[Any, Any]) -> str:
    """Return what nobody should miss of a row of the list: visas, whose statement of which day, freeze, accreditation, list year."""
    stated = f" ({statement_source(row)}, {statement_age(row)})" if statement_source(row) else ""
    freeze = f"; new petitions frozen {freeze_text(row)}" if not pd.isna(row["state_freeze"]) else ""
    listed = f", list of {row['list_year']}" if not pd.isna(row["list_year"]) else ", year of the list not known"
    return (
        f"{row['program_code']} {row['specialty'] or row['program_name']}, {place_text(row)}: visa {visa_text(row)}{stated}{freeze}; "
        f"accreditation {ACCREDITATION_WORDS[row['accreditation']]}{listed}"
    )


def tier_text(row: Mapping[Any, Any]) -> str:
    """Return the tier of a row of the list in words, with the inferred likelihood where it has one: `likely 88 %`."""
    share = row["sponsoring_likelihood"]
    return SPONSOR_TIER_WORDS[row["sponsor_tier"]] + ("" if pd.isna(share) else f" {100 * share:.0f} %")


def cap_text(category: str | None) -> str:
    """Return the cap exemption of a petitioner, which is inferred, in words; "" where none was judged."""
    return "" if pd.isna(category) else CAP_EXEMPT_WORDS[category]


def place_text(row: Mapping[Any, Any]) -> str:
    """Return city and state of a row of the list, as far as they are known: `Boston, MA`."""
    return ", ".join(str(part) for part in (row["city"], row["state"]) if not pd.isna(part))


def standing_text(row: Mapping[Any, Any]) -> str:
    """Return where the accreditation of a row of the list stands; "" where it is accredited, or the list doesn't say."""
    plain = row["accreditation"] in (ACCREDITED, NOT_LISTED)
    return "" if plain else ACCREDITATION_WORDS[row["accreditation"]]


def counted(number: int, things: str) -> str:
    """Return a number with what it counts, a regular plural, in the singular where there is one: `1 program`, `4,728 programs`."""
    return f"{number:,} {things.removesuffix('s') if number == 1 else things}"


def day_text(value: Any) -> str:
    """Return a day as YYYY-MM-DD; in words where there is none."""
    return str(value)[:10] if value is not None else "undated"
