"""Cardmarket's daily price guide: one JSON document with every article of one game, in EUR.

Singles and sealed products share the file; `idProduct` is the identifier (`mcm`). Plain statistics are those
of the non-foil version, the ones with the suffix `-foil` (Magic) or `-holo` (other games) those of the foil
one. Zero and null both mean "none". No condition and no number of offers is given; a missing `low` says that
nothing is on offer.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import msgspec

from catalog.choices import Finish
from pricing.choices import PriceType
from pricing.errors import PriceFileError
from pricing.observations import Observation

from .parsed import ParsedPrices

SOURCE: Final = "cardmarket"
CURRENCY: Final = "EUR"
_EPOCH_FORMATS: Final = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z")

Price = Decimal | None


class GuideRow(msgspec.Struct, gc=False):
    """One article. Unknown fields are ignored and absent ones are None; prices are exact decimals."""

    idProduct: int  # noqa: N815 - the venue's own field names
    low: Price = None
    trend: Price = None
    avg: Price = None
    avg1: Price = None
    avg7: Price = None
    avg30: Price = None
    low_foil: Price = msgspec.field(name="low-foil", default=None)
    trend_foil: Price = msgspec.field(name="trend-foil", default=None)
    avg_foil: Price = msgspec.field(name="avg-foil", default=None)
    avg1_foil: Price = msgspec.field(name="avg1-foil", default=None)
    avg7_foil: Price = msgspec.field(name="avg7-foil", default=None)
    avg30_foil: Price = msgspec.field(name="avg30-foil", default=None)
    low_holo: Price = msgspec.field(name="low-holo", default=None)
    trend_holo: Price = msgspec.field(name="trend-holo", default=None)
    avg_holo: Price = msgspec.field(name="avg-holo", default=None)
    avg1_holo: Price = msgspec.field(name="avg1-holo", default=None)
    avg7_holo: Price = msgspec.field(name="avg7-holo", default=None)
    avg30_holo: Price = msgspec.field(name="avg30-holo", default=None)


class Guide(msgspec.Struct):
    """The envelope; rows stay raw so that one bad row costs one row."""

    priceGuides: list[msgspec.Raw]  # noqa: N815
    createdAt: str | None = None  # noqa: N815


_STATISTICS: Final = tuple(
    (f"{name}{suffix}", PriceType(name).value, finish.value)
    for suffix, finish in (("", Finish.NONFOIL), ("_foil", Finish.FOIL), ("_holo", Finish.FOIL))
    for name in ("low", "trend", "avg", "avg1", "avg7", "avg30")
)
_envelope_decoder: Final = msgspec.json.Decoder(Guide)
_row_decoder: Final = msgspec.json.Decoder(GuideRow)


def parse_price_guide(content: bytes) -> ParsedPrices:
    """Read a price guide.

    Args:
        content: the JSON document.

    Returns:
        Lazy observations; `skipped["no_price"]` counts the empty statistics of plain versions as they are
        passed over. Rows without an integer `idProduct` or with a price that is no number become problems.

    Raises:
        PriceFileError: if the document is truncated, no JSON, or no price guide.
    """
    try:
        guide = _envelope_decoder.decode(content)
    except msgspec.ValidationError as error:
        raise PriceFileError(None, f"This is not a Cardmarket price guide: {error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PriceFileError(None, f"The price guide is truncated or corrupt: {error}.") from error
    parsed = ParsedPrices(
        source=SOURCE,
        observations=(),
        recorded_at=_created_at(guide.createdAt),
        rows_read=len(guide.priceGuides),
    )
    parsed.observations = _observations(guide.priceGuides, parsed)
    return parsed


def _observations(rows: list[msgspec.Raw], parsed: ParsedPrices) -> Iterator[Observation]:
    decode = _row_decoder.decode
    missing: Counter[str] = parsed.skipped
    for number, raw in enumerate(rows, 1):
        try:
            row = decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            parsed.add_problem(number, str(error))
            continue
        article = str(row.idProduct)
        for field, price_type, finish in _STATISTICS:
            price = getattr(row, field)
            if price and price.is_finite():
                yield Observation(price, price_type, CURRENCY, article, None, finish)
            elif finish == Finish.NONFOIL:
                missing["no_price"] += 1


def _created_at(text: str | None) -> datetime | None:
    for pattern in _EPOCH_FORMATS:
        try:
            return datetime.strptime(text or "", pattern).astimezone(UTC)
        except (ValueError, OverflowError):  # no such date, or outside the calendar once it is UTC
            continue
    return None
