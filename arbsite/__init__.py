"""The composition root: settings, URL map, Celery application, health, `manage.py up`."""
