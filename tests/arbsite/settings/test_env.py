import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from arbsite.settings import env as settings_env
from arbsite.settings.env import BASE_DIR, NamingEnv, generated_secret, make_var_dir

READ = re.compile(r"""(?:\benv\.\w+|_decimal|_count|_floors|_names|_url)\(\s*["']([A-Z_]+)["']""")


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings_env, "VAR_DIR", tmp_path / "deep" / "var")
    return tmp_path / "deep" / "var"


def test_secret_is_made_once_and_kept_private(var: Path) -> None:
    first = generated_secret("secret_key")

    assert generated_secret("secret_key") == first
    assert len(first) >= 50
    assert stat.S_IMODE((var / "secrets" / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE((var / "secrets").stat().st_mode) == 0o700
    assert [path.name for path in (var / "secrets").iterdir()] == ["secret_key"]


def test_different_secrets_differ(var: Path) -> None:
    assert generated_secret("one") != generated_secret("two")


def test_empty_secret_is_refused_rather_than_used(var: Path) -> None:
    generated_secret("secret_key")
    (var / "secrets" / "secret_key").write_text("\n")

    with pytest.raises(ImproperlyConfigured, match="secret_key is empty"):
        generated_secret("secret_key")


def test_processes_that_ask_at_once_get_the_same_secret(tmp_path: Path) -> None:
    code = "from arbsite.settings.env import generated_secret; print(generated_secret('race'))"
    environment = {**os.environ, "ARBSITE_VAR": str(tmp_path / "var"), "DJANGO_SECRET_KEY": "x"}
    racers = [
        subprocess.Popen([sys.executable, "-c", code], cwd=BASE_DIR, env=environment, stdout=subprocess.PIPE)
        for _ in range(3)
    ]

    assert len({racer.communicate()[0] for racer in racers}) == 1


def test_folder_that_cannot_be_made_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_env, "VAR_DIR", Path("/proc/nowhere"))

    with pytest.raises(ImproperlyConfigured, match="ARBSITE_VAR: cannot make the data folder /proc/nowhere"):
        make_var_dir()


@pytest.mark.parametrize("kind", ["int", "float"])
def test_value_of_the_wrong_kind_names_its_variable(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_NUMBER", "many")

    with pytest.raises(ImproperlyConfigured, match=f"SOME_NUMBER: 'many' is no {kind}"):
        getattr(NamingEnv(), kind)("SOME_NUMBER", default=1)


def test_example_names_every_setting_and_no_other() -> None:
    read = {
        name
        for path in (BASE_DIR / "arbsite" / "settings").glob("*.py")
        for name in READ.findall(path.read_text())
    }
    exchanges = {
        f"{code.upper()}_{part}"
        for code in settings.CRYPTO_EXCHANGES
        for part in ("ENABLED", "TAKER_FEE_BPS", "WS_URL", "REST_URL")
    }
    lines = (BASE_DIR / ".env.example").read_text().splitlines()
    named = {match[1] for line in lines if (match := re.match(r"# ([A-Z_]+)=", line))}

    assert named == read | {"ARBSITE_PORT"} | set(settings.VENUE_CREDENTIALS) | exchanges
