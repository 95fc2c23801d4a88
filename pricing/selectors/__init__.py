"""Reads of the pricing app: current prices, their history, fee schedules, exchange rates, sources."""

from .current import (
    MARKET_PRICES,
    LatestPrice,
    MarketPrice,
    fresh_after,
    history_disagreements,
    latest_prices,
    market_parameters,
    market_prices,
)
from .fees import fee_schedule_at, fee_schedule_data
from .fx import fx_table
from .history import (
    DailyMedian,
    HistoryPoint,
    Series,
    price_chart,
    price_history,
    price_stability_inputs,
    record_id,
    record_key,
)
from .sales import SalesTurnover, sales_turnover
from .sources import price_source, price_sources
from .sparklines import Sparkline, sparklines
from .stock import StockTurnover, stock_turnover

__all__ = [
    "MARKET_PRICES",
    "DailyMedian",
    "HistoryPoint",
    "LatestPrice",
    "MarketPrice",
    "SalesTurnover",
    "Series",
    "Sparkline",
    "StockTurnover",
    "fee_schedule_at",
    "fee_schedule_data",
    "fresh_after",
    "fx_table",
    "history_disagreements",
    "latest_prices",
    "market_parameters",
    "market_prices",
    "price_chart",
    "price_history",
    "price_source",
    "price_sources",
    "price_stability_inputs",
    "record_id",
    "record_key",
    "sales_turnover",
    "sparklines",
    "stock_turnover",
]
