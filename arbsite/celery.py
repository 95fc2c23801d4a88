"""The Celery application; tasks are found in every app's `tasks.py`."""

import os
import warnings

from celery import Celery
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arbsite.settings")
# The embedded run is one own machine, and only JSON is accepted: no reason to warn root at each start.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
app = Celery("arbsite", task_cls="common.outbox.delivery:OutboxTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def refuse_unsafe_worker(**_: object) -> None:
    """Stop a worker or scheduler that is started by itself with a configuration the checks refuse.

    It runs when the application is complete, which is before a scheduler reads the database.
    """
    from .checks import refuse_unsafe_start  # settings are read only now

    try:
        refuse_unsafe_start()
    except ImproperlyConfigured as error:
        raise SystemExit(f"error: {error}") from error
