"""Django application configuration of the composition root."""

from django.apps import AppConfig


class ArbsiteConfig(AppConfig):
    """The top of the stack; makes the Celery application the current one in every process."""

    name = "arbsite"
    verbose_name = "Arbsite"

    def ready(self) -> None:
        """Make `shared_task` and sending by name use our Celery application."""
        from . import checks  # noqa: F401 - importing registers them
        from .celery import app

        app.set_default()
