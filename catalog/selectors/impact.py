"""Which sealed products are touched when something inside them changes."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection


def products_containing(
    *, product_ids: Collection[UUID] = (), deck_ids: Collection[int] = (), pack_ids: Collection[int] = ()
) -> set[UUID]:
    """Return the given products and every product that holds one of the given things, at any depth.

    Only current contents count. One query; references in a circle do no harm.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE touched(id) AS (
                SELECT unnest(%s::uuid[])
                UNION
                SELECT v.product_id FROM contents_versions v JOIN sealed_contents l ON l.contents_id = v.id
                WHERE v.is_current AND (l.deck_id = ANY(%s) OR l.pack_id = ANY(%s))
                UNION
                SELECT v.product_id FROM touched t JOIN sealed_contents l ON l.sealed_id = t.id
                JOIN contents_versions v ON v.id = l.contents_id WHERE v.is_current
            )
            SELECT id FROM touched
            """,
            [list(product_ids), list(deck_ids), list(pack_ids)],
        )
        return {row[0] for row in cursor.fetchall()}
