"""The last lock on outgoing alerts: which sockets may be opened while one is sent.

The libraries that deliver (requests, smtplib, below Apprise) look names up again and may be redirected or
configured elsewhere, so an address checked beforehand proves nothing about where they connect. Python tells
its audit hooks about every `socket.connect`, whoever calls it, and a hook that raises stops it. The hook is
installed once for the process and acts only in a thread that is inside `guarded_sockets`.
"""

import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from common.addresses import is_public


class EgressForbidden(ConnectionRefusedError):
    """A connection to an address that may not be called; libraries treat it as a failed connection."""


@dataclass(slots=True)
class Watch:
    """What one guarded block may open, and what it tried instead."""

    ports: frozenset[int]
    private: frozenset[tuple[str, int]]
    refused: list[tuple[str, int]] = field(default_factory=list)

    def check(self, address: Any) -> None:
        """Raise for an address that is neither public on an allowed port nor one of the private ones."""
        if not isinstance(address, tuple):
            self.refused.append((str(address)[:100], 0))
            raise EgressForbidden
        name, port = str(address[0]), int(address[1])
        if (name, port) not in self.private and not (is_public(name) and port in self.ports):
            self.refused.append((name, port))
            raise EgressForbidden


_ACTIVE: Final = threading.local()
_INSTALLING: Final = threading.Lock()
_installed: list[bool] = []


@contextmanager
def guarded_sockets(*, ports: Collection[int], private: Collection[tuple[str, int]] = ()) -> Iterator[Watch]:
    """Let this thread connect only to public addresses on some ports, and to listed private ones.

    Args:
        ports: TCP ports of public addresses.
        private: IP address and port of sockets an operator lets in.

    Yields:
        What is watched; `refused` lists what was stopped.
    """
    _install()
    watch = Watch(frozenset(ports), frozenset(private))
    _ACTIVE.watch = watch
    try:
        yield watch
    finally:
        _ACTIVE.watch = None


def _install() -> None:
    with _INSTALLING:
        if not _installed:
            sys.addaudithook(_hook)
            _installed.append(True)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        watch: Watch | None = getattr(_ACTIVE, "watch", None)
        if watch is not None:
            watch.check(arguments[1])
