"""What each role may do to which table: the source of the seeded groups and of the admin's rights.

A role includes the lower ones. Migrating writes the table below into one group per role, named like the role;
`users.backends.RoleBackend` gives every user the permissions of their role's group, so a role needs no
membership.
"""

from collections.abc import Iterator
from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from .choices import Role

VIEW: Final = ("view",)
EDIT: Final = ("view", "change")
WRITE: Final = ("view", "add", "change")
ALL: Final = ("view", "add", "change", "delete")

# role -> (app label, model or "*", actions)
GRANTS: Final[dict[Role, tuple[tuple[str, str, tuple[str, ...]], ...]]] = {
    Role.VIEWER: (("catalog", "*", VIEW), ("pricing", "*", VIEW), ("opportunities", "*", VIEW)),
    Role.ANALYST: (
        ("catalog", "productsingle", WRITE),
        ("pricing", "quarantinedprice", EDIT),
        ("opportunities", "opportunity", EDIT),
        ("common", "auditevent", VIEW),
    ),
    Role.TRADER: (("scrapers", "*", VIEW), ("jobs", "*", VIEW), ("trading", "*", VIEW)),
    Role.OPERATOR: (
        ("catalog", "*", WRITE),
        ("pricing", "*", WRITE),
        ("opportunities", "*", EDIT),
        ("scrapers", "*", WRITE),
        ("jobs", "*", EDIT),
        ("django_celery_beat", "*", ALL),
        ("common", "*", VIEW),
        ("common", "outboxmessage", EDIT),
        ("users", "*", VIEW),
        ("axes", "*", VIEW),
    ),
    Role.ADMIN: (
        ("users", "user", WRITE),
        ("users", "apikey", EDIT),
        ("users", "tokenlogin", EDIT),
        ("auth", "group", VIEW),
        ("axes", "*", ("view", "delete")),
    ),
}


def codenames(role: Role) -> Iterator[tuple[str, str, str]]:
    """Yield (app label, model or "*", action) of everything a role may do, its lower roles included."""
    for included in role.with_lower():
        for app_label, model, actions in GRANTS[included]:
            for action in actions:
                yield app_label, model, action


def sync_role_groups() -> None:
    """Write one group per role with exactly the permissions of `GRANTS`; groups staff made are left alone."""
    known: dict[tuple[str, str, str], list[int]] = {}
    permissions = Permission.objects.values_list(
        "pk", "content_type__app_label", "content_type__model", "codename"
    )
    for pk, app_label, model, codename in permissions:
        action = codename.removesuffix(f"_{model}")
        known.setdefault((app_label, model, action), []).append(pk)
        known.setdefault((app_label, "*", action), []).append(pk)
    with transaction.atomic():
        for role in Role:
            group, _ = Group.objects.get_or_create(name=role.label)
            group.permissions.set({pk for grant in codenames(role) for pk in known.get(grant, ())})
