"""The vector arithmetic of a valuation. Whole numbers throughout: sums are exact, as in `quant.sealed`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from opportunities.policy import AnalysisPolicy
from pricing.models import PriceSource
from quant.fees import FeeSchedule

from .book import CURRENT_BOOK, PriceBook
from .mapping import COPIES_SCALE, MappingArrays, load_mapping, refresh_mapping
from .prices import NO_TIME, UnitPrices, as_datetime, load_unit_prices, net_cents

_LIMB = 10**5
_SAFE_TOTAL = float(2**62)


@dataclass(frozen=True, slots=True)
class ProductValue:
    """What the singles of ONE sealed product are worth, from the flattened mapping.

    Amounts are in the source's currency and exact for the mapping's ten-place probabilities, not rounded.

    Args:
        product_id: the sealed product.
        lines: number of distinct lines.
        copies: expected copies.
        priced_copies: expected copies that have a usable price.
        gross: at market prices.
        net: after floor, fees, postage and packing.
        lines_counted: lines sold one by one.
        oldest_at: oldest price used; None without any.
        missing_value: what the most valuable guaranteed line without a usable price was last worth.
        is_absurd: a line claims an impossible number of copies.
    """

    product_id: UUID
    lines: int
    copies: Decimal
    priced_copies: Decimal
    gross: Decimal
    net: Decimal
    lines_counted: int
    oldest_at: datetime | None
    missing_value: Decimal
    is_absurd: bool

    @property
    def coverage(self) -> Decimal:
        """Priced share of the expected copies, 0..1; 0 when nothing is inside."""
        return self.priced_copies / self.copies if self.copies else Decimal(0)


@dataclass(frozen=True, slots=True)
class SinglesValues:
    """The result of valuing many products, with the prices it was made from."""

    products: dict[UUID, ProductValue]
    prices: UnitPrices


def value_all(  # noqa: PLR0913 - what is valued, at which prices, on which terms
    *,
    source: PriceSource,
    price_type: str,
    schedule: FeeSchedule | None,
    policy: AnalysisPolicy,
    now: datetime,
    product_ids: Collection[UUID] | None = None,
    book: PriceBook = CURRENT_BOOK,
) -> SinglesValues:
    """Value the singles of all sealed products at one source's prices, set-based.

    Packs what changed in `product_singles`, loads mapping and prices once, and computes every total with
    vector operations; no query depends on the number of products.

    Args:
        source: where the singles are sold.
        price_type: the statistic of their prices.
        schedule: what selling costs; None means nothing.
        policy: floor, bulk value, items per order and the greatest age of a price.
        now: prices older than the policy's age at this time count as absent.
        product_ids: sealed products to value; None values all active ones.
        book: where prices are read, and the packed contents if they are loaded already.
    """
    mapping = book.mapping
    if mapping is None:
        refresh_mapping(product_ids)
        mapping = load_mapping(product_ids)
    keys = None if product_ids is None else np.unique(mapping.singles).tolist()
    prices = load_unit_prices(
        source=source,
        price_type=price_type,
        fresh_after=now - policy.max_price_age,
        min_quality=policy.min_quality,
        product_keys=keys,
        highest_key=int(mapping.singles.max(initial=0)),
        book=book,
    )
    net = net_cents(
        prices.cents,
        floor=policy.floor(source.currency),
        bulk_value=policy.bulk_value,
        schedule=schedule,
        items_per_order=policy.items_per_order,
    )
    counted = (net > int(policy.bulk_value * 100)) & (
        prices.cents >= int(policy.floor(source.currency) * 100)
    )
    return SinglesValues(_values(mapping, prices, net, counted), prices)


def _values(
    mapping: MappingArrays, prices: UnitPrices, net: NDArray[np.int64], counted: NDArray[np.bool_]
) -> dict[UUID, ProductValue]:
    if not mapping.products:
        return {}
    rows = prices.rows[mapping.finishes, mapping.singles]
    starts = mapping.starts
    copies = mapping.copies
    is_absurd = np.minimum.reduceat(copies, starts) < 0
    lines_counted = np.add.reduceat(counted[rows], starts, dtype=np.int64)
    oldest = np.minimum.reduceat(prices.recorded_at[rows], starts)
    all_copies = exact_sums(copies, None, starts)
    priced = exact_sums(copies, (rows > 0).astype(np.int64), starts)
    gross = exact_sums(copies, prices.cents[rows], starts)
    net_totals = exact_sums(copies, net[rows], starts)
    missing = _missing(mapping, prices, rows)
    lengths = mapping.lengths
    values = {}
    for index, product in enumerate(mapping.products):
        values[product] = ProductValue(
            product_id=product,
            lines=int(lengths[index]),
            copies=Decimal(all_copies[index]).scaleb(-10),
            priced_copies=Decimal(priced[index]).scaleb(-10),
            gross=Decimal(gross[index]).scaleb(-12),
            net=Decimal(net_totals[index]).scaleb(-12),
            lines_counted=int(lines_counted[index]),
            oldest_at=None if oldest[index] == NO_TIME else as_datetime(int(oldest[index])),
            missing_value=missing.get(index, Decimal(0)),
            is_absurd=bool(is_absurd[index]),
        )
    return values


def exact_sums(
    copies: NDArray[np.int64], factors: NDArray[np.int64] | None, starts: NDArray[np.int64]
) -> list[int]:
    """Sum copies x factors of each product without rounding or overflow.

    Products are summed as 64-bit integers; the few whose total could leave that range are summed again in two
    limbs of the copies.

    Args:
        copies: expected copies times 10^10, one per line; lines below 0 count as 0.
        factors: whole numbers, one per line, at most 2^40; None sums the copies.
        starts: where each product's lines begin.
    """
    clean = np.maximum(copies, 0)
    if factors is None:
        return [int(total) for total in np.add.reduceat(clean, starts)]
    with np.errstate(over="ignore"):
        totals = [int(total) for total in np.add.reduceat(clean * factors, starts)]
    estimates = np.add.reduceat(clean.astype(np.float64) * factors, starts)
    for index in np.flatnonzero(np.abs(estimates) > _SAFE_TOTAL):
        end = starts[index + 1] if index + 1 < len(starts) else len(clean)
        part = slice(int(starts[index]), int(end))
        pairs = zip(clean[part].tolist(), factors[part].tolist(), strict=True)
        totals[index] = sum(copy * factor for copy, factor in pairs)
    return totals


def _missing(mapping: MappingArrays, prices: UnitPrices, rows: NDArray[np.int32]) -> dict[int, Decimal]:
    """Return per product the last known value of its most valuable guaranteed line without a usable price."""
    lines = np.flatnonzero(mapping.guaranteed & (rows == 0))
    if not len(lines):
        return {}
    products = np.searchsorted(mapping.starts, lines, side="right") - 1
    stale = prices.cents[prices.stale_rows[mapping.finishes[lines], mapping.singles[lines]]]
    found: dict[int, Decimal] = {}
    for line in np.flatnonzero(stale > 0):
        product = int(products[line])
        value = Decimal(int(mapping.copies[lines[line]]) * int(stale[line])) / COPIES_SCALE / 100
        found[product] = max(found.get(product, Decimal(0)), value)
    return found
