"""The one `environ.Env` and the two folders everything else is relative to."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env", overwrite=False)

VAR_DIR = Path(env.str("ARBSITE_VAR", default=str(BASE_DIR / "var"))).resolve()
