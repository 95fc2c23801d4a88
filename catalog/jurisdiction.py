"""Where and in which money this installation may trade gift cards: deny by default (R000)."""

from collections.abc import Collection


def gated_reason(
    *, region: str, currency: str, allowed_regions: Collection[str], allowed_currencies: Collection[str]
) -> str:
    """Return why a venue or a card is out of bounds, as a sentence; an empty text means that it is allowed.

    Args:
        region: ISO 3166 code, perhaps with a subdivision (`US-CA`); what is unknown is not allowed.
        currency: ISO 4217 code; what is unknown is not allowed.
        allowed_regions: the operator's list; a country lets its subdivisions in, not the other way round.
        allowed_currencies: the operator's list.
    """
    if not region:
        return "Its region is unknown."
    if region not in allowed_regions and region.partition("-")[0] not in allowed_regions:
        return f"Region {region} is not in ALLOWED_REGIONS."
    if not currency:
        return "Its currency is unknown."
    if currency not in allowed_currencies:
        return f"Currency {currency} is not in ALLOWED_CURRENCIES."
    return ""
