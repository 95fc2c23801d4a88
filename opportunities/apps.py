"""Django application configuration of `opportunities`."""

from django.apps import AppConfig

from common.secrets import register_encrypted


class OpportunitiesConfig(AppConfig):
    name = "opportunities"
    verbose_name = "Opportunities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare what is kept encrypted."""
        register_encrypted("opportunities.AlertChannel", "url")
