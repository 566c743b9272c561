"""Where data is, and what the operator may set by environment variables: the data folder, how pages are fetched, a third reader."""

from __future__ import annotations

import ipaddress
import math
import os
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pipeline.errors import UserError

PROJECT: Final = Path(__file__).resolve().parents[1]
DATA_DIR_VARIABLE: Final = "H1B_DATA_DIR"
CONTACT_VARIABLE: Final = "H1B_FETCH_CONTACT"
DELAY_VARIABLE: Final = "H1B_FETCH_DELAY"
HOSTS_VARIABLE: Final = "H1B_FETCH_HOSTS"
PAGES_VARIABLE: Final = "H1B_FETCH_PAGES"
MEGABYTES_VARIABLE: Final = "H1B_FETCH_MEGABYTES"
READER_VARIABLE: Final = "H1B_READER"
KEY_VARIABLE: Final = "H1B_READER_KEY"
PRICES_VARIABLE: Final = "H1B_READER_PRICES"
LEAST_DELAY: Final = 5.0
# An address up to its version is the endpoint, the rest the model, which may hold slashes; without a version the last part is.
_HOST: Final = r"https?://(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?(?:/[^/\s?#@]+)*?"
_READER: Final = re.compile(rf"({_HOST}/v\d\w*(?:/openai)?|{_HOST}(?=/[^/]+$))/([!-~]+)", re.ASCII)
# The most, in per cent, by which a figure of a release may fall short of the last one's. The variables are H1B_GATE_<FIGURE>.
GATE_VARIABLE: Final = "H1B_GATE_"
KEEP_VARIABLE: Final = "H1B_KEEP_MONTHS"
KEEP_MONTHS: Final = 3
STORE_VARIABLE: Final = "H1B_CURATED_URL"


class SettingsError(UserError):
    """A setting that is missing or can't be used: one line that names the variable and says what to do."""


@dataclass(frozen=True)
class DataFolder:
    """`raw/` (the archive) and `curated/` (releases) below one folder."""

    root: Path

    @property
    def raw(self) -> Path:
        """The archive: append-only."""
        return self.root / "raw"

    @property
    def curated(self) -> Path:
        """Releases and the `latest` pointer."""
        return self.root / "curated"

    @property
    def judgements(self) -> Path:
        """The operator's own rulings: CSV files, merged over the shipped ones."""
        return self.root / "judgements"

    @property
    def notes(self) -> Path:
        """The operator's own interest in programs, and notes on them: a CSV file."""
        return self.root / "own_notes.csv"

    @property
    def letters(self) -> Path:
        """Letters of the operator to programs, and their answers: a CSV file."""
        return self.root / "own_letters.csv"

    @property
    def work(self) -> Path:
        """Tables of the run under way; may be deleted at any time between runs."""
        return self.curated / ".work"

    @property
    def parsed(self) -> Path:
        """What the readers made of large files; may be deleted at any time between runs."""
        return self.work / "parsed"

    @property
    def latest(self) -> Path:
        """Pointer to the newest release."""
        return self.curated / "latest"

    @property
    def answers(self) -> Path:
        """What language models answered about pages: each answer is paid for once."""
        return self.root / "answers"

    @property
    def inbox(self) -> Path:
        """Where files may be dropped, to be taken where Dagster's daemon runs."""
        return self.root / "inbox"

    @property
    def fetch(self) -> Path:
        """Journal of the fetch under way and reports of those that have ended."""
        return self.root / "fetch"


def data_folder() -> DataFolder:
    """Return the folder that H1B_DATA_DIR names; else `data/` of the checkout; else, where the package is installed, a folder of
    the user's: what lies among installed packages is lost with the next upgrade.

    That is `h1b-sponsors` below XDG_DATA_HOME, which is `~/.local/share` by default (XDG Base Directory Specification).
    """
    named = os.environ.get(DATA_DIR_VARIABLE, "").strip()
    if named:
        return DataFolder(Path(named).expanduser().resolve())
    if (PROJECT / "pyproject.toml").is_file():
        return DataFolder(PROJECT / "data")
    share = Path(os.environ.get("XDG_DATA_HOME", ""))
    return DataFolder((share if share.is_absolute() else Path.home() / ".local" / "share") / "h1b-sponsors")


