"""A crossed book is bad data, a locked one is legal, half a book is neither."""

from decimal import Decimal

import pytest

from quant.spreads.crossed import is_crossed, is_locked


@pytest.mark.parametrize(
    ("bid", "ask", "crossed", "locked"),
    [
        (Decimal("1.01"), Decimal("1.00"), True, False),
        (Decimal("1.0"), Decimal("1.00"), False, True),
        (Decimal("0.99"), Decimal("1.00"), False, False),
        (2.5, 2.25, True, False),
        (2.5, 2.5, False, True),
        (None, Decimal(1), False, False),
        (Decimal(1), None, False, False),
        (None, None, False, False),
    ],
)
def test_states_of_a_book(bid, ask, crossed, locked):
    assert is_crossed(bid, ask) is crossed
    assert is_locked(bid, ask) is locked
