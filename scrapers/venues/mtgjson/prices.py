"""MTGJSON's price file: `data[uuid].paper[shop].{retail, buylist}[finish][day]`, streamed card by card.

The shop states its currency. Prices have been text, and zero stands for none. The faces of one printing have
a uuid each and the same prices; the catalogue knows all of them. A file of 88 MB is streamed in a few seconds
and about a megabyte of memory; decoding it whole is faster and takes 165 MB more.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import ijson
import msgspec

from catalog.choices import Finish
from pricing.choices import PriceType
from pricing.importers import ParsedPrices
from pricing.observations import Observation
from scrapers.errors import UnreadableAnswer
from scrapers.venues.numbers import price_or_none
from scrapers.venues.packed import read_pieces

MAX_UNPACKED: Final = 2 << 30
MAX_DEPTH: Final = 60  # a parser's time grows with the square of it; the format has 8
MAX_KINDS: Final = 30  # finishes counted by name
MAX_UUID: Final = 100

_SHOPS: Final = {
    "mtgjson_tcgplayer": "tcgplayer",
    "mtgjson_cardmarket": "cardmarket",
    "mtgjson_cardkingdom": "cardkingdom",
}
SOURCES: Final = tuple(_SHOPS)
_FINISHES: Final = {
    "normal": Finish.NONFOIL.value,
    "foil": Finish.FOIL.value,
    "etched": Finish.ETCHED.value,
}

Days = dict[date, Decimal | None]


class ShopPrices(msgspec.Struct, gc=False):
    """What one shop asks (retail) and pays (buylist) by finish and day."""

    currency: str = ""
    retail: dict[str, Days | None] | None = None
    buylist: dict[str, Days | None] | None = None


def parse_prices(path: Path, *, source: str) -> ParsedPrices:
    """Read the prices of one shop, lazily.

    Args:
        path: the JSON document, packed or not.
        source: one of `SOURCES`.

    Returns:
        Observations by uuid, each of its own day (00:00 UTC); `rows_read` counts cards and is complete with
        the observations. A card that cannot be read is a problem, an unknown finish is counted as
        `finish: <name>`, a shop without a currency as `no_currency`. A file that turns out truncated or of
        another shape raises `UnreadableAnswer` while it is consumed.
    """
    parsed = ParsedPrices(source=source, observations=(), recorded_at=None, rows_read=0)
    parsed.observations = _observations(path, parsed)
    return parsed


def _observations(path: Path, parsed: ParsedPrices) -> Iterator[Observation]:
    shop = _SHOPS[parsed.source]
    for uuid, card in _cards(path):
        parsed.rows_read += 1
        try:
            prices = _prices_of(card, shop)
        except msgspec.ValidationError as error:
            parsed.add_problem(parsed.rows_read, str(error))
            continue
        if prices is None:
            continue
        if len(prices.currency) != 3 or len(uuid) > MAX_UUID:
            parsed.skipped["no_currency" if len(uuid) <= MAX_UUID else "bad_identifier"] += 1
            continue
        for price_type, table in ((PriceType.RETAIL, prices.retail), (PriceType.BUYLIST, prices.buylist)):
            for name, days in (table or {}).items():
                finish = _FINISHES.get(name)
                if finish is None:
                    parsed.skipped[_kind(name, parsed)] += 1
                    continue
                for day, stated in (days or {}).items():
                    price = price_or_none(stated)
                    if price is None:
                        parsed.skipped["no_price"] += 1
                        continue
                    yield Observation(
                        price, price_type.value, prices.currency, uuid, None, finish,
                        recorded_at=datetime.combine(day, time(tzinfo=UTC)),
                    )  # fmt: skip


def _prices_of(card: Any, shop: str) -> ShopPrices | None:
    """Return one shop's prices of a card, None if it has none; raise ValidationError for another shape."""
    if not isinstance(card, dict) or not isinstance(card.get("paper", {}), dict):
        raise msgspec.ValidationError("not a card's prices")
    prices = card.get("paper", {}).get(shop)
    return None if prices is None else msgspec.convert(prices, ShopPrices)


def _kind(name: str, parsed: ParsedPrices) -> str:
    reason = f"finish: {name[:40]}"
    return reason if reason in parsed.skipped or len(parsed.skipped) < MAX_KINDS else "finish: others"


def _cards(path: Path) -> Iterator[tuple[str, Any]]:
    stream = _Stream(read_pieces(path, max_bytes=MAX_UNPACKED))
    seen = False
    try:
        for uuid, card in ijson.kvitems(stream, "data"):
            seen = True
            yield uuid, card
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise UnreadableAnswer(
            detail=f"{path.name} is truncated or no JSON: {str(error).splitlines()[0][:200]}."
        ) from error
    if not seen:
        raise UnreadableAnswer(detail=f"{path.name} is JSON but holds no prices.")


class _Stream:
    """Pieces of a file as a parser reads them, as long as they do not nest without end."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""
        self._depth = 0

    def read(self, size: int = -1) -> bytes:
        if not size:  # how ijson asks whether it gets bytes or text
            return b""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._depth += piece.count(b"{") + piece.count(b"[") - piece.count(b"}") - piece.count(b"]")
            self._rest = piece
        wanted = size if size > 0 else len(self._rest)
        data, self._rest = self._rest[:wanted], self._rest[wanted:]
        if self._depth > MAX_DEPTH:
            raise UnreadableAnswer(detail="The file nests deeper than is plausible.")
        return data
