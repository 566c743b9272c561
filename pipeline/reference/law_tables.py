"""Descriptions of the tables of law: regimes of the payment, orders of states, holds on nationals of listed countries."""

from __future__ import annotations

from typing import Final

from pipeline.reference.model import ReferenceTable
from pipeline.schemas.vocabulary import PAYMENT_REGIME, ROUTE, STATES

_DAY: Final = r"\d{4}-\d{2}-\d{2}"
# Whether the text of a law, order or judgment itself was read, or reports about it.
_READ: Final = ("text", "reports")


def _some(*words: str) -> str:
    """Return the form of a cell that holds one or more of some words, parted by bars."""
    one = "|".join(words)
    return rf"(?:{one})(?:\|(?:{one}))*"


LAW: Final = (
    ReferenceTable(
        "law/freezes.csv",
        "Orders of states that public bodies file no new petitions",
        ("freeze", "state", "bodies", "from_day", "until_day", "what", "exceptions", "source", "read", "as_of"),
        required=("freeze", "state", "bodies", "from_day", "what", "source", "read", "as_of"),
        allowed={"state": STATES, "bodies": ("public_school", "listed_school", "state_agency"), "read": _READ},
        patterns={"from_day": _DAY, "until_day": rf"({_DAY})?", "as_of": _DAY},
        key=("freeze",),
        order=("freeze",),
    ),
    ReferenceTable(
        "law/frozen_schools.csv",
        "Schools that an order of a state names, by their id in IPEDS",
        ("freeze", "unitid", "name", "source"),
        required=("freeze", "unitid", "name", "source"),
        patterns={"unitid": r"\d{6}"},
        key=("freeze", "unitid"),
        order=("freeze", "unitid"),
    ),
    ReferenceTable(
        "law/hold_countries.csv",
        "Countries that a proclamation on the entry of their nationals lists, and how; not_listed: one that may be taken for another",
        ("country", "also_called", "listed", "source"),
        required=("country", "listed", "source"),
        allowed={"listed": ("full", "partial", "immigrants", "not_listed")},
        key=("country",),
        order=("country",),
    ),
    ReferenceTable(
        "law/holds.csv",
        "What is closed to nationals of listed countries: visas and routes, from a day until a day",
        (
            "hold",
            "listed",
            "visas",
            "routes",
            "from_day",
            "until_day",
            "what",
            "exceptions",
            "authority",
            "source",
            "read",
            "as_of",
        ),
        required=("hold", "listed", "visas", "routes", "from_day", "what", "authority", "source", "read", "as_of"),
        allowed={"read": _READ},
        patterns={
            "listed": _some("full", "partial", "immigrants"),
            "visas": _some("H-1B", "J-1"),
            "routes": _some(*ROUTE),
            "from_day": _DAY,
            "until_day": rf"({_DAY})?",
            "as_of": _DAY,
        },
        key=("hold",),
        order=("hold",),
    ),
    ReferenceTable(
        "law/regimes.csv",
        "What new petitions cost, by route and day; the rows of a route follow one another without a gap",
        ("regime", "route", "from_day", "until_day", "amount_usd", "who", "authority", "source", "read", "as_of"),
        required=("regime", "route", "amount_usd", "source", "read", "as_of"),
        allowed={"regime": PAYMENT_REGIME[:4], "route": ROUTE, "read": _READ},
        patterns={"from_day": rf"({_DAY})?", "until_day": rf"({_DAY})?", "amount_usd": r"\d+", "as_of": _DAY},
        key=("route", "from_day"),
    ),
)
