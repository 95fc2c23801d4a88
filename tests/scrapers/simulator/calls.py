"""The calls that tests of the simulator repeat: logging in at venues, finding an article of a kind."""

import json
from base64 import b64encode
from typing import Any

import aiohttp

from scrapers.simulator.serving import RunningSimulator
from scrapers.simulator.world import SimulatedArticle

BASIC = "Basic " + b64encode(b"simulator:simulator-secret").decode()
GUIDE = "/cardmarket_downloads/productCatalog/priceGuide/price_guide_1.json"
EBAY_SCOPE = "https://api.ebay.com/oauth/api_scope"


def first_box(simulator: RunningSimulator) -> SimulatedArticle:
    return next(one for one in simulator.simulator.world.articles if one.sealed_kind == "booster_box")


def first_card(simulator: RunningSimulator) -> SimulatedArticle:
    return next(one for one in simulator.simulator.world.articles if not one.is_sealed)


async def ebay_headers(visitor: aiohttp.ClientSession) -> dict[str, str]:
    """Log in at eBay; `Basic` and `Answer` are what went out and what came back."""
    form = {"grant_type": "client_credentials", "scope": EBAY_SCOPE}
    async with visitor.post(
        "/ebay_api/identity/v1/oauth2/token", data=form, headers={"Authorization": BASIC}
    ) as response:
        text = await response.text()
        token = (await response.json())["access_token"]
    return {"Authorization": f"Bearer {token}", "Basic": BASIC, "Answer": text}


def ebay_search(visitor: aiohttp.ClientSession, headers: dict[str, str], **query: str):
    return visitor.get("/ebay_api/buy/browse/v1/item_summary/search", params=query, headers=headers)


async def tcgplayer_headers(visitor: aiohttp.ClientSession) -> dict[str, str]:
    form = {"grant_type": "client_credentials", "client_id": "simulator", "client_secret": "simulator-secret"}
    async with visitor.post("/tcgplayer_api/token", data=form) as response:
        return {"Authorization": f"bearer {(await response.json())['access_token']}"}


async def amazon_headers(visitor: aiohttp.ClientSession, generation: int = 3) -> dict[str, str]:
    """Log in at Amazon with a form (generation 2) or JSON (generation 3)."""
    asked = {
        "grant_type": "client_credentials",
        "client_id": "simulator",
        "client_secret": "simulator-secret",
    }
    if generation == 2:
        asked["scope"] = "creatorsapi/default"
        call = visitor.post("/amazon_login/oauth2/token", data=asked)
    else:
        asked["scope"] = "creatorsapi::default"
        call = visitor.post("/amazon_login/auth/o2/token", json=asked)
    async with call as response:
        token = (await response.json())["access_token"]
    suffix = ", Version 2.1" if generation == 2 else ""
    return {"Authorization": f"Bearer {token}{suffix}", "x-marketplace": "www.amazon.com"}


async def answer(call: Any) -> tuple[int, Any]:
    """Return status and JSON body (None if it is empty) of a call that is about to be made."""
    async with call as response:
        text = await response.text()
        return response.status, json.loads(text) if text else None


async def get(visitor: aiohttp.ClientSession, path: str = GUIDE) -> tuple[int, aiohttp.ClientResponse, bytes]:
    """Return status, headers and body of an address, a price guide by default; redirects are not followed."""
    async with visitor.get(path, allow_redirects=False) as response:
        return response.status, response, await response.read()


def trends(body: bytes) -> list[Any]:
    """Return the trends of a price guide."""
    return [row.get("trend") for row in json.loads(body)["priceGuides"]]
