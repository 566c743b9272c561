"""Web addresses as text: the one form of an address, the site that it belongs to, its folder and its words.

Which hosts a request may go to is decided in `public_hosts`; nothing here uses the network.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from requests.utils import requote_uri
from urllib3.util import parse_url

from pipeline.sources.directory_pages.hosts import directory_of_host
from pipeline.sources.program_pages import usable_url

# Query parameters that name where a visitor came from; the page is the same without them.
_TRACKING: Final = re.compile(r"utm_\w+|gclid|fbclid|mc_[ce]id|_ga|sessionid|jsessionid|phpsessid", re.IGNORECASE)
_DEFAULT_PORT: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)


@dataclass(frozen=True)
class Site:
    """A host, without `www.`, and all hosts below it; port as written in its addresses, None for the default one."""

    host: str
    port: int | None = None

    @property
    def name(self) -> str:
        """The host, with the port where it is not the default one."""
        return self.host if self.port is None else f"{self.host}:{self.port}"


def normalise(address: str, base: str = "") -> str | None:
    """Return the one form of an http or https address that was found on the page `base`; None for anything else, and for one of a
    program directory, which is never fetched.

    Without fragment, tracking parameters and default port; host in lower case; percent-encoding after RFC 3986. The order
    of the query's parameters is kept, since servers may care.
    """
    try:
        return _normalised(urljoin(base, address.strip()))
    except ValueError:
        return None


def _normalised(address: str) -> str | None:
    parts = urlsplit(address)
    host, port = (parts.hostname or "").lower(), parts.port
    bracketed = f"[{host}]" if ":" in host else host
    if parts.scheme not in _DEFAULT_PORT or not _HOST.fullmatch(bracketed) or "@" in parts.netloc:
        return None
    if directory_of_host(host.rstrip(".")):
        return None
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in parameters if not _TRACKING.fullmatch(name)]
    query = parts.query if len(kept) == len(parameters) else urlencode(kept)
    shown = bracketed.rstrip(".")
    netloc = shown if port in (None, _DEFAULT_PORT[parts.scheme]) else f"{shown}:{port}"
    whole = requote_uri(urlunsplit((parts.scheme, netloc, parts.path or "/", query, "")))
    if not usable_url(whole):
        return None
    # Dots in the path (`/a/../b`) are resolved as the request would resolve them.
    return parse_url(whole).url if "/." in urlsplit(whole).path else whole


def host_of(url: str) -> str:
    """Return the host of a normalised address, without `www.`: the unit that gets one request at a time."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def page_key(url: str) -> str:
    """Return what distinguishes one page from another: a normalised address without its scheme and `www.`."""
    parts = urlsplit(url)
    return f"{parts.netloc.removeprefix('www.')}{parts.path}?{parts.query}"


def origin_of(url: str) -> str:
    """Return scheme, host and port of a normalised address: what one robots.txt is valid for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def site_of(url: str) -> Site:
    """Return the site that a normalised seed address opens."""
    return Site(host_of(url), urlsplit(url).port)


def within(url: str, site: Site) -> bool:
    """Decide whether a normalised address belongs to the site: its host or one below, at the default or the site's port."""
    host = host_of(url)
    port = urlsplit(url).port
    return port in (None, site.port) and (host == site.host or host.endswith(f".{site.host}"))


def folder_of(url: str) -> str:
    """Return the path of the folder that a page opens: `/a/b/` for `/a/b`, `/a/b/` and `/a/b/index.html`."""
    path = urlsplit(url).path
    head, _, last = path.rpartition("/")
    return f"{head}/" if "." in last or not last else f"{path}/"


def words_of(url: str) -> str:
    """Return the words of an address' host labels, path and query, for people and for ranking.

    Extensions, numbers and the two last labels of the host are left out.
    """
    parts = urlsplit(url)
    labels = (parts.hostname or "").removeprefix("www.").split(".")[:-2]
    segments = [re.sub(r"\.[a-z]{2,5}$", "", segment, flags=re.IGNORECASE) for segment in parts.path.split("/")]
    text = " ".join([*labels, *(unquote(segment) for segment in segments), unquote(parts.query)])
    # Words of CamelCase paths are words, too.
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(word for word in re.split(r"[^A-Za-z0-9]+", apart) if not word.isdigit()).strip()
