from graphlib import CycleError, TopologicalSorter

from hypothesis import given
from hypothesis import strategies as st

from catalog.selectors.graph.cycles import cyclic_edges

nodes = st.integers(0, 7)
graphs = st.dictionaries(nodes, st.sets(nodes, max_size=4), max_size=8)


def is_acyclic(graph):
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        return False
    return True


def reaches(graph, start, goal):
    seen, pending = set(), [start]
    while pending:
        node = pending.pop()
        if node == goal:
            return True
        if node not in seen:
            seen.add(node)
            pending.extend(graph.get(node, ()))
    return False


@given(graphs)
def test_exactly_the_edges_on_a_circle_are_found(graph):
    expected = {(a, b) for a, targets in graph.items() for b in targets if reaches(graph, b, a)}

    assert cyclic_edges(graph) == expected


@given(graphs)
def test_without_those_edges_nothing_is_cyclic(graph):
    cut = cyclic_edges(graph)

    assert is_acyclic({a: {b for b in targets if (a, b) not in cut} for a, targets in graph.items()})


def test_long_chain_needs_no_recursion():
    chain = {number: {number + 1} for number in range(20_000)}

    assert cyclic_edges(chain) == set()
    assert len(cyclic_edges({**chain, 20_000: {0}})) == 20_001
