"""From a venue's wrong answer to the database: what passes every format check is held before it counts."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from common.clock import FrozenClock
from pricing.models import CurrentPrice, PriceRecord
from scrapers.records import ScrapedPrice
from scrapers.simulator.app import create_simulator
from scrapers.simulator.faults import FaultRule
from scrapers.simulator.seeded import seeded_world
from scrapers.simulator.serving import start_simulator
from tests.pricing.factories import held, make_product, record
from tests.scrapers.conftest import SIMULATED_NOW
from tests.scrapers.simulator.routes import PRODUCT_ROUTES, asked_article, open_route

pytestmark = pytest.mark.django_db
DAYS = 8
ROUTES = ("tcgplayer/api", "cardmarket/api")
PATHS = {"tcgplayer/api": "/tcgplayer_api/*/pricing/*", "cardmarket/api": "/cardmarket_api/*"}


async def _daily_answers(
    name: str, folder: Path, kind: str, data: Mapping[str, Any]
) -> list[ScrapedPrice | None]:
    """Return a route's answer of every day; that of the last day meets the fault."""
    clock = FrozenClock(SIMULATED_NOW)
    running = await start_simulator(create_simulator(seeded_world(7, "small"), clock=clock))
    try:
        async with open_route(name, running, clock, folder=folder) as route:
            _, identifier = asked_article(running, name)
            answers = []
            for day in range(DAYS):
                if day == DAYS - 1:
                    rule = FaultRule(route=PATHS[name], kind=kind, data=data)
                    running.simulator.faults.add(rule, now=running.simulator.now())
                answers.append(await route.scrape_product_price(identifier))
                clock.advance(timedelta(days=1))
            return answers
    finally:
        await running.stop()


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize(
    ("kind", "data"), [("price_x100", {}), ("price_x100", {"factor": 0.01}), ("unit_change", {})]
)
def test_prices_of_another_size_are_held_and_the_honest_ones_stay_current(tmp_path, name, kind, data):
    answers = asyncio.run(_daily_answers(name, tmp_path, kind, data))
    source, name_space = name.partition("/")[0], PRODUCT_ROUTES[name][1]
    records = [answer for answer in answers if answer is not None]
    assert len(records) == DAYS
    box = make_product("Box", sealed=True, ids={name_space: records[0].external_id})
    for answer in records[:-1]:
        record(*answer.observations(), at=answer.fetched_at, source=source)
    before = dict(CurrentPrice.objects.filter(product=box).values_list("variant__price_type", "price"))
    stored = PriceRecord.objects.filter(product=box).count()

    wrong = records[-1]
    record(*wrong.observations(), at=wrong.fetched_at, source=source)

    after = dict(CurrentPrice.objects.filter(product=box).values_list("variant__price_type", "price"))
    assert before
    assert held(box), "nothing was held"
    assert after == before
    assert PriceRecord.objects.filter(product=box).count() == stored
    assert all(isinstance(price, Decimal) for price in after.values())
