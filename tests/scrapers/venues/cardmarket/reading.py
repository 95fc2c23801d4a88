"""Hand-written answers of Cardmarket."""

import json
from datetime import UTC, datetime
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "cardmarket"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def sample(name: str) -> bytes:
    """Return a hand-written sample."""
    return (SAMPLES / name).read_bytes()


def article(price: object, **values: object) -> dict[str, object]:
    """Return an offer."""
    return {
        "idArticle": 1, "idProduct": 31, "language": {"idLanguage": 1}, "price": price, "currencyCode": "EUR",
        "count": 1, "condition": "NM", "isFoil": False, "seller": {"idUser": 1}, **values,
    }  # fmt: skip


def articles(*rows: object) -> bytes:
    """Return a page of offers."""
    return json.dumps({"article": rows}).encode()
