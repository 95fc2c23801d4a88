"""Everything that fetches and stores, and what staff decide about sources."""

from .endpoints import Mode, configuration_for, current_mode
from .hosts import reset_breaker
from .readiness import Readiness, readiness, require_ready
from .register import sync_register
from .requesting import (
    REFRESH_TASK,
    SYNC_TASK,
    UPDATE_TASK,
    request_product_refresh,
    request_source_sync,
    request_sync,
)
from .terms import acknowledge_route, review_route, switch_route, withdraw_acknowledgement

__all__ = [
    "REFRESH_TASK",
    "SYNC_TASK",
    "UPDATE_TASK",
    "Mode",
    "Readiness",
    "acknowledge_route",
    "configuration_for",
    "current_mode",
    "readiness",
    "request_product_refresh",
    "request_source_sync",
    "request_sync",
    "require_ready",
    "reset_breaker",
    "review_route",
    "switch_route",
    "sync_register",
    "withdraw_acknowledgement",
]
