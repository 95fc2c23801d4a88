"""Facts about single cards, looked up by the compact key that prices and contents carry."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from .columns import json_list

_CARDS = """
    SELECT p.key, p.id, p.name, p.set_code, p.number, p.rarity, coalesce((
        SELECT jsonb_agg(jsonb_build_array(i.source, i.external_id, i.finish) ORDER BY i.source, i.id)
        FROM product_identifiers i WHERE i.product_id = p.id), '[]')
    FROM products p WHERE p.key = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a valuation shows of a card. `identifiers`: (source, external id, finish), "" is any finish."""

    product_id: UUID
    key: int
    name: str
    set_code: str
    number: str
    rarity: str
    identifiers: tuple[tuple[str, str, str], ...]


def cards_by_key(keys: Collection[int]) -> dict[int, CardFacts]:
    """Load the facts of cards in one query; unknown keys are absent from the result."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CARDS, [sorted(keys)])
        found = cursor.fetchall()
    facts: dict[int, CardFacts] = {}
    for key, product_id, name, set_code, number, rarity, identifiers in found:
        ids = tuple((source, external_id, finish) for source, external_id, finish in json_list(identifiers))
        facts[key] = CardFacts(product_id, key, name, set_code, number, rarity, ids)
    return facts
