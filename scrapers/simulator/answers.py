"""How venues answer: JSON with exact numbers, files with validators, pages, and publication times."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256

import msgspec
from aiohttp import web

from .world import EPOCH

_encoder = msgspec.json.Encoder(decimal_format="number")


def encode(document: object) -> bytes:
    """Return a document as JSON; a Decimal becomes a number with all its digits, never a string."""
    return _encoder.encode(document)


def json_answer(
    document: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return a JSON answer."""
    return web.Response(
        body=encode(document),
        status=status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )


def page_answer(text: str, *, status: int = 200) -> web.Response:
    """Return an HTML page."""
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


def file_answer(
    request: web.Request,
    body: bytes,
    *,
    modified_at: datetime,
    content_type: str = "application/json",
) -> web.Response:
    """Return a published file with its validators, or 304 when the client has it already."""
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Last-Modified": format_datetime(modified_at.astimezone(UTC), usegmt=True)}
    asked = request.headers.get("If-None-Match")
    if asked is not None:
        is_unchanged = etag in [value.strip().removeprefix("W/") for value in asked.split(",")]
    else:
        since = request.if_modified_since
        is_unchanged = since is not None and modified_at.replace(microsecond=0) <= since
    if is_unchanged:
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, headers=headers, content_type=content_type)


def published_at(now: datetime, *, period: timedelta, offset: timedelta = timedelta()) -> datetime:
    """Return when the newest edition came out of something that comes out every `period`.

    Args:
        now: aware time.
        period: between two editions.
        offset: of the first edition of a day.
    """
    since = now - EPOCH - offset
    return EPOCH + offset + period * (since // period)


def iso(moment: datetime, *, timespec: str = "seconds") -> str:
    """Return a time as ISO 8601 with Z."""
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


def whole(text: str | None, default: int) -> int | None:
    """Return a whole number of a query: the default when it is absent, None when it is not one."""
    if text is None:
        return default
    return int(text) if text.isascii() and text.lstrip("-").isdigit() else None
