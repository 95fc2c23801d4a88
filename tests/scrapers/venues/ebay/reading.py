"""Sample answers of eBay as the session would hand them on."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from scrapers.http.messages import Response
from scrapers.venues.ebay.asks import Asked
from scrapers.venues.ebay.identifiers import parse_identifier
from scrapers.venues.ebay.markets import find_market

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "ebay"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def read(name):
    return (SAMPLES / name).read_bytes()


def answer(body, *, status=200, url="https://api.ebay.com/buy/browse/v1/item_summary/search?epid=1"):
    return Response(url=url, status=status, headers={}, body=body, fetched_at=NOW)


def asked(identifier, market="EBAY_US"):
    return Asked(parse_identifier(identifier), find_market(market))


def changed(name, change):
    """Return a sample after `change` had its way with the decoded message."""
    message = msgspec.json.decode(read(name))
    change(message)
    return answer(msgspec.json.encode(message))
