"""One quote is traded once: what our own orders took of it is gone, whatever the venue still shows."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.trading.factories import NOW
from tests.trading.spread_factories import drive, make_crypto_route, make_route, ms, open_spread
from trading.choices import OrderSide, SpreadState
from trading.errors import NotEnoughOffered
from trading.models import LegOrder
from trading.selectors.spreads import units_taken

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_done", [True, False])
def test_two_executions_share_what_one_quote_offers(tess, is_done):
    route = make_route(size="10")
    first = open_spread(route, tess, "6")
    if is_done:
        drive(first)

    with pytest.raises(NotEnoughOffered) as refused:
        open_spread(route, tess, "5")
    rest = drive(open_spread(route, tess, "4"))
    with pytest.raises(NotEnoughOffered):
        open_spread(route, tess, "1")

    assert refused.value.details == {"venue": "alpha", "offered": "4", "taken": "6", "quantity": "5"}
    assert rest.state == SpreadState.SETTLED
    assert rest.checked["buy"]["taken"].startswith("6")
    assert drive(first).state == SpreadState.SETTLED, "what waited its turn found its own share"


def test_a_new_quote_offers_again(tess):
    route = make_route(size="10")
    drive(open_spread(route, tess, "10"))
    later = NOW + timedelta(seconds=1)
    route.refresh(now=later)

    assert drive(open_spread(route, tess, "10", now=later), now=later).state == SpreadState.SETTLED


def test_a_named_quote_with_an_end_stays_the_same_when_it_is_received_again(tess):
    route = make_route(size="10")
    route.show("alpha", quote_id="Q-1", expires_ms=ms(NOW + timedelta(minutes=1)))
    drive(open_spread(route, tess, "6"))
    later = NOW + timedelta(seconds=1)
    route.refresh(now=later)

    with pytest.raises(NotEnoughOffered):
        open_spread(route, tess, "5", now=later)
    route.show("alpha", quote_id="Q-2", now=later)

    assert open_spread(route, tess, "5", now=later).state == SpreadState.PENDING


def test_the_second_one_pays_the_deeper_level(tess):
    route = make_crypto_route()
    route.show("binance", asks=((Decimal(45_000), Decimal("0.5")), (Decimal(45_100), Decimal("0.5"))))
    drive(open_spread(route, tess, "0.5"))

    second = drive(open_spread(route, tess, "0.25"))

    assert second.legs.get(position=0).fills.get().price == 45_100


def test_what_never_was_or_was_sold_elsewhere_does_not_count(tess):
    route = make_route(size="10")
    execution = open_spread(route, tess, "6")
    quote = route.quotes["alpha"]
    assert units_taken(quote, side=OrderSide.BUY) == 6
    assert units_taken(quote, side=OrderSide.BUY, but=f"{execution.pk}:0") == 0
    assert units_taken(quote, side=OrderSide.SELL) == 0

    LegOrder.objects.update(state="void")

    assert units_taken(quote, side=OrderSide.BUY) == 0
