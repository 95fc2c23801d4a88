"""Redirects are followed by hand, three at most, and only to hosts of the session."""

import pytest
from aiohttp import web

from scrapers.errors import Blocked, BreakerOpen, RequestRejected, TargetForbidden, UnreadableAnswer
from scrapers.http import Expect

from .sessions import USER_AGENT, quick_session, venue


class Recorder:
    """A venue that redirects by a table and notes who asks."""

    def __init__(self, **redirects: str) -> None:
        self.redirects = redirects
        self.status = 302
        self.seen: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []

    async def __call__(self, request: web.Request) -> web.Response:
        self.seen.append((request.method, request.path_qs))
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        target = self.redirects.get(request.path.strip("/"))
        if target is None:
            return web.json_response({"path": request.path})
        return web.Response(status=self.status, headers={"Location": target})


async def test_a_redirect_on_the_same_host_is_followed():
    recorder = Recorder(a="b?x=1")
    async with venue(recorder) as base, quick_session(base) as session:
        response = await session.get(
            f"{base}/a", params={"secret": "1"}, headers={"Authorization": "Bearer t"}
        )

    assert recorder.seen == [("GET", "/a?secret=1"), ("GET", "/b?x=1")]
    assert response.url == f"{base}/b?x=1"
    assert [headers["user-agent"] for headers in recorder.headers] == [USER_AGENT] * 2
    assert recorder.headers[1]["authorization"] == "Bearer t"


async def test_a_redirect_to_another_host_is_refused_and_nothing_is_sent_there():
    other = Recorder()
    async with venue(other) as elsewhere:
        recorder = Recorder(a=f"{elsewhere}/stolen")
        async with venue(recorder) as base, quick_session(base) as session:
            with pytest.raises(TargetForbidden):
                await session.get(f"{base}/a")

    assert other.seen == []


@pytest.mark.parametrize("target", [
    "http://169.254.169.254/latest/meta-data/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/",
    "https://10.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/", "//evil.test/x", "javascript:alert(1)",
    "http://localhost:6379/", "gopher://127.0.0.1:70/", "https:///", "http://user:pw@127.0.0.1:1/",
])  # fmt: skip
async def test_redirects_to_hostile_places_are_refused(target):
    recorder = Recorder(a=target)
    async with venue(recorder) as base, quick_session(base) as session:
        with pytest.raises((TargetForbidden, UnreadableAnswer)):
            await session.get(f"{base}/a")

    assert len(recorder.seen) == 1


async def test_headers_with_secrets_do_not_leave_the_host():
    other = Recorder()
    async with venue(other) as elsewhere:
        recorder = Recorder(a=f"{elsewhere}/b")
        async with venue(recorder) as base, quick_session(base, elsewhere) as session:
            await session.get(f"{base}/a", headers={"Authorization": "Bearer t", "X-Api-Key": "k"})

    assert "authorization" in recorder.headers[0]
    assert not {"authorization", "x-api-key"} & set(other.headers[0])
    assert other.headers[0]["accept"] == "application/json"


async def test_endless_redirects_end_after_three():
    recorder = Recorder(a="/a")
    async with venue(recorder) as base, quick_session(base) as session:
        with pytest.raises(UnreadableAnswer):
            await session.get(f"{base}/a")

    assert len(recorder.seen) == 4


async def test_a_redirect_without_a_target_is_unreadable():
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=302)

    async with venue(answer) as base, quick_session(base) as session:
        with pytest.raises(UnreadableAnswer):
            await session.get(f"{base}/a")


@pytest.mark.parametrize("target", [
    "https://signin.ebay.com/ws/eBayISAPI.dll?SignIn&ru=x", "/errors/validateCaptcha?amzn=1",
    "https://www.ebay.com/splashui/captcha?ap=1", "/ap/signin?openid=1", "/login?next=/a",
    "https://consent.youtube.com/m?continue=x", "https://geo.captcha-delivery.com/captcha/?x=1",
])  # fmt: skip
async def test_a_redirect_to_a_login_or_challenge_opens_the_breaker(target):
    recorder = Recorder(a=target)
    async with venue(recorder) as base, quick_session(base) as session:
        with pytest.raises(Blocked):
            await session.get(f"{base}/a", expect=Expect.HTML)
        with pytest.raises(BreakerOpen):
            await session.get(f"{base}/b", expect=Expect.HTML)

    assert len(recorder.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_post_is_not_redirected(status):
    recorder = Recorder(a="/b")
    recorder.status = status
    async with venue(recorder) as base, quick_session(base) as session:
        with pytest.raises(RequestRejected):
            await session.post(f"{base}/a", json={})

    assert recorder.seen == [("POST", "/a")]


async def test_a_safe_post_keeps_its_method_where_the_venue_says_so():
    recorder = Recorder(a="/b")
    recorder.status = 307
    async with venue(recorder) as base, quick_session(base) as session:
        await session.post(f"{base}/a", json={}, is_safe=True)

    assert recorder.seen == [("POST", "/a"), ("POST", "/b")]
