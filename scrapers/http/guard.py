"""Keeps requests on the venue's own, public addresses (server-side request forgery, DNS rebinding).

Three locks, each enough for its case: the address of a request must be one of the session's hosts; every name
is resolved here and only its checked addresses are handed on to be connected to; and the socket itself is
refused for any other address, whatever was asked for.
"""

import socket
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from common.addresses import is_public
from scrapers.errors import TargetForbidden

from .redaction import safe_url


@dataclass(frozen=True, slots=True)
class Host:
    """One origin a session may talk to.

    Args:
        name: host name in lower case, or a literal address.
        port: 443 unless private addresses are allowed.
        scheme: https unless private addresses are allowed.
        prefix: first path segment that belongs to this host (`/tcgcsv`), if several venues share an origin.
        is_private_allowed: whether it may be on this machine or network (simulator, operator's relay).
        label: closed name for metrics.
    """

    name: str
    port: int = 443
    scheme: str = "https"
    prefix: str = ""
    is_private_allowed: bool = False
    label: str = "other"

    @classmethod
    def of(
        cls, address: str, *, prefix: str = "", is_private_allowed: bool = False, label: str = "other"
    ) -> Self:
        """Return the host of a base address.

        Raises:
            TargetForbidden: if it is no http(s) address, or one that only a private host may have.
        """
        url = _parsed(address)
        host = cls(url.raw_host or "", url.port or 0, url.scheme, prefix, is_private_allowed, label)
        if not is_private_allowed and (host.scheme != "https" or host.port != 443):
            raise TargetForbidden(detail=f"{safe_url(url)} is not https on port 443.")
        return host

    @property
    def key(self) -> str:
        """What is paced as one: host, port unless it is 443, and the venue's segment of a shared origin."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return f"{name}{'' if self.port == 443 else f':{self.port}'}{self.prefix}"

    @property
    def base(self) -> URL:
        """Return the origin with the prefix."""
        return URL.build(scheme=self.scheme, host=self.name, port=self.port, path=self.prefix or "/")

    def covers(self, url: URL) -> bool:
        """Tell whether an address is this host's."""
        if (url.scheme, url.raw_host, url.port) != (self.scheme, self.name, self.port):
            return False
        path = url.raw_path
        return not self.prefix or path == self.prefix or path.startswith(f"{self.prefix}/")


def _parsed(address: str | URL) -> URL:
    """Parse with the library that later connects, so that both read the same host."""
    try:
        url = URL(address)
        is_usable = url.scheme in ("http", "https") and bool(url.raw_host) and url.port is not None
    except (ValueError, TypeError):
        is_usable = False
    if not is_usable:
        raise TargetForbidden(detail="The address is not a complete http(s) address.")
    return url


class Guard:
    """Decides which addresses a session may ask, and which sockets it may open.

    Args:
        allowed: the only hosts.
        proxy: address of the egress proxy, which may be private.
    """

    def __init__(self, allowed: Collection[Host], *, proxy: str = "") -> None:
        self._hosts = tuple(allowed)
        hosts = (*allowed, Host.of(proxy, is_private_allowed=True)) if proxy else self._hosts
        self._private_names = {host.name for host in hosts if host.is_private_allowed}
        # Addresses found for private names; literal ones are known from the start.
        self._private_sockets = {(host.name, host.port) for host in hosts if host.is_private_allowed}

    def host_of(self, url: URL | str) -> tuple[URL, Host]:
        """Return the parsed address and the host it belongs to.

        Raises:
            TargetForbidden: if it is none of the session's hosts, carries a login, or is an inside address.
        """
        parsed = _parsed(url)
        host = next((host for host in self._hosts if host.covers(parsed)), None)
        if host is None:
            raise TargetForbidden(detail=f"{safe_url(parsed)} is not one of the venue's hosts.")
        if parsed.raw_user or parsed.raw_password:
            raise TargetForbidden(detail=f"{safe_url(parsed)} carries a login.")
        if not host.is_private_allowed and _is_literal(host.name) and not is_public(host.name):
            raise TargetForbidden(detail=f"{host.name} is not a public address.")
        return parsed, host

    def checked(self, name: str, port: int, found: list[ResolveResult]) -> list[ResolveResult]:
        """Return the addresses of a name that may be connected to.

        Raises:
            TargetForbidden: if there is none.
        """
        if name in self._private_names:
            self._private_sockets.update((result["host"], port) for result in found)
            return found
        public = [result for result in found if is_public(result["host"])]
        if not public:
            raise TargetForbidden(detail=f"{name} does not lead to a public address.")
        return public

    def open_socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """Open the socket for an address: the last lock, on what is really connected to.

        Raises:
            TargetForbidden: if the address is neither public nor one of the private ones allowed.
        """
        family, kind, protocol, _, address = info
        name, port = str(address[0]), int(address[1])
        if (name, port) not in self._private_sockets and not (is_public(name) and port == 443):
            raise TargetForbidden(detail=f"A connection to {name} port {port} is not allowed.")
        return socket.socket(family=family, type=kind, proto=protocol)


def _is_literal(name: str) -> bool:
    """Numeric spellings such as 2130706433 or 127.1 count as addresses too; `is_public` refuses those."""
    return ":" in name or name.replace(".", "").isdigit()


class GuardedResolver(AbstractResolver):
    """Resolves names and hands on only the addresses the guard lets pass, which are then connected to."""

    def __init__(self, guard: Guard, *, inner: AbstractResolver | None = None) -> None:
        self._guard = guard
        self._inner = inner or aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve a name; see `Guard.checked`."""
        return self._guard.checked(host, port, await self._inner.resolve(host, port, family))

    async def close(self) -> None:
        """Close the resolver underneath."""
        await self._inner.close()


def guarded_connector(guard: Guard, *, resolver: AbstractResolver | None = None) -> aiohttp.TCPConnector:
    """Return a connector that cannot reach any other address; nothing is remembered between connections."""
    return aiohttp.TCPConnector(
        resolver=GuardedResolver(guard, inner=resolver),
        use_dns_cache=False,
        socket_factory=guard.open_socket,
        limit=20,
        limit_per_host=4,
    )
