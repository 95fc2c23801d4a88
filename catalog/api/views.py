"""`/products/` and what hangs directly on an article."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Product, ProductIdentifier
from catalog.selectors import contents_tree
from catalog.services import create_product, deactivate_product, update_product
from catalog.services.products import version_of
from common.api import conditional
from common.api.filters import StrictFilterBackend, refuse_body, refuse_unknown_parameters
from common.api.idempotency import HEADER, idempotent
from common.api.pagination import PageNumber
from common.api.permissions import RoleRequired
from common.clock import utc_now
from users.acting import acting_user
from users.choices import Role

from . import examples
from .filters import ProductFilter
from .serializers import ContentsSerializer, ProductSerializer, ProductWriteSerializer, contents_data

_IF_MATCH = OpenApiParameter(
    conditional.IF_MATCH,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag you have read. Without it 428, with an outdated one 412.",
)
_KEY = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Your own id of this request; sent again, it is answered again and done once.",
)


@extend_schema(tags=["products"])
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

    @extend_schema(operation_id="products_list", summary="List articles", examples=examples.READ)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one page, or 304 if the caller has exactly that."""
        return conditional.answer(request, super().list(request, *args, **kwargs).data)

    @extend_schema(operation_id="products_retrieve", summary="Get one article", examples=examples.READ)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one article with its ETag."""
        product = self.get_object()
        return conditional.answer(request, ProductSerializer(product).data, version=version_of(product))

    @extend_schema(
        operation_id="products_create",
        request=ProductWriteSerializer,
        responses={201: ProductSerializer},
        summary="Make an article",
        parameters=[_KEY],
        examples=examples.CREATE,
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make an article; once for each Idempotency-Key, if there is one."""
        refuse_unknown_parameters(request, set())
        return self._create_once(request) if HEADER in request.headers else self._create(request)

    @extend_schema(
        operation_id="products_update",
        request=ProductWriteSerializer,
        responses=ProductSerializer,
        summary="Replace an article",
        parameters=[_IF_MATCH],
        examples=examples.REPLACE,
    )
    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change an article; with PATCH only the fields given."""
        product = self.get_object()
        facts = self._facts(request, partial=bool(kwargs.get("partial")))
        update_product(
            product_id=product.id,
            facts=facts,
            actor=acting_user(request),
            now=utc_now(),
            expected=conditional.require_match(request),
        )
        return self._written(self.get_object())

    @extend_schema(
        operation_id="products_partial_update",
        request=ProductWriteSerializer,
        responses=ProductSerializer,
        summary="Change an article",
        parameters=[_IF_MATCH],
        examples=examples.CHANGE,
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change only the fields given."""
        return self.update(request, *args, **{**kwargs, "partial": True})

    @extend_schema(
        operation_id="products_destroy",
        summary="Take an article out of use",
        description="Its history and mappings stay.",
        parameters=[_IF_MATCH],
        responses={204: None},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take an article out of use. Doing it again changes nothing."""
        product = self.get_object()
        refuse_body(request)
        deactivate_product(
            product_id=product.id,
            actor=acting_user(request),
            now=utc_now(),
            expected=conditional.require_match(request),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        operation_id="products_contents_retrieve",
        responses=ContentsSerializer,
        summary="Get what a sealed product holds",
        filters=False,
        examples=examples.CONTENTS,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def contents(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the current contents, one level deep."""
        product = self.get_object()
        data = ContentsSerializer(contents_data(product, contents_tree(product.id))).data
        return conditional.answer(request, data, version="i")

    @idempotent
    def _create_once(self, request: Request) -> Response:
        return self._create(request)

    def _create(self, request: Request) -> Response:
        product = create_product(
            facts=self._facts(request, partial=False), actor=acting_user(request), now=utc_now()
        )
        answer = self._written(product)
        answer.status_code = status.HTTP_201_CREATED
        answer["Location"] = f"{request.path.rstrip('/')}/{product.id}/"
        return answer

    def _written(self, product: Product) -> Response:
        data = ProductSerializer(product).data
        etag = conditional.etag_of_data(version_of(product), data)
        return Response(data, headers={"ETag": etag})

    def _facts(self, request: Request, *, partial: bool) -> dict[str, Any]:
        serializer = ProductWriteSerializer(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)
