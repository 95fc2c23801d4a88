"""Django application configuration of `jobs`."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        """Let Prometheus ask for the jobs' states."""
        from .metrics_collector import register_collector

        register_collector()
