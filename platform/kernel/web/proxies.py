"""Proxies in front of us: whose X-Forwarded-For is believed, and what it says. Pure: the environment reads it too."""

from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

UNIX = "unix"  # a peer on a unix socket, which has no address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def network_of(proxy: str) -> Network:
    """Return the network of a trusted proxy; ValueError for no address or network, and for one that holds everybody."""
    network = ip_network(proxy)
    if network.prefixlen == 0:
        raise ValueError(f"{proxy} would believe everybody")
    return network


def check(proxies: Iterable[str]) -> None:
    """Pass where each is "unix", an address or a network; ValueError where not."""
    for proxy in proxies:
        if proxy != UNIX:
            network_of(proxy)


def client_address(*, peer: str, forwarded: str, trusted: tuple[str, ...]) -> Address | None:
    """Return the address of the client of a request; None where nobody whom we trust says it.

    Each proxy writes at the right end of X-Forwarded-For by whom it was asked, so it is read from there: past the
    proxies that are `trusted` to the first other address. Of another peer's header nothing is believed.
    """
    address = _read(peer)
    hops = forwarded.split(",")
    while hops and _is_trusted(address, trusted):
        hop = _read(hops.pop())
        if hop is None:
            break  # no proxy of ours wrote this
        address = hop
    return address


def _read(text: str) -> Address | None:
    """Return an address, written with a port or in brackets or not; None for anything else, as a unix socket's peer."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address | None, trusted: tuple[str, ...]) -> bool:
    if address is None:
        return UNIX in trusted
    return any(address in network for network in _networks(trusted))


@cache
def _networks(trusted: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(network_of(proxy) for proxy in trusted if proxy != UNIX)
