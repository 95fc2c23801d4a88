"""The views of the opportunities endpoints."""

from .opportunities import OpportunityViewSet
from .scenarios import ScenarioViewSet

__all__ = ["OpportunityViewSet", "ScenarioViewSet"]
