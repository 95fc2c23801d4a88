"""Django application configuration of `scrapers`."""

from typing import Any

from django.apps import AppConfig
from django.core.exceptions import FieldDoesNotExist
from django.db.models.signals import post_migrate

from common.secrets import register_encrypted


class ScrapersConfig(AppConfig):
    name = "scrapers"
    verbose_name = "Scrapers"

    def ready(self) -> None:
        """Keep the register in line with the registry, tell Prometheus what it covers, declare secrets."""
        from .metrics_collector import register_collector

        register_encrypted("scrapers.LiveMarket", "token")
        post_migrate.connect(_sync_register, sender=self, dispatch_uid="scrapers.sync_register")
        register_collector()


def _sync_register(*, apps: Any = None, **_ignored: Any) -> None:
    from common.clock import utc_now

    from .services.register import sync_register

    if _has_tables(apps):
        sync_register(utc_now())


def _has_tables(apps: Any) -> bool:
    """Tell whether what the register needs exists: migrating backwards ends here too."""
    if apps is None:  # after a flush, which leaves all tables
        return True
    try:
        apps.get_model("scrapers", "SourceRoute")
        apps.get_model("pricing", "PriceSource")._meta.get_field("is_reference")
        apps.get_model("common", "AuditEvent")
    except (LookupError, FieldDoesNotExist):
        return False
    return True
