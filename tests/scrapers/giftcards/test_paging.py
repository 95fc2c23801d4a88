"""Tests of the Reloadly and Bitrefill connectors against the simulator's way of answering."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from common.secrets import Secret
from scrapers.choices import LiveAdapter, MarketSide
from scrapers.errors import CredentialsRefused, UnreadableAnswer, VenueUnavailable
from scrapers.giftcards import Market, Reading
from scrapers.giftcards.adapters import connector_for
from scrapers.giftcards.client import DeskClient

NOW = 1_790_000_000_000


@dataclass
class Catalogue:
    """Two catalogues in pages, and what they were asked."""

    first_page: int = 1
    expires_in: int = 3_600
    tokens: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    pages: list[int] = field(default_factory=list)
    broken_page: int = -1
    url: str = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/reloadly/oauth/token", self._token)
        app.router.add_get("/reloadly/products", self._reloadly)
        app.router.add_get("/bitrefill/v2/products", self._bitrefill)
        return app

    async def _token(self, request: web.Request) -> web.Response:
        body = await request.json()
        if (body["client_id"], body["client_secret"], body["grant_type"]) != (
            "me",
            "s3",
            "client_credentials",
        ):
            return web.json_response({"message": "Access Denied"}, status=401)
        self.tokens.append(f"token-{len(self.tokens)}")
        return web.json_response({"access_token": self.tokens[-1], "expires_in": self.expires_in})

    async def _reloadly(self, request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        if token not in self.tokens or token in self.refused:
            return web.json_response({"errorCode": "INVALID_TOKEN"}, status=401)
        number = int(request.query["page"]) - self.first_page
        self.pages.append(number)
        if number == self.broken_page:
            return web.json_response({}, status=500)
        rows = [_product(number * 2 + index) for index in range(2)]
        return web.json_response({"content": rows, "number": number, "last": number == 2})

    async def _bitrefill(self, request: web.Request) -> web.Response:
        start, limit = int(request.query["start"]), int(request.query["limit"])
        found = [_packaged(number) for number in range(start, min(start + limit, 120))]
        return web.json_response({"meta": {}, "data": found})


def _product(number: int) -> dict[str, Any]:
    return {
        "productId": number, "denominationType": "FIXED", "senderFee": 0, "recipientCurrencyCode": "USD",
        "senderCurrencyCode": "USD", "brand": {"brandName": f"Brand {number}"}, "country": {"isoName": "US"},
        "fixedRecipientToSenderDenominationsMap": {"25.00": 24.0},
    }  # fmt: skip


def _packaged(number: int) -> dict[str, Any]:
    return {
        "brand": f"Brand {number}", "country_code": "US", "currency": "USD",
        "packages": [{"id": f"p{number}", "value": "25", "prices": {"USD": 24.5}}],
    }  # fmt: skip


@pytest.fixture
async def catalogue(settings) -> AsyncIterator[Catalogue]:
    found = Catalogue()
    async with TestServer(found.app()) as server:
        found.url = str(server.make_url("")).rstrip("/")
        settings.VENUE_SIMULATOR_URL = found.url
        yield found


def reloadly(catalogue: Catalogue, *, token: str = "me:s3") -> Market:
    return Market(
        "reloadly", LiveAdapter.RELOADLY, MarketSide.SELL, f"{catalogue.url}/reloadly", Secret(token)
    )


async def read(market: Market, *, times: int = 1, now: int = NOW) -> Reading:
    connector = connector_for(market)
    async with DeskClient(connector.urls(), timeout_ms=5_000) as client:
        for _ in range(times):
            reading = await connector.read(client, clock=lambda: now, max_skew_ms=0)
    return reading


@pytest.mark.parametrize("adapter", [LiveAdapter.RELOADLY, LiveAdapter.BITREFILL])
async def test_pages_are_as_old_as_the_first_of_them(catalogue, adapter):
    """A list that took a minute must not look as if all of it had come at its end."""
    paths = {LiveAdapter.RELOADLY: ("reloadly", "me:s3"), LiveAdapter.BITREFILL: ("bitrefill/v2", "key")}
    path, token = paths[adapter]
    market = Market("pages", adapter, MarketSide.SELL, f"{catalogue.url}/{path}", Secret(token))
    connector = connector_for(market)
    ticks = itertools.count(NOW, 10_000)
    async with DeskClient(connector.urls(), timeout_ms=5_000) as client:
        await connector.read(client, clock=lambda: NOW, max_skew_ms=0)
        reading = await connector.read(client, clock=lambda: next(ticks), max_skew_ms=0)

    assert reading.received_ms is not None
    assert NOW <= reading.received_ms <= NOW + 10_000


@pytest.mark.parametrize("first_page", [0, 1])
async def test_every_page_is_read_whatever_the_first_is_called(catalogue, first_page):
    catalogue.first_page = first_page

    reading = await read(reloadly(catalogue))

    assert {quote.brand for quote in reading.quotes} == {f"brand-{number}" for number in range(6)}


async def test_a_token_is_used_until_it_ends(catalogue):
    await read(reloadly(catalogue), times=3)

    assert len(catalogue.tokens) == 1
    catalogue.expires_in = 30
    await read(reloadly(catalogue), times=3)
    assert len(catalogue.tokens) == 4


async def test_a_token_that_is_refused_is_renewed_once(catalogue):
    market = reloadly(catalogue)
    connector = connector_for(market)
    async with DeskClient(connector.urls(), timeout_ms=5_000) as client:
        await connector.read(client, clock=lambda: NOW, max_skew_ms=0)
        catalogue.refused.add("token-0")
        reading = await connector.read(client, clock=lambda: NOW, max_skew_ms=0)
        catalogue.refused |= {"token-1", "token-2"}
        with pytest.raises(CredentialsRefused):
            await connector.read(client, clock=lambda: NOW, max_skew_ms=0)

    assert len(reading.quotes) == 6
    assert len(catalogue.tokens) == 3


@pytest.mark.parametrize("token", ["", "me", "me:wrong", ":s3"])
async def test_a_login_that_is_refused_is_told(catalogue, token):
    with pytest.raises(CredentialsRefused):
        await read(reloadly(catalogue, token=token))


async def test_half_a_catalogue_is_none(catalogue):
    catalogue.broken_page = 1

    with pytest.raises(VenueUnavailable):
        await read(reloadly(catalogue))


async def test_a_login_without_a_token_is_unreadable(catalogue):
    catalogue.expires_in = 0

    with pytest.raises(UnreadableAnswer):
        await read(reloadly(catalogue))


async def test_bitrefill_is_read_to_its_end(catalogue):
    market = Market(
        "bitrefill", LiveAdapter.BITREFILL, MarketSide.SELL, f"{catalogue.url}/bitrefill/v2", Secret("key")
    )

    assert len((await read(market)).quotes) == 120
