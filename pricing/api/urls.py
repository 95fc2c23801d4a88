"""Routes of the pricing API, below `/api/v1/`."""

from django.urls import URLPattern

from common.api.routers import optional_slash

from .books import BookViewSet
from .views import CurrentPriceViewSet, PriceHistoryViewSet, SparklinesView

_PRODUCT = r"products/(?P<product_id>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"

urlpatterns: list[URLPattern] = [
    optional_slash("books", BookViewSet.as_view({"get": "list"}), name="book-list"),
    optional_slash("products/sparklines", SparklinesView.as_view(), name="product-sparklines"),
    optional_slash(
        f"{_PRODUCT}/price-history",
        PriceHistoryViewSet.as_view({"get": "list"}),
        name="product-price-history",
    ),
    optional_slash(f"{_PRODUCT}/prices", CurrentPriceViewSet.as_view({"get": "list"}), name="product-prices"),
]
