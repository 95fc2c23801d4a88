"""What one observation counted as offered is not bought twice."""

from datetime import datetime, timedelta

import pytest

from opportunities.models import Opportunity
from tests.opportunities.factories import analyze
from tests.trading.factories import NOW, Box, execute, make_box, reprice
from trading.errors import NotEnoughOffered
from trading.services import cancel_execution

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def box(db) -> Box:
    return make_box(available_quantity=3)


def _found_again(box: Box, *, now: datetime) -> Box:
    """Return the box with the opportunity that the next analysis opens."""
    analyze(box.sealed, now=now)
    row = Opportunity.objects.get(sealed_product=box.sealed, status="active")
    return Box(box.sealed, box.chase, box.solid, box.bulk, row)


def test_what_was_bought_is_not_offered_a_second_time(box, tess):
    execute(box, tess, quantity=2)
    again = _found_again(box, now=LATER)

    with pytest.raises(NotEnoughOffered) as refused:
        execute(again, tess, now=LATER, quantity=2)

    assert refused.value.details == {"available_quantity": 3, "taken": 2, "quantity": 2}
    assert execute(again, tess, now=LATER, quantity=1).quantity == 1


def test_a_cancelled_purchase_is_on_offer_again(box, tess):
    execution = execute(box, tess, quantity=3, opening="entered")
    cancel_execution(execution_id=execution.pk, reason="withdrawn", actor=tess, now=NOW)

    assert execute(_found_again(box, now=LATER), tess, now=LATER, quantity=3).quantity == 3


def test_a_newer_observation_is_a_new_count(box, tess):
    execute(box, tess, quantity=3)
    reprice(box, at=LATER, available_quantity=3)

    assert execute(_found_again(box, now=LATER), tess, now=LATER, quantity=3).quantity == 3
