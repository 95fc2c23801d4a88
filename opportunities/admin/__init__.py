"""Staff pages of the opportunities app."""

from .opportunity import OpportunityAdmin

__all__ = ["OpportunityAdmin"]
