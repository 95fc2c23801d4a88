"""Writes of the opportunities app."""

from .analysis import analyze_products
from .closing import dismiss_opportunity, expire_opportunity, expire_overdue, remove_old
from .recomputation import differences, recompute
from .report import AnalysisReport, Verdict
from .requesting import request_analysis
from .revalidation import Figures, FreshLine, Revalidation, RevalidationReason, revalidate_opportunity

__all__ = [
    "AnalysisReport",
    "Figures",
    "FreshLine",
    "Revalidation",
    "RevalidationReason",
    "Verdict",
    "analyze_products",
    "differences",
    "dismiss_opportunity",
    "expire_opportunity",
    "expire_overdue",
    "recompute",
    "remove_old",
    "request_analysis",
    "revalidate_opportunity",
]
