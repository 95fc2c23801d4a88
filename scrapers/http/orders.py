"""What is to be sent, complete before the first attempt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

import msgspec
from yarl import URL

from scrapers.errors import TargetForbidden
from scrapers.feeds import Download

from .messages import Expect

Sign = Callable[[], Mapping[str, str]]
"""Makes the headers that sign one attempt; a venue takes each signature once."""

Params = Mapping[str, str | int] | Sequence[tuple[str, str | int]]

_ACCEPT: Final = {
    Expect.JSON: "application/json",
    Expect.HTML: "text/html,application/xhtml+xml",
    Expect.TEXT: "text/plain,text/csv,*/*;q=0.5",
    Expect.FILE: "*/*",
}
# The session's own: a route cannot pose as a browser or ask for what is not understood here.
_RESERVED: Final = frozenset(
    {"user-agent", "host", "accept-encoding", "connection", "cookie", "proxy-authorization", "content-length"}
)

_HARMLESS: Final = frozenset(
    {"accept", "accept-language", "content-type", "if-none-match", "if-modified-since"}
)


@dataclass(frozen=True, slots=True)
class Order:
    """One request.

    Args:
        method: GET or POST.
        url: with its query.
        headers: beyond the session's own.
        body: of a POST.
        expect: kind of content.
        accept_statuses: statuses the caller handles itself.
        is_repeatable: whether sending it twice does no harm.
        max_bytes: largest body after decompression.
        sign: makes further headers for each attempt; they are of this address and go to no other.
    """

    method: str
    url: URL
    headers: Mapping[str, str] = field(repr=False)
    expect: Expect
    max_bytes: int
    accept_statuses: frozenset[int] = frozenset()
    body: bytes | None = field(default=None, repr=False)
    is_repeatable: bool = True
    sign: Sign | None = field(default=None, repr=False)

    @property
    def is_conditional(self) -> bool:
        """Whether 304 is a proper answer."""
        return any(name.lower() in ("if-none-match", "if-modified-since") for name in self.headers)

    def signed(self) -> Self:
        """Return the request as one attempt sends it."""
        return self if self.sign is None else replace(self, headers={**self.headers, **self.sign()})

    def stripped(self) -> Self:
        """Return the request for another host: headers that may hold secrets do not leave the first one."""
        headers = {name: value for name, value in self.headers.items() if name.lower() in _HARMLESS}
        return replace(self, headers=headers)


def with_params(url: str, params: Params | None) -> URL:
    """Return an address with parameters added to its query.

    Raises:
        TargetForbidden: if it cannot be read.
    """
    try:
        parsed = URL(url)
    except (ValueError, TypeError):
        raise TargetForbidden(detail="The address cannot be read.") from None
    return parsed if params is None else parsed.extend_query(params)


def order_headers(
    headers: Mapping[str, str] | None, *, expect: Expect, conditional: Download | None = None
) -> dict[str, str]:
    """Return the headers of a request: Accept, validators of an earlier download, and the caller's."""
    found = {"Accept": _ACCEPT[expect]}
    if conditional is not None and conditional.etag:
        found["If-None-Match"] = conditional.etag
    if conditional is not None and conditional.last_modified:
        found["If-Modified-Since"] = conditional.last_modified
    for name, value in (headers or {}).items():
        if name.lower() not in _RESERVED:
            found = {known: kept for known, kept in found.items() if known.lower() != name.lower()}
            found[name] = value
    return found


def json_body(value: Any) -> tuple[bytes, str]:
    """Return a JSON body and its content type."""
    return msgspec.json.encode(value), "application/json"


def form_body(fields: Mapping[str, str]) -> tuple[bytes, str]:
    """Return a form's body and its content type."""
    query = URL.build(query=dict(fields)).raw_query_string
    return query.encode("ascii"), "application/x-www-form-urlencoded"
