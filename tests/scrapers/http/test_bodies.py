"""Bodies end at the limit, and what is damaged or something else is never handed on."""

import gzip
import hashlib
import tracemalloc
import zlib

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import RequestRejected, UnreadableAnswer
from scrapers.http import Expect
from scrapers.http.bodies import Inflater

from .sessions import quick_session, venue


def answering(body: bytes, *, status: int = 200, **headers: str):
    async def answer(request: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, status=status, headers=named)

    return answer


async def test_a_huge_body_is_cut_at_the_limit_without_reading_it_all():
    written = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        try:
            for _ in range(1600):
                await response.write(b"[" * 65_536)
                written += 65_536
        except ConnectionError:
            pass
        return response

    async with venue(answer) as base, quick_session(base, max_bytes=200_000) as session:
        with pytest.raises(UnreadableAnswer, match="larger"):
            await session.get(f"{base}/huge")

    assert written < 20_000_000


async def test_a_body_that_declares_too_much_is_not_read():
    handler = answering(b"x" * 300_000, Content_Type="text/plain")
    async with venue(handler) as base, quick_session(base, max_bytes=299_999) as session:
        with pytest.raises(UnreadableAnswer, match="larger"):
            await session.get(f"{base}/", expect=Expect.TEXT)
        whole = await session.get(f"{base}/", expect=Expect.TEXT, max_bytes=300_000)

    assert len(whole.body) == 300_000


async def test_a_compressed_bomb_is_stopped_at_the_limit():
    bomb = gzip.compress(b"\0" * 100_000_000, mtime=0)
    handler = answering(bomb, Content_Type="application/json", Content_Encoding="gzip")
    async with venue(handler) as base, quick_session(base, max_bytes=1_000_000) as session:
        tracemalloc.start()
        with pytest.raises(UnreadableAnswer, match="larger"):
            await session.get(f"{base}/bomb")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 10_000_000


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "raw deflate", "identity"])
async def test_compressed_answers_are_read(encoding):
    content = b'{"price": "1.25"}' * 10_000
    compress = zlib.compressobj(wbits=-15)
    bodies = {
        "gzip": gzip.compress(content), "x-gzip": gzip.compress(content[:99]) + gzip.compress(content[99:]),
        "deflate": zlib.compress(content), "raw deflate": compress.compress(content) + compress.flush(),
        "identity": content,
    }  # fmt: skip
    name = encoding.removeprefix("raw ")
    handler = answering(bodies[encoding], Content_Type="application/json", Content_Encoding=name)
    async with venue(handler) as base, quick_session(base) as session:
        response = await session.get(f"{base}/")

    assert response.body == content


@pytest.mark.parametrize(("body", "encoding"), [
    (gzip.compress(b'{"a": 1}' * 1000, mtime=0)[:-12], "gzip"),
    (gzip.compress(b'{"a": 1}' * 1000, mtime=0)[:40], "gzip"),
    (b"not compressed at all", "gzip"),
    (b"\x1f\x8b", "gzip"),
    (b"{}", "br"),
    (b"{}", "zstd"),
    (b"{}", "gzip, gzip"),
])  # fmt: skip
async def test_damaged_or_unknown_compression_is_unreadable(body, encoding):
    handler = answering(body, Content_Type="application/json", Content_Encoding=encoding)
    async with venue(handler) as base, quick_session(base) as session:
        with pytest.raises(UnreadableAnswer):
            await session.get(f"{base}/")


@given(st.binary(max_size=5_000), st.integers(1, 700))
def test_inflating_returns_what_was_compressed_however_it_is_cut(content, size):
    data = gzip.compress(content, mtime=0)
    inflater = Inflater("gzip", source="test")

    found = b"".join(inflater.feed(data[at : at + size], limit=10_000) for at in range(0, len(data), size))
    inflater.finish()

    assert found == content


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_inflated_or_unreadable(data, encoding):
    inflater = Inflater(encoding, source="test")
    try:
        assert len(inflater.feed(data, limit=1_000)) <= 1_000
        inflater.finish()
    except UnreadableAnswer:
        pass


