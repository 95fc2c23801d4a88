"""The Celery application; tasks are found in every app's `tasks.py`."""

import os
import warnings

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arbsite.settings")
# The embedded run is one own machine, and only JSON is accepted: no reason to warn root at each start.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
app = Celery("arbsite", task_cls="common.outbox.delivery:OutboxTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
