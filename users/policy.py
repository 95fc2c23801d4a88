"""Who may manage whom: nobody reaches above their own role, and nobody changes their own."""

from .choices import Role
from .models import User


def grantable_roles(actor: User) -> list[Role]:
    """Return the roles `actor` may give to somebody, lowest first: their own and lower ones."""
    return actor.effective_role.with_lower() if actor.is_active else []


def may_manage(actor: User, target: User) -> bool:
    """Return whether `actor` may change `target`'s account: never one above their own, nor a superuser's."""
    if not actor.is_active:
        return False
    if actor.is_superuser:
        return True
    return not target.is_superuser and actor.effective_role.includes(Role(target.role))
