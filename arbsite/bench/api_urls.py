"""The product's URL map with the views the API is measured against."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination

from arbsite.urls import handler400, handler403, handler404, handler500
from arbsite.urls import urlpatterns as product_urls
from catalog.models import Product
from opportunities.api.serializers import ITEM_FIELDS
from opportunities.api.views import OpportunityViewSet
from opportunities.choices import OpportunityStatus
from opportunities.models import Opportunity
from opportunities.selectors.lists import RANKING

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


class _ProductSerializer(serializers.ModelSerializer[Product]):
    class Meta:
        model = Product
        fields = ("id", "name", "set_name", "set_code", "category", "sealed_kind", "image_url", "is_demo")


class _NaiveSerializer(serializers.ModelSerializer[Opportunity]):
    sealed_product = _ProductSerializer()

    class Meta:
        model = Opportunity
        fields = tuple(name for name in ITEM_FIELDS if name != "quote_version")


class _Pages(PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 200


class _NaiveList(ListAPIView[Opportunity]):
    """What one writes first."""

    queryset = Opportunity.objects.filter(status=OpportunityStatus.ACTIVE).order_by(*RANKING)
    serializer_class = _NaiveSerializer
    pagination_class = _Pages
    permission_classes: Any = ()
    authentication_classes: Any = ()
    filter_backends: Any = ()
    throttle_classes: Any = ()


class _OurList(OpportunityViewSet):
    """The product's own list without its request limit."""

    throttle_classes: Any = ()


def _empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"{}", content_type="application/json")


urlpatterns: list[URLPattern | URLResolver] = [
    path("bench/empty/", _empty),
    path("bench/naive/", _NaiveList.as_view()),
    path("bench/list/", _OurList.as_view({"get": "list"})),
    *product_urls,
]
