"""The tables of the scrapers app."""

from .live_market import LiveMarket
from .register import FeedDownload, ProductFetch, RouteCalls, SourceRoute

__all__ = ["FeedDownload", "LiveMarket", "ProductFetch", "RouteCalls", "SourceRoute"]
