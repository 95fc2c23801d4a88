"""Reads of the opportunities app."""

from .course import revisions_of, timeline_of
from .explanation import explanation_of
from .lists import opportunity_detail, opportunity_list
from .summary import opportunity_summary

__all__ = [
    "explanation_of",
    "opportunity_detail",
    "opportunity_list",
    "opportunity_summary",
    "revisions_of",
    "timeline_of",
]
