"""Django settings, one module per concern, every value from the environment (see `.env.example`)."""

from .admin import *  # noqa: F403
from .api import *  # noqa: F403
from .base import *  # noqa: F403
from .cards import *  # noqa: F403
from .celery import *  # noqa: F403
from .database import *  # noqa: F403
from .live import *  # noqa: F403
from .logging import *  # noqa: F403
from .scraping import *  # noqa: F403
from .security import *  # noqa: F403
from .static import *  # noqa: F403
from .trading import *  # noqa: F403