@pytest.mark.parametrize(("expect", "kind", "body"), [
    (Expect.JSON, "text/html", b"<html><body>Prices</body></html>"),
    (Expect.JSON, "application/json", b"<!DOCTYPE html><html><body>Prices</body></html>"),
    (Expect.JSON, "text/plain", b"\n <HTML><title>x</title></HTML>"),
    (Expect.JSON, "application/xml", b"<Error><Code>NoSuchKey</Code></Error>"),
    (Expect.JSON, "text/plain", b"<Error><Code>NoSuchKey</Code></Error>"),
    (Expect.JSON, "image/png", b"\x89PNG"),
    (Expect.TEXT, "text/html", b"<html><body>Prices</body></html>"),
    (Expect.FILE, "text/html; charset=utf-8", b"<html><body>Prices</body></html>"),
    (Expect.HTML, "application/json", b'{"error": 1}'),
    (Expect.HTML, "text/plain", b"nothing"),
])  # fmt: skip
async def test_another_kind_of_content_is_unreadable(expect, kind, body):
    async with venue(answering(body, Content_Type=kind)) as base, quick_session(base) as session:
        with pytest.raises(UnreadableAnswer):
            await session.get(f"{base}/", expect=expect)


@pytest.mark.parametrize(("expect", "kind", "body"), [
    (Expect.JSON, "text/plain", b'{"a": 1}'),
    (Expect.JSON, "binary/octet-stream", b"[]"),
    (Expect.JSON, "application/problem+json", b"{}"),
    (Expect.TEXT, "application/octet-stream", b"a;b"),
    (Expect.FILE, "application/xml", b"<prices/>"),
    (Expect.HTML, "application/xhtml+xml", b"<html xmlns='x'><body>Prices</body></html>"),
    (Expect.HTML, "", b"<!doctype html><html><body>Prices</body></html>"),
])  # fmt: skip
async def test_the_many_labels_of_proper_content_are_accepted(expect, kind, body):
    async with venue(answering(body, Content_Type=kind)) as base, quick_session(base) as session:
        assert (await session.get(f"{base}/", expect=expect)).body == body


async def test_a_byte_order_mark_does_not_spoil_json():
    handler = answering(b'\xef\xbb\xbf{"a": 1}', Content_Type="application/json")
    async with venue(handler) as base, quick_session(base) as session:
        assert (await session.get(f"{base}/")).decode(dict) == {"a": 1}


async def test_a_gateways_page_is_not_taken_for_the_venues_own_error():
    handler = answering(b"<html>Bad request</html>", status=400, Content_Type="text/html")
    async with venue(handler) as base, quick_session(base) as session:
        with pytest.raises(RequestRejected):
            await session.get(f"{base}/", accept_statuses={400})

    handler = answering(b'{"errors": []}', status=400, Content_Type="application/json")
    async with venue(handler) as base, quick_session(base) as session:
        assert (await session.get(f"{base}/", accept_statuses={400})).status == 400


async def test_a_download_is_complete_or_absent(tmp_path):
    content = bytes(range(256)) * 4_000

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/whole":
            body = gzip.compress(content, mtime=0)
            return web.Response(body=body, headers={"Content-Encoding": "gzip", "Content-Type": "text/csv"})
        response = web.StreamResponse(headers={"Content-Length": "1000000"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return response

    async with venue(answer) as base, quick_session(base) as session:
        _, sha256 = await session.download(f"{base}/whole", tmp_path / "prices.csv")
        with pytest.raises(Exception, match="did not answer"):
            await session.download(f"{base}/broken", tmp_path / "prices.csv")
        with pytest.raises(UnreadableAnswer):
            await session.download(f"{base}/whole", tmp_path / "small.csv", max_bytes=1_000_000)

    assert sha256 == hashlib.sha256(content).hexdigest()
    assert (tmp_path / "prices.csv").read_bytes() == content  # the older one stays
    assert [path.name for path in tmp_path.iterdir()] == ["prices.csv"]
