"""Decides whether what came back is an answer, and which failure it is otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from scrapers.errors import (
    Blocked,
    CredentialsRefused,
    FetchFailed,
    NotListed,
    RateLimited,
    RequestRejected,
    UnreadableAnswer,
    VenueUnavailable,
)

from .challenges import challenge_in_data, challenge_in_headers, challenge_in_page
from .messages import Expect
from .orders import Order
from .redaction import safe_url
from .retry_after import parse_retry_after

RETRIED_STATUSES: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BAN_PAUSE: Final = timedelta(minutes=10)  # 418 without a Retry-After
_REFUSALS: Final[Mapping[int, type[FetchFailed]]] = {
    401: CredentialsRefused, 403: Blocked, 404: NotListed, 408: VenueUnavailable, 410: NotListed,
    425: VenueUnavailable, 451: Blocked,
}  # fmt: skip
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_SNIFFED: Final = 1_024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, of any status. Of a file `body` is the beginning and `sha256` its digest."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    sha256: str = ""


def judged(order: Order, answer: Answer, *, now: datetime) -> Answer:
    """Return a proper answer as it is, but without the byte order mark of JSON.

    Raises:
        FetchFailed: the subclass that says why it is none.
    """
    source = safe_url(order.url)
    mitigated = challenge_in_headers(answer.headers)
    if mitigated:
        raise Blocked(detail=f"{source} asks for proof of a person ({mitigated}).")
    if answer.status == HTTPStatus.NOT_MODIFIED and order.is_conditional:
        return answer
    is_wanted = 200 <= answer.status < 300 or answer.status in order.accept_statuses
    body = answer.body.removeprefix(_BYTE_ORDER_MARK) if order.expect is Expect.JSON else answer.body
    if answer.status not in (404, 410):
        marker = challenge_in_page(body) if is_html(answer.headers, body) else _data_marker(order, body)
        if marker:
            raise Blocked(detail=f"{source} answered with a challenge or login page ({marker}).")
    if not is_wanted:
        raise refusal(source, answer, now=now)
    unfit = _misfit(order.expect, answer, body)
    if unfit and answer.status >= 400:  # the caller meant the venue's own error messages, not a gateway's
        raise refusal(source, answer, now=now)
    if unfit:
        raise UnreadableAnswer(detail=f"{source} answered with {unfit} where {order.expect} is due.")
    return replace(answer, body=body)


def refusal(source: str, answer: Answer, *, now: datetime) -> FetchFailed:
    """Return the failure that a status means.

    Args:
        source: address for the message, without secrets.
        answer: what came back.
        now: for the date form of Retry-After.
    """
    status = answer.status
    detail = f"{source} answered {status}."
    pause = parse_retry_after(answer.headers.get("retry-after", ""), now=now)
    if status in (418, 429):
        limited = RateLimited(detail, retry_after=_BAN_PAUSE if pause is None and status == 418 else pause)
        limited.details["status"] = status
        return limited
    kind = _REFUSALS.get(status)
    if kind is None:
        kind = VenueUnavailable if status >= 500 else RequestRejected if status >= 400 else UnreadableAnswer
    details: dict[str, float] = {"status": status}
    if pause is not None and status == 503:
        details["retry_after_seconds"] = pause.total_seconds()
    return kind(None, detail, details)


def _data_marker(order: Order, body: bytes) -> str:
    return challenge_in_data(body) if order.expect is Expect.JSON else ""


def is_html(headers: Mapping[str, str], body: bytes) -> bool:
    """Tell whether a body is a web page, by its declared type or, whatever that says, by its beginning."""
    kind = media_type(headers)
    if kind in ("text/html", "application/xhtml+xml"):
        return True
    start = body[:_SNIFFED].removeprefix(_BYTE_ORDER_MARK).lstrip()[:14].lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head"))


def media_type(headers: Mapping[str, str]) -> str:
    """Return the media type of the headers in lower case, without parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _misfit(expect: Expect, answer: Answer, body: bytes) -> str:
    """Return what the content is instead of what was expected, or an empty text if it fits.

    Stores label JSON and CSV in many ways (`text/plain`, `binary/octet-stream`), so for these the type is
    only wrong when it, or the content, is that of a web page.
    """
    kind = media_type(answer.headers)
    page = is_html(answer.headers, body)
    if expect is Expect.HTML:
        return "" if page or not body else (kind or "something else")
    if page:
        return "a web page"
    if expect is Expect.JSON and (body[:_SNIFFED].lstrip()[:1] == b"<" or "xml" in kind):
        return "markup"
    if expect is not Expect.FILE and kind.startswith(("image/", "video/", "audio/", "font/")):
        return kind
    return ""
