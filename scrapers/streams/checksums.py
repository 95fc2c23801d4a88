"""Checksums that venues send with their books, computed over their own text of the best levels."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, TypeAlias
from zlib import crc32

TextLevel: TypeAlias = tuple[float, float, str, str]
"""Price, size, and both as the venue wrote them."""

KRAKEN_LEVELS: Final = 10
OKX_LEVELS: Final = 25


def text_level(price: str, size: str) -> TextLevel:
    """Return a level that keeps its text.

    Raises:
        ValueError: if one of them is no number.
    """
    return float(price), float(size), price, size


def kraken_checksum(asks: Iterable[Sequence[float | str]], bids: Iterable[Sequence[float | str]]) -> int:
    """Return Kraken's CRC32 of a book, unsigned.

    The ten best asks from the lowest, then the ten best bids from the highest; of each price and size the
    text without the point and without leading zeros (https://docs.kraken.com/api/docs/guides/spot-ws-book-v2).
    Trailing zeros count, which is why the text is kept. More levels than ten would give another sum.

    Args:
        asks: up to ten text levels, best first.
        bids: the same.
    """
    texts = (str(text) for side in (asks, bids) for level in side for text in level[2:4])
    return crc32("".join(map(_bare, texts)).encode())


def _bare(text: str) -> str:
    """Return digits only; a number written with an exponent is written out first."""
    if "e" in text or "E" in text:
        text = f"{Decimal(text):f}"
    return text.replace(".", "").lstrip("0")


def okx_checksum(asks: Sequence[Sequence[float | str]], bids: Sequence[Sequence[float | str]]) -> int:
    """Return OKX's CRC32 of a book, signed.

    The 25 best levels of both sides in turn, bid first, as `price:size` joined by colons; when one side is
    shorter the other goes on alone (https://www.okx.com/docs-v5/en/#order-book-trading-market-data).

    Args:
        asks: up to 25 text levels, best first.
        bids: the same.
    """
    parts: list[str] = []
    for at in range(max(len(asks), len(bids))):
        for side in (bids, asks):
            if at < len(side):
                parts += (str(side[at][2]), str(side[at][3]))
    unsigned = crc32(":".join(parts).encode())
    return unsigned - 0x1_0000_0000 if unsigned >= 0x8000_0000 else unsigned
