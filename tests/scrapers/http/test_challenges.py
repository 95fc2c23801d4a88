"""Pages in front of a venue are recognised, and the venue's own pages are left alone."""

import time
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import Blocked, BreakerOpen
from scrapers.http import Expect
from scrapers.http.challenges import (
    challenge_in_data,
    challenge_in_headers,
    challenge_in_page,
    challenge_in_url,
    visible_text,
)

from .challenge_pages import CHALLENGES, PAGES
from .sessions import quick_session, venue

SAMPLES = Path(__file__).parents[1] / "samples"


def test_there_are_enough_examples():
    assert len(CHALLENGES) >= 40


@pytest.mark.parametrize("name", CHALLENGES)
def test_challenges_are_recognised(name):
    assert challenge_in_page(CHALLENGES[name].encode())


@pytest.mark.parametrize("name", CHALLENGES)
def test_challenges_are_recognised_in_any_case_and_after_a_byte_order_mark(name):
    page = CHALLENGES[name]

    assert challenge_in_page(b"\xef\xbb\xbf\r\n" + page.upper().encode())
    assert challenge_in_page(page.replace("<head>", "<head>\n  <meta charset='utf-8'>\n").encode())


@pytest.mark.parametrize("name", PAGES)
def test_the_venues_own_pages_are_left_alone(name):
    assert challenge_in_page(PAGES[name].encode()) == ""


def test_sample_pages_are_left_alone():
    pages = sorted(SAMPLES.rglob("*.html"))
    assert pages
    assert {path.name: challenge_in_page(path.read_bytes()) for path in pages} == {
        path.name: "" for path in pages
    }


def test_recorded_pages_are_left_alone(shared_data):
    pages = sorted(shared_data.rglob("*.html"))
    assert pages
    assert {path.name: challenge_in_page(path.read_bytes()) for path in pages} == {
        path.name: "" for path in pages
    }


@pytest.mark.parametrize("name", CHALLENGES)
@pytest.mark.parametrize("expect", [Expect.HTML, Expect.JSON])
async def test_a_challenge_opens_the_breaker_and_is_never_an_answer(name, expect):
    seen = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(text=CHALLENGES[name], content_type="text/html")

    async with venue(answer) as base, quick_session(base) as session:
        with pytest.raises(Blocked):
            await session.get(f"{base}/itm/1", expect=expect)
        for _ in range(3):
            with pytest.raises(BreakerOpen):
                await session.get(f"{base}/itm/2", expect=expect)

    assert seen == ["/itm/1"]


@pytest.mark.parametrize("status", [200, 202, 400, 429, 500, 503])
async def test_a_challenge_with_any_status_is_not_tried_again(status):
    seen = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(text=CHALLENGES["amazon robot check"], status=status, content_type="text/html")

    async with venue(answer) as base, quick_session(base) as session:
        with pytest.raises(Blocked):
            await session.get(f"{base}/", expect=Expect.HTML, accept_statuses={400, 500})

    assert len(seen) == 1


@pytest.mark.parametrize("headers", [
    {"cf-mitigated": "challenge"}, {"x-amzn-waf-action": "captcha"}, {"x-amzn-waf-action": "challenge"},
    {"x-vercel-mitigated": "challenge"},
])  # fmt: skip
async def test_gateways_say_it_in_headers(headers):
    assert challenge_in_headers(headers)

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({}, headers=headers)

    async with venue(answer) as base, quick_session(base) as session:
        with pytest.raises(Blocked):
            await session.get(f"{base}/")


@pytest.mark.parametrize(
    "headers", [{}, {"cf-cache-status": "HIT"}, {"cf-mitigated": "none"}, {"server": "cloudflare"}]
)
def test_other_headers_say_nothing(headers):
    assert not challenge_in_headers(headers)


@pytest.mark.parametrize("body", [
    b'{"url":"https://geo.captcha-delivery.com/captcha/?initialCid=A"}',
    b'{"appId":"PXabc","blockScript":"/PXabc/captcha/captcha.js"}',
])  # fmt: skip
async def test_gateways_say_it_in_json(body):
    assert challenge_in_data(body)

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    async with venue(answer) as base, quick_session(base) as session:
        with pytest.raises(Blocked):
            await session.get(f"{base}/")


@pytest.mark.parametrize("url", [
    "https://signin.ebay.com/ws/eBayISAPI.dll?SignIn", "https://www.ebay.com/splashui/captcha?x=1",
    "https://www.amazon.com/errors/validateCaptcha?amzn=x", "https://www.amazon.com/ap/signin?x",
    "https://consent.google.com/m?continue=x", "https://www.google.com/sorry/index?continue=x",
    "https://geo.captcha-delivery.com/captcha/", "https://shop.example/login", "https://shop.example/Login.aspx?r=/",
    "https://shop.example/account/sign-in/", "https://shop.example/cdn-cgi/challenge", "https://auth.shop.example/",
    "https://validate.perfdrive.com/abc",
])  # fmt: skip
def test_addresses_of_challenges_are_recognised(url):
    assert challenge_in_url(url)


@pytest.mark.parametrize("url", [
    "https://www.ebay.com/itm/123", "https://www.amazon.com/dp/B0CHALLENGE", "https://shop.example/cards/login-deck",
    "https://shop.example/product/captcha-the-card-game", "https://shop.example/signing-bonus",
    "https://www.loginshop.example/", "https://data.scryfall.io/default-cards/x.json", "https://shop.example/?r=/login",
])  # fmt: skip
def test_addresses_of_articles_are_left_alone(url):
    assert challenge_in_url(url) == ""


@given(st.binary(max_size=2_000))
def test_any_bytes_are_judged_without_an_error(body):
    challenge_in_page(body)
    challenge_in_data(body)


@pytest.mark.parametrize("piece", [
    "<", "<title", "<title>", "<script", "<script>", "</script>", "<script></", " \t\n", "<!--", "<a href='",
    "&amp;",
    "captcha", "<svg><", "sign in ", "<title>sign",
])  # fmt: skip
def test_hostile_pages_take_linear_time(piece):
    page = (piece * (300_000 // len(piece))).encode()
    started = time.process_time()

    challenge_in_page(page)
    challenge_in_page(page[:59_000])
    visible_text(page.decode())

    assert time.process_time() - started < 2.0


def test_what_a_person_would_read_is_found():
    page = "<p>One</p><script>var two = '<p>';</script><style>p{}</style> Three <svg>four</svg><b>five</b>"

    assert visible_text(page) == "One Three five"
