"""Before staging: leave out the articles of a large batch that no identifier of the catalogue names.

Nearly half of a whole price guide is such articles; not sending them to the database takes a quarter off an
ingest. A small batch is staged as it is, because reading all identifiers would cost more than it saves.
"""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final

from django.db.backends.utils import CursorWrapper

from pricing.observations import Observation

from .resolving import COLUMN_IDS

SMALL_BATCH: Final = 2_000


@dataclass(slots=True)
class Screen:
    """Observations on their way to staging, and what was left out; complete once `kept` is consumed."""

    kept: Iterable[Observation] = ()
    unmatched_prices: int = 0
    unmatched_articles: set[str] = field(default_factory=set)


def screen_observations(
    cursor: CursorWrapper, observations: Iterable[Observation], *, identifier_source: str
) -> Screen:
    """Return the observations without those of unknown articles, if there are many.

    Args:
        cursor: a cursor in the ingest's transaction; used before the first observation is returned.
        observations: consumed lazily, but for the first `SMALL_BATCH`.
        identifier_source: the name space of the external ids.
    """
    remaining = iter(observations)
    head = list(islice(remaining, SMALL_BATCH))
    if len(head) < SMALL_BATCH:
        return Screen(kept=head)
    cursor.execute("SELECT external_id FROM product_identifiers WHERE source = %s", [identifier_source])
    known = {external_id for (external_id,) in cursor.fetchall()}
    if column := COLUMN_IDS.get(identifier_source):
        cursor.execute(f"SELECT {column} FROM products WHERE {column} <> ''")  # noqa: S608 - our own constant
        known.update(external_id for (external_id,) in cursor.fetchall())
    screen = Screen()
    screen.kept = _known_only(chain(head, remaining), known, screen)
    return screen


def _known_only(
    observations: Iterable[Observation], known: Set[str], screen: Screen
) -> Iterator[Observation]:
    for seen in observations:
        if seen.external_id in known or seen.external_id is None or seen.name_space:
            yield seen
        else:
            screen.unmatched_prices += 1
            screen.unmatched_articles.add(seen.external_id)
