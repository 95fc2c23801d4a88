"""ASGI entry point."""

import os

from django.core.asgi import get_asgi_application

from .checks import refuse_unsafe_start
from .stream.cutting import cutting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arbsite.settings")
application = cutting(cutting(get_asgi_application(), "/api/v1/stream"), "/api/stream")
refuse_unsafe_start()
