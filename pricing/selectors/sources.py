"""Price sources by their code."""

from django.db import models

from pricing.errors import UnknownPriceSource
from pricing.models import PriceSource


def price_source(code: str) -> PriceSource:
    """Return a price source.

    Raises:
        UnknownPriceSource: if there is none of that code, naming those there are.
    """
    try:
        return PriceSource.objects.select_related("venue").get(code=code)
    except PriceSource.DoesNotExist:
        known = sorted(PriceSource.objects.values_list("code", flat=True))
        detail = f"No price source {code!r}; there are {', '.join(known) or 'none'}."
        raise UnknownPriceSource(None, detail, {"source": code}) from None


def price_sources() -> models.QuerySet[PriceSource]:
    """Return the enabled price sources with their venues, by code."""
    return PriceSource.objects.filter(is_enabled=True).select_related("venue").order_by("code")
