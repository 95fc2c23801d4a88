"""Static files: WhiteNoise serves them, Vite builds the dashboard's."""

from .env import BASE_DIR, VAR_DIR

__all__ = ["STATICFILES_DIRS", "STATIC_ROOT", "STATIC_URL"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [path for path in [BASE_DIR / "frontend" / "dist"] if path.exists()]
