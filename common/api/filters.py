"""Query parameters: what is not known is refused, so that a typing error never returns the whole list."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django_filters.rest_framework import (
    BaseCSVFilter,
    ChoiceFilter,
    DjangoFilterBackend,
    TypedChoiceFilter,
)
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView


@extend_schema_field(OpenApiTypes.BOOL)
class TrueOrFalse(TypedChoiceFilter):  # type: ignore[misc]  # untyped package
    """A boolean that refuses other words; the package's own takes them for none, and filters nothing."""

    def __init__(self, **kwargs: Any) -> None:
        words = [(word, word) for word in ("true", "false", "True", "False")]
        super().__init__(choices=words, coerce=_is_true, **kwargs)


def _is_true(word: str) -> bool:
    return word.lower() == "true"


class ChoiceList(BaseCSVFilter, ChoiceFilter):  # type: ignore[misc]  # untyped package
    """One or more of the choices, by comma."""


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # untyped package
    """Filter lists by the view's `filterset_class` and refuse every parameter the endpoint does not declare.

    Besides the filter set's own names it accepts those of the view's paginator (`query_parameters`) and the
    view's `extra_query_parameters`. Single objects are not filtered, and accept only the extra names.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: "APIView") -> QuerySet[Any]:
        """Return the filtered list, or the queryset unchanged for a single object.

        Raises:
            ValidationError: for an unknown parameter or a value its filter refuses.
        """
        is_detail = bool(getattr(view, "detail", False))
        refuse_unknown_parameters(request, self.allowed_parameters(queryset, view, is_detail=is_detail))
        if is_detail:
            return queryset
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered

    def allowed_parameters(
        self, queryset: QuerySet[Any], view: "APIView", *, is_detail: bool
    ) -> frozenset[str]:
        """Return the names this endpoint accepts."""
        allowed = set(getattr(view, "extra_query_parameters", ()))
        if not is_detail:
            filterset_class = self.get_filterset_class(view, queryset)
            if filterset_class is not None:
                allowed |= set(filterset_class.base_filters)
            allowed |= getattr(getattr(view, "paginator", None), "query_parameters", frozenset())
        return frozenset(allowed)


def refuse_body(request: Request) -> None:
    """Refuse anything sent along with a call that reads nothing: whoever sends it expects an effect.

    Raises:
        ValidationError: if the body is not empty.
    """
    if request.data:
        raise ValidationError({"body": ["This call takes no body."]})


def refuse_unknown_parameters(request: Request, allowed: frozenset[str] | set[str]) -> None:
    """Refuse parameters that are not in `allowed`; views without a filter backend call this themselves.

    Raises:
        ValidationError: naming each unknown parameter and all allowed ones.
    """
    unknown = sorted(set(request.query_params) - set(allowed))
    if not unknown:
        return
    choices = ", ".join(sorted(allowed)) or "none"
    raise ValidationError(
        {name: [f"Unknown parameter. Allowed: {choices}."] for name in unknown}, code="unknown_parameter"
    )
