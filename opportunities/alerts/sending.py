"""Sending one message to one channel. What goes wrong is told without the address and what it holds."""

import logging
import re
import threading
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import structlog

from common.addresses import AddressForbidden, HostNotFound, Resolve, resolve_host
from common.secrets import Secret

from .channels import ChannelRefused, Target, read_target
from .egress import guarded_sockets

logger = structlog.get_logger(__name__)

_STATUS: Final = re.compile(r"error[=: ]+(\d{3})\b")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending ended; `is_final` says that trying again would change nothing."""

    is_delivered: bool
    error: str = ""
    is_final: bool = False


def send_message(
    url: Secret, *, title: str, body: str, allowed: Collection[str], resolve: Resolve = resolve_host
) -> Outcome:
    """Send a message and wait for the channel to take it (a few seconds at most).

    The address is read and its host checked anew, and only checked addresses can be connected to: neither a
    name that leads elsewhere since, nor a redirect (which is not followed), nor an option gets around it.

    Args:
        url: address of the channel.
        title: one line.
        body: plain text.
        allowed: hosts an operator lets in although they are private.
        resolve: from a name and a port to IP addresses.

    Returns:
        Whether it was taken, and if not, why, in words for its owner.
    """
    try:
        target = read_target(url, allowed=allowed)
        private = target.private_sockets(allowed=allowed, resolve=resolve)
    except (ChannelRefused, AddressForbidden) as error:
        return Outcome(False, error.detail, is_final=True)
    except HostNotFound as error:
        return Outcome(False, error.detail)
    return _notify(target, title, body, private)


def _notify(target: Target, title: str, body: str, private: Collection[tuple[str, int]]) -> Outcome:
    with guarded_sockets(ports=target.ports, private=private) as watch, _HEARD.listen() as heard:
        try:
            is_taken = bool(target.plugin.notify(body=body, title=title))
        except Exception as error:  # noqa: BLE001 - a library's own fault must not carry the address into logs
            logger.warning("alert.sending_failed", channel=target.hint, error=type(error).__name__)
            return Outcome(False, "The channel could not be used.")
    if is_taken:
        return Outcome(True)
    if watch.refused:
        logger.warning("alert.egress_refused", channel=target.hint, to=watch.refused[:5])
        return Outcome(False, "The channel led to an address that may not be called.", is_final=True)
    if heard:
        return Outcome(False, f"The channel answered with status {heard[-1]}.")
    return Outcome(False, "The channel did not answer, or did not take the message.")


class _StatusListener(logging.Handler):
    """Hears from Apprise's log which HTTP status a channel answered with: nothing else tells."""

    def __init__(self) -> None:
        super().__init__(level=logging.INFO)
        self._here = threading.local()

    def listen(self) -> "_Listening":
        """Return a context that collects the statuses of this thread."""
        return _Listening(self._here)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep three digits of a message, and nothing else of it."""
        heard: list[str] | None = getattr(self._here, "statuses", None)
        if heard is not None:
            heard.extend(_STATUS.findall(record.getMessage()))


class _Listening:
    def __init__(self, here: threading.local) -> None:
        self._here = here

    def __enter__(self) -> list[str]:
        self._here.statuses = []
        statuses: list[str] = self._here.statuses
        return statuses

    def __exit__(self, *_: object) -> None:
        self._here.statuses = None


_HEARD: Final = _StatusListener()


def quiet_libraries() -> None:
    """Keep what Apprise and urllib3 log out of our logs: at debug level they print whole addresses."""
    for name in ("apprise", "urllib3"):
        library = logging.getLogger(name)
        library.propagate = False
        library.setLevel(logging.WARNING)
        library.handlers = [_HEARD if name == "apprise" else logging.NullHandler()]


quiet_libraries()
