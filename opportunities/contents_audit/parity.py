"""Checks against current prices: dearer than its case, and packs that cost very different amounts.

A mistake in contents shows in prices: a box that costs more than the case said to hold six of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

from opportunities.choices import ContentsCheck
from opportunities.policy import MIN_QUALITY

from .findings import Finding
from .graph import AuditGraph, SealedRow

PACK_PRICE_FACTOR: Final = Decimal("2.5")
"""Packs of one kind may cost so many times more or less in one product than in the middle of all. Between
single pack, bundle, box and trainer box of one set 1.4 was seen (9.48 to 13.65 USD), and 5 in a box that a
promo card makes dear (46.99 USD): the first is normal, the second is worth a look."""

MIN_PACK_PRODUCTS: Final = 3
"""Fewer priced products with the same pack do not tell which of them is off."""

MAX_APART: Final = timedelta(days=7)
"""Prices observed further apart are not compared."""

_CENT: Final = Decimal("0.01")

# what people paid goes before what is asked: the statistic the source stands for
_PRICES: Final = """
SELECT DISTINCT ON (c.product_key, c.source_id) c.product_key, s.code, v.currency, c.price, c.recorded_at
  FROM current_prices c
  JOIN price_sources s ON s.id = c.source_id AND s.is_enabled
  JOIN price_variants v ON v.id = c.variant_id
  JOIN price_batches b ON b.id = c.batch_id AND b.data_source_quality >= %(min_quality)s
 WHERE c.product_key = ANY(%(keys)s) AND v.condition = 'unopened' AND v.finish = 'nonfoil'
   AND v.price_type = s.market_price_type AND v.currency = s.currency
 ORDER BY c.product_key, c.source_id, c.recorded_at DESC
"""


class AuditPrice(NamedTuple):
    """The current price of one product at one source."""

    source: str
    currency: str
    price: Decimal
    recorded_at: datetime


Prices = Mapping[UUID, Mapping[str, AuditPrice]]
"""Product -> source -> price."""


def load_audit_prices(graph: AuditGraph) -> dict[UUID, dict[str, AuditPrice]]:
    """Load the current market prices of all sealed products, by source."""
    by_key = {row.key: row.id for row in graph.products.values()}
    found: dict[UUID, dict[str, AuditPrice]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_PRICES, {"keys": list(by_key), "min_quality": MIN_QUALITY})
        for key, *values in cursor.fetchall():
            price = AuditPrice(*values)
            found[by_key[key]][price.source] = price
    return dict(found)


def dearer_than_case(graph: AuditGraph, prices: Prices) -> Iterator[Finding]:
    """Report products that cost more than a product that is said to hold two or more of them."""
    for case in graph.lines:
        for child, count in graph.children(case).items():
            if count < 2 or case not in graph.products:
                continue
            pairs = _common(prices.get(child, {}), prices.get(case, {}))
            dearer = [(own, whole) for own, whole in pairs if own.price > whole.price]
            if dearer:
                own, whole = max(dearer, key=lambda pair: pair[0].price / pair[1].price)
                yield _dearer(graph.products[child], graph.products[case], count, own, whole)


def pack_parity(graph: AuditGraph, prices: Prices) -> Iterator[Finding]:
    """Report products whose packs cost far more or less than the same packs, of one language, do usually."""
    holders: dict[tuple[int, str], list[tuple[UUID, int]]] = defaultdict(list)
    for product, counts in graph.packs.items():
        if len(counts) == 1 and product in graph.products:
            ((pack, count),) = counts.items()
            holders[pack, graph.products[product].language].append((product, count))
    worst: dict[UUID, tuple[Decimal, Finding]] = {}
    for members in holders.values():
        for factor, finding in _compared(graph, members, prices):
            known = worst.get(finding.product)
            if known is None or factor > known[0]:
                worst[finding.product] = (factor, finding)
    return (finding for _, finding in worst.values())


def _compared(
    graph: AuditGraph, members: list[tuple[UUID, int]], prices: Prices
) -> Iterator[tuple[Decimal, Finding]]:
    """Yield (factor, finding) of every product off its middle, source by source."""
    counts = dict(members)
    sources = {source for product in counts for source in prices.get(product, {})}
    for source in sorted(sources):
        priced = [
            (product, prices[product][source]) for product in counts if source in prices.get(product, {})
        ]
        newest = max(price.recorded_at for _, price in priced)
        priced = [(product, price) for product, price in priced if newest - price.recorded_at <= MAX_APART]
        if len(priced) < MIN_PACK_PRODUCTS:
            continue
        per_pack = sorted(((price.price / counts[product], product, price) for product, price in priced))
        middle, reference, _ = per_pack[(len(per_pack) - 1) // 2]
        for own, product, price in per_pack:
            factor = max(own / middle, middle / own)
            if factor > PACK_PRICE_FACTOR:
                row, other = graph.products[product], graph.products[reference]
                yield (
                    factor,
                    _disparity(row, other, (counts[product], counts[reference]), (own, middle), price),
                )


def _common(
    own: Mapping[str, AuditPrice], whole: Mapping[str, AuditPrice]
) -> list[tuple[AuditPrice, AuditPrice]]:
    """Return the prices of two products at the same source that were observed at about the same time."""
    pairs = [(own[source], whole[source]) for source in own.keys() & whole.keys()]
    return [pair for pair in pairs if abs(pair[0].recorded_at - pair[1].recorded_at) <= MAX_APART]


def _dearer(child: SealedRow, case: SealedRow, count: int, own: AuditPrice, whole: AuditPrice) -> Finding:
    return Finding(
        ContentsCheck.DEARER_THAN_CASE,
        child.id,
        case.id,
        f"One {child.name} costs {own.price} {own.currency} at {own.source},"
        f" more than {case.name}, said to hold {count} of them, for {whole.price}.",
        {
            "count": count,
            "source": own.source,
            "currency": own.currency,
            "price": str(own.price),
            "case_price": str(whole.price),
        },
    )


def _disparity(
    row: SealedRow,
    other: SealedRow,
    counts: tuple[int, int],
    per_pack: tuple[Decimal, Decimal],
    price: AuditPrice,
) -> Finding:
    own, middle = (amount.quantize(_CENT) for amount in per_pack)
    return Finding(
        ContentsCheck.PACK_PARITY,
        row.id,
        other.id,
        f"A pack costs {own} {price.currency} in {row.name} ({counts[0]} packs) at {price.source},"
        f" but {middle} in {other.name} ({counts[1]}).",
        {
            "source": price.source,
            "currency": price.currency,
            "per_pack": str(own),
            "usual_per_pack": str(middle),
            "packs": counts[0],
            "other_packs": counts[1],
            "factor": str(PACK_PRICE_FACTOR),
        },
    )
