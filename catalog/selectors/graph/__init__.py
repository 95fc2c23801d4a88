"""The contents graph of sealed products as pure values: loaded set-based, shared parts built once."""

from collections.abc import Collection
from uuid import UUID

from quant.sealed.contents import Contents

from .building import GraphBuilder
from .loading import CardKey, load_graph
from .reasons import incomplete_reason

__all__ = ["CardKey", "contents_graph", "incomplete_reason"]


def contents_graph(
    product_ids: Collection[UUID] | None, *, with_staff_lines: bool = True
) -> dict[UUID, Contents]:
    """Load what sealed products hold, all the way down.

    Card keys are `(product key, finish)`. Packs, decks and nested products that several products share are
    one object, so that computations may remember them by identity. A part that is missing, unreadable, inside
    itself or nested too deeply is named in `unresolved` of the contents it belongs to. A product about which
    nothing is stated gives empty contents that say so.

    Args:
        product_ids: the products; None means every active sealed product.
        with_staff_lines: whether lines that staff entered in `product_singles` are added to the graph's.

    Returns:
        One entry per product, at a constant number of queries.
    """
    if product_ids is not None and not product_ids:
        return {}
    facts = load_graph(product_ids, with_staff_lines=with_staff_lines)
    builder = GraphBuilder(facts)
    return {product_id: builder.contents(product_id) for product_id in facts.wanted}
