"""The shapes of the opportunities endpoints."""

from .changes import BulkAnswerSerializer, BulkRequestSerializer, ChangeSerializer, DismissSerializer
from .course import RevalidationSerializer, RevisionsSerializer, TimelineSerializer
from .explanation import ExplanationSerializer
from .items import (
    ITEM_FIELDS,
    OpportunityDetailSerializer,
    OpportunitySerializer,
    SealedProductSerializer,
)
from .simulation import ScenarioSerializer, SimulationRequestSerializer, SimulationSerializer
from .summary import AnalysisRequestedSerializer, SummarySerializer

__all__ = [
    "ITEM_FIELDS",
    "AnalysisRequestedSerializer",
    "BulkAnswerSerializer",
    "BulkRequestSerializer",
    "ChangeSerializer",
    "DismissSerializer",
    "ExplanationSerializer",
    "OpportunityDetailSerializer",
    "OpportunitySerializer",
    "RevalidationSerializer",
    "RevisionsSerializer",
    "ScenarioSerializer",
    "SealedProductSerializer",
    "SimulationRequestSerializer",
    "SimulationSerializer",
    "SummarySerializer",
    "TimelineSerializer",
]
