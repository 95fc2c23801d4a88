"""Conditional requests: `ETag`, `If-Match` for changes, `If-None-Match` for readers.

An ETag reads `"<version>"` or `"<version>-<digest>"`. A change is held against the version alone; a reader
is told 304 only if version and digest, that is every byte, are the same.
"""

import hashlib
import re
from typing import Any, Final

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from common.versions import Expected, PreconditionRequired

IF_MATCH: Final = "If-Match"
IF_NONE_MATCH: Final = "If-None-Match"
REVALIDATE: Final = "private, no-cache"
"""Answers may be kept by the caller alone, and are asked about every time."""

_TAG: Final = re.compile(r'(W/)?"([\x21\x23-\x7e]{0,200})"')
_LIST: Final = re.compile(rf"\s*{_TAG.pattern}\s*(?:,\s*{_TAG.pattern}\s*)*")
_MAX_HEADER: Final = 2_000


def etag_of(version: object, content: bytes | None = None) -> str:
    """Return the ETag of a version, with a digest if the content is given."""
    if content is None:
        return f'"{version}"'
    return f'"{version}-{hashlib.blake2b(content, digest_size=9).hexdigest()}"'


def etag_of_data(version: object, data: Any) -> str:
    """Return the ETag of data that DRF's encoder can write."""
    return etag_of(version, JSONEncoder().encode(data).encode("utf-8", "surrogatepass"))


def require_match(request: Request) -> Expected:
    """Return the versions `If-Match` accepts; None for `*`.

    Raises:
        PreconditionRequired: without the header (428).
        ValidationError: if it is no list of ETags.
    """
    if IF_MATCH not in request.headers:
        raise PreconditionRequired(
            detail="This change needs an If-Match header with the ETag you have read.",
            details={"header": IF_MATCH},
        )
    return given_match(request)


def given_match(request: Request) -> Expected:
    """Return the versions `If-Match` accepts; None for `*` and without the header.

    Raises:
        ValidationError: if it is no list of ETags.
    """
    text = request.headers.get(IF_MATCH)
    if text is None or text.strip() == "*":
        return None
    return frozenset(tag.partition("-")[0] for is_weak, tag in _tags(text) if not is_weak)


def is_known(request: Request, etag: str) -> bool:
    """Return whether the caller has this already, by `If-None-Match`; a malformed header is ignored."""
    text = request.headers.get(IF_NONE_MATCH, "")
    if text.strip() == "*":
        return True
    if not text or len(text) > _MAX_HEADER:
        return False
    return etag.strip('"') in {tag for _, tag in _TAG.findall(text)}


def answer(request: Request, data: Any, *, version: object = "l") -> Response:
    """Answer a reader with data and its ETag, or with 304 if the caller has it already.

    Args:
        request: of the reader.
        data: plain data that DRF's encoder can write.
        version: of the thing; lists have none.
    """
    etag = etag_of_data(version, data)
    headers = {"ETag": etag, "Cache-Control": REVALIDATE}
    if is_known(request, etag):
        return Response(status=304, headers=headers)
    return Response(data, headers=headers)


def _tags(text: str) -> list[tuple[str, str]]:
    if len(text) > _MAX_HEADER or not _LIST.fullmatch(text):
        raise ValidationError({IF_MATCH: ['Give ETags in double quotes, such as "5".']})
    return _TAG.findall(text)
