"""Web addresses and hosts: one form for each address, what belongs to a site, and which hosts a request may go to."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from requests.utils import requote_uri
from urllib3.util import parse_url

from pipeline.sources.program_pages import usable_url

# Query words that tell where a visitor came from; the page is the same without them.
_TRACKING: Final = re.compile(r"utm_\w+|gclid|fbclid|mc_[ce]id|_ga|sessionid|jsessionid|phpsessid", re.IGNORECASE)
_DEFAULT_PORT: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
# Prefixes under which an IPv4 address is carried inside an IPv6 one.
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Resolver = Callable[[str, int], list[str]]


class AddressRefusedError(Exception):
    """A host that no request may go to: it is, or one of its addresses is, not on the public Internet."""


@dataclass(frozen=True)
class Site:
    """A host, without `www.`, and all hosts below it; port as written in its addresses, None for the usual one."""

    host: str
    port: int | None = None

    @property
    def name(self) -> str:
        """The site in words."""
        return self.host if self.port is None else f"{self.host}:{self.port}"


def normalise(address: str, base: str = "") -> str | None:
    """The one form of an http or https address, seen from the page `base`; None for anything else.

    Without fragment, tracking words and default port; host in lower case; percent-encoding as RFC 3986 has it. The order
    of the query's words is kept, since servers may care.
    """
    try:
        parts = urlsplit(urljoin(base, address.strip()))
        host, port = (parts.hostname or "").lower(), parts.port
        if parts.scheme not in _DEFAULT_PORT or not _HOST.fullmatch(f"[{host}]" if ":" in host else host):
            return None
        words = parse_qsl(parts.query, keep_blank_values=True)
        kept = [(name, value) for name, value in words if not _TRACKING.fullmatch(name)]
        query = parts.query if len(kept) == len(words) else urlencode(kept)
    except ValueError:
        return None
    shown = f"[{host}]" if ":" in host else host.rstrip(".")
    netloc = shown if port in (None, _DEFAULT_PORT[parts.scheme]) else f"{shown}:{port}"
    if "@" in parts.netloc:
        return None
    whole = requote_uri(urlunsplit((parts.scheme, netloc, parts.path or "/", query, "")))
    if not usable_url(whole):
        return None
    # Dots in the path (`/a/../b`) are resolved as the request would resolve them.
    return parse_url(whole).url if "/." in urlsplit(whole).path else whole


def host_of(url: str) -> str:
    """Host of a normalised address, without `www.`: the unit that is asked one thing at a time."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def page_key(url: str) -> str:
    """What tells one page from another: a normalised address without its scheme and `www.`, which seldom matter."""
    parts = urlsplit(url)
    return f"{parts.netloc.removeprefix('www.')}{parts.path}?{parts.query}"


def origin_of(url: str) -> str:
    """Scheme, host and port of a normalised address: what a robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def site_of(url: str) -> Site:
    """The site that a normalised start address opens."""
    return Site(host_of(url), urlsplit(url).port)


def within(url: str, site: Site) -> bool:
    """Whether a normalised address belongs to the site: its host or one below it, at the usual port or the site's own."""
    host = host_of(url)
    port = urlsplit(url).port
    return port in (None, site.port) and (host == site.host or host.endswith(f".{site.host}"))


def folder_of(url: str) -> str:
    """Path of the folder that a page opens: `/a/b/` for `/a/b`, `/a/b/` and `/a/b/index.html`."""
    path = urlsplit(url).path
    head, _, last = path.rpartition("/")
    return f"{head}/" if "." in last or not last else f"{path}/"


def words_of(url: str) -> str:
    """The words of an address' host labels and path, for people and for ranking; extensions and numbers left out."""
    parts = urlsplit(url)
    labels = (parts.hostname or "").removeprefix("www.").split(".")[:-2]
    segments = [re.sub(r"\.[a-z]{2,5}$", "", segment, flags=re.IGNORECASE) for segment in parts.path.split("/")]
    text = " ".join([*labels, *(unquote(segment) for segment in segments), unquote(parts.query)])
    # Words of CamelCase paths are words, too.
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(word for word in re.split(r"[^A-Za-z0-9]+", apart) if not word.isdigit()).strip()


def system_resolver(host: str, port: int) -> list[str]:
    """Addresses of a host as the system knows them. Raises OSError where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address is on the public Internet: not private, loopback, link-local, shared, reserved or multicast,

    also not when carried inside an IPv6 address (mapped, 6to4, Teredo, NAT64).
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = [parsed.ipv4_mapped, parsed.sixtofour, *(parsed.teredo or ())]
        if parsed in _NAT64:
            inner.append(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF))
        if any(not is_public(str(one)) for one in inner if one is not None):
            return False
        if parsed.ipv4_mapped is not None or parsed in _NAT64:
            return True
        if parsed.is_site_local:
            return False
    return parsed.is_global and not parsed.is_multicast


def checked_addresses(host: str, port: int, resolver: Resolver, *, private: bool) -> list[str]:
    """The addresses that a connection to `host` may use. All must be public unless `private`: a host with one foot inside

    is refused whole. Raises AddressRefusedError; OSError where the name is unknown.
    """
    addresses = resolver(host, port)
    if not addresses:
        raise OSError(f"{host} has no address")
    inside = [address for address in addresses if not is_public(address)]
    if inside and not private:
        raise AddressRefusedError(f"{host} is at {inside[0]}, which is not on the public Internet")
    return addresses
