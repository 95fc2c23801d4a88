"""Settings of the test run: the product's own, on servers that belong to this run alone."""

import os
import tempfile

# Without a DATABASE_URL the run gets an embedded PostgreSQL and Redis in a folder of its own, never the
# user's `var/`. Worker processes inherit the folder from the process that made it.
if not os.environ.get("ARBSITE_TEST_VAR"):
    os.environ["ARBSITE_TEST_VAR"] = tempfile.mkdtemp(prefix="arbsite-test-")
os.environ["ARBSITE_VAR"] = os.environ["ARBSITE_TEST_VAR"]

from arbsite.settings import *  # noqa: F403
from arbsite.settings import EMBEDDED_SERVICES, REDIS_URL
from arbsite.settings.celery import broker_url

_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
if "redis" in EMBEDDED_SERVICES:
    REDIS_URL = f"{REDIS_URL.partition('?')[0]}?db={2 + int(_worker)}"
    CELERY_BROKER_URL = broker_url(REDIS_URL)

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # look files up when asked, instead of listing them all for every test client
API_PUBLIC_READ = False  # as with a DATABASE_URL; tests of the embedded default switch it on
