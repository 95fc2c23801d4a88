"""The table of sources, and looking one up."""

from scrapers.errors import UnknownSource

from .sources import RESEARCHED_ON, SOURCES
from .specs import PriceSourceSpec, RouteSpec, SourceSpec

__all__ = ["RESEARCHED_ON", "SOURCES", "PriceSourceSpec", "RouteSpec", "SourceSpec", "source_spec"]


def source_spec(code: str) -> SourceSpec:
    """Return a source by its code.

    Raises:
        UnknownSource: naming the codes there are.
    """
    for spec in SOURCES:
        if spec.code == code:
            return spec
    known = ", ".join(spec.code for spec in SOURCES)
    raise UnknownSource(detail=f"There is no source {code!r}; there are {known}.")
