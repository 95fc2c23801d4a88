"""Permissions by role, for the admin and everything else that asks Django whether a user may."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from .models import User


class RoleBackend(ModelBackend):
    """Django's own backend, plus the permissions of the group that is named like the user's role."""

    def _get_group_permissions(self, user_obj: Any) -> QuerySet[Permission]:
        groups = Q(group__user=user_obj)
        if isinstance(user_obj, User):
            groups |= Q(group__name=user_obj.effective_role.label)
        return Permission.objects.filter(groups).distinct()
