"""All current prices of one source and statistic in arrays, and which finish's price a card takes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from opportunities.policy import MIN_QUALITY
from pricing.choices import Condition
from pricing.models import PriceSource, PriceVariant
from quant.fees import FeeSchedule, net_proceeds

from .book import CURRENT_BOOK, PriceBook
from .columns import INT2, INT4, INT8, fetch_columns
from .mapping import FINISHES

POSTGRES_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
NO_TIME: Final = np.iinfo(np.int64).max
ACCEPTED_CONDITIONS: Final = (Condition.UNOPENED, Condition.NEAR_MINT, Condition.ANY)
"""Best first. Prices of played copies are never what an opened card is valued at."""

STAND_INS: Final[dict[str, tuple[str, ...]]] = {"etched": ("foil",), "glossy": ("foil",)}
"""A finish without a price of its own takes that of these. A card that is never printed plain takes the plain
price last: sources list such cards under one price (`ONE_PRICE`)."""

ONE_PRICE: Final = ("foil", "etched", "glossy", "signed")

_PRICES = """
SELECT c.product_key, c.variant_id, (c.price * 100)::int8 AS cents, c.recorded_at
  FROM {table} c
 WHERE c.source_id = %(source)s AND c.variant_id = ANY(%(variants)s)
   AND (%(all)s OR c.product_key = ANY(%(keys)s))
   AND NOT EXISTS (SELECT FROM price_batches b
                    WHERE b.id = c.batch_id AND b.data_source_quality < %(min_quality)s)
"""
_NEVER_PLAIN = """
SELECT key::int4 AS key FROM products
 WHERE product_type = 'single' AND NOT finishes @> '{nonfoil}'::varchar[] AND cardinality(finishes) > 0
   AND (%(all)s OR key = ANY(%(keys)s))
"""


@dataclass(frozen=True, slots=True)
class UnitPrices:
    """Prices of one copy. Row 0 stands for no price; `rows[finish, key]` is the row of a card.

    Args:
        rows: int32 of shape (finishes, highest key + 1).
        stale_rows: the same for prices that are too old to be used.
        cents: price in hundredths of the currency.
        variants: price variant of each row.
        recorded_at: microseconds since 2000; `NO_TIME` in row 0.
        finish_names: finish of each price variant.
    """

    rows: NDArray[np.int32]
    stale_rows: NDArray[np.int32]
    cents: NDArray[np.int64]
    variants: NDArray[np.int16]
    recorded_at: NDArray[np.int64]
    finish_names: dict[int, str]

    def row_of(self, card: tuple[int, str]) -> int:
        """Return the row of (product key, finish), 0 without a usable price."""
        key, finish = card
        if finish not in FINISHES or not 0 <= key < self.rows.shape[1]:
            return 0
        return int(self.rows[FINISHES.index(finish), key])

    def price_of(self, row: int) -> Decimal:
        """Return the price of a row."""
        return Decimal(int(self.cents[row])).scaleb(-2)

    def finish_of(self, row: int) -> str:
        """Return the finish the price of a row is for; a card may take another finish's price."""
        return self.finish_names[int(self.variants[row])]

    def time_of(self, row: int) -> datetime:
        """Return when the price of a row was observed."""
        return as_datetime(int(self.recorded_at[row]))

    def stale_price_of(self, card: tuple[int, str]) -> Decimal | None:
        """Return the outdated price of a card that has no usable one, as a hint of what it is worth."""
        key, finish = card
        if finish not in FINISHES or not 0 <= key < self.stale_rows.shape[1]:
            return None
        row = int(self.stale_rows[FINISHES.index(finish), key])
        return self.price_of(row) if row else None


def as_datetime(microseconds: int) -> datetime:
    """Turn microseconds since 2000 into a datetime."""
    return POSTGRES_EPOCH + timedelta(microseconds=microseconds)


def as_microseconds(moment: datetime) -> int:
    """Turn a datetime into microseconds since 2000."""
    return (moment - POSTGRES_EPOCH) // timedelta(microseconds=1)


