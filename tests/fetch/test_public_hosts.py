"""Which hosts a request may go to, and that a redirect or a name server gains nothing by trying."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug import Response

from pipeline.fetch.network import Network
from pipeline.fetch.public_hosts import is_public
from tests.fetch.conftest import Web


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "192.0.0.192", "168.63.129.16", "::127.0.0.1", "::8.8.8.8", "64:ff9b:1::7f00:1", "64:ff9b:1::808:808",
        "::ffff:0:10.0.0.1", "2001:db8::1", "3fff::1", "2600:1f00::5efe:10.0.0.8", "5f00::1", "fd00:ec2::254", "100.100.100.200", "2002:7f00:1::", "2002:808:808::1", "2001:0:7f00:1::", "2001:0:808:808::f7f7:f7f7", "fec0::1", "not an address", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "93.184.216.34",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2600::5efe:8.8.8.8",
    ],
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv6_cloak_hides_no_private_address(address: ipaddress.IPv4Address) -> None:
    for cloak in (f"::ffff:{address}", str(ipaddress.IPv6Address((0x64FF9B << 96) | int(address)))):
        assert is_public(cloak) <= is_public(str(address))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/to_itself", "redirect_loop"), ("/round/0", "redirect_loop"), ("/far/0", "redirect_loop"),
        ("/elsewhere", "off_site_redirect"), ("/port", "off_site_redirect"), ("/file", "bad_redirect"), ("/nowhere", "bad_redirect"),
        ("/metadata", "off_site_redirect"), ("/private", "address_refused"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("only_this_machine_is_public")
def test_redirects_that_are_not_followed(web: Web, path: str, code: str) -> None:
    targets = {
        "/to_itself": web.url("/to_itself"), "/round/0": "/round/1", "/round/1": "/round/0",
        **{f"/far/{number}": f"/far/{number + 1}" for number in range(20)},
        "/elsewhere": web.url("/", "elsewhere.test"), "/port": "http://site.test:22/", "/file": "file:///etc/passwd", "/nowhere": "",
        "/metadata": "http://169.254.169.254/latest/meta-data/", "/private": web.url("/", "inside.site.test"),
    }  # fmt: skip
    for source, target in targets.items():
        web.answer(source, lambda request, target=target: Response(status=302, headers={"Location": target}))
    report = web.fetch(
        web.seed(path),
        network=Network(lambda host, port: ["10.0.0.8"] if host.startswith("inside") else ["127.0.0.1"]),
        settings={"private_addresses": False},
    )
    assert web.outcomes(report) == {path: f"failed {code}"} and web.archived() == []
    assert len([other for other in web.requested if other.startswith(("/round", "/far", "/to"))]) <= 6


def test_redirects_within_the_site_are_followed(web: Web) -> None:
    web.answer("/old", lambda request: Response(status=301, headers={"Location": web.url("/new", "gme.site.test")}))
    web.page("/new")
    report = web.fetch(web.seed("/old"))
    assert web.outcomes(report) == {"/old": "new"} and web.archived() == [web.url("/new", "gme.site.test")]
    assert web.requested.count("/robots.txt") == 2  # of each host


@pytest.mark.usefixtures("only_this_machine_is_public")
def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was checked is what is connected to: the name is resolved once in a connection, and by the resolver alone."""
    web.page("/")
    real, looked_up = socket.getaddrinfo, []

    def numeric_only(host: str, *args: object, **kwargs: object) -> object:
        looked_up.append(host)
        return real(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", numeric_only)
    answers = iter([["127.0.0.1"], ["192.168.1.1"], ["127.0.0.1"]])
    report = web.fetch(network=Network(lambda host, port: next(answers)), settings={"private_addresses": False})
    assert web.outcomes(report) == {"/": "failed address_refused"}
    assert web.requested[0] == "/robots.txt" and "/" not in web.requested and set(looked_up) <= {"127.0.0.1"}


@pytest.mark.usefixtures("only_this_machine_is_public")
def test_a_host_with_one_private_address_is_refused(web: Web) -> None:
    network = Network(lambda host, port: ["127.0.0.1", "::1"])
    report = web.fetch(network=network, settings={"private_addresses": False})
    assert web.outcomes(report) == {"/": "failed address_refused"} and web.requested == []


def test_loopback_is_refused_unless_a_test_allows_it(web: Web) -> None:
    for host in ("127.0.0.1", "localhost"):
        report = web.fetch(web.seed(host=host), network=Network(), settings={"private_addresses": False})
        assert web.outcomes(report) == {"/": "failed address_refused"} and web.requested == []
