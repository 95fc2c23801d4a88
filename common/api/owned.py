"""Things that belong to one user: everybody else gets the same answer as if they did not exist."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import viewsets
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from common.clock import utc_now

from .filters import refuse_unknown_parameters
from .permissions import LoginRequired

ANY_ROLE = "viewer"
"""The lowest role; `common` lies below the users app and names roles by their text."""


class OwnedViewSet(viewsets.GenericViewSet[Any]):
    """Base of every view set over rows with an owner: it never sees a row of somebody else.

    Subclasses set `queryset` and, if the owner's column is not `user`, `owner_field`. A row of another user
    is 404, not 403: ids must not tell what exists. Every call needs a login (401), reading too where the API
    is public; writing needs any role unless the subclass states `required_role`, and with an API key the
    scope for writing.
    """

    owner_field: ClassVar[str] = "user"
    permission_classes = [LoginRequired]
    required_role: str | Mapping[str, str] = ANY_ROLE

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse parameters of calls that write; the filters judge those of calls that read."""
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:
            refuse_unknown_parameters(request, set())

    def get_queryset(self) -> QuerySet[Any]:
        """Return the caller's own rows."""
        rows = super().get_queryset()
        user = self.request.user
        return rows.filter(**{self.owner_field: user}) if user.is_authenticated else rows.none()

    def ownership(self) -> dict[str, Any]:
        """Return what a new row is stamped with: its owner and the time."""
        return {self.owner_field: self.request.user, "created_at": utc_now()}
