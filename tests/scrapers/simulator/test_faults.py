"""Faults that refuse, redirect, delay or damage answers do what their docstrings say."""

import asyncio
import json
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import pytest

from scrapers.simulator.faults import FAULTS, Layer
from tests.scrapers.simulator.calls import GUIDE, get, trends

LINES = "/tcgplayer_search/v1/search/productLines"
START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_every_fault_says_what_it_does():
    assert all(one.description.endswith(".") for one in FAULTS.values())
    assert {one.layer for one in FAULTS.values()} == set(Layer)


@pytest.mark.parametrize(
    ("kind", "status", "mark"),
    [
        ("500", 500, b"Internal server error"),
        ("502", 502, b"Bad Gateway"),
        ("503", 503, b"Unavailable"),
        ("401", 401, b"Invalid access token"),
        ("403_html", 403, b"edgesuite"),
        ("captcha", 200, b"validateCaptcha"),
        ("pardon", 200, b"Pardon Our Interruption"),
        ("consent", 200, b"privacy"),
        ("delisted", 404, b"not found"),
        ("errors_in_200", 200, b"CAPI-35"),
    ],
)
async def test_refusals_and_challenges_answer_instead_of_the_venue(visitor, breaks, kind, status, mark):
    breaks(kind)

    got, _, body = await get(visitor)

    assert got == status
    assert mark in body
    assert b"priceGuides" not in body


async def test_pardon_page_is_about_13_kilobytes(visitor, breaks):
    breaks("pardon")

    assert 12_500 < len((await get(visitor))[2]) < 14_000


@pytest.mark.parametrize(
    ("kind", "status"), [("429", 429), ("418", 418), ("429_date", 429), ("429_bare", 429)]
)
async def test_told_to_wait_in_every_form(visitor, breaks, kind, status):
    breaks(kind, retry_after=30)

    got, response, _ = await get(visitor)

    wait = response.headers.get("Retry-After")
    assert got == status
    if kind == "429_date":
        assert wait is not None
        assert parsedate_to_datetime(wait) == START + timedelta(seconds=30)
    else:
        assert wait == (None if kind == "429_bare" else "30")


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("redirect_login", "/cardmarket_downloads/signin"),
        ("redirect_host", "http://169.254.169.254/"),
        ("redirect_loop", GUIDE),
    ],
)
async def test_redirects_lead_where_they_say(visitor, breaks, kind, target):
    breaks(kind)

    status, response, _ = await get(visitor)

    assert status == 302
    assert response.headers["Location"].startswith(target)


async def test_hang_and_slow_headers_outlast_the_clients_patience(visitor, breaks):
    breaks("hang")
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(get(visitor), 0.1)


async def test_slow_headers_come_late_and_right(visitor, breaks):
    breaks("slow_headers", seconds=0.05)
    loop = asyncio.get_running_loop()
    started = loop.time()

    status, _, body = await get(visitor)

    assert loop.time() - started >= 0.05
    assert status == 200
    assert trends(body)


async def test_slow_drip_arrives_whole_in_pieces(visitor, breaks):
    breaks("slow_drip", seconds=0.1)

    _, _, body = await get(visitor)

    assert trends(body)


@pytest.mark.parametrize("kind", ["reset", "reset_mid_body"])
async def test_resets_break_the_connection(visitor, breaks, kind):
    breaks(kind)

    with pytest.raises(aiohttp.ClientError):
        await get(visitor)


async def test_truncated_gzip_cannot_be_unpacked(simulator, breaks):
    breaks("truncated_gzip")

    async with aiohttp.ClientSession(simulator.url, auto_decompress=False) as raw:
        _, response, body = await get(raw)

    assert response.headers["Content-Encoding"] == "gzip"
    assert int(response.headers["Content-Length"]) == len(body)
    unpacker = zlib.decompressobj(wbits=31)
    unpacker.decompress(body)
    assert not unpacker.eof


async def test_gzip_bomb_is_small_on_the_wire(simulator, breaks):
    breaks("gzip_bomb", megabytes=4)

    async with aiohttp.ClientSession(simulator.url, auto_decompress=False) as raw:
        _, _, body = await get(raw)

    assert len(body) < 20_000
    assert len(zlib.decompress(body, wbits=31)) == 4_000_000


async def test_huge_body_is_sent_without_a_length(visitor, breaks):
    breaks("huge_body", megabytes=2)

    _, response, body = await get(visitor)

    assert "Content-Length" not in response.headers
    assert len(body) > 1_900_000


@pytest.mark.parametrize(
    "kind", ["truncated_body", "invalid_json", "empty_body", "bom", "html_for_json", "price_nan"]
)
async def test_damaged_bodies_are_no_json(visitor, breaks, kind):
    breaks(kind)

    status, _, body = await get(visitor)

    assert status == 200
    with pytest.raises((json.JSONDecodeError, UnicodeDecodeError, AssertionError)):
        json.loads(body.decode(), parse_constant=_refuse)


def _refuse(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


@pytest.mark.parametrize(
    ("kind", "path", "expected"),
    [("json_null", GUIDE, None), ("json_array", GUIDE, list), ("json_array", LINES, dict)],
)
async def test_documents_change_their_kind(visitor, breaks, kind, path, expected):
    breaks(kind)

    document = json.loads((await get(visitor, path))[2])

    assert document is None if expected is None else isinstance(document, expected)


async def test_wrong_content_type_names_another_kind(visitor, breaks):
    breaks("wrong_content_type")

    _, response, body = await get(visitor)

    assert response.content_type == "text/html"
    assert trends(body)


async def test_duplicate_keys_state_two_prices(visitor, breaks):
    honest = trends((await get(visitor))[2])
    breaks("duplicate_keys")

    _, _, body = await get(visitor)

    assert body.count(b'"trend":') == 2 * len(honest)
    assert trends(body)[0] == pytest.approx(honest[0] / 100)
