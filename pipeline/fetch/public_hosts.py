"""Which hosts a request may go to: those whose every address is on the public Internet.

Looks names up and judges addresses; connections are made in `connections`.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Final

# Prefixes of IPv6 addresses that are an IPv4 address in other clothes: mapped (RFC 4291) and NAT64 (RFC 6052).
_CARRIERS: Final = [ipaddress.ip_network(text) for text in ("::ffff:0:0/96", "64:ff9b::/96")]
# All other public IPv6 addresses are global unicast (RFC 4291, 2.4; IANA has assigned nothing else).
_UNICAST: Final = ipaddress.ip_network("2000::/3")
# What `ipaddress` calls global and is not, at least in some Python: protocol assignments and metadata services of clouds, documentation
# (RFC 9637), and 6to4, whose relays are gone (RFC 7526).
_NOT_PUBLIC: Final = [
    ipaddress.ip_network(text) for text in ("192.0.0.0/24", "168.63.129.16/32", "3fff::/20", "2002::/16")
]

Resolver = Callable[[str, int], list[str]]


class AddressRefusedError(Exception):
    """A host that no request may go to, since one of its addresses is not on the public Internet.

    Raised inside a connection and turned into a DownloadError `address_refused` by `download`; no user sees it.
    """


def system_resolver(host: str, port: int) -> list[str]:
    """Return the addresses of a host as the system knows them, each once. Raises OSError where there is none."""
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def is_public(address: str) -> bool:
    """Decide whether an IP address is on the public Internet, also when carried inside an IPv6 address.

    Private, loopback, link-local, shared, reserved and multicast addresses are not, nor is text that is no address.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return _is_global(parsed)
    carrier = any(parsed in network for network in _CARRIERS)
    return (carrier or (parsed in _UNICAST and _is_global(parsed))) and all(map(_is_global, _carried(parsed)))


def _is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not any(address in network for network in _NOT_PUBLIC)


def _carried(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """Return the IPv4 address that an IPv6 address carries: mapped, NAT64 or ISATAP. 6to4 and Teredo are not public whatever they carry."""
    number = int(address)
    isatap = (number >> 32) & 0xFDFF_FFFF == 0x5EFE
    carries = isatap or any(address in network for network in _CARRIERS)
    return [ipaddress.IPv4Address(number & 0xFFFF_FFFF)] if carries else []


def checked_addresses(host: str, port: int, resolver: Resolver, *, private: bool) -> list[str]:
    """Return the addresses that a connection to `host` may use.

    All must be public unless `private`: a host with one private address is refused whole. Raises AddressRefusedError;
    OSError where the name is unknown.
    """
    addresses = resolver(host, port)
    if not addresses:
        raise OSError(f"{host} has no address")
    inside = [address for address in addresses if not is_public(address)]
    if inside and not private:
        raise AddressRefusedError(f"{host} is at {inside[0]}, which is not on the public Internet")
    return addresses
