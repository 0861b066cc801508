"""Which IP addresses are of the Internet at large, so that asking one does not lead into our own network. Pure.

Source: IANA special-purpose address registries; OWASP, Server-Side Request Forgery Prevention.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address


def is_public(address: str) -> bool:
    """Whether an address is public, also by the IPv4 address that it carries within; a name is no address."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        within = parsed.ipv4_mapped or parsed.sixtofour
        if within is not None:
            return _is_global(within)
    return _is_global(parsed)


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    """Reserved are also the translated IPv4 addresses of NAT64, whatever stands behind them."""
    is_local = isinstance(address, IPv6Address) and (address.is_site_local or address.teredo is not None)
    return address.is_global and not address.is_multicast and not address.is_reserved and not is_local
