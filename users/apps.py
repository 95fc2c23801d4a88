"""Django application configuration of `users`."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class UsersConfig(AppConfig):
    """Users and roles; keeps one group per role after every migration."""

    name = "users"
    verbose_name = "Users"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Seed the groups when all permissions exist, which is after the last app was migrated."""
        post_migrate.connect(_seed_groups, dispatch_uid="users.seed_groups")


def _seed_groups(app_config: AppConfig, **_: Any) -> None:
    from .permissions import sync_role_groups

    migrated = [config for config in apps.get_app_configs() if config.models_module is not None]
    if app_config.label == migrated[-1].label:
        sync_role_groups()
