"""Which network addresses are public: the rules behind every call to an address somebody else chose.

Venues' sessions (`scrapers.http.guard`) and people's alert channels (`opportunities.alerts`) judge by it.
A name is judged by what it leads to, never by how it is written: `2130706433`, `0x7f.1`, `0177.0.0.1` and
`127.1` all lead to 127.0.0.1, and a name of the public internet may be pointed inside at any time.
"""

import ipaddress
import socket
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from common.errors import InvalidInput, TemporarilyUnavailable

RESOLVE_SECONDS: Final = 5.0

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]

# `is_global` lets some of these through, though each may lead inside (RFC 6052, 8215, 3056, 7526, 4380).
_DENIED: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10", "::/96", "192.88.99.0/24",
        "100.64.0.0/10", "0.0.0.0/8", "240.0.0.0/4",
    )
)  # fmt: skip

_RESOLVERS: Final = ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolve")


class AddressForbidden(InvalidInput):
    """The address leads to this machine, to its network, or to nothing that may be called."""

    default_code = "address_forbidden"


class HostNotFound(TemporarilyUnavailable):
    """The name leads nowhere now."""

    default_code = "host_not_found"


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet. Anything that is no address does not."""
    try:
        parsed: Address | None = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if parsed is None or not parsed.is_global or parsed.is_multicast:
        return False
    return not any(parsed in network for network in _DENIED if network.version == parsed.version)


def is_listed(host: str, port: int, *, allowed: Collection[str]) -> bool:
    """Tell whether an operator's list names a host, by `host` (every port), `host:port` or `[v6]:port`."""
    name = host.strip("[]").lower()
    written = f"[{name}]" if ":" in name else name
    entries = {entry.strip().lower() for entry in allowed}
    return bool(entries & {name, written, f"{written}:{port}"})


def resolve_host(host: str, port: int) -> list[str]:
    """Return every IP address a name leads to, in the order of the resolver.

    Raises:
        HostNotFound: if there is none, or nobody answers within `RESOLVE_SECONDS`.
    """
    answer: Future[list[str]] = _RESOLVERS.submit(_lookup, host, port)
    try:
        return answer.result(timeout=RESOLVE_SECONDS)
    except (OSError, UnicodeError, FutureTimeout) as error:
        raise HostNotFound(detail="The host name leads nowhere.") from error


def _lookup(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(
    host: str, port: int, *, allowed: Collection[str] = (), resolve: Resolve = resolve_host
) -> list[str]:
    """Return the addresses of a host that may be called; all of them must be public, or the host listed.

    Args:
        host: name or literal address, in any spelling.
        port: TCP port.
        allowed: hosts an operator lets in although they are private, see `is_listed`.
        resolve: from a name and a port to IP addresses.

    Raises:
        AddressForbidden: if one of them is not public.
        HostNotFound: if the name leads nowhere.
    """
    found = resolve(host, port)
    if not found:
        raise HostNotFound(detail="The host name leads nowhere.")
    if not is_listed(host, port, allowed=allowed) and not all(is_public(address) for address in found):
        raise AddressForbidden(detail="The host does not lead to the public internet.")
    return found
