"""Staff pages of the jobs."""

from .job import JobAdmin

__all__ = ["JobAdmin"]
