"""Keys and tokens are sent to the venue and appear nowhere else."""

import logging
import traceback

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import FetchFailed
from scrapers.http import Expect
from scrapers.http.redaction import is_secret_name, safe_url

from .sessions import quick_session, venue

CANARY = "cAnArY-7f3a91"


@pytest.mark.parametrize("behaviour", [
    400, 401, 403, 404, 418, 422, 429, 500, 503, "reset", "redirect out", "redirect login", "redirect loop",
    "html", "challenge", "large", "broken gzip", "slow", "not http",
])  # fmt: skip
async def test_no_failure_tells_a_secret(behaviour, caplog, capsys):
    async def answer(request: web.Request) -> web.StreamResponse:
        if isinstance(behaviour, int):
            return web.Response(status=behaviour, text=f"bad key {CANARY}")
        if behaviour in ("reset", "not http"):
            assert request.transport is not None
            if behaviour == "not http":
                request.transport.write(b"GET /?key=" + CANARY.encode() + b" HTTP/1.1\r\n\r\n")
            request.transport.close()
        if behaviour == "slow":
            import asyncio

            await asyncio.sleep(2)
        targets = {
            "redirect out": f"https://elsewhere.example/?access_token={CANARY}",
            "redirect login": f"/login?session={CANARY}",
            "redirect loop": request.path_qs,
        }
        if behaviour in targets:
            return web.Response(status=302, headers={"Location": targets[behaviour]})
        if behaviour == "broken gzip":
            return web.Response(body=b"{}", headers={"Content-Encoding": "gzip"})
        body = {
            "html": f"<html><body>{CANARY}</body></html>", "large": CANARY * 999,
            "challenge": f"<html><title>Robot Check</title>{CANARY}</html>",
        }.get(behaviour, "{}")  # fmt: skip
        return web.Response(text=body, content_type="text/html" if behaviour != "large" else "text/plain")

    caplog.set_level(logging.DEBUG)
    async with venue(answer) as base, quick_session(base, deadline=0.5, max_bytes=2_000) as session:
        with pytest.raises(FetchFailed) as failed:
            await session.get(
                f"{base}/x?api_key={CANARY}",
                params={"sig": CANARY, "q": "box"},
                headers={"Authorization": f"Bearer {CANARY}", "X-Api-Key": CANARY},
            )
        with pytest.raises(FetchFailed) as posted:
            await session.post(f"{base}/x", form={"client_secret": CANARY})

    for error in (failed.value, posted.value):
        told = "".join(traceback.format_exception(error)) + repr(error) + str(error.details) + error.detail
        assert CANARY not in told.replace(f'"{CANARY}"', "")
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capsys.readouterr())


async def test_the_answers_address_has_no_secret():
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async with venue(answer) as base, quick_session(base) as session:
        response = await session.get(
            f"{base}/x", params={"key": CANARY, "q": "box", "page": 2}, expect=Expect.TEXT
        )

    assert response.url == f"{base}/x?key=hidden&q=box&page=2"


@pytest.mark.parametrize("name", [
    "key", "api_key", "apikey", "api-key", "KEY", "X-Api-Key", "access_token", "token", "secret",
    "client_secret", "client_id", "sig", "signature", "X-Amz-Signature", "X-Amz-Credential", "password",
    "passwd", "pwd", "auth", "authorization", "session", "sessionid", "code", "oauth_nonce", "oauth_token",
    "AWSAccessKeyId", "private_key",
])  # fmt: skip
def test_names_of_secrets(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", [
    "q", "keywords", "_nkw", "page", "limit", "monkey", "sort", "filter", "category_ids", "gtin", "epid",
    "design",
    "author", "zipcode", "idProduct", "LH_Sold", "format", "since", "asin",
])  # fmt: skip
def test_names_of_other_things(name):
    assert not is_secret_name(name)


@given(st.text(max_size=60))
def test_any_text_can_be_shown(text):
    assert isinstance(safe_url(text), str)
    assert len(safe_url(f"https://venue.example/?token={CANARY}&x={text[:5]}")) <= 500


def test_logins_and_fragments_are_left_out():
    assert safe_url(f"https://me:{CANARY}@venue.example/a?b=1#{CANARY}") == "https://venue.example/a?b=1"
