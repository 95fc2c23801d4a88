"""Names and keys of the tokens, as a production installation gets them."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

PROJECT = Path(__file__).resolve().parents[2]
PRINT = (
    "from arbsite import settings as s; print(s.ACCESS_COOKIE_NAME, s.REFRESH_COOKIE_NAME, "
    "s.SESSION_COOKIE_SECURE, s.SIGNUP_ENABLED, s.SIMPLE_JWT['SIGNING_KEY'])"
)


def _settings(tmp_path: Path, **environment: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", PRINT], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=True,
        env={
            "PATH": os.environ["PATH"], "ARBSITE_VAR": str(tmp_path), "ARBSITE_ENV": "production",
            "DATABASE_URL": "postgres://arbsite:pw@db.invalid/arbsite",
            "DJANGO_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP", **environment,
        },
    )  # fmt: skip
    return run.stdout.split()


def test_production_cookies_are_named_and_marked_secure_and_sign_up_is_off(tmp_path):
    access, refresh, is_secure, may_sign_up, key = _settings(tmp_path)

    assert (access, refresh) == ("__Secure-arbsite-access", "__Secure-arbsite-refresh")
    assert (is_secure, may_sign_up) == ("True", "False")
    assert len(key) == 64


def test_the_tokens_key_follows_from_the_secret_key_and_is_another(tmp_path):
    secret = "ponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA9876543210"
    keys = [
        _settings(tmp_path)[-1],
        _settings(tmp_path)[-1],
        _settings(tmp_path, DJANGO_SECRET_KEY=secret)[-1],
    ]

    assert keys[0] == keys[1] != keys[2]
    assert keys[2] != secret
    assert _settings(tmp_path, TOKEN_SIGNING_KEY="k" * 64)[-1] == "k" * 64


def test_the_running_installation_pins_its_algorithm_and_keeps_its_secrets_apart():
    assert settings.SIMPLE_JWT["ALGORITHM"] == "HS256"
    assert settings.SIMPLE_JWT["SIGNING_KEY"] not in ("", settings.SECRET_KEY)
