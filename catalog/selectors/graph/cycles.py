"""Edges that make a graph cyclic."""

from collections.abc import Mapping, Set
from typing import TypeVar

Node = TypeVar("Node")


def cyclic_edges(edges: Mapping[Node, Set[Node]]) -> set[tuple[Node, Node]]:
    """Return every edge that lies on a cycle: without them the graph has none.

    Args:
        edges: node -> nodes it points to; nodes that point nowhere may be absent.

    Returns:
        Edges between two nodes of one strongly connected component, self-references included. Linear time.
    """
    component = _components(edges)
    return {
        (node, target)
        for node, targets in edges.items()
        for target in targets
        if target in component and component[node] == component[target]
    }


def _components(edges: Mapping[Node, Set[Node]]) -> dict[Node, Node]:
    """Give each node the root of its strongly connected component (Kosaraju's two passes, no recursion)."""
    backwards: dict[Node, set[Node]] = {node: set() for node in edges}
    for node, targets in edges.items():
        for target in targets & edges.keys():
            backwards[target].add(node)
    component: dict[Node, Node] = {}
    for root in reversed(_finishing_order(edges)):
        pending = [root] if root not in component else []
        while pending:
            node = pending.pop()
            component[node] = root
            pending.extend(before for before in backwards[node] if before not in component)
    return component


def _finishing_order(edges: Mapping[Node, Set[Node]]) -> list[Node]:
    """List the nodes in the order in which a depth-first search leaves them."""
    order: list[Node] = []
    seen: set[Node] = set()
    for start in edges:
        stack = [] if start in seen else [(start, iter(edges[start]))]
        seen.add(start)
        while stack:
            node, targets = stack[-1]
            following = next((target for target in targets if target in edges and target not in seen), None)
            if following is None:
                order.append(node)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(edges[following])))
    return order