@dataclass(frozen=True)
class GateSettings:
    """By how much, in per cent, each figure of a release may fall short of the last one's before `latest` is held back.

    linked: share of the institutions with a petitioner. policies: programs with a stated policy. tiers, cap_categories: each
    of them. With 100 nothing is ever held back for that figure. Tiers and categories move more than the rest, since each page
    that is read moves programs from one to another.
    """

    programs: float = 15.0
    institutions: float = 15.0
    linked: float = 15.0
    policies: float = 15.0
    tiers: float = 50.0
    cap_categories: float = 50.0


def gate_settings() -> GateSettings:
    """Read the bounds of the gate from H1B_GATE_PROGRAMS and so on. Raises SettingsError for what is no number from 0 to 100."""
    return GateSettings(
        **{
            bound.name: _number(
                f"{GATE_VARIABLE}{bound.name.upper()}", float(str(bound.default)), 0, 100, "per cent that may be lost"
            )
            for bound in fields(GateSettings)
        }
    )


def keep_months() -> int:
    """Read for how many months all releases are kept from H1B_KEEP_MONTHS. Raises SettingsError for what is no number from 1 to 1,200."""
    return int(_number(KEEP_VARIABLE, KEEP_MONTHS, 1, 1_200, "months of which all releases are kept"))


def store_address() -> str:
    """Return the address of the object store that H1B_CURATED_URL names, where each release goes, too; "" for none, as by default."""
    return os.environ.get(STORE_VARIABLE, "").strip()


@dataclass(frozen=True)
class FetchSettings:
    """How pages are fetched. Times in seconds, sizes in bytes.

    contact: address at which the operator can be reached, part of the User-Agent. delay: least time between the end of one
    request to a host and the next. hosts_at_once: sites visited in parallel. pages_per_site, bytes_per_site,
    sitemaps_per_site: budget of a site in one run. page_bytes: largest page, also when decompressed. connect_seconds: until
    connected to an address; silence_seconds: without a byte; request_seconds: a whole request. redirects: the most that one
    page may take. longest_wait: the longest Retry-After and crawl-delay that is waited for; a site that wants more is left
    alone. retry_seconds: wait where a host is busy and does not say for how long. failures_in_a_row: after so many a host
    is left alone. private_addresses: whether hosts may be on private or loopback addresses; no variable sets it.
    certificates: file of trusted certificates, "" for the usual ones.
    """

    contact: str
    delay: float = LEAST_DELAY
    hosts_at_once: int = 16
    pages_per_site: int = 25
    bytes_per_site: int = 50 << 20
    sitemaps_per_site: int = 5
    page_bytes: int = 10 << 20
    connect_seconds: float = 10.0
    silence_seconds: float = 20.0
    request_seconds: float = 60.0
    redirects: int = 5
    longest_wait: float = 300.0
    retry_seconds: float = 30.0
    failures_in_a_row: int = 3
    private_addresses: bool = False
    certificates: str = ""


def fetch_settings() -> FetchSettings:
    """Read how pages are fetched from the environment.

    Raises SettingsError without a contact, for a delay under LEAST_DELAY and for a number that is none or out of range.
    """
    contact = os.environ.get(CONTACT_VARIABLE, "").strip()
    if not contact:
        raise SettingsError(
            f"pages are fetched only under an address at which you can be reached. Set {CONTACT_VARIABLE}=https://…"
        )
    if not re.fullmatch(r"https?://[\w.-]+\.[a-z]{2,}(?:[:/?#][!-~]*)?", contact, re.IGNORECASE | re.ASCII):
        raise SettingsError(f"{CONTACT_VARIABLE}={contact[:80]!r} is no web address. Set it to https://…")
    return FetchSettings(
        contact=contact,
        delay=_number(DELAY_VARIABLE, LEAST_DELAY, LEAST_DELAY, 3600, "seconds between requests to a host"),
        hosts_at_once=int(_number(HOSTS_VARIABLE, 16, 1, 64, "sites in parallel")),
        pages_per_site=int(_number(PAGES_VARIABLE, 25, 1, 1_000, "pages of a site")),
        bytes_per_site=int(_number(MEGABYTES_VARIABLE, 50, 1, 2_000, "megabytes of a site")) << 20,
    )


