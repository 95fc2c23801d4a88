"""`/products/` and what hangs directly on an article."""

from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Product, ProductIdentifier
from catalog.selectors import contents_tree
from catalog.services import create_product, deactivate_product, update_product
from common.api.filters import StrictFilterBackend
from common.api.pagination import PageNumber
from common.api.permissions import RoleRequired
from common.clock import utc_now
from users.choices import Role
from users.models import User

from .filters import ProductFilter
from .serializers import ContentsSerializer, ProductSerializer, ProductWriteSerializer, contents_data


@extend_schema(tags=["products"])
@extend_schema_view(
    list=extend_schema(summary="List articles"),
    retrieve=extend_schema(summary="Get one article"),
    destroy=extend_schema(summary="Take an article out of use", description="Its history and mappings stay."),
)
class ProductViewSet(viewsets.ModelViewSet[Product]):
    """Sealed products and single cards. Reading is open to every role, writing to operators."""

    serializer_class = ProductSerializer
    permission_classes = (RoleRequired,)
    required_role = Role.OPERATOR
    filter_backends = (StrictFilterBackend,)
    filterset_class = ProductFilter
    pagination_class = PageNumber
    lookup_value_regex = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    queryset = Product.objects.all()

    def get_queryset(self) -> QuerySet[Product]:
        """Return the articles with their outside ids; articles out of use are found by id."""
        identifiers = ProductIdentifier.objects.order_by("source", "id")
        return Product.objects.prefetch_related(Prefetch("identifiers", queryset=identifiers))

    @extend_schema(
        request=ProductWriteSerializer, responses={201: ProductSerializer}, summary="Make an article"
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make an article."""
        facts = self._facts(request, partial=False)
        product = create_product(facts=facts, actor=self._actor(request), now=utc_now())
        location = {"Location": f"{request.path.rstrip('/')}/{product.id}/"}
        return Response(ProductSerializer(product).data, status=status.HTTP_201_CREATED, headers=location)

    @extend_schema(request=ProductWriteSerializer, responses=ProductSerializer, summary="Change an article")
    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change an article; with PATCH only the fields given."""
        product = self.get_object()
        facts = self._facts(request, partial=bool(kwargs.get("partial")))
        update_product(product_id=product.id, facts=facts, actor=self._actor(request), now=utc_now())
        return Response(ProductSerializer(self.get_object()).data)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take an article out of use. Doing it again changes nothing."""
        product = self.get_object()
        deactivate_product(product_id=product.id, actor=self._actor(request), now=utc_now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=ContentsSerializer, summary="Get what a sealed product holds", filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def contents(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the current contents, one level deep."""
        product = self.get_object()
        return Response(ContentsSerializer(contents_data(product, contents_tree(product.id))).data)

    def _facts(self, request: Request, *, partial: bool) -> dict[str, Any]:
        serializer = ProductWriteSerializer(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _actor(self, request: Request) -> User:
        return cast(User, request.user)