def load_unit_prices(  # noqa: PLR0913 - together they say which prices, and the book where
    *,
    source: PriceSource,
    price_type: str,
    fresh_after: datetime | None,
    min_quality: Decimal = MIN_QUALITY,
    product_keys: Collection[int] | None = None,
    highest_key: int = 0,
    book: PriceBook = CURRENT_BOOK,
) -> UnitPrices:
    """Load the accepted current prices of one source and statistic in its own currency.

    The exact finish goes first, then the stand-ins (`STAND_INS`), then, for cards never printed plain, the
    plain price; within a finish near mint goes before any condition.

    Args:
        source: whose prices.
        price_type: statistic, such as `trend`.
        fresh_after: older prices count as absent (they stay known as stale); None accepts every age.
        min_quality: prices of a lower `data_source_quality` are absent altogether.
        product_keys: cards to load; None loads all.
        highest_key: the arrays reach at least this key, so that it can be looked up.
        book: where prices are read; a replay reads those of its moment.
    """
    chosen = _variants(source, price_type)
    keys = None if product_keys is None else sorted(product_keys)
    found = fetch_columns(
        _PRICES.format(table=book.table),
        {
            "source": source.pk,
            "variants": list(chosen) or [-1],
            "all": keys is None,
            "keys": keys or [-1],
            "min_quality": min_quality,
        },
        product_key=INT4,
        variant_id=INT2,
        cents=INT8,
        recorded_at=INT8,
    )
    found_keys = found["product_key"]
    width = int(max(highest_key, found_keys.max(initial=0))) + 1
    cents = np.concatenate([[0], found["cents"]]).astype(np.int64)
    times = np.concatenate([[NO_TIME], found["recorded_at"]]).astype(np.int64)
    variants = np.concatenate([[0], found["variant_id"]]).astype(np.int16)
    is_fresh = np.ones(len(cents), dtype=np.bool_)
    if fresh_after is not None:
        is_fresh = times >= as_microseconds(fresh_after)
    never_plain = _never_plain(keys, width)
    rows = _table(found_keys, variants, chosen, is_fresh, width)
    stale = _table(found_keys, variants, chosen, ~is_fresh, width)
    for table in (rows, stale):
        _stand_in(table, never_plain)
    return UnitPrices(
        rows=rows,
        stale_rows=stale,
        cents=cents,
        variants=variants,
        recorded_at=times,
        finish_names={variant: FINISHES[finish] for variant, (finish, _) in chosen.items()},
    )


def net_cents(
    cents: NDArray[np.int64],
    *,
    floor: Decimal,
    bulk_value: Decimal,
    schedule: FeeSchedule | None,
    items_per_order: int,
) -> NDArray[np.int64]:
    """Say what one copy brings at each price: net proceeds, or bulk value below the floor or if that is more.

    Fees are computed once per distinct price by `quant.fees`, so every figure equals the exact valuation's.

    Args:
        cents: prices in hundredths; 0 means no price.
        floor: price below which a copy goes for the bulk value.
        bulk_value: of one such copy.
        schedule: None means selling costs nothing.
        items_per_order: copies per sale.
    """
    distinct, positions = np.unique(cents, return_inverse=True)
    bulk = int(bulk_value * 100)
    low = int(floor * 100)
    result = np.full(len(distinct), bulk, dtype=np.int64)
    for index in np.flatnonzero(distinct >= max(low, 1)):
        amount = int(distinct[index])
        if schedule is not None:
            price = Decimal(amount).scaleb(-2)
            amount = int(net_proceeds(price, schedule=schedule, items_per_order=items_per_order) * 100)
        result[index] = max(amount, bulk)
    result[distinct <= 0] = 0
    return result[positions.reshape(-1)]


def _variants(source: PriceSource, price_type: str) -> dict[int, tuple[int, int]]:
    """Return variant id -> (finish code, condition rank) of the variants that may be used."""
    known = PriceVariant.objects.filter(
        price_type=price_type,
        currency=source.currency,
        condition__in=ACCEPTED_CONDITIONS,
        finish__in=FINISHES,
    )
    return {
        variant.pk: (FINISHES.index(variant.finish), ACCEPTED_CONDITIONS.index(Condition(variant.condition)))
        for variant in known
    }


def _table(
    keys: NDArray[np.int32],
    variants: NDArray[np.int16],
    chosen: dict[int, tuple[int, int]],
    wanted: NDArray[np.bool_],
    width: int,
) -> NDArray[np.int32]:
    """Place row numbers at [finish, key], worst condition first so that better ones overwrite."""
    table = np.zeros((len(FINISHES), width), dtype=np.int32)
    for variant, (finish, _) in sorted(chosen.items(), key=lambda item: -item[1][1]):
        rows = np.flatnonzero((variants == variant) & wanted)
        table[finish, keys[rows - 1]] = rows
    return table


def _stand_in(table: NDArray[np.int32], never_plain: NDArray[np.int32]) -> None:
    """Fill the gaps of finishes that take another finish's price."""
    for finish, others in STAND_INS.items():
        own = table[FINISHES.index(finish)]
        for other in others:
            np.copyto(own, table[FINISHES.index(other)], where=own == 0)
    plain = table[FINISHES.index("nonfoil"), never_plain]
    for finish in ONE_PRICE:
        own = table[FINISHES.index(finish)]
        own[never_plain] = np.where(own[never_plain] == 0, plain, own[never_plain])


def _never_plain(keys: list[int] | None, width: int) -> NDArray[np.int32]:
    """Return the keys of cards that have no plain finish."""
    parameters = {"all": keys is None, "keys": keys or [-1]}
    plain = fetch_columns(_NEVER_PLAIN, parameters, key=INT4)["key"]
    return plain[plain < width]
