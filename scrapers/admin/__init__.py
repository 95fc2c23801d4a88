"""Staff pages of the sources: terms register, hosts, what was fetched, loading the real market."""

from .fetches import FeedDownloadAdmin, ProductFetchAdmin
from .products import RefreshableProductAdmin
from .routes import SourceRouteAdmin

__all__ = ["FeedDownloadAdmin", "ProductFetchAdmin", "RefreshableProductAdmin", "SourceRouteAdmin"]
