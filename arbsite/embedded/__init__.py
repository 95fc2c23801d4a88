"""PostgreSQL and Redis of our own, from wheels, for a machine that has neither.

A supervisor process owns both servers as its children and hands out leases over a unix socket: a client's
open connection is its lease, so the kernel releases it even when the client is killed. When the last lease is
gone for a short while both servers are stopped. Standard library only: this package runs before Django does.

Callers: `manage.py` (every command that needs a server), `manage.py up`, `tests/conftest.py`.
"""

from .client import Lease, acquire
from .errors import ServicesError
from .layout import Layout

__all__ = ["Layout", "Lease", "ServicesError", "acquire"]
