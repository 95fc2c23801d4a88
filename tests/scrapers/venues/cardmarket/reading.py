"""Hand-written answers of Cardmarket."""

from datetime import UTC, datetime
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "cardmarket"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def sample(name: str) -> bytes:
    """Return a hand-written sample."""
    return (SAMPLES / name).read_bytes()
