"""The first page of the admin: key figures, charts and what needs a person, all linked to their lists."""

from .callback import dashboard_callback

__all__ = ["dashboard_callback"]
