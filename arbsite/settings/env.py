"""The one `environ.Env`, the two folders everything else is relative to, secrets made per installation."""

import os
import secrets
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]


class NamingEnv(environ.Env):  # type: ignore[misc] # an untyped package
    """Reads the environment; a value of the wrong kind is an error that names its variable."""

    def get_value(self, var: Any, cast: Any = None, default: Any = environ.Env.NOTSET, **options: Any) -> Any:
        """Return a variable's value, converted by `cast`."""
        try:
            return super().get_value(var, cast=cast, default=default, **options)
        except ValueError as error:
            kind = getattr(cast, "__name__", "value")
            raise ImproperlyConfigured(f"{var}: {os.environ.get(str(var))!r} is no {kind}") from error


env = NamingEnv()
environ.Env.read_env(BASE_DIR / ".env", overwrite=False)

VAR_DIR = Path(env.str("ARBSITE_VAR", default="") or BASE_DIR / "var").resolve()


def make_var_dir() -> Path:
    """Return `VAR_DIR`, made if missing: others may pass through it (the database's user), not list it."""
    if not VAR_DIR.is_dir():
        try:
            VAR_DIR.mkdir(parents=True, exist_ok=True)
            VAR_DIR.chmod(0o711)
        except OSError as error:
            raise ImproperlyConfigured(
                f"ARBSITE_VAR: cannot make the data folder {VAR_DIR}: {error.strerror}"
            ) from error
    return VAR_DIR


def generated_secret(name: str) -> str:
    """Return this installation's secret of that name, made on first use; kept in `VAR_DIR/secrets`, mode 600.

    Two processes that ask at once get the same secret. Raises ImproperlyConfigured when the folder refuses.
    """
    folder = make_var_dir() / "secrets"
    kept = folder / name
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if not kept.exists():
            draft = folder / f".{name}.{os.getpid()}"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
            try:
                os.link(draft, kept)  # refuses when another process was first
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        value = kept.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"ARBSITE_VAR: cannot keep the secret {kept}: {error.strerror}") from error
    if not value:
        raise ImproperlyConfigured(f"{kept} is empty: delete it, and a new one is made")
    return value
