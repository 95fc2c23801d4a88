"""Sample answers of Amazon as the session would hand them on."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from scrapers.http.messages import Response
from scrapers.venues.amazon.marketplaces import find_marketplace

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "amazon"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
US = find_marketplace("www.amazon.com")


def read(name):
    return (SAMPLES / name).read_bytes()


def answer(body, *, status=200, url="https://www.amazon.com/dp/B0AMBER001"):
    body = body if isinstance(body, bytes) else body.encode()
    return Response(url=url, status=status, headers={}, body=body, fetched_at=NOW)


def changed(name, change):
    """Return a sample after `change` had its way with the decoded message."""
    message = msgspec.json.decode(read(name))
    change(message)
    return answer(msgspec.json.encode(message))