@dataclass(frozen=True)
class ReaderSettings:
    """The third reader of visa policies: `model` at the OpenAI-compatible endpoint `url`, and the bounds of one run.

    key: "" where the endpoint wants none; never shown. seconds: for one page, all attempts together. minutes, tokens, dollars:
    for a run. price_in, price_out: dollars for a million tokens of question and of answer. retries: of one page, where the
    endpoint is busy. answer_tokens, answer_bytes: of one answer. failures_in_a_row: after so many the run ends.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 180.0
    minutes: float = 120.0
    tokens: int = 2_000_000
    dollars: float = 5.0
    price_in: float = 0.0
    price_out: float = 0.0
    retries: int = 2
    answer_tokens: int = 1_500
    answer_bytes: int = 256 << 10
    failures_in_a_row: int = 3


def reader_settings() -> ReaderSettings | None:
    """Read which third reader there is from the environment, as `reader_named` does; None where none is set, as by default."""
    named = os.environ.get(READER_VARIABLE, "").strip()
    return reader_named(named) if named else None


def reader_named(text: str) -> ReaderSettings:
    """Return the third reader at `text` (URL/MODEL), with key and bounds from the environment.

    Raises SettingsError for what is no such address, for one that holds a secret, for a key that would go over the net
    unencrypted, and for a number that is none or out of range.
    """
    parts = _READER.fullmatch(text)
    if parts is None:
        # Not shown: somebody may have written a key into it.
        raise SettingsError(
            f"the third reader is no URL/MODEL. Set {READER_VARIABLE}=http://localhost:11434/v1/MODEL; a key goes into {KEY_VARIABLE}"
        )
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if not re.fullmatch(r"[!-~]*", key):
        raise SettingsError(f"{KEY_VARIABLE} holds blanks or characters beyond ASCII: it is no key. Set it anew")
    if key and parts[1].startswith("http:") and not _near(urlsplit(parts[1]).hostname or ""):
        raise SettingsError(
            f"{KEY_VARIABLE} would go to {parts[1][:80]} unencrypted. Use an address that begins with https://"
        )
    price_in, price_out = _prices()
    return ReaderSettings(
        url=parts[1],
        model=parts[2],
        key=key,
        seconds=_number("H1B_READER_SECONDS", 180, 1, 3_600, "seconds for a page"),
        minutes=_number("H1B_READER_MINUTES", 120, 1, 10_000, "minutes of a run"),
        tokens=int(_number("H1B_READER_TOKENS", 2_000_000, 1, 1e9, "tokens of a run")),
        dollars=_number("H1B_READER_DOLLARS", 5, 0, 10_000, "dollars of a run"),
        price_in=price_in,
        price_out=price_out,
    )


def _near(host: str) -> bool:
    """Decide whether a host is this machine or in a private network, by how its address is written."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"


def _prices() -> tuple[float, float]:
    """Return the dollars for a million tokens of question and of answer; none set is 0."""
    text = os.environ.get(PRICES_VARIABLE, "").strip() or "0/0"
    parts = re.fullmatch(r"(\d{1,4}(?:\.\d{1,6})?)/(\d{1,4}(?:\.\d{1,6})?)", text, re.ASCII)
    if parts is None:
        raise SettingsError(
            f"{PRICES_VARIABLE}={text[:80]!r}: prices are dollars a million tokens, IN/OUT, such as 0.15/0.60"
        )
    return float(parts[1]), float(parts[2])


def _number(variable: str, default: float, least: float, most: float, what: str) -> float:
    text = os.environ.get(variable, "").strip()
    try:
        value = float(text) if text else default
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise SettingsError(f"{variable}={text!r}: {what} is a number from {least:g} to {most:g}")
    return value
