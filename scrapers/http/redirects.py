"""Where a redirect leads, and whether it may be followed."""

from dataclasses import replace
from typing import Final

from yarl import URL

from scrapers.errors import Blocked, RequestRejected, UnreadableAnswer

from .challenges import challenge_in_url
from .judging import Answer
from .orders import Order
from .redaction import safe_url

_KEEPING_THE_METHOD: Final = frozenset({307, 308})


def redirected(order: Order, answer: Answer) -> Order:
    """Return the request that a redirect asks for; whether its host is allowed is the guard's question.

    Raises:
        Blocked: if it leads to a challenge, consent or login page.
        RequestRejected: if it would send a body again that must not be sent twice, or drop it.
        UnreadableAnswer: if it leads nowhere.
    """
    source = safe_url(order.url)
    try:
        target = order.url.join(URL(answer.headers["location"])).with_fragment(None)
    except (KeyError, ValueError, TypeError):
        raise UnreadableAnswer(detail=f"{source} redirects without saying where.") from None
    marker = challenge_in_url(target)
    if marker:
        raise Blocked(detail=f"{source} redirects to a challenge or login page ({marker}).")
    if order.method != "GET" and not (order.is_repeatable and answer.status in _KEEPING_THE_METHOD):
        raise RequestRejected(detail=f"{source} redirects a {order.method} to {safe_url(target)}.")
    return replace(order, url=target, sign=None)
