"""Checks of the graph alone: same contents under different names, children of a wrong kind, odd counts."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from catalog.choices import ContentKind
from opportunities.choices import ContentsCheck

from .findings import Finding
from .graph import AuditGraph, SealedRow

ALLOWED_CHILDREN: Final[dict[str, frozenset[str]]] = {
    "booster_pack": frozenset({"booster_pack"}),
    "booster_box": frozenset({"booster_pack"}),
    "booster_case": frozenset({"booster_box", "booster_case"}),
    "bundle": frozenset({"booster_pack", "limited", "multi_deck", "deck"}),
    "bundle_case": frozenset({"bundle"}),
    "deck_box": frozenset({"deck", "deck_box", "multi_deck", "subset"}),
    "limited_case": frozenset({"limited"}),
}
"""Kinds of products that belong into a product of a kind. Kinds that are not listed hold what they like,
but nobody holds a case except a larger case: stores name master cases and cases of displays."""

SAME_SUBTYPE: Final = frozenset({"booster_box", "booster_case", "bundle_case", "limited_case", "deck_box"})
"""Containers that are filled with products of their own subtype."""

PACK_CONTAINERS: Final = frozenset({"booster_box", "booster_case"})

COUNTED: Final = frozenset(ALLOWED_CHILDREN) - {"booster_pack"}
"""Kinds whose members hold a usual number of something; how many packs come with a deck is up to the deck."""

MOST_CHILDREN: Final = 100
"""More of one child than this in one product is a slip of the pen."""

FAMILY_SIZE: Final = 5
"""Fewer siblings do not tell what is usual."""

RARE_SIBLINGS: Final = 2
RARE_SHARE: Final = 0.05
"""A count that no more siblings have, and no larger share of them, is odd."""


def same_contents(graph: AuditGraph) -> Iterator[Finding]:
    """Report products that hold exactly the same as one of another kind or subtype in the same language."""
    groups: dict[tuple[object, ...], list[SealedRow]] = defaultdict(list)
    for product, row in graph.products.items():
        signature = graph.signature(product)
        if signature:
            groups[row.category, row.language, signature].append(row)
    for rows in groups.values():
        rows.sort(key=lambda row: (-_fits(graph, row), row.kind, row.subtype, row.name, row.id))
        right = rows[0]
        for row in rows[1:]:
            if (row.kind, row.subtype) != (right.kind, right.subtype):
                yield Finding(
                    ContentsCheck.SAME_CONTENTS,
                    row.id,
                    right.id,
                    f"{_named(row)} is said to hold exactly what {_named(right)} holds.",
                    {
                        "kind": row.kind,
                        "subtype": row.subtype,
                        "other_kind": right.kind,
                        "other_subtype": right.subtype,
                        "lines": len(graph.lines[row.id]),
                    },
                )


def wrong_child(graph: AuditGraph) -> Iterator[Finding]:
    """Report children of a kind or subtype that does not belong there, and boxes without packs."""
    for product in graph.lines:
        row = graph.products.get(product)
        if row is None:
            continue
        children = graph.children(product)
        for child, count in children.items():
            reason = _misfit(row, graph.products[child], count)
            if reason:
                yield _child_finding(row, graph.products[child], count, reason)
        yield from _wrong_subtype(graph, row, children)
        yield from _without_packs(graph, row)


def odd_count(graph: AuditGraph) -> Iterator[Finding]:
    """Report counts of the main child that hardly any sibling has, and counts beyond `MOST_CHILDREN`."""
    families: dict[tuple[str, ...], list[tuple[SealedRow, SealedRow, int]]] = defaultdict(list)
    for product in graph.lines:
        children = graph.children(product)
        row = graph.products.get(product)
        if row is None or row.kind not in COUNTED or not children:
            continue
        main = graph.products[_main_child(children)]
        # a display of several decks is counted as a whole
        same = [child for child in children if _kind_of(graph, child) == (main.kind, main.subtype)]
        families[row.category, row.kind, row.subtype, main.kind, main.subtype].append(
            (row, main, sum(children[child] for child in same))
        )
    for members in families.values():
        counts = Counter(count for _, _, count in members)
        usual = counts.most_common(1)[0][0]
        for row, child, count in members:
            if count > MOST_CHILDREN or _is_rare(count, usual, counts):
                yield Finding(
                    ContentsCheck.ODD_COUNT,
                    row.id,
                    child.id,
                    f"{_named(row)} is said to hold {count} of {child.name} and the like;"
                    f" {counts[usual]} of {len(members)} products of its kind hold {usual}.",
                    {
                        "count": count,
                        "usual": usual,
                        "siblings": len(members),
                        "siblings_with_this_count": counts[count],
                    },
                )


def _is_rare(count: int, usual: int, counts: Counter[int]) -> bool:
    total = counts.total()
    return (
        count != usual
        and total >= FAMILY_SIZE
        and counts[count] <= RARE_SIBLINGS
        and counts[count] <= max(1, total * RARE_SHARE)
        and counts[usual] * 2 > total
    )


def _kind_of(graph: AuditGraph, product: UUID) -> tuple[str, str]:
    row = graph.products[product]
    return row.kind, row.subtype


def _main_child(children: dict[UUID, int]) -> UUID:
    return max(children, key=lambda child: (children[child], child))


def _misfit(parent: SealedRow, child: SealedRow, count: int) -> str:
    """Return why a child does not belong into its parent; empty if it may."""
    allowed = ALLOWED_CHILDREN.get(parent.kind)
    if allowed is not None and child.kind and child.kind not in allowed:
        belongs = " or ".join(sorted(kind.replace("_", " ") for kind in allowed))
        return (
            f"{_named(parent)} is a {_words(parent.kind)} and is said to hold {count} of {child.name},"
            f" a {_words(child.kind)}; {belongs} belongs there."
        )
    if child.kind.endswith("_case") and not parent.kind.endswith("_case"):
        return f"{_named(parent)} is no case and is said to hold {count} of {child.name}, a case."
    return ""


def _wrong_subtype(graph: AuditGraph, row: SealedRow, children: dict[UUID, int]) -> Iterator[Finding]:
    if row.kind not in SAME_SUBTYPE or not row.subtype or not children:
        return
    main = graph.products[_main_child(children)]
    # a two-player starter belongs into the box of a starter
    if main.subtype and row.subtype not in main.subtype and not _misfit(row, main, children[main.id]):
        reason = (
            f"{_named(row)} is a {_words(row.subtype)} {_words(row.kind)} and is said to hold"
            f" {children[main.id]} of {main.name}, a {_words(main.subtype)} {_words(main.kind)}."
        )
        yield _child_finding(row, main, children[main.id], reason)


def _without_packs(graph: AuditGraph, row: SealedRow) -> Iterator[Finding]:
    lines = graph.lines[row.id]
    has_cards = any(line.kind in (ContentKind.CARD, ContentKind.DECK) for line in lines)
    if (
        row.kind in PACK_CONTAINERS
        and has_cards
        and not any(line.kind in (ContentKind.SEALED, ContentKind.PACK) for line in lines)
    ):
        yield Finding(
            ContentsCheck.WRONG_CHILD,
            row.id,
            None,
            f"{_named(row)} is a {_words(row.kind)} and is said to hold single cards or decks but no packs.",
            {"lines": len(lines)},
        )


def _child_finding(row: SealedRow, child: SealedRow, count: int, reason: str) -> Finding:
    details = {
        "count": count, "kind": row.kind, "subtype": row.subtype,
        "child_kind": child.kind, "child_subtype": child.subtype,
    }  # fmt: skip
    return Finding(ContentsCheck.WRONG_CHILD, row.id, child.id, reason, details)


def _fits(graph: AuditGraph, row: SealedRow) -> bool:
    """Return whether the name or a child of a product speaks for its subtype."""
    children = graph.children(row.id)
    return _words(row.subtype) in row.name.lower() or any(
        graph.products[child].subtype == row.subtype for child in children
    )


def _named(row: SealedRow) -> str:
    return f"{row.name} ({row.set_code})" if row.set_code else row.name


def _words(name: str) -> str:
    return name.replace("_", " ")
