from pathlib import Path
from uuid import UUID

import pytest

from arbsite.celery import app
from common.models import OutboxMessage
from scrapers import tasks
from tests.pricing.factories import current, make_product
from tests.scrapers.test_inbox import drop

pytestmark = pytest.mark.django_db
NAMES = {"scrapers.update_product_prices", "scrapers.update_all_prices", "scrapers.scrape_new_products"}


@pytest.fixture(autouse=True)
def inbox(tmp_path: Path, settings) -> Path:
    settings.BULK_PRICE_INBOX = str(tmp_path / "inbox")
    return tmp_path / "inbox"


def test_the_requirements_tasks_are_registered_with_queue_and_limits():
    app.loader.import_default_modules()

    assert set(app.tasks) >= NAMES
    for name in NAMES:
        task = app.tasks[name]
        assert app.amqp.router.route({}, name)["queue"].name == "scraping"
        assert task.soft_time_limit is not None
        assert task.time_limit is not None
        assert 0 < task.soft_time_limit < task.time_limit < 450
        assert task.max_retries


def test_updating_all_prices_twice_stores_them_once(inbox: Path):
    ring = make_product(ids={"mcm": "101"})
    drop(inbox, "cardmarket/guide.json")

    runs = [tasks.update_all_prices(future_argument=1), tasks.update_all_prices()]

    assert [run["imported"] for run in runs] == [["cardmarket/guide.json"], []]
    assert str(current(ring)) == "1.50"


def test_updating_one_product_reads_the_inbox_and_asks_for_its_analysis_once(inbox: Path):
    ring = make_product(ids={"mcm": "101"})
    drop(inbox, "cardmarket/guide.json")

    for _ in range(2):
        tasks.update_product_prices(product_id=str(ring.id), future_argument=1)

    messages = OutboxMessage.objects.filter(task="opportunities.analyze_product_arbitrage")
    assert {UUID(message.kwargs["product_id"]) for message in messages} == {ring.id}
    assert 1 <= messages.count() <= 2  # two when the minute changed in between


def test_looking_for_new_products_twice_changes_nothing_more(inbox: Path):
    drop(inbox, "mtgjson/broken.json", "{")

    runs = [tasks.scrape_new_products(future_argument=1), tasks.scrape_new_products()]

    assert [set(run["failed"]) for run in runs] == [{"mtgjson/broken.json"}, set()]


def test_an_id_that_is_none_is_an_error():
    with pytest.raises(ValueError, match="badly formed"):
        tasks.update_product_prices(product_id="nonsense")
