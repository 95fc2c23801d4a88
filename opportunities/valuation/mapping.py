"""`product_singles` as arrays: packed once per change of contents, loaded whole for every analysis."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from common.bulk import copy_rows

from .columns import BOOL, INT2, INT4, INT8, UUID16, binary_cursor, fetch_columns

FINISHES = ("nonfoil", "foil", "etched", "glossy", "signed", "reverse", "first_ed", "first_foil")
"""A finish is stored as its position here; only ever append."""

COPIES_SCALE = 10**10
"""Expected copies are whole numbers of 10^-10: the precision of `pull_probability`."""

MAX_TRIALS = 1_000_000
"""More copies or trials of one card than this in one product is a mistake of the data."""

# One row per product whose rows differ from what was packed. Every save and rebuild moves `updated_at`; a
# writer in plain SQL has to. (A sum over the probabilities would see more and triple the time of the check.)
_CHANGED = """
WITH now_there AS (
    SELECT sealed_product_id AS id,
           concat_ws('/', count(*), max(updated_at), sum(quantity)) AS checksum
      FROM product_singles
     WHERE %(all)s OR sealed_product_id = ANY(%(ids)s)
     GROUP BY 1
), packed AS (
    SELECT sealed_product_id AS id, checksum FROM packed_mappings
     WHERE %(all)s OR sealed_product_id = ANY(%(ids)s)
)
SELECT coalesce(n.id, p.id), n.checksum
  FROM now_there n FULL JOIN packed p ON p.id = n.id
 WHERE n.checksum IS DISTINCT FROM p.checksum
"""

_FINISH_CODE = "CASE ps.finish {} ELSE 0 END".format(
    " ".join(f"WHEN '{finish}' THEN {code}" for code, finish in enumerate(FINISHES))
)
_TRIALS = "(ps.quantity::bigint * CASE ps.pull_basis WHEN 'per_pack' THEN ps.packs_per_product ELSE 1 END)"
# Lines of one slot exclude each other, so their chances cannot add up to more than certainty.
_SLOT_TOTAL = """sum(ps.pull_probability) FILTER (WHERE NOT ps.guaranteed AND ps.slot <> '')
            OVER (PARTITION BY ps.sealed_product_id, ps.slot, ps.source, ps.quantity)"""
_ROWS = f"""
SELECT ps.sealed_product_id AS sealed, s.key::int4 AS single, ({_FINISH_CODE})::int2 AS finish, ps.guaranteed,
       CASE WHEN {_TRIALS} > {MAX_TRIALS} THEN -1
            WHEN {_SLOT_TOTAL} > 1 THEN -1
            WHEN ps.guaranteed THEN {_TRIALS} * {COPIES_SCALE}
            ELSE ({_TRIALS} * ps.pull_probability * {COPIES_SCALE})::int8 END AS copies
  FROM product_singles ps JOIN products s ON s.id = ps.single_product_id
 WHERE ps.sealed_product_id = ANY(%(ids)s)
 ORDER BY ps.sealed_product_id, s.key, ps.finish, ps.slot
"""  # noqa: S608 - built from constants
_PACKED_COLUMNS = ("sealed_product_id", "singles", "finishes", "guaranteed", "copies")
_REPACK_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class MappingArrays:
    """Lines of many sealed products, product after product.

    Args:
        products: sealed product ids, in the order of `starts`.
        starts: where each product's lines begin.
        singles: product key of each line's card.
        finishes: position of each line's finish in `FINISHES`.
        guaranteed: 1 where the card is in every product.
        copies: expected copies times 10^10; -1 marks an impossible line: more than `MAX_TRIALS` copies, or a
            slot whose chances add up to more than 1.
    """

    products: list[UUID]
    starts: NDArray[np.int64]
    singles: NDArray[np.int32]
    finishes: NDArray[np.int8]
    guaranteed: NDArray[np.bool_]
    copies: NDArray[np.int64]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return how many lines each product has."""
        return np.diff(np.append(self.starts, len(self.singles)))


def refresh_mapping(product_ids: Collection[UUID] | None = None) -> int:
    """Pack again the products whose `product_singles` rows changed since they were packed.

    Args:
        product_ids: sealed products to look at; None looks at all.

    Returns:
        How many products were packed or dropped. Safe to run at the same time in several processes.
    """
    ids = [] if product_ids is None else list(product_ids)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"all": product_ids is None, "ids": ids})
        changed = dict(cursor.fetchall())
        if not changed:
            return 0
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('packed_mappings'))")
        cursor.execute("DELETE FROM packed_mappings WHERE sealed_product_id = ANY(%s)", [list(changed)])
        present = [product for product, checksum in changed.items() if checksum is not None]
        for start in range(0, len(present), _REPACK_BATCH):
            packed = list(_packed(present[start : start + _REPACK_BATCH], changed))
            columns = ("sealed_product_id", "checksum", "singles", "finishes", "guaranteed", "copies")
            copy_rows(cursor, "packed_mappings", columns, packed)
    return len(changed)


def _packed(
    products: Sequence[UUID], checksums: dict[UUID, str]
) -> Iterator[tuple[UUID, str, bytes, bytes, bytes, bytes]]:
    """Yield one row of `packed_mappings` per product."""
    rows = fetch_columns(
        _ROWS,
        {"ids": list(products)},
        sealed=UUID16,
        single=INT4,
        finish=INT2,
        guaranteed=BOOL,
        copies=INT8,
    )
    sealed = rows["sealed"]
    if not len(sealed):
        return
    bounds = [0, *(np.flatnonzero(sealed[1:] != sealed[:-1]) + 1).tolist(), len(sealed)]
    for start, end in pairwise(bounds):
        product = UUID(bytes=sealed[start].tobytes())
        yield (
            product,
            checksums[product],
            rows["single"][start:end].astype("<i4").tobytes(),
            rows["finish"][start:end].astype("<i1").tobytes(),
            rows["guaranteed"][start:end].astype("<i1").tobytes(),
            rows["copies"][start:end].astype("<i8").tobytes(),
        )


def load_mapping(product_ids: Collection[UUID] | None = None) -> MappingArrays:
    """Load the packed lines of active sealed products, in order of product id.

    Args:
        product_ids: sealed products to load; None loads all.
    """
    with binary_cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(f'm.{column}' for column in _PACKED_COLUMNS)}"  # noqa: S608 - constants
            "  FROM packed_mappings m JOIN products p ON p.id = m.sealed_product_id"
            " WHERE p.is_active AND p.product_type = 'sealed' AND (%s OR m.sealed_product_id = ANY(%s))"
            " ORDER BY m.sealed_product_id",
            [product_ids is None, [] if product_ids is None else list(product_ids)],
            binary=True,
        )
        rows = cursor.fetchall()
    products, singles, finishes, guaranteed, copies = (
        [row[place] for row in rows] for place in range(len(_PACKED_COLUMNS))
    )
    lengths = np.array([len(part) for part in finishes], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])[: len(lengths)]
    return MappingArrays(
        products=products,
        starts=starts,
        singles=np.frombuffer(b"".join(singles), dtype="<i4"),
        finishes=np.frombuffer(b"".join(finishes), dtype="<i1"),
        guaranteed=np.frombuffer(b"".join(guaranteed), dtype="<i1").astype(np.bool_),
        copies=np.frombuffer(b"".join(copies), dtype="<i8"),
    )
