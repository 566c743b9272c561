"""Web domains of universities in the United States. See docs/sources/university_domains.md."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.sources.base import Hints, Layout, Parsed, Part, Probe, Source, recognise_by_header
from pipeline.sources.tabular.csv_files import blank_to_null, read_csv, required

TABLE: Final = Layout("university_domains", "csv", "csv", ("name", "state_province", "domains", "web_pages"))
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
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


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    return (Part("all", parsed.rows_kept, full=True),)


SOURCE: Final = Source(
    id="university_domains",
    title="University domains, United States",
    producer="Hipo, university-domains-list",
    url="https://github.com/Hipo/university-domains-list",
    licence="MIT",
    layouts=(TABLE,),
    recognise=recognise_by_header((TABLE,)),
    read=_read,
    parts=_parts,
    tables=("university_domains",),
)
