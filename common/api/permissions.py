"""Who may call what: a role per action, deny by default."""

from typing import TYPE_CHECKING, Any, Protocol, cast

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView


class _HasRole(Protocol):
    def has_role(self, role: str) -> bool: ...


class RoleRequired(BasePermission):
    """Allow a call when the user's role includes the one the view requires for it.

    A view states `required_role`: one role for every unsafe call, or a mapping from action (or lower-case
    method for plain views) to role. A safe call that is not in the mapping needs any role, or nobody at all
    when `settings.API_PUBLIC_READ` is on. An unsafe call without a stated role is refused: deny by default.
    """

    message = "Your role does not allow this."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return whether the call is allowed."""
        is_safe = request.method in SAFE_METHODS
        role = role_for(view, request.method or "")
        if role is None:
            if not is_safe:
                return request.user.is_authenticated and (request.method or "") not in view.allowed_methods
            if settings.API_PUBLIC_READ:
                return True
            return request.user.is_authenticated
        if not request.user.is_authenticated:
            return False
        if (request.method or "") not in view.allowed_methods:
            return True  # the view itself answers 405: no role could make this call
        return cast(_HasRole, request.user).has_role(role)


class OpenToAll(BasePermission):
    """Allow every call. Only for the session endpoint, which is how anybody becomes somebody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return True."""
        return True


def role_for(view: Any, method: str) -> str | None:
    """Return the role a view requires for a method, or None when it states none.

    A single `required_role` covers unsafe methods only; a mapping is looked up by action, then by method,
    and may cover safe ones too.
    """
    stated = getattr(view, "required_role", None)
    if stated is None:
        return None
    if isinstance(stated, str):
        return None if method in SAFE_METHODS else stated
    action = getattr(view, "action", None)
    role = stated.get(action) if action else None
    return cast("str | None", role or stated.get(method.lower()))
