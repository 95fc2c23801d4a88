"""The parser the corpus must catch: it takes the first thing that looks like a price."""

import re

from pricing.observations import Observation

from .sample import Sample

_PRICE = re.compile(
    r"(?:price|amount|value|trend|market|usd|normal)[^0-9]{0,60}?([0-9][0-9.,]*)", re.IGNORECASE
)


def parse_naively(sample: Sample, body: bytes) -> list[Observation]:
    """Return the first number after a word for a price, as the price of whatever was asked for."""
    price_type = next(iter(sample.truth))
    found = _PRICE.search(body.decode(errors="replace"))
    if found is None:
        return []
    try:
        price = round(float(found[1].replace(",", "").rstrip(".")), 2)
    except ValueError:
        return []
    (fact,) = [fact for fact in sample.facts(sample.body) if fact.price_type == price_type][:1]
    return [Observation(fact.price.__class__(str(price)), price_type, fact.currency, sample.external_id)]
