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


def _components(edges: Mapping[Node, Set[Node]]) -> dict[Node, int]:
    """Number the strongly connected components (Kosaraju's two passes, without recursion)."""
    order: list[Node] = []
    seen: set[Node] = set()
    for start in edges:
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(edges[start]))]
        while stack:
            node, targets = stack[-1]
            following = next((target for target in targets if target in edges and target not in seen), None)
            if following is None:
                order.append(node)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(edges[following])))
    backwards: dict[Node, list[Node]] = {node: [] for node in edges}
    for node, targets in edges.items():
        for target in targets:
            if target in backwards:
                backwards[target].append(node)
    component: dict[Node, int] = {}
    for number, root in enumerate(reversed(order)):
        if root in component:
            continue
        component[root] = number
        pending = [root]
        while pending:
            for node in backwards[pending.pop()]:
                if node not in component:
                    component[node] = number
                    pending.append(node)
    return component
