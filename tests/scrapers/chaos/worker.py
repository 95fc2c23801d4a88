"""What the chaos test's worker process loads: the applications first, then the tasks."""

import django

django.setup()

from .app import app  # noqa: E402

__all__ = ["app"]
