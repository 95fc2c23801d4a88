"""The polite session against real servers on this machine."""

import asyncio
import time
from datetime import UTC, datetime

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import FetchFailed, NotListed, RequestRejected, TargetForbidden
from scrapers.feeds import Download
from scrapers.http import Expect

from .sessions import USER_AGENT, kept_distance, quick_session, venue


async def test_get_returns_the_answer_and_always_says_who_asks():
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"agent": request.headers["User-Agent"], "q": request.query["q"]})

    async with venue(answer) as base, quick_session(base) as session:
        response = await session.get(f"{base}/items", params={"q": "box"}, headers={"user-agent": "Mozilla"})

    assert response.decode(dict) == {"agent": USER_AGENT, "q": "box"}
    assert response.url.endswith("/items?q=box")


async def test_post_sends_json_and_forms():
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"type": request.content_type, "text": await request.text()})

    async with venue(answer) as base, quick_session(base) as session:
        as_json = await session.post(f"{base}/a", json={"x": 1})
        as_form = await session.post(f"{base}/a", form={"grant_type": "a b&c"})

    assert as_json.decode(dict) == {"type": "application/json", "text": '{"x":1}'}
    assert as_form.decode(dict) == {"type": "application/x-www-form-urlencoded", "text": "grant_type=a+b%26c"}


async def test_download_writes_the_whole_file(tmp_path):
    content = b"price," * 100_000

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=content, content_type="text/csv", headers={"ETag": '"1"'})

    async with venue(answer) as base, quick_session(base) as session:
        response, sha256 = await session.download(f"{base}/p.csv", tmp_path / "p.csv")

    assert (tmp_path / "p.csv").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]
    assert len(sha256) == 64
    assert response.body == b""
    assert response.headers["etag"] == '"1"'


async def test_requests_to_one_host_keep_their_distance():
    times: list[float] = []

    async def answer(request: web.Request) -> web.Response:
        times.append(time.monotonic())
        return web.Response(text="ok")

    async with venue(answer) as base, quick_session(base, delay=0.15) as session:
        started = time.monotonic()
        for _ in range(4):
            await session.get(f"{base}/", expect=Expect.TEXT)

    assert len(times) == 4
    assert kept_distance(times, started, 0.15)


async def test_an_unknown_article_is_not_listed():
    async def answer(request: web.Request) -> web.Response:
        raise web.HTTPNotFound

    async with venue(answer) as base, quick_session(base) as session:
        with pytest.raises(NotListed):
            await session.get(f"{base}/none")
        kept = await session.get(f"{base}/none", expect=Expect.TEXT, accept_statuses={404})

    assert kept.status == 404


@given(st.text(max_size=40))
def test_any_text_for_an_address_is_refused_by_name(text):
    async def ask() -> None:
        async with quick_session("http://127.0.0.1:9") as session:
            with pytest.raises(TargetForbidden):
                await session.get(text)

    asyncio.run(ask())


async def test_a_header_that_cannot_be_sent_is_refused():
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({})

    async with venue(answer) as base, quick_session(base) as session:
        with pytest.raises(RequestRejected):
            await session.get(f"{base}/", headers={"X-Id": "a\r\nInjected: b"})


async def test_an_unchanged_file_is_not_sent_again(tmp_path):
    async def answer(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == '"1"' and "If-Modified-Since" in request.headers:
            return web.Response(status=304)
        return web.Response(text="prices", headers={"ETag": '"1"'})

    async with venue(answer) as base, quick_session(base) as session:
        now = datetime(2026, 11, 21, tzinfo=UTC)
        known = Download(f"{base}/p", now, etag='"1"', last_modified="Fri, 20 Nov 2026 00:00:00 GMT")
        file, sha256 = await session.download(f"{base}/p", tmp_path / "p.csv", conditional=known)
        body = await session.get(f"{base}/p", expect=Expect.TEXT, conditional=known)

    assert file.is_unchanged
    assert sha256 == ""
    assert list(tmp_path.iterdir()) == []
    assert body.is_unchanged


async def test_a_file_that_cannot_be_stored_is_not_the_venues_fault(tmp_path):
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text="prices")

    (tmp_path / "file").write_text("")
    async with venue(answer) as base, quick_session(base) as session:
        with pytest.raises(FetchFailed) as failed:
            await session.download(f"{base}/p", tmp_path / "file" / "p.csv")

    assert failed.value.code == "storage_failed"
    assert not failed.value.trips_breaker


async def test_another_host_is_never_asked():
    async with quick_session("http://127.0.0.1:9") as session:
        with pytest.raises(TargetForbidden):
            await session.get("http://127.0.0.1:10/")
