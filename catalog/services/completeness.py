"""Whether stored contents are complete, all the way down, and what is missing if they are not."""

import json
from collections.abc import Collection
from uuid import UUID

from django.db import connection, transaction

from catalog.selectors import contents_graph
from common.bulk import copy_rows, stage

_MAX_REASONS = 100


def refresh_completeness(*, product_ids: Collection[UUID] | None) -> int:
    """Write `is_complete` and `missing` of the current contents of products.

    Args:
        product_ids: the products; None means every active sealed product.

    Returns:
        How many versions changed.
    """
    graph = contents_graph(product_ids)
    with transaction.atomic(), connection.cursor() as cursor:
        stage(cursor, "stage_completeness", "product_id uuid, missing jsonb")
        copy_rows(
            cursor,
            "stage_completeness",
            ("product_id", "missing"),
            ((key, json.dumps(contents.all_unresolved()[:_MAX_REASONS])) for key, contents in graph.items()),
        )
        cursor.execute(
            "UPDATE contents_versions v SET missing = s.missing, is_complete = (s.missing = '[]'::jsonb)"
            " FROM stage_completeness s WHERE s.product_id = v.product_id AND v.is_current"
            " AND (v.missing, v.is_complete) IS DISTINCT FROM (s.missing, s.missing = '[]'::jsonb)"
        )
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE stage_completeness")
    return changed
