"""Who may call what: a role per action, deny by default; what a key's scopes leave of it."""

from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from django.conf import settings
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView


class _HasRole(Protocol):
    def has_role(self, role: str) -> bool: ...


@runtime_checkable
class ScopedCredential(Protocol):
    """Something in `request.auth` that may do less than the user it belongs to, such as an API key."""

    @property
    def pk(self) -> Any:
        """Return what identifies it."""
        ...

    def permits(self, role: str, *, is_safe: bool) -> bool:
        """Return whether the scopes cover a call that needs `role`."""
        ...

    def has_scope(self, scope: str) -> bool:
        """Return whether the scopes include `scope`."""
        ...


def scoped_credential(request: Request) -> ScopedCredential | None:
    """Return the credential of a call that may do less than its user, if it came with one."""
    # Most calls come with none; asking None for its members would cost more than the answer.
    if request.auth is None:
        return None
    return request.auth if isinstance(request.auth, ScopedCredential) else None


class RoleRequired(BasePermission):
    """Allow a call when the user's role includes the one the view requires for it.

    A view states `required_role`: one role for every unsafe call, or a mapping from action (or lower-case
    method for plain views) to role. A safe call that is not in the mapping needs any role, or nobody at all
    when `settings.API_PUBLIC_READ` is on. An unsafe call without a stated role is refused: deny by default.

    With an API key the key's scopes must cover the call too. `required_scope` (same forms) asks for a scope
    beyond what the role implies, where a key could otherwise make itself stronger.
    """

    message = "Your role does not allow this."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return whether the call is allowed.

        Raises:
            PermissionDenied: with code `scope_missing`, when the role would do and the key's scopes do not.
        """
        if not self.role_allows(request, view):
            # Refused calls count as well: DRF itself counts only what passes this check.
            view.check_throttles(request)
            return False
        credential = scoped_credential(request)
        if credential is not None:
            _require_scope(credential, view, request.method or "")
        return True

    def role_allows(self, request: Request, view: "APIView") -> bool:
        """Return whether the user's role is enough."""
        method = request.method or ""
        role = role_for(view, method)
        if role is None:
            if method not in SAFE_METHODS:
                return request.user.is_authenticated and method not in view.allowed_methods
            return bool(settings.API_PUBLIC_READ or request.user.is_authenticated)
        if not request.user.is_authenticated:
            return False
        if method not in view.allowed_methods:
            return True  # the view itself answers 405: no role could make this call
        return cast(_HasRole, request.user).has_role(role)


class LoginRequired(RoleRequired):
    """`RoleRequired` for personal things: reading needs a login even where the API is public."""

    def role_allows(self, request: Request, view: "APIView") -> bool:
        """Return whether somebody is logged in and their role is enough."""
        return request.user.is_authenticated and super().role_allows(request, view)


class OpenToAll(BasePermission):
    """Allow every call. Only for the endpoints through which anybody becomes somebody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return True."""
        return True


def role_for(view: Any, method: str) -> str | None:
    """Return the role a view requires for a method, or None when it states none.

    A single `required_role` covers unsafe methods only; a mapping is looked up by action, then by method,
    and may cover safe ones too.
    """
    return _stated(view, "required_role", method)


def _stated(view: Any, attribute: str, method: str) -> str | None:
    stated = getattr(view, attribute, None)
    if stated is None:
        return None
    if isinstance(stated, str):
        return None if method in SAFE_METHODS else stated
    action = getattr(view, "action", None)
    found = stated.get(action) if action else None
    return cast("str | None", found or stated.get(method.lower()))


def _require_scope(credential: ScopedCredential, view: "APIView", method: str) -> None:
    role, scope = role_for(view, method), _stated(view, "required_scope", method)
    is_safe = method in SAFE_METHODS
    allowed = credential.permits(role or "", is_safe=is_safe)
    if allowed and (scope is None or credential.has_scope(scope)):
        return
    raise PermissionDenied("The scopes of this API key do not cover this call.", code="scope_missing")
