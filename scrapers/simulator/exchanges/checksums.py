"""The checksums that Kraken and OKX send with their books."""

from collections.abc import Sequence
from typing import Final
from zlib import crc32

Level = tuple[str, str]
"""Price and size as the venue writes them."""

KRAKEN_LEVELS: Final = 10
OKX_LEVELS: Final = 25
_SIGN: Final = 1 << 31


def kraken_checksum(bids: Sequence[Level], asks: Sequence[Level]) -> int:
    """Return Kraken's checksum: ten asks from low to high, then ten bids from high to low.

    Price and size lose their point and their leading zeros; sides come best first.
    """
    text = "".join(
        part.replace(".", "").lstrip("0")
        for side in (asks, bids)
        for level in side[:KRAKEN_LEVELS]
        for part in level
    )
    return crc32(text.encode())


def okx_checksum(bids: Sequence[Level], asks: Sequence[Level]) -> int:
    """Return OKX's checksum: 25 levels of bid and ask in turn, price and size, as a signed number."""
    parts: list[str] = []
    for index in range(OKX_LEVELS):
        for side in (bids, asks):
            if index < len(side):
                parts += side[index]
    value = crc32(":".join(parts).encode())
    return value - 2 * _SIGN if value >= _SIGN else value
