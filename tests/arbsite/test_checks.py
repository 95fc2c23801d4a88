"""The production checks: one fault, one error; a safe configuration has none."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from arbsite.checks import check_production, refuse_unsafe_start

PROJECT = Path(__file__).resolve().parents[2]
SAFE: dict[str, Any] = {
    "ARBSITE_ENV": "production",
    "IS_PRODUCTION": True,
    "EMBEDDED_SERVICES": (),
    "ALLOWED_HOSTS": ["arbsite.example"],
    "DEBUG": False,
    "SECRET_KEY": "q9WzX4vB7nM2kL5jH8gF1dS3aP6oI0uY-tR_eWqAzSxDcFvGbHnJmK",
    "API_PUBLIC_READ": False,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SECURE_SSL_REDIRECT": True,
}


@pytest.fixture
def production(settings):
    for name, value in SAFE.items():
        setattr(settings, name, value)
    return settings


def _ids() -> list[str]:
    return [str(message.id) for message in check_production()]


def test_safe_production_passes(production):
    assert _ids() == []
    refuse_unsafe_start()


def test_development_passes_with_everything_open(settings):
    settings.ARBSITE_ENV, settings.IS_PRODUCTION = "development", False
    settings.ALLOWED_HOSTS = ["*"]

    assert _ids() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ARBSITE_ENV", "prod", "arbsite.E001"),
        ("EMBEDDED_SERVICES", ("postgres",), "arbsite.E002"),
        ("EMBEDDED_SERVICES", ("redis",), "arbsite.E003"),
        ("ALLOWED_HOSTS", ["arbsite.example", "*"], "arbsite.E004"),
        ("ALLOWED_HOSTS", [], "arbsite.E004"),
        ("DEBUG", True, "arbsite.E005"),
        ("SECRET_KEY", "x", "arbsite.E006"),
        ("SECRET_KEY", "a" * 80, "arbsite.E006"),
        ("SECRET_KEY", "insecure-" + SAFE["SECRET_KEY"], "arbsite.E006"),
        ("API_PUBLIC_READ", True, "arbsite.E007"),
        ("SESSION_COOKIE_SECURE", False, "arbsite.E011"),
        ("CSRF_COOKIE_SECURE", False, "arbsite.E011"),
        ("SECURE_SSL_REDIRECT", False, "arbsite.E012"),
    ],
)
def test_each_fault_is_refused(production, name, value, expected):
    setattr(production, name, value)

    assert _ids() == [expected]
    with pytest.raises(ImproperlyConfigured, match=expected):
        refuse_unsafe_start()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"]}, "arbsite.E008"),
        ({"DEFAULT_THROTTLE_CLASSES": []}, "arbsite.E009"),
        ({"DEFAULT_THROTTLE_RATES": {"anon": None, "user": "1/s", "login": "1/s"}}, "arbsite.E009"),
        ({"NUM_PROXIES": None}, "arbsite.E010"),
    ],
)
def test_each_weak_api_default_is_refused(production, change, expected):
    production.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, **change}

    assert _ids() == [expected]


def test_tls_may_end_at_a_trusted_proxy(production):
    production.SECURE_SSL_REDIRECT = False
    production.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    assert _ids() == []


@pytest.mark.parametrize(
    "command", [["manage.py", "check"], ["-c", "import arbsite.wsgi"], ["-c", "import arbsite.asgi"]]
)
def test_unsafe_process_does_not_start(command):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "arbsite.settings",
        "ARBSITE_ENV": "production",
        "DATABASE_URL": "postgres://arbsite:pw@db.invalid/arbsite",
        "REDIS_URL": "redis://redis.invalid:6379/0",
        "DJANGO_ALLOWED_HOSTS": "*",
        "DJANGO_SECRET_KEY": "short",
    }

    result = subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert result.returncode != 0
    assert "arbsite.E004" in result.stderr
    assert "arbsite.E006" in result.stderr
    assert "short\n" not in result.stderr
