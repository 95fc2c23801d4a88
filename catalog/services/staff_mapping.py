"""Lines of `product_singles` that staff enter, for products no source describes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from catalog.choices import Finish, MappingSource, ProductType, PullBasis
from catalog.models import Product, ProductSingle
from common.audit import record_event
from common.errors import InvalidInput
from users.models import User

_MAX_COUNT = 1_000_000


class MappingRefused(InvalidInput):
    """Lines that contradict themselves or each other; `details["problems"]` lists (line, what)."""

    default_code = "mapping_refused"


@dataclass(frozen=True, slots=True)
class MappingLine:
    """Copies of a single in one sealed product (MATHS 1.1).

    Args:
        single: the card.
        quantity: copies of a guaranteed line; trials of a random one, per product or per pack.
        guaranteed: whether the copies are certainly inside.
        probability: chance that one trial yields the card; None or 1 on guaranteed lines.
        finish: which finish; empty finishes are the plain one.
        slot: random lines of one slot exclude each other within a trial.
        basis: what `quantity` of a random line is counted per.
        packs_per_product: packs, if it is counted per pack.
    """

    single: Product
    quantity: int = 1
    guaranteed: bool = True
    probability: Decimal | None = None
    finish: str = Finish.NONFOIL.value
    slot: str = ""
    basis: str = PullBasis.PER_PRODUCT.value
    packs_per_product: int = 1


def mapping_problems(sealed: Product, lines: Sequence[MappingLine]) -> list[tuple[int | None, str]]:
    """Say what is wrong with the staff lines of one product.

    A line's target is a single, which holds nothing, so that no circle can arise.

    Returns:
        (position of the line, or None for the whole, and what is wrong); empty when all is well.
    """
    problems: list[tuple[int | None, str]] = []
    if sealed.product_type != ProductType.SEALED:
        problems.append((None, "Only a sealed product holds singles."))
    seen: dict[tuple[object, ...], int] = {}
    chances: dict[str, Decimal] = defaultdict(Decimal)
    trials: dict[str, set[tuple[int, str, int]]] = defaultdict(set)
    for position, line in enumerate(lines):
        problems.extend((position, what) for what in _line_problems(sealed, line))
        key = (line.single.pk, line.guaranteed, line.finish, line.slot)
        if key in seen:
            problems.append((position, "The same card, finish and slot is there twice."))
        seen[key] = position
        if not line.guaranteed and line.slot:
            chances[line.slot] += line.probability or 0
            trials[line.slot].add((line.quantity, line.basis, line.packs_per_product))
    problems.extend(
        (None, f"The probabilities of slot {slot} sum to {total.normalize():f}, more than 1.")
        for slot, total in chances.items()
        if total > 1
    )
    problems.extend(
        (None, f"All lines of slot {slot} need the same number of trials.")
        for slot, counts in trials.items()
        if len(counts) > 1
    )
    return problems


def already_in_contents(sealed: Product, lines: Sequence[MappingLine]) -> list[tuple[int | None, str]]:
    """Say which lines the contents graph has written already, as `mapping_problems` does."""
    graph = ProductSingle.objects.filter(sealed_product=sealed, source=MappingSource.CONTENTS)
    taken = set(graph.values_list("single_product_id", "guaranteed", "finish", "slot"))
    return [
        (position, "The contents already have this card, finish and slot.")
        for position, line in enumerate(lines)
        if (line.single.pk, line.guaranteed, line.finish, line.slot) in taken
    ]


def _line_problems(sealed: Product, line: MappingLine) -> list[str]:
    found = []
    if line.single.pk == sealed.pk:
        found.append("A product cannot hold itself.")
    elif line.single.product_type != ProductType.SINGLE:
        found.append("Only singles can be mapped; sealed products inside belong into the contents.")
    if not 1 <= line.quantity <= _MAX_COUNT or not 1 <= line.packs_per_product <= _MAX_COUNT:
        found.append(f"Counts are from 1 to {_MAX_COUNT:,}.")
    if line.single.finishes and line.finish not in line.single.finishes:
        found.append(f"This card does not exist {Finish(line.finish).label.lower()}.")
    if line.guaranteed:
        if line.probability is not None and line.probability != 1:
            found.append("A guaranteed line has no probability, or 1.")
        if line.slot:
            found.append("A guaranteed line has no slot.")
    elif line.probability is None or not line.probability.is_finite() or not 0 < line.probability <= 1:
        found.append("A random line needs a probability above 0 and at most 1.")
    return found


def replace_staff_mappings(
    *, sealed_product: Product, lines: Sequence[MappingLine], actor: User | None, now: datetime
) -> list[ProductSingle]:
    """Make `lines` the staff lines of a product. Lines from the contents graph stay as they are.

    Raises:
        MappingRefused: if the lines contradict themselves, each other, or the graph. Nothing is written.
    """
    problems = mapping_problems(sealed_product, lines)
    with transaction.atomic():
        Product.objects.select_for_update().get(id=sealed_product.id)
        problems += already_in_contents(sealed_product, lines)
        if problems:
            listed = [{"line": line, "problem": what} for line, what in problems]
            raise MappingRefused(detail=problems[0][1], details={"problems": listed})
        ProductSingle.objects.filter(sealed_product=sealed_product, source=MappingSource.STAFF).delete()
        rows = ProductSingle.objects.bulk_create([_row(sealed_product, line) for line in lines])
        record_event(
            actor=actor,
            verb="product.mapping_replaced",
            subject=f"product:{sealed_product.id}",
            data={"lines": len(rows)},
            now=now,
        )
    return rows


def _row(sealed: Product, line: MappingLine) -> ProductSingle:
    return ProductSingle(
        sealed_product=sealed,
        single_product=line.single,
        quantity=line.quantity,
        guaranteed=line.guaranteed,
        finish=line.finish,
        slot=line.slot,
        rarity=line.single.rarity,
        pull_probability=line.probability,
        pull_basis=line.basis,
        packs_per_product=line.packs_per_product,
        source=MappingSource.STAFF,
    )
