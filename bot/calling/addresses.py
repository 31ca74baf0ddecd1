"""Which addresses may be connected to. A name can be made to lead anywhere, also into the network that we are in."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def _networks(*written: str) -> tuple[Network, ...]:
    return tuple(map(ip_network, written))


INTERNAL = _networks(
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1/128", "fc00::/7")
)
"""Private networks and this machine: only for hosts that the policy calls internal."""
NEVER = _networks(
    *("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15"),
    *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    *("100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::254/128"),
)
"""Nobody's: reserved, link-local, multicast, for documentation, tunnels to IPv4 addresses (Teredo, 6to4); and where clouds hand
out credentials to whoever asks. From IANA's registries of special-purpose addresses."""
_GLOBAL = IPv6Network("2000::/3")
"""Of IPv6 all else is for something special: mapped and translated IPv4 addresses, link-local, multicast, and what is not given
out."""


def is_allowed(address: str, *, is_internal: bool) -> bool:
    """Whether this may be connected to, for a host that is internal or not. What is no plain address, such as one with a zone, is
    not."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if _lies_in(found, NEVER) or "%" in address:
        return False
    if _lies_in(found, INTERNAL):
        return is_internal
    return isinstance(found, IPv4Address) or found in _GLOBAL


def _lies_in(address: IPv4Address | IPv6Address, networks: tuple[Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
