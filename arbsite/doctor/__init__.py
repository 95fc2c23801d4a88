"""What may be wrong with an installation, one finding per look, each with its remedy."""

import os
from collections.abc import Iterator

from django.conf import settings

from arbsite import commandline
from arbsite.embedded import ServicesError

from . import live, local
from .finding import Finding
from .servers import Look, server_looks

__all__ = ["Finding", "findings", "looks"]


def looks() -> Iterator[Look]:
    """Yield every look, in the order in which things depend on each other; servers are up while it runs."""
    yield local.python
    yield lambda: local.node(settings.FRONTEND_DIST)
    yield lambda: local.env_file(settings.BASE_DIR)
    yield local.production_settings
    yield lambda: local.data_folder(settings.VAR_DIR)
    yield local.port
    yield lambda: local.frontend(settings.FRONTEND_DIST)
    yield live.ticks_endpoint
    yield lambda: live.declared_markets(os.environ)
    try:
        lease = commandline.services_for_command()
    except ServicesError as error:
        reason = str(error)
        yield lambda: Finding(
            "servers", ok=False, detail=reason, remedy="see the reason; logs are in var/logs"
        )
        return
    try:
        yield from server_looks()
    finally:
        if lease is not None:
            lease.close()


def findings() -> Iterator[Finding]:
    """Look at everything."""
    for look in looks():
        yield look()
