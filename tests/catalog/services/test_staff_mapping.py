from decimal import Decimal

import pytest

from catalog.models import ProductSingle
from catalog.services import (
    MappingLine,
    MappingRefused,
    mapping_problems,
    rebuild_product_singles,
    replace_staff_mappings,
)
from common.models import AuditEvent
from tests.catalog.factories import SealedProductFactory, SingleFactory

pytestmark = pytest.mark.django_db


def random_line(single, probability, **more):
    chance = Decimal(probability) if probability is not None else None
    return MappingLine(single, guaranteed=False, probability=chance, **more)


@pytest.fixture
def box():
    return SealedProductFactory()


@pytest.mark.parametrize("probability", [None, Decimal(1)])
def test_guaranteed_line_has_no_probability_or_one(probability, box):
    assert mapping_problems(box, [MappingLine(SingleFactory(), 4, probability=probability)]) == []


@pytest.mark.parametrize("probability", ["0.5", "0", "-1", "1.1"])
def test_guaranteed_line_with_another_probability_contradicts_itself(probability, box):
    [(position, what)] = mapping_problems(
        box, [MappingLine(SingleFactory(), probability=Decimal(probability))]
    )

    assert (position, what) == (0, "A guaranteed line has no probability, or 1.")


@pytest.mark.parametrize("probability", [None, "0", "-0.1", "1.0001", "NaN", "Infinity"])
def test_random_line_needs_a_probability(probability, box):
    assert len(mapping_problems(box, [random_line(SingleFactory(), probability)])) == 1


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"quantity": 0}, "Counts"),
        ({"quantity": -1}, "Counts"),
        ({"packs_per_product": 0}, "Counts"),
        ({"slot": "x"}, "slot"),
        ({"finish": "etched"}, "exist"),
    ],
)
def test_senseless_line_is_refused(more, word, box):
    [(_, what)] = mapping_problems(box, [MappingLine(SingleFactory(), **more)])

    assert word in what


def test_product_cannot_hold_itself_or_a_sealed_product(box):
    assert "itself" in mapping_problems(box, [MappingLine(box)])[0][1]
    assert "Only singles" in mapping_problems(box, [MappingLine(SealedProductFactory())])[0][1]


def test_single_holds_nothing():
    assert mapping_problems(SingleFactory(), [])[0] == (None, "Only a sealed product holds singles.")


def test_probabilities_of_a_slot_sum_to_at_most_one(box):
    chances = ["0.5", "0.3", "0.2"]
    lines = [random_line(SingleFactory(), chance, slot="rare") for chance in chances]

    assert mapping_problems(box, lines) == []
    [(position, what)] = mapping_problems(
        box, [*lines, random_line(SingleFactory(), "0.0000000001", slot="rare")]
    )
    assert position is None
    assert "more than 1" in what


def test_lines_of_a_slot_have_the_same_trials(box):
    lines = [random_line(SingleFactory(), "0.1", slot="rare", quantity=n) for n in (1, 2)]

    assert "same number of trials" in mapping_problems(box, lines)[0][1]


def test_same_line_twice_is_refused_and_another_finish_is_not(box):
    bear = SingleFactory()

    assert mapping_problems(box, [MappingLine(bear), MappingLine(bear, finish="foil")]) == []
    assert "twice" in mapping_problems(box, [MappingLine(bear), MappingLine(bear)])[0][1]


def test_lines_are_replaced_and_recorded(box, bob, now):
    bear, wolf = SingleFactory(), SingleFactory()
    replace_staff_mappings(sealed_product=box, lines=[MappingLine(bear, 2)], actor=bob, now=now)

    replace_staff_mappings(sealed_product=box, lines=[random_line(wolf, "0.25")], actor=bob, now=now)

    row = ProductSingle.objects.get()
    assert (row.single_product, row.source, row.pull_probability) == (wolf, "staff", Decimal("0.25"))
    assert AuditEvent.objects.filter(verb="product.mapping_replaced").count() == 2


def test_refused_lines_change_nothing(box, bob, now):
    replace_staff_mappings(sealed_product=box, lines=[MappingLine(SingleFactory(), 2)], actor=bob, now=now)

    with pytest.raises(MappingRefused) as caught:
        replace_staff_mappings(sealed_product=box, lines=[MappingLine(box)], actor=bob, now=now)

    assert caught.value.details["problems"][0]["line"] == 0
    assert ProductSingle.objects.get().quantity == 2


def test_line_the_contents_have_already_is_refused(bob, now):
    bear = SingleFactory()
    box = SealedProductFactory(contents=[(bear, 1)])
    rebuild_product_singles(product_ids=[box.id], now=now)

    with pytest.raises(MappingRefused, match="already"):
        replace_staff_mappings(sealed_product=box, lines=[MappingLine(bear, 2)], actor=bob, now=now)
