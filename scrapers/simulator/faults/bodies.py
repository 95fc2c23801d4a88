"""Faults that damage the right answer on its way: slow, cut off, mislabelled, bloated."""

import asyncio
import gzip
import zlib

from aiohttp import web

from .table import Answer, Firing, Layer, fault

PIECE = 64 * 1024
BOMB_MEGABYTES = 64
FLOOD_MEGABYTES = 100


@fault("slow_headers", Layer.BODY)
async def slow_headers(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """The right answer, `seconds` (default 5) late."""
    await asyncio.sleep(firing.number("seconds", 5))
    return _plain(answer)


@fault("slow_drip", Layer.BODY)
async def slow_drip(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """The right answer, spread over `seconds` (default 60) in 60 pieces."""
    step = firing.number("seconds", 60) / 60
    response = await _begin(request, answer, length=len(answer.body))
    size = max(len(answer.body) // 60, 1)
    for start in range(0, len(answer.body), size):
        await response.write(answer.body[start : start + size])
        await asyncio.sleep(step)
    await response.write_eof()
    return response


@fault("reset_mid_body", Layer.BODY)
async def reset_mid_body(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """The connection is reset after half of the body."""
    response = await _begin(request, answer, length=len(answer.body))
    await response.write(answer.body[: len(answer.body) // 2])
    await asyncio.sleep(0)
    if request.transport is not None:
        request.transport.abort()
    return response


@fault("truncated_body", Layer.BODY)
async def truncated_body(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """Half of the body, with a length that fits: only the content shows that it is cut off."""
    return _plain(answer, body=answer.body[: len(answer.body) // 2])


@fault("truncated_gzip", Layer.BODY)
async def truncated_gzip(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """Half of a gzip stream, with a length that fits."""
    packed = gzip.compress(answer.body)
    return _plain(answer, body=packed[: len(packed) // 2], encoding="gzip")


@fault("gzip_bomb", Layer.BODY)
async def gzip_bomb(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """A few kilobytes of gzip that unpack to `megabytes` (default 64) of blanks."""
    packer = zlib.compressobj(level=9, wbits=31)
    blanks = b" " * 1_000_000
    packed = b"".join(packer.compress(blanks) for _ in range(int(firing.number("megabytes", BOMB_MEGABYTES))))
    return _plain(answer, body=packed + packer.flush(), encoding="gzip")


@fault("huge_body", Layer.BODY)
async def huge_body(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """The right answer after `megabytes` (default 100) of blanks, without a length."""
    response = await _begin(request, answer, length=None)
    blanks = b" " * PIECE
    for _ in range(int(firing.number("megabytes", FLOOD_MEGABYTES) * 1_000_000 / PIECE)):
        await response.write(blanks)
    await response.write(answer.body)
    await response.write_eof()
    return response


@fault("wrong_content_type", Layer.BODY)
async def wrong_content_type(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """The right body under another content type: JSON as HTML, everything else as an image."""
    other = "text/html" if "json" in answer.content_type else "image/png"
    return web.Response(body=answer.body, status=answer.status, content_type=other)


@fault("html_for_json", Layer.BODY)
async def html_for_json(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """A maintenance page that claims to be what was asked for."""
    body = b"<html><head><title>We'll be right back</title></head><body>Maintenance</body></html>"
    return _plain(answer, body=body)


@fault("invalid_json", Layer.BODY)
async def invalid_json(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """The right JSON with a comma too many before the last bracket."""
    return _plain(answer, body=answer.body.rstrip()[:-1] + b"," + answer.body.rstrip()[-1:])


@fault("bom", Layer.BODY)
async def byte_order_mark(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """The right body behind a byte order mark."""
    return _plain(answer, body=b"\xef\xbb\xbf" + answer.body)


@fault("empty_body", Layer.BODY)
async def empty_body(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """The right status and headers, and nothing else."""
    return _plain(answer, body=b"")


@fault("json_null", Layer.BODY)
async def json_null(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """`null` instead of the document."""
    return _plain(answer, body=b"null")


@fault("json_array", Layer.BODY)
async def json_array(request: web.Request, answer: Answer, firing: Firing) -> web.StreamResponse:
    """An array around the document, or the other way round an object around an array."""
    is_array = answer.body.lstrip().startswith(b"[")
    return _plain(answer, body=b'{"data":' + answer.body + b"}" if is_array else b"[" + answer.body + b"]")


def _plain(answer: Answer, *, body: bytes | None = None, encoding: str = "") -> web.Response:
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-length"}
    if encoding:
        headers["Content-Encoding"] = encoding
    return web.Response(body=answer.body if body is None else body, status=answer.status, headers=headers)


async def _begin(request: web.Request, answer: Answer, *, length: int | None) -> web.StreamResponse:
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-length"}
    response = web.StreamResponse(status=answer.status, headers=headers)
    if length is not None:
        response.content_length = length
    await response.prepare(request)
    return response
