"""TCGplayer's price history: sales in buckets of days, numbers as texts, null for unknown products."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from aiohttp import web

from scrapers.simulator.answers import json_answer
from scrapers.simulator.market import SimulatedSale
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.world import SimulatedArticle

from .tcgplayer_catalogue import VENUE, finishes_of, market, printing, sku_number

routes = web.RouteTableDef()

SPANS: Final = {"month": (30, 1), "quarter": (90, 3), "semiannual": (180, 7), "annual": (360, 7)}
"""Range -> (days, days of a bucket)."""


@routes.get(r"/tcgplayer_history/price/history/{product:\d+}/detailed")
async def history(request: web.Request) -> web.Response:
    """Return sales in buckets of days: every number is a text; unknown products have a null result."""
    simulator = simulator_of(request)
    span = SPANS.get(request.query.get("range", "month"))
    if span is None:
        error = {"code": "HAPI-400", "message": "Unknown range."}
        return json_answer({"errors": [error]}, status=400)
    article = simulator.listed(VENUE, "tcgplayer", request.match_info["product"])
    if article is None:
        return json_answer({"result": None})
    result = [
        _history_row(simulator, article, finish, span, simulator.now()) for finish in finishes_of(article)
    ]
    return json_answer({"count": len(result), "result": result})


def _history_row(
    simulator: Simulator, article: SimulatedArticle, finish: str, span: tuple[int, int], now: datetime
) -> dict[str, Any]:
    """Return the history of a finish; sold copies of all conditions count in its best condition."""
    days, width = span
    shown = market(simulator, article, finish, now)
    condition = "Unopened" if article.is_sealed else "Near Mint"
    buckets = []
    for back in range(0, days, width):
        day = now.date() - timedelta(days=back + width - 1)
        sales = [sale for step in range(width) for sale in shown.sales_of(day + timedelta(days=step))]
        buckets.append(_bucket(simulator, article, finish, day, sales))
    sold = sum(int(bucket["quantitySold"]) for bucket in buckets)
    orders = sum(int(bucket["transactionCount"]) for bucket in buckets)
    return {
        "skuId": str(sku_number(article, finish, condition)), "variant": printing(article, finish),
        "language": "English", "condition": condition, "averageDailyQuantitySold": str(sold // days),
        "averageDailyTransactionCount": str(orders // days), "totalQuantitySold": str(sold),
        "totalTransactionCount": str(orders), "trendingMarketPricePercentages": {}, "buckets": buckets,
    }  # fmt: skip


def _bucket(
    simulator: Simulator, article: SimulatedArticle, finish: str, day: date, sales: list[SimulatedSale]
) -> dict[str, str]:
    at = min(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), simulator.now())
    price = simulator.world.price(article, VENUE, at=at, finish=finish)
    prices = [sale.price for sale in sales] or [Decimal(0)]
    with_postage = [sale.price + sale.shipping for sale in sales] or [Decimal(0)]
    return {
        "marketPrice": str(price), "quantitySold": str(sum(sale.quantity for sale in sales)),
        "lowSalePrice": str(min(prices)), "lowSalePriceWithShipping": str(min(with_postage)),
        "highSalePrice": str(max(prices)), "highSalePriceWithShipping": str(max(with_postage)),
        "transactionCount": str(len(sales)), "bucketStartDate": day.isoformat(),
    }  # fmt: skip
