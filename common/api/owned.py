"""Things that belong to one user: everybody else gets the same answer as if they did not exist."""

from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import viewsets
from rest_framework.permissions import IsAuthenticated

from common.clock import utc_now

Owned = TypeVar("Owned", bound=Model)


class OwnedViewSet(viewsets.GenericViewSet[Any]):
    """Base of every view set over rows with an owner: it never sees a row of somebody else.

    Subclasses set `queryset` and, if the owner's column is not `user`, `owner_field`. A row of another user
    is 404, not 403: ids must not tell what exists. Reading needs a login even where the API is public.
    """

    owner_field: ClassVar[str] = "user"
    permission_classes = [IsAuthenticated]

    def get_queryset(self) -> QuerySet[Any]:
        """Return the caller's own rows."""
        rows = super().get_queryset()
        user = self.request.user
        return rows.filter(**{self.owner_field: user}) if user.is_authenticated else rows.none()

    def ownership(self) -> dict[str, Any]:
        """Return what a new row is stamped with: its owner and the time."""
        return {self.owner_field: self.request.user, "created_at": utc_now()}
