"""The address of a caller: from the proxies that are trusted, read from the right, and from nobody else."""

from typing import Any

import pytest
from django.test import RequestFactory

from kernel.web import callers, proxies

CLIENT, FORGED, PROXY, EDGE = "203.0.113.7", "198.51.100.9", "10.0.0.1", "10.9.0.1"
SITE = "2001:db8:1:2::/64"


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ("", CLIENT, "", CLIENT),
        ("", CLIENT, FORGED, CLIENT),
        ("unix", CLIENT, FORGED, CLIENT),
        ("", "", FORGED, ""),
        ("unix", "", CLIENT, CLIENT),
        ("unix", "", "", ""),
        ("unix", "", f"{FORGED}, {CLIENT}", CLIENT),
        ("unix", "/run/socket", CLIENT, CLIENT),
        ("10.0.0.0/24", PROXY, f"{FORGED}, {CLIENT}", CLIENT),
        ("10.0.0.0/24", EDGE, f"{FORGED}, {CLIENT}", EDGE),
        ("10.0.0.1", PROXY, f"{FORGED},{CLIENT}, {EDGE}", EDGE),
        ("10.0.0.0/8", PROXY, f"{FORGED}, {CLIENT}, {EDGE}", CLIENT),
        ("10.0.0.0/8", PROXY, f"{EDGE}, {PROXY}", EDGE),
        ("10.0.0.0/8", PROXY, f"{CLIENT}, unknown, {EDGE}", EDGE),
        ("10.0.0.0/8", PROXY, "unknown", PROXY),
        ("unix", "", f"{CLIENT}:4711", CLIENT),
        ("unix", "", "[2001:db8::1]:4711", "2001:db8::1"),
        ("unix", "", "2001:DB8::0001", "2001:db8::1"),
        ("unix", "", "fe80::1%eth0", "fe80::1"),
        ("unix", "", f"::ffff:{CLIENT}", CLIENT),
        ("10.0.0.0/8", f"::ffff:{PROXY}", CLIENT, CLIENT),
        ("2001:db8:ffff::/48", "2001:db8:ffff::1", CLIENT, CLIENT),
        ("127.0.0.1", "127.0.0.1", f"{FORGED}, {CLIENT}", CLIENT),
    ],
)
def test_the_address_is_the_first_from_the_right_that_is_no_proxy_of_ours(
    settings: Any, trusted: str, peer: str, forwarded: str, address: str
) -> None:
    settings.NUOXING_TRUSTED_PROXIES = [part for part in trusted.split(",") if part]
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert callers.client_ip(request) == address


def test_a_request_on_a_socket_that_names_no_peer_at_all_has_no_address(settings: Any) -> None:
    settings.NUOXING_TRUSTED_PROXIES = ["unix"]
    request = RequestFactory().get("/")
    del request.META["REMOTE_ADDR"]
    assert (callers.client_ip(request), callers.counted_as(request)) == ("", "")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::1", SITE),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", SITE),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
    ],
)
def test_ipv6_is_counted_by_its_site(address: str, counted: str) -> None:
    assert callers.counted_as(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


@pytest.mark.parametrize("proxy", ["0.0.0.0/0", "::/0", "10.0.0.1/8", "nginx", "*", ""])
def test_what_would_believe_everybody_or_is_no_network_is_no_proxy(proxy: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        proxies.check(["unix", proxy])
