"""Routes of the sources, below `/api/v1/`; `products/{id}/refresh-price` lives with what does the work."""

from common.api.routers import OptionalSlashRouter, optional_slash

from .markets import MarketViewSet
from .views import BreakerResetView, CoverageView, RefreshPriceView, SourceViewSet, SyncView

_PRODUCT = r"products/(?P<product_id>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"

router = OptionalSlashRouter()
router.register("sources", SourceViewSet, basename="source")

urlpatterns = [
    *router.urls,
    optional_slash("markets", MarketViewSet.as_view({"get": "list"}), name="market-list"),
    optional_slash("sync", SyncView.as_view(), name="sync"),
    optional_slash("coverage", CoverageView.as_view(), name="coverage"),
    optional_slash("breakers/reset", BreakerResetView.as_view(), name="breaker-reset"),
    optional_slash(f"{_PRODUCT}/refresh-price", RefreshPriceView.as_view(), name="product-refresh-price"),
]
