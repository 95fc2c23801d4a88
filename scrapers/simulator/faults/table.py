"""The table of faults. A fault is a function with a docstring, entered under its name by a decorator."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any, Final, TypeAlias

from aiohttp import web


class Layer(StrEnum):
    """Where a fault takes hold."""

    ANSWER = "answer"  # instead of the venue's answer
    REQUEST = "request"  # the venue misunderstands the request
    DOCUMENT = "document"  # the venue's JSON or page says something wrong
    BODY = "body"  # the right answer is damaged on the way
    SOCKET = "socket"  # a stream's connection misbehaves from when it opens
    SUBSCRIPTION = "subscription"  # a stream's subscription is refused
    FRAME = "frame"  # one data message of a stream
    EXCHANGE = "exchange"  # a book and all who listen to it


HTTP_LAYERS: Final = frozenset({Layer.ANSWER, Layer.REQUEST, Layer.DOCUMENT, Layer.BODY})


@dataclass(frozen=True, slots=True)
class Firing:
    """One fault taking hold of one request.

    Args:
        data: parameters of the rule; what a fault reads is in its docstring.
        chance: seeded.
        now: simulated time.
    """

    data: Mapping[str, Any]
    chance: Random
    now: datetime

    def number(self, name: str, default: float) -> float:
        """Return a number of the rule's data."""
        return float(self.data.get(name, default))


@dataclass(slots=True)
class Answer:
    """A complete answer on its way to the client, for faults that damage it."""

    status: int
    headers: dict[str, str]
    body: bytes
    content_type: str = field(default="application/octet-stream")


AnswerFault: TypeAlias = Callable[[web.Request, Firing], Awaitable[web.StreamResponse]]
RequestFault: TypeAlias = Callable[[web.Request, Firing], None]
DocumentFault: TypeAlias = Callable[[Any, Firing], Any]
BodyFault: TypeAlias = Callable[[web.Request, Answer, Firing], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong."""

    name: str
    layer: Layer
    apply: Callable[..., Any]
    description: str


FAULTS: Final[dict[str, Fault]] = {}
"""Name -> fault."""


def fault(name: str, layer: Layer) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a function into the table under a name."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        FAULTS[name] = Fault(name, layer, function, (function.__doc__ or "").strip())
        return function

    return enter
