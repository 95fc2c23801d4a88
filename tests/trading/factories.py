"""A small market with one opportunity to act on, for tests of the trading app.

Everything a route needs is made if it is missing: a flushed database has no seeded venues, fees or limits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from catalog.models import Product
from opportunities.models import Opportunity
from opportunities.services import analyze_products
from pricing.models import FeeSchedule
from tests.opportunities.factories import POLICY, Deck, make_deck, price_deck
from tests.pricing.factories import NOW as NOW
from tests.pricing.factories import make_source
from trading.choices import LimitPeriod, LimitScope
from trading.models import Execution, ExposureLimit
from trading.services import ExecutionRequest, execute_opportunity
from users.choices import Role
from users.models import User


def at(moment: datetime) -> Callable[[], datetime]:
    """Return a clock that stands at a moment."""
    return lambda: moment


def make_fees() -> None:
    """Make sure that selling at Cardmarket costs 5 % and nothing else, as far as it is not seeded."""
    venue = make_source().venue
    if not FeeSchedule.objects.filter(venue=venue).exists():
        FeeSchedule.objects.create(
            venue=venue,
            version=1,
            currency="EUR",
            valid_from=date(2020, 1, 1),
            components=[{"name": "Commission", "kind": "rate", "rate": "0.05"}],
        )


def make_limits(**amounts: str) -> None:
    """Make the limits in euro; `make_limits(user_day="100")` sets one, the others are far away."""
    wanted = {"global_open": "1000000", "user_day": "1000000", **amounts}
    for name, amount in wanted.items():
        scope, _, period = name.partition("_")
        ExposureLimit.objects.update_or_create(
            scope=LimitScope(scope), subject="", period=LimitPeriod(period), currency="EUR",
            defaults={"amount": Decimal(amount), "is_active": True},
        )  # fmt: skip


@dataclass(frozen=True)
class Box:
    """A box for 60.00: one Chase (40.00), two Solids (20.00), ten Bulks (0.50), all certain.

    After 5 % the singles bring 38.00 + 2 x 19.00 = 76.00; bulk stays. Profit 16.00, margin 26.66 %.
    """

    sealed: Product
    chase: Product
    solid: Product
    bulk: Product
    opportunity: Opportunity


def make_box(*, now: datetime = NOW, name: str = "Dragon Deck", **facts: Any) -> Box:
    """Make a box with its opportunity, found at `now`."""
    make_fees()
    deck = make_deck(at=now, **facts)
    if name != "Dragon Deck":
        Product.objects.filter(pk=deck.sealed.pk).update(name=name)
    analyze_products(product_ids=[deck.sealed.pk], now=now, policy=POLICY)
    row = Opportunity.objects.get(sealed_product=deck.sealed)
    return Box(deck.sealed, deck.chase, deck.solid, deck.bulk, row)


def reprice(box: Box, *, at: datetime, **facts: Any) -> None:
    """Record other prices of a box and its cards (`cost`, `chase`, and facts of the box's price)."""
    price_deck(Deck(box.sealed, box.chase, box.solid, box.bulk), at=at, **facts)


def order(box: Box, **changes: Any) -> ExecutionRequest:
    """Ask for one box at the figures shown now."""
    box.opportunity.refresh_from_db(fields=["revision"])
    return request_for(box.opportunity, **changes)


def request_for(row: Opportunity, **changes: Any) -> ExecutionRequest:
    """Ask for one product at the figures an opportunity shows."""
    facts: dict[str, Any] = {"quantity": 1, "quote_version": str(row.revision), "accept_disclaimer": True}
    return ExecutionRequest(**{**facts, **changes})


def execute(box: Box, actor: User, *, now: datetime = NOW, **changes: Any) -> Execution:
    """Execute a box at a standing clock."""
    execution = execute_opportunity(
        opportunity_id=UUID(str(box.opportunity.pk)),
        actor=actor,
        order=order(box, **changes),
        now=now,
        clock=at(now),
    )
    as_if_committed()
    return execution


def as_if_committed() -> None:
    """Ask now what the database asks at a commit: balanced postings, no kill switch."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def make_trader(name: str = "tess", role: str = Role.TRADER, **facts: Any) -> User:
    """Make a trader."""
    return User.objects.create_user(name, password="correct horse", role=role, **facts)
