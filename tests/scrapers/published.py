"""Files on a web server of this machine, in the places where the real sources keep theirs."""

import json
import lzma
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from common.ids import uuid7
from common.redis import open_async_redis
from common.resilience import Breaker, Pacer
from scrapers.choices import RobotsPolicy
from scrapers.http.guard import Host
from scrapers.http.session import PoliteSession


class Server(ThreadingHTTPServer):
    """Serves a mapping of paths; everything else is 404."""

    daemon_threads = True

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = dict(files)
        self.requests: Counter[str] = Counter()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requests[self.path] += 1
        body = self.server.files.get(self.path)
        kind = "text/plain" if self.path.endswith(".txt") else "application/json"
        if self.path.endswith(".xz"):
            kind = "application/x-xz"
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[Server]:
    server = Server(files)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def open_quick(
    *, allowed_urls: Collection[str], robots: RobotsPolicy, min_delay: float | None = None
) -> PoliteSession:
    """Open the product's session without its pauses: for a server that is ours."""
    client = open_async_redis()
    space = f"test-{uuid7()}"
    session = PoliteSession(
        user_agent="ArbsiteTests/1.0",
        pacer=Pacer(client, delay=0.0, namespace=space),
        breaker=Breaker(client, namespace=space),
        robots=None,
        allowed=[Host.of(url, is_private_allowed=True) for url in allowed_urls],
        deadline=5.0,
    )
    session.close_with(client.aclose)
    return session


def card(number: int, name: str) -> dict[str, Any]:
    return {
        "uuid": f"card-{number}", "name": name, "setCode": "TST", "number": str(number), "rarity": "rare",
        "language": "English", "finishes": ["nonfoil"],
        "identifiers": {"mcmId": str(100 + number), "tcgplayerProductId": str(200 + number)},
    }  # fmt: skip


def market_files(*, made_at: str) -> dict[str, bytes]:
    """Return a market in the sources' own formats: a box for 20 that holds two cards worth 50 and 40."""
    sealed = {
        "uuid": "box", "name": "Test Gift Box", "category": "box_set", "subtype": "unknown",
        "identifiers": {"mcmId": "900", "tcgplayerProductId": "901"},
        "contents": {
            "card": [
                {"name": name, "number": str(number), "set": "tst", "uuid": f"card-{number}"}
                for number, name in ((1, "First"), (2, "Second"))
            ]
        },
    }  # fmt: skip
    printings = {
        "meta": {"date": made_at[:10], "version": "5.2.2"},
        "data": {
            "TST": {
                "code": "TST", "name": "Test Set", "releaseDate": "2024-02-09", "type": "expansion",
                "cards": [card(1, "First"), card(2, "Second")], "tokens": [], "booster": {},
                "sealedProduct": [sealed], "decks": [],
            }
        },
    }  # fmt: skip
    guide = {
        "version": 1,
        "createdAt": made_at,
        "priceGuides": [
            {"idProduct": number, "idCategory": kind, "avg": price, "low": low, "trend": price,
             "avg1": price, "avg7": price, "avg30": price}
            for number, kind, price, low in ((900, 8, 20.0, 19.0), (101, 1, 50.0, 45.0), (102, 1, 40.0, 36.0))
        ],
    }  # fmt: skip
    prices = [
        {"productId": number, "lowPrice": price - 1, "midPrice": price, "highPrice": price + 5,
         "marketPrice": price, "directLowPrice": None, "subTypeName": "Normal"}
        for number, price in ((901, 22.0), (201, 55.0), (202, 44.0))
    ]  # fmt: skip
    group = {
        "groupId": 7, "name": "Test Set", "abbreviation": "TST", "isSupplemental": False,
        "publishedOn": "2024-02-09T00:00:00", "modifiedOn": "2026-11-01T00:00:00", "categoryId": 1,
    }  # fmt: skip
    category = {
        "categoryId": 1, "name": "Magic", "modifiedOn": "2026-11-01T00:00:00", "displayName": "Magic",
        "seoCategoryName": "magic", "sealedLabel": "Sealed", "nonSealedLabel": "Singles", "popularity": 1,
    }  # fmt: skip
    return {
        "/api/v5/AllPrintings.json.xz": lzma.compress(json.dumps(printings).encode()),
        "/productCatalog/priceGuide/price_guide_1.json": json.dumps(guide).encode(),
        "/last-updated.txt": made_at.encode(),
        "/tcgplayer/categories": _envelope([category]),
        "/tcgplayer/1/groups": _envelope([group]),
        "/tcgplayer/1/7/prices": _envelope(prices),
        "/tcgplayer/1/7/products": _envelope([]),
    }


def _envelope(results: list[Any]) -> bytes:
    return json.dumps(
        {"totalItems": len(results), "success": True, "errors": [], "results": results}
    ).encode()
