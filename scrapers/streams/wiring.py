"""What connects the runners of a process to the rest of it."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import aiohttp

from quant.spreads.messages import Message

from .session import Recorded
from .timing import Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What all runners of a process share.

    Args:
        http: session to connect with.
        send: takes every message for the engine; must not wait.
        timing: how long what may take.
        rng: of the jitter.
        recorded: called with each text as it came, if given.
        dropped: tells how many messages of an exchange the queue had no room for.
    """

    http: aiohttp.ClientSession
    send: Callable[[Message], None]
    timing: Timing
    rng: Random
    recorded: Recorded | None = None
    dropped: Callable[[str], int] = lambda _exchange: 0
