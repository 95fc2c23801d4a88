"""The endpoint itself. Who may listen is decided as for every other endpoint; then the answer stays open."""

import time
from collections.abc import AsyncIterator
from typing import Any, Final

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from redis.exceptions import RedisError
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from common.api.filters import refuse_unknown_parameters
from common.errors import DomainError
from common.events import Topic

from .cutting import CUT
from .hub import Hub, current_hub
from .listener import Listener
from .messages import HEARTBEAT, control_event, opening, position_of

HEARTBEAT_SECONDS: Final = 15.0
LIFE_SECONDS: Final = 600.0
"""An answer ends after this long: who comes back is looked at again, and may have lost the right."""
MAX_PER_USER: Final = 5
LAST_EVENT_ID: Final = "Last-Event-ID"
TOO_MANY: Final = "too_many_streams"

_EXAMPLE: Final = (
    'id: 1763718000000-0\nevent: opportunity\ndata: {"name": "updated", "id": "0199…", "margin_percentage": '
    '"26.66"}\n\n'
)
_LIVE_EXAMPLE: Final = (
    'event: quote\ndata: {"name": "book", "symbol": "BTC/USD", "market": "crypto", "base": "BTC", '
    '"quote": "USD", "best_bid": {"venue": "kraken", "price": "64120.1", "size": "0.5"}, "best_ask": null, '
    '"venues": []}\n\n'
)


class StreamNeedsAsgi(DomainError):
    """This process serves short answers only."""

    default_code = "stream_not_served_here"
    status = 421


class AnyAccept(BaseContentNegotiation):
    """Take whatever the client accepts: the answer is an event stream, a refusal is a problem document."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Return the first parser; there is no body."""
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """Return the first renderer, for problems."""
        return renderers[0], renderers[0].media_type


class StreamView(APIView):
    """What just happened, as it happens (server-sent events)."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="stream",
        parameters=[
            OpenApiParameter("topics", str, description="By comma; default all: " + ", ".join(Topic) + "."),
            OpenApiParameter(
                LAST_EVENT_ID, str, OpenApiParameter.HEADER, description="Go on after this event."
            ),
        ],
        responses={
            (200, "text/event-stream"): OpenApiResponse(
                OpenApiTypes.STR,
                description="`hello` first; `resync` when events were missed: fetch again what you show. "
                "News of the live desk (prices, spreads, signals, health, metrics) has no id and is never "
                "resumed: fetch the lists first, then listen; of each thing the newest state comes, at most "
                "ten times a second. A comment every 15 s shows that the connection lives.",
                examples=[
                    OpenApiExample("An opportunity changed", value=_EXAMPLE),
                    OpenApiExample("A price of the live desk changed", value=_LIVE_EXAMPLE),
                ],
            )
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Open the stream. At most five per user; a listener that does not read for 10 s is cut off."""
        refuse_unknown_parameters(request, {"topics"})
        topics = _topics(request)
        after = _last_event_id(request)
        if not isinstance(request._request, ASGIRequest):
            raise StreamNeedsAsgi(detail="Streams are served by the ASGI process only.")
        user = str(request.user.pk) if request.user.is_authenticated else ""
        owner = user or f"address:{self._address(request)}"
        _release_connections()
        listener = Listener(topics, user)
        listener.cut = request._request.scope.get(CUT, listener.cut)
        response = StreamingHttpResponse(_events(listener, owner, after), content_type="text/event-stream")
        response["Cache-Control"] = "no-store"
        response["X-Accel-Buffering"] = "no"
        return response

    @staticmethod
    def _address(request: Request) -> str:
        """Return the caller's address, as the rate limits see it behind our proxies."""
        return BaseThrottle().get_ident(request) or ""


def _release_connections() -> None:
    """Give the database connection back: the answer stays open for hours and needs none."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def _topics(request: Request) -> frozenset[str]:
    text = request.query_params.get("topics", "")
    if not text:
        return frozenset(Topic)
    names = frozenset(text.split(","))
    unknown = sorted(names - set(Topic))
    if unknown:
        raise ValidationError({"topics": [f"Unknown topic {unknown[0]!r}. Known: {', '.join(Topic)}."]})
    return names


def _last_event_id(request: Request) -> str:
    text: str = request.headers.get(LAST_EVENT_ID, "")
    if text:
        try:
            position_of(text)
        except ValueError as error:
            raise ValidationError({LAST_EVENT_ID: ["This id was not issued by this stream."]}) from error
    return text


async def _events(listener: Listener, owner: str, after: str) -> AsyncIterator[bytes]:
    """Yield the answer's bytes until the client goes, is evicted, or the server stops."""
    hub = current_hub()
    most = MAX_PER_USER if listener.user else settings.STREAMS_PER_ADDRESS
    if hub.count_of(owner) >= most:
        yield control_event("refused", code=TOO_MANY, limit=most)
        return
    hub.join(listener, owner)
    try:
        yield opening()
        if not await hub.follows():
            listener.lose()
        async for body in _resume(hub, listener, after):
            yield body
        until = time.monotonic() + LIFE_SECONDS
        while time.monotonic() < until:
            yield await listener.take(timeout_seconds=HEARTBEAT_SECONDS) or HEARTBEAT
    finally:
        hub.leave(listener, owner)


async def _resume(hub: Hub, listener: Listener, after: str) -> AsyncIterator[bytes]:
    """Yield `hello`, then what the client missed since `after`, or `resync` if that is no longer known."""
    missed = []
    is_complete = True
    if after:
        try:
            found = await hub.missed(after)
        except (RedisError, OSError):
            found = None
        is_complete, missed = found is not None, found or []
    yield control_event("hello", topics=sorted(listener.topics), resumed=bool(after) and is_complete)
    if not is_complete:
        yield control_event("resync")
    wanted = [event for event in missed if listener.wants(event)]
    if wanted:
        listener.heard = wanted[-1].position
        yield b"".join(event.body for event in wanted)
