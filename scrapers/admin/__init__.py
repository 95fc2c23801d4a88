"""Staff pages of the sources: terms register, hosts, what was fetched, loading the real market."""

from .fetches import FeedDownloadAdmin, ProductFetchAdmin
from .live_market import LiveMarketAdmin
from .products import RefreshableProductAdmin
from .routes import SourceRouteAdmin

__all__ = [
    "FeedDownloadAdmin",
    "LiveMarketAdmin",
    "ProductFetchAdmin",
    "RefreshableProductAdmin",
    "SourceRouteAdmin",
]
