"""Web domains of universities in the United States.

Built to a CSV compiled from world_universities_and_domains.json of Hipo's university-domains-list. See
docs/sources/university_domains.md.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.sources.base import Bounds, Hints, Layout, Parsed, Probe, Source, whole
from pipeline.sources.tabular.columns import blank_to_null, required
from pipeline.sources.tabular.table_files import read_csv

TABLE: Final = Layout("university_domains", "csv", "csv", ("name", "state_province", "domains", "web_pages"))
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `university_domains`: one row for each university; names are no key."""
    sieve = read_csv(
        probe, "university_domains", {"name": "name", "state_province": "state_name", "domains": "domains"}
    )
    sieve.frame["domains"] = sieve.frame["domains"].str.lower().str.replace(" ", "", regex=False)
    required(sieve, "name", "name")
    sieve.reject(~sieve.frame["domains"].str.fullmatch(rf"{_DOMAIN}(?:\|{_DOMAIN})*"), "no domain in domains")
    sieve.require_rows()
    domains = [sorted(set(text.split("|"))) for text in sieve.frame["domains"]]
    table = pd.DataFrame(
        {
            "name": sieve.frame["name"],
            "state_name": blank_to_null(sieve.frame["state_name"]),
            "domains": pd.Series(domains, index=sieve.frame.index, dtype="object"),
        }
    )
    return sieve.parsed({"university_domains": table})


SOURCE: Final = Source(
    id="university_domains",
    title="University domains, United States",
    producer="Hipo, university-domains-list",
    url="https://github.com/Hipo/university-domains-list",
    licence="MIT",
    layouts=(TABLE,),
    read=_read,
    parts=whole(),
    tables=("university_domains",),
    bounds=Bounds(1_500, 5_000),
    watched=("name",),
)
