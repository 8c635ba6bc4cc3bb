"""Callers: the address from which a request comes, as the proxies in front of us say it, if we trust them."""

from ipaddress import ip_network

from django.conf import settings
from django.http import HttpRequest

from kernel.web.proxies import client_address

SITE_PREFIX = 64  # of IPv6: what one household or office is given; whoever has one address has all of it


def client_ip(request: HttpRequest) -> str:
    """Return the address of the client, "" where none is known: a caller on a local socket."""
    address = client_address(
        peer=request.META.get("REMOTE_ADDR") or "",
        forwarded=request.META.get("HTTP_X_FORWARDED_FOR", ""),
        trusted=tuple(settings.NUOXING_TRUSTED_PROXIES),
    )
    return "" if address is None else str(address)


def counted_as(request: HttpRequest) -> str:
    """Return as whom a client is counted where something is limited: its address, of IPv6 the site's network."""
    address = client_ip(request)
    return str(ip_network(f"{address}/{SITE_PREFIX}", strict=False)) if ":" in address else address
