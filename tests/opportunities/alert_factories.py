"""Opportunities with chosen figures, rules and channels, and a webhook on this machine."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from catalog.models import Product
from common.secrets import Secret
from opportunities.models import AlertChannel, AlertRule, Opportunity
from opportunities.services.alerts_channels import create_channel
from opportunities.services.alerts_rules import create_rule
from tests.pricing.factories import NOW, make_product, make_source
from users.models import User

_number = count(1)
PRODUCT_FACTS = frozenset({"name", "category", "sealed_kind", "set_code", "set_name"})


def make_opportunity(product: Product | None = None, **facts: Any) -> Opportunity:
    """Make an active opportunity; facts of its product (`PRODUCT_FACTS`) are set there."""
    of_product = {name: facts.pop(name) for name in PRODUCT_FACTS & set(facts)}
    if product is None:
        product = make_product(of_product.pop("name", f"Box {next(_number)}"), sealed=True)
    for name, value in of_product.items():
        setattr(product, name, value)
    product.save()
    source = make_source(facts.pop("source", "cardmarket"))
    row: dict[str, Any] = {
        "fingerprint": f"{next(_number):064x}",
        "sealed_product": product,
        "buy_source": source,
        "sell_source": source,
        "currency": "EUR",
        "sealed_price": Decimal("60.00"),
        "total_cost": Decimal("60.00"),
        "singles_value": Decimal("76.00"),
        "gross_singles_value": Decimal("80.00"),
        "net_profit": Decimal("16.00"),
        "margin_percentage": Decimal("26.66"),
        "naive_margin_percentage": Decimal("41.66"),
        "coverage": Decimal(1),
        "probability_of_profit": Decimal("0.75"),
        "confidence_score": Decimal("0.66"),
        "risk_level": "medium",
        "algorithm_version": "1",
        "oldest_price_at": NOW - timedelta(hours=1),
        "opened_at": NOW,
        "expires_at": NOW + timedelta(days=365),
        **facts,
    }
    return Opportunity.objects.create(**row)


def at_least(field: str, value: str) -> dict[str, str]:
    """Return a condition."""
    return {"field": field, "operator": "gte", "value": value}


def make_rule(user: User, *channels: AlertChannel, now: datetime = NOW, **facts: Any) -> AlertRule:
    """Make a rule through its service; by default it asks for a margin of 20 %."""
    given = {
        "name": f"Rule {next(_number)}",
        "conditions": [at_least("margin_percentage", "20")],
        "cooldown_minutes": 240,
        "channels": list(channels),
        **facts,
    }
    return create_rule(user, facts=given, now=now)


def make_channel(user: User, url: str, *, now: datetime = NOW, **facts: Any) -> AlertChannel:
    """Make a channel through its service."""
    given = {"name": f"Channel {next(_number)}", "url": Secret(url), **facts}
    return create_channel(user, facts=given, now=now)


class Webhook(ThreadingHTTPServer):
    """A webhook on this machine that remembers what it was told."""

    answer = 200
    location = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Listener)
        self.messages: list[dict[str, str]] = []

    @property
    def place(self) -> str:
        """Host and port, as an operator lists them."""
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        """Its address, with a token nobody may see."""
        return f"json://{self.place}/hook/canary-token"


class _Listener(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        self.server.messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.answer)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()

    def do_GET(self) -> None:
        self.server.messages.append({"title": "GET"})
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Stay quiet."""


@contextmanager
def open_webhook() -> Iterator[Webhook]:
    """Serve a webhook in a thread."""
    server = Webhook()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
