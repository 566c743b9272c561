"""What publishers offer: the files of each source by period, where each is, how large it may be, and when the next is expected.

What belongs here: the rows of `reference/sources/publications.csv` as values. Title, producer, licence and bounds of a source are with its
reader; how a file is requested is for the room `fetch`.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.reference.load import read_rows

Periods = Literal["", "fiscal_year", "fiscal_quarter", "year_to_date", "newest_year", "parts"]
TABLE: Final = "sources/publications.csv"
# A period that ended so long ago is not requested again once a full file of it is in the archive: publishers correct for a year.
CLOSED_AFTER: Final = dt.timedelta(days=400)
_YEARS_BACK: Final = 3  # to the newest directory that a publisher has


@dataclass(frozen=True)
class Wanted:
    """One file that is wanted. name: of its period, "" where there is none. addresses: the first that is there counts.

    period: what the parts of the file must begin with (`FY2025`), "" where it says no period. closed: whether it changes no longer.
    """

    name: str
    addresses: tuple[str, ...]
    period: str = ""
    closed: bool = False


@dataclass(frozen=True)
class Publication:
    """The files of one kind that a source publishes.

    source, file: together the key; file in words. saved_by: `machine`, or `person` where the site does not want agents. address: of a
    file, with {year}, {quarter} or {part}; of a catalogue where `pick` is set, which is the way to the file's address in its JSON; of the
    page where a person saves it. hosts: the only ones that may be contacted. media: of the file. most_bytes: 0 for a person's. first, last:
    bounds of the periods, 0 for none. days: from one publication to the next. lag: days from the end of a period to its publication.
    layouts: those of the source's that this file has, all where empty. terms: of use. by_hand: what a person does. as_of: day on
    which the row was last compared with what is known of the publisher.
    """

    source: str
    file: str
    saved_by: Literal["machine", "person"]
    address: str
    pick: str
    hosts: tuple[str, ...]
    media: str
    most_bytes: int
    periods: Periods
    first: int
    last: int
    days: int
    lag: int
    layouts: tuple[str, ...]
    terms: str
    by_hand: str
    as_of: dt.date

    def wanted(self, today: dt.date, since: int) -> tuple[Wanted, ...]:
        """Return the files that should be there by `today`, the newest first. since: the first (fiscal) year that is requested."""
        return tuple(sorted(self._wanted(today, max(since, self.first)), key=lambda one: one.name, reverse=True))

    def _wanted(self, today: dt.date, since: int) -> Iterator[Wanted]:
        last = self.last or fiscal_year(today)
        if self.periods == "":
            yield Wanted("", (self.address,))
        elif self.periods == "parts":
            for part in range(self.first, self.last + 1):
                yield Wanted(f"part {part}", (self.address.format(part=part),))
        elif self.periods == "newest_year":
            years = range(today.year, today.year - _YEARS_BACK, -1)
            yield Wanted("newest", tuple(self.address.format(year=year) for year in years))
        else:
            for year in range(since, last + 1):
                yield from self._of_year(year, today)

    def _of_year(self, year: int, today: dt.date) -> Iterator[Wanted]:
        name, closed = f"FY{year}", quarter_end(year, 4) + CLOSED_AFTER < today
        if self.periods == "fiscal_year":
            if quarter_end(year, 1) + dt.timedelta(days=self.lag) <= today:
                yield Wanted(name, (self.address.format(year=year),), name, closed)
            return
        there = [number for number in (4, 3, 2, 1) if quarter_end(year, number) + dt.timedelta(days=self.lag) <= today]
        addresses = [(number, self.address.format(year=year, quarter=number)) for number in there]
        if self.periods == "year_to_date":
            if addresses:
                yield Wanted(name, tuple(address for _, address in addresses), name, closed)
            return
        for number, address in addresses:
            yield Wanted(f"{name}Q{number}", (address,), f"{name}Q{number}", closed)

    @property
    def ended(self) -> bool:
        """Whether nothing more is published in this form."""
        return bool(self.last) and self.periods != "parts"

    def expected(self, newest: dt.date | None) -> dt.date | None:
        """Return the day from which the next publication is expected. newest: day of the newest file at hand; None for none."""
        return None if newest is None else newest + dt.timedelta(days=self.days)


def fiscal_year(day: dt.date) -> int:
    """Return the fiscal year of the US government in which a day lies: it begins on 1 October of the year before."""
    return day.year + (day.month >= 10)


def quarter_end(year: int, quarter: int) -> dt.date:
    """Return the last day of a quarter (1 to 4) of a fiscal year."""
    return {
        1: dt.date(year - 1, 12, 31), 2: dt.date(year, 3, 31), 3: dt.date(year, 6, 30), 4: dt.date(year, 9, 30),
    }[quarter]  # fmt: skip


@functools.cache
def publications() -> tuple[Publication, ...]:
    """Return all publications in the order of the table. Raises ReferenceTableError for a row that can't be used."""
    return tuple(_publication(row) for row in read_rows(TABLE))


def _publication(row: dict[str, str]) -> Publication:
    texts = {name: row[name] for name in ("source", "file", "address", "pick", "media", "terms", "by_hand")}
    return Publication(
        **texts,
        saved_by="machine" if row["saved_by"] == "machine" else "person",
        hosts=tuple(row["hosts"].split()),
        most_bytes=int(row["megabytes"] or 0) << 20,
        periods=row["periods"],  # type: ignore[arg-type]  # one of the table's closed list
        first=int(row["first"] or 0),
        last=int(row["last"] or 0),
        days=int(row["days"]),
        lag=int(row["lag"]),
        layouts=tuple(row["layouts"].split()),
        as_of=dt.date.fromisoformat(row["as_of"]),
    )
